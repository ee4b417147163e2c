"""One box of a page is marked, in colour and in weight: the one where the keys go."""

from __future__ import annotations

from pathlib import Path

import pytest
from checkout_counter import counter as at_checkout
from offers_counter import at_catalog, counter
from program import AtTill
from sandbox_process import SandboxProcess
from textual.color import Color
from till import BEFORE_SEASON, SHOW_PRODUCT

from korus_tui.screens.common.help import HelpScreen
from korus_tui.styles.themes import DARK, LIGHT


def marked(one: AtTill, palette: dict[str, str] = DARK) -> list[str]:
    """The titles of the page's boxes that are painted in the colour of the focus and bold."""
    accent = Color.parse(palette["accent"])
    boxes = [box for box in one.app.screen.query(".panel") if box.styles.border_top == ("round", accent)]
    assert all(box.styles.border_title_style.bold for box in boxes)
    return [str(box.border_title) for box in boxes]


@pytest.mark.parametrize("theme", ["korus-dark", "korus-light"])
async def test_the_box_where_the_keys_go_is_marked(sandbox: SandboxProcess, tmp_path: Path, theme: str) -> None:
    palette = DARK if theme == "korus-dark" else LIGHT
    async with counter(sandbox, tmp_path, theme=theme, size=(200, 60)) as one:
        (await at_catalog(one)).favourites.put("f2", SHOW_PRODUCT)  # whose month the day's page shows
        assert marked(one, palette) == ["Products"]  # whose keys the filter takes
        await one.press("ctrl+f")
        await one.until(lambda: marked(one, palette) == ["Sales"])
        await one.press("escape", "ctrl+d")
        await one.until(lambda: one.name == "day" and one.rows("#day-rows"))
        assert marked(one, palette) == ["Tickets"]
        await one.press("tab")
        await one.until(lambda: marked(one, palette) == ["Days"])
        await one.press("tab")
        await one.until(lambda: marked(one, palette) == ["Tickets"])


async def test_no_box_is_marked_where_the_keys_go_to_none(tmp_path: Path) -> None:
    with SandboxProcess(now=BEFORE_SEASON) as sandbox:
        await _check_payment(sandbox, tmp_path)


async def _check_payment(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_checkout(sandbox, tmp_path, size=(120, 40)) as desk:
        assert marked(desk) == []  # how it is paid is asked of the page
        await desk.press("e")
        await desk.until(lambda: marked(desk) == ["Customer"])
        await desk.press("escape", "w", "c")
        await desk.until(lambda: marked(desk) == ["Payment"])
        await desk.press("escape")
        await desk.until(lambda: marked(desk) == [])


async def test_a_page_without_boxes_gets_none(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, size=(80, 24)) as one:
        await at_catalog(one)
        assert marked(one) == []
        await one.press("f1")
        await one.on(HelpScreen)
        await one.press("escape")
        await at_catalog(one)
        assert {box.styles.border_top[0] for box in one.app.screen.query(".panel")} == {""}


async def test_a_page_beneath_a_dialog_is_laid_out_by_the_size_that_there_is(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path, size=(120, 40)) as one:
        page = await at_catalog(one)
        products, about = page.query_one("#products"), page.query_one("#about")
        await one.press("f1")
        await one.on(HelpScreen)
        for size, below in (((80, 24), False), ((200, 60), True), ((80, 24), False), ((120, 40), True)):
            await one.pilot.resize_terminal(*size)
            await one.until(lambda below=below: (about.region.y > products.region.y) is below)
            assert (products.styles.border_top[0] == "round") is below
            assert page.size == size
        assert one.app.screen is not page
