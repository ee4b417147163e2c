"""How to come to each state of the checkout: customer, methods, gate, doubt, and what is decided after payment."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from picture_cart import cart
from picture_kit import State, Studio, place

from korus_tui.config.settings import Limits
from korus_tui.counter.booking.lost_orders import Patience
from korus_tui.sale.money import Money
from korus_tui.sale.stage import Stage
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.widgets.inputs.field import Field

ASKS_MUCH_LATER = Patience(server_limit=600.0, first_wait=600.0, longest_wait=600.0)
LATER = {"patience": ASKS_MUCH_LATER}
ALL_LAPSE = {"kind": "expire_holds", "method": "POST", "route": "orders_bulk"}


@place
async def checkout(one: Studio) -> None:
    await cart(one)
    await one.press("enter")
    await one.until(lambda: one.at("checkout") and one.screen.guard.ready)


@place
async def walk_in(one: Studio) -> None:
    await checkout(one)
    await one.press("w")
    await one.until(lambda: one.sale.customer)


@place
async def cash(one: Studio) -> None:
    await walk_in(one)
    await one.press("c", *"40000")
    await one.until(lambda: one.screen.guard.ready)


async def too_little(one: Studio) -> None:
    await walk_in(one)
    await one.press("c", *"20000")
    await take(one)
    await one.complains("#given")


async def take(one: Studio) -> None:
    """F10, once it is alive."""
    await one.until(lambda: one.screen.guard.ready)
    await one.press("f10")


async def pay_exactly(one: Studio) -> None:
    await walk_in(one)
    await one.press("c", "equals_sign")
    await take(one)


async def card(one: Studio) -> None:
    await walk_in(one)
    await one.press("k", *"A40917", "enter", *"CB", "enter", *"1234")


async def card_number(one: Studio) -> None:
    await walk_in(one)
    await one.press("k", *"4111111111111111")
    await one.complains("#authorisation")


async def voucher(one: Studio) -> None:
    await walk_in(one)
    await one.press("v", *"30000", "enter", *"V-9")
    await take(one)
    await one.complains("#part-voucher")


@place
async def split(one: Studio) -> None:
    await walk_in(one)
    await one.press("s", "k", *"10000", "enter", *"4711")
    await take(one)
    await one.until(lambda: one.sale.payments and one.screen.guard.ready)


async def form(one: Studio, *keys: str) -> None:
    """These keys into the customer's form, which is empty before."""
    await checkout(one)
    await one.press("e")
    for field in one.screen.query(Field):
        if str(field.id).startswith("c-"):
            field.entry.value = ""
    await one.press(*keys)


async def customer(one: Studio) -> None:
    await form(one, *"Marie", "enter", *"Lefebvre", "enter")
    await one.type("marie.lefebvre@example.org")


async def wrong_field(one: Studio) -> None:
    await form(one, *"Marie", "enter", "enter")
    await one.type("marie@nowhere")
    await one.press("enter")


async def refused_field(one: Studio) -> None:
    """The sandbox knows no country XK."""
    await form(one, *"Zo", "enter", *"Bee", "enter")
    await one.type("zo@example.org")
    await one.press("enter", "enter", *"XK", "escape")
    await one.until(lambda: one.sale.customer and one.sale.customer.country == "XK")
    await one.press("c", "equals_sign")
    await take(one)
    await one.complains("#c-country")


async def gate_closed(one: Studio) -> None:
    await walk_in(one)
    await one.press("k")
    await one.complains()


async def till_closed(one: Studio) -> None:
    await walk_in(one)
    await one.services.till.close(Money.of("0", "EUR"))
    await one.press("c")
    await one.complains()


async def at(one: Studio, stage: Stage) -> None:
    await one.until(lambda: one.at("checkout") and one.screen.stage is stage)


@place
async def not_confirmed(one: Studio) -> None:
    await walk_in(one)
    await one.fault({"kind": "drop_after", "method": "POST", "route": "orders_bulk"})
    await one.fault({"kind": "status", "status": 503, "method": "GET", "count": None})
    await one.press("c", "equals_sign")
    await take(one)
    await at(one, Stage.UNKNOWN)
    await one.until(lambda: one.sale.reference in one.services.recovery.asking)
    still_asking(one)


def still_asking(one: Studio) -> None:
    """The next question is four seconds away for as long as the picture takes."""
    asking, sale = one.services.recovery.asking, one.sale.reference
    asking[sale] = replace(asking[sale], times=2, next_at=one.clock.stop() + 4.0)
    for screen in one.app.screen_stack:
        if isinstance(screen, TillScreen):
            screen.sale_changed()


@place
async def lapsed(one: Studio) -> None:
    await walk_in(one)
    await one.fault(ALL_LAPSE)
    await one.press("c", "equals_sign")
    await take(one)
    await at(one, Stage.LAPSED)


async def dearer(one: Studio) -> None:
    await lapsed(one)
    offer = one.sale.lines[0].line.offer
    await asyncio.to_thread(one.sandbox.control, "price", offer=offer, amount="99.00")
    await one.press("h")
    await one.until(lambda: one.sale.holds and one.screen.stage is not Stage.HOLDING and one.sale.attempt is None)
    await one.press("down", "h")
    await at(one, Stage.DECIDE)


async def settle(one: Studio) -> None:
    await lapsed(one)
    await one.fault({"kind": "refuse", "route": "reservations_bulk", "indexes": [0]})
    await one.press("h")
    await one.until(lambda: one.sale.holds and one.sale.attempt is None)  # Korus is asked of the order first
    await one.to("SettleScreen", "g")


async def refunded(one: Studio) -> None:
    await settle(one)
    await one.press("escape", "x")
    await one.until(lambda: one.at("SettleScreen"))
    await one.press("c")
    dialog = one.screen
    await one.until(lambda: dialog._guard.ready)
    await one.press("f10")
    await one.until(lambda: one.at("SlipScreen") and "tickets/" in one.text)


async def leave(one: Studio) -> None:
    await split(one)
    await one.to("ConfirmScreen", "escape")


PAYING: dict[str, State] = {
    "checkout": State(cash),
    "checkout-empty": State(checkout),
    "checkout-too-little": State(too_little),
    "checkout-card": State(card),
    "checkout-card-number": State(card_number),
    "checkout-voucher": State(voucher),
    "checkout-split": State(split),
    "checkout-customer": State(customer),
    "checkout-wrong-field": State(wrong_field),
    "checkout-refused-field": State(refused_field),
    "checkout-gate-closed": State(gate_closed, till={"limits": Limits(gate_cash=60, gate_card=3600)}),
    "checkout-till-closed": State(till_closed),
    "checkout-not-confirmed": State(not_confirmed, till=LATER, quiet=False),
    "checkout-lapsed": State(lapsed),
    "checkout-price-changed": State(dearer),
    "checkout-settle": State(settle),
    "checkout-refunded": State(refunded),
    "checkout-leave": State(leave),
}
