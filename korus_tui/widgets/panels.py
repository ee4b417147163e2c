"""Titled boxes around the parts of a page, where there is room for them (styles/base.tcss)."""

from __future__ import annotations

from typing import TypeVar

from textual.widget import Widget

W = TypeVar("W", bound=Widget)


def panel(widget: W, title: str, *, early: bool = False) -> W:
    """The widget as a part of its page; on a wide terminal it has a quiet box with this title.

    `early`: from 110 columns on, for pages with no sale beside them.
    """
    widget.add_class("panel", *(("-early",) if early else ()))
    widget.border_title = title
    return widget
