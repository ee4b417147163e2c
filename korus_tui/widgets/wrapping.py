"""Where lines may break: at spaces, and never at the no-break spaces of French signs and figures."""

from __future__ import annotations

import re

from rich import _wrap

_BREAKS = "[^\\S\u00a0\u202f\u2007]"
_WORD = re.compile(rf"{_BREAKS}*(?:\S|[\u00a0\u202f\u2007])+{_BREAKS}*")


def keep_together() -> None:
    """Wrap every text of this process so. Textual takes its words from Rich, which breaks at any white space."""
    _wrap.re_word = _WORD
