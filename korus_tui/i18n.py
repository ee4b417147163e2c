"""The interface's language: the one place that turns a source sentence into what the agent reads."""

from __future__ import annotations

import gettext as _gettext

_active: _gettext.NullTranslations = _gettext.NullTranslations()


def _(message: str) -> str:
    """The sentence in the agent's language, looked up when it is shown so that a switch needs no restart."""
    return _active.gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """The singular or plural sentence for `count`, by the rules of the agent's language."""
    return _active.ngettext(one, many, count)


def mark(message: str) -> str:
    """Mark a sentence of a table for the catalogues; it is translated by `_` when it is shown."""
    return message
