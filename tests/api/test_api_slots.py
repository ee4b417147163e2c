"""Which read goes next, and how long connections are kept for what."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from api_lines import CATALOG, line_to
from far_server import FarServer
from httpcore._async import http11
from sandbox_process import SandboxProcess
from wire_server import Seen, WireServer, json_reply

from korus_tui.api.auth import BearerToken
from korus_tui.api.client import KorusClient
from korus_tui.api.errors import Invalid
from korus_tui.api.models.base import Iri
from korus_tui.api.models.requests import CustomerRequest
from korus_tui.api.slots import Slots, ahead_of_need
from korus_tui.api.timing import Timeouts

NOTHING = {"totalItems": 0, "member": []}


async def test_what_is_waited_for_goes_before_what_is_read_ahead() -> None:
    """Eight reads ahead of need, then six that somebody waits for: these pass all that are not asked yet."""
    going, two = asyncio.Event(), asyncio.Event()

    async def script(seen: Seen, writer: asyncio.StreamWriter) -> None:
        if len(server.seen) == 2:
            two.set()
        if "/events" not in seen.target:
            await going.wait()
        writer.write(json_reply(NOTHING))

    async with WireServer(script) as server, line_to(server.url, timeouts=Timeouts()) as client:
        with ahead_of_need():
            ahead = [asyncio.create_task(client.ticketing.products(CATALOG).all()) for _ in range(8)]
        await two.wait()
        await asyncio.gather(
            *(client.ticketing.events(CATALOG).all() for _ in range(6))
        )  # though nothing of the others is answered
        assert sum("/products" in seen.target for seen in server.seen) == 2
        going.set()
        await asyncio.gather(*ahead)
        assert len(server.seen) == 14


async def test_a_read_that_is_given_up_gives_its_place_back() -> None:
    slots, order = Slots(2), list[str]()

    async def read(name: str, until: asyncio.Event) -> None:
        async with slots.one():
            order.append(name)
            await until.wait()

    until = asyncio.Event()
    first = [asyncio.create_task(read(name, until)) for name in "ab"]
    waiting = [asyncio.create_task(read(name, until)) for name in "cd"]
    await asyncio.sleep(0)
    first[0].cancel()
    waiting[0].cancel()
    await asyncio.gather(first[0], waiting[0], return_exceptions=True)
    until.set()
    await asyncio.gather(first[1], waiting[1])
    assert order == ["a", "b", "d"]
    async with asyncio.timeout(1), slots.one(), slots.one():
        pass


@pytest.fixture
async def far() -> AsyncIterator[FarServer]:
    with SandboxProcess() as sandbox:
        async with FarServer(sandbox.base_url) as server:
            server.token = sandbox.token()  # type: ignore[attr-defined]
            yield server


async def post(client: KorusClient) -> None:
    with pytest.raises(Invalid):
        await client.booking.order(
            [Iri("/v1/booking/reservations/x")], CustomerRequest("A", "B", "a@example.org"), "KT-1"
        )


async def test_idle_connections_are_kept_for_reads_and_not_for_what_moves_money(
    far: FarServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = 0.0
    monkeypatch.setattr(http11.time, "monotonic", lambda: time.perf_counter() + passed)
    async with line_to(far.base_url, auth=BearerToken(far.token)) as client:  # type: ignore[attr-defined]
        await client.ticketing.catalogs()
        passed = 50.0
        await client.ticketing.catalogs()
        assert far.connections == 1
        await post(client)
        await post(client)
        assert far.connections == 2
        passed = 54.0
        await post(client)
        assert far.connections == 3
