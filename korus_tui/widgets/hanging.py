"""Text whose lines go on below their words, not below the signs in front of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

from korus_tui.widgets.signs import ASCII, UNICODE

_SIGNS = "".join({one for mark in (UNICODE, ASCII) for one in (mark.bar, mark.problem, mark.ok, mark.waiting)})
_FRONT = re.compile(rf"(?:[ {re.escape(_SIGNS)}] )*")  # re's; noqa: house


@dataclass(frozen=True)
class Hanging(Visual):
    """`content` as any other, but what does not fit in a line stands as far in as the words before it began."""

    content: Content

    def __str__(self) -> str:
        return str(self.content)

    def at(self, width: int) -> Content:
        """The lines in `width` cells."""
        lines: list[Content] = []
        for line in self.content.split(allow_blank=True):
            front = _FRONT.match(line.plain)
            inset = len(front[0]) if front else 0
            first, *more = line[inset:].wrap(max(1, width - inset)) or [Content("")]
            lines += [line[:inset] + first, *(one.pad_left(inset) for one in more)]
        return Content("\n").join(lines)

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        return self.at(width).render_strips(width, height, style, options) if width else []

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """As wide as the longest line."""
        return self.content.get_optimal_width(rules, container_width)

    def get_height(self, rules: RulesMap, width: int) -> int:
        """As many lines as it takes."""
        return self.at(width).get_height(rules, width) if width else 0
