"""Ten tills on one host, and a hundred: nothing is shared by mistake, money is what was ordered, what each costs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from many_tills import OneTill, at_once, leave, many_tills, ordered, summary, until
from sandbox_process import SandboxProcess
from till import BEFORE_SEASON

from korus_tui.sale.money import total

MEGABYTES = 70
"""A till with a hold beside nine others; a bare Textual application is at 24."""
PLACES = 5000
Note = Callable[[str, object], None]


@pytest.fixture
def sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess(now=BEFORE_SEASON) as running:
        yield running


def _check(sandbox: SandboxProcess, tills: list[OneTill]) -> None:
    """Each till's orders are its own, and all there are; what it took is what they cost."""
    server = ordered(sandbox)
    seen: set[str] = set()
    for till in tills:
        orders, taken = till.recorded()
        assert len(orders) == till.sold, till.name
        assert not orders & seen, f"{till.name} has another till's order"
        assert taken == total((server[one] for one in orders), "EUR"), till.name
        seen |= orders
    assert seen == server.keys()


def _note(tills: list[OneTill], note: Note) -> dict[str, float]:
    found = summary(tills)
    for name, value in found.items():
        note(name, value)
    return found


def test_ten_tills_sell_at_one_time_and_share_nothing(
    sandbox: SandboxProcess, tmp_path: Path, record_property: Note
) -> None:
    def sells_twice(till: OneTill) -> None:
        till.sell()
        till.sell()

    with many_tills(sandbox, tmp_path, 10) as tills:
        at_once(tills, sells_twice)
        found = _note(tills, record_property)
        at_once(tills, leave)
    _check(sandbox, tills)
    assert found["megabytes each (PSS, with a hold)"] < MEGABYTES


@pytest.mark.long
def test_a_hundred_tills_sell_twice_a_minute_for_ten_minutes(
    sandbox: SandboxProcess, tmp_path: Path, record_property: Note
) -> None:
    over = threading.Event()

    def make_room() -> None:
        while not over.wait(5):
            sandbox.make_room(PLACES)

    with many_tills(sandbox, tmp_path, 100) as tills:
        room = threading.Thread(target=make_room)
        room.start()
        try:
            at_once(tills, until(600, sales_a_minute=2))
        finally:
            over.set()
            room.join()
        found = _note(tills, record_property)
        at_once(tills, leave)
    _check(sandbox, tills)
    assert found["sales"] >= 100 * 10
