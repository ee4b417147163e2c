"""Holds of which nobody can tell whose they are: never adopted; said, with the moment until which they run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from counter_home import SELL, settle_in
from pseudo_terminal import Terminal
from selling import at_the_catalog, take, to_the_cart, to_the_money, to_the_sessions
from till import DAY_PRODUCT, Stage, Till

from korus_tui.sale import events as e
from korus_tui.sale.state import UNKNOWN, LineStatus, Sale
from world.answers import BEFORE, CUT, EMPTY, HALF, HTML, NONE, Answer, dropped, each, edited, problem
from world.kit import arrived, ask_to_hold, check_none_is_used_twice
from world.server import World
from world.truth import DAY


def check_nothing_is_held(sale: Sale) -> None:
    """No hold, and the agent is told that places may be held, until when."""
    assert not sale.holds
    assert sale.attempt is None
    for state in sale.lines:
        assert sale.status(state) is LineStatus.REFUSED
        assert state.refusal is not None
        assert (state.refusal.code, bool(state.refusal.words)) == (UNKNOWN, True)


@pytest.mark.parametrize("hand", ["till", "shop"])
async def test_what_another_holds_meanwhile_is_not_adopted(hand: str, world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path / "a") as a, Till(world, tmp_path / "b") as b:
        world.script("reserve", dropped(NONE, hang=60))
        reference = await ask_to_hold(a, await a.line(DAY_PRODUCT, quantity=2))
        await arrived(world, "reserve")
        if hand == "till":
            theirs = await b.sell_until(Stage.HELD, await b.line(DAY_PRODUCT, quantity=2))
        else:
            world.shop.hold(DAY, quantity=2)
        world.let_go()
        ours = await a.settled(reference)
        check_nothing_is_held(ours)
        if hand == "till":
            await b.start_payment(theirs.reference)
            await b.pay(theirs.reference)
            theirs = await b.until(theirs.reference, lambda sale: sale.all_ordered)
            check_none_is_used_twice([ours, theirs])


async def test_nor_after_a_kill_and_a_restart(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path / "a") as a:
        world.script("reserve", dropped(NONE, hang=60))
        reference = await ask_to_hold(a, await a.line(DAY_PRODUCT, quantity=2))
        await arrived(world, "reserve")
        world.shop.hold(DAY, quantity=2)
        await a.restart()
        check_nothing_is_held(await a.settled(reference))


@pytest.mark.parametrize(
    "answer",
    [
        dropped(BEFORE),
        dropped(NONE),
        Answer(body=CUT),
        Answer(body=HALF),
        Answer(body=EMPTY),
        Answer(status=500, body=problem(500)),
        Answer(status=502, body=HTML),
        Answer(status=504, body=HTML),
        Answer(NONE, 503, HTML),
    ],
    ids=["dropped after", "dropped before", "cut", "half", "empty", "500", "502", "504", "503"],
)
async def test_a_lost_answer_adopts_nothing_and_names_the_time(answer: Answer, world: World, tmp_path: Path) -> None:
    """What lies there may be ours, or the shop's: nothing tells one from the other."""
    async with Till(world, tmp_path) as till:
        line = await till.line(DAY_PRODUCT)
        world.script("reserve", answer)
        reference = await ask_to_hold(till, line)
        await arrived(world, "reserve")
        if answer.effect == NONE:
            world.shop.hold(DAY)
        check_nothing_is_held(await till.settled(reference))
        again = await till.hold_again(reference)
        assert len(again.running_holds) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=403, body=HTML),
        Answer(status=404, body=HTML),
        Answer(status=407, body=HTML),
        Answer(status=409, body=problem(409)),
        Answer(status=307, headers={"Location": "/elsewhere"}, body=EMPTY),
        Answer(status=401, body=HTML),
    ],
    ids=["403", "404", "407", "409", "307", "401"],
)
async def test_what_a_proxy_answers_is_no_refusal_of_a_hold(answer: Answer, world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        line = await till.line(DAY_PRODUCT)
        world.script("reserve", answer)
        sale = await till.settled(await ask_to_hold(till, line))
        check_nothing_is_held(sale)
        assert len(world.calls_of("reserve")) == 1


def _of(other: str) -> Callable[[dict[str, object]], None]:
    """The second reservation bears the first one's address."""

    def edit(body: dict[str, object]) -> None:
        found = body[other]
        assert isinstance(found, list)
        found[1]["@id"], found[1]["id"] = found[0]["@id"], found[0]["id"]

    return edit


async def test_one_id_for_two_reservations_is_doubt_with_a_way_out(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        lines = await till.line(DAY_PRODUCT), await till.line()
        world.script("reserve", edited(_of("reservations")))
        reference = await ask_to_hold(till, *lines)
        sale = await till.settled(reference)
        assert len({hold.reservation for hold in sale.running_holds}) == len(sale.running_holds)
        again = await till.hold_again(reference)
        assert len(again.running_holds) == 2
        till.failures.clear()


async def test_of_two_reservations_for_one_line_none_is_taken_for_ours(world: World, tmp_path: Path) -> None:
    def doubled(body: dict[str, object]) -> None:
        found = body["reservations"]
        assert isinstance(found, list)
        (one,) = found
        found.append({**one, "@id": one["@id"][:-4] + "ffff", "id": one["id"][:-4] + "ffff"})

    async with Till(world, tmp_path) as till:
        line = await till.line(DAY_PRODUCT)
        world.script("reserve", edited(doubled))
        reference = await ask_to_hold(till, line)
        sale = await till.settled(reference)
        check_nothing_is_held(sale)
        problem = till.services.holding.problems[reference]
        assert "Up to 2 places may be held without us until" in problem.meaning


async def test_a_reservation_of_a_sale_before_the_restart_is_not_used_again(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        line = await till.line(DAY_PRODUCT)
        earlier = await till.sell_until(Stage.ORDERED, line)
        await till.services.desk.record(earlier.reference, e.SaleFinished())
        iri = str(earlier.orders[0].reservation)
        await till.restart()
        again = each(lambda one: one.update({"@id": iri, "id": iri.rpartition("/")[2]}))
        world.script("reserve", edited(again))
        check_nothing_is_held(await till.settled(await ask_to_hold(till, await till.line(DAY_PRODUCT))))


NOT_UNDERSTOOD = "The sign-in was answered, and this till does not understand it (200)."


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(body={"error": "invalid_client"}), NOT_UNDERSTOOD),
        (Answer(body=HTML), NOT_UNDERSTOOD),
        (Answer(status=429, body=EMPTY, headers={"Retry-After": "31536000"}), "The API asks us to wait."),
    ],
    ids=["an error", "a page", "a year"],
)
async def test_a_sign_in_that_is_answered_otherwise_holds_nothing(
    answer: Answer, said: str, world: World, tmp_path: Path
) -> None:
    async with Till(world, tmp_path) as till:
        line = await till.line(DAY_PRODUCT)
        world.revoke()
        await till.services.line.close()
        world.always("token", answer)
        reference = await ask_to_hold(till, line)
        sale = await till.settled(reference)
        assert not sale.running_holds
        problem = till.services.holding.problems[reference]
        assert (problem.what, problem.meaning) == (said, "No place is held.")
        world.always("token")
        assert (await till.hold_again(reference)).running_holds


