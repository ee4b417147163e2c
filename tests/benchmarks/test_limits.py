"""A page of what comes from outside costs what there is to show: thousands of sessions, as a ratio in one run (F91)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sandbox_process import SandboxProcess
from textual.pilot import Pilot
from till import Till

from korus_tui.app.korus_app import KorusApp
from korus_tui.counter.basket.models import Quote
from korus_tui.counter.catalog.offer_models import Catalog, CatalogContent, Live, Offer, Product, Session, Ticket
from korus_tui.sale.money import Money
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.sessions.screen import SessionsScreen

SUMMER = "2026-06-03T08:20:00Z"
MANY, FEW = 5_000, 50
RATIO = 4.0
"""The page of a hundred times as many sessions, to that of a few: most of either is the page itself."""


def _quotes(till: Till, number: int) -> list[Quote]:
    """Adults and children of one show with so many sessions."""
    now = till.services.clock.now()
    catalog = Catalog("c", "park")
    content = CatalogContent(catalog, (catalog,), (), (), now, "en")
    made = []
    for who in ("Adult", "Child"):
        sessions = tuple(
            Session(f"/s/{who}{n}", f"{who}{n}", now + timedelta(minutes=n + 1), 90, n % 90, "") for n in range(number)
        )
        offer = Offer(f"/o/{who}", who, who, now.date(), Money.of("10", "EUR"), None, None, False, False)
        ticket = Ticket(f"/t/{who}", who, f"Fire {who}", False, sessions)
        made.append(Quote(content, Product(who, f"/p/{who}", f"Fire {who}"), offer, Live(None, None, {}), 2, (ticket,)))
    return made


async def _opened(till: Till, pilot: Pilot[object], number: int) -> float:
    """Processor seconds for the page of so many sessions, its ends and the move of a row, there and back."""
    quotes = _quotes(till, number)
    begun = time.process_time()
    screen = SessionsScreen(till.services, quotes)
    await pilot.app.push_screen(screen)
    await pilot.pause()
    await pilot.press("end", "up", "home", "pagedown")
    spent = time.process_time() - begun
    assert [len(pane.showings) for pane in screen.panes] == [number]
    await pilot.press("escape")
    return spent


async def test_f91_the_page_of_5000_sessions_opens_as_one_of_50(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    with SandboxProcess(now=SUMMER) as sandbox:
        till = Till(sandbox, tmp_path)
        app = KorusApp(till.services, CatalogScreen(till.services), log=till.paths.log_file, theme="korus-dark")
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            spent = {number: min([await _opened(till, pilot, number) for _ in range(3)]) for number in (FEW, MANY)}
    record_property("page of 5,000 sessions, × one of 50", f"{spent[MANY] / spent[FEW]:.2f}")
    record_property("page of 5,000 sessions, seconds of work", f"{spent[MANY]:.2f}")
    assert spent[MANY] <= RATIO * spent[FEW]
