"""How to come to each state of the cart, of the sales that wait, and of leaving with one open."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from picture_kit import NOW, State, Studio, place
from picture_selling import catalog, offers, offers_of_two
from picture_sessions import at_sessions, sessions

HOLD_SECONDS = 900


@place
async def cart(one: Studio) -> None:
    await sessions(one)
    await hold(one)


async def hold(one: Studio) -> None:
    """The evening's session, held; the cart has come."""
    await one.to("cart", "down", "enter")
    await answered(one)
    one.here = None


async def answered(one: Studio) -> None:
    await one.until(lambda: one.sale.attempt is None and one.sale.lines)


async def empty(one: Studio) -> None:
    await catalog(one)
    await one.to("cart", "ctrl+o")


async def holding(one: Studio) -> None:
    await sessions(one)
    await one.fault({"kind": "latency", "route": "reservations_bulk", "latency": 600.0})
    await one.to("cart", "enter")
    await one.until(lambda: one.sale.attempt)


async def left(one: Studio, seconds: float) -> None:
    """The hold has so long to run."""
    await cart(one)
    lapses = NOW + timedelta(seconds=HOLD_SECONDS)
    await one.move_clock((lapses - one.clock.moment).total_seconds() - seconds)


async def partly_held(one: Studio) -> None:
    await sessions(one)
    await one.fault({"kind": "refuse", "route": "reservations_bulk", "indexes": [0]})
    await hold(one)


async def dearer(one: Studio) -> None:
    await sessions(one)
    offer = one.screen.basket.quotes[0].offer
    await asyncio.to_thread(one.sandbox.control, "price", offer=offer.iri, amount="91.50", stages=["held", "ordered"])
    await hold(one)


async def several_days(one: Studio) -> None:
    """Two products on two days."""
    await cart(one)
    await one.to("catalog", "a")
    await offers(one, "parking voiture")
    await one.press("right", "enter")
    await one.until(lambda: one.at("cart") and len(one.sale.holds) == 3 and one.screen.armed)


async def void(one: Studio) -> None:
    await cart(one)
    await one.to("ConfirmScreen", "v")


async def leave(one: Studio) -> None:
    await cart(one)
    await one.to("ConfirmScreen", "ctrl+q")


async def parked(one: Studio) -> None:
    """One sale held, one lapsed, both parked."""
    await cart(one)
    await one.press("ctrl+k")
    await catalog(one)
    await offers_of_two(one)
    await at_sessions(one)
    await hold(one)
    await one.press("ctrl+k")
    await catalog(one)
    await one.to("parked", "ctrl+k")


CART: dict[str, State] = {
    "cart": State(cart),
    "cart-empty": State(empty),
    "cart-holding": State(holding, quiet=False),
    "cart-about-to-lapse": State(lambda one: left(one, 98)),
    "cart-last-minute": State(lambda one: left(one, 41)),
    "cart-lapsed": State(lambda one: left(one, -12)),
    "cart-partly-held": State(partly_held),
    "cart-price-changed": State(dearer),
    "cart-several-days": State(several_days),
    "cart-void": State(void),
    "parked": State(parked),
    "leave": State(leave),
}
