"""Faults in any order, restarts between them: the money is recorded, and each reservation is ordered once."""

from __future__ import annotations

from contextlib import suppress
from random import Random
from typing import Any

import pytest
from families import some
from till import DAY_PRODUCT, Till

from korus_tui.counter.core.problems import CounterError
from korus_tui.sale.state import LineStatus, Sale

_LOST: list[dict[str, Any]] = [
    {"kind": "drop_before"},
    {"kind": "drop_after"},
    {"kind": "cut"},
    {"kind": "not_json"},
    {"kind": "wrong_shape"},
    {"kind": "commit_late", "seconds": 0.5},
    {"kind": "status", "status": 500, "effect": True},
    {"kind": "status", "status": 502},
    {"kind": "status", "status": 503, "headers": {"Retry-After": "0"}},
    {"kind": "latency", "latency": 0.2},
]
_REFUSED: list[dict[str, Any]] = [
    {"kind": "refuse", "shape": "object"},
    {"kind": "refuse", "shape": "empty"},
    {"kind": "expire_holds"},
]
_NOT_HELD = (LineStatus.CHOSEN, LineStatus.REFUSED, LineStatus.LAPSED)


class Walk:
    """One sale with the faults of a seed."""

    def __init__(self, till: Till, seed: int) -> None:
        self.till = till
        self.random = Random(seed)

    def trouble(self, route: str, kinds: list[dict[str, Any]]) -> None:
        """Perhaps one or two faults for the next calls, and one for the look-up that follows."""
        for fault in self.random.sample(kinds, self.random.choice([0, 1, 1, 2])):
            fields = dict(fault)
            self.till.sandbox.fault(fields.pop("kind"), route=route, **fields)
        if self.random.random() < 0.4:
            look_up = self.random.choice(["orders", "reservation", "reservations"])
            self.till.sandbox.fault("drop_before", route=look_up, count=self.random.randint(1, 4))

    async def held(self, reference: str) -> Sale:
        """The sale once all its lines are held, asked for again as the agent would."""
        sale = await self.till.settled(reference)
        for _ in range(8):
            missing = [state.line.id for state in sale.with_status(*_NOT_HELD)]
            if not missing:
                break
            with suppress(
                CounterError
            ):  # Korus cannot be asked now, or booked it after all: the agent looks, and goes on
                await self.till.hold_again(reference, *missing)
            sale = self.till.sale(reference)
        assert not sale.with_status(*_NOT_HELD)
        return sale

    async def sell(self) -> Sale:
        """The sale at its end."""
        lines = [await self.till.line(quantity=self.random.randint(1, 2)), await self.till.line(DAY_PRODUCT)]
        self.trouble("reservations_bulk", _LOST + _REFUSED)
        sale = await self.till.hold(*lines[: self.random.randint(1, 2)])
        sale = await self.held(sale.reference)
        paid = await self.till.start_payment(sale.reference)
        self.trouble("orders_bulk", _LOST + _REFUSED)
        await self.till.pay(sale.reference)
        if self.random.random() < 0.4:
            await self.till.restart()
        for _ in range(8):
            sale = await self.till.settled(sale.reference)
            assert sale.taken == paid.due, "what was confirmed as taken stays recorded"
            if sale.all_ordered:
                break
            await self.held(sale.reference)
            with suppress(CounterError):
                await self.till.services.checkout.book(sale.reference)
        return sale


@pytest.mark.parametrize("seed", some(8, range(16)))
async def test_every_sale_ends_paid_and_ordered_once(till: Till, seed: int) -> None:
    sale = await Walk(till, seed).sell()
    assert sale.all_ordered
    assert not sale.paid_not_confirmed
    till.sandbox.no_faults()
    till.sandbox.advance(60)  # what was still to be committed late has its chance
    at_server = {one["id"]: one["reservation"] for one in till.orders(sale.reference)}
    assert len(set(at_server.values())) == len(at_server) == len(sale.orders)
    assert {order.order.rpartition("/")[2] for order in sale.orders} == set(at_server)
    kept = {state.hold and state.hold.rpartition("/")[2] for state in sale.lines}
    assert set(at_server.values()) == kept
