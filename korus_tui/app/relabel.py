"""Says what is on the screen again in another language. Nothing is built anew: what is typed, chosen and held stays.

What a screen was composed of is composed a second time, aside and never mounted, before and after the switch: where a
widget still shows what it was built with, it gets the same in the other language. What came later is shown again by
the screen's own `say_again`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from textual.app import App
from textual.compose import compose
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, Static

from korus_tui import i18n
from korus_tui.terminal.within import composed_with
from korus_tui.widgets.inputs.field import Field
from korus_tui.widgets.lists.row_list import RowList

_LEAVES = (Field, Input, Static, RowList)
Pair = tuple[Widget, Widget]  # a widget of the screen, and what it would be if it were built now


def next_language() -> str:
    """The language after the one that is spoken, in the order of `i18n.languages`."""
    known = i18n.languages()
    return known[(known.index(i18n.language()) + 1) % len(known)]


def switch(app: App[int], wanted: str) -> None:
    """Speak another language from now on, on every screen that is open."""
    screens = [screen for screen in app.screen_stack if screen.is_mounted]
    before = [list(_pairs(screen)) for screen in screens]
    i18n.use(wanted)
    for screen, old in zip(screens, before, strict=True):
        for (widget, was), (_widget, now) in zip(old, _pairs(screen), strict=True):
            _relabel(widget, was, now)
        _say_again(screen)


def _pairs(parent: Widget, built: Iterable[Widget] | None = None) -> Iterator[Pair]:
    """The widgets below `parent` beside what they would be; what was added or taken away later is left out."""
    there = [child for child in parent.children if not (child.id or "").startswith("textual-")]
    for widget, fresh in zip(there, compose(parent) if built is None else built, strict=False):
        if type(widget) is not type(fresh):
            return
        yield widget, fresh
        if not isinstance(widget, _LEAVES):
            yield from _pairs(widget, [*composed_with(fresh), *compose(widget)])


def _relabel(widget: Widget, was: Widget, now: Widget) -> None:
    if widget.border_title == was.border_title != now.border_title:
        widget.border_title = now.border_title
    if isinstance(widget, Field) and isinstance(was, Field) and isinstance(now, Field):
        widget.relabel(was, now)
    elif isinstance(widget, Input) and isinstance(was, Input) and isinstance(now, Input):
        if widget.placeholder == was.placeholder != now.placeholder:
            widget.placeholder = now.placeholder
    elif isinstance(widget, Static) and isinstance(was, Static) and isinstance(now, Static):
        if widget.content == was.content != now.content:
            widget.update(now.content)
    elif isinstance(widget, RowList) and isinstance(was, RowList) and isinstance(now, RowList):
        widget.set_columns(now.columns if widget.columns == was.columns else widget.columns)
        if widget.state == was.state:
            widget.state = now.state


def _say_again(screen: Screen[object]) -> None:
    """Widgets first, the screen last: each that shows more than what it was built with has a method `say_again`."""
    for widget in [*screen.walk_children(Widget), screen]:
        again: Callable[[], None] | None = getattr(widget, "say_again", None)
        if again is not None:
            again()
