"""The doctor's look at a till's journal, beside the running till: whole or where it broke, schema, who writes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from korus_tui.cli.doctor.finding import Finding, State
from korus_tui.counter.core import journal_trouble as trouble
from korus_tui.counter.core import unreadable
from korus_tui.i18n import _, ngettext
from korus_tui.journal import heads
from korus_tui.journal.entry import sale_stream
from korus_tui.journal.errors import JournalMissing, JournalProblem
from korus_tui.journal.file import JournalFile
from korus_tui.journal.store import recorded, verify
from korus_tui.journal.survey import Survey, survey
from korus_tui.sale.reading import mark
from korus_tui.sale.recall import Unreadable, recall


def journal(file: Path, keep_days: int, log_file: Path, copy: str) -> Iterator[Finding]:
    """What can be said of the journal without changing it; `copy` is where the settings keep its heads, "" nowhere."""
    subject = _("journal")
    try:
        found, verdict = survey(file), verify(file)
    except JournalMissing as error:
        yield _missing(error, file)
        return
    except JournalProblem as error:
        yield Finding(State.FAILED, subject, str(error), trouble.of(error).advice)
        return
    if verdict.whole:
        count = ngettext("{count} event", "{count} events", verdict.checked).format(count=verdict.checked)
        yield Finding(State.OK, subject, _("{file}: the chain is whole, {count}").format(file=file, count=count))
    else:
        place = _("event {seq}").format(seq=verdict.broken_at) if verdict.broken_at else _("its end")
        words = _("{file}: the chain breaks at {place}: {why}; {checked} events before it are whole").format(
            file=file, place=place, why=verdict.why, checked=verdict.checked
        )
        advice = _("Keep the file, and put the newest whole copy in its place.")
        older = heads.against(file, [heads.in_lock(file)])
        yield Finding(State.FAILED, subject, words, _what_to_ask(older[0], file) if older else advice)
    yield from _outside(file, log_file, copy, verdict.checked)
    yield from _facts(found, keep_days)
    if verdict.whole:
        yield from _sales(file, found.open_sales)


def _outside(file: Path, log_file: Path, copy: str, events: int) -> Iterator[Finding]:
    """Whether the heads that were kept outside are those of this journal, which has so many events."""
    subject = _("records")
    places = [heads.in_log(log_file, file.stem), *([heads.Copy(copy, file.stem).kept()] if copy else [])]
    try:
        told = {one.place: one for one in heads.against(file, places)}
    except JournalProblem:  # said above
        return
    for kept in places:
        against = told.get(kept.place)
        if kept.failed:
            words = _("what is kept outside cannot be read: {why}").format(why=kept.failed)
            yield Finding(State.ATTENTION, subject, words, _("Have it mended: nothing is compared with it meanwhile."))
        elif against is not None:
            now = _("{place} knows otherwise: {why}.")
            words = _("{place} knew otherwise in the past: {why}.") if against.past else now
            words = words.format(place=kept.place, why=against.why)
            state = State.ATTENTION if against.past else State.FAILED
            yield Finding(state, subject, words, _what_to_ask(against, file))
        elif kept.heads:
            last = kept.heads[-1]
            words = _("{place} agrees, up to event {seq} of {at:%Y-%m-%d %H:%M} UTC")
            yield Finding(State.OK, subject, words.format(place=kept.place, seq=last.seq, at=last.at))
        else:
            words = _("{place} knows nothing of this journal").format(place=kept.place)
            advice = _("Is it new, or was it removed or emptied? The next sale is noted there.") if events else ""
            yield Finding(State.ATTENTION if events else State.OK, subject, words, advice)
    if not copy:
        yield Finding(State.OK, subject, _("no copy of another account is set ([audit] copy)"))


def _what_to_ask(against: heads.Against, file: Path) -> str:
    """What to do about a journal that does not have an event which was written."""
    head, lock = against.head, file.with_name(file.name + ".lock")
    asked = _(
        "The journal was shortened, rewritten or put back from a copy after {at:%Y-%m-%d %H:%M} UTC, when event {mark}"
        " was the newest: receipts and closes of that time bear such marks. Keep this file. Ask whoever has this"
        " account, and whoever puts copies back, who did it and why."
    )
    said = asked.format(at=head.at, mark=mark(head.seq, head.hash))
    if against.past:
        return said + " " + _("What was sold in between is known to Korus, the receipts and the closes alone.")
    way = _(
        "Then put the newest copy back (`korus-tui backup` makes them); where there is none, look the sales since up in"
        " Korus, and have whoever answers for the till remove {lock} to go on without them."
    )
    return said + " " + way.format(lock=lock)


def _missing(error: JournalMissing, file: Path) -> Finding:
    """A till that never sold has none; a lock file that remembers one says that it was removed."""
    if file.with_name(file.name + ".lock").exists() or file.with_name(file.name + "-wal").exists():
        return Finding(State.FAILED, _("journal"), str(error), trouble.of(error).advice)
    return Finding(State.OK, _("journal"), _("{file}: none yet, the first start makes it").format(file=file))


def _facts(found: Survey, keep_days: int) -> Iterator[Finding]:
    version = _("schema {version}").format(version=found.version)
    if found.version < found.known_version:
        version = _("schema {version}; the next start brings it to {known}, after a backup").format(
            version=found.version, known=found.known_version
        )
    copies = ", ".join(copy.name for copy in found.backups) or _("none needed so far")
    yield Finding(State.OK, _("schema"), _("{version}; backups: {copies}").format(version=version, copies=copies))
    if found.holder:
        holder = _("process {pid} on {host} since {since:%Y-%m-%d %H:%M} UTC").format(
            pid=found.holder.pid, host=found.holder.host, since=found.holder.since
        )
        yield Finding(State.OK, _("writer"), holder)
    if found.open_sales:
        words = ngettext("{count} sale is open", "{count} sales are open", len(found.open_sales))
        names = ", ".join(found.open_sales[-5:])
        yield Finding(State.OK, _("open sales"), words.format(count=len(found.open_sales)) + f": {names}")
    words = _("kept {days} days; last erased: {when}").format(
        days=keep_days,
        when=f"{found.erased_at:%Y-%m-%d %H:%M} UTC" if found.erased_at else _("never yet"),
    )
    yield Finding(State.OK, _("customers"), words)


def _sales(file: Path, references: tuple[str, ...]) -> Iterator[Finding]:
    """Open sales whose records the rules of today do not understand: each costs only itself."""
    try:
        opened = JournalFile.read(file)
        with contextlib.closing(opened):
            found = [recall(recorded(opened.entries("stream = ?", sale_stream(one)))) for one in references]
    except JournalProblem as error:
        yield Finding(State.FAILED, _("open sales"), str(error), trouble.of(error).advice)
        return
    for one in found:
        if isinstance(one, Unreadable):
            words = _("The sale {reference} cannot be read.").format(reference=one.reference)
            yield Finding(State.ATTENTION, _("open sales"), f"{words} {unreadable.why(one)}", unreadable.advice())
