"""Orders by keys alone, on a real sandbox: search, red board, one sale, documents again, cancellation, holders."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from orders_kit import LEA, finished, pass_line
from program import AtTill
from sandbox_process import SandboxProcess
from till import BEFORE_SEASON, Stage, Till

from korus_tui.api import section
from korus_tui.sale import events as e
from korus_tui.sale.money import Money
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.state import Ending, Sale
from korus_tui.sale.values import Customer, Method, Payment
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.checkout.screen import CheckoutScreen
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.confirm import ConfirmScreen
from korus_tui.screens.documents.beneficiaries.screen import BeneficiariesScreen
from korus_tui.screens.documents.reprint import ReprintScreen
from korus_tui.screens.orders.order.screen import OrderScreen
from korus_tui.screens.orders.reason import ReasonScreen
from korus_tui.screens.orders.screen import OrdersScreen
from korus_tui.widgets.inputs.field import Field
from korus_tui.widgets.lists.row_list import RowList
from korus_tui.widgets.lists.states import Empty, Failed, Ready, Stale

SANDBOX = {"now": BEFORE_SEASON}


class AtOrders(AtTill):
    """A till with some sales behind it, at its orders."""

    @property
    def found(self) -> RowList:
        """The list of the search."""
        return self.app.screen.query_one("#found", RowList)

    @property
    def keys(self) -> list[str]:
        """What the list shows, by key."""
        return [row.key for row in self.found.rows]

    async def orders(self) -> None:
        """Ctrl+F, and the journal read."""
        await self.press("ctrl+f")
        await self.on(OrdersScreen)
        await self.until(lambda: not isinstance(self.app.screen._state, Failed) and self.app.screen._state == Ready())

    async def look_up(self, sale: Sale) -> None:
        """The page of one sale, whatever it shows."""
        await self.orders()
        await self.type(sale.reference)
        await self.until(lambda: self.keys == [sale.reference])
        await self.press("enter")
        await self.on(OrderScreen)

    async def open(self, sale: Sale) -> None:
        """The page of one sale, as Korus shows it."""
        await self.look_up(sale)
        await self.until(lambda: "as Korus shows it" in self.text)

    async def known(self, sale: Sale) -> Sale:
        """A sale as the journal has it now."""
        now = await self.till.services.desk.read(sale.reference)
        assert now is not None
        return now


@asynccontextmanager
async def counter(
    sandbox: SandboxProcess, home: Path, size: tuple[int, int] = (120, 40), command: tuple[str, ...] = ()
) -> AsyncIterator[AtOrders]:
    till = Till(sandbox, home)
    till.settings = replace(till.settings, print_command=command)
    till.services = till._build()
    async with AtOrders.of(till, size) as one:
        await till.services.desk.ledger.journal()
        yield one


# Searching


async def test_typing_filters_and_a_days_sales_are_found(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        lea, walk_in = await finished(desk.till, LEA), await finished(desk.till)
        await desk.orders()
        await desk.until(lambda: desk.keys == [walk_in.reference, lea.reference])
        await desk.type("lea fic")
        assert desk.keys == [lea.reference]
        await desk.press("escape")
        assert len(desk.keys) == 2
        await desk.type(lea.reference.lower().replace("-", ""))
        assert desk.keys == [lea.reference]
        await desk.press("escape", *"today")
        await desk.until(lambda: len(desk.keys) == 2)
        await desk.press("escape", *"yesterday")
        await desk.until(lambda: isinstance(desk.found.state, Empty))


async def test_what_a_row_has_no_room_for_stands_below_it(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        hostile = replace(LEA, first_name="[b]Léa[/b]")
        lea, walk_in = await finished(desk.till, hostile), await finished(desk.till)
        await desk.orders()
        await desk.until(lambda: walk_in.reference in desk.said("#this-sale"))
        await desk.press("down")
        await desk.until(lambda: lea.reference in desk.said("#this-sale"))
        said = desk.said("#this-sale")
        assert said.startswith(f"{lea.lines[0].line.quantity} × {lea.lines[0].line.name}")
        assert lea.orders[0].reference in said
        assert f"[b]Léa[/b] {LEA.last_name} · {LEA.email}" in said
        await desk.type("nobody is called so")
        assert desk.said("#this-sale") == ""
        await desk.pilot.resize_terminal(80, 24)
        await desk.until(lambda: "This sale" not in desk.text)


async def test_a_sale_is_found_as_the_customer_says_it_c19(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        anna = Customer("Anna", "O'Brien", "anna@example.org", phone="+33 6 12 34 56 78")
        sale, _other = await finished(desk.till, anna), await finished(desk.till, LEA)
        await desk.orders()
        for typed in ("obrien", "0612345678", "anna o brien"):
            await desk.type(typed)
            await desk.until(lambda: desk.keys == [sale.reference])
            await desk.press("escape")
            assert await desk.until(lambda: len(desk.keys) == 2)


async def test_a_wrong_check_character_is_said(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        sale = await finished(desk.till)
        wrong = sale.reference[:-1] + ("2" if sale.reference[-1] != "2" else "3")
        calls = sandbox.state()["calls"].get("orders", 0)
        await desk.orders()
        await desk.type(wrong)
        await desk.press("enter", "ctrl+r")
        assert isinstance(desk.found.state, Empty)
        assert "no reference of ours" in desk.found.state.why
        assert sandbox.state()["calls"].get("orders", 0) == calls


async def test_another_tills_sale_is_asked_for(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with Till(sandbox, tmp_path / "other", till="till 2") as other:
        theirs = await finished(other, Customer("Zoé", "Wintermann", "zoe@example.org"))
    async with counter(sandbox, tmp_path) as desk:
        await desk.orders()
        await desk.type(theirs.reference)
        await desk.until(lambda: isinstance(desk.found.state, Empty) and "Enter asks Korus" in desk.text)
        await desk.press("enter")
        await desk.until(lambda: desk.keys == [theirs.orders[0].order])
        await desk.press("enter")
        await desk.on(OrderScreen)
        await desk.until(lambda: "Wintermann" in desk.text and "made at another till" in desk.text)
        await desk.press("c")
        assert "another till" in desk.problem
        await desk.press("enter")
        await desk.on(ReprintScreen)
        await desk.until(lambda: "An order of another till" in desk.text)


async def _theirs(desk: AtOrders, sale: Sale) -> OrderScreen:
    """The page of another till's sale."""
    await desk.orders()
    await desk.type(sale.reference)
    await desk.until(lambda: isinstance(desk.found.state, Empty) and "Enter asks Korus" in desk.text)
    await desk.press("enter")
    await desk.until(lambda: desk.keys == [sale.orders[0].order])
    await desk.press("enter")
    await desk.on(OrderScreen)
    await desk.app.workers.wait_for_complete()
    page = desk.app.screen
    assert isinstance(page, OrderScreen)
    return page


