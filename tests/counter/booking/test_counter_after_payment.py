"""Expired after payment, every branch: what was paid stays a credit (docs/rules.md, Expired after payment)."""

from __future__ import annotations

import secrets
import sys
from dataclasses import replace
from datetime import date

import pytest
from sandbox_process import SandboxProcess
from till import DAY_PRODUCT, SHOW_PRODUCT, Stage, Till

from korus_tui.counter.booking.settling import credit_without
from korus_tui.counter.core.problems import CounterError
from korus_tui.counter.paper.layout import WIDTH, cells
from korus_tui.counter.paper.service import Slips
from korus_tui.counter.paper.slips import SlipKind
from korus_tui.sale import events as e
from korus_tui.sale.apply import fold
from korus_tui.sale.differences import undecided
from korus_tui.sale.money import Money
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.state import Ending, GivenBack, LineStatus, Sale
from korus_tui.sale.values import Line, Method

HOLD, ORDER = "reservations_bulk", "orders_bulk"
OTHER_DAY = date(2025, 6, 21)


def euro(amount: str) -> Money:
    return Money.of(amount, "EUR")


def last_id(iri: str) -> str:
    return iri.rpartition("/")[2]


def back(amount: Money, method: Method = Method.CASH, reason: str = "sold out") -> GivenBack:
    return GivenBack(secrets.token_hex(8), amount, method, reason)


async def lapsed(till: Till, *lines: Line) -> Sale:
    """A sale that was paid, and whose first line's hold lapsed at the server before the order came."""
    sale = await till.hold(*(lines or (await till.line(),)))
    await till.start_payment(sale.reference)
    till.sandbox.control("expire", reservation=last_id(sale.holds[0].reservation))
    await till.pay(sale.reference)
    settled = await till.settled(sale.reference)
    assert settled.status(settled.lines[0]) is LineStatus.LAPSED
    return settled


async def held_again(till: Till, sale: Sale, price: str | None = None) -> Sale:
    """The same places, at another price where one is given."""
    line = sale.lines[0].line
    if price is not None:
        till.sandbox.fault("price", route=HOLD, offer=line.offer, amount=price)
    await till.services.settling.hold_again(sale.reference)
    again = await till.settled(sale.reference)
    if price is not None:
        till.sandbox.control("price", offer=line.offer, amount=str(line.quoted.amount))
    return again


async def sold_out(till: Till, sale: Sale) -> Sale:
    """Holding again was refused: nobody has these places any more."""
    till.sandbox.fault("refuse", route=HOLD, indexes=[0])
    refused = await held_again(till, sale)
    assert refused.lines[0].refusal is not None
    assert refused.lines[0].lapsed
    return refused


async def booked(till: Till, sale: Sale) -> Sale:
    await till.services.checkout.book(sale.reference)
    return await till.until(sale.reference, lambda one: one.all_ordered)


async def history(till: Till, reference: str) -> list[e.Event]:
    journal = await till.services.desk.ledger.journal()
    return [row.event for row in await journal.read(reference)]


async def accept(till: Till, sale: Sale) -> Sale:
    decided = [e.DifferenceAccepted(one.key, "seen") for one in undecided(sale)]
    return await till.services.desk.record(sale.reference, *decided)


async def test_the_same_price_is_booked_with_the_money_that_is_there_f11(till: Till) -> None:
    """F11."""
    sale = await held_again(till, await lapsed(till))
    assert (sale.due, sale.credit) == (euro("0"), None)
    done = await booked(till, sale)
    assert len(till.orders(sale.reference)) == 1
    await till.services.desk.record(done.reference, e.SaleFinished())


async def test_a_lower_price_is_booked_and_the_rest_is_given_back_f16(till: Till) -> None:
    sale = await held_again(till, await lapsed(till), "80.00")
    done = await booked(till, await accept(till, sale))
    credit = done.credit
    assert credit == done.payments[0].amount - euro("80")
    with pytest.raises(NotAllowed):
        await till.services.desk.record(sale.reference, e.SaleFinished())
    with pytest.raises(NotAllowed):
        await till.services.settling.give_back(sale.reference, back(credit + euro("0.01")))
    assert not await till.services.settling.give_back(sale.reference, back(credit, reason="it became cheaper"))
    assert till.sale(sale.reference).credit is None
    receipt = (await till.services.slips.of(sale.reference)).text
    figure = credit.text.replace(".", ",")
    assert f"{'rendu, espèces':<{WIDTH - len(figure) - 1}}-{figure}" in receipt.splitlines()
    await till.services.desk.record(sale.reference, e.SaleFinished())
    assert len(till.orders(sale.reference)) == 1


