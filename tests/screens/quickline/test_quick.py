"""A whole sale typed in one line, on a real sandbox: read while it is typed, held at Enter, paid by one other key."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from families import some
from offers_counter import AtDates, counter
from reference_sales import SUMMER
from sandbox_process import SandboxProcess
from textual.events import Key
from till import SHOW_PRODUCT

from korus_tui.counter.catalog.favourites import Favourites
from korus_tui.sale.money import Money
from korus_tui.sale.state import LineStatus, Sale
from korus_tui.sale.values import Method
from korus_tui.screens.cart.screen import CartScreen
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.checkout.screen import CheckoutScreen
from korus_tui.screens.common import dead_time
from korus_tui.screens.quickline.screen import QuickScreen
from korus_tui.widgets.inputs.filter_input import FilterInput
from korus_tui.widgets.lists.row_list import RowList

TODAY = date(2026, 6, 3)


def calls(sandbox: SandboxProcess, name: str) -> int:
    """How often this call reached the server."""
    return int(sandbox.state()["calls"].get(name, 0))


class Line(AtDates):
    """The keys, and what the quick line shows."""

    @property
    def quick(self) -> QuickScreen:
        assert isinstance(self.app.screen, QuickScreen), self.text
        return self.app.screen

    async def open_line(self, text: str) -> None:
        await self.type(":" + text)
        await self.until(lambda: isinstance(self.app.screen, QuickScreen) and self.quick.read.text == text)

    async def quoted(self) -> None:
        await self.until(lambda: self.quick.quotes is not None)
        await self.pilot.pause()

    @property
    def paid_how(self) -> Method | None:
        """The method that the payment page is open for."""
        return self.app.screen.payment.method if isinstance(self.app.screen, CheckoutScreen) else None

    def picks(self) -> list[str]:
        found = self.quick.query_one("#quick-picks", RowList)
        return [str(row.cells[0]) for row in found.rows] if found.display else []


@asynccontextmanager
async def at_catalog(
    sandbox: SandboxProcess, home: Path, favourite: str = SHOW_PRODUCT, **options: Any
) -> AsyncIterator[Line]:
    """A till at the catalog, with a favourite on F2."""
    async with counter(sandbox, home, **options) as one:
        line = Line(one.till, one.pilot)
        if favourite:
            services = one.till.services
            Favourites(services.paths.data, services.name).put("f2", favourite)
        await line.until(lambda: isinstance(line.app.screen, CatalogScreen))
        await line.until(lambda: one.till.services.catalogs.content and line.app.screen.query_one("#products").rows)
        await one.till.open_till()
        yield line


def lines(sale: Sale | None) -> list[tuple[int, str, date | None, str]]:
    """Who is in the sale."""
    assert sale is not None
    return [
        (
            state.line.quantity,
            state.line.name,
            state.line.day,
            f"{state.line.starts_at:%H:%M}" if state.line.starts_at else "",
        )
        for state in sale.lines
    ]


FAMILY = [
    (2, "Puy du Fou 1 jour Adulte + Cinéscénie Argent", TODAY, "20:00"),
    (2, "Puy du Fou 1 jour Enfant + Cinéscénie Argent", TODAY, "20:00"),
]


@pytest.mark.parametrize("keys", some(2, ["2a2c20h!$=", "2a2c 20h !$=", ":2a2c20h!$="]))
async def test_the_reference_sale_by_the_quick_line(sandbox: SandboxProcess, tmp_path: Path, keys: str) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        asked = calls(sandbox, "reservations_bulk")
        await one.type(keys)
        await one.press("enter")
        await one.until(lambda: one.paid_how is Method.CASH)
        checkout = one.app.screen
        assert isinstance(checkout, CheckoutScreen)
        await one.until(lambda: checkout.payment.pane is not None and checkout.payment.pane.payment() is not None)
        sale = one.sale
        assert lines(sale) == FAMILY
        assert sale is not None
        assert sale.payments == ()
        assert sale.customer is not None
        assert sale.customer.walk_in
        assert calls(sandbox, "reservations_bulk") == asked + 1
        await one.until(lambda: checkout.guard.ready)
        await one.press("f10")
        await one.until(lambda: getattr(one.app.screen, "NAME", "") == "documents")
        if keys == "2a2c20h!$=":
            assert len(keys) + len(("enter", "f10")) <= 12


async def test_the_next_show_that_fits_is_taken_where_no_time_is_typed(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        await one.open_line("2a2c")
        await one.quoted()
        assert "17:00" in one.text
        await one.press("enter")
        await one.held()
        assert lines(one.sale) == [(count, name, day, "17:00") for count, name, day, _time in FAMILY]


async def test_the_line_is_understood_word_by_word_and_priced_while_nothing_is_held(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        before = calls(sandbox, "reservations_bulk")
        await one.open_line("2a2c 20h +1 !k")
        await one.quoted()
        shown = one.text
        for word in ("a Adulte", "c Enfant", "session 20h", "+1 Thu 4 Jun", "!k then card", "together", "20:00"):
            assert word in shown
        assert "hold, then payment" in shown
        rows = shown.split("\n")
        head = next(row for row in rows if "product" in row and "amount" in row)
        first = next(row for row in rows if "20:00" in row and "Adulte" in row)
        assert head.index("time") == first.index("20:00")
        assert head.index("amount") + len("amount") == len(first.rstrip(" │"))
        assert one.quick.quotes is not None
        assert {quote.left is not None for quote in one.quick.quotes} == {True}
        await one.press("escape")
        assert isinstance(one.app.screen, CatalogScreen)
        assert calls(sandbox, "reservations_bulk") == before
        assert one.sale is None


async def test_what_the_words_leave_open_is_picked_with_the_arrows(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path, favourite="") as one:
        await one.open_line("2a2c arg 20h")
        await one.until(one.picks)
        assert one.picks() == [
            "Puy du Fou 1 jour + Cinéscénie · Argent",
            "Puy du Fou 2 jours + Cinéscénie · Argent",
            "Cinéscénie · Argent",
        ]
        await one.press("down", "enter")
        await one.until(lambda: one.quick.read.good)
        assert "jours" in one.quick.read.text
        assert [item.product and item.product.name for item in one.quick.read.items] == [
            "Puy du Fou 2 jours Adulte + Cinéscénie Argent",
            "Puy du Fou 2 jours Enfant + Cinéscénie Argent",
        ]
        assert one.sale is None


async def test_a_mistyped_word_is_named_and_enter_holds_nothing(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        await one.open_line("2a2c argnet 20h")
        await one.press("enter")
        assert "“argnet” is no product" in one.text
        assert "argnet not understood" in one.text
        assert one.sale is None
        for _letter in "gnet 20h":
            await one.pilot.press("backspace")
        await one.type("gent")
        await one.quoted()
        await one.press("enter")
        assert len((await one.held()).lines) == 2


async def test_another_session_is_picked_where_there_is_none_at_the_typed_time(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        await one.open_line("2a2c 21h")
        await one.quoted()
        assert "has no session at 21h on Wed 3 Jun" in one.text
        assert [pick.split()[0] for pick in one.picks()] == ["17:00", "20:00"]
        await one.press("enter")
        await one.until(lambda: one.quick.read.text == "2a2c 17:00")
        await one.quoted()
        await one.press("enter")
        assert lines(await one.held())[0][3] == "17:00"


async def test_too_few_places_are_said_before_any_hold(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        await one.open_line("999a 20h +3")
        await one.quoted()
        assert "left" in one.text
        await one.press("enter")
        await one.pilot.pause()
        assert isinstance(one.app.screen, QuickScreen)
        assert one.sale is None


async def test_several_products_and_days_are_one_call(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        before = calls(sandbox, "reservations_bulk")
        await one.open_line("2a2c 20h; 1 parking voiture; 2 audio +1")
        await one.press("enter")
        sale = await one.held()
        assert [(count, day) for count, _name, day, _time in lines(sale)] == [
            (2, TODAY),
            (2, TODAY),
            (1, TODAY),
            (2, date(2026, 6, 4)),
        ]
        assert len(sale.with_status(LineStatus.HELD)) == 4
        await one.type(":")
        await one.until(lambda: isinstance(one.app.screen, QuickScreen) and "in the sale:" in one.text)
        assert '2a2c argent "1" 3/6 20:00; 1v 3/6; 2 audioguide 4/6' in one.text
        await one.press("escape")
        assert isinstance(one.app.screen, CartScreen)
        assert calls(sandbox, "reservations_bulk") == before + 1


async def test_enter_before_the_answers_waits_for_them_and_is_taken_back_by_more_typing(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        sandbox.fault("latency", route="offers", latency=1.0)
        await one.open_line("2a")
        await one.press("enter")
        await one.type("2c")
        await one.until(lambda: one.quick.read.text == "2a2c")
        await one.quoted()
        await one.pilot.pause()
        assert isinstance(one.app.screen, QuickScreen)
        assert one.sale is None
        await one.press("enter")
        assert len((await one.held()).lines) == 2


async def test_a_failed_reading_is_said_and_enter_asks_again(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        sandbox.fault("status", route="offers", status=500, count=10)
        await one.open_line("2a 20h")
        await one.until(lambda: "Enter asks again" in one.text)
        assert one.sale is None
        sandbox.no_faults()
        await one.press("enter")
        assert len((await one.held()).lines) == 1


async def test_the_answers_of_a_ticket_are_asked_before_the_hold(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        await one.open_line("2a diner 19h15")
        await one.press("enter")
        await one.until(lambda: type(one.app.screen).__name__ == "FormScreen")
        assert one.sale is None
        await one.press("escape")
        await one.until(lambda: isinstance(one.app.screen, QuickScreen))
        assert one.sale is None


async def test_an_undated_product_needs_no_day_and_one_not_sold_that_day_offers_the_next(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        await one.open_line("1a annuel")
        await one.quoted()
        assert "any day" in one.text
        for _sign in "1a annuel":
            await one.pilot.press("backspace")
        await one.type('1a "cinescenie" arg')
        await one.quoted()
        assert "is not sold on Wed 3 Jun" in one.text
        assert one.picks() == ["Friday 5 June 2026"]
        await one.press("enter")
        await one.until(lambda: one.quick.read.text == '1a "cinescenie" arg 2026-06-05')


async def test_a_refused_hold_goes_to_the_cart_and_not_to_the_payment(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        await one.open_line("2a2c 20h !$=")
        await one.quoted()
        sandbox.fault("status", route="reservations_bulk", status=503)
        await one.press("enter")
        await one.until(lambda: isinstance(one.app.screen, CartScreen))
        sale = one.sale
        assert sale is not None
        assert sale.payments == ()
        assert not sale.with_status(LineStatus.HELD)


async def test_f10_takes_no_money_before_the_checkout_could_be_read(
    sandbox: SandboxProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dead_time, "DEAD_TIME", 2.0)  # however busy the machine is
    async with at_catalog(sandbox, tmp_path) as one:
        await one.open_line("2a2c 20h !$=")
        await one.quoted()
        for key in ("enter", "f10", "f10", "f10"):  # one burst, as a slow line delivers it
            one.app.post_message(Key(key, None))
        await one.until(lambda: one.paid_how is Method.CASH)
        assert one.sale is not None
        assert one.sale.payments == ()


@pytest.mark.parametrize("typed", ["3", "3 argent", "puy", "1"])
async def test_a_number_alone_stays_in_the_filter(sandbox: SandboxProcess, tmp_path: Path, typed: str) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        await one.type(typed)
        await one.pilot.pause()
        assert isinstance(one.app.screen, CatalogScreen)
        assert one.app.screen.query_one(FilterInput).value == typed


async def test_what_is_looked_for_is_what_the_line_means_first(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path, favourite="") as one:
        await one.type("dejeuner")
        await one.until(lambda: len(one.app.screen.query_one("#products", RowList).rows) == 1)
        await one.open_line("2a2c")
        assert [item.product and item.product.name for item in one.quick.read.items] == [
            "Déjeuner Adulte",
            "Déjeuner Enfant",
        ]


async def test_products_without_bases_are_sold_by_the_line_too(tmp_path: Path) -> None:
    with SandboxProcess(now=SUMMER, generation="tutorial") as sandbox:
        async with at_catalog(sandbox, tmp_path) as one:
            content = one.till.services.catalogs.content
            assert content is not None
            assert content.bases == ()
            await one.open_line("2a2e 20h sam !$=")
            await one.press("enter")
            await one.until(lambda: one.paid_how is Method.CASH)
            assert lines(one.sale) == [(count, name, date(2026, 6, 6), time) for count, name, _day, time in FAMILY]


async def test_at_the_least_size_nothing_that_is_needed_is_cut(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path, size=(80, 24)) as one:
        await one.open_line("2a2c 21h; 1 parking voiture; 2 audio; 1a annuel; 1 consigne m")
        await one.quoted()
        shown = one.text
        for word in ("Adulte Argent", "Enfant Argent", "Parking voiture", "no session at 21h", "20:00", "Esc", "pick"):
            assert word in shown


async def test_what_became_dearer_while_it_was_read_is_not_held_unseen(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path, favourite="") as one:
        await one.open_line("1 parking voiture")
        await one.quoted()
        assert one.quick.quotes is not None
        (quoted,) = one.quick.quotes
        assert quoted.quote is not None
        usual = quoted.price
        assert usual is not None
        offer = quoted.quote.offer.iri.rpartition("/")[2]
        sandbox.control("price", offer=offer, amount=str(usual.amount + 5))
        try:
            one.till.pass_time(61)
            before = calls(sandbox, "reservations_bulk")
            await one.press("enter")
            await one.until(lambda: "was shown. No place is held. Enter goes on at this price." in flat(one))
            assert calls(sandbox, "reservations_bulk") == before
            await one.press("enter")
            assert (await one.held()).to_collect == usual + Money.of(5, usual.currency)
        finally:
            sandbox.control("price", offer=offer, amount=str(usual.amount))


def flat(one: Line) -> str:
    return " ".join(one.text.split())


# Event first


async def test_an_event_leads_to_what_can_be_bought_for_it_and_its_session_is_chosen(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with at_catalog(sandbox, tmp_path, favourite="") as one:
        await one.open_line("20h cinéscénie 2a")
        await one.until(lambda: any("€" in pick for pick in one.picks()))
        assert [pick.split("   ")[0] for pick in one.picks()] == [
            "Puy du Fou 1 jour Adulte + Cinéscénie Argent",
            "Puy du Fou 1 jour Adulte + Cinéscénie Or",
            "Puy du Fou 1 jour Adulte + Cinéscénie Bronze",
            "Puy du Fou 2 jours Adulte + Cinéscénie Or",
            "Puy du Fou 2 jours Adulte + Cinéscénie Argent",
        ]
        await one.press("enter")
        await one.quoted()
        await one.press("enter")
        await one.held()
        assert lines(one.sale) == [(2, "Puy du Fou 1 jour Adulte + Cinéscénie Argent", TODAY, "20:00")]


async def test_this_evening_for_two_and_two_what_is_picked_for_the_first_holds_for_their_neighbours(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with at_catalog(sandbox, tmp_path, favourite="") as one:
        await one.open_line("ce soir cinéscénie 2+2")
        await one.until(lambda: any("€" in pick for pick in one.picks()))
        assert all("Cinéscénie" in pick for pick in one.picks())
        await one.press("enter")
        await one.quoted()
        await one.press("enter")
        await one.held()
        assert [(count, time) for count, _name, _day, time in lines(one.sale)] == [(2, "20:00"), (2, "20:00")]


async def test_a_line_that_is_clear_costs_no_call_for_events(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        before = calls(sandbox, "events"), calls(sandbox, "event_sessions")
        await one.open_line("2a2c 20h")
        await one.quoted()
        assert (calls(sandbox, "events"), calls(sandbox, "event_sessions")) == before


@pytest.mark.parametrize("generation", ["tutorial", "release"])
async def test_where_no_sale_begins_with_an_event_the_words_mean_products(generation: str, tmp_path: Path) -> None:
    with SandboxProcess(now=SUMMER, generation=generation) as server:
        async with at_catalog(server, tmp_path, favourite="") as one:
            await one.open_line("20h cinéscénie 2a")
            await one.until(lambda: one.till.services.events.available is False)
            await one.until(lambda: one.picks())
            assert "“cinéscénie a” fits several" in one.text
            assert not any("€" in pick for pick in one.picks())


@pytest.mark.parametrize("line", ["2 parking voiture 20h", "1 audioguide 8h !$="])
async def test_a_session_that_does_not_exist_is_refused_c18(line: str, sandbox: SandboxProcess, tmp_path: Path) -> None:
    """As a limit is, though a day's ticket needs no session: whoever types an hour means one."""
    async with at_catalog(sandbox, tmp_path) as one:
        await one.open_line(line)
        await one.until(lambda: "has no session at" in one.text)
        await one.press("enter")
        await one.pilot.pause()
        assert one.sale is None


async def test_an_hour_of_some_is_none_of_those_beside_them_c18(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        await one.open_line("2a 20h sam 1 parking voiture")
        await one.press("enter")
        assert await one.until(lambda: one.sale is not None and len(one.sale.lines) == 2)
