"""The sale timeline: every event in words, with its time and hash, for who may see it."""

from __future__ import annotations

from pathlib import Path

import pytest
from program import AtTill
from sandbox_process import SandboxProcess
from till import BEFORE_SEASON, EAGER, Stage, Till

from korus_tui.screens.orders.order.screen import OrderScreen
from korus_tui.screens.orders.order.timeline import TimelineScreen

SANDBOX = {"now": BEFORE_SEASON}


@pytest.mark.parametrize("mode", ["demo", "training"])
async def test_every_event_stands_there_with_its_time_and_hash(
    mode: str, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    till = Till(sandbox, tmp_path, mode=mode, patience=EAGER)
    async with AtTill.of(till) as program:
        await program.until(lambda: till.services.opened and till.services.catalogs.content)
        sale = await till.sell_until(Stage.PAYING)
        till.sandbox.fault("drop_after", route="orders_bulk")
        await till.pay(sale.reference)
        await till.until(sale.reference, lambda one: one.all_ordered)
        await program.app.push_screen(OrderScreen(till.services, sale.reference))
        await program.on(OrderScreen)
        await program.until(lambda: "h events" in program.text)
        await program.press("h")
        await program.on(TimelineScreen)
        said = program.said("#timeline-text")
        rows = await (await till.services.desk.ledger.journal()).read(sale.reference)
        assert len(rows) > 8
        assert [line.split()[2] for line in said.splitlines()] == [row.hash[:12] for row in rows]
        for words in ("asked to hold", "paid", "booking sent", "not known", "booked: "):
            assert words in said
        assert "Walk-in" not in said
        await program.press("escape")
        await program.on(OrderScreen)


async def test_live_it_is_the_supervisors_where_agents_have_pins(
    sandbox: SandboxProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Till(sandbox, tmp_path) as till:
        page = OrderScreen(till.services, "KT")
        gate = till.services.desk.gate
        assert page._may_look
        monkeypatch.setattr(gate, "has_pins", lambda: True)
        gate.supervisor = False
        assert not page._may_look
        gate.supervisor = True
        assert page._may_look
