"""Each row of the table in docs/rules.md, done to a till's files: what notices it, and what cannot (F34, F87, F89)."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from journal_kit import AT

from korus_tui.journal import chain, heads, schema
from korus_tui.journal.entry import Head
from korus_tui.journal.errors import JournalBroken, JournalOlder
from korus_tui.journal.lock import WriterLock
from korus_tui.journal.store import Journal, verify
from korus_tui.sale.events import CustomerEntered, NotesEntered, SaleFinished, SaleOpened
from korus_tui.sale.reading import mark
from korus_tui.sale.values import Customer, Mode

RULES = Path(__file__).parents[2] / "docs/rules.md"
COLUMNS = ("the walk", "lock's file", "log", "copy elsewhere", "paper")
_FREE = ("DROP TRIGGER IF EXISTS events_stay", "DROP TRIGGER IF EXISTS events_stand")


def table() -> dict[str, dict[str, bool]]:
    """What the rules say: by what was done, which places notice."""
    found = {}
    for line in RULES.read_text(encoding="utf-8").splitlines():
        cells = [one.strip() for one in line.strip("| ").split("|")]
        if len(cells) == len(COLUMNS) + 1 and set(cells[1:]) <= {"yes", "no"}:
            found[cells[0]] = {name: cell == "yes" for name, cell in zip(COLUMNS, cells[1:], strict=True)}
    return found


@dataclass
class Files:
    """A till's files after a day; `early` is the folder as it was at noon, `paper` the marks that were printed."""

    place: Path
    log: Path
    copy: Path
    early: Path
    paper: tuple[str, ...]

    @property
    def lock(self) -> Path:
        return self.place.with_name(self.place.name + ".lock")

    def do(self, *statements: str) -> None:
        """Change the database with another tool."""
        with closing(sqlite3.connect(self.place, isolation_level=None)) as other:
            for statement in (*_FREE, *statements):
                other.execute(statement)

    def make_anew(self) -> None:
        """Number and chain all records again, as somebody with the source of the program can."""
        with closing(sqlite3.connect(self.place, isolation_level=None)) as other:
            for statement in _FREE:
                other.execute(statement)
            rows = other.execute(f"SELECT {chain.COLUMNS} FROM events ORDER BY seq").fetchall()
            other.execute("DELETE FROM events")
            other.execute("DELETE FROM sales")
            last = chain.GENESIS
            for seq, row in enumerate(rows, 1):
                fresh = (seq, *row[1:8])
                written = chain.link(last, *fresh)
                other.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*fresh, last, written))
                last = written
            other.execute("UPDATE meta SET value = ? WHERE key = 'head_seq'", (str(len(rows)),))
            other.execute("UPDATE meta SET value = ? WHERE key = 'head_hash'", (last,))
            from korus_tui.journal import index

            index.rebuild(other)

    def newest(self) -> Head:
        with closing(schema.connect(self.place, read_only=True)) as found:
            seq, hash_, at = found.execute("SELECT seq, hash, at FROM events ORDER BY seq DESC LIMIT 1").fetchone()
        return Head(seq, hash_, datetime.fromisoformat(at))

    def lock_anew(self) -> None:
        self.lock.write_text(json.dumps({"journal": True, "head": str(self.newest())}))

    def log_anew(self) -> None:
        self.log.write_text(f"2025-01-29 INFO korus_tui.records {heads.line(self.place.stem, self.newest())}\n")

    def back_to_noon(self, *files: Path) -> None:
        for file in files:
            shutil.copy(self.early / file.name, file)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Four sales, a head kept after each; a copy of all the account's files after the second; two receipts later."""
    data = tmp_path / "data"
    place, log, elsewhere, early = data / "till-1.journal", data / "log", tmp_path / "elsewhere", tmp_path / "early"
    elsewhere.mkdir()
    early.mkdir()
    paper: list[str] = []

    async def day() -> None:
        for number in range(4):
            with Journal.open(place) as journal:
                reference = f"S{number}"
                at = AT + timedelta(hours=number)
                events = [
                    SaleOpened(reference, "/catalogs/1", Mode.LIVE, "fr"),
                    CustomerEntered(Customer("Ada", "Quillfeather", "ada@example.org")),
                    NotesEntered(f"note {number}"),
                    *([] if number == 1 else [SaleFinished()]),
                ]
                await journal.append(reference, events, at=at, agent="Ada", till="till 1")
                assert journal.head is not None
                heads.Copy(str(elsewhere), place.stem).keep(journal.head)
                paper.append(mark(journal.head.seq, journal.head.hash))
                with log.open("a", encoding="utf-8") as out:
                    out.write(f"2025-01-29 INFO korus_tui.records {heads.line(place.stem, journal.head)}\n")
            if number == 1:
                for one in (*data.iterdir(), *elsewhere.iterdir()):
                    shutil.copy(one, early)

    asyncio.run(day())
    return Files(place, log, elsewhere / "till-1.heads", early, tuple(paper[2:]))


