"""What a page says while Korus is asked for an order that may have come late: the agent waits for it."""

from __future__ import annotations

from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from korus_tui.counter.core.problems import Problem
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.sale.state import Sale
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.widgets.problem_bar import ProblemBar


async def beside_keys(services: Services, sale: Sale, work: Coroutine[Any, Any, None], name: str) -> None:
    """Do `work`; where Korus is asked before it, keys do not wait for that."""
    if services.late_orders.asks(sale):
        services.background.start(work, name)
    else:
        await work


def looked_for(services: Services, reference: str) -> str:
    """Until when Korus is asked for an order of a sale whose money went back; empty where nothing was sent."""
    until = services.late_orders.watched_until(reference)
    if until is None:
        return ""
    said = _("A booking was sent before: Korus is asked until {time}, and at X and Z; ‹app.orders› lists what comes.")
    return said.format(time=services.when(until))


@contextmanager
def asking(page: TillScreen, sale: Sale | None) -> Iterator[None]:
    """Say so, where the sale has a call that may have booked it; what comes of it takes the place of these words."""
    if sale is None or not page.is_attached or not page.services.late_orders.asks(sale):
        yield
        return
    meaning = _("A booking was sent before. The answer takes twenty seconds at most.")
    waits = Problem(_("Korus is asked whether it booked after all."), meaning, _("Wait a moment"))
    page.show_problem(waits, tone="warn", until="done")
    bar = page.query_one(ProblemBar)
    said = bar.view
    try:
        yield
    finally:
        if page.is_attached and bar.view == said:
            page.clear_problem()
