"""Backups that are whole: taken beside the running till by SQLite's own online copy, walked along before they count."""

from __future__ import annotations

import contextlib
import os
import re
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from korus_tui.journal import chain, schema
from korus_tui.journal.chain import Verdict
from korus_tui.journal.lock import WriterLock

_DATED = re.compile(r"(.+)\.\d{8}T\d{6}Z(?:\.\d+)?\.journal")


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy and what a walk along it found; `removed` are older ones of the same till that it replaces."""

    file: Path
    verdict: Verdict
    removed: tuple[Path, ...] = ()


def take(journal: Path, folder: Path, *, now: datetime, keep: int = 0) -> Backup:
    """Copy the journal into the folder, under its name and the time `now` in UTC. Raises JournalProblem and OSError.

    The copy has every event that was recorded before it began. Of this till's copies the newest `keep` stay, 0 for
    all; none is removed for one that is not whole.
    """
    known = WriterLock(journal).noted()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    part = folder / f".{journal.stem}.{stamp}.{os.getpid()}.part"
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600))
    try:
        with closing(schema.connect(journal, read_only=True)) as source, schema.translated(journal):
            schema.copy_into(source, part)
        with closing(schema.connect(part, read_only=True)) as copy:
            verdict = chain.verify(copy, known)
        _sync(part)
        target = _free(folder, journal.stem, stamp)
        part.rename(target)
        _sync(folder)
    finally:
        with contextlib.suppress(FileNotFoundError):
            part.unlink()
    removed = tuple(copies(folder, journal.stem)[keep:]) if keep and verdict.whole else ()
    for old in removed:
        old.unlink(missing_ok=True)
    return Backup(target, verdict, removed)


def copies(folder: Path, stem: str) -> list[Path]:
    """A till's dated copies in the folder, newest first."""
    found = [one for one in folder.iterdir() if (name := _DATED.fullmatch(one.name)) and name[1] == stem]
    return sorted(found, key=lambda one: one.name, reverse=True)


def _free(folder: Path, stem: str, stamp: str) -> Path:
    target, number = folder / f"{stem}.{stamp}.journal", 2
    while target.exists():
        target, number = folder / f"{stem}.{stamp}.{number}.journal", number + 1
    return target


def _sync(place: Path) -> None:
    opened = os.open(place, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
