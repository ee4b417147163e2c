"""How to come to each state of what comes after a sale: search, one order, cancellation, holders, the red board."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from orders_kit import LEA, finished, pass_line
from picture_kit import NOW, State, Studio, place
from picture_paying import LATER, not_confirmed, still_asking
from picture_selling import catalog
from till import DAY_PRODUCT, SHOW_PRODUCT

from korus_tui.sale.state import Sale
from korus_tui.widgets.lists.states import Empty, Failed, Stale

NO_ORDERS = {"kind": "status", "route": "orders", "status": 500, "count": None}
REFUSED = {
    "@type": "ConstraintViolationList", "title": "no", "status": 422,
    "violations": [{"propertyPath": "beneficiary.dateOfBirth", "message": "Le titulaire est trop jeune.", "code": "x"}],
}  # fmt: skip


async def sold(one: Studio) -> Sale:
    """Two sales of today, one of them with a name; the named one."""
    named = await finished(one.till, LEA, await line(one, SHOW_PRODUCT, "Puy du Fou 1 jour Adulte + Cinéscénie Argent"))
    await finished(one.till, None, await line(one, DAY_PRODUCT, "Puy du Fou 1 jour Adulte"))
    return named


async def line(one: Studio, product: str, name: str) -> Any:
    return replace(await one.till.line(product, NOW.date(), 2), name=name)


@place
async def orders(one: Studio) -> None:
    await catalog(one)
    await one.meet()
    await sold(one)
    await open_orders(one)
    await one.until(lambda: len(one.list("#found").rows) == 2)
    one.list("#found").highlight(one.list("#found").rows[0].key)  # both may have come at once, or one by one


async def open_orders(one: Studio) -> None:
    await one.press("ctrl+f")
    await one.until(lambda: one.at("orders"))


async def orders_empty(one: Studio) -> None:
    await catalog(one)
    await open_orders(one)
    await one.until(lambda: isinstance(one.list("#found").state, Empty))


async def orders_none(one: Studio) -> None:
    await orders(one)
    await one.type("nobody")
    await one.press("enter")
    await one.until(lambda: isinstance(one.list("#found").state, Empty) and "nobody" in one.list("#found").state.why)


async def orders_failed(one: Studio) -> None:
    await catalog(one)
    await one.fault(NO_ORDERS)
    await open_orders(one)
    await one.type("fictive")
    await one.press("ctrl+r")
    await one.until(lambda: isinstance(one.list("#found").state, Failed))


async def orders_stale(one: Studio) -> None:
    await orders(one)
    await one.fault(NO_ORDERS)
    await one.fill("#filter", "fictive")
    await one.press("ctrl+r")
    await one.until(lambda: isinstance(one.list("#found").state, Stale))


async def order_stale(one: Studio) -> None:
    if not one.at("order"):
        await order(one)
    await one.fault(NO_ORDERS)
    await one.press("ctrl+r")
    await one.complains()


@place
async def order(one: Studio) -> None:
    await catalog(one)
    await open_order(one, await sold(one))


async def open_order(one: Studio, sale: Sale) -> None:
    await one.meet()
    await open_orders(one)
    await one.type(sale.reference)
    await one.until(lambda: [row.key for row in one.list("#found").rows] == [sale.reference])
    await one.press("enter")
    await one.until(lambda: one.at("order") and one.list("#sale-orders").rows)
    await one.rest()


@place
async def cancellation(one: Studio) -> None:
    await order(one)
    await one.press("c")
    await one.until(lambda: one.at("ReasonScreen"))
    await one.type("fell ill")
    await one.press("enter", *"4000", "enter")


async def cancellation_wrong(one: Studio) -> None:
    await order(one)
    await one.press("c")
    await one.until(lambda: one.at("ReasonScreen"))
    await one.press(*"ill", "enter", *"999999", "ctrl+s")
    await one.complains("#back")


async def cancelled(one: Studio) -> None:
    await cancellation(one)
    await one.type("cash" if one.language == "en" else "espèces")
    await one.to("ConfirmScreen", "ctrl+s")
    await one.press("y")
    await one.until(lambda: one.at("order") and one.text.count("fell ill") >= 1)


async def reprint(one: Studio) -> None:
    await order(one)
    await one.press("enter")
    await one.until(lambda: one.at("reprint") and "storage.example.org" in one.text)


@place
async def holders(one: Studio) -> None:
    await catalog(one)
    named = replace(await pass_line(one.till), name="Pass annuel Adulte")
    await open_order(one, await finished(one.till, LEA, named))
    await one.press("b")
    await one.until(lambda: one.at("beneficiaries") and one.screen.query("#h-firstname"))
    await one.press(*"Lea", "enter", *"Fictive", "enter")


async def holders_wrong(one: Studio) -> None:
    await holders(one)
    refusal = {"status": 422, "body": REFUSED, "content_type": "application/ld+json"}
    await one.fault({"kind": "status", "route": "order_ticket_patch", **refusal})
    await one.type("7/6/2025")
    await one.press("ctrl+s")
    await one.complains("#h-dateOfBirth")


async def holders_done(one: Studio) -> None:
    await holders(one)
    await one.type("7/6/1990")
    await one.press("f2")
    await one.until(lambda: one.text.count("Lea Fictive") >= 3)


@place
async def board(one: Studio) -> None:
    """A paid sale about which Korus cannot be asked, seen among the others."""
    await not_confirmed(one)
    await open_orders(one)
    await one.until(lambda: isinstance(one.list("#found").state, Empty))
    still_asking(one)


@place
async def close_by_hand(one: Studio) -> None:
    await board(one)
    one.clock.go_on()
    await one.press("x")
    await one.until(lambda: one.at("ReasonScreen"))
    await one.type("phone")
    still_asking(one)


async def close_confirmed(one: Studio) -> None:
    await close_by_hand(one)
    one.clock.go_on()
    await one.to("ConfirmScreen", "ctrl+s")
    still_asking(one)


AFTER: dict[str, State] = {
    "orders": State(orders),
    "orders-empty": State(orders_empty),
    "orders-none": State(orders_none),
    "orders-stale": State(orders_stale),
    "orders-failed": State(orders_failed),
    "orders-not-confirmed": State(board, till=LATER, quiet=False),
    "orders-close": State(close_by_hand, till=LATER, quiet=False),
    "orders-close-question": State(close_confirmed, till=LATER, quiet=False),
    "order": State(order),
    "order-stale": State(order_stale),
    "order-cancellation": State(cancellation, quiet=False),
    "order-cancellation-wrong": State(cancellation_wrong, quiet=False),
    "order-cancelled": State(cancelled),
    "order-reprint": State(reprint),
    "holders": State(holders),
    "holders-wrong": State(holders_wrong),
    "holders-done": State(holders_done),
}
