"""The five reference sales, driven by keys alone on a real sandbox and counted by the keystroke-level model.

A key takes 0.28 s and a mental step 1.35 s (Card, Moran and Newell). A step stands where the agent must know something
new: which product, how many, whether the session that is offered is right, how it is paid, whether the money is there.
What a customer dictates is counted apart: it is typed as it is heard.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from offers_counter import AtDates, counter
from pressing import keys
from sandbox_process import SandboxProcess
from till import SHOW_PRODUCT

from korus_tui.sale.state import LineStatus, Sale
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.checkout.screen import CheckoutScreen
from korus_tui.screens.documents.screen import DocumentsScreen

SUMMER = "2026-06-03T08:20:00Z"  # a Wednesday on which the park sells
KEY, THINK = 0.28, 1.35  # seconds


@dataclass
class Tally:
    """What a sale cost the agent: `keys` without `data` (dictated by the customer), and mental steps."""

    keys: list[str] = field(default_factory=list)
    data: int = 0
    steps: list[str] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """Of hand and head, without what was dictated."""
        return len(self.keys) * KEY + len(self.steps) * THINK

    @property
    def data_seconds(self) -> float:
        """Of typing what was dictated."""
        return self.data * KEY


class Agent:
    """Presses the keys of one sale and has them counted; waits as a person does, for what the screen shows."""

    def __init__(self, one: AtDates, sandbox: SandboxProcess) -> None:
        self.one, self.sandbox, self.tally = one, sandbox, Tally()

    def think(self, what: str) -> None:
        """A mental step."""
        self.tally.steps.append(what)

    async def press(self, *keys: str) -> None:
        self.tally.keys += keys
        await self.one.press(*keys)

    async def type(self, text: str) -> None:
        """Each sign as its key."""
        await self.press(*keys(text))

    async def hear(self, text: str) -> None:
        """What the customer dictates."""
        self.tally.data += len(text)
        await self.one.press(*keys(text))

    async def choose(self, *numbers: str) -> None:
        """The favourite, and the numbers into its rows."""
        self.think("which product")
        await self.press("f2")
        await self.one.until(lambda: self.at("offers"))
        self.think("how many")
        await self.press(*numbers)

    def at(self, page: str) -> bool:
        """Whether this page is on top."""
        screen = self.one.app.screen
        return getattr(screen, "NAME", "") == page and screen.is_mounted

    async def hold(self) -> Sale:
        """Go on to the session that is offered, and hold it; where one fits alone it is taken at once."""
        await self.press("enter")
        await self.one.until(lambda: self.at("cart") or (self.at("sessions") and self.one.sessions.ready))
        self.think("is the session right")
        if self.at("sessions"):
            await self.press("enter")
        return await self.held()

    async def held(self) -> Sale:
        """The cart, its keys alive."""
        sale = await self.one.held()
        await self.one.until(lambda: getattr(self.one.app.screen, "armed", False))
        return sale

    async def to_payment(self) -> None:
        await self.press("enter")
        await self.one.until(lambda: isinstance(self.one.app.screen, CheckoutScreen))

    async def pay_cash(self) -> None:
        """Nobody's name, cash, exact."""
        await self.to_payment()
        self.think("how is it paid")
        await self.press("w", "c", "equals_sign")
        await self.take()

    async def take(self) -> None:
        """F10, once the screen says what it takes and could be read."""
        one = self.one
        await one.until(lambda: one.sale and one.sale.customer and "F10 takes" in one.text)
        await one.until(lambda: one.app.screen.guard.ready)
        self.think("is the money there")
        await self.press("f10")
        await one.until(lambda: isinstance(one.app.screen, DocumentsScreen))


async def family(agent: Agent) -> None:
    """2 adults and 2 children, today, one timed show, cash, no name."""
    await agent.choose("2", "down", "2")
    await agent.hold()
    await agent.pay_cash()


async def family_in_one_line(agent: Agent) -> None:
    """The same sale by the quick line: the first favourite, the next show that fits."""
    from korus_tui.screens.quickline.screen import QuickScreen

    one = agent.one
    agent.think("who and how many")
    await agent.type("2a2c")
    await one.until(lambda: isinstance(one.app.screen, QuickScreen))
    agent.think("how is it paid")
    await agent.type("!$=")
    await one.until(lambda: one.app.screen.quotes is not None)
    agent.think("is the session right")
    await agent.press("enter")
    await one.until(lambda: isinstance(one.app.screen, CheckoutScreen))
    await agent.take()


async def group(agent: Agent) -> None:
    """30 adults at one session, paid by card at the counter's reader."""
    await agent.choose("3", "0")
    await agent.hold()
    await agent.to_payment()
    agent.think("how is it paid")
    await agent.press("w", "k")
    await agent.hear("A40917")
    await agent.take()


async def two_dates(agent: Agent) -> None:
    """2 adults today and 2 adults tomorrow in one sale, cash."""
    await agent.choose("2")
    await agent.hold()
    await agent.press("a")
    await agent.choose("right", "2")
    await agent.hold()
    await agent.pay_cash()


async def sold_out_on_the_way(agent: Agent) -> None:
    """As the family, but the session is sold elsewhere between its list and the hold."""
    one = agent.one
    await agent.choose("2", "down", "2")
    await agent.press("enter")
    await one.at_sessions()
    showing = next(pane.showing for pane in one.sessions.panes if pane.showing is not None)
    assert showing is not None
    session = showing.first
    assert session.left is not None
    await asyncio.to_thread(agent.sandbox.sell, session.id, session.left)
    agent.think("is the session right")
    await agent.press("enter")
    await one.until(lambda: one.sale and one.sale.attempt is None and agent.at("cart") and "not held" in one.text)
    agent.think("what now")
    await agent.press("s")
    await one.at_sessions()
    agent.think("is the session right")
    await agent.press("enter")
    await one.until(lambda: one.sale and len(one.sale.with_status(LineStatus.HELD)) == 2 and agent.at("cart"))
    await agent.held()
    await agent.pay_cash()


async def phone(agent: Agent) -> None:
    """2 adults and 2 children on Saturday by telephone, with names, e-mail and telephone, paid by card."""
    await agent.choose("slash", *"sat", "enter", "2", "down", "2")
    await agent.hold()
    await agent.to_payment()
    agent.think("who is it")
    await agent.press("e")
    for said in ("Marie", "Lefebvre", "marie.lefebvre@example.org"):
        await agent.hear(said)
        await agent.press("enter")
    await agent.hear("0612345678")
    await agent.press("escape")
    agent.think("how is it paid")
    await agent.press("k")
    await agent.hear("A40918")
    await agent.take()


SALES: dict[str, Callable[[Agent], Awaitable[None]]] = {
    "walk-up family, by keys": family,
    "walk-up family, by the quick line": family_in_one_line,
    "group of 30, one session": group,
    "two dates in one sale": two_dates,
    "session sold out on the way": sold_out_on_the_way,
    "by telephone, full customer": phone,
}


@asynccontextmanager
async def at_the_counter(sandbox: SandboxProcess, home: Path) -> AsyncIterator[Agent]:
    """An agent at an open till's catalog, with the favourite on F2."""
    async with counter(sandbox, home) as one:
        await one.until(lambda: isinstance(one.app.screen, CatalogScreen) and one.rows("#products"))
        await one.till.open_till()
        one.app.screen.favourites.put("f2", SHOW_PRODUCT)
        yield Agent(one, sandbox)
