"""The file system is really full, or another tool holds the journal, while an answer comes: in a real terminal."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from counter_home import SELL, settle_in
from pseudo_terminal import Terminal
from selling import at_the_catalog, booked, to_the_cart, to_the_money, to_the_sessions
from small_disk import fill

from korus_tui.config.paths import Paths
from korus_tui.counter.till.till import stream_of
from korus_tui.journal.file import JournalFile
from korus_tui.sale import events as e
from korus_tui.sale import till_events as t
from world.answers import Answer
from world.server import World


def journal_of(home: Path) -> Path:
    return Paths.below(home).data / "till-1.journal"


@contextmanager
def full(home: Path) -> Iterator[None]:
    """No room on the disk."""
    waste = fill(home)
    yield
    waste.unlink()


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Another tool writes to the journal, and does not end."""
    with contextlib.closing(sqlite3.connect(journal_of(home), isolation_level=None, timeout=0)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def in_the_way(kind: str, home: Path) -> AbstractContextManager[None]:
    return full(home) if kind == "full" else locked(home)


WHY = {"full": "The disk is full", "locked": "keeps the till's journal locked"}
KINDS = pytest.mark.parametrize("kind", ["full", pytest.param("locked", marks=pytest.mark.long)])


def called(terminal: Terminal, world: World, route: str) -> None:
    """The call has come."""
    terminal.wait_until(lambda _text: bool(world.calls_of(route)), route)


def no_key_is_dead(terminal: Terminal) -> None:
    """The till's page and the orders open and close."""
    for key, seen in (("ctrl+e", "business day"), ("ctrl+f", "our reference")):
        terminal.settle()
        terminal.press(key)
        terminal.wait_for(seen)
        terminal.settle()
        terminal.press("esc")
        terminal.wait_until(lambda text, seen=seen: seen not in text, f"the end of {seen}")  # type: ignore[misc]


def sells_again(terminal: Terminal) -> None:
    """By itself, within seconds."""
    terminal.wait_until(lambda text: "Nothing is sold here" not in text, "that it sells again", 30)
    terminal.settle()


def count(terminal: Terminal, key: str, amount: str) -> None:
    """The drawer is counted: F10 on the question that the key asks."""
    terminal.settle()
    terminal.press(key)
    terminal.wait_for("Type the amount")
    terminal.press(amount)
    terminal.settle()
    terminal.press("f10")
    terminal.settle()


def types_of(home: Path, streams: str) -> list[str]:
    """What the journal has of sales or the till, by the names of the events; the chain is whole."""
    with contextlib.closing(JournalFile.read(journal_of(home))) as file:
        assert file.walk().whole
        return [type(one.event).__name__ for one in file.entries("stream GLOB ?", streams)]


def kinds_of(home: Path) -> list[str]:
    """What the journal has of the sales."""
    return types_of(home, "sale:*")


@KINDS
def test_a_holds_answer_meets_a_journal_that_takes_nothing(kind: str, world: World, small_disk: Path) -> None:
    with Terminal(SELL, env=settle_in(small_disk, world)) as terminal:
        at_the_catalog(terminal)
        to_the_sessions(terminal)
        terminal.press("down")
        terminal.wait_for("chosen for 1")
        world.script("reserve", Answer(hang=60))
        terminal.press("enter")
        called(terminal, world, "reserve")
        with in_the_way(kind, small_disk):
            world.let_go()
            terminal.wait_for("held 14:")
            terminal.wait_until(lambda text: WHY[kind] in text, "why nothing is sold", 30)
            no_key_is_dead(terminal)
        sells_again(terminal)
        to_the_money(terminal)
        terminal.press("f10")
        booked(terminal)
    assert kinds_of(small_disk).count(e.HoldPlaced.__name__) == 1
    assert len(world.orders) == 1


@KINDS
def test_an_orders_answer_meets_a_journal_that_takes_nothing(kind: str, world: World, small_disk: Path) -> None:
    with Terminal(SELL, env=settle_in(small_disk, world)) as terminal:
        to_the_cart(terminal)
        to_the_money(terminal)
        world.script("order_bulk", Answer(hang=60))
        terminal.press("f10")
        called(terminal, world, "order_bulk")
        with in_the_way(kind, small_disk):
            world.let_go()
            terminal.wait_for("NOT CONFIRMED", 30)
            terminal.wait_for("could not be recorded")
            assert "No answer came back" not in terminal.text
            no_key_is_dead(terminal)
        booked(terminal)
    found = kinds_of(small_disk)
    assert found.count(e.OrderPlaced.__name__) == found.count(e.PaymentTaken.__name__) == 1
    assert len(world.orders) == len(world.calls_of("order_bulk")) == 1


@KINDS
def test_a_document_is_not_handed_over_without_its_record(kind: str, world: World, small_disk: Path) -> None:
    with Terminal(SELL, env=settle_in(small_disk, world, save_folder=str(small_disk / "tickets"))) as terminal:
        to_the_cart(terminal)
        to_the_money(terminal)
        terminal.press("f10")
        booked(terminal)
        terminal.wait_for("s save")
        terminal.settle()
        with in_the_way(kind, small_disk):
            terminal.press("s")
            terminal.wait_for("Nothing was recorded", 30)
            terminal.settle()
            assert list(small_disk.rglob("*.pdf")) == []
            no_key_is_dead(terminal)
        sells_again(terminal)
        terminal.press("s")
        terminal.wait_for("Nothing was saved or printed")  # in this world no document is a whole PDF
    found = kinds_of(small_disk)
    assert found.count(e.PaperAsked.__name__) == found.count(e.PaperFailed.__name__) == 1


@KINDS
def test_a_till_is_closed_once_the_journal_takes_it(kind: str, world: World, small_disk: Path) -> None:
    with Terminal(SELL, env=settle_in(small_disk, world)) as terminal:
        at_the_catalog(terminal)
        terminal.press("ctrl+e")
        terminal.wait_for("business day")
        count(terminal, "o", "10000")
        terminal.wait_for("The till is open")
        with in_the_way(kind, small_disk):
            terminal.settle()
            terminal.press("x")
            terminal.wait_until(lambda text: WHY[kind] in text, "why", 30)
            count(terminal, "z", "10000")
            terminal.press("y")
            terminal.wait_for("That was not recorded", 30)
            assert types_of(small_disk, stream_of("till 1")) == [t.TillOpened.__name__]
        sells_again(terminal)
        if "business day" not in terminal.text:
            terminal.press("ctrl+e")
            terminal.wait_for("business day")
        terminal.settle()
        terminal.press("x")
        terminal.wait_for("X reading")
        count(terminal, "z", "10000")
        terminal.press("y")
        terminal.wait_for("Z 1: the till is closed")
    assert types_of(small_disk, stream_of("till 1"))[-1] == t.TillClosed.__name__
    assert types_of(small_disk, stream_of("till 1")).count(t.TillClosed.__name__) == 1
