"""Today's board by keys alone: in time order, the next one marked, refreshed within its budget, sold from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from families import some
from far_server import FarServer
from offers_counter import AtDates, counter
from sandbox_process import CATALOG, SandboxProcess

from korus_tui import i18n
from korus_tui.config.settings import Settings
from korus_tui.counter.catalog.offer_models import Offer
from korus_tui.sale.money import Money
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.dates.day import DayScreen
from korus_tui.screens.dates.offers import OffersScreen
from korus_tui.screens.dates.text import day_cell, most
from korus_tui.screens.dates.today import TodayScreen
from korus_tui.screens.sessions.screen import SessionsScreen
from korus_tui.widgets.lists.row_list import RowList
from korus_tui.widgets.lists.states import Empty, Failed, Stale

CALLS = ("offers", "tickets", "ticket_sessions", "availability", "price")


async def board(one: AtDates, *favourites: str) -> TodayScreen:
    """Today's board of these bases, read."""
    await one.until(lambda: isinstance(one.app.screen, CatalogScreen) and one.rows("#products"))
    content = one.till.services.catalogs.content
    assert content is not None
    for key, name in zip(("f2", "f3", "f4"), favourites, strict=False):
        item = next(one_.id for one_ in (*content.bases, *content.products) if one_.name == name)
        one.app.screen.favourites.put(key, item)
    await one.press("ctrl+g")
    await one.until(lambda: isinstance(one.app.screen, TodayScreen) and one.rows("#shows"))
    screen = one.app.screen
    assert isinstance(screen, TodayScreen)
    return screen


def times(one: AtDates) -> list[tuple[str, str]]:
    return [(row[0], row[2]) for row in one.rows("#shows")]


async def test_the_favourites_sessions_in_time_order_with_the_next_one_marked(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path) as one:
        screen = await board(one, "Puy du Fou 1 jour + Cinéscénie", "Visite des coulisses Enfant", "Parking")
        assert times(one) == [
            ("11:00", "Visite des coulisses Enfant"),
            ("14:00", "Visite des coulisses Enfant"),
            ("16:00", "Visite des coulisses Enfant"),
            ("17:00", "Puy du Fou 1 jour + Cinéscénie"),
            ("20:00", "Puy du Fou 1 jour + Cinéscénie"),
        ]
        found = screen.query_one("#shows", RowList)
        assert found.highlighted == found.rows[0].key
        assert one.rows("#shows")[0][1].startswith("next, ")
        assert one.rows("#shows")[3][4] == "Adulte Argent"
        assert all(row[3].isdecimal() or row[3] == "full" for row in one.rows("#shows"))