async def test_a_dearer_price_is_borne_by_the_house_by_a_named_decision_f16(till: Till) -> None:
    sale = await held_again(till, await lapsed(till), "90.00")
    difference = sale.due
    assert difference is not None
    assert difference.amount > 0
    decided = [e.DifferenceAccepted(one.key, "seen") for one in undecided(sale)]
    await till.services.settling.absorb(sale.reference, "the line was down", *decided)
    done = await booked(till, till.sale(sale.reference))
    assert (done.due, done.house_bears) == (euro("0"), difference)
    reading = await till.services.till.read()
    assert reading.live.absorbed == (difference,)
    assert e.DifferenceAbsorbed(difference, "the line was down") in await history(till, sale.reference)
    with pytest.raises(CounterError):
        await till.services.settling.absorb(sale.reference, "once more")
    await till.services.desk.record(sale.reference, e.SaleFinished())


async def test_another_session_takes_the_place_and_the_credit_pays(till: Till) -> None:
    """Sold out for real: the server has no place left in that session."""
    line = await till.line(session=-1)
    other = replace(await till.line(session=0), id="other")
    sale = await lapsed(till, line)
    pool = last_id(next(ticket.session for ticket in line.tickets if ticket.session))
    offer = await till.offer()
    left = (await till.services.offers.tickets.live(offer)).left_by_session[pool]
    till.sandbox.sell(pool, left)
    try:
        refused = await held_again(till, sale)
        assert refused.paid_not_confirmed
        assert refused.lines[0].refusal is not None
        await till.services.holding.add(sale.reference, [other], replacing=[line.id])
        held = await till.settled(sale.reference)
    finally:
        till.sandbox.sell(pool, -left)
    assert [held.status(state) for state in held.lines] == [LineStatus.HELD]
    assert held.due == euro("0")
    done = await booked(till, held)
    assert [state.line.id for state in done.lines] == ["other"]
    assert not done.paid_not_confirmed
    assert len(till.orders(sale.reference)) == 1


async def test_another_date_that_is_dearer_is_collected(till: Till) -> None:
    sale = await sold_out(till, await lapsed(till))
    other = await till.line(SHOW_PRODUCT, OTHER_DAY)
    till.sandbox.fault("price", route=HOLD, offer=other.offer, amount="99.00")
    await till.services.holding.add(sale.reference, [other], replacing=[sale.lines[0].line.id])
    held = await till.settled(sale.reference)
    till.sandbox.control("price", offer=other.offer, amount=str(other.quoted.amount))
    held = await accept(till, held)
    assert held.due == euro("99") - sale.payments[0].amount
    await till.pay(sale.reference)
    done = await till.until(sale.reference, lambda one: one.all_ordered)
    assert [payment.amount for payment in done.payments] == [sale.payments[0].amount, held.due]
    assert done.lines[0].line.day == OTHER_DAY


async def test_a_replacement_that_is_refused_too_keeps_the_credit(till: Till) -> None:
    sale = await sold_out(till, await lapsed(till))
    other = await till.line(session=0)
    till.sandbox.fault("refuse", route=HOLD, indexes=[0])
    await till.services.holding.add(sale.reference, [other], replacing=[sale.lines[0].line.id])
    refused = await till.settled(sale.reference)
    assert [refused.status(state) for state in refused.lines] == [LineStatus.REFUSED]
    assert refused.credit == refused.taken == sale.taken
    assert refused.paid_not_confirmed
    with pytest.raises(CounterError):
        await till.services.checkout.book(sale.reference)
    await till.services.settling.hold_again(sale.reference)
    held = await till.settled(sale.reference)
    assert (await booked(till, held)).all_ordered


async def test_a_refund_ends_the_sale_and_leaves_the_money_trail(till: Till) -> None:
    sale = await sold_out(till, await lapsed(till))
    taken, gone = sale.taken, [sale.lines[0].line.id]
    assert taken is not None
    assert credit_without(sale, gone) == taken
    assert await till.services.settling.give_back(sale.reference, back(taken), gone)
    assert all(one.reference != sale.reference for one in till.services.desk.sales)
    events = await history(till, sale.reference)
    money = [one for one in events if isinstance(one, e.PaymentTaken | e.MoneyGivenBack | e.SaleVoided)]
    assert [type(one) for one in money] == [e.PaymentTaken, e.MoneyGivenBack, e.SaleVoided]
    ended = fold(events)
    assert ended is not None
    assert (ended.ending, ended.taken) == (Ending.VOIDED, euro("0"))
    assert till.orders(sale.reference) == []
    slip = await till.services.slips.of(sale.reference)
    assert slip.kind is SlipKind.REFUND
    for words in ("REMBOURSEMENT", sale.reference, taken.text.replace(".", ","), "sold out", "a product"):
        assert words in slip.text


