"""`korus-tui report`: a till's day from its journal, read beside the running till, as text, JSON or CSV."""

from __future__ import annotations

import argparse
import contextlib
import gc
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from itertools import chain
from typing import Any, cast
from zoneinfo import ZoneInfo

from korus_tui import i18n
from korus_tui.config import settings
from korus_tui.config.paths import Paths
from korus_tui.counter.catalog import cache
from korus_tui.counter.core.clock import ServerClock
from korus_tui.counter.core.elsewhere import home_of
from korus_tui.counter.core.records import outside_words
from korus_tui.counter.till import export, report
from korus_tui.counter.till.till import recorded, stream_of
from korus_tui.journal import codec, heads, index
from korus_tui.journal.entry import JournalEntry, sale_stream
from korus_tui.journal.errors import JournalProblem
from korus_tui.journal.file import JournalFile
from korus_tui.journal.place import place_of
from korus_tui.sale import reading
from korus_tui.sale.events import Event, Recorded
from korus_tui.sale.reading import Reading
from korus_tui.sale.recall import readable, recall, unreadable
from korus_tui.sale.shifts import Shift, business_day, shifts
from korus_tui.sale.straight import READ, Straight, Way
from korus_tui.sale.takings import belonging, elsewhere, unresolved, waiting
from korus_tui.sale.values import Mode
from korus_tui.text.files import safe_name

_SALES = sale_stream("")
_OF_SALES = f"stream GLOB '{_SALES}*'"
_LAST = 2**62  # a number that no record reaches
FORMATS = {"text": report.as_text, "json": export.as_json, "csv": export.as_csv}


def run(arguments: argparse.Namespace) -> int:
    """Print the report of a business day.

    Exit code 0, 1 where the journal cannot be read or is not whole, 2 for a wrong question.
    """
    paths = Paths.standard()
    chosen, _notes = settings.load(paths, profile=arguments.profile)
    i18n.use(chosen.language)
    found = chosen.chosen()
    if found is None:
        return _say(f"there is no profile {arguments.profile!r}" if arguments.profile else "there is no profile yet", 2)
    name, profile = found
    kept = cache.latest(paths.cache, safe_name(name), profile.server)
    if kept is not None and kept.zone is not None:
        profile = replace(profile, zone=kept.zone)  # as the till reads its clocks
    till = arguments.till or profile.till
    file = place_of(paths.data, till)
    gc.disable()  # a day's events stay until the end, and looking through them for garbage takes longer than they do
    try:
        with contextlib.closing(JournalFile.read(file, though_damaged=True)) as opened:
            copy = heads.Copy(chosen.audit.copy, file.stem) if chosen.audit.copy else None
            against = tuple(heads.compare(file, paths.log_file, copy))
            readings = read(opened, till, profile, arguments.day, against)
    except JournalProblem as error:
        return _say(str(error), 1)
    finally:
        gc.enable()
    against = tuple(one for one in against if one.stands)
    nothing = f"the till {till!r} has nothing on that business day"
    if chosen.blind and readings:
        readings = tuple(one for one in readings if one.is_z)
        nothing = "the settings say `blind`: what is expected is told once the drawer was counted (Z)"
    if readings:
        sys.stdout.write(FORMATS[arguments.format](readings))
    else:
        for words in (nothing, *outside_words(against)):
            _say(words, 1)
    if opened.damage is not None:
        return _say(str(opened.damage), 1)
    return 1 if against or not readings else 0


def _say(words: str, code: int) -> int:
    print(f"korus-tui: {words}", file=sys.stderr)  # noqa: T201 - the command line's own voice
    return code


def read(
    file: JournalFile,
    till: str,
    profile: settings.Profile,
    day: date | None,
    against: tuple[heads.Against, ...] = (),
) -> tuple[Reading, ...]:
    """The readings of the shifts that were opened on a business day; without a day, of the newest one that has any.

    All records are walked along; what that finds stands on each reading. What copies of their head say `against` them
    stands on the shift in which it was written, and on each until the till was closed with it.
    Of the sales only those of these shifts are read, and those that have not ended. Raises JournalProblem.
    """
    mode, zone, now = Mode(profile.mode), _zone(profile.zone), ServerClock().now()
    home = home_of(profile)
    ways = _Ways(_likely(file, till, mode, day, zone))
    verdict = file.walk(ways.follow)
    not_ended = index.OPEN if verdict.whole else index.NOT_ENDED  # a whole journal's index says what its events say
    ours, others = belonging(home, map(recall, _by_sale(_sales(file, not_ended)).values()))
    here = readable(ours)
    paid = unresolved(here, unreadable(ours))
    found: list[Reading] = []
    for shift in reversed(_shifts(file, till, mode)):
        at = shift.closing.by.at if shift.closing else now
        opened = _opened_on(shift, now, zone)
        if opened != (day or opened):
            continue
        quick, during = _made(file, shift, ways.of(shift) if verdict.whole else None)
        if shift.opening is None and not quick and not during:
            continue
        day = opened
        before: list[Recorded] = []
        for sale in reading.earlier(shift, during):
            before += _sales(file, "stream = ? AND seq <= ?", sale_stream(sale), shift.after)
        facts: dict[str, Any] = {
            "till": till,
            "mode": mode,
            "currency": profile.currency,
            "at": at,
            "zone": zone,
            "elsewhere": elsewhere(others),
            "waiting": waiting(here),
            "record": reading.mark(verdict.head.seq, verdict.head.hash) if verdict.head else "",
            "broken": verdict.why,
            "outside": tuple(outside_words(tuple(one for one in against if one.stands or _within(one, shift)))),
            "straight": quick,
        }
        found.append(reading.read(shift, before, during, paid, **facts))
    return tuple(reversed(found))


