"""What a server of another hand answered: lists that lag or are cut, orders named otherwise, holds that are none.

Each case gave money back over an order that exists, took money for places that nobody holds, or did not see an order.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from till import DAY_PRODUCT, EAGER, SHOW_PRODUCT, Stage, Till

from korus_tui.counter.core.problems import CounterError
from korus_tui.sale.differences import Between, undecided
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.state import UNKNOWN
from world.answers import BEFORE, NONE, Answer, Json, dropped, edited, members, missing, violations, with_fields
from world.kit import arrived, ask_to_hold, money_back
from world.server import World

ORDERED_ALREADY = violations(("reservations[0]", "La réservation est déjà commandée", "ordered"))


def unlisted(world: World) -> None:
    """The list and the reservation itself know nothing of any order yet, and say so."""
    world.edit("orders", missing)
    world.edit("reservation", with_fields(order=None))


def _cut(body: Json) -> None:
    missing(body)
    del body["totalItems"]


def cut_list(world: World) -> None:
    """An empty list that does not say how long it is."""
    unlisted(world)
    world.edit("orders", _cut)


def wrong_total(world: World) -> None:
    unlisted(world)
    world.edit("orders", lambda body: body.update(totalItems=-1))


def anonymous_list(world: World) -> None:
    """The order stands there, and bears neither our reference nor a reservation."""
    world.edit("orders", with_fields(externalReference=None, reservation=None))
    world.edit("reservation", with_fields(order=None))


def said_twice(world: World) -> None:
    """The call had its effect and its answer was lost; the same call again is refused for what the reservation is."""
    unlisted(world)
    world.always("order_bulk", Answer(NONE, 422, ORDERED_ALREADY))


DOUBT: dict[str, tuple[Answer, Callable[[World], None]]] = {
    "an empty list without its total": (dropped(BEFORE), cut_list),
    "a total below zero": (dropped(BEFORE), wrong_total),
    "an order of nobody in the list": (dropped(BEFORE), anonymous_list),
    "lists that lag, and refused as ordered": (dropped(BEFORE), said_twice),
    "sent twice on the way, refused as ordered": (Answer(BEFORE, 422, ORDERED_ALREADY), said_twice),
    "refused for a place that no list has": (
        Answer(BEFORE, 422, violations(("reservations[-1]", "Déjà commandée", "x"))),
        cut_list,
    ),
}

EMAIL = violations(("customer.email", "Adresse non valide.", "email"))
LAGS = 0.4  # seconds for which no order of the last while is seen anywhere


async def _refused_falsely(till: Till, world: World, reference: str) -> None:
    """A refusal of Korus' own form, over an order that was made."""
    world.script("order_bulk", Answer(BEFORE, 422, EMAIL))
    await till.pay(reference)
    await till.settled(reference)


_Undo = Callable[[Till, str], Awaitable[object]]
UNDONE: dict[str, _Undo] = {
    "the payment": lambda till, reference: till.services.checkout.undo(reference),
    "a paid line": lambda till, reference: till.services.holding.leave_out(
        reference, [state.line.id for state in till.sale(reference).lines]
    ),
}


@pytest.mark.parametrize("what", UNDONE)
async def test_money_waits_until_what_lags_can_be_seen_f82(what: str, world: World, tmp_path: Path) -> None:
    """A refusal of Korus' own form that is false: the order was made, and is not seen for a moment after."""
    async with Till(world, tmp_path, patience=replace(EAGER, settles=LAGS)) as till:
        reference = await _paid(till)
        world.lag = {"orders": LAGS, "reservation.order": LAGS}
        await _refused_falsely(till, world, reference)
        before = len(world.calls)
        with pytest.raises(CounterError, match="booked it after all"):
            await UNDONE[what](till, reference)
        assert [one.route for one in world.calls[before:]].count("orders") == 1
        assert till.sale(reference).all_ordered
        assert await money_back(till, reference) == []


async def test_an_order_that_stays_unseen_is_looked_for_on_and_on_f82(world: World, tmp_path: Path) -> None:
    """Nothing that the API says tells a false refusal from a true one: the look goes on, and X finds it too."""
    async with Till(world, tmp_path) as till:
        reference = await _paid(till)
        unlisted(world)
        await _refused_falsely(till, world, reference)
        assert await till.services.checkout.undo(reference)
        late = till.services.late_orders
        assert late.watched_until(reference) is not None
        world.polite()
        await late.look()
        assert [order.reservation for order in till.sale(reference).unpaid_orders]


async def test_a_hold_s_state_in_another_word_may_mean_that_it_is_ordered_f82(world: World, tmp_path: Path) -> None:
    """Its order is null, and its state a word that no document has: not said to be unordered."""
    async with Till(world, tmp_path) as till:
        reference = await _paid(till)
        world.edit("orders", missing)
        world.edit("reservation", with_fields(order=None, status="completed"))
        await _refused_falsely(till, world, reference)
        with pytest.raises(CounterError):
            await till.services.checkout.undo(reference)
        assert await money_back(till, reference) == []
        world.polite()
        with pytest.raises(CounterError, match="booked it after all"):
            await till.services.checkout.undo(reference)


def twice(body: Json) -> None:
    """Each order stands there as cancelled, then as it is."""
    listed = members(body)
    listed[:0] = [{**one, "status": "cancelled"} for one in listed]


