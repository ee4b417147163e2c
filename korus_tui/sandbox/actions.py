"""What a test or a demonstration changes in a running sandbox; every argument comes from a JSON object."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from typing import Any

from korus_tui.sandbox.clock import stamp
from korus_tui.sandbox.context import Context
from korus_tui.sandbox.past import remember
from korus_tui.sandbox.shapes import BookingViews, moment
from korus_tui.sandbox.stock import STAGES


def last_id(text: str) -> str:
    """The id at the end of an IRI, or the id itself."""
    return text.rstrip("/").rsplit("/", 1)[-1]


def move_price(box: Context, wanted: dict[str, Any]) -> dict[str, Any]:
    """Sets the price of an `offer` or `product` to `amount` at some `stages` of a sale (all, unless told).

    With `by`, every price is so many times what it was, at all stages. KeyError without an offer and a product,
    ValueError for an amount or a stage that is none.
    """
    try:
        amount = Decimal(str(wanted["by"] if "by" in wanted else wanted["amount"]))
    except InvalidOperation:
        raise ValueError("amount must be a decimal number") from None
    if "by" in wanted:
        box.stock.factor *= amount
        return {"by": str(amount)}
    key = last_id(wanted["offer"] if "offer" in wanted else wanted["product"])
    stages = [stage for stage in STAGES if stage in wanted.get("stages", STAGES)]
    if not stages:
        raise ValueError(f"stages must be among {', '.join(STAGES)}")
    for stage in stages:
        box.stock.moved[key, stage] = amount
    return {"moved": key, "amount": str(amount), "stages": stages}


def advance(box: Context, wanted: dict[str, Any]) -> dict[str, Any]:
    """Moves the clock by `advance` seconds."""
    box.clock.advance(float(wanted["advance"]))
    box.state.sweep()
    return {"now": stamp(box.clock.now())}


def expire(box: Context, wanted: dict[str, Any]) -> dict[str, Any]:
    """Ends one `reservation`, or every hold."""
    keys = [last_id(wanted["reservation"])] if "reservation" in wanted else list(box.state.reservations)
    for key in keys:
        box.state.lapse(key)
    return {"expired": keys}


def cancel(box: Context, wanted: dict[str, Any]) -> dict[str, Any]:
    """Marks an `order` (id or reference) as cancelled, as only the issuer can."""
    key = last_id(wanted["order"])
    order = next(one for one in box.state.orders.values() if key in (one.id, one.reference))
    order.cancelled = box.state.now()
    box.state.save()
    return {"cancelled": order.reference}


def sell(box: Context, wanted: dict[str, Any]) -> dict[str, Any]:
    """Sells `quantity` places of an `offer` or `session` elsewhere; lists show it only at their next snapshot."""
    pool = last_id(wanted["offer"] if "offer" in wanted else wanted["session"])
    box.state.sell(pool, int(wanted.get("quantity", 1)))
    return {"pool": pool, "taken": box.state.taken[pool]}


def disable(box: Context, wanted: dict[str, Any]) -> dict[str, Any]:
    """Takes a `product` off sale, or puts it back with `disabled: false`."""
    key = last_id(wanted["product"])
    (box.stock.disabled.add if wanted.get("disabled", True) else box.stock.disabled.discard)(key)
    return {"disabled": sorted(box.stock.disabled)}


def revoke(box: Context, _: dict[str, Any]) -> dict[str, Any]:
    """Ends every token, refresh tokens too."""
    box.tokens.revoke()
    return {"revoked": True}


LEVERS = {
    "clock": advance,
    "expire": expire,
    "cancel": cancel,
    "sell": sell,
    "price": move_price,
    "disable": disable,
    "revoke": revoke,
    "past": remember,
}


def oracle(box: Context) -> dict[str, Any]:
    """Everything that is true at the server, for a test to compare with what a screen shows."""
    views = BookingViews(box)
    return {
        "now": stamp(box.clock.now()),
        "reservations": [
            {**asdict(one), "expired": views.expired(one), "expiresAt": moment(one.expires)}
            for one in box.state.reservations.values()
        ],
        "orders": [asdict(one) for one in box.state.orders.values()],
        "taken": {pool: count for pool, count in box.state.taken.items() if count},
    }