CHANGE = "UPDATE events SET agent = 'Eve' WHERE seq = 3"
MIDDLE = "DELETE FROM events WHERE seq IN (5, 6)"
END = "DELETE FROM events WHERE seq > 11"
NOTE = (
    "UPDATE meta SET value = '11' WHERE key = 'head_seq'",
    "UPDATE meta SET value = (SELECT hash FROM events WHERE seq = 11) WHERE key = 'head_hash'",
    "DELETE FROM sales WHERE reference = 'S3'",
)


def _begin_anew(files: Files) -> None:
    files.place.unlink()
    files.lock.unlink()
    with Journal.open(files.place):
        pass


def _rewrite(files: Files) -> None:
    files.do(CHANGE)
    files.make_anew()


def _rewrite_all(files: Files) -> None:
    _rewrite(files)
    files.lock_anew()
    files.log_anew()


DONE: dict[str, Callable[[Files], object]] = {
    "a record changed": lambda on: on.do(CHANGE),
    "a record changed, all hashes made anew": _rewrite,
    "records deleted from the middle": lambda on: on.do(MIDDLE),
    "records deleted from the middle, numbers and hashes made anew": lambda on: (on.do(MIDDLE), on.make_anew()),
    "records deleted from the end": lambda on: on.do(END),
    "records deleted from the end, the note of the last one made anew": lambda on: on.do(END, *NOTE),
    "a copy of an earlier time put back": lambda on: on.back_to_noon(on.place),
    "a copy put back, the lock's file removed": lambda on: (on.back_to_noon(on.place), on.lock.unlink()),
    "all hashes made anew, the lock's file made anew": lambda on: (_rewrite(on), on.lock_anew()),
    "journal and lock's file removed: the till begins anew": _begin_anew,
    "a copy put back, and lock's file and log of that time": lambda on: on.back_to_noon(on.place, on.lock, on.log),
    "all hashes made anew, in lock's file and log too": _rewrite_all,
    "the same, and the copy elsewhere is the account's own": lambda on: (
        _rewrite_all(on),
        on.copy.write_text(f"{on.newest()}\n"),
    ),
    "an open sale hidden in the index": lambda on: on.do("UPDATE sales SET state = 'voided' WHERE reference = 'S1'"),
    "a customer's data removed": lambda on: on.do("DELETE FROM personal WHERE stream = 'sale:S1'"),
    "a customer's data erased as after its time": lambda on: on.do("UPDATE personal SET data = NULL, salt = NULL"),
}


def noticed(files: Files) -> dict[str, bool]:
    """Which places notice now."""
    known = WriterLock(files.place).noted()
    outside = [heads.in_log(files.log, files.place.stem), heads.Copy(str(files.copy.parent), files.place.stem).kept()]
    told = {one.place for one in heads.against(files.place, outside)}
    with closing(schema.connect(files.place, read_only=True)) as found:
        marks = {mark(seq, hash_) for seq, hash_ in found.execute("SELECT seq, hash FROM events")}
        return {
            "the walk": not chain.verify(found).whole,
            "lock's file": known is not None and bool(chain.missing(found, known)),
            "log": str(files.log) in told,
            "copy elsewhere": str(files.copy.parent) in told,
            "paper": not marks.issuperset(files.paper),
        }


def test_the_table_and_the_tests_have_the_same_rows() -> None:
    assert list(table()) == list(DONE)


def test_nothing_is_noticed_where_nothing_was_done(files: Files) -> None:
    assert noticed(files) == dict.fromkeys(COLUMNS, False)
    assert verify(files.place).whole


