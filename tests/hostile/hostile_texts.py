"""Texts that want to be more than text, the fields that they are put into, and what no terminal may be sent of them."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from hypothesis import strategies as st

MARKUP = (
    "[b]bold[/b]", "[/]", "[/b]", "[@click=app.quit]quit[/]", "[@click=screen.dismiss]x[/]",
    "[link=https://evil.example]y", "[$error]alarm[/]", "[on red]", "Rock [Live]", "Seat [A", "$name", "$$", "[bold",
    "\\[b]", "%(count)d {sale} %s",
)  # fmt: skip
CONTROLS = (
    "\x1b]0;PWNED\x07", "\x1b]2;PWNED\x1b\\", "\x1b]8;;https://evil.example\x1b\\here\x1b]8;;\x1b\\",
    "\x1b]52;c;UFdORUQ=\x07", "\x1bP+q544e\x1b\\", "\x1bPPWNED\x9c", "\x1b[2J\x1b[H", "\x1b[31mPWNED", "\x9b31mPWNED",
    "\x9d0;PWNED\x9c", "\x90PWNED\x9c", "\x1bc", "\x1b[5iPWNED\x1b[4i", "\x1b[6n", "\x1b[?1049l", "\x1b_PWNED\x1b\\",
    "a\x00b", "a\x7fb", "a\x07b", "a\x08\x08b", "a\rb", "a\nb", "a\tb", "a\x0bb", "a\x0cb", "a\x85b", "a\u2028b",
    "a\u2029b", "\x0e\x0f", "\x18\x1a",
)  # fmt: skip
SHAPES = (
    "\u202e12.00 EUR\u202c", "\u2066x\u2069 \u2067y\u2069 \u2068z", "\u200e\u200f\u061c",
    "a\u200bb\u200cc\u200dd\u2060e\ufeff", "x" + "\u0336" * 1000, "\u0301orphan", "so\u00adft",
    "\u2764\ufe0f\u2764\ufe0e", "\U0001f1eb\U0001f1f7 \U0001f1e9",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466", "\U0001f44d\U0001f3fd", "1\ufe0f\u20e3",
    "日本の入場券", "ﷺ﷽", "\ud800", "\udfff\ud83d", "\U000e0041\U000e007f", "\ufdd0\uffff", "\ue000",
    "שלום עולם", "تذكرة ١٢٫٥٠",
    "Ţ̷̛h̨̆ë̷", "N" * 10_000, "w " * 5_000, "\u3000" * 40, "\u00a0\u202f", "\u115f\u1160\u3164\uffa0", "é", "e\u0301",
)  # fmt: skip
HTML = (
    "<div>" * 1000 + "deep" + "</div>" * 1000, "<script>alert(1)</script>", "<![CDATA[x]]>",
    "&lt;b&gt; &#27;[31m &#x9b;2J &#8238;", "<a href='https://evil.example'>x</a>", "<img src=x onerror=y>", "<!--",
    "<![if x]>", "&" * 500, "</p>" * 200, "<b",
)  # fmt: skip
LIES = ("PAID", "0.00 EUR", "The order is complete", "held 14:59", "TO COLLECT 0.00 EUR", "Esc back", "✔", "DEMO")
ALL = (*MARKUP, *CONTROLS, *SHAPES, *HTML, *LIES)

anything = st.lists(st.sampled_from(ALL) | st.text(max_size=12), min_size=1, max_size=5).map("".join)

# Wire names whose text is only shown: nothing is decided by them.
SHOWN = (
    "name", "description", "shortDescription", "termsOfUse", "label", "city", "line1", "universe", "title", "detail",
    "seating", "seatsArrangement", "duration", "logo", "connectorReference", "reference", "cachedLanguage",
    "message", "notes",
)  # fmt: skip


def edits(text: str, *fields: str) -> list[dict[str, Any]]:
    """Edits of the sandbox's fault `replace`: `text` in every one of these fields, at any depth."""
    return [{"path": f"**.{field}", "value": text} for field in fields or SHOWN]


def spoilt(texts: tuple[str, ...], turn: int = 0) -> list[dict[str, Any]]:
    """Edits that put another of `texts` into each field; `turn` shifts which."""
    return [{"path": f"**.{field}", "value": texts[(place + turn) % len(texts)]} for place, field in enumerate(SHOWN)]


_OURS = {"\u200e"}  # set by ourselves round words that are written from right to left
_REORDERS = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)), "\u200f", "\u061c"}
_STRAY = {"\u00ad", "\u200b", "\u2060", "\ufeff", *map(chr, range(0xFE00, 0xFE10))}


def unsafe(text: str, *, drawn: bool = True) -> list[str]:
    """The characters of a text that a terminal would obey; of one that is `drawn`, also those it counts otherwise."""
    return [
        hex(ord(sign))
        for sign in text
        if sign not in _OURS
        and (
            unicodedata.category(sign) in {"Cc", "Cs"}
            or (unicodedata.category(sign) == "Cf" and sign not in "\u200c\u200d")
            or sign in _REORDERS
            or (drawn and sign in _STRAY)
        )
    ]


# Everything that the program itself writes: colours, cursor, modes it sets, queries it makes, links to documents.
_OWN = re.compile(
    rb"\x1b7\x1b\[1;[0-9]+H\x1b\[6n\x1b8"  # whether the terminal shows what was sent
    rb"|\x1b\[[0-9;:]*m"  # colours
    rb"|\x1b\[[0-9]+;[0-9]+H|\x1b\[H"  # cursor to a cell
    rb"|\x1b\[\?(?:25|7|1000|1002|1003|1004|1006|1015|1016|1049|2004|2026|2031|2048)[hl]"  # modes
    rb"|\x1b\[\?(?:2026|2048)\$p|\x1b\[\?996n|\x1b\[[<>=][0-9;]*u|\x1b\[\?u"  # what the terminal can do
    rb"|\x1b\[[0-9]*[ABCDJKX]"  # cursor by steps, cells made blank
    rb"|\x1b\]22;[a-z-]+\x07"  # the pointer's shape
    rb"|\x1b\]8;(?:id=[0-9-]+)?;(?:http://127\.0\.0\.1:[0-9]+/kt-documents/[!-~]+)?\x1b\\"
)


def foreign(raw: bytes) -> list[bytes]:
    """Every sequence in what a program wrote to its terminal that it does not write by itself, with what follows."""
    rest = _OWN.sub(b"", raw)
    found = [match[0] for match in re.finditer(rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f].{0,40}", rest)]
    text = rest.decode("utf-8", errors="surrogateescape")
    return [
        *found,
        *(
            match[0].encode("utf-8", "backslashreplace")
            for match in re.finditer(r"[\x80-\x9f\udc80-\udcff\u202a-\u202e\u2066-\u2069].{0,20}", text)
        ),
    ]
