"""Work that goes on when its caller has left, and fails then: logged once, and no lost error of the event loop."""

from __future__ import annotations

import asyncio
import gc
import logging
from pathlib import Path
from typing import Any

import pytest

from korus_tui.aio import finish
from korus_tui.counter.core.clock import ServerClock
from korus_tui.counter.core.desk import Counter, Desk
from korus_tui.journal.store import Journal
from korus_tui.sale.events import SaleFinished
from korus_tui.sale.rule import NotAllowed


@pytest.fixture
async def lost() -> list[dict[str, Any]]:
    """What the event loop was told of errors that nobody looked at."""
    told: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: told.append(context))
    return told


async def _gone(task: asyncio.Task[Any]) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def _ended() -> None:
    """Until no other task runs, and what was lost has been told."""
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)
    gc.collect()


async def test_a_record_that_is_refused_after_its_key_was_left(
    tmp_path: Path,
    lost: list[dict[str, Any]],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = Desk(ServerClock(), Counter("till 1", "Ada", "live"))
    # Whatever an earlier program in this process did with its log.
    logger = logging.getLogger("korus_tui.counter")
    monkeypatch.setattr(logger, "handlers", [caplog.handler])
    monkeypatch.setattr(logger, "propagate", False)
    with caplog.at_level(logging.WARNING, "korus_tui.counter"), Journal.open(tmp_path / "till.journal") as journal:
        await desk.use(journal)
        async with desk.at_rest():
            task = asyncio.create_task(desk.record("KT11-1111-1111", SaleFinished()))
            await asyncio.sleep(0)
            await _gone(task)
        del task
        await _ended()
    assert lost == []
    assert [type(one.exc_info[1]) for one in caplog.records if one.exc_info] == [NotAllowed]


async def test_the_callers_error_is_the_works_own(lost: list[dict[str, Any]], caplog: pytest.LogCaptureFixture) -> None:
    async def fails() -> None:
        raise NotAllowed("the sale has ended")

    with pytest.raises(NotAllowed, match="the sale has ended"):
        await finish(fails())
    await _ended()
    assert (lost, caplog.records) == ([], [])


async def test_work_goes_on_when_its_caller_has_left(lost: list[dict[str, Any]]) -> None:
    may, done = asyncio.Event(), asyncio.Event()

    async def works() -> None:
        await may.wait()
        done.set()

    task = asyncio.create_task(finish(works()))
    await asyncio.sleep(0)
    await _gone(task)
    may.set()
    await _ended()
    assert done.is_set()
    assert lost == []
