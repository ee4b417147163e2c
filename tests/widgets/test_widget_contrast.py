"""Every pair of text and ground that the style sheets put together is readable (WCAG AA)."""

from __future__ import annotations

import pytest
from textual.color import Color
from widget_gallery import fill_paying, fill_selling, paying, selling
from widget_host import Host

from korus_tui.styles import style_files
from korus_tui.styles.themes import DARK, LIGHT, THEMES, USED_PAIRS

AA = 4.5


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(Color.parse(one)), luminance(Color.parse(other))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: Color) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b)


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("pair", USED_PAIRS, ids=lambda pair: "-on-".join(pair))
def test_every_used_pair_is_readable(palette: dict[str, str], pair: tuple[str, str]) -> None:
    assert contrast(palette[pair[0]], palette[pair[1]]) >= AA


LINES_ONLY = set("─╭╮╰╯├┤▌▁▆▏│-_|█▀▄ \u00a0")


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
@pytest.mark.parametrize("screen", [(selling, fill_selling), (paying, fill_paying)], ids=["selling", "paying"])
async def test_every_painted_text_is_readable(theme: str, screen: tuple) -> None:  # type: ignore[type-arg]
    app = Host(*screen, theme)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        poor = set()
        for strip in app.screen._compositor.render_strips():
            for words, style, _control in strip:
                if style is None or style.color is None or style.bgcolor is None or set(words) <= LINES_ONLY:
                    continue
                ratio = contrast(style.color.get_truecolor().hex, style.bgcolor.get_truecolor().hex)
                if ratio < AA:
                    poor.add((words.strip(), round(ratio, 2)))
        assert poor == set()


def test_every_style_file_is_loaded() -> None:
    assert style_files()[0].name == "base.tcss"
    assert all(path.is_file() for path in style_files())


async def test_a_theme_switched_live_repaints_every_ink() -> None:
    app = Host(selling, fill_selling, "korus-dark")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        app.theme = "korus-light"
        await pilot.pause()
        grounds = {
            style.bgcolor.get_truecolor().hex
            for strip in app.screen._compositor.render_strips()
            for _words, style, _control in strip
            if style is not None and style.bgcolor is not None
        }
        inks = {
            style.color.get_truecolor().hex
            for strip in app.screen._compositor.render_strips()
            for words, style, _control in strip
            if style is not None and style.color is not None and words.strip()
        }
        assert not (grounds | inks) & (set(DARK.values()) - set(LIGHT.values()))
