"""Families, the day's board and favourites by keys alone, on a real sandbox; keystrokes are counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from offers_counter import AtDates, at_catalog, counter
from reference_sales import SUMMER
from sandbox_process import SandboxProcess

from korus_tui.config.settings import Settings
from korus_tui.counter.catalog.favourites import Favourites, most_sold
from korus_tui.sale.events import SaleFinished
from korus_tui.sale.values import Method
from korus_tui.screens.catalog.favourites import FavouritesScreen
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.checkout.screen import CheckoutScreen
from korus_tui.screens.dates.day import DayScreen
from korus_tui.screens.dates.offers import OffersScreen
from korus_tui.screens.documents.screen import DocumentsScreen
from korus_tui.widgets.lists.row_list import RowList

TODAY, TOMORROW, FRIDAY = date(2026, 6, 3), date(2026, 6, 4), date(2026, 6, 5)
MOST_KEYS = 12  # README.md, How fast it is: 2 adults + 2 children, today, one timed show, cash, no name


def calls(sandbox: SandboxProcess, name: str) -> int:
    return int(sandbox.state()["calls"].get(name, 0))


async def find(one: AtDates, words: str) -> None:
    """Filter the catalog."""
    await one.press(*words)
    await one.until(lambda: one.rows("#products"))


def base_id(one: AtDates, name: str) -> str:
    content = one.till.services.catalogs.content
    assert content is not None
    return next(base.id for base in content.bases if base.name == name)


def typed(one: AtDates) -> dict[str, int]:
    """The numbers in the rows of the dates, by label."""
    found = one.offers.pane.offer_list
    return {str(row.cells[0]): found.quantities.get(row.key, 0) for row in found.rows if row.key in found.quantities}


async def test_a_ticket_for_the_whole_party_that_costs_less_is_said_c24(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path, "puy 1 jour") as one:
        await one.until(lambda: one.offers.pane.offer)
        keys = {str(row.cells[0]): row.key for row in one.offers.pane.offer_list.rows}
        rows = one.offers.pane.offer_list
        for label, number in (("Adulte", 2), ("Enfant", 2)):
            rows.highlight(keys[label])
            await one.press(str(number))
        await one.until(lambda: "1 × Famille (2+2) is " in " ".join(one.said("#day-facts").split()))
        assert "less." in one.said("#day-facts")
        rows.highlight(keys["Enfant"])
        await one.press("1")
        await one.until(lambda: "Famille" not in one.said("#day-facts"))


# The catalog


async def test_a_row_is_a_base_with_its_price_types_inside(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, size=(200, 60)) as one:
        await at_catalog(one)
        rows = [row[0] for row in one.rows("#products")]
        assert "Puy du Fou 1 jour + Cinéscénie — Adulte, Enfant, Réduit, Famille (2+2) · Argent, Or, Bronze" in rows
        assert "Audioguide" in rows


async def test_words_that_name_a_product_put_one_person_into_its_row(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as one:
        await at_catalog(one)
        await find(one, "enfant or 1 jour")
        assert one.rows("#products")[0][0] == "Enfant Or — Puy du Fou 1 jour + Cinéscénie"
        await one.press("enter")
        await one.until(lambda: isinstance(one.app.screen, OffersScreen) and one.offers.pane.offer)
        assert typed(one) == {"Enfant Or": 1}
        assert one.here[0] == "Enfant Or"


async def test_words_that_name_the_base_leave_the_numbers_to_the_agent(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, "noces de feu") as one:
        await one.until(lambda: one.offers.pane.offer)
        assert typed(one) == {}
        await one.press("enter")
        assert "For how many people?" in one.problem
        assert one.sale is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [("3 parking voiture", {"voiture": 3}), ("2 jours enfant", {"Enfant 2 jours": 1})],
)
async def test_a_number_before_the_words_is_how_many_unless_it_is_a_name(
    sandbox: SandboxProcess, tmp_path: Path, words: str, expected: dict[str, int]
) -> None:
    async with counter(sandbox, tmp_path) as one:
        await at_catalog(one)
        await find(one, words)
        await one.press("enter")
        await one.until(lambda: isinstance(one.app.screen, OffersScreen) and one.offers.pane.offer)
        assert typed(one) == expected


# The family


async def test_at_80_columns_the_carts_lines_can_be_told_apart(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, "Puy du Fou 1 jour + Cinéscénie", size=(80, 24)) as one:
        await one.press("2", "down", "2", "enter")
        await one.at_sessions()
        await one.press("enter")
        await one.held()
        await one.until(lambda: "2 × Adulte Argent" in one.text and "2 × Enfant Argent" in one.text)
        assert one.sale is not None
        assert one.sale.places == 4


async def test_the_reference_sale_takes_no_more_keys_than_promised(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """2 adults + 2 children, today, one timed show, cash, no name."""
    async with counter(sandbox, tmp_path) as one:
        screen = await at_catalog(one)
        await one.till.open_till()
        screen.favourites.put("f2", base_id(one, "Puy du Fou 1 jour + Cinéscénie"))
        before, pressed = calls(sandbox, "reservations_bulk"), []

        async def press(*keys: str) -> None:
            pressed.extend(keys)
            await one.press(*keys)

        await press("f2", "2", "down", "2", "enter")
        await one.at_sessions()
        await press("enter")
        sale = await one.held()
        assert [(state.line.quantity, state.line.name) for state in sale.lines] == [
            (2, "Puy du Fou 1 jour Adulte + Cinéscénie Argent"),
            (2, "Puy du Fou 1 jour Enfant + Cinéscénie Argent"),
        ]
        assert {(state.line.day, state.line.starts_at) for state in sale.lines} == {
            (TODAY, sale.lines[0].line.starts_at)
        }
        assert calls(sandbox, "reservations_bulk") == before + 1
        await one.until(lambda: one.app.screen.armed)
        await press("enter")
        await one.until(lambda: isinstance(one.app.screen, CheckoutScreen))
        await press("w")
        await one.until(lambda: one.sale and one.sale.customer)
        await press("c", "equals_sign")
        await one.until(lambda: "F10 takes" in one.text and one.app.screen.guard.ready)
        await press("f10")
        await one.until(lambda: isinstance(one.app.screen, DocumentsScreen))
        assert one.sale is not None
        assert [payment.method for payment in one.sale.payments] == [Method.CASH]
        assert len(pressed) <= MOST_KEYS, pressed


async def test_numbers_and_enter_may_be_pressed_before_the_month_is_read(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path) as one:
        await at_catalog(one)
        sandbox.fault("latency", route="offers", latency=3, count=3)
        await one.open("puy du fou 1 jour")
        await one.press("3", "down", "1", "enter")
        assert one.sale is None
        assert typed(one) == {"Adulte": 3, "Enfant": 1}
        assert (await one.held()).places == 4


async def test_an_early_enter_never_sells_a_day_that_was_found_in_place_of_today(tmp_path: Path) -> None:
    with SandboxProcess(now="2026-10-20T08:00:00Z") as autumn:
        async with counter(autumn, tmp_path) as one:
            await at_catalog(one)
            autumn.fault("latency", route="offers", latency=5, count=1)
            await one.open("noces de feu adulte")
            await one.press("enter")
            await one.until(lambda: one.problem)
            assert "Enter was pressed for Tue 20 Oct; this is Sat 24 Oct." in one.problem
            assert one.sale is None
            await one.press("enter")
            assert (await one.held()).lines[0].line.day == date(2026, 10, 24)


async def test_another_day_keeps_the_numbers_and_takes_an_early_enter_back(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path, "puy du fou 1 jour") as one:
        await one.until(lambda: one.offers.pane.offer)
        await one.press("2", "right")
        assert typed(one) == {"Adulte": 2}
        assert one.offers.months.day == TOMORROW
        assert one.sale is None
        await one.press("tab", "down")
        assert one.offers.months.day == date(2026, 6, 11)


async def test_the_most_of_one_order_is_kept_over_all_rows_before_any_call(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path, "pass emotion") as one:
        await one.until(lambda: one.offers.pane.offer)
        before = calls(sandbox, "tickets")
        await one.press("6", "down", "5", "enter")
        assert "At most 10 in one order of “Pass Émotion”; 11 are asked for." in one.problem
        assert calls(sandbox, "tickets") == before
        await one.press("4", "enter")
        sale = await one.held()
        assert sale.places == 10
        await one.press("escape")
        await one.open("pass emotion adulte")
        await one.until(lambda: one.offers.pane.offer)
        await one.press("enter")
        assert "11 are asked for" in one.problem


async def test_a_product_that_the_day_does_not_sell_is_named(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, "noces de feu") as one:
        await one.until(lambda: one.offers.pane.offer)
        pane = one.offers.pane
        first, second = pane._entries
        await one.press("1")
        pane.show("a day", [second.offer] if second.offer else [], one.offers._look(()))
        problem = pane.why_not(pane.picks)
        assert problem is not None
        assert problem.what == "“Adulte” is not sold on this day."
        assert first.key in pane.offer_list.quantities


async def test_the_next_product_opens_at_the_date_that_was_used(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, "puy du fou 1 jour adulte") as one:
        await one.until(lambda: one.offers.pane.offer)
        await one.press("right", "right", "enter")
        await one.held()
        await one.press("escape")
        assert (await at_catalog(one)).query_one("#filter").value == ""
        await one.open("parking voiture")
        await one.until(lambda: one.offers.pane.offer)
        assert one.offers.months.day == FRIDAY
        await one.press("escape", "ctrl+d")
        await one.until(lambda: isinstance(one.app.screen, DayScreen))
        assert one.app.screen.day == FRIDAY


async def test_the_date_starts_anew_where_the_settings_want_it(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, "puy du fou 1 jour adulte") as one:
        one.till.services.settings = Settings(sticky_date=False)
        await one.until(lambda: one.offers.pane.offer)
        await one.press("right", "right", "enter")
        await one.held()
        await one.press("escape")
        await one.open("parking voiture")
        await one.until(lambda: one.offers.pane.offer)
        assert one.offers.months.day == TODAY


# One day, all products


async def at_day(one: AtDates) -> DayScreen:
    """The board of today, read."""
    await at_catalog(one)
    await one.press("ctrl+d")
    await one.until(lambda: isinstance(one.app.screen, DayScreen) and one.rows("#day-rows"))
    screen = one.app.screen
    assert isinstance(screen, DayScreen)
    return screen


async def test_a_basket_of_several_products_and_days_is_one_call(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as one:
        screen = await at_day(one)
        before = calls(sandbox, "reservations_bulk")
        await one.press(*"parking voiture", "1")
        assert [row[0] for row in one.rows("#day-rows")] == ["Parking voiture"]
        await one.press("escape", *"jour adulte cinescenie bronze", "2", "right")
        await one.until(lambda: one.rows("#day-rows"))
        assert screen.day == TOMORROW
        await one.press("escape", *"pass emotion enfant", "1")
        assert "4 tickets · €" in one.said("#basket")
        assert "Parking voiture Wed 3 Jun" in one.said("#basket")
        await one.press("enter")
        await one.at_sessions()
        await one.press("down", "enter")
        sale = await one.held()
        lines = {state.line.name: (state.line.quantity, state.line.day) for state in sale.lines}
        assert lines == {
            "Parking voiture": (1, TODAY),
            "Puy du Fou 1 jour Adulte + Cinéscénie Bronze": (2, TODAY),
            "Pass Émotion Enfant": (1, TOMORROW),
        }
        assert calls(sandbox, "reservations_bulk") == before + 1


async def test_flat_products_are_sold_by_day_and_one_showing_is_chosen_for_all(tmp_path: Path) -> None:
    """The tutorial's API knows no bases: the day does the same job."""
    with SandboxProcess(now=SUMMER, generation="tutorial") as old:
        async with counter(old, tmp_path, generation="tutorial") as one:
            await at_day(one)
            await one.press(*"jour adulte cinescenie argent", "2")
            await one.press("escape", *"jour enfant cinescenie argent", "2", "enter")
            await one.at_sessions()
            assert "Places for all 4 are chosen together" in one.said("#together")
            await one.press("enter")
            sale = await one.held()
            assert [state.line.quantity for state in sale.lines] == [2, 2]
            assert len({state.line.starts_at for state in sale.lines}) == 1


