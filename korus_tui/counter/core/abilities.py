"""What this profile's API has and what it lacks: asked once, and remembered (docs/api.md, Generations)."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from korus_tui.aio import finish
from korus_tui.config.paths import write_private
from korus_tui.counter.core.clock import Clock

_ASKED_AGAIN = timedelta(days=7)  # a server is renewed one day, and may have more then
log = logging.getLogger("korus_tui.counter")


class Ability(StrEnum):
    """A call or a filter that only some versions have."""

    BASES = "product_bases"  # none: the tutorial's generation
    TOLD_BASES = "product_bases with a time zone"  # the release's alone
    EVENTS = "events"
    SESSION_FILTER = "offers by session"
    TICKET_SESSIONS = "sessions of a ticket"
    SESSION_AVAILABILITY = "availability of a session"
    FORMS = "forms"
    DOCUMENTS = "documents of an order"


_DOCUMENTED: dict[str, dict[Ability, bool]] = {
    "tutorial": {Ability.BASES: False, Ability.SESSION_FILTER: False},
    "release": {Ability.BASES: True, Ability.EVENTS: False},
}


class Abilities:
    """The answers, one file a profile; what another server said counts for nothing."""

    def __init__(self, file: Path, server: str, clock: Clock, generation: str = "auto") -> None:
        """`generation` is the profile's: but for `auto` nobody is asked which one it is."""
        self._told = _DOCUMENTED.get(generation, {})
        self._file = file
        self._server = server
        self._clock = clock
        self._kept: dict[str, tuple[bool, datetime]] | None = None
        self._asked: dict[Ability, asyncio.Task[bool]] = {}

    def known(self, ability: Ability) -> bool | None:
        """Whether the API has it; None where that is not known, or not any more."""
        if ability in self._told:
            return self._told[ability]
        found = self._read().get(ability)
        if found is None or abs(self._clock.now() - found[1]) > _ASKED_AGAIN:
            return None
        return found[0]

    @property
    def order_titles(self) -> bool:
        """Whether a customer who orders may have a title and agree to be written to: not in the tutorial's API."""
        return self.known(Ability.BASES) is not False

    @property
    def order_notes(self) -> bool:
        """Whether an order may have notes: as far as is documented, in the release alone."""
        return self.order_titles and self.known(Ability.TOLD_BASES) is not False

    @property
    def lacking(self) -> tuple[str, ...]:
        """The customer's facts that orders do not take here."""
        titles = () if self.order_titles else ("title", "opt_in")
        return titles if self.order_notes else (*titles, "notes")

    async def ask(self, ability: Ability, probe: Callable[[], Awaitable[bool]]) -> bool:
        """What is known, else what the probe finds; whoever asks meanwhile waits for the same one. Raises ApiError."""
        known = self.known(ability)
        if known is not None:
            return known
        if ability not in self._asked:
            self._asked[ability] = asyncio.create_task(self._ask(ability, probe), name=f"does it have {ability}")
        return await finish(self._asked[ability])

    async def _ask(self, ability: Ability, probe: Callable[[], Awaitable[bool]]) -> bool:
        try:
            found = await probe()
            await self.learn(ability, found)
            return found
        finally:
            del self._asked[ability]

    async def learn(self, ability: Ability, found: bool) -> None:
        """An answer told it; kept on the disk where it is news."""
        if self.known(ability) is found:
            return
        kept = self._read()
        kept[ability] = found, self._clock.now()
        data = {"server": self._server, "abilities": {name: [one, at.isoformat()] for name, (one, at) in kept.items()}}
        try:
            await asyncio.to_thread(write_private, self._file, json.dumps(data).encode())
        except OSError as error:
            log.warning("what the API has cannot be kept: %s", error.strerror)

    async def missed(self, ability: Ability) -> bool:
        """It answered 404; whether the API lacks it: what was answered once is there, and the thing is what is gone."""
        if self.known(ability):
            return False
        await self.learn(ability, False)
        return True

    def look_again(self) -> None:
        """The catalog is read anew: what one 404 seemed to say of a call is found out once more."""
        kept = self._read()
        for ability in (Ability.TICKET_SESSIONS, Ability.SESSION_AVAILABILITY, Ability.FORMS, Ability.DOCUMENTS):
            if not kept.get(ability, (True, None))[0]:
                del kept[ability]

    def _read(self) -> dict[str, tuple[bool, datetime]]:
        if self._kept is None:
            self._kept = {}
            try:
                data = json.loads(self._file.read_bytes())
                if data["server"] == self._server:
                    for name, (found, at) in data["abilities"].items():
                        self._kept[str(name)] = bool(found), datetime.fromisoformat(at).astimezone()
            except FileNotFoundError:
                pass
            except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
                log.warning("what was kept of the API cannot be used: %s", type(error).__name__)
        return self._kept
