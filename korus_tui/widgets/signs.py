"""The few signs that stand for a state, in two alphabets, for terminals with and without UTF-8."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
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
    is_ascii: bool = False


UNICODE = Signs(
    bar="▌", cut="…", plenty="▁", few="▆", none="—", waiting="·", skeleton="─", across="─", down="│", dot="·",
    online="●", problem="✗", ok="✓", times="×",
)  # fmt: skip
ASCII = Signs(
    bar=">", cut="~", plenty="_", few="!", none="-", waiting=".", skeleton="-", across="-", down="|", dot="-",
    online="*", problem="x", ok="+", times="x", is_ascii=True,
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