async def test_a_refund_in_two_methods_ends_only_with_the_last_cent(till: Till) -> None:
    sale = await sold_out(till, await lapsed(till))
    taken, gone = sale.taken, [sale.lines[0].line.id]
    assert taken is not None
    assert not await till.services.settling.give_back(sale.reference, back(euro("50"), Method.CARD), gone)
    half = till.sale(sale.reference)
    assert half.credit == taken - euro("50")
    assert half.paid_not_confirmed
    assert await till.services.settling.give_back(sale.reference, back(taken - euro("50")))
    reading = await till.services.till.read()
    assert reading.live.refunded("EUR", Method.CARD) == euro("50")
    assert reading.live.cash("EUR") == euro("50")


async def test_the_same_refund_is_recorded_once(till: Till) -> None:
    sale = await sold_out(till, await lapsed(till))
    once = back(euro("10"))
    await till.services.settling.give_back(sale.reference, once, [sale.lines[0].line.id])
    with pytest.raises(NotAllowed):
        await till.services.settling.give_back(sale.reference, once)
    assert len(till.sale(sale.reference).given_back) == 1


async def test_one_of_two_lines_is_refunded_and_the_other_booked(till: Till) -> None:
    sale = await sold_out(till, await lapsed(till, await till.line(), await till.line(DAY_PRODUCT)))
    assert [sale.status(state) for state in sale.lines] == [LineStatus.LAPSED, LineStatus.HELD]
    gone = [sale.lines[0].line.id]
    credit = credit_without(sale, gone)
    assert credit == sale.holds[0].total
    assert not await till.services.settling.give_back(sale.reference, back(credit), gone)
    done = await booked(till, till.sale(sale.reference))
    assert len(till.orders(sale.reference)) == 1
    assert done.taken == done.to_collect
    await till.services.desk.record(sale.reference, e.SaleFinished())


async def test_an_order_that_failed_in_part_hands_over_what_is_done_and_refunds_the_rest_f13(till: Till) -> None:
    """F13: documents of the order that was made, money back for the line that was refused for good."""
    sale = await till.hold(await till.line(), await till.line(DAY_PRODUCT))
    await till.start_payment(sale.reference)
    till.sandbox.fault("refuse", route=ORDER, indexes=[0])
    await till.pay(sale.reference)
    half = await till.settled(sale.reference)
    assert [state.line.id for state in half.stuck] == [half.lines[0].line.id]
    (documents,) = await till.services.documents.of(half)
    assert documents.documents
    gone = [half.stuck[0].line.id]
    credit = credit_without(half, gone)
    assert credit == half.holds[0].total
    assert not await till.services.settling.give_back(sale.reference, back(credit, reason="refused"), gone)
    done = till.sale(sale.reference)
    assert done.all_ordered
    assert done.credit is None
    receipt = (await till.services.slips.of(sale.reference)).text
    assert done.orders[0].reference in receipt
    await till.services.desk.record(sale.reference, e.SaleFinished())


async def test_what_the_order_call_refused_is_held_again_and_booked(till: Till) -> None:
    sale = await till.hold(await till.line(), await till.line(DAY_PRODUCT))
    await till.start_payment(sale.reference)
    till.sandbox.fault("refuse", route=ORDER, indexes=[0])
    await till.pay(sale.reference)
    half = await till.settled(sale.reference)
    before = half.lines[0].hold
    again = await held_again(till, half)
    assert again.lines[0].hold != before
    assert again.lines[1].order
    done = await booked(till, again)
    assert len(till.orders(sale.reference)) == len(done.orders) == 2


async def test_the_basket_of_a_sale_that_can_be_had_stays_pinned(till: Till) -> None:
    sale = await held_again(till, await lapsed(till))
    line = sale.lines[0].line.id
    with pytest.raises(NotAllowed):
        await till.services.holding.add(sale.reference, [await till.line(session=0)], replacing=[line])
    with pytest.raises(NotAllowed):
        await till.services.settling.give_back(sale.reference, back(euro("1")), [line])


