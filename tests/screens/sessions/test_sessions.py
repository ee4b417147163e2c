"""Which session for each ticket, its form, and the hold, on a real sandbox."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

import pytest
from families import some
from offers_counter import AtDates, counter
from sandbox_process import SandboxProcess

from korus_tui.counter.basket.models import Quote
from korus_tui.counter.basket.sessions import (
    Fit,
    fit,
    fit_all,
    grouped,
    members_of,
    only_choice,
    people_of,
    showings,
)
from korus_tui.counter.basket.split import Split
from korus_tui.counter.catalog.offer_models import (
    Catalog,
    CatalogContent,
    FormField,
    Live,
    Offer,
    Product,
    Session,
    Ticket,
)
from korus_tui.sale.money import Money
from korus_tui.sale.state import LineStatus
from korus_tui.screens.common.answers import NotGood, value_of
from korus_tui.screens.common.form import FormScreen
from korus_tui.screens.dates.offers import OffersScreen
from korus_tui.screens.sessions.screen import SessionsScreen
from korus_tui.widgets.lists.row_list import RowList
from korus_tui.widgets.lists.states import Stale

SHOW = "puy du fou 1 jour adulte cinescenie argent"
OTHER_SHOW = "puy du fou 1 jour enfant cinescenie or"  # its places are sold away by one test
NOW = datetime(2026, 6, 3, 8, 20, tzinfo=UTC)
NOTHING_LIVE = Live(None, None, {})


async def choosing(one: AtDates, quantity: str = "2") -> SessionsScreen:
    """From the dates to the sessions."""
    await one.until(lambda: one.offers.pane.offer)
    await one.press(*quantity, "enter")
    await one.at_sessions()
    return one.sessions


def session(name: str, hour: int, left: int | None = None, event: str = "") -> Session:
    return Session(f"/sessions/{name}", name, NOW.replace(hour=hour, minute=0), 90, left, event)


def ticket(name: str, *sessions: Session) -> Ticket:
    return Ticket(f"/tickets/{name}", name, name, full_day=not sessions, sessions=sessions)


# The rules


@pytest.mark.parametrize(
    ("left", "live", "quantity", "expected"),
    [
        (None, {}, 999, Fit.FITS),
        (4, {}, 4, Fit.FITS),
        (3, {}, 4, Fit.TOO_FEW),
        (0, {}, 1, Fit.FULL),
        (50, {"late": 1}, 2, Fit.TOO_FEW),
        (0, {"late": 9}, 2, Fit.FITS),
    ],
)
def test_places_decide_and_the_live_figure_before_the_listed_one(
    left: int | None, live: dict[str, int], quantity: int, expected: Fit
) -> None:
    assert fit(session("late", 20, left), Live(None, None, live), quantity, NOW) is expected


def test_a_session_that_has_started_cannot_be_chosen() -> None:
    early = session("early", 8)
    assert fit(early, NOTHING_LIVE, 1, NOW) is Fit.STARTED
    assert early.starts_at is not None
    assert fit(early, NOTHING_LIVE, 1, early.starts_at - timedelta(seconds=1)) is Fit.FITS


def quote(*tickets: Ticket, quantity: int = 1, name: str = "Fire Adult", live: Live = NOTHING_LIVE) -> Quote:
    """A quote of a flat product; only its tickets, its number and its name count here."""
    catalog = Catalog("c", "park")
    content = CatalogContent(catalog, (catalog,), (), (), NOW, "en")
    price = Money.of("10", "EUR")
    offer = Offer(f"/offers/{name}", name, name, NOW.date(), price, None, None, False, False)
    return Quote(content, Product(name, f"/products/{name}", name), offer, live, quantity, tickets)


def test_nothing_is_asked_where_one_choice_is_left() -> None:
    day, show = ticket("day"), ticket("show", session("early", 7, 50), session("small", 18, 1), session("late", 20, 9))
    assert only_choice([quote(day, show, quantity=2)], NOW) == [[(day, None), (show, show.sessions[2])]]
    assert only_choice([quote(day, show)], NOW) is None
    assert only_choice([quote(day, show, quantity=10)], NOW) is None
    assert only_choice([quote(day, quantity=2)], NOW) == [[(day, None)]]
    late = show.sessions[2].starts_at
    assert only_choice([quote(show)], NOW, prefer=late) == [[(show, show.sessions[2])]]


@pytest.mark.parametrize(
    ("other", "together"),
    [
        (session("b", 20, event="Fire"), True),
        (session("a", 20), True),
        (session("b", 21, event="Fire"), False),
        (session("b", 20, event="Water"), False),
    ],
)
def test_sessions_are_the_same_showing_by_id_or_by_event_and_time(other: Session, together: bool) -> None:
    """Tickets of one showing are chosen together, whatever their names."""
    wanted = quote(ticket("Show", session("a", 20, event="Fire")))
    groups = grouped(members_of([wanted, quote(ticket("Spectacle", other), name="Other")]))
    assert (len(groups) == 1) is together


def test_no_event_at_one_time_is_no_showing() -> None:
    one, other = quote(ticket("Show", session("a", 20))), quote(ticket("Spectacle", session("b", 20)), name="Other")
    assert len(grouped(members_of([one, other]))) == 2


def _calls(work: Callable[[], object]) -> int:
    """How many functions are called, C's included: the same on a busy machine."""
    count = 0

    def note(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("kind", ["one time each", "all at one time", "one id", "no time"])
def test_f91_work_grows_with_the_number_of_sessions_and_no_faster(kind: str) -> None:
    def work(number: int) -> None:
        def sessions(prefix: str) -> list[Session]:
            at = (lambda n: NOW) if kind == "all at one time" else (lambda n: NOW + timedelta(minutes=n))
            return [
                Session(f"/s/{prefix}{n}", "same" if kind == "one id" else f"{prefix}{n}",
                        None if kind == "no time" else at(n), 90, n % 7, prefix) for n in range(number)
            ]  # fmt: skip

        adult = quote(ticket("Fire Adult", *sessions("adult")), quantity=2)
        child = quote(ticket("Fire Child", *sessions("child")), name="Fire Child")
        groups = grouped(members_of([adult, child]))
        for group in groups:
            for showing in showings(group):
                fit_all(group, showing, NOW)
        only_choice([adult, child], NOW)

    assert _calls(lambda: work(1_000)) < 2.3 * _calls(lambda: work(500))


def test_tickets_that_differ_by_who_they_are_for_are_one_group() -> None:
    adult = quote(ticket("Fire Adult", session("a", 20)), quantity=2)
    child = quote(ticket("Fire Child", session("b", 20)), quantity=2, name="Fire Child")
    water = quote(ticket("Water Child", session("c", 20)), name="Water Child")
    groups = grouped(members_of([adult, child, water]))
    assert [[member.ticket.name for member in group] for group in groups] == [
        ["Fire Adult", "Fire Child"],
        ["Water Child"],
    ]
    assert people_of(groups[0]) == 4
    apart = frozenset({groups[0][1].key})
    assert len(grouped(members_of([adult, child, water]), apart)) == 3


def test_a_shared_session_is_compared_with_the_sum_and_each_other_with_its_own() -> None:
    shared = session("one", 20, 3)
    adult, child = (
        quote(ticket("Fire Adult", shared), quantity=2),
        quote(ticket("Fire Child", shared), quantity=2, name="Fire Child"),
    )
    (group,) = grouped(members_of([adult, child]))
    (showing,) = showings(group)
    assert fit_all(group, showing, NOW) is Fit.TOO_FEW
    assert only_choice([adult, child], NOW) is None
    own = quote(ticket("Fire Child", session("two", 20, 2)), quantity=2, name="Fire Child")
    assert only_choice([adult, own], NOW) is not None


def test_a_time_that_one_of_them_does_not_have_is_not_for_all() -> None:
    adult = quote(ticket("Fire Adult", session("a20", 20), session("a21", 21)))
    child = quote(ticket("Fire Child", session("b21", 21)), name="Fire Child")
    (group,) = grouped(members_of([adult, child]))
    assert [fit_all(group, one, NOW) for one in showings(group)] == [Fit.NOT_ALL, Fit.FITS]


def test_people_of_one_product_are_split_resized_and_joined() -> None:
    basket = Split([quote(ticket("Fire Adult", session("a", 20), session("b", 21)), quantity=5)])
    (group,) = basket.groups
    assert basket.split(group)
    assert [one.quantity for one in basket.quotes] == [3, 2]
    _first, second = basket.groups
    assert basket.resize(second, 4)
    assert [one.quantity for one in basket.quotes] == [1, 4]
    assert not basket.resize(second, 5)
    assert not basket.can_split(basket.groups[0])
    basket.join()
    assert [one.quantity for one in basket.quotes] == [5]
    assert not basket.is_split


@pytest.mark.parametrize(
    ("kind", "typed", "expected"),
    [
        ("text", " M. Doe ", "M. Doe"),
        ("bool", "Oui", "true"),
        ("bool", "n", "false"),
        ("integer", "+03", "3"),
        ("decimal", "2,99", "2.99"),
        ("date", "1/2/2025", "2025-02-01"),
        ("date", "2025-1-9", "2025-01-09"),
        ("time", "7h30", "07:30"),
        ("time", "19", "19:00"),
        ("datetime", "1/1/2025", "2025-01-01 00:00:00"),
        ("datetime", "2025-01-01 7:30", "2025-01-01 07:30:00"),
        ("single_choice", "2", "fish"),
        ("single_choice", "vég", "veg"),
        ("multi_choice", "3, 1", "veg,meat"),
        ("multi_choice", "1 1", "meat"),
        ("text", "   ", ""),
    ],
)
def test_answers_are_written_as_the_api_wants_them(kind: str, typed: str, expected: str) -> None:
    assert value_of(asked(kind), typed) == expected


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("text", "x" * 256),
        ("bool", "perhaps"),
        ("integer", "1.5"),
        ("integer", "٣"),
        ("decimal", "1e5"),
        ("date", "31/2/2025"),
        ("date", "yesterday"),
        ("time", "24:00"),
        ("time", "soon"),
        ("datetime", "7:30"),
        ("single_choice", "4"),
        ("single_choice", "0"),
        ("single_choice", "zebra"),
        ("multi_choice", "1,9"),
    ],
)
def test_what_is_no_answer_is_told_in_words(kind: str, typed: str) -> None:
    with pytest.raises(NotGood, match=r"\.$"):
        value_of(asked(kind), typed)


