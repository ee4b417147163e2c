"""The last calls to the API: what was asked and answered, which are in doubt, and which look-ups settled that."""

from __future__ import annotations

import itertools
import shlex
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from korus_tui.api.exchange import SHOWN as SHOWN
from korus_tui.api.exchange import Exchange
from korus_tui.counter.lens.redacting import Redacting

if TYPE_CHECKING:
    from korus_tui.counter.core.clock import Clock

MOST_CALLS = 200
MOST_CHARACTERS = 1_000_000  # of bodies, in all of them
_HOLD, _ORDER = "reservations.create_bulk", "orders.create_bulk"
_LOOKS = {_HOLD: ("reservations.list", "reservations.get"), _ORDER: ("orders.list", "reservations.get")}


@dataclass(frozen=True, kw_only=True)
class KeptCall(Exchange):
    """An exchange that is kept, since `heard` (boot seconds). `number` counts from the program's start; `reference` is
    the sale's that it names.
    """

    number: int
    heard: float
    reference: str
    doubt: bool

    @property
    def size(self) -> int:
        """Characters that it keeps."""
        return len(self.url) + 2 * len(self.sent) + len(self.answered)


class Lens:
    """Keeps what goes over the line, within a fixed room. What is shown of it is redacted."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._calls: deque[KeptCall] = deque()
        self._size = 0
        self._numbers = itertools.count(1)
        self._redacting = Redacting()
        self._watchers: list[Callable[[], None]] = []

    def watch(self, changed: Callable[[], None]) -> None:
        """Call this whenever there is one more."""
        self._watchers.append(changed)

    def unwatch(self, changed: Callable[[], None]) -> None:
        """No longer."""
        self._watchers.remove(changed)

    @property
    def calls(self) -> tuple[KeptCall, ...]:
        """Those that are kept, the newest first."""
        return tuple(reversed(self._calls))

    def heard(self, one: Exchange) -> None:
        """Keep an exchange; the oldest make room for it."""
        self._redacting.learn(one.body)
        seen = KeptCall(
            **vars(one),
            number=next(self._numbers),
            heard=self._clock.boot(),
            reference=_reference(one),
            doubt=one.moves and not _sure(one),
        )
        self._calls.append(seen)
        self._size += seen.size
        while len(self._calls) > MOST_CALLS or (self._size > MOST_CHARACTERS and len(self._calls) > 1):
            self._size -= self._calls.popleft().size
        for changed in tuple(self._watchers):
            changed()

    def at(self, seen: KeptCall) -> datetime:
        """When a call was, by the server's time as it is known now: before the first answer it was the machine's."""
        return self._clock.now() - timedelta(seconds=self._clock.boot() - seen.heard)

    def find(self, number: int) -> KeptCall | None:
        """The call with this number, while it is kept."""
        return next((one for one in self._calls if one.number == number), None)

    def looked_up(self, doubt: KeptCall) -> tuple[KeptCall, ...]:
        """The look-ups after a call in doubt that asked what became of it, in order."""
        found = []
        for one in self._calls:
            if one.number <= doubt.number:
                continue
            if one.operation == doubt.operation and one.reference == doubt.reference:
                break  # sent again, or the next one: what is asked from here on is about that
            about = not one.reference or one.reference == doubt.reference
            if one.operation in _LOOKS.get(doubt.operation, ()) and about:
                found.append(one)
        return tuple(found)

    def doubt_of(self, look: KeptCall) -> KeptCall | None:
        """The call in doubt that a look-up was made for."""
        before = (one for one in reversed(self._calls) if one.number < look.number and one.doubt)
        return next((one for one in before if look in self.looked_up(one)), None)

    # What is shown of a call

    def path(self, seen: KeptCall) -> str:
        """Where it went, without the server's name."""
        return self._redacting.address(seen.url)

    def request(self, seen: KeptCall) -> str:
        """What was sent, to be read."""
        return self._redacting.pretty(seen.sent)

    def answer(self, seen: KeptCall) -> str:
        """What came, to be read."""
        return self._redacting.pretty(seen.answered)

    def curl(self, seen: KeptCall) -> str:
        """The call for a shell, with `$TOKEN` for the token; what was redacted is to be filled in."""
        parts = urlsplit(seen.url)
        where = f"{parts.scheme}://{parts.netloc}" if parts.scheme else ""
        words = ["curl", "-X", shlex.quote(seen.method)] if seen.method != "GET" else ["curl"]
        words.append(shlex.quote(self._ascii(where + self._redacting.address(seen.url, readable=False))))
        if seen.operation != "sign_in":
            words.append('-H "Authorization: Bearer $TOKEN"')
        words += [f"-H {shlex.quote(self._ascii(f'{name}: {value}'))}" for name, value in seen.headers.items()]
        if seen.body is not None:
            words.append(f"--data {shlex.quote(self._redacting.compact(seen.body))}")
        return " ".join(words)

    @staticmethod
    def _ascii(text: str) -> str:
        return "".join(one if one.isascii() and one.isprintable() else "?" for one in text)


def _sure(one: Exchange) -> bool:
    """Whether what the call did is known: done, refused for itself, or never sent."""
    if one.status is None:
        return one.outcome in ("NotSent", "TlsRefused")
    return (200 <= one.status < 300 and one.outcome == str(one.status)) or one.status == 422


def _reference(one: Exchange) -> str:
    if isinstance(one.body, dict):
        return str(one.body.get("externalReference") or "")
    return dict(parse_qsl(urlsplit(one.url).query)).get("external_reference", "")