async def test_the_credit_survives_parking_and_a_restart(till: Till) -> None:
    sale = await sold_out(till, await lapsed(till))
    await till.services.desk.park(sale.reference)
    assert sum(one.paid_not_confirmed for one in till.services.desk.sales) == 1
    await till.restart()
    again = till.sale(sale.reference)
    assert again.paid_not_confirmed
    assert again.taken == sale.taken
    assert (await till.services.till.read()).unresolved[0].reference == sale.reference
    await till.services.desk.recall(sale.reference)
    gone = [again.lines[0].line.id]
    assert again.taken is not None
    assert await till.services.settling.give_back(sale.reference, back(again.taken), gone)
    assert (await till.services.till.read()).unresolved == ()


async def test_a_closed_till_moves_no_money(sandbox: SandboxProcess, till: Till) -> None:
    sale = await sold_out(till, await lapsed(till))
    assert sale.taken is not None
    await till.services.till.close(euro("0"))
    with pytest.raises(CounterError) as refused:
        await till.services.settling.give_back(sale.reference, back(sale.taken), [sale.lines[0].line.id])
    assert "Ctrl+E" in refused.value.problem.next
    assert till.sale(sale.reference).given_back == ()


@pytest.mark.parametrize("method", list(Method))
async def test_payment_starts_only_at_an_open_till(till: Till, method: Method) -> None:
    sale = await till.sell_until(Stage.HELD)
    await till.services.till.close(euro("0"))
    with pytest.raises(CounterError) as refused:
        await till.services.checkout.start(sale.reference, method)
    assert "Ctrl+E" in refused.value.problem.next
    assert not till.sale(sale.reference).paying


async def test_a_slip_says_which_copy_it_is_also_after_a_restart_c04(till: Till) -> None:
    sale = await till.sell_until(Stage.ORDERED)
    first = await till.services.slips.of(sale.reference, SlipKind.RECEIPT)
    assert "COPIE" not in first.text
    assert await till.services.slips.of(sale.reference, SlipKind.RECEIPT) == first  # what nobody has is no copy
    await till.services.slips.save(first)
    (order,) = await till.services.documents.of(sale)
    await till.services.documents.handed_over(sale, order.documents[0], "qr")
    await till.services.desk.record(sale.reference, e.SaleFinished())
    till.sandbox.advance(3600)
    await till.restart()
    again = await till.services.slips.of(sale.reference, SlipKind.RECEIPT)
    assert "COPIE 2" in again.text
    assert (await till.services.slips.save(again)).name == f"{sale.reference}-receipt-COPY-2.txt"
    assert [line for line in again.text.splitlines() if "COPIE" not in line] == first.text.splitlines()
    assert all(cells(line) <= WIDTH for line in again.text.splitlines())
    assert "not a valid sale" not in again.text


async def test_a_sale_of_practice_says_so_on_its_slip(sandbox: SandboxProcess, till: Till) -> None:
    async with Till(sandbox, till.home / "demo", mode="demo") as demo:
        sale = await demo.sell_until(Stage.ORDERED)
        assert "DÉMO" in (await demo.services.slips.of(sale.reference)).text


async def test_a_slip_is_printed_by_the_counters_own_command(till: Till) -> None:
    sale = await till.sell_until(Stage.ORDERED)
    printed = till.home / "printed.txt"
    command = (sys.executable, "-c", f"import shutil, sys; shutil.copy(sys.argv[1], {str(printed)!r})")
    services = till.services
    slips = Slips(services.desk, till.home, command, services.venue, services.zone, pdf=True)
    made = await slips.of(sale.reference)
    await slips.save(made)
    assert await slips.print(sale.reference) == made
    assert printed.read_text() == made.text
    second = await slips.print(sale.reference)
    assert printed.read_text() == second.text
    assert "COPIE 2" in second.text
    assert second.pdf != made.pdf
    names = {f"{sale.reference}-receipt{copy}.{kind}" for copy in ("", "-COPY-2") for kind in ("txt", "pdf")}
    assert names <= {one.name for one in till.home.iterdir()}
    known = await services.desk.read(sale.reference)
    assert known is not None
    assert [(one.how, one.copy) for one in known.slips] == [("printed", 1), ("printed", 2)]
    with pytest.raises(CounterError) as refused:
        await services.slips.print(sale.reference)
    assert "print_command" in refused.value.problem.meaning


async def test_a_folder_that_takes_no_slip_is_named(till: Till) -> None:
    sale = await till.sell_until(Stage.ORDERED)
    (till.home / "tickets").write_text("a file in the way")
    made = await till.services.slips.of(sale.reference)
    with pytest.raises(CounterError) as refused:
        await till.services.slips.save(made)
    assert "tickets" in refused.value.problem.what
