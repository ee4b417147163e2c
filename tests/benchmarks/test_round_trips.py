"""How many calls a sale costs, and how many round trips the agent waits for: by keys, on a server that is far away.

Counted is one sale of a show for two, today: its offers, its session, the hold and F10, until the ticket's link is
there. No seconds are asserted, only counts. The least that the API allows is offers, tickets, their sessions (newer
versions), places left, hold, order and the document's link; README has the table.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from families import some
from far_server import FarServer
from offers_counter import counter
from reference_sales import SUMMER, Agent
from sandbox_process import SandboxProcess
from till import SHOW_PRODUCT

from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.documents.screen import DocumentsScreen

ROUND_TRIP = 0.3  # seconds: more than the program needs for a page
LEAST_CALLS = {"tutorial": 6, "release": 7}
LEAST_WAITS = {"tutorial": 5, "release": 6}
UNHURRIED_WAITS = {"tutorial": 4, "release": 5}  # day, hold, order, link; release: which reservation the order is of
WHILE_TYPING = {"tutorial": {"tickets", "availability"}, "release": {"tickets", "availability", "sessions"}}


@dataclass
class Sale:
    """What one sale cost."""

    calls: list[str] = field(default_factory=list)
    waits: dict[str, int] = field(default_factory=dict)

    @property
    def waited(self) -> int:
        return sum(self.waits.values())


class Measured(Agent):
    """Sells one show to two people, today: calls and waits of each step are kept."""

    far: FarServer
    generation: str

    async def sell(self, *, unhurried: bool) -> Sale:
        """`unhurried`: the number is typed as people talk, and what is fetched meanwhile is there by Enter."""
        one, sale = self.one, Sale()
        first = len(self.far.calls)
        await self._step(sale, "day", "f2", lambda: self.at("offers") and one.offers.pane.offer is not None)
        await self.press("2")
        if unhurried:
            await self._answered(first, WHILE_TYPING[self.generation])
        await self._step(sale, "sessions", "enter", lambda: self.at("sessions") or self.at("cart"))
        if self.at("sessions"):
            await one.until(lambda: one.sessions.ready)
            if unhurried and self.generation == "tutorial":  # a session has a call of its own
                await self._answered(first, {"availability"}, 2)
            await self._step(sale, "hold", "enter", lambda: self.at("cart") and one.sale and one.sale.running_holds)
        await self.held()
        await self.to_payment()
        await self.press("w", "c", "equals_sign")
        await one.until(lambda: one.sale and one.sale.customer and "F10 takes" in one.text)
        await one.until(lambda: one.app.screen.guard.ready)
        await self._step(sale, "order", "f10", lambda: isinstance(one.app.screen, DocumentsScreen))
        await self._step(sale, "link", None, lambda: "http://127.0.0.1" in one.text)
        await one.until(lambda: self.far.quiet)
        sale.calls = [call.name for call in self.far.calls[first:]]
        await self.press("enter")
        await one.until(lambda: isinstance(one.app.screen, CatalogScreen))
        return sale

    async def _answered(self, first: int, wanted: set[str], times: int = 1) -> None:
        """Until these calls of the sale were answered, each so often."""

        def ended() -> bool:
            names = [call.name.rpartition("/")[2] for call in self.far.calls[first:] if call.ended is not None]
            return all(names.count(one) >= times for one in wanted)

        await self.one.until(ended)

    async def _step(self, sale: Sale, name: str, key: str | None, there: Callable[[], object]) -> None:
        clock = asyncio.get_running_loop().time
        since = clock()
        if key is not None:
            await self.press(key)
        await self.one.until(there)
        sale.waits[name] = self.far.waits(since, clock())


@asynccontextmanager
async def measured(sandbox: SandboxProcess, home: Path, far: FarServer) -> AsyncIterator[Measured]:
    """An agent at the catalog of a till that was just started."""
    token_endpoint = sandbox.token_endpoint.replace(sandbox.base_url, far.base_url)
    async with counter(sandbox, home, server=far.base_url, token_endpoint=token_endpoint) as one:
        await one.until(lambda: isinstance(one.app.screen, CatalogScreen) and one.rows("#products"))
        await one.till.open_till()
        one.app.screen.favourites.put("f2", SHOW_PRODUCT)
        await one.until(lambda: far.quiet and far.calls)
        far.round_trip = ROUND_TRIP
        agent = Measured(one, sandbox)
        agent.far, agent.generation = far, sandbox.generation  # type: ignore[attr-defined]
        yield agent


@pytest.fixture(scope="module")
def sandbox(request: pytest.FixtureRequest) -> Iterator[SandboxProcess]:
    with SandboxProcess(now=SUMMER, generation=request.param) as one:
        one.generation = request.param  # type: ignore[attr-defined]
        yield one


@pytest.mark.parametrize(
    ("sandbox", "unhurried"),
    some(2, itertools.product(("tutorial", "release"), (False, True))),
    indirect=["sandbox"],
    ids=["tutorial, at once", "tutorial, unhurried", "release, at once", "release, unhurried"],
)
async def test_a_sale_costs_hardly_more_than_the_api_asks_for(
    sandbox: SandboxProcess,
    tmp_path: Path,
    unhurried: bool,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    """Of the first sale of the day, and of one within a minute after it."""
    monkeypatch.setattr("korus_tui.screens.dates.calendar._REST", 60.0)  # a busy machine is no agent who looks on
    monkeypatch.setattr("korus_tui.counter.booking.holding._NEWS", 60.0)  # nor one who stands before the payment
    generation = sandbox.generation  # type: ignore[attr-defined]
    async with FarServer(sandbox.base_url) as far, measured(sandbox, tmp_path, far) as agent:
        for name in ("first of the day", "within a minute"):
            sale = await agent.sell(unhurried=unhurried)
            record_property(f"{generation}, {name}: calls", len(sale.calls))
            record_property(f"{generation}, {name}: waits", sale.waited)
            assert len(sale.calls) <= LEAST_CALLS[generation] + 1 - (name == "within a minute"), sale.calls
            most = UNHURRIED_WAITS if unhurried else LEAST_WAITS
            assert sale.waited <= most[generation] + (not unhurried), sale.waits


@pytest.mark.parametrize("generation", ["tutorial", "release"])
async def test_the_first_question_waits_neither_for_a_token_nor_for_what_the_server_has(
    generation: str, tmp_path: Path
) -> None:
    """From the second start on: the catalog is on the disk, and so is what the server has."""
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"  # a catalog of another year would be read again
    with SandboxProcess(now=now, generation=generation) as sandbox:
        sandbox.generation = generation  # type: ignore[attr-defined]
        async with FarServer(sandbox.base_url) as far:
            async with measured(sandbox, tmp_path, far):
                pass
            far.calls.clear()
            async with measured(sandbox, tmp_path, far) as agent:
                assert [call.name for call in far.calls] == ["POST openid-connect/token"]
                await agent.press("f2")
                await agent.one.until(lambda: len(far.calls) > 1)
                assert far.calls[1].name == "GET …/offers"