async def test_what_was_held_is_what_was_asked_for(world: World, tmp_path: Path) -> None:
    """The answer names other places than were asked for: they are not the sale's, and that is said."""

    def earlier(one: dict[str, object]) -> None:
        for item in one["items"]:  # type: ignore[attr-defined]
            for ticket in item["offerTickets"]:
                if "session" in ticket:
                    ticket["session"] = ticket["session"].replace("337177bc-e513", "ff23a5a2-a53f")

    async with Till(world, tmp_path) as till:
        line = await till.line()
        world.script("reserve", edited(each(earlier)))
        check_nothing_is_held(await till.settled(await ask_to_hold(till, line)))


def test_the_agent_sees_that_places_may_be_held(world: World, tmp_path: Path) -> None:
    with (
        Terminal(SELL, env=settle_in(tmp_path / "a", world)) as ours,
        Terminal(SELL, env=settle_in(tmp_path / "b", world)) as theirs,
    ):
        at_the_catalog(ours)
        to_the_sessions(ours)
        ours.press("down")
        ours.wait_for("chosen for 1")
        world.script("reserve", dropped(NONE, hang=60))
        ours.press("enter")
        world.wait_for(lambda: world.calls_of("reserve"))
        to_the_cart(theirs)
        world.let_go()
        ours.wait_until(lambda text: "may be held" in text or "held 14:" in text, "what became of the hold")
        assert "held 14:" not in ours.text
        to_the_money(theirs)
        take(theirs)
    assert len(world.orders) == 1