def asked(kind: str) -> FormField:
    return FormField("/f", "label", kind, True, (("meat", "Viande"), ("fish", "Poisson"), ("veg", "Végétarien")))


# On the screen


async def test_full_day_needs_nothing_and_enter_holds_the_highlighted_session(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path, SHOW) as one:
        screen = await choosing(one)
        assert "full day — nothing to choose" in one.text
        assert "Wednesday 3 June 2026 · 2 people · €72.00 each" in one.said("#sessions-facts")
        assert [row[0] for row in one.rows("#ticket-1 RowList")] == ["17:00", "20:00"]
        assert screen.panes[0].list is None
        assert "2 × Puy du Fou 1 jour Adulte + Cinéscénie Argent · €72.00 each · €144.00" in one.text
        late = screen.panes[1].group[0].ticket.sessions[1]
        await one.press("down")
        assert "◀ chosen for 2" in one.rows("#ticket-1 RowList")[1][2]
        await one.press("enter")
        (state,) = (await one.held()).lines
        day, show = state.line.tickets
        assert (day.session, day.starts_at) == (None, None)
        assert show.session == late.iri
        assert show.starts_at is not None
        assert show.starts_at.isoformat() == "2026-06-03T20:00:00+02:00"
        assert sandbox.state()["reservations"][-1]["item"]["quantity"] == 2


