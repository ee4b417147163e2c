"""Where lines may break: at spaces, but not between a French sign and its word, however the space there is written."""

from __future__ import annotations

import re

from rich import _wrap

_BREAKS = "[^\\S\u00a0\u202f\u2007]"
_TIED = r"[\u00a0\u202f\u2007]|(?<=«) | (?=»)| (?=[:;!?](?:\s|$))"  # Korus writes its descriptions with plain spaces
_WORD = re.compile(rf"{_BREAKS}*(?:\S|{_TIED})+{_BREAKS}*")


def keep_together() -> None:
    """Wrap every text of this process so. Textual takes its words from Rich, which breaks at any white space."""
    _wrap.re_word = _WORD
