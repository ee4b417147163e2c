"""Orders in a world that is not polite: what an answer means, whose an order is, and what money may do meanwhile."""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from counter_home import SELL, settle_in
from pseudo_terminal import Terminal
from selling import next_customer, to_the_cart, to_the_money
from till import DAY_PRODUCT, Stage, Till

from korus_tui.counter.booking.lost_orders import Patience
from korus_tui.counter.core.problems import CounterError
from korus_tui.sale.differences import ordered_otherwise, undecided
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.stage import stage_of
from korus_tui.sale.state import Sale
from korus_tui.screens.checkout.state import state_content
from world.answers import (
    BEFORE,
    EMPTY,
    HTML,
    NONE,
    Answer,
    cancelled,
    dropped,
    each,
    edited,
    members,
    missing,
    problem,
    reference_in,
    repeated,
    violations,
    with_fields,
    with_unreadable,
    without_fields,
)
from world.kit import arrived, money_back
from world.server import World

DOUBTFUL = {
    "403 page": (403, HTML),
    "403 of the API": (403, problem(403)),
    "404": (404, HTML),
    "400": (400, problem(400)),
    "407": (407, HTML),
    "409": (409, problem(409)),
    "410": (410, EMPTY),
    "307": (307, EMPTY),
    "308": (308, EMPTY),
    "415": (415, problem(415)),
    "422 page": (422, HTML),
    "422 of another form": (422, {"error": "unprocessable"}),
    "422 of another call": (422, violations(("items[0].quantity", "Cette valeur n'est pas valide.", "type"))),
    "422 that names nothing": (422, violations(("", "Cette valeur n'est pas valide.", "type"))),
    "422 of a reservation that was not sent": (422, violations(("reservations[7].expired", "Expirée", "expired"))),
    "302 to a login": (302, HTML),
    "201 empty": (201, EMPTY),
    "no orders": (200, {"@type": "CreateOrderBulkOutput", "@id": "/x", "orders": []}),
    "an empty failedOrders": (200, {"@type": "CreateOrderBulkOutput", "@id": "/x", "orders": [], "failedOrders": [{}]}),
    "200 page": (200, HTML),
    "204": (204, EMPTY),
}


async def pay_and_drop(till: Till, *answers: Answer) -> str:
    """Cash for one day ticket, whose order call is answered so."""
    sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
    assert isinstance(till.sandbox, World)
    till.sandbox.script("order_bulk", *answers)
    await till.pay(sale.reference)
    return sale.reference


def _like(orders: list[dict[str, Any]], number: int) -> dict[str, Any]:
    """Another order like the first one, under a long name of its own."""
    iri = f"/v1/booking/orders/01960000-0020-7000-8000-9{number:011x}"
    return {**orders[0], "@id": iri, "id": iri.rpartition("/")[2], "reference": f"KT-ORD-{'9' * 60}-{number}"}


def shown(sale: Sale) -> bool:
    """Whether something is left to decide or to have cancelled, instead of a sale that is simply complete."""
    return bool(undecided(sale) or sale.too_many or sale.unpaid_orders)


# 3. A refusal is only what the API surely refused


@pytest.mark.parametrize("name", DOUBTFUL)
async def test_an_order_that_was_made_is_found_whatever_was_answered_f05(
    name: str, world: World, tmp_path: Path
) -> None:
    status, body = DOUBTFUL[name]
    async with Till(world, tmp_path) as till:
        reference = await pay_and_drop(till, Answer(BEFORE, status, body))
        await till.until(reference, lambda sale: sale.attempt is None or sale.all_ordered)
        assert till.sale(reference).all_ordered
        assert len(world.orders) == len(world.calls_of("order_bulk")) == 1
        assert await money_back(till, reference) == []


