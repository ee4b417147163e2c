"""A picture of a screen as a file: the same image in a third of the bytes; and what another terminal shows of it."""

from __future__ import annotations

import io
import re
from itertools import groupby
from typing import Any

import pyte
from pytest_textual_snapshot import normalize_svg
from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from rich.text import Text
from textual._compositor import CompositorUpdate
from textual.app import App

from korus_tui.terminal.renderer import CellRenderer, _look

_DIM = [(0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0), (0, 0, 170), (170, 0, 170), (0, 170, 170), (170, 170, 170)]
_BRIGHT = [(85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85), (85, 85, 255), (255, 85, 255), (85, 255, 255),
           (255, 255, 255)]  # fmt: skip
CONSOLE = TerminalTheme((0, 0, 0), (170, 170, 170), _DIM, _BRIGHT)
"""The sixteen colours of a text console."""

_GROUND = re.compile(
    r'<rect fill="([^"]+)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" shape-rendering="crispEdges"/>'
)
_LINE_CLIP = re.compile(r'<clipPath id="terminal-line-\d+">\s*<rect [^>]*/>\s*</clipPath>\s*')
_CLIPPED = re.compile(r' clip-path="url\(#terminal-line-\d+\)"')
_LINE_END = re.compile(r'<text class="[^"]*" x="[\d.]+" y="[\d.]+" textLength="[\d.]+">\n</text>')


def compact(svg: str) -> str:
    """The same image without what each line repeats: clips, ends, grounds side by side in one colour."""
    svg = _CLIPPED.sub("", _LINE_CLIP.sub("", normalize_svg(svg))).replace("&#160;", "\u00a0")
    svg = _LINE_END.sub("", svg).replace('class="terminal-r', 'class="r').replace(".terminal-r", ".r")
    return _joined(svg)


def _joined(svg: str) -> str:
    found = list(_GROUND.finditer(svg))
    if not found:
        return svg
    strips: list[tuple[str, float, str, float, str]] = []
    for fill, left, y, wide, height in (one.groups() for one in found):
        x, width = float(left), float(wide)
        if strips:
            before, start, row, so_far, _height = strips[-1]
            if (before, row) == (fill, y) and abs(start + so_far - x) < 0.1:
                strips[-1] = (fill, start, y, x + width - start, height)
                continue
        strips.append((fill, x, y, width, height))
    grounds = "".join(
        f'<rect fill="{fill}" x="{x:g}" y="{y}" width="{width:g}" height="{height}" shape-rendering="crispEdges"/>\n'
        for fill, x, y, width, height in strips
    )
    return svg[: found[0].start()] + grounds + svg[found[-1].end() :].lstrip("\n")


def truecolour(app: App[Any]) -> str:
    """The screen on top as a good terminal shows it, as an SVG."""
    return app.export_screenshot(title="korus-tui", simplify=True)


def sent(app: App[Any], shown: CellRenderer, colours: ColorSystem) -> str:
    """What a terminal of so many colours shows of the screen, from the bytes that it is sent, as an SVG."""
    width, height = app.size
    update = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    assert isinstance(update, CompositorUpdate)
    terminal = pyte.Screen(width, height)
    _forget(update)
    pyte.Stream(terminal).feed(shown.changes(update, (width, height), colours))
    _forget(update)
    console = Console(
        width=width, height=height, file=io.StringIO(), force_terminal=True, color_system="truecolor", record=True,
        legacy_windows=False,
    )  # fmt: skip
    for y in range(height):
        line = Text(end="\n" if y < height - 1 else "")
        cells = (terminal.buffer[y][x] for x in range(width))
        for style, run in groupby(cells, key=_style):
            line.append("".join(cell.data for cell in run), style)
        console.print(line, no_wrap=True, crop=True)
    return console.export_svg(title="korus-tui", theme=CONSOLE)


def _forget(update: Any) -> None:
    """Rich keeps the sequence of a style for the colours that it was sent in first, whatever they are later."""
    _look.cache_clear()
    for segment in (one for line in update.strips for strip in line for one in strip):
        if segment.style is not None:
            segment.style._ansi = None


def _style(cell: pyte.screens.Char) -> Style:
    return Style(
        color=_colour(cell.fg), bgcolor=_colour(cell.bg), bold=cell.bold, reverse=cell.reverse,
        underline=cell.underscore,
    )  # fmt: skip


def _colour(name: str) -> str:
    """pyte's word for a colour as Rich's."""
    bright = name.startswith("bright")
    plain = name.removeprefix("bright")
    if plain == "brown":
        plain = "yellow"
    if name == "default" or (len(plain) == 6 and all(one in "0123456789abcdef" for one in plain)):
        return name if name == "default" else f"#{plain}"
    return f"bright_{plain}" if bright else plain
