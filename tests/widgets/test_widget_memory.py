"""What is painted and gone again leaves nothing behind (F37)."""

from __future__ import annotations

import gc
import weakref

from textual._styles_cache import StylesCache
from textual.app import ComposeResult
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Static
from widget_host import Host, screen_text

from korus_tui.terminal.memory import remember_little


class _Page(Screen[None]):
    def compose(self) -> ComposeResult:
        yield Static("second")


async def test_the_lines_of_a_page_go_with_it_f37() -> None:
    remember_little()
    app = Host(lambda: [Static("first")], css="Static { background: red; border: round blue; }")
    async with app.run_test() as pilot:
        await app.push_screen(_Page())
        assert "second" in screen_text(app)
        lines: weakref.ref[StylesCache] = weakref.ref(app.screen.query_one(Static)._styles_cache)
        await app.pop_screen()
        for _turn in range(100):  # what is removed is let go of after the page is gone
            await pilot.pause()
            gc.collect()
            if lines() is None:
                break
        assert "first" in screen_text(app)
        assert lines() is None


def test_a_line_keeps_no_variants_of_itself_f37() -> None:
    remember_little()
    line = Strip.blank(20)
    assert line.crop(0, 5).cell_length == 5
    assert line.crop(0, 5) is not line.crop(0, 5)
    assert [part.cell_length for part in line.divide([5, 20])] == [5, 15]
