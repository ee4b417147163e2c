"""Orders of one call are as different as orders of two."""

from __future__ import annotations

from pathlib import Path

from sandbox_process import SandboxProcess
from till import Stage, Till


async def test_orders_of_one_call_in_one_moment_have_references_of_their_own(tmp_path: Path) -> None:
    with SandboxProcess(now="2025-01-30T09:00:00Z", freeze=True) as sandbox:
        async with Till(sandbox, tmp_path, mode="demo") as till:
            await till.sell_until(Stage.ORDERED, await till.line(), await till.line(session=0))
        found = [order["reference"] for order in sandbox.state()["orders"]]
    assert len(found) == 2
    assert len(set(found)) == 2