@pytest.mark.parametrize("name", ["403 page", "409", "an empty failedOrders", "422 of another form"])
async def test_money_back_waits_for_the_look(name: str, world: World, tmp_path: Path) -> None:
    """As long as the look-up cannot be made, a payment cannot be undone."""
    status, body = DOUBTFUL[name]
    async with Till(world, tmp_path) as till:
        for route in ("orders", "reservation"):
            world.always(route, Answer(status=503, body=HTML))
        reference = await pay_and_drop(till, Answer(BEFORE, status, body))
        await till.until(reference, lambda sale: sale.attempt is None or sale.attempt.unknown)
        with pytest.raises((CounterError, NotAllowed)):
            await till.services.checkout.undo(reference)
        assert await money_back(till, reference) == []
        world.polite()
        assert (await till.until(reference, lambda sale: sale.all_ordered)).all_ordered


async def test_after_a_401_the_order_is_looked_up_before_it_is_repeated(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        challenge = {"WWW-Authenticate": "Bearer"}
        reference = await pay_and_drop(till, Answer(BEFORE, 401, {"code": 401}, challenge))
        await till.until(reference, lambda sale: sale.all_ordered)
        routes = [one.route for one in world.calls if one.route in ("order_bulk", "orders", "reservation")]
        assert routes[0] == "order_bulk"
        assert routes[1] != "order_bulk"
        assert len(world.orders) == len(world.calls_of("order_bulk")) == 1


async def test_the_apis_own_422_is_a_refusal(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        wrong = violations(("customer.email", "Cette adresse n'est pas valide.", "email"))
        reference = await pay_and_drop(till, Answer(NONE, 422, wrong))
        sale = await till.settled(reference)
        assert not sale.all_ordered
        assert not world.calls_of("orders", "reservation")  # what would cost money is asked first, and nothing else
        await till.services.checkout.book(reference)
        await till.until(reference, lambda one: one.all_ordered)
    assert len(world.orders) == 1


def test_a_refusal_is_asked_about_once_before_money_goes_back(world: World, tmp_path: Path) -> None:
    """The API's own 422 came although the order was made: `u` finds it, and the customer gets their tickets."""
    with Terminal(SELL, env=settle_in(tmp_path, world)) as terminal:
        to_the_cart(terminal)
        to_the_money(terminal)
        world.script("order_bulk", Answer(BEFORE, 422, violations(("customer.email", "Adresse non valide.", "email"))))
        terminal.press("f10")
        terminal.wait_for("Nothing was ordered")
        terminal.settle()
        terminal.press("esc")  # out of the form, which opened for what was refused
        terminal.wait_for("u undo")
        terminal.settle()
        terminal.press("u")
        terminal.wait_for("Korus booked it after all")
        terminal.wait_for("The order is complete")
        assert "Nothing was ordered" not in terminal.text
    assert len(world.orders) == len(world.calls_of("order_bulk")) == 1


@pytest.mark.parametrize("name", ["403 page", "409", "an empty failedOrders", "no orders"])
async def test_what_surely_was_not_made_is_sent_again_once(name: str, world: World, tmp_path: Path) -> None:
    status, body = DOUBTFUL[name]
    async with Till(world, tmp_path) as till:
        reference = await pay_and_drop(till, Answer(NONE, status, body))
        await till.until(reference, lambda sale: sale.all_ordered)
        assert len(world.orders) == 1
        assert len(world.calls_of("order_bulk")) == 2


@pytest.mark.parametrize("name", ["403 page", "an empty failedOrders"])
def test_the_agent_never_reads_that_nothing_was_ordered(name: str, world: World, tmp_path: Path) -> None:
    status, body = DOUBTFUL[name]
    with Terminal(SELL, env=settle_in(tmp_path, world)) as terminal:
        to_the_cart(terminal)
        to_the_money(terminal)
        world.script("order_bulk", Answer(BEFORE, status, body))
        terminal.press("f10")
        terminal.wait_until(
            lambda text: "Nothing was ordered" in text or "The order is complete" in text, "what became of the order"
        )
        assert "Nothing was ordered" not in terminal.text
    assert len(world.orders) == len(world.calls_of("order_bulk")) == 1


# 5. An order that Korus shows as cancelled is not complete


def check_incomplete(sale: Sale) -> None:
    assert not sale.all_ordered
    assert sale.paid_not_confirmed


async def test_an_order_answered_as_cancelled_is_not_complete(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        reference = await pay_and_drop(till, edited(cancelled))
        check_incomplete(await till.until(reference, lambda sale: sale.attempt is None and bool(sale.all_orders)))


async def test_nor_one_that_is_found_cancelled(world: World, tmp_path: Path) -> None:
    for route in ("orders", "order"):
        world.edit(route, cancelled)
    async with Till(world, tmp_path) as till:
        reference = await pay_and_drop(till, dropped(BEFORE))
        check_incomplete(await till.until(reference, lambda sale: sale.attempt is None and bool(sale.all_orders)))


async def test_nor_after_a_restart(world: World, tmp_path: Path) -> None:
    for route in ("orders", "order"):
        world.edit(route, cancelled)
    async with Till(world, tmp_path) as till:
        world.always("orders", Answer(status=503, body=HTML))
        reference = await pay_and_drop(till, dropped(BEFORE))
        await till.until(reference, lambda sale: sale.attempt is not None and sale.attempt.unknown)
        await till.restart()
        world.always("orders")
        check_incomplete(await till.until(reference, lambda sale: sale.attempt is None and bool(sale.all_orders)))


@pytest.mark.parametrize("status", ["partially_cancelled", "cancellation_requested", "refused"])
async def test_a_state_that_is_not_cancelled_is_shown_and_loses_no_place_f86(
    status: str, world: World, tmp_path: Path
) -> None:
    async with Till(world, tmp_path) as till:
        there = each(lambda one: one.update(status=status, cancelledAt=one["createdAt"]))
        reference = await pay_and_drop(till, edited(there))
        sale = await till.until(reference, lambda one: one.attempt is None)
        assert sale.all_ordered
        assert [(one.first, one.second) for one in undecided(sale)] == [("confirmed", status)]
        with pytest.raises((CounterError, NotAllowed)):
            await till.services.checkout.undo(reference)


async def test_an_order_that_stands_twice_in_the_answer_is_one(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        reference = await pay_and_drop(till, edited(repeated))
        sale = await till.until(reference, lambda one: one.attempt is None)
        assert (sale.all_ordered, sale.too_many) == (True, ())
        assert not till.failures


def test_the_agent_does_not_read_complete_of_a_cancelled_order(world: World, tmp_path: Path) -> None:
    with Terminal(SELL, env=settle_in(tmp_path, world)) as terminal:
        to_the_cart(terminal)
        to_the_money(terminal)
        world.script("order_bulk", edited(cancelled))
        terminal.press("f10")
        terminal.wait_until(lambda text: "F10 takes" not in text and "ancelled" in text, "that it is cancelled")
        assert "The order is complete" not in terminal.text


# 6. Lapsed only when it is sure: every certain tie is used

TIES: dict[str, dict[str, Callable[[Any], Any]]] = {
    "our reference in small letters": {"orders": reference_in(str.lower), "order": reference_in(str.lower)},
    "no reference": {"orders": with_fields(externalReference=None), "order": with_fields(externalReference=None)},
    "orders that name no reservation": {
        "orders": without_fields("reservation"),
        "order": without_fields("reservation"),
    },
    "an empty list": {"orders": missing},
    "a repeated member": {"orders": repeated},
    "a member that is none": {"orders": with_unreadable()},
    "an unreadable order": {"orders": with_unreadable({"@type": "BookingOrder", "id": [], "items": "none"})},
    "unreadable items": {"orders": with_fields(items="none")},
    "a reservation that names nothing": {"reservation": with_fields(order=None)},
    "only the reservation's word": {"orders": missing, "order": without_fields("reservation", "externalReference")},
    "reservation in capitals": {"orders": each(lambda one: one.update(reservation=one["reservation"].upper()))},
}


@pytest.mark.parametrize("name", TIES)
@pytest.mark.parametrize("lapsed", [False, True], ids=["held", "lapsed"])
async def test_a_lost_order_is_found_by_any_certain_tie_f06(
    name: str, lapsed: bool, world: World, tmp_path: Path
) -> None:
    for route, edit in TIES[name].items():
        world.edit(route, edit)
    async with Till(world, tmp_path) as till:
        reference = await pay_and_drop(till, dropped(BEFORE))
        if lapsed:
            await asyncio.to_thread(world.wait_for, lambda: world.orders)
            world.advance(3600)
        sale = await till.until(reference, lambda sale: sale.all_ordered)
        assert not shown(sale)
    assert len(world.orders) == 1


@pytest.mark.parametrize("late", ["orders", "reservation.order"])
async def test_a_list_that_lags_is_not_absence(late: str, world: World, tmp_path: Path) -> None:
    world.lag[late] = 3600
    async with Till(world, tmp_path) as till:
        reference = await pay_and_drop(till, dropped(BEFORE))
        await till.until(reference, lambda sale: sale.all_ordered)
    assert len(world.calls_of("order_bulk")) == 1


async def test_only_our_reference_is_doubt_about_the_line_f85(world: World, tmp_path: Path) -> None:
    """The order is the sale's, and nothing says of which hold it is: neither lapsed nor guessed, and shown."""
    world.edit("orders", without_fields("reservation", "items"))
    world.edit("reservation", with_fields(order=None))
    async with Till(world, tmp_path) as till:
        reference = await pay_and_drop(till, dropped(BEFORE))
        sale = await till.until(reference, lambda sale: sale.loose)
        assert sale.attempt is not None
        await arrived(world, "orders", 6)
        doubt = till.sale(reference)
        assert (doubt.attempt, doubt.paid_not_confirmed, doubt.too_many) == (sale.attempt, True, ())
        assert doubt.loose[0].reference in till.services.recovery.asking[reference].met
        assert len(world.calls_of("order_bulk")) == 1
        world.polite()
        assert not shown(await till.until(reference, lambda sale: sale.all_ordered))


async def test_however_much_there_is_to_say_the_money_line_stands_first_f85(world: World, tmp_path: Path) -> None:
    """Forty orders with our reference and a reason of a thousand letters, on a terminal of 80 × 24."""
    world.edit("orders", lambda body: members(body).extend([_like(members(body), one) for one in range(40)]))
    world.edit("orders", without_fields("reservation", "items"))
    world.edit("reservation", with_fields(order=None))
    async with Till(world, tmp_path) as till:
        reference = await pay_and_drop(till, Answer(BEFORE, 409, problem(409, "Réessayez plus tard. " * 50)))
        sale = await till.until(reference, lambda one: len(one.loose) > 30)
        await arrived(world, "orders", 3)
        page = str(state_content(till.services, sale, stage_of(sale)))
    lines = [part for line in page.splitlines() for part in textwrap.wrap(line, 76) or [""]]
    assert len(lines) <= 20
    assert "Do not charge again." in " ".join(lines[:6])


def _another_page(body: dict[str, Any]) -> None:
    """Nothing stands here, the total says so, and there is a next page."""
    missing(body)
    body["view"] = {"@id": "/v1/booking/orders?page=1", "next": "/v1/booking/orders?page=2"}


def _addresses(body: dict[str, Any]) -> None:
    body["member"] = [one["@id"] for one in body["member"]]


UNORDERED = with_fields(order=None)
OTHERS = "/v1/booking/reservations/01960000-0000-7000-8000-000000000000"
HALF_TRUTHS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "a next page": (_another_page, UNORDERED),
    "addresses alone": (_addresses, UNORDERED),
    "an empty text": (missing, with_fields(order="")),
    "an empty list": (missing, with_fields(order=[])),
    "another reservation": (missing, with_fields(**{"@id": OTHERS, "id": OTHERS.rpartition("/")[2], "order": None})),
}


@pytest.mark.parametrize("name", HALF_TRUTHS)
async def test_what_does_not_say_that_nothing_was_ordered_is_doubt_f06(name: str, world: World, tmp_path: Path) -> None:
    orders, reservation = HALF_TRUTHS[name]
    world.edit("orders", orders)
    world.edit("reservation", reservation)
    async with Till(world, tmp_path) as till:
        reference = await pay_and_drop(till, dropped(BEFORE))
        await arrived(world, "orders", 8)
        sale = till.sale(reference)
        assert (sale.attempt is not None, sale.paid_not_confirmed) == (True, True)
        with pytest.raises((CounterError, NotAllowed)):
            await till.services.checkout.undo(reference)
        assert len(world.calls_of("order_bulk")) == 1
        world.polite()
        await till.until(reference, lambda one: one.all_ordered)
        assert await money_back(till, reference) == []
    assert len(world.orders) == 1


async def test_absence_alone_gives_no_money_back(world: World, tmp_path: Path) -> None:
    """Everything lags for a while, and the hold's time is over: the till does not say lapsed and refund."""
    world.lag |= {"orders": 60.0, "reservation.order": 60.0}
    patience = Patience(server_limit=60.0, first_wait=0.02, longest_wait=0.1)
    async with Till(world, tmp_path, patience=patience) as till:
        reference = await pay_and_drop(till, dropped(BEFORE))
        world.edit("reservation", with_fields(expired=True))
        for looks in range(3, 10):
            await arrived(world, "orders", looks)
            with pytest.raises((CounterError, NotAllowed)):
                await till.services.checkout.undo(reference)
        assert await money_back(till, reference) == []
        world.polite()
        await till.until(reference, lambda sale: sale.all_ordered)


# 7. What came that nobody asked for is shown


async def lost_then(till: Till, world: World, what: Callable[[str], None]) -> Sale:
    """A lost order of one ticket; before it is looked up, something happens at the server. The sale once found."""
    world.always("orders", Answer(status=503, body=HTML))
    reference = await pay_and_drop(till, dropped(BEFORE))
    await till.until(reference, lambda sale: sale.attempt is not None and sale.attempt.unknown)
    what(reference)
    world.always("orders")
    return await till.until(reference, lambda sale: sale.attempt is None)


async def test_a_second_order_of_one_reservation_is_shown(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        sale = await lost_then(till, world, lambda name: world.shop.order(world.reservations[0], name) and None)
        assert {one.order.rpartition("/")[2] for one in sale.all_orders} == {one.id for one in world.orders}
        assert shown(sale)


async def test_our_reference_on_a_foreign_reservation_is_shown(world: World, tmp_path: Path) -> None:
    theirs = world.shop.hold(DAY_PRODUCT)
    async with Till(world, tmp_path) as till:
        sale = await lost_then(till, world, lambda name: world.shop.order(theirs, name) and None)
        assert len(sale.all_orders) == 2
        assert shown(sale)


async def test_two_orders_in_the_answer_itself_are_shown(world: World, tmp_path: Path) -> None:
    def twice(body: dict[str, Any]) -> None:
        made = world.shop.order(world.reservations[0], world.orders[0].external_reference)
        body["orders"].append({**body["orders"][0], "@id": f"/v1/booking/orders/{made.id}", "id": made.id})

    async with Till(world, tmp_path) as till:
        reference = await pay_and_drop(till, edited(twice))
        assert shown(await till.until(reference, lambda sale: bool(sale.orders)))


WRONG: dict[str, Callable[[Any], Any]] = {
    "amount": lambda one: one.update(totalAmountInclTax="55.00"),
    "people": lambda one: one["items"][0].update(quantity=2),
    "offer": lambda one: one["items"][0].update(offer=one["items"][0]["offer"][:-4] + "ffff"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_another_order_than_was_paid_for_is_a_difference_f16(name: str, world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        reference = await pay_and_drop(till, edited(each(WRONG[name])))
        sale = await till.until(reference, lambda sale: sale.attempt is None and bool(sale.all_orders))
        assert shown(sale)


@pytest.mark.parametrize("generation", ["tutorial", "1.0.19"])
async def test_another_session_than_was_paid_for_is_a_difference(generation: str, tmp_path: Path) -> None:
    def earlier(one: dict[str, Any]) -> None:
        for item in one["items"]:
            for ticket in item.get("offerTickets", ()):
                if "session" in ticket:
                    ticket["session"] = ticket["session"].replace("337177bc-e513", "ff23a5a2-a53f")
            for ticket in item.get("tickets", ()):
                if ticket["occursAt"]:
                    ticket["occursAt"] = ticket["occursAt"].replace("T20:", "T17:")

    with World(generation) as world:
        version = "tutorial" if generation == "tutorial" else "release"
        async with Till(world, tmp_path, generation=version) as till:
            sale = await till.sell_until(Stage.PAYING)
            world.script("order_bulk", edited(each(earlier)))
            await till.pay(sale.reference)
            sale = await till.until(sale.reference, lambda one: one.attempt is None and bool(one.all_orders))
            assert shown(sale)


async def test_a_foreign_order_is_never_ours(world: World, tmp_path: Path) -> None:
    """The web shop sells the same thing under its own reference while our call has no effect."""
    async with Till(world, tmp_path) as till:
        sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
        theirs = world.shop.order(world.shop.hold(DAY_PRODUCT))
        world.script("order_bulk", dropped(NONE))
        world.edit("orders", without_fields("reservation"))
        await till.pay(sale.reference)
        sale = await till.until(sale.reference, lambda one: one.all_ordered)
        assert theirs.id not in {one.order.rpartition("/")[2] for one in sale.all_orders}


def strangers_answer(world: World) -> Callable[[Any], Any]:
    """The answer speaks of another's order only; it names neither our reservation nor our reference."""
    theirs = world.shop.order(world.shop.hold(DAY_PRODUCT))
    named = {"@id": f"/v1/booking/orders/{theirs.id}", "id": theirs.id, "externalReference": "WEB-1"}

    def swapped(one: dict[str, Any]) -> None:
        one.update(named)
        one.pop("reservation")

    return each(swapped)


@pytest.mark.parametrize("effect", [BEFORE, NONE], ids=["ours was made too", "ours was not made"])
async def test_a_foreign_order_in_our_answer_is_shown_and_not_ours(effect: str, world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        reference = await pay_and_drop(till, Answer(effect, edit=strangers_answer(world)))
        sale = await till.until(reference, lambda one: one.all_ordered)
        (theirs,) = (one for one in world.orders if one.external_reference != reference)
        assert theirs.id not in {one.order.rpartition("/")[2] for one in sale.all_orders}
        assert sale.too_many == ()
        ((first, second),) = ((one.first, one.second) for one in ordered_otherwise(sale))
        assert first == reference
        assert "WEB-1" in str(second)
        assert [one.reference for one in (await till.services.till.x()).live.differing] == [reference]
        await till.restart()
        assert ordered_otherwise(till.sale(reference)) == ordered_otherwise(sale)


def test_the_agent_reads_of_a_foreign_order_and_says_that_it_was_seen(world: World, tmp_path: Path) -> None:
    with Terminal(SELL, env=settle_in(tmp_path, world)) as terminal:
        to_the_cart(terminal)
        to_the_money(terminal)
        world.script("order_bulk", edited(strangers_answer(world)))
        terminal.press("f10")
        terminal.wait_for("WEB-1")
        terminal.wait_for("leave that order alone")
        assert "The order is complete" not in terminal.text
        next_customer(terminal)
        terminal.press("ctrl+f")
        terminal.wait_for("ordered otherwise")
        terminal.settle()
        terminal.press("enter")
        terminal.wait_for("leave that order alone")
        terminal.settle()
        terminal.press("y")
        terminal.wait_for("record it")
        terminal.settle()
        terminal.press("y")
        terminal.wait_until(lambda text: "leave that order alone" not in text, "that it was seen")


async def test_late_effects_are_found_before_money_goes_back_f06(world: World, tmp_path: Path) -> None:
    async with Till(world, tmp_path) as till:
        reference = await pay_and_drop(
            till, dropped(0.5), Answer(NONE, 422, violations(("reservations[0]", "non", "x")))
        )
        await till.until(reference, lambda sale: sale.all_ordered or (sale.attempt is None and not sale.all_ordered))
        world.wait_for(lambda: world.orders)
        if not till.sale(reference).all_ordered:
            with pytest.raises((CounterError, NotAllowed)):
                await till.services.checkout.undo(reference)
        assert await money_back(till, reference) == []