@pytest.mark.parametrize("answer", ["late", "lost"])
async def test_a_problem_stays_when_korus_answers_later(
    sandbox: SandboxProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    """What Korus answers to another question solves nothing; the agent's next key does."""
    async with Till(sandbox, tmp_path / "other", till="till 2") as other:
        theirs = await finished(other)
    async with counter(sandbox, tmp_path) as desk:
        await _theirs(desk, theirs)
        search = desk.till.services.search
        told, asked, now = asyncio.Event(), asyncio.Event(), search.now

        async def later(file: Any) -> Any:
            asked.set()
            await told.wait()
            return await now(file)

        monkeypatch.setattr(search, "now", later)
        await desk.press("ctrl+r")
        await desk.until(asked.is_set)
        await desk.press("c")
        assert "another till" in desk.problem
        if answer == "lost":
            sandbox.fault("status", route="order", status=404, count=None)
        told.set()
        await desk.app.workers.wait_for_complete()
        assert "another till" in desk.problem
        assert isinstance(desk.app.screen.query_one(RowList).state, Stale if answer == "lost" else Ready)
        sandbox.no_faults()
        await desk.press("ctrl+r")
        await desk.app.workers.wait_for_complete()
        assert desk.problem == ""


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_an_order_of_another_till_that_is_not_understood_says_so_with_its_incident(
    sandbox: SandboxProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    logged: list[str] = []
    monkeypatch.setattr(section.log, "warning", lambda said, *facts: logged.append(said % facts))
    async with Till(sandbox, tmp_path / "other", till="till 2") as other:
        theirs = await finished(other)
    odd = [{"path": path, "value": [7]} for path in ("totalAmountInclTax", "createdAt")]
    async with counter(sandbox, tmp_path, size) as desk:
        sandbox.fault("replace", route="order", edits=odd, count=None)
        await _theirs(desk, theirs)
        said = " ".join(desk.text.split())
        assert (found := re.search(r"does not understand it \(Order, \w+; incident ([0-9a-f]{8})\)", said)), said
        assert [one for one in logged if one.startswith(f"incident {found[1]}: ") and "totalAmountInclTax" in one]
        assert theirs.orders[0].reference in said
        assert "0.00" not in said
        await desk.press("enter")
        await desk.on(ReprintScreen)
        await desk.until(lambda: "ready" in desk.text)
        assert re.search(r"confirmed · Korus answered.*incident\W+[0-9a-f]{8}\)", desk.text, re.DOTALL)
        assert "0.00" not in desk.text
        await desk.press("escape", "escape")
        await desk.on(OrdersScreen)
        sandbox.no_faults()
        sandbox.fault("wrong_shape", route="order", value=[], count=None)
        await desk.press("enter")
        await desk.on(OrderScreen)
        await desk.until(lambda: bool(re.search(r"incident\W+[0-9a-f]{8}\)", desk.text)))


async def test_a_look_up_that_failed_is_solved_by_the_next_one(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with Till(sandbox, tmp_path / "other", till="till 2") as other:
        theirs = await finished(other)
    async with counter(sandbox, tmp_path) as desk:
        page = await _theirs(desk, theirs)
        sandbox.fault("status", route="order", status=404, count=None)
        await desk.press("ctrl+r")
        await desk.app.workers.wait_for_complete()
        assert "no longer there" in desk.problem
        sandbox.no_faults()
        page.say_again()  # read anew by itself, as after any change at this till
        page._ask(page._file)
        await desk.app.workers.wait_for_complete()
        assert desk.problem == ""


@pytest.mark.parametrize("rows", [False, True])
async def test_no_answer_is_not_no_order(sandbox: SandboxProcess, tmp_path: Path, rows: bool) -> None:
    async with counter(sandbox, tmp_path) as desk:
        if rows:
            await finished(desk.till, LEA)
        sandbox.fault("status", route="orders", status=500, count=None)
        await desk.orders()
        await desk.type("fictive")
        await desk.press("ctrl+r")
        if rows:
            await desk.until(lambda: "failed on its side" in desk.problem)
            await desk.until(lambda: "as this till recorded it — Ctrl+R asks Korus" in desk.text)
            assert len(desk.keys) == 1
        else:
            await desk.until(lambda: isinstance(desk.found.state, Failed))


async def test_a_refusal_stays_there_when_the_journal_answers_later(
    sandbox: SandboxProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with counter(sandbox, tmp_path) as desk:
        search = desk.till.services.search
        refused, answered, journaled = asyncio.Event(), asyncio.Event(), search.journaled

        async def later(query: Any) -> Any:
            await refused.wait()
            found = await journaled(query)
            answered.set()
            return found

        monkeypatch.setattr(search, "journaled", later)
        sandbox.fault("status", route="orders", status=500, count=None)
        await desk.orders()
        await desk.type("fictive")
        await desk.press("ctrl+r")
        await desk.until(lambda: isinstance(desk.found.state, Failed))
        refused.set()
        await desk.until(answered.is_set)
        await desk.app.workers.wait_for_complete()
        assert isinstance(desk.found.state, Failed)


async def test_no_such_order_is_said_once_korus_was_asked(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await desk.orders()
        await desk.type("nobody at all")
        await desk.press("enter")
        await desk.until(lambda: "Korus has no order for" in desk.text)
        assert desk.keys == []


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_every_size_shows_what_is_needed(sandbox: SandboxProcess, tmp_path: Path, size: tuple[int, int]) -> None:
    async with counter(sandbox, tmp_path, size) as desk:
        sale = await finished(desk.till, LEA)
        await desk.orders()
        await desk.until(lambda: desk.keys)
        for shown in (sale.reference, "confirmed", "Léa", "€87.00"):
            assert shown in desk.text
        await desk.press("enter")
        await desk.on(OrderScreen)
        await desk.until(lambda: "as Korus shows it" in desk.text)
        for shown in (sale.orders[0].reference, "€87.00 in cash", "lea@example.org", "documents", "cancellation"):
            assert shown in desk.text
        assert desk.app.screen.query_one("#sale-orders", RowList).rows[0].cells[3] == "4.54"  # its head says of what
        assert desk.text.count("tax") == (size[0] > 80)


# The red board


async def unconfirmed(desk: AtOrders) -> Sale:
    """A paid sale about which Korus cannot be asked, and the orders opened on it."""
    sale = await desk.till.sell_until(Stage.PAYING)
    desk.till.sandbox.fault("drop_after", route="orders_bulk")
    for route in ("orders", "reservation"):
        desk.till.sandbox.fault("status", route=route, status=500, count=None)
    await desk.till.pay(sale.reference)
    await desk.until(lambda: (one := desk.till.services.recovery.asking.get(sale.reference)) and one.met)
    await desk.orders()
    await desk.until(lambda: "PAID – NOT CONFIRMED: 1 sale" in desk.text)
    return sale


async def test_the_board_comes_first_and_enter_asks_now(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        sale = await unconfirmed(desk)
        assert sale.reference in desk.text
        assert "Do not charge again" in desk.text
        await desk.until(lambda: "The API failed on its side" in desk.text)
        await desk.pilot.resize_terminal(80, 24)
        await desk.press("enter")
        await desk.until(lambda: "Asking now" in desk.text)
        assert desk.sentences.count("The API failed on its side") == 1  # not once for each time it was asked
        assert "closes by hand" in " ".join(desk.text.split())
        sandbox.no_faults()
        await desk.press("enter")
        await desk.until(lambda: "NOT CONFIRMED" not in desk.text and "confirmed" in desk.text)
        assert len(desk.till.orders(sale.reference)) == 1


async def test_b_brings_it_to_the_counter(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        sale = await unconfirmed(desk)
        desk.till.services.desk.set_aside()
        await desk.press("b")
        await desk.on(CheckoutScreen)
        assert desk.till.services.desk.sale is not None
        assert desk.till.services.desk.sale.reference == sale.reference


async def test_x_closes_it_with_a_reason_after_a_question(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        sale = await unconfirmed(desk)
        await desk.press("x")
        await desk.on(ReasonScreen)
        await desk.press("ctrl+s")
        assert desk.app.screen.query_one("#reason", Field).error
        await desk.type("confirmed by phone")
        await desk.press("ctrl+s", "y")
        await desk.on(ConfirmScreen)
        assert (await desk.known(sale)).open
        await desk.yes()
        await desk.until(lambda: not desk.till.services.desk.sales)
        known = await desk.known(sale)
        assert (known.ending, known.closed_because) == (Ending.CLOSED_BY_HAND, "confirmed by phone")
        assert known.taken == (await desk.known(sale)).payments[0].amount
        await desk.until(lambda: "closed by hand" in desk.text)


async def test_letters_of_the_board_are_typed_in_the_search(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        sale = await unconfirmed(desk)
        await desk.press("tab", "x", "b")
        assert isinstance(desk.app.screen, OrdersScreen)
        assert (await desk.known(sale)).open
        assert "xb" in desk.text


# One sale


async def test_a_reprint_is_counted_and_no_mark_is_claimed_c04(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, command=("true",)) as desk:
        sale = await finished(desk.till, LEA)
        await desk.open(sale)
        await desk.press("enter")
        await desk.on(ReprintScreen)
        await desk.until(lambda: "ready" in desk.text)
        assert "q QR code" in desk.text
        await desk.press("s")
        await desk.until(lambda: "Saved:" in desk.text)
        assert "Copy" not in desk.text
        await desk.press("p")
        await desk.until(lambda: "Copy 2: counted" in desk.text)
        assert "DUPLICATE" not in desk.text
        await desk.press("escape")
        await desk.on(OrderScreen)
        await desk.until(lambda: "handed over 2×" in desk.text)
        assert [one.how for one in (await desk.known(sale)).handed] == ["saved", "printed"]


async def test_enter_on_the_documents_of_a_sale_that_has_ended_ends_it_no_second_time(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path) as desk:
        sale = await finished(desk.till)
        await desk.open(sale)
        await desk.press("enter")
        await desk.on(ReprintScreen)
        await desk.until(lambda: "ready" in desk.text and desk.app.screen.armed)
        await desk.press("enter")
        await desk.on(OrderScreen)
        assert desk.problem == ""


async def test_without_a_print_command_printing_says_how(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        sale = await finished(desk.till)
        await desk.open(sale)
        await desk.press("enter")
        await desk.on(ReprintScreen)
        await desk.until(lambda: "ready" in desk.text)
        await desk.press("p")
        await desk.until(lambda: "print_command" in desk.problem)
        assert (await desk.known(sale)).handed == ()


async def test_a_cancellation_is_recorded_and_not_claimed(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        sale = await finished(desk.till, LEA)
        await desk.open(sale)
        await desk.press("c")
        await desk.on(ReasonScreen)
        await desk.type("fell ill")
        await desk.press("enter", *"4000", "enter", *"cash", "ctrl+s")
        await desk.yes()
        await desk.until(lambda: "not yet cancelled by Korus" in desk.text)
        known = await desk.known(sale)
        assert known.money_given_back is not None
        assert known.money_given_back.minor == 4000
        sandbox.control("cancel", order=sale.orders[0].reference)
        await desk.press("ctrl+r")
        await desk.until(lambda: f"Korus shows {sale.orders[0].reference} cancelled" in desk.text)
        assert "not yet cancelled" not in desk.text


async def test_what_may_go_back_is_what_was_paid_for_the_order_c07_c13(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, size=(80, 24)) as desk:
        lines = await desk.till.line(), await desk.till.line(day=date(2025, 6, 21))
        sale = await finished(desk.till, LEA, *lines)
        first, second = sale.orders
        await desk.open(sale)
        await desk.press("c")
        await desk.on(ReasonScreen)
        assert "Record that Korus was asked" in desk.text
        assert f"at most {words.money(first.total)}" in desk.text
        assert "500 = €5.00   500. = €500.00" in desk.text
        await desk.type("ill")
        await desk.press("enter", *"100")
        rest = words.money(first.total - Money.of(1, "EUR"))
        await desk.until(lambda: f"€1.00 goes back, {rest} stays" in desk.text)
        await desk.press("full_stop")
        await desk.until(lambda: f"At most {words.money(first.total)}." in desk.text)
        await desk.press("backspace", "backspace", "backspace", *"1.00", "enter", *"card", "ctrl+s")
        await desk.on(ConfirmScreen)
        assert "to the customer's card, at the counter's own reader." in desk.sentences
        assert "out of the till" not in desk.text
        assert f"Paid: {words.money(sale.taken)} in cash. More goes back by card" in desk.sentences
        await desk.press("escape")
        one_cent, method = Money.from_minor(1, "EUR"), Method.CASH
        with pytest.raises(NotAllowed, match="more than was paid"):
            await desk.till.services.cancelling.ask(sale.reference, first.order, "ill", first.total + one_cent, method)
        await desk.till.services.cancelling.ask(sale.reference, first.order, "ill", first.total, method)
        known = await desk.known(sale)
        assert desk.till.services.cancelling.may_give_back(known, known.orders[0]) == first.total - first.total
        assert desk.till.services.cancelling.may_give_back(known, known.orders[1]) == second.total


async def test_a_voucher_does_not_become_cash_without_a_hint_c05(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        till = desk.till
        held = await till.hold(await till.line())
        await till.start_payment(held.reference)
        due = till.sale(held.reference).due
        assert due is not None
        await till.services.checkout.take(held.reference, Payment("v", Method.VOUCHER, due, voucher="GIFT-9"))
        await till.until(held.reference, lambda one: one.all_ordered)
        sale = await till.services.desk.record(held.reference, e.SaleFinished())
        for method, hints in (("cash", True), ("voucher", False)):
            await desk.open(sale)
            await desk.press("c")
            await desk.on(ReasonScreen)
            await desk.type("ill")
            await desk.press("enter", *"100", "enter", *method, "ctrl+s")
            await desk.on(ConfirmScreen)
            hint = f"Paid: {words.money(due)} by voucher. More goes back in cash than was paid so."
            assert (hint in desk.sentences) == hints
            await desk.press("escape", "escape", "escape", "escape")
            await desk.on(CatalogScreen)


async def test_money_and_method_of_a_cancellation_belong_together(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        sale = await finished(desk.till)
        await desk.open(sale)
        await desk.press("c")
        await desk.on(ReasonScreen)
        await desk.type("ill")
        await desk.press("enter", *"999999", "ctrl+s")
        assert "At most €" in (desk.app.screen.query_one("#back", Field).error or "")
        await desk.press(*["backspace"] * 6, *"100", "ctrl+s")
        assert desk.app.screen.query_one("#method", Field).error
        await desk.press("escape")
        assert (await desk.known(sale)).cancellations == ()


# Holders


async def test_holders_are_typed_once_for_all_tickets(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        sale = await finished(desk.till, LEA, await pass_line(desk.till))
        await desk.open(sale)
        await desk.until(lambda: "2 tickets wait" in desk.text)
        await desk.press("b")
        await desk.on(BeneficiariesScreen)
        await desk.until(lambda: desk.app.screen.query("#h-firstname"))
        await desk.press(*"Lea", "enter", *"Fictive", "enter", "7", "slash", "6", "slash", *"1990", "f2")
        await desk.until(lambda: "All holders are known" in desk.text)
        tickets = desk.till.orders(sale.reference)[0]["tickets"]
        assert [ticket["beneficiary"]["lastname"] for ticket in tickets] == ["Fictive", "Fictive"]
        await desk.press("escape", "enter")
        await desk.on(ReprintScreen)
        await desk.until(lambda: "ready" in desk.text)


async def test_f24_the_apis_words_stand_under_the_field_and_nothing_typed_is_lost(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path) as desk:
        sale = await finished(desk.till, LEA, await pass_line(desk.till, 1))
        await desk.open(sale)
        await desk.press("b")
        await desk.on(BeneficiariesScreen)
        await desk.until(lambda: desk.app.screen.query("#h-firstname"))
        await desk.press("ctrl+s")
        assert desk.app.screen.query_one("#h-firstname", Field).error
        await desk.press(*"Lea", "enter", *"Fictive", "enter", "7", "slash", "6", "slash", *"1990")
        words = {"propertyPath": "beneficiary.dateOfBirth", "message": "too young", "code": "x"}
        body = {"@type": "ConstraintViolationList", "title": "no", "status": 422, "violations": [words]}
        sandbox.fault("status", route="order_ticket_patch", status=422, body=body, content_type="application/ld+json")
        await desk.press("ctrl+s")
        await desk.until(lambda: "too young" in (desk.app.screen.query_one("#h-dateOfBirth", Field).error or ""))
        await desk.press("escape", "b")
        await desk.until(lambda: desk.app.screen.query("#h-lastname"))
        assert desk.app.screen.query_one("#h-lastname", Field).value == "Fictive"
        await desk.press("ctrl+s")
        await desk.until(lambda: "All holders are known" in desk.text)


async def test_f24_after_the_deadline_nothing_can_be_typed(sandbox: SandboxProcess, tmp_path: Path) -> None:
    with SandboxProcess(now=BEFORE_SEASON, token_seconds=10_000_000) as own:
        async with counter(own, tmp_path) as desk:
            sale = await finished(desk.till, LEA, await pass_line(desk.till, 1))
            desk.till.pass_time(40 * 86_400)
            await desk.open(sale)
            await desk.press("b")
            await desk.on(BeneficiariesScreen)
            await desk.until(lambda: "The deadline has passed" in desk.text)
            assert not desk.app.screen.query("#h-firstname")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_the_parts_of_a_sale_have_boxes_with_titles_where_there_is_room(
    sandbox: SandboxProcess, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with counter(sandbox, tmp_path, size) as desk:
        sale = await finished(desk.till, LEA)
        await desk.app.push_screen(OrderScreen(desk.till.services, sale.reference))
        await desk.until(lambda: "Sold" in desk.text and "Tickets" in desk.text)
        for title in ("Sold", "Tickets"):
            assert bool(re.search(f"╭─ {title} ─", desk.text)) == (size[0] >= 120)
        if size[0] >= 120:
            assert re.search("╭─ Sold ─+╮ *╭─ What happened ─", desk.text)
            assert "─ Paid ─" in desk.text


async def test_of_a_sale_that_waits_elsewhere_nothing_is_offered_to_be_asked(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with Till(sandbox, tmp_path, mode="training") as other:
        sale = await other.hold(await other.line())
    async with counter(sandbox, tmp_path, (80, 24)) as desk:
        await desk.look_up(sale)
        await desk.until(lambda: "belongs to TRAINING" in desk.text)
        assert "Start the profile that it was sold with to go on with it." in " ".join(desk.text.split())
        assert "ask again" not in desk.text
        assert "asks again" not in desk.text
        await desk.press("ctrl+r")  # a key that is refused says so
        await desk.until(lambda: "Nothing was asked and nothing was changed" in " ".join(desk.text.split()))