@pytest.mark.parametrize("done", DONE)
def test_what_notices_and_what_cannot_f89(files: Files, done: str) -> None:
    DONE[done](files)
    assert noticed(files) == table()[done]


@pytest.mark.parametrize("done", [one for one, row in table().items() if row["the walk"] or row["lock's file"]])
async def test_the_till_takes_nothing_after_it_f89(files: Files, done: str) -> None:
    """What walk or lock's file notice is refused: at the start, or by the walk before the first money."""
    DONE[done](files)
    assert not verify(files.place).whole
    event = SaleOpened("new", "/catalogs/1", Mode.LIVE, "fr")
    with pytest.raises(JournalBroken), Journal.open(files.place) as journal:  # noqa: PT012 - either may raise
        await journal.examine()
        await journal.append("new", [event], at=AT, agent="", till="")


async def test_what_is_cut_off_under_a_running_till_is_noticed_at_the_next_event_f89(files: Files) -> None:
    with Journal.open(files.place) as journal:
        files.do(END, *NOTE)
        for _again in range(2):
            with pytest.raises(JournalBroken, match="not the one that this till wrote last"):
                await journal.append("S9", [NotesEntered("")], at=AT, agent="", till="")
    with pytest.raises(JournalOlder):
        Journal.open(files.place)


# Places outside


def test_a_command_of_another_account_keeps_and_shows_heads(files: Files, tmp_path: Path) -> None:
    script = tmp_path / "keep.py"
    script.write_text(
        "import pathlib, sys\n"
        "kept = pathlib.Path(sys.argv[1])\n"
        "if sys.argv[2:3] == ['show']:\n"
        "    lines = kept.read_text().splitlines() if kept.exists() else []\n"
        "    print(*(line.split(' ', 1)[1] for line in lines if line.startswith(sys.argv[3] + ' ')), sep='\\n')\n"
        "else:\n"
        "    kept.open('a').write(sys.stdin.read())\n"
    )
    copy = heads.Copy(f"{sys.executable} {script} {tmp_path / 'kept'}", files.place.stem)
    assert copy.kept() == heads.Kept(copy.place)
    copy.keep(files.newest())
    assert copy.kept().heads == (files.newest(),)
    assert heads.against(files.place, [copy.kept()]) == []
    files.back_to_noon(files.place)
    (against,) = heads.against(files.place, [copy.kept()])
    assert re.search(r"ends with event 7, and event 15 was written at", against.why)
    assert not against.past


def test_a_cut_in_the_past_is_told_apart_from_one_of_now(files: Files) -> None:
    files.back_to_noon(files.place)
    heads.Copy(str(files.copy.parent), files.place.stem).keep(files.newest())
    (against,) = heads.against(files.place, [heads.Copy(str(files.copy.parent), files.place.stem).kept()])
    assert against.past


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("false", "ended with code 1"),
        ("/nowhere/at-all", "No such file"),
        ("'", "No closing quotation"),
        (f"{sys.executable} -c 'import time; time.sleep(60)'", "no end within"),  # it hangs; noqa: house
    ],
)
def test_a_place_that_fails_says_why(files: Files, place: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "_PATIENCE", 0.2)
    copy = heads.Copy(place, files.place.stem)
    with pytest.raises(heads.NotKept, match=why):
        copy.keep(files.newest())
    assert why in copy.kept().failed


def test_a_link_in_the_folder_is_not_followed(files: Files, tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("")
    files.copy.unlink()
    files.copy.symlink_to(tmp_path / "victim")
    with pytest.raises(heads.NotKept):
        heads.Copy(str(files.copy.parent), files.place.stem).keep(files.newest())
    assert (tmp_path / "victim").read_text() == ""
    files.copy.unlink()
    os.mkfifo(files.copy)  # nobody reads it: neither is waited for
    with pytest.raises(heads.NotKept):
        heads.Copy(str(files.copy.parent), files.place.stem).keep(files.newest())
    assert heads.Copy(str(files.copy.parent), files.place.stem).kept().failed


def test_the_log_keeps_heads_whole() -> None:
    """What is taken out of log lines as a secret or a card number is in no head."""
    from korus_tui.terminal.logs import redact

    for digit in "0123456789ab":
        line = heads.line("till-1", Head(123456, digit * 64, AT))
        assert redact(line) == line
