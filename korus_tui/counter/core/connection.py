"""The line to the API: one client, made when it is first needed, and what is known of its health."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from korus_tui import i18n
from korus_tui.aio import finish
from korus_tui.config.paths import write_private
from korus_tui.counter.core.clock import ServerClock

if TYPE_CHECKING:
    from korus_tui.api.client import KorusClient
    from korus_tui.api.exchange import Exchange
    from korus_tui.config.credentials import Secrets
    from korus_tui.config.settings import Profile

T = TypeVar("T")
log = logging.getLogger("korus_tui.counter")


@dataclass(frozen=True, slots=True)
class Health:
    """How the line is: `online` None before the first answer; `since` in boot seconds, `latency` in seconds."""

    online: bool | None
    since: float
    latency: float | None = None


Where: TypeAlias = "Callable[[], Awaitable[tuple[Profile, Secrets]]]"


class Connection:
    """Hands out the one client, and times every call through it.

    `where` is asked at the first call: the demo's server is still starting when the first frame is painted. It is asked
    again where a sign-in is refused: somebody may have changed the secret meanwhile.
    """

    def __init__(
        self,
        where: Where,
        clock: ServerClock,
        agent: str,
        kept: Path | None = None,
        heard: Callable[[Exchange], None] | None = None,
    ) -> None:
        """`kept` is a folder for answers that need not be sent again; `heard` is told all that goes over the line."""
        self._kept = kept
        self._heard = heard
        self._where = where
        self._clock = clock
        self._user_agent = agent
        self._client: asyncio.Task[KorusClient] | None = None
        self.health = Health(None, clock.boot())
        self.asked = False  # whether anything was yet: a start with a catalog that is fresh asks nothing
        self.changed: Callable[[], None] = lambda: None
        self.retell: Callable[[str], str] = lambda said: said  # Korus' words, as this counter tells them

    async def _open(self) -> KorusClient:
        profile, secrets = await self._where()
        return await asyncio.to_thread(self._build, profile, secrets)

    def _build(self, profile: Profile, secrets: Secrets) -> KorusClient:
        """In a thread: the HTTP library takes a while to import, and the first frame is being painted."""
        from korus_tui.api.client import KorusClient  # first frame
        from korus_tui.api.timing import DateSample  # first frame
        from korus_tui.api.transport import Transport  # first frame
        from korus_tui.api.unchanged import Unchanged  # first frame
        from korus_tui.counter.core.sign_in import Rotating  # first frame

        auth = Rotating(self._where, profile, secrets)

        def learn(sample: DateSample) -> None:
            self._clock.learn(sample.server, sample.sent, sample.received)

        transport = Transport(
            profile.server,
            auth,
            user_agent=self._user_agent,
            boot_clock=self._clock.boot,
            on_date=learn,
            language=i18n.language,  # the agent's: the messages of a refusal are read at the counter
            unchanged=Unchanged(self._kept, write_private) if self._kept else None,
            on_exchange=self._heard,
        )
        return KorusClient(transport)

    async def client(self) -> KorusClient:
        """The client; a failure to make one is told to every caller and tried again by the next."""
        if self._client is None or (
            self._client.done() and (self._client.cancelled() or self._client.exception() is not None)
        ):
            self._client = asyncio.create_task(self._open(), name="open the line")
        return await finish(self._client)

    async def ask(self, call: Callable[[KorusClient], Awaitable[T]]) -> T:
        """Run one call and learn from it how the line is. Raises what the call raises (korus_tui.api.errors)."""
        from korus_tui.api import errors  # first frame

        self.asked = True
        client = await self._ready()
        start = self._clock.boot()
        try:
            answer = await call(client)
        except (errors.NotSent, errors.TimedOut, errors.ConnectionLost, errors.OutcomeUnknown) as error:
            error.retell(self.retell)
            self._learned(isinstance(error, errors.OutcomeUnknown) and error.answered, None)
            raise
        except errors.ApiError as error:
            error.retell(self.retell)
            self._learned(True, None)
            raise
        self._learned(True, self._clock.boot() - start)
        return answer

    async def sign_in(self) -> None:
        """Have the client and its token ready before anything is asked. A failure is told to who asks then."""
        try:
            await (await self.client()).sign_in()
        except Exception as error:
            log.info("signing in ahead of need failed: %s", type(error).__name__)

    async def fetch_file(self, url: str, limit: int) -> bytes:
        """A document from its storage, which is another server: what it does says nothing of the API's line."""
        client = await self._ready()
        return await client.booking.fetch_file(url, limit)

    async def _ready(self) -> KorusClient:
        from korus_tui.api import errors  # first frame

        try:
            return await self.client()
        except errors.ApiError:
            raise
        except Exception as error:  # no client, for whatever reason: nothing was sent
            raise errors.NotSent(operation="open the line") from error

    def _learned(self, online: bool, latency: float | None) -> None:
        before = self.health
        since = before.since if before.online == online and not online else self._clock.boot()
        self.health = Health(online, since, latency if latency is not None else before.latency)
        if before.online != online:
            self.changed()

    async def close(self) -> None:
        """Close the client's connections, where there are any."""
        task, self._client = self._client, None
        if task is None:
            return
        if not task.done():
            task.cancel()
        elif not task.cancelled() and task.exception() is None:
            await task.result().close()
