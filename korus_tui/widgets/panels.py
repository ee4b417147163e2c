"""Titled boxes around the parts of a page, where there is room for them (styles/base.tcss)."""

from __future__ import annotations

from typing import Any, TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from korus_tui.widgets.inputs.filter_input import FilterInput

W = TypeVar("W", bound=Widget)


def panel(widget: W, title: str, *, early: bool = False) -> W:
    """The widget as a part of its page; on a wide terminal it has a quiet box with this title.

    `early`: from 110 columns on, for pages with no sale beside them.
    """
    widget.add_class("panel", *(("-early",) if early else ()))
    widget.border_title = title
    return widget


def mark_box(screen: Screen[Any]) -> None:
    """The box where the keys go is marked (`-here`), for a filter that of its list, and no other.

    `:focus-within` would say the same, and style all of a form's fields anew with each step from one to the next.
    """
    focused = screen.focused
    if isinstance(focused, FilterInput):
        focused = focused.list or focused
    here = (
        None if focused is None else next((one for one in focused.ancestors_with_self if one.has_class("panel")), None)
    )
    if here is not None and here.has_class("-here"):
        return
    screen.query(".panel.-here").remove_class("-here")
    if here is not None:
        here.add_class("-here")


class Latest(VerticalScroll):
    """Shows its end whenever there is more or less in it, or room for it."""

    def watch_virtual_size(self) -> None:
        """There is another end, or a new place for it."""
        self.scroll_end(animate=False)

    def on_resize(self) -> None:
        """The end has moved out of sight, or there is room for more."""
        self.scroll_end(animate=False)


class TitledText(Vertical):
    """Some lines under a title, which the box bears where there is one; absent without lines."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes="panel -early")
        self.display = False

    def compose(self) -> ComposeResult:
        """The title for where there is no box, and the lines."""
        yield Static(classes="titled--head", markup=False)
        yield Static(classes="titled--text", markup=False)

    def show(self, title: str, text: Content) -> None:
        """Other lines; the title is one of ours, never a word from outside."""
        self.display = bool(text.plain)
        self.border_title = title
        self.query_one(".titled--head", Static).update(Content(title))
        self.query_one(".titled--text", Static).update(text)
