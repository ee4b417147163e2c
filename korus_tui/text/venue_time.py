"""Moments on the venue's clocks; pure, no clock of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_WRITTEN = re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d(?::?\d\d)?)")


def at_venue(moment: datetime, zone: tzinfo) -> datetime:
    """The moment with the venue's offset.

    An offset, not the zone: two moments of one zone that its clocks show alike, in the night when they go back, would
    be equal. There the offset bears the name that tells them apart (CEST, CET), and nowhere else.
    """
    there = moment.astimezone(zone)
    offset = there.utcoffset() or timedelta()
    twice = there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()
    name = there.tzname() if twice else None
    return moment.astimezone(timezone(offset, name) if name else timezone(offset))


def clock(moment: datetime, zone: str | None = None) -> str:
    """`22:00` as the moment's own offset has it, or the zone by this name; `02:30 CEST` where that comes twice."""
    if zone is not None:
        with suppress(KeyError, ValueError, OSError):  # a name that this machine does not know
            moment = at_venue(moment, ZoneInfo(zone))
    return f"{moment:%H:%M} {which(moment)}".rstrip()


def which(moment: datetime) -> str:
    """Which of two equal times on the clocks it is; empty where there is one."""
    name = moment.tzname() or ""
    return name if isinstance(moment.tzinfo, timezone) and not name.startswith("UTC") else ""


def moments_in(said: str) -> tuple[datetime, ...]:
    """The moments that words name as machines write them: `2026-11-28T20:27:54+00:00`."""
    found = (_moment(match[0]) for match in _WRITTEN.finditer(said))
    return tuple(moment for moment in found if moment is not None)


def retold(said: str, tell: Callable[[datetime], str]) -> str:
    """The words with each such moment told otherwise."""

    def told(match: re.Match[str]) -> str:
        moment = _moment(match[0])
        return match[0] if moment is None else tell(moment)

    return _WRITTEN.sub(told, said)


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written.replace(",", "."))
        moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment
