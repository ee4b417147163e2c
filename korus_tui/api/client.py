"""The Korus Ticket API, one method a call."""

from __future__ import annotations

from korus_tui.api.booking import Booking
from korus_tui.api.section import Line
from korus_tui.api.ticketing import Ticketing


class KorusClient:
    """Every documented call of the API over one transport, by chapter (docs/api.md).

    A read raises NotSent, TimedOut, ConnectionLost, ServerFailed or NotNow (after retries), SignInRefused, Forbidden,
    NotFound, Refused, Malformed, TooLarge, RedirectRefused or ProxyAnswer. A write (POST, PATCH) raises NotSent,
    Invalid and the other Refused, SignInRefused, ProxyAnswer, RedirectRefused: then nothing was done; NotNow and
    OutcomeUnknown: then it may have been, look it up. Lists are read when iterated (`async for page in
    client.ticketing.products(c)`) or awaited (`await client.ticketing.products(c)`).
    """

    def __init__(self, transport: Line) -> None:
        self._transport = transport
        self.ticketing = Ticketing(transport)
        self.booking = Booking(transport)

    async def sign_in(self) -> None:
        """Have a token at hand; raises as a read."""
        await self._transport.sign_in()

    async def close(self) -> None:
        """Close all connections; the client is not used afterwards."""
        await self._transport.aclose()