async def test_the_second_enter_of_a_double_one_holds_nothing_f50_f51(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F50 · F51."""
    async with counter(sandbox, tmp_path, SHOW) as one:
        await one.until(lambda: one.offers.pane.offer)
        await one.press("enter")
        await one.until(lambda: isinstance(one.app.screen, SessionsScreen) and one.app.screen.is_mounted)
        await one.press("enter")
        assert one.sale is None
        await one.at_sessions()
        await one.pilot.press("enter", "enter")
        await one.until(lambda: one.sale and one.sale.with_status(LineStatus.HELD))
        assert one.sale is not None
        assert len(one.sale.lines) == 1


async def test_the_only_fitting_session_is_held_without_a_question(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, "noces de feu adulte") as one:
        await one.until(lambda: one.offers.pane.offer)
        await one.press("2", "enter")
        (choice,) = (await one.held()).lines[0].line.tickets
        assert choice.starts_at is not None
        assert f"{choice.starts_at:%H:%M}" == "21:30"


async def test_too_few_places_are_said_and_not_held(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, SHOW) as one:
        screen = await choosing(one, "40")
        rows = one.rows("#ticket-1 RowList")
        assert all("too few for 40" in row[2] for row in rows)
        assert "no session has places for 40" in one.text
        assert all(row.disabled for row in screen.panes[1].query_one(RowList).rows)
        await one.press("enter")
        assert "has too few places" in one.problem
        assert "No place is held." in one.problem
        assert one.sale is None
        await one.press("escape")
        assert isinstance(one.app.screen, OffersScreen)
        assert one.offers.pane.quantity == 40


async def test_a_session_that_starts_meanwhile_is_greyed_with_its_age_f33(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F33."""
    monkeypatch.setattr("korus_tui.screens.sessions.screen._OLD", math.inf)  # what was read is not read anew
    with SandboxProcess(now="2026-06-03T07:25:00Z") as morning:
        async with counter(morning, tmp_path, "visite des coulisses adulte") as one:
            await choosing(one, "1")
            assert one.rows("#ticket-0 RowList")[0][0] == "09:30"
            one.till.pass_time(23 * 60)
            await one.press("enter")
            first = one.rows("#ticket-0 RowList")[0]
            assert (first[0], first[1], first[2]) == ("09:30", "", "started 18 min ago")
            assert "has started" in one.problem
            assert one.sale is None
            await one.press("down", "enter")
            (choice,) = (await one.held()).lines[0].line.tickets
            assert choice.starts_at is not None
            assert f"{choice.starts_at:%H:%M}" == "11:00"


async def test_r_asks_again_and_an_old_answer_bears_its_age_f02_f17(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F02 · F17."""
    async with counter(sandbox, tmp_path, OTHER_SHOW) as one:
        screen = await choosing(one, "3")
        await one.press("down")
        first = screen.panes[1].group[0].ticket.sessions[0]
        assert first.left is not None
        sandbox.sell(first.id, first.left - 1)
        await one.press("ctrl+r")
        await one.until(lambda: "too few for 3" in one.rows("#ticket-1 RowList")[0][2])
        assert screen.panes[1].showing is not None
        assert screen.panes[1].key == screen.panes[1].group[0].ticket.sessions[1].id
        sandbox.fault("status", route="availability", status=500, count=None)
        await one.press("ctrl+r")
        await one.until(lambda: one.problem)
        assert isinstance(screen.panes[1].query_one(RowList).state, Stale)
        sandbox.no_faults()
        await one.press("enter")
        assert (await one.held()).places == 3


async def test_an_old_page_is_asked_again_before_it_holds_f17(
    sandbox: SandboxProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F17."""
    monkeypatch.setattr("korus_tui.screens.sessions.screen._OLD", -1.0)
    async with counter(sandbox, tmp_path, "puy du fou 1 jour enfant cinescenie bronze") as one:
        screen = await choosing(one, "3")
        await one.press("down")
        second = screen.panes[1].group[0].ticket.sessions[1]
        assert second.left is not None
        sandbox.sell(second.id, second.left - 2)
        await one.press("enter")
        await one.until(lambda: one.problem)
        assert "has too few places" in one.problem
        assert one.sale is None
        assert screen.panes[1].showing is not None
        assert screen.panes[1].showing.first == replace(second, left=2)
        await one.press("up", "enter")
        assert (await one.held()).places == 3


async def test_tickets_of_one_showing_are_chosen_together_until_they_are_split(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path, SHOW) as one:
        await choosing(one)
        screen = await two_shows(one)
        assert "Places for all 2 are chosen together" in one.said("#together")
        assert [len(pane.group) for pane in screen.panes] == [2, 1]
        await one.press("down")
        assert sessions_of(screen) == {"stalls": ["s21"], "circle": ["c21"], "dinner": ["d19"]}
        await one.press("s")
        assert [len(pane.group) for pane in screen.panes] == [1, 1, 1]
        assert "Chosen apart" in one.said("#together")
        await one.press("down", "tab", "down", "up")
        assert sessions_of(screen) == {"stalls": ["s21"], "circle": ["c20"], "dinner": ["d19"]}
        await one.press("enter")
        assert "A session for “dinner”, please." in one.problem
        assert screen.panes[2].list is not None
        assert screen.panes[2].list.has_focus
        assert one.sale is None
        await one.press("j")
        assert [len(pane.group) for pane in screen.panes] == [2, 1]


async def two_shows(one: AtDates) -> SessionsScreen:
    """The page for three tickets of which two are for the same showings; the API has no such product of its own."""
    before = one.sessions.basket.quotes[0]
    stalls = ticket("stalls", session("s20", 20, event="Fire"), session("s21", 21, event="Fire"))
    circle = ticket("circle", session("c20", 20, event="Fire"), session("c21", 21, event="Fire"))
    dinner = ticket("dinner", session("d19", 19), session("d22", 22))
    tickets: Sequence[Ticket] = (stalls, circle, dinner)
    await one.app.push_screen(SessionsScreen(one.till.services, [replace(before, tickets=tuple(tickets))]))
    await one.at_sessions()
    return one.sessions


def sessions_of(screen: SessionsScreen) -> dict[str, list[str]]:
    """The chosen sessions by the tickets' names."""
    found: dict[str, list[str]] = {}
    for _quote, choices in screen._chosen():
        for ticket_, session_ in choices:
            found.setdefault(ticket_.name, []).append(session_.id if session_ else "")
    return found


async def test_people_of_one_product_go_to_two_sessions_as_two_items(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, SHOW) as one:
        screen = await choosing(one, "4")
        await one.press("s")
        shows = [pane for pane in screen.panes if not pane.full_day]
        assert [pane.group[0].quote.quantity for pane in shows] == [2, 2]
        await one.press("1")
        assert [pane.group[0].quote.quantity for pane in shows] == [1, 3]
        await one.press("enter", "down", "enter")
        sale = await one.held()
        lines = [(state.line.quantity, f"{state.line.starts_at:%H:%M}") for state in sale.lines]
        assert lines == [(1, "17:00"), (3, "20:00")]


async def test_a_ticket_without_sessions_says_so(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, SHOW) as one:
        screen = await choosing(one)
        empty = replace(ticket("show", session("s20", 20)), sessions=())
        wanted = replace(screen.basket.quotes[0], tickets=(empty,))
        await one.app.push_screen(SessionsScreen(one.till.services, [wanted]))
        await one.at_sessions()
        assert "No session is sold for this ticket on this day." in one.text
        await one.press("enter")
        assert "“show” has no session on this day." in one.problem
        assert one.sale is None


async def test_a_form_is_answered_before_the_hold(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, "diner spectacle adulte") as one:
        await choosing(one)
        await one.press("enter")
        await one.until(lambda: isinstance(one.app.screen, FormScreen))
        assert one.sale is None
        await one.press("escape")
        await one.until(lambda: isinstance(one.app.screen, SessionsScreen) and one.app.screen.ready)
        assert one.sale is None
        await one.press("enter")
        await one.until(lambda: isinstance(one.app.screen, FormScreen))
        await one.press("ctrl+s")
        assert one.text.count("Please fill in:") == 3
        await one.press(*"Ann", "enter", *"7", "enter")
        assert "“7” is none of these: 1\u00a0Viande / Meat" in one.text
        await one.press("backspace", "2", "enter", *"1,3", "down", "n", "ctrl+s")
        (state,) = (await one.held()).lines
        values = [answer.value for answer in state.line.tickets[0].answers]
        assert values == ["Ann", "Poisson / Fish", "Gluten,Arachide / Peanut", "false"]
        assert state.line.tickets[0].form


@pytest.mark.parametrize("size", some(2, [((80, 24),), ((120, 40),), ((200, 60),)]))
async def test_what_is_chosen_is_seen_at_every_size(
    sandbox: SandboxProcess, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with counter(sandbox, tmp_path, SHOW, size=size) as one:
        await choosing(one)
        await one.press("down")
        for seen in ("2 people", "17:00", "20:00", " left", "◀ chosen for 2", "↵ hold"):
            assert seen in one.text
