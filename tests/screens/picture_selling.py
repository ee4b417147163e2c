"""How to come to each state of the screens on which a sale is made: catalog, dates, sessions, cart."""

from __future__ import annotations

from picture_kit import State, Studio

PRODUCT = "adulte + argent"


async def catalog(one: Studio) -> None:
    await one.until(lambda: one.on("catalog") and one.list("#products").rows)
    await one.until(lambda: str(one.screen.query_one("#about-title").content))  # the highlight rests


async def offers(one: Studio, product: str = PRODUCT) -> None:
    await catalog(one)
    await one.fill("#filter", product)
    await one.press("enter")
    await one.until(lambda: one.on("offers") and one.screen.pane.offer)


async def offers_of_two(one: Studio) -> None:
    await offers(one)
    await one.press("2", "down", "2")


async def sessions(one: Studio) -> None:
    await offers_of_two(one)
    await one.press("enter")
    await one.until(lambda: one.on("sessions") and one.screen.ready)


async def cart(one: Studio) -> None:
    await sessions(one)
    await one.to("cart", "down", "enter")
    await one.until(lambda: one.sale.attempt is None and one.sale.holds)


SELLING: dict[str, State] = {
    "catalog": State(catalog),
    "offers": State(offers_of_two),
    "sessions": State(sessions),
    "cart": State(cart),
}
