"""How to come to each state of checkout and documents."""

from __future__ import annotations

from picture_kit import State, Studio
from picture_selling import cart


async def checkout(one: Studio) -> None:
    await cart(one)
    await one.press("enter")
    await one.until(lambda: one.on("checkout") and one.screen.guard.ready)


async def cash(one: Studio) -> None:
    await checkout(one)
    await one.press("w", "c", *"40000")
    await one.until(lambda: one.screen.guard.ready and one.sale.customer)


async def documents(one: Studio) -> None:
    await cash(one)
    await one.to("documents", "f10")
    await one.until(lambda: "storage.example.org" in one.text)


PAYING: dict[str, State] = {
    "checkout": State(cash),
    "documents": State(documents),
}