async def test_of_an_order_that_stands_twice_in_a_list_its_own_page_is_read_f85(world: World, tmp_path: Path) -> None:
    """The list has it first as cancelled, then as it is."""
    async with Till(world, tmp_path) as till:
        reference = await _paid(till)
        world.edit("orders", twice)
        world.script("order_bulk", dropped(BEFORE))
        await till.pay(reference)
        sale = await till.until(reference, lambda sale: sale.all_ordered)
        assert [order.cancelled for order in sale.orders] == [False]


@pytest.mark.parametrize("status", [404, 503])
async def test_of_such_an_order_that_cannot_be_read_itself_nothing_is_certain_f85(
    status: int, world: World, tmp_path: Path
) -> None:
    async with Till(world, tmp_path) as till:
        reference = await _paid(till)
        world.edit("orders", twice)
        world.edit("reservation", with_fields(order=None))
        world.always("order", Answer(NONE, status))
        await _refused_falsely(till, world, reference)
        with pytest.raises(CounterError):
            await till.services.checkout.undo(reference)
        assert await money_back(till, reference) == []
        assert not till.sale(reference).orders


async def test_an_order_that_names_another_hold_than_the_one_that_names_it_is_shown_f85(
    world: World, tmp_path: Path
) -> None:
    another = "/v1/booking/reservations/0194b1b3-0000-7000-8000-000000000000"
    async with Till(world, tmp_path) as till:
        reference = await _paid(till)
        world.edit("orders", missing)
        world.edit("order", with_fields(reservation=another))
        world.script("order_bulk", dropped(BEFORE))
        await till.pay(reference)
        sale = await till.until(reference, lambda sale: sale.all_ordered)
        (differs,) = undecided(sale)
        assert differs.between is Between.RESERVATION_ORDERED
        assert (differs.first, differs.second) == (sale.orders[0].reservation.rpartition("/")[2], another[-36:])


LOOKS = 5  # of which some are later than the second answer


async def _paid(till: Till) -> str:
    assert isinstance(till.sandbox, World)
    sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
    return sale.reference


@pytest.mark.parametrize("name", DOUBT)
async def test_no_money_back_over_an_order_that_no_list_shows_yet_f82(name: str, world: World, tmp_path: Path) -> None:
    answer, lists = DOUBT[name]
    async with Till(world, tmp_path) as till:
        reference = await _paid(till)
        lists(world)
        world.script("order_bulk", answer)
        await till.pay(reference)
        await arrived(world, "reservation", LOOKS)
        with pytest.raises((CounterError, NotAllowed)):
            await till.services.checkout.undo(reference)
        assert await money_back(till, reference) == []
        world.polite()
        till.services.recovery.ask_now(reference)
        await till.until(reference, lambda sale: sale.all_ordered)
    assert len(world.orders) == 1


NAMED: dict[str, Callable[[str], Any]] = {
    "in capitals": str.upper,
    "at another host": lambda iri: f"https://api.korusticket.example{iri}",
    "with a slash and a query": lambda iri: f"{iri}/?x=1",
    "by its id alone": lambda iri: iri.rpartition("/")[2],
    "as an object with an id": lambda iri: {"@type": "BookingOrder", "id": iri.rpartition("/")[2]},
}


@pytest.mark.parametrize("name", NAMED)
async def test_an_order_is_found_however_its_reservation_names_it_f82(name: str, world: World, tmp_path: Path) -> None:
    def renamed(body: Json) -> None:
        if body["order"]:
            body["order"] = NAMED[name](body["order"])

    async with Till(world, tmp_path) as till:
        reference = await _paid(till)
        world.edit("orders", missing)
        world.edit("reservation", renamed)
        world.script("order_bulk", dropped(BEFORE))
        await till.pay(reference)
        await till.until(reference, lambda sale: sale.all_ordered)
    assert len(world.orders) == len(world.calls_of("order_bulk")) == 1


def _another(body: Json) -> None:
    """A second reservation of just the same stands before ours."""
    other = members(body)[0]["id"][:-4] + "aaaa"
    members(body).insert(0, {**members(body)[0], "id": other, "@id": f"/v1/booking/reservations/{other}"})


def _without_the_last(body: Json) -> None:
    members(body).pop()


NO_HOLD: dict[str, Answer] = {
    "a status that no document has": edited(with_fields(status="pending")),
    "cancelled": edited(with_fields(status="Cancelled")),
    "expired, in a word": edited(with_fields(expired="True")),
    "ours and another's": edited(_another),
    "a place that was not asked for is refused": Answer(BEFORE, 422, violations(("items[-1].quantity", "Non.", "x"))),
}


@pytest.mark.parametrize("name", NO_HOLD)
async def test_no_money_for_what_is_no_hold_for_sure_f80(name: str, world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        line = await till.line(DAY_PRODUCT)
        world.script("reserve", NO_HOLD[name])
        reference = await ask_to_hold(till, line)
        (state,) = (await till.settled(reference)).lines
        assert state.refusal is not None
        assert state.refusal.code == UNKNOWN
        with pytest.raises(CounterError):
            await till.start_payment(reference)


async def test_a_line_of_which_the_answer_says_nothing_may_be_held_f80(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        lines = [await till.line(DAY_PRODUCT), await till.line(SHOW_PRODUCT)]
        world.script("reserve", edited(_without_the_last))
        sale = await till.settled(await ask_to_hold(till, *lines))
        assert [state.refusal.code if state.refusal else "" for state in sale.lines] == ["", UNKNOWN]
        assert len(world.reservations) == 2
