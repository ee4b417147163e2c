"""Orders whose answer is lost (F04 to F09): exactly one order at the server, and the sale knows it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sandbox_process import SandboxProcess
from till import DAY_PRODUCT, Stage, Till

from korus_tui.counter.booking.lost_orders import Patience
from korus_tui.counter.orders.models import Standing, standing
from korus_tui.sale.differences import ordered_otherwise
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.state import EXPIRED, LineStatus, Sale

SLOW_SERVER = Patience(server_limit=20.0, first_wait=0.05, longest_wait=0.1)


@pytest.fixture
async def patient(sandbox: SandboxProcess, tmp_path: Path) -> AsyncIterator[Till]:
    """A counter that gives the server far more time than the test takes: what it orders again, it orders too soon."""
    async with Till(sandbox, tmp_path, patience=SLOW_SERVER) as opened:
        yield opened


def order_calls(till: Till) -> int:
    return int(till.sandbox.state()["calls"].get("orders_bulk", 0))


async def _pay_into(till: Till, kind: str, **fault: Any) -> Sale:
    """A sale of two lines, paid while the order call meets a fault; it has come to its end."""
    sale = await till.sell_until(Stage.PAYING, await till.line(), await till.line(DAY_PRODUCT))
    till.sandbox.fault(kind, route="orders_bulk", **fault)
    await till.pay(sale.reference)
    return await till.until(sale.reference, lambda one: one.all_ordered)


def check_once(till: Till, sale: Sale) -> None:
    """Each reservation is in one order, and that order is the one the sale knows."""
    at_server = {one["reservation"]: one["id"] for one in till.orders(sale.reference)}
    assert len(till.orders(sale.reference)) == len(sale.lines)
    known = {str(order.reservation).rpartition("/")[2]: order.order.rpartition("/")[2] for order in sale.orders}
    assert known == at_server
    assert sale.attempt is None
    assert not sale.paid_not_confirmed


@pytest.mark.parametrize("kind", ["none", "drop_after"])
async def test_i12_orders_stand_in_the_order_of_their_lines(patient: Till, kind: str) -> None:
    """Made in one second, they stood in the order of their random ids; answered or looked up."""
    sale = await patient.sell_until(Stage.PAYING, *[await patient.line() for _ in range(5)])
    if kind != "none":
        patient.sandbox.fault(kind, route="orders_bulk")
    await patient.pay(sale.reference)
    sale = await patient.until(sale.reference, lambda one: one.all_ordered)
    assert [order.reservation for order in sale.orders] == [state.hold for state in sale.lines]


async def test_f04_dropped_before_the_effect_is_sent_again_once_the_server_had_its_time(till: Till) -> None:
    before = order_calls(till)
    sale = await _pay_into(till, "drop_before")
    check_once(till, sale)
    assert order_calls(till) == before + 2


async def test_f04_nothing_is_sent_again_before_the_server_had_its_time(patient: Till) -> None:
    sale = await patient.sell_until(Stage.PAYING)
    before = order_calls(patient)
    patient.sandbox.fault("drop_before", route="orders_bulk")
    await patient.pay(sale.reference)
    await patient.until(sale.reference, lambda one: one.attempt and one.attempt.unknown)
    asked = patient.sandbox.state()["calls"].get("reservation", 0)
    await patient.at_the_server(lambda state: state["calls"].get("reservation", 0) >= asked + 4)
    assert order_calls(patient) == before + 1
    assert patient.sale(sale.reference).attempt is not None
    assert patient.sale(sale.reference).paid_not_confirmed


@pytest.mark.parametrize("kind", ["drop_after", "cut", "not_json", "wrong_shape", "no_body"])
async def test_f05_f07_what_took_effect_is_adopted_and_not_sent_again(patient: Till, kind: str) -> None:
    before = order_calls(patient)
    check_once(patient, await _pay_into(patient, kind))
    assert order_calls(patient) == before + 1


async def test_f06_an_effect_that_comes_late_is_adopted(patient: Till) -> None:
    before = order_calls(patient)
    check_once(patient, await _pay_into(patient, "commit_late", seconds=1))
    assert order_calls(patient) == before + 1


async def test_f06_an_effect_that_comes_after_all_patience_is_still_one_order(till: Till) -> None:
    sale = await _pay_into(till, "commit_late", seconds=3)
    till.sandbox.advance(10)
    check_once(till, sale)


_STATUSES: list[dict[str, Any]] = [
    {"status": 500},
    {"status": 502},
    {"status": 503},
    {"status": 504},
    {"status": 408},
    {"status": 429, "headers": {"Retry-After": "1"}},
    {"status": 429, "headers": {"Retry-After": "Wed, 21 Oct 2099 07:28:00 GMT"}},
    {"status": 503, "headers": {"Retry-After": "99999999999"}},
    {"status": 429, "headers": {"Retry-After": "soon"}},
]


@pytest.mark.parametrize(
    ("effect", "fault"),
    [  # each status in the usual run, with an effect or without in turn
        pytest.param(
            effect, fault, marks=() if at % 2 == effect else pytest.mark.long, id=f"{effect}-{fault['status']}"
        )
        for effect in (False, True)
        for at, fault in enumerate(_STATUSES)
    ],
)
async def test_f08_a_server_in_trouble_is_looked_up_first(till: Till, fault: dict[str, Any], effect: bool) -> None:
    before = order_calls(till)
    check_once(till, await _pay_into(till, "status", effect=effect, **fault))
    assert order_calls(till) == before + (1 if effect else 2)


async def test_an_order_that_the_look_up_did_not_show_is_found_when_it_is_sent_again(till: Till) -> None:
    """The lists lag behind: the second call is refused because the first one had its effect."""
    till.services.recovery._patience = Patience(server_limit=0.0, first_wait=0.02, longest_wait=0.1)
    sale = await till.sell_until(Stage.PAYING)
    till.sandbox.fault("drop_after", route="orders_bulk")
    nothing = {"@type": "Collection", "totalItems": 0, "member": []}
    till.sandbox.fault("wrong_shape", route="orders", value=nothing)
    till.sandbox.fault("replace", route="reservation", edits=[{"path": "order", "value": None}])
    await till.pay(sale.reference)
    check_once(till, await till.until(sale.reference, lambda one: one.all_ordered))


async def test_an_order_is_found_by_its_reservation_where_the_list_lags(patient: Till) -> None:
    nothing = {"@type": "Collection", "totalItems": 0, "member": []}
    patient.sandbox.fault("wrong_shape", route="orders", value=nothing, count=None)
    check_once(patient, await _pay_into(patient, "drop_after"))


async def test_f09_a_look_up_that_fails_too_goes_on_until_it_is_answered(patient: Till) -> None:
    sale = await patient.sell_until(Stage.PAYING)
    patient.sandbox.fault("drop_after", route="orders_bulk")
    patient.sandbox.fault("status", route="orders", status=500, count=None)
    await patient.pay(sale.reference)
    waiting = await patient.until(sale.reference, lambda one: one.attempt and one.attempt.unknown)
    assert waiting.paid_not_confirmed
    patient.services.desk.set_aside()  # the next customer is served meanwhile
    assert patient.services.desk.sale is None
    assert patient.services.desk.others == (patient.sale(sale.reference),)
    await patient.at_the_server(lambda state: state["calls"].get("orders", 0) > 1)
    patient.sandbox.no_faults()
    patient.services.recovery.ask_now(sale.reference)
    check_once(patient, await patient.until(sale.reference, lambda one: one.all_ordered))


async def test_money_cannot_be_taken_or_given_back_while_the_order_is_unknown(patient: Till) -> None:
    sale = await patient.sell_until(Stage.PAYING)
    patient.sandbox.fault("drop_before", route="orders_bulk")
    await patient.pay(sale.reference)
    await patient.until(sale.reference, lambda one: one.attempt and one.attempt.unknown)
    for forbidden in (
        patient.services.checkout.undo(sale.reference),
        patient.services.checkout.book(sale.reference),
        patient.services.holding.hold(sale.reference, [sale.lines[0].line.id]),
    ):
        with pytest.raises(NotAllowed):
            await forbidden


async def test_holds_that_lapse_during_the_look_up_take_the_expired_path(till: Till) -> None:
    """Not found and lapsed: held again, not sent again; the reservation that lives is sent again."""
    sale = await till.sell_until(Stage.PAYING, await till.line(), await till.line(DAY_PRODUCT))
    lost = sale.holds[0].reservation
    till.sandbox.fault("drop_before", route="orders_bulk")
    till.sandbox.control("expire", reservation=lost.rpartition("/")[2])
    await till.pay(sale.reference)
    half = await till.until(sale.reference, lambda one: one.attempt is None and one.orders)
    assert [half.status(state) for state in half.lines] == [LineStatus.LAPSED, LineStatus.ORDERED]
    assert half.lines[0].refusal is not None
    assert half.lines[0].refusal.code == EXPIRED
    assert half.paid_not_confirmed
    await till.hold_again(sale.reference, half.lines[0].line.id)
    await till.services.checkout.book(sale.reference)
    check_once(till, await till.until(sale.reference, lambda one: one.all_ordered))


async def test_a_reservation_that_is_gone_says_nothing_of_its_order_f85(till: Till) -> None:
    """Absence is no refusal: the sale stays in doubt, with its reason, and a person may close it."""
    sale = await till.sell_until(Stage.PAYING)
    till.sandbox.fault("drop_before", route="orders_bulk")
    till.sandbox.fault("status", route="reservation", status=404, count=None)
    await till.pay(sale.reference)
    asking = till.services.recovery.asking
    await till.at_the_server(lambda _state: sale.reference in asking and asking[sale.reference].times > 4)
    doubt = till.sale(sale.reference)
    assert doubt.attempt is not None
    assert doubt.paid_not_confirmed
    assert asking[sale.reference].met
    assert (await till.services.cancelling.close_by_hand(sale.reference, "nobody knows")).taken == sale.to_collect


async def test_an_order_of_our_hold_with_another_reference_is_never_complete_f86(till: Till) -> None:
    """The hold is ours, so its order is; that its reference is another one is a difference that a person decides."""
    sale = await till.sell_until(Stage.PAYING)
    iri = sale.holds[0].reservation
    with till.sandbox.http() as client:
        customer = {"firstname": "A", "lastname": "B", "email": "a@example.org", "country": "FR", "language": "fr"}
        body = {"reservations": [iri], "customer": customer, "externalReference": "KT-OF-ANOTHER-TILL"}
        client.post("/v1/booking/orders/_bulk", json=body).raise_for_status()
    till.sandbox.fault("drop_before", route="orders_bulk")
    await till.pay(sale.reference)
    settled = await till.settled(sale.reference)
    assert len(settled.orders) == 1
    (found,) = ordered_otherwise(settled)
    assert (found.first, found.second) == (sale.reference, "KT-OF-ANOTHER-TILL")
    assert standing(settled) is Standing.DIFFERS
