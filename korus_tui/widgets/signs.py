"""The few signs that stand for a state, in two alphabets, for terminals with and without UTF-8."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rich.cells import get_character_cell_size


@dataclass(frozen=True)
class Signs:
    """One alphabet of signs; every sign is one cell wide unless said otherwise."""

    bar: str  # the left edge of what has the focus
    cut: str  # a text was shortened here
    plenty: str
    few: str
    none: str  # not sold that day
    waiting: str  # asked, no answer yet
    skeleton: str  # the grey of a list that is loading
    across: str
    down: str
    dot: str  # parts two facts of one line
    online: str
    problem: str
    ok: str
    times: str  # between a quantity and a name
    then: str  # between two steps of a way
    required: str  # beside the label of a field that must be filled in
    corners: str  # of a box: upper left, upper right, lower left, lower right
    joints: str  # of a line across a box with its edges
    is_ascii: bool = False


UNICODE = Signs(
    bar="▌", cut="…", plenty="▁", few="▆", none="—", waiting="·", skeleton="─", across="─", down="│", dot="·",
    online="●", problem="✗", ok="✓", times="×", then="›", required="*", corners="╭╮╰╯", joints="├┤",
)  # fmt: skip
ASCII = Signs(
    bar=">", cut="~", plenty="_", few="!", none="-", waiting=".", skeleton="-", across="-", down="|", dot="-",
    online="*", problem="x", ok="+", times="x", then=">", required="*", corners="++++", joints="++", is_ascii=True,
)  # fmt: skip

_chosen: Signs = UNICODE


def use_ascii(flag: bool) -> None:
    """Choose the alphabet for the whole program, once, from what the terminal says it can show."""
    global _chosen
    _chosen = ASCII if flag else UNICODE


def signs(ascii: bool | None = None) -> Signs:  # noqa: A002 - the attribute of the widgets has this name
    """The alphabet to paint with: the program's choice, or the one a widget was told to use."""
    if ascii is None:
        return _chosen
    return ASCII if ascii else UNICODE


# Our own words use typographic signs; each has the cells of what stands for it.
_WORDS = str.maketrans({
    "“": '"', "”": '"', "«": '"', "»": '"', "„": '"', "‘": "'", "’": "'", "…": "~", "·": "-", "•": "*", "×": "x",
    "—": "-", "–": "-", "−": "-", "‐": "-", "€": "E", "£": "L", "↵": "<", "↑": "^", "↓": "v", "←": "<", "→": ">",
    "↔": "-", "≠": "#", "✓": "+", "✗": "x", "●": "*", "▪": "*", "▌": "|", "▐": "|", "█": "#", "▁": "_", "▄": "=",
    "▆": "!", "▀": "^", "▖": ".", "œ": "o", "Œ": "O", "ß": "s", "ø": "o", "Ø": "O", "æ": "a", "Æ": "A", "ł": "l",
    "°": "o", "\u00a0": " ", "\u202f": " ", "\u2007": " ",
})  # fmt: skip
_SPELT = {"£": "GBP ", "↵": "Enter", "…": "...", "∞": "any", "œ": "oe", "ß": "ss"}
_EURO = re.compile(r"€[\u00a0\u202f ]?(?=[0-9-])")
_BOXES = {**dict.fromkeys("─━═╴╶╸╺╼╾", "-"), **dict.fromkeys("│┃║╵╷╹╻╽╿", "|")}


def spelt_out(text: str) -> str:
    """Signs that stand for a word, as that word in ASCII; wider than before, so it is done before text is laid out."""
    text = _EURO.sub("EUR ", text).replace("€", "EUR")
    for sign, word in _SPELT.items():
        text = text.replace(sign, word)
    return text


@lru_cache(maxsize=4096)
def to_ascii(text: str) -> str:
    """Text as a terminal without UTF-8 shows it, in as many cells: letters without accents, plain signs, `?`."""
    return "".join(one if one.isascii() else _plain(one) for one in text.translate(_WORDS))


def _plain(sign: str) -> str:
    """One sign beyond ASCII in as many cells as it takes."""
    cells = get_character_cell_size(sign)
    if "\u2500" <= sign <= "\u257f":
        return _BOXES.get(sign, "+")
    letter = unicodedata.normalize("NFKD", sign)[0]
    shown = letter if letter.isascii() and letter.isprintable() else "?"
    return (shown + " " * cells)[:cells]