def _within(one: heads.Against, shift: Shift) -> bool:
    """Whether the event that is missing was written while this shift was open."""
    closing = shift.closing
    return one.head.seq > shift.after and (closing is None or one.head.at <= closing.by.at)


def _shifts(file: JournalFile, till: str, mode: Mode) -> tuple[Shift, ...]:
    return shifts(recorded(file.entries("stream = ?", stream_of(till))), mode)


def _opened_on(shift: Shift, now: datetime, zone: ZoneInfo) -> date:
    at = shift.closing.by.at if shift.closing else now
    return business_day(shift.opening.by.at if shift.opening else at, zone)


def _likely(file: JournalFile, till: str, mode: Mode, day: date | None, zone: ZoneInfo) -> Iterator[Shift]:
    """The shifts that will be asked for, as far as is known before the records were walked along."""
    try:
        found = _shifts(file, till, mode)
    except JournalProblem:  # the walk tells
        return
    now = ServerClock().now()
    for shift in reversed(found):
        opened = _opened_on(shift, now, zone)
        if opened == (day or opened):
            yield shift
            day = opened if shift.opening else day


class _Ways:
    """The ways of the sales of some shifts, followed while the walk passes their records: they are read once."""

    def __init__(self, wanted: Iterable[Shift]) -> None:
        self._of: dict[tuple[int, int], dict[str, Way]] = {_stretch(shift): {} for shift in wanted}
        self._to_come = sorted(self._of, reverse=True)
        self._after = self._until = 0
        self._ways: dict[str, Way] = {}
        self._versions = {kind: codec.current_version(kind) for kind in READ}

    def of(self, shift: Shift) -> dict[str, Way] | None:
        """By stream; None for a shift that was not followed as it is now."""
        return self._of.get(_stretch(shift))

    def follow(self, seq: int, stream: str, at: str, kind: str, version: int, payload: str) -> None:
        """The next event of the journal."""
        while seq > self._until:
            if not self._to_come:
                return
            self._after, self._until = stretch = self._to_come.pop()
            self._ways = self._of[stretch]
        if seq <= self._after or not stream.startswith(_SALES):
            return
        way = self._ways.get(stream)
        if way is None:
            way = self._ways[stream] = Way()
        values: Any = codec.plain(payload) if version == self._versions.get(kind) else None
        way.take(kind, at, values)


def _stretch(shift: Shift) -> tuple[int, int]:
    return shift.after, shift.until or _LAST


def _made(
    file: JournalFile, shift: Shift, ways: dict[str, Way] | None
) -> tuple[dict[str, Straight], tuple[Recorded, ...]]:
    """The sales of a shift: what is known of those that went the straight way, and the events of all others.

    Every event is read where their ways were not followed, or in a journal that is not whole: nothing in that one is
    as it should be.
    """
    between = "seq > ? AND seq <= ?"
    if ways is None:
        return {}, _sales(file, f"{_OF_SALES} AND {between}", *_stretch(shift))
    found = {stream: way.came_to for stream, way in ways.items()}
    rest = (_sales(file, f"stream = ? AND {between}", one, *_stretch(shift)) for one in found if found[one] is None)
    return (
        {stream.removeprefix(_SALES): one for stream, one in found.items() if one is not None},
        tuple(sorted(chain.from_iterable(rest), key=lambda row: row.seq)),
    )


def _sales(file: JournalFile, where: str, *values: Any) -> tuple[Recorded, ...]:
    return tuple(map(_of_sale, file.entries(where, *values)))


def _by_sale(rows: Iterable[Recorded]) -> dict[str, list[Recorded]]:
    found: dict[str, list[Recorded]] = {}
    for row in rows:
        found.setdefault(row.sale, []).append(row)
    return found


def _of_sale(entry: JournalEntry) -> Recorded:
    assert entry.sale is not None
    return Recorded(entry.seq, entry.sale, entry.at, entry.agent, entry.till, cast("Event", entry.event), entry.hash)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
