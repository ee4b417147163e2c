"""`korus-tui backup`: whole, dated copies of the journals, also while tills sell."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from korus_tui import i18n
from korus_tui.config import settings
from korus_tui.config.paths import Paths
from korus_tui.counter.core.clock import ServerClock
from korus_tui.i18n import _
from korus_tui.journal import backup
from korus_tui.journal.errors import JournalProblem
from korus_tui.journal.place import place_of


def run(arguments: argparse.Namespace) -> int:
    """Copy every till's journal of this account, or one till's: exit code 1 where one cannot be had whole."""
    paths = Paths.standard()
    chosen, _notes = settings.load(paths)
    i18n.use(chosen.language)
    journals = [place_of(paths.data, arguments.till)] if arguments.till else sorted(paths.data.glob("*.journal"))
    if not journals:
        return _say(_("There is no journal in {folder}: nothing to copy.").format(folder=paths.data))
    return max(_copy(journal, arguments.folder, arguments.keep) for journal in journals)


def _copy(journal: Path, folder: Path, keep: int) -> int:
    try:
        taken = backup.take(journal, folder, now=ServerClock().now(), keep=keep)
    except JournalProblem as error:
        return _say(str(error))
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        return _say(_("{folder} cannot be written: {why}. Nothing was copied.").format(folder=folder, why=why))
    if not taken.verdict.whole:
        words = _("{file} was copied, but is not whole: {why}. Older copies were kept.")
        return _say(words.format(file=taken.file, why=taken.verdict.why))
    words = _("{file}: whole, {count} events").format(file=taken.file, count=taken.verdict.checked)
    print(words)  # noqa: T201 - the command line's own voice
    for old in taken.removed:
        print(_("{file}: removed, as newer ones are kept").format(file=old))  # noqa: T201
    return 0


def _say(words: str) -> int:
    print(f"korus-tui: {words}", file=sys.stderr)  # noqa: T201
    return 1
