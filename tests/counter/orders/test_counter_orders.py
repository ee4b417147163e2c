"""What is done with a sale after its order, over real HTTP: found, handed over again, cancelled, given its holders."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from orders_kit import BIRTHDAY, LEA, finished, pass_line
from sandbox_process import SandboxProcess
from till import Stage, Till

from korus_tui.api.errors import ConnectionLost, Invalid, TooLarge
from korus_tui.counter.core.problems import CounterError
from korus_tui.counter.orders.models import Standing
from korus_tui.counter.orders.query import QueryKind, past_day, read
from korus_tui.counter.orders.scanner import order_code
from korus_tui.sale import events as e
from korus_tui.sale.money import Money
from korus_tui.sale.reference import mint
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.state import Ending, Sale
from korus_tui.sale.values import Customer, Method
from korus_tui.text.search import finds

TODAY = date(2025, 6, 15)


# What was typed


def test_a_reference_is_read_loosely_and_its_check_character_counts() -> None:
    ours = mint()
    for typed in (ours, ours.lower(), ours.replace("-", ""), ours.replace("-", " ")):
        assert (read(typed, TODAY).kind, read(typed, TODAY).text) == (QueryKind.OURS, ours)
    wrong = ours[:-1] + ("2" if ours[-1] != "2" else "3")
    assert read(wrong, TODAY).kind is QueryKind.MISTYPED
    assert read("KTWO-YP6C-ML3C", TODAY).kind is QueryKind.MISTYPED


@pytest.mark.parametrize("typed", ["KT-ORD-6799E80128885", "KTOLKT-84A749", "Wintermann", "Léa", "31/2"])
def test_other_references_and_names_are_words(typed: str) -> None:
    assert read(typed, TODAY).kind is QueryKind.WORDS


def test_days_are_in_the_past() -> None:
    assert past_day("7/6", TODAY) == date(2025, 6, 7)
    assert past_day("7/7", TODAY) == date(2024, 7, 7)
    assert past_day("yesterday", TODAY) == date(2025, 6, 14)
    assert past_day("-2", TODAY) == date(2025, 6, 13)
    assert past_day("2025-06-16", TODAY) is None


# Finding


async def test_the_last_sales_come_newest_first_and_are_found_by_all_their_names(till: Till) -> None:
    first, second = await finished(till, LEA), await finished(till)
    search = till.services.search
    assert [one.reference for one in await search.latest()] == [second.reference, first.reference]
    for text in ("léa", "fictive", first.orders[0].reference, first.reference.lower().replace("-", "")):
        query = read(text, till.services.today())
        assert [one.key for one in await search.journaled(query)] == [first.reference], text
    (row,) = await search.journaled(read("lea@example.org", TODAY))
    assert (row.name, row.standing, row.total) == ("Léa Fictive", Standing.CONFIRMED, first.taken)
    today = read(till.services.today().isoformat(), till.services.today())
    assert len(await search.journaled(today)) == 2
    assert await search.journaled(read("-1", till.services.today())) == ()


async def test_names_are_dashes_once_they_were_erased(till: Till) -> None:
    sale = await finished(till, LEA)
    journal = await till.services.desk.ledger.journal()
    await journal.erase_personal(datetime.now(UTC) + timedelta(days=4000))
    (row,) = await till.services.search.journaled(read(sale.reference, TODAY))
    assert row.name == "—"
    assert (await till.services.search.file(sale.reference, "fr")).customer == Customer("—", "", "")


async def test_a_sale_of_another_till_is_found_at_korus(till: Till, tmp_path: Path) -> None:
    async with Till(till.sandbox, tmp_path / "other", till="till 2") as other:
        theirs = await finished(other, Customer("Zoé", "Wintermann", "zoe@example.org"))
    search = till.services.search
    assert await search.latest() == ()
    queries = (theirs.reference, "Wintermann", theirs.orders[0].reference, theirs.orders[0].order)
    for text in queries:
        (row,) = (await search.ask(read(text, till.services.today()), finds)).sales
        assert (row.mine, row.key, row.reference) == (False, theirs.orders[0].order, theirs.reference)
    file = await search.file(row.key, "fr")
    assert file.sale.orders[0].reference == theirs.orders[0].reference
    assert file.customer is not None
    assert file.customer.last_name == "Wintermann"
    (order,) = await till.services.documents.of(file.sale)
    assert order.documents[0].link
    saved = await till.services.documents.save(file.sale, order.documents[0])
    assert "COPY-2" in saved.name


async def test_orders_of_a_day_are_asked_for_by_day(till: Till) -> None:
    sale = await finished(till)
    found = await till.services.search.ask(read(till.services.today().isoformat(), till.services.today()), finds)
    assert sale.reference in [one.key for one in found.sales]


# Documents again


async def test_reprints_are_counted_and_their_files_say_so_c04(till: Till) -> None:
    sale = await finished(till)
    (order,) = await till.services.documents.of(sale)
    names = [(await till.services.documents.save(sale, order.documents[0])).name for _copy in range(3)]
    assert [name.partition("-COPY-")[2] for name in names] == ["", "2.pdf", "3.pdf"]
    known = await till.services.desk.read(sale.reference)
    assert known is not None
    assert [one.copy for one in known.handed] == [1, 2, 3]


async def printing_till(sandbox: SandboxProcess, home: Path, *command: str) -> Till:
    till = Till(sandbox, home)
    till.settings = replace(till.settings, print_command=command)
    till.services = till._build()
    return till


async def test_the_print_command_gets_the_file_as_one_argument(sandbox: SandboxProcess, tmp_path: Path) -> None:
    log = tmp_path / "printed; $(x)"
    script = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_bytes(pathlib.Path(sys.argv[-1]).read_bytes())"
    async with await printing_till(sandbox, tmp_path / "home", sys.executable, "-c", script, str(log), "--") as till:
        sale = await finished(till)
        (order,) = await till.services.documents.of(sale)
        await till.services.documents.print(sale, order.documents[0])
        assert log.read_bytes().startswith(b"%PDF-")
        known = await till.services.desk.read(sale.reference)
        assert known is not None
        assert [(one.how, one.copy) for one in known.handed] == [("printed", 1)]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ((), "No print command"),
        (("/nowhere/lp",), "cannot be run"),
        ((sys.executable, "-c", "print('no paper'); raise SystemExit(3)"), "code 3"),
    ],
)
async def test_what_does_not_print_is_said_and_not_counted(
    sandbox: SandboxProcess, tmp_path: Path, command: tuple[str, ...], said: str
) -> None:
    async with await printing_till(sandbox, tmp_path, *command) as till:
        sale = await finished(till)
        (order,) = await till.services.documents.of(sale)
        with pytest.raises(CounterError, match=said):
            await till.services.documents.print(sale, order.documents[0])
        known = await till.services.desk.read(sale.reference)
        assert known is not None
        assert known.handed == ()


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "not_json"},
        {"kind": "no_body"},
        {"kind": "oversized", "bytes": 21_000_000},
        {"kind": "status", "status": 403, "count": None},
        {"kind": "drop_before", "count": None},
    ],
    ids=lambda fault: fault["kind"],
)
async def test_f22_what_is_no_ticket_is_not_saved(till: Till, fault: dict[str, Any]) -> None:
    sale = await finished(till)
    (order,) = await till.services.documents.of(sale)
    till.sandbox.fault(route="storage", **fault)
    with pytest.raises((CounterError, TooLarge, ConnectionLost)):
        await till.services.documents.save(sale, order.documents[0])
    assert till.services.line.health.online, "another server failed, not the API"
    assert not list((till.home / "tickets").glob("*.pdf"))
    known = await till.services.desk.read(sale.reference)
    assert known is not None
    assert known.handed == ()


# Cancellation


async def test_a_cancellation_is_listed_until_korus_shows_it(till: Till) -> None:
    sale = await finished(till)
    cancelling, order = till.services.cancelling, sale.orders[0]
    back = sale.taken
    asked = await cancelling.ask(sale.reference, order.order, "ill", back, Method.CASH)
    assert asked.money_given_back == back
    assert asked.ending is Ending.FINISHED
    assert await cancelling.look() == 1
    (row,) = await till.services.search.latest()
    assert row.standing is Standing.CANCELLATION_ASKED
    till.sandbox.control("cancel", order=order.reference)
    assert await cancelling.look() == 0
    (row,) = await till.services.search.latest()
    assert row.standing is Standing.CANCELLED


async def test_a_cancellation_survives_a_restart_and_shows_first(till: Till) -> None:
    old = await finished(till)
    await till.services.cancelling.ask(old.reference, old.orders[0].order, "ill")
    new = await finished(till)
    await till.restart()
    assert [one.key for one in await till.services.search.latest()] == [old.reference, new.reference]
    assert [sale.reference for sale in await till.services.cancelling.waiting()] == [old.reference]


async def test_no_more_goes_back_than_was_paid(till: Till) -> None:
    sale = await finished(till)
    cancelling, order, paid = till.services.cancelling, sale.orders[0].order, sale.taken
    assert paid is not None
    await cancelling.ask(sale.reference, order, "ill", paid, Method.CARD)
    one_cent = Money.from_minor(1, paid.currency)
    with pytest.raises(NotAllowed, match="more than was paid"):
        await cancelling.ask(sale.reference, order, "ill", one_cent, Method.CASH)
    with pytest.raises(NotAllowed, match="reason"):
        await cancelling.ask(sale.reference, order, "  ")


async def test_an_order_that_korus_cancelled_is_shown_so(till: Till) -> None:
    sale = await finished(till)
    till.sandbox.control("cancel", order=sale.orders[0].reference)
    file = await till.services.search.now(await till.services.search.file(sale.reference, "fr"))
    assert file.standing is Standing.TAKEN_AWAY  # nobody asked for it: paid and not had
    assert file.now[0].cancelled_at is not None


# Closed by hand


async def test_a_sale_is_closed_by_hand_with_its_money_recorded(till: Till) -> None:
    sale = await asking(till)
    closed = await till.services.cancelling.close_by_hand(sale.reference, "Korus told us by phone that it is booked")
    assert closed.ending is Ending.CLOSED_BY_HAND
    assert closed.taken == sale.taken
    assert till.services.desk.sales == ()
    await till.restart()
    assert till.services.desk.sales == ()
    (row,) = await till.services.search.latest()
    assert row.standing is Standing.CLOSED_BY_HAND


async def asking(till: Till) -> Sale:
    """The unconfirmed sale, once Korus was asked about it in vain."""
    sale = await till.sell_until(Stage.PAYING)
    till.sandbox.fault("drop_after", route="orders_bulk")
    for route in ("orders", "reservation"):
        till.sandbox.fault("status", route=route, status=500, count=None)
    await till.pay(sale.reference)
    asked = till.services.recovery.asking
    await till.at_the_server(lambda _state: sale.reference in asked and asked[sale.reference].met)
    return till.sale(sale.reference)


async def test_a_confirmed_or_unpaid_sale_is_not_closed_by_hand(till: Till) -> None:
    unpaid = await till.sell_until(Stage.HELD)
    with pytest.raises(CounterError):
        await till.services.cancelling.close_by_hand(unpaid.reference, "why not")
    with pytest.raises(NotAllowed):
        await till.services.desk.record(unpaid.reference, e.SaleClosedByHand("why not"))


# Holders


async def test_f24_tickets_get_their_holders_and_then_their_documents(till: Till) -> None:
    sale = await finished(till, None, await pass_line(till))
    tickets = await till.services.beneficiaries.of(sale)
    assert [ticket.waiting for ticket in tickets] == [True, True]
    assert set(tickets[0].required) == {"firstname", "lastname", "dateOfBirth"}
    assert tickets[0].deadline is not None
    (order,) = await till.services.documents.of(sale)
    assert (order.waiting, order.documents) == (2, ())
    for ticket in tickets:
        named = await till.services.beneficiaries.name(sale, ticket, BIRTHDAY, till.services.today())
        assert (named.waiting, named.holder) == (False, "Léa Fictive")
    known = await till.services.desk.read(sale.reference)
    assert known is not None
    assert known.orders[0].waiting_tickets == ()
    (order,) = await till.services.documents.of(known)
    assert (order.waiting, len(order.documents)) == (0, 1)
    assert till.services.beneficiaries.drafts == {}


async def test_f24_a_refusal_keeps_what_was_typed(till: Till) -> None:
    sale = await finished(till, None, await pass_line(till, 1))
    (ticket,) = await till.services.beneficiaries.of(sale)
    with pytest.raises(Invalid) as refused:
        await till.services.beneficiaries.name(sale, ticket, {**BIRTHDAY, "dateOfBirth": ""}, till.services.today())
    assert "beneficiary.dateOfBirth" in [one.path for one in refused.value.violations]
    assert till.services.beneficiaries.drafts[ticket.iri]["lastname"] == "Fictive"


async def test_f24_a_lost_answer_is_looked_up(till: Till) -> None:
    sale = await finished(till, None, await pass_line(till, 1))
    (ticket,) = await till.services.beneficiaries.of(sale)
    till.sandbox.fault("drop_after", route="order_ticket_patch")
    named = await till.services.beneficiaries.name(sale, ticket, BIRTHDAY, till.services.today())
    assert not named.waiting
    assert till.sandbox.state()["calls"]["order_ticket_patch"] >= 1


async def test_a_tickets_voucher_is_on_the_receipt_and_finds_the_sale(till: Till) -> None:
    sale = await till.sell_until(Stage.ORDERED)
    vouchers = [one.voucher for order in sale.orders for one in order.tickets]
    assert vouchers
    assert all(vouchers)
    receipt = (await till.services.slips.of(sale.reference)).text
    assert all(voucher in receipt for voucher in vouchers)
    code = order_code(vouchers[0], till.services.today())
    assert code == vouchers[0]
    query = read(code, till.services.today())
    assert [one.reference for one in await till.services.search.journaled(query)] == [sale.reference]
    found = await till.services.search.ask(query, lambda text, texts: text.casefold() in texts.casefold())
    assert sale.reference in [one.reference for one in found.sales]


async def test_a_voucher_that_comes_later_is_kept_too(till: Till) -> None:
    """The order's answer has none yet; the page of its documents reads it again, and the receipt bears it."""
    edits = [{"path": "orders.0.items.0.tickets.0.voucher", "value": None}]
    till.sandbox.fault("replace", route="orders_bulk", edits=edits)
    sale = await till.sell_until(Stage.ORDERED)
    assert not sale.orders[0].tickets[0].voucher
    await till.services.documents.of(sale)
    voucher = till.sale(sale.reference).orders[0].tickets[0].voucher
    assert voucher
    assert voucher in (await till.services.slips.of(sale.reference)).text
    assert len(await till.services.search.journaled(read(voucher, till.services.today()))) == 1