async def test_rows_of_a_base_without_options_differ_where_names_are_cut_i12(tmp_path: Path) -> None:
    """The least generation names no option values: `Puy du Fou 1 jour A…` stood there three times."""
    with SandboxProcess(now=SUMMER, generation="least") as least:
        async with counter(least, tmp_path, generation="least", size=(80, 24)) as one:
            await at_catalog(one)
            await one.press("down", "enter")
            await one.until(lambda: isinstance(one.app.screen, OffersScreen) and one.rows())
            names = [cells[0] for cells in one.rows()]
            assert names[0] == "Adulte Argent"
            assert len({name[:18] for name in names}) == len(names) > 9  # what 80 columns leave of a name
            assert "1 jour A" not in one.text.partition("per ticket")[2]
            await one.press("escape")
            await at_catalog(one)
            await one.press("down", "enter")
            await one.until(lambda: isinstance(one.app.screen, OffersScreen) and one.rows())
            assert one.rows()[0][0] == "2 jours Adulte"
            await one.press("escape", *"famille or")
            await one.until(lambda: "Famille (2+2) Or" in one.rows("#products")[0][0])
            assert "Famille (2+2) Or — Puy du Fou 1 jour + Cinéscénie" in one.rows("#products")[0][0]


async def test_a_day_that_cannot_be_read_says_so_and_asks_again(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F02."""
    async with counter(sandbox, tmp_path) as one:
        await at_catalog(one)
        sandbox.fault("status", route="offers", status=500, count=None)
        await one.press("ctrl+d")
        await one.until(lambda: isinstance(one.app.screen, DayScreen) and "Ctrl+R asks again" in one.text)
        assert one.text.count("✗") == 1  # told once, with one key
        assert one.problem == ""
        sandbox.no_faults()
        await one.press("ctrl+r")
        await one.until(lambda: one.rows("#day-rows"))
        assert one.problem == ""


async def test_a_date_is_typed_and_the_filter_keeps_its_words(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F55."""
    async with counter(sandbox, tmp_path) as one:
        screen = await at_day(one)
        await one.press(*"park", "slash", *"6/6", "enter")
        await one.until(lambda: screen.day == date(2026, 6, 6))
        assert screen.query_one("#filter").value == "park"
        await one.press("enter")
        assert "For how many people?" in one.problem
        await one.press("escape")
        assert isinstance(one.app.screen, DayScreen)
        await one.press("escape")
        assert isinstance(one.app.screen, CatalogScreen)


async def test_the_favourites_month_stands_beside_the_day(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, size=(200, 60)) as one:
        catalog = await at_catalog(one)
        catalog.favourites.put("f3", base_id(one, "Parking"))
        screen = await at_day(one)
        months = screen.query_one("#months")
        await one.until(lambda: months.calendar.day(TOMORROW).price)
        assert months.calendar.day(TOMORROW).price == "3+"  # a motorbike: over 3, never a price that nobody pays
        await one.press("tab", "down", "tab")
        await one.until(lambda: screen.day == date(2026, 6, 10))
        await one.until(lambda: one.rows("#day-rows"))


# Favourites


async def test_a_favourite_is_put_on_a_key_kept_and_freed(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as one:
        await at_catalog(one)
        await find(one, "parking voiture")
        await one.press("ctrl+y")
        await one.until(lambda: isinstance(one.app.screen, FavouritesScreen))
        assert "Which key sells “Parking voiture”?" in one.text
        await one.press("f7")
        await at_catalog(one)
        assert "F7 Parking voiture" in one.said("#favourites")
        await one.press("escape", "4", "f7")
        await one.until(lambda: isinstance(one.app.screen, OffersScreen) and one.offers.pane.offer)
        assert typed(one) == {"voiture": 4}
        services = one.till.services
        again = Favourites(services.paths.data, services.name)
        assert list(again.keys) == ["f7"]
        await one.press("escape")
        await one.press("escape", "ctrl+y")
        await one.until(lambda: isinstance(one.app.screen, FavouritesScreen))
        one.app.screen.query_one(RowList).highlight("f7")
        await one.press("delete", "escape")
        await at_catalog(one)
        assert Favourites(services.paths.data, services.name).keys == {}
        await one.press("f7")
        assert "Nothing is on F7" in one.problem


def test_another_profile_has_favourites_of_its_own_and_a_broken_file_costs_only_them(tmp_path: Path) -> None:
    mine = Favourites(tmp_path, "counter")
    mine.put("f2", "a")
    mine.put("f3", "a")
    assert mine.keys == {"f3": "a"}
    assert Favourites(tmp_path, "other").keys == {}
    (file,) = tmp_path.glob("favourites~counter*")
    for broken in ("{", "[]", '{"version": 1}', '{"version": 9, "keys": {"f2": "a"}}'):
        file.write_text(broken)
        assert Favourites(tmp_path, "counter").keys == {}


async def test_the_most_sold_are_suggested_from_the_journal(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as one:
        await at_catalog(one)
        services = one.till.services
        content = services.catalogs.content
        assert content is not None
        for name, people in (("Parking voiture", 1), ("Audioguide", 3), ("Parking moto", 1)):
            product = next(product for product in content.products if product.name == name)
            line = replace(await one.till.line(product.id, TODAY, people), product=product.iri)
            reference = (await services.desk.open(content.catalog.id, "fr")).reference
            await services.holding.add(reference, [line])
            await one.until(lambda name=reference: one.till.sale(name).attempt is None)
            await one.till.start_payment(reference)
            await one.till.pay(reference)
            await one.until(lambda name=reference: one.till.sale(name).all_ordered)
            await services.desk.record(reference, SaleFinished())
        sold = await most_sold(services.desk, content)
        assert [(one_.family.name, one_.people) for one_ in sold] == [("Audioguide", 3), ("Parking", 2)]
        await one.press("ctrl+y")
        await one.until(lambda: isinstance(one.app.screen, FavouritesScreen))
        await one.press("m")
        await one.until(lambda: "2 keys were filled" in one.text)
        await one.press("escape")
        await at_catalog(one)
        assert "F2 Audioguide" in one.text
        assert "F3 Parking" in one.text
