"""`korus-tui report`: a till's day from its journal, read beside the running till, as text, JSON or CSV."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast
from zoneinfo import ZoneInfo

from korus_tui import i18n
from korus_tui.config import settings
from korus_tui.config.paths import Paths
from korus_tui.counter.core.clock import ServerClock
from korus_tui.counter.core.records import outside_words
from korus_tui.counter.till import report, report_data
from korus_tui.counter.till.till import recorded, stream_of
from korus_tui.journal import JournalProblem, Verdict, heads
from korus_tui.journal.entry import Entry
from korus_tui.journal.file import JournalFile
from korus_tui.journal.place import place_of
from korus_tui.sale import reading
from korus_tui.sale.events import Event, Recorded
from korus_tui.sale.home import Home
from korus_tui.sale.reading import Reading
from korus_tui.sale.recall import readable, recall, unreadable
from korus_tui.sale.takings import belonging, elsewhere, unresolved
from korus_tui.sale.till import shifts
from korus_tui.sale.till_events import TillRecorded
from korus_tui.sale.values import Mode

FORMATS = {"text": report.as_text, "json": report_data.as_json, "csv": report_data.as_csv}


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
    profile = found[1]
    till = arguments.till or profile.till
    file = place_of(paths.data, till)
    try:
        opened = JournalFile.read(file)
        verdict = opened.walk()
        rows, sales = entries_of(opened, till)
        copy = heads.Copy(chosen.audit.copy, file.stem) if chosen.audit.copy else None
        against = tuple(one for one in heads.compare(file, paths.log_file, copy) if not one.past)
    except JournalProblem as error:
        return _say(str(error), 1)
    readings = read(rows, sales, till, profile, arguments.day, verdict, tuple(outside_words(against)))
    if chosen.blind:
        readings = tuple(one for one in readings if one.is_z)
        if not readings:
            return _say("the settings say `blind`: what is expected is told once the drawer was counted (Z)", 1)
    if not readings:
        return _say(f"the till {till!r} has nothing on that business day", 1)
    sys.stdout.write(FORMATS[arguments.format](readings))
    if not verdict.whole:
        return _say(str(opened.damage), 1)
    return 1 if against else 0


def _say(words: str, code: int) -> int:
    print(f"korus-tui: {words}", file=sys.stderr)  # noqa: T201 - the command line's own voice
    return code


def entries_of(file: JournalFile, till: str) -> tuple[tuple[TillRecorded, ...], tuple[Recorded, ...]]:
    """The till's own events and those of all its sales; closes the file. Raises JournalProblem."""
    try:
        rows = recorded(file.entries("stream = ?", stream_of(till)))
        return rows, tuple(_of_sale(one) for one in file.entries("stream GLOB 'sale:*'"))
    finally:
        file.close()


def read(
    rows: Iterable[TillRecorded],
    sales: Sequence[Recorded],
    till: str,
    profile: settings.Profile,
    day: date | None,
    verdict: Verdict,
    outside: tuple[str, ...] = (),
) -> tuple[Reading, ...]:
    """The readings of the shifts that were opened on a business day; without a day, of the newest one that has any.

    `verdict` is what the walk along all records found, `outside` what copies of their head say: both stand on each.
    """
    mode, zone, now = Mode(profile.mode), _zone(profile.zone), ServerClock().now()
    by_sale: dict[str, list[Recorded]] = {}
    for row in sales:
        by_sale.setdefault(row.sale, []).append(row)
    home = Home(mode, settings.origin_of(profile.server))
    ours, others = belonging(home, (recall(one) for one in by_sale.values()))
    waiting = unresolved(readable(ours), unreadable(ours))
    found: list[Reading] = []
    for shift in shifts(rows, mode):
        during = reading.within(shift, sales)
        if shift.opening is None and not during:
            continue
        known = (row for sale in reading.earlier(shift, during) for row in by_sale[sale])
        before = [row for row in known if row.seq <= shift.after]
        at = shift.closing.by.at if shift.closing else now
        facts: dict[str, Any] = {
            "till": till,
            "mode": mode,
            "currency": profile.currency,
            "at": at,
            "zone": zone,
            "elsewhere": elsewhere(others),
            "record": reading.mark(verdict.head.seq, verdict.head.hash) if verdict.head else "",
            "broken": verdict.why,
            "outside": outside,
        }
        found.append(reading.read(shift, before, during, waiting, **facts))
    wanted = day or (found[-1].day if found else None)
    return tuple(one for one in found if one.day == wanted)


def _of_sale(entry: Entry) -> Recorded:
    assert entry.sale is not None
    return Recorded(entry.seq, entry.sale, entry.at, entry.agent, entry.till, cast("Event", entry.event), entry.hash)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