async def test_what_the_highlighted_session_costs_stands_below_and_asks_nothing(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    edits = [{"path": "member.*.description", "value": "[b]Bring[/b] boots\x1b[2J"}]
    sandbox.fault("replace", route="bases", edits=edits, count=None)
    async with counter(sandbox, tmp_path) as one:
        await board(one, "Puy du Fou 1 jour + Cinéscénie", "Visite des coulisses")
        await one.until(lambda: "11:00 · Visite des coulisses" in one.said("#this-show"))
        before = sandbox.state()["calls"]
        await one.press("end")
        await one.until(lambda: "20:00 · Puy du Fou 1 jour + Cinéscénie" in one.said("#this-show"))
        assert "today: Adulte\u00a0Argent\u00a0€72.00 · Enfant\u00a0Argent\u00a0€51.75" in one.said("#this-show")
        assert "[b]Bring[/b] boots" in one.said("#this-show")
        assert not any(made(before, sandbox).values())
        await one.pilot.resize_terminal(80, 24)
        await one.until(lambda: "This session" not in one.text and "boots" not in one.text)


async def test_it_asks_lists_only_and_a_family_without_sessions_once(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as one:
        await one.till.services.events.ask(CATALOG)  # once in a profile's life
        before = sandbox.state()["calls"]
        await board(one, "Visite des coulisses", "Parking")
        first = made(before, sandbox)
        assert first["availability"] == first["price"] == 0
        assert (first["offers"], first["tickets"]) == (1, 2)
        await one.press("ctrl+r")
        await one.until(lambda: made(before, sandbox)["offers"] == 2)
        await one.until(lambda: made(before, sandbox)["tickets"] == 3)  # no second one for the parking


def made(before: dict[str, int], sandbox: SandboxProcess) -> dict[str, int]:
    """How often each call was made since."""
    now = sandbox.state()["calls"]
    return {name: now.get(name, 0) - before.get(name, 0) for name in CALLS}


async def test_it_is_read_again_after_a_minute_and_not_before(
    sandbox: SandboxProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with counter(sandbox, tmp_path) as one:
        await one.till.services.events.ask(CATALOG)
        before = sandbox.state()["calls"]
        screen = await board(one, "Visite des coulisses")
        screen._look()
        await one.pilot.pause()
        assert made(before, sandbox)["offers"] == 1
        (row, *_rest) = one.rows("#shows")
        sandbox.sell(screen._shows[0].session.id, screen._shows[0].session.left or 0)
        monkeypatch.setattr(screen, "_read_at", screen._read_at - 61)
        screen._look()
        await one.until(lambda: one.rows("#shows")[0] != row)
        assert one.rows("#shows")[0][3] == "full"
        assert made(before, sandbox)["offers"] == 2


async def test_what_one_page_read_of_the_day_the_others_do_not_ask_again(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """Board, day and dates share an answer for a minute; the refresh key, and a hold, read anew."""
    async with counter(sandbox, tmp_path) as one:
        await one.till.services.events.ask(CATALOG)
        before = sandbox.state()["calls"]
        board_ = await board(one)  # favourites would have a month beside the day
        first = made(before, sandbox)
        await one.press("ctrl+d")
        await one.until(lambda: isinstance(one.app.screen, DayScreen) and one.rows("#day-rows"))
        assert len(one.rows("#day-rows")) > 10
        await one.press("escape", "escape", "ctrl+g")
        await one.until(lambda: isinstance(one.app.screen, TodayScreen) and one.app.screen is not board_)
        await one.until(lambda: one.rows("#shows"))
        assert made(before, sandbox) == first
        await one.press("enter")
        await one.until(lambda: isinstance(one.app.screen, OffersScreen) and one.offers.pane.offer)
        assert made(before, sandbox)["offers"] == first["offers"]


async def test_the_day_is_read_anew_by_its_key_and_after_a_hold(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as one:
        await board(one)
        await one.press("ctrl+d")
        await one.until(lambda: isinstance(one.app.screen, DayScreen) and one.rows("#day-rows"))
        before = sandbox.state()["calls"]
        await one.press("ctrl+r")
        await one.until(lambda: made(before, sandbox)["offers"] and one.rows("#day-rows"))
        await one.press(*"parking", "1", "enter")
        await one.held()
        before = sandbox.state()["calls"]
        await one.press("escape")
        await one.until(lambda: isinstance(one.app.screen, CatalogScreen))
        await one.press("ctrl+d")
        await one.until(lambda: isinstance(one.app.screen, DayScreen) and one.rows("#day-rows"))
        assert made(before, sandbox)["offers"]


async def test_the_day_asks_only_for_what_the_board_did_not_read(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with FarServer(sandbox.base_url) as far, counter(sandbox, tmp_path, server=far.base_url) as one:
        await one.till.services.events.ask(CATALOG)
        await one.pilot.resize_terminal(80, 24)
        far.calls.clear()
        await board(one, "Visite des coulisses", "Parking")
        of_board = asked_for(far)
        await one.press("ctrl+d")
        await one.until(lambda: isinstance(one.app.screen, DayScreen) and one.rows("#day-rows"))
        assert of_board
        assert of_board < asked_for(far)
        assert sum("Visite des coulisses" in row[0] for row in one.rows("#day-rows")) == 2


def asked_for(far: FarServer) -> set[str]:
    """The products of all calls for a day's offers; none of them twice."""
    pages = [parse_qs(urlsplit(call.path).query) for call in far.calls if "/offers?" in call.path]
    named = [product for page in pages if page.get("page", ["1"]) == ["1"] for product in page["product[]"]]
    assert len(set(named)) == len(named)
    return set(named)


async def test_enter_sells_the_session_without_asking_for_it_again(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as one:
        await board(one, "Puy du Fou 1 jour + Cinéscénie")
        await one.press("down", "enter")
        await one.until(lambda: isinstance(one.app.screen, OffersScreen) and one.offers.pane.offer)
        assert "Wednesday 3 June 2026 · 20:00" in one.said("#day-title")
        await one.press("2", "down", "2", "enter")
        sale = await one.held()
        assert [(state.line.quantity, f"{state.line.starts_at:%H:%M}") for state in sale.lines] == [
            (2, "20:00"),
            (2, "20:00"),
        ]
        assert not any(isinstance(screen, SessionsScreen | TodayScreen) for screen in one.app.screen_stack)


async def test_another_day_forgets_the_session(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as one:
        await board(one, "Puy du Fou 1 jour + Cinéscénie")
        await one.press("enter")
        await one.until(lambda: isinstance(one.app.screen, OffersScreen) and one.offers.pane.offer)
        await one.press("right", "right")
        assert one.offers.months.day == date(2026, 6, 5)
        assert one.said("#day-title") == "Friday 5 June 2026"
        await one.until(lambda: one.offers.pane.offer)
        await one.press("1", "enter")
        await one.at_sessions()


async def test_without_favourites_all_that_has_sessions_is_shown(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as one:
        await board(one)
        names = {name for _time, name in times(one)}
        assert {"Les Noces de Feu", "Visite des coulisses", "Déjeuner au Relais de Poste"} <= names
        assert "Parking" not in names
        assert "of all that is sold" in one.said("#today-facts")


async def test_what_has_started_is_grey_and_later_gone(tmp_path: Path) -> None:
    """F33."""
    with SandboxProcess(now="2026-06-03T08:50:00Z", token_seconds=100_000) as morning:
        async with counter(morning, tmp_path) as one:
            screen = await board(one, "Visite des coulisses")
            assert times(one)[0][0] == "11:00"
            one.till.pass_time(20 * 60)
            await one.till.services.catalogs.read()  # any answer tells the time
            screen._look()
            first = screen.query_one("#shows", RowList).rows[0]
            assert (first.cells[0], first.cells[1], first.disabled) == ("11:00", "started", True)
            assert one.rows("#shows")[1][1].startswith("next")
            one.till.pass_time(20 * 60)
            await one.till.services.catalogs.read()
            screen._look()
            await one.until(lambda: times(one)[0][0] == "14:00")


async def test_a_board_that_cannot_be_read_says_so_and_an_old_one_bears_its_age(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """F02 · F03."""
    async with counter(sandbox, tmp_path) as one:
        await one.until(lambda: isinstance(one.app.screen, CatalogScreen) and one.rows("#products"))
        sandbox.fault("status", route="offers", status=500, count=None)
        await one.press("ctrl+g")
        await one.until(lambda: isinstance(one.app.screen, TodayScreen))
        found = one.app.screen.query_one("#shows", RowList)
        await one.until(lambda: isinstance(found.state, Failed))
        sandbox.no_faults()
        await one.press("ctrl+r")
        await one.until(lambda: one.rows("#shows"))
        sandbox.fault("status", route="offers", status=500, count=None)
        await one.press("ctrl+r")
        await one.until(lambda: isinstance(found.state, Stale))
        assert one.rows("#shows")


async def test_a_day_without_sessions_says_so(tmp_path: Path) -> None:
    late = SandboxProcess(now="2026-06-03T21:50:00Z", token_seconds=100_000)
    async with counter(late, tmp_path) as one:
        await one.until(lambda: isinstance(one.app.screen, CatalogScreen) and one.rows("#products"))
        content = one.till.services.catalogs.content
        assert content is not None
        one.app.screen.favourites.put("f2", next(base.id for base in content.bases if base.name == "Parking"))
        await one.press("ctrl+g")
        await one.until(lambda: isinstance(one.app.screen, TodayScreen))
        found = one.app.screen.query_one("#shows", RowList)
        await one.until(lambda: isinstance(found.state, Empty))
        assert "Nothing with a session is left today." in one.text
        await one.press("escape")
        assert isinstance(one.app.screen, CatalogScreen)


async def test_it_is_the_start_screen_where_the_settings_say_so(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as known:
        await board(known)  # the catalog is on the disk from here on
    async with counter(sandbox, tmp_path / "again", start="today") as one:
        await one.until(lambda: isinstance(one.app.screen, TodayScreen) and one.rows("#shows"))
        await one.press("escape")
        assert isinstance(one.app.screen, CatalogScreen)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_what_sells_is_seen_at_every_size(sandbox: SandboxProcess, tmp_path: Path, size: tuple[int, int]) -> None:
    async with counter(sandbox, tmp_path, size=size) as one:
        await board(one, "Puy du Fou 1 jour + Cinéscénie", "Visite des coulisses")
        for seen in ("11:00", "next", "Visite des coulisses", "20:00", "left", "↵ sell"):
            assert seen in one.text


def test_the_settings_know_the_start_screens() -> None:
    assert Settings().start_screen == "catalog"
    assert Settings().sticky_date


async def test_from_an_event_s_session_to_all_that_can_be_bought_for_it(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path) as one:
        await board(one, "Visite des coulisses")
        await one.until(lambda: "e events" in one.text)
        await one.press("e")
        await one.until(lambda: ("20:00", "Cinéscénie") in times(one))
        assert [row for row in times(one) if row[1] == "Cinéscénie"] == [
            ("17:00", "Cinéscénie"),
            ("20:00", "Cinéscénie"),
        ]
        assert "of all events" in one.said("#today-facts")
        await one.press(*["down"] * times(one).index(("20:00", "Cinéscénie")))
        found = one.app.screen.query_one("#shows", RowList)
        await one.press(*["up"] * 20, *["down"] * times(one).index(("20:00", "Cinéscénie")))
        assert found.rows[found.cursor].cells[0] == "20:00"
        await one.press("enter")
        await one.until(lambda: isinstance(one.app.screen, OffersScreen) and one.rows())
        names = [row[0] for row in one.rows()]
        assert {"Adulte Argent · 1 jour", "Adulte Argent · 2 jours"} <= set(names)
        await one.until(lambda: one.offers.pane.offer and "20:00" in one.said("#day-title"))
        await one.press("2", "enter")
        sale = await one.held()
        assert [(state.line.quantity, f"{state.line.starts_at:%H:%M}") for state in sale.lines] == [(2, "20:00")]


async def test_back_from_the_events_to_the_favourites(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as one:
        await board(one, "Visite des coulisses")
        before = times(one)
        await one.until(lambda: "e events" in one.text)
        await one.press("e")
        await one.until(lambda: ("20:00", "Cinéscénie") in times(one))
        await one.press("e")
        assert await one.until(lambda: times(one) == before)


@pytest.mark.parametrize("generation", some(2, ["tutorial", "1.0.7", "release", "least"]))
async def test_where_no_sale_begins_with_an_event_no_key_says_so(generation: str, tmp_path: Path) -> None:
    with SandboxProcess(now="2026-06-03T08:00:00Z", generation=generation) as server:
        async with counter(server, tmp_path) as one:
            await board(one)
            await one.until(lambda: one.till.services.events.available is False)
            await one.pilot.pause()
            assert "e events" not in one.text
            before = times(one)
            await one.press("e")
            assert times(one) == before


async def test_the_board_of_favourites_that_are_over_shows_what_is_still_sold_c18(tmp_path: Path) -> None:
    with SandboxProcess(now="2026-06-05T17:00:00Z", token_seconds=100_000) as evening:  # 19:00: the talks are over
        async with counter(evening, tmp_path) as one:
            screen = await board(one, "Visite des coulisses")
            assert "Visite des coulisses" not in {name for _time, name in times(one)}
            assert "of all that is sold: no favourite has one left" in one.said("#today-facts")
            await one.press("ctrl+r")
            await one.until(lambda: screen._painted and one.rows("#shows"))
            assert "no favourite has one left" in one.said("#today-facts")


@pytest.mark.parametrize(
    ("amounts", "figure"),
    [(("12.00", "8.50"), "8+"), (("12.00", "9.00"), "9"), (("123.30",), "123+"), (("0.00",), "0"), (("0.40",), "0+")],
)
def test_a_figure_of_the_calendar_is_no_price_that_nobody_pays_c18(amounts: tuple[str, ...], figure: str) -> None:
    offers = [Offer("/o", "o", "p", None, Money(Decimal(one), "EUR"), None, 5, False, False) for one in amounts]
    cell = day_cell(offers)
    assert cell.price == figure
    lowest = f"{min(map(Decimal, amounts)):f}"
    for width in range(4, 9):
        shown = cell.shown(width)
        assert shown in ("", figure, lowest, cell.raised)
        assert len(shown) < width
        assert cell.shown(width, plain=True) in ("", figure, lowest)


def test_cents_stand_small_in_a_day_of_five_cells_where_the_terminal_can_show_them() -> None:
    offers = [Offer("/o", "o", "p", None, Money(Decimal("54.50"), "EUR"), None, 5, False, False)]
    cell = day_cell(offers)
    assert [cell.shown(width) for width in (4, 5, 6, 7, 8)] == ["54+", "54⁵⁰", "54⁵⁰", "54.50", "54.50"]
    assert cell.shown(5, plain=True) == "54+"


async def test_the_month_says_what_its_figures_are_c18(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, "Visite des coulisses", size=(80, 24)) as one:
        assert one.said("#month-state") == "from; 9+: 9 and cents"
        i18n.use("fr")
        one.offers.months.say_again()
        assert one.said("#month-state") == "dès\u00a0; 9+\u00a0: 9 et centimes"


def test_no_place_is_not_only_nought_c18() -> None:
    offer = Offer("/o", "o", "p", None, Money(Decimal("9.00"), "EUR"), None, 0, False, False)
    assert most(offer, None).why == "No place is left."
