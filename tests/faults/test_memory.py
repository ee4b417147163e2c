"""A till that sells all day keeps its size (F37): memory, file handles and tasks after many sales are as after few."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sandbox_process import CATALOG, SandboxProcess
from till import BEFORE_SEASON, Stage, Till

from korus_tui.sale import events as e
from korus_tui.sale.values import Line

PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Size:
    """What a program takes up: bytes in memory, open files, running tasks."""

    memory: int
    files: int
    tasks: int


def size() -> Size:
    gc.collect()
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * PAGE
    return Size(resident, len(os.listdir("/proc/self/fd")), len(asyncio.all_tasks()))


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[Till]:
    with SandboxProcess(now=BEFORE_SEASON) as sandbox:
        async with Till(sandbox, tmp_path) as opened:
            yield opened


async def serve(till: Till, line: Line, number: int) -> None:
    """One customer: the catalog read anew, a place held, paid, ordered, its documents asked for; every third leaves."""
    await till.services.catalogs.read(CATALOG)
    mine = Line(f"{number:016x}", *(getattr(line, name) for name in list(Line.__dataclass_fields__)[1:]))
    if number % 3 == 0:
        sale = await till.hold(mine)
        await till.services.desk.record(sale.reference, e.SaleVoided("changed their mind"))
    else:
        sale = await till.sell_until(Stage.ORDERED, mine)
        await till.services.documents.of(sale)
        await till.services.desk.record(sale.reference, e.SaleFinished())
    assert till.services.desk.sales == ()


async def sizes(till: Till, warm: int, more: int) -> tuple[Size, Size]:
    """The program's size after some sales, and after many more."""
    line = await till.line()
    before = size()
    for number in range(warm + more):
        if number == warm:
            before = size()
        if number % 20 == 0:
            for pool in _pools(line):  # places for as many customers as there are
                till.sandbox.control("sell", offer=pool, quantity=-20)
        await serve(till, line, number)
    return before, size()


def _pools(line: Line) -> list[str]:
    """What the places of a line are taken from: its day, and the sessions of its tickets."""
    places = (line.offer, *(ticket.session for ticket in line.tickets if ticket.session))
    return [one.rpartition("/")[2] for one in places]


async def test_some_sales_leave_the_till_as_large_as_it_was_f37(till: Till) -> None:
    before, after = await sizes(till, 20, 60)
    assert after.memory <= before.memory * 1.1
    assert after.files <= before.files + 1
    assert after.tasks <= before.tasks + 1


@pytest.mark.long
@pytest.mark.timeout(1800)
async def test_a_day_of_sales_leaves_the_till_as_large_as_it_was_f37(till: Till) -> None:
    before, after = await sizes(till, 200, 3_000)
    assert after.memory <= before.memory * 1.1
    assert after.files <= before.files + 1
    assert after.tasks <= before.tasks + 1
