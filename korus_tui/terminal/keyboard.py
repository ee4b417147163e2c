"""What comes from the keyboard's side, before it becomes keys: a paste never is keys, and a flood is a paste."""

from __future__ import annotations

import re
import time
from codecs import getincrementaldecoder
from typing import ClassVar

START, END = "\x1b[200~", "\x1b[201~"
LONGEST = 4_000  # characters of a paste that can be wanted in a field; a longer one is not for a till and is dropped
MOST = 200  # characters in one reading that can be keys: a scanner's burst is shorter, no hand is faster
MOST_OTHER = 40  # where arrows and the like are among them: a held key that a line kept back
_FREES = (
    "\x1b",
    "\x03",
    "\x11",
    "\x1b[27u",
    "\x1b[99;5u",
    "\x1b[113;5u",
)  # Esc, Ctrl+C, Ctrl+Q: alone, after a silence, they end a paste that never ended
_SILENCE = 0.5  # seconds
_HANGS = 2.0  # seconds without anything of a paste after which its end does not come
_TOKEN = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|.)?|.", re.DOTALL)
# What a terminal sends as one: a key, a report of the mouse, an answer to a query. No byte of it is a sign by itself.
_AS_ONE = re.compile(r"\x1b(?:[\]PX^_].*?(?:\x07|\x1b\\)|\[M.{3}|\[[0-?]*[ -/]*[@-~]|O.|[^\[\]PX^_O])|.", re.DOTALL)
_BEGUN = re.compile(r"\x1b(?:[\]PX^_].{0,200}|\[M.{0,2}|\[[0-?]{0,40}[ -/]*|O)?\Z", re.DOTALL)  # and not ended yet
_TEXT = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*\Z")
_CONTROL = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)?|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
)
_CONTROL_SIGN = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def cleaned(pasted: str) -> str:
    """The text of a paste without what a terminal or a parser of keys would obey."""
    return _CONTROL.sub("", pasted)


class InputDecoder:
    """Decodes what is read from the terminal; stands in for a codec's incremental decoder.

    `scanner` is what a barcode scanner types before and after a code, two empty texts without one: what stands between
    them is neither a paste nor a key, whatever it holds.
    """

    scanner: ClassVar[tuple[str, str]] = ("", "")
    pasting: ClassVar[float] = 0.0  # since when (monotonic) nothing comes of a paste that has begun; 0 without one

    def __init__(self) -> None:
        self._utf8 = getincrementaldecoder("utf-8")(errors="replace")
        self._paste: list[str] | None = None
        self._length = 0
        self._tail = ""  # of a paste, that may be the beginning of its end
        self._held = ""  # of the keys, that may be the beginning of a paste
        self._scanned = -1  # characters of a scan so far; below 0 outside of one
        self._lead = ""  # the end of what was given on, where more may belong to it: half a function key
        self._last = 0.0

    def decode(self, data: bytes, final: bool = False) -> str:
        """The keys and whole pastes in these bytes; a paste is given once it has ended."""
        now = time.monotonic()
        silence, self._last = now - self._last, now
        text = self._utf8.decode(data, final)
        found = self._read(text, silence)
        InputDecoder.pasting = now if self._paste is not None else 0.0
        return found

    @classmethod
    def hangs(cls) -> bool:
        """Whether a paste has begun, and nothing of it comes any more: all that is typed goes into it."""
        return cls.pasting > 0.0 and time.monotonic() - cls.pasting > _HANGS

    def _read(self, text: str, silence: float) -> str:
        if self._paste is not None and silence >= _SILENCE and text in _FREES:
            self._paste = None
            return text
        if self._scanned >= 0 and silence >= _SILENCE and text in _FREES:
            self._scanned = -1
            return "\x1b"
        text, self._held = self._held + text, ""
        out: list[str] = []
        while text:
            if self._scanned >= 0:
                text = self._scan(text, out)
            else:
                text = self._pasted(text, out) if self._paste is not None else self._keys(text, out)
        return "".join(out)

    def _scan(self, text: str, out: list[str]) -> str:
        """A code up to its end, as plain signs: a printed one may hold what a function key sends."""
        end = self.scanner[1]
        code, found, rest = text.partition(end)
        out.append(_CONTROL_SIGN.sub("·", code)[: max(0, MOST - self._scanned)] + found)
        self._scanned = -1 if found else self._scanned + len(code)
        return rest

    def _keys(self, text: str, out: list[str]) -> str:
        keys, mark, rest = self._up_to_mark(text)
        self._held = "" if mark else _beginning(keys, START, least=2)
        out.append(_not_too_many(keys[: len(keys) - len(self._held)]))
        begun = _BEGUN.search(self._lead + keys)
        self._lead = begun[0].removesuffix(self._held) if begun and not mark else ""
        if mark == START:
            self._paste, self._length, self._tail = [], 0, ""
        elif mark:
            out.append(mark)
            self._scanned = 0
        return rest

    def _up_to_mark(self, text: str) -> tuple[str, str, str]:
        """What comes before the start of a paste or the scanner's prefix, that mark, and the rest.

        A prefix is a sign that stands alone: the `~` at the end of a function key begins no scan.
        """
        prefix, lead = self.scanner[0], self._lead
        if not prefix or prefix not in text:
            return text.partition(START)
        for found in _AS_ONE.finditer(lead + text):
            if found[0] in (START, prefix):
                start = found.start() - len(lead)
                return text[:start], found[0], text[start + len(found[0]) :]
            if _BEGUN.match(lead + text, found.start()):
                break
        return text, "", ""

    def _pasted(self, text: str, out: list[str]) -> str:
        assert self._paste is not None
        content, end, rest = (self._tail + text).partition(END)
        if end:
            self._keep(content)
            pasted = cleaned("".join(self._paste))
            self._paste = None
            if pasted and self._length <= LONGEST:
                out.append(f"{START}{pasted}{END}")
            return rest
        self._tail = _beginning(content, END, least=1)
        self._keep(content[: len(content) - len(self._tail)])
        return ""

    def _keep(self, content: str) -> None:
        """Keep no more than could be shown; count all of it."""
        assert self._paste is not None
        self._length += len(content)
        if self._length <= LONGEST:
            self._paste.append(content)


def _beginning(text: str, mark: str, least: int) -> str:
    """The end of the text where it may be the beginning of the mark, by `least` characters or more."""
    return next((mark[:n] for n in range(len(mark) - 1, least - 1, -1) if text.endswith(mark[:n])), "")


def _not_too_many(keys: str) -> str:
    """As many keys as can be meant; a flood of text from a terminal that does not mark its pastes is a paste."""
    if len(keys) <= MOST_OTHER:
        return keys
    if not _TEXT.match(keys):
        return "".join(_TOKEN.findall(keys)[:MOST_OTHER])
    if len(keys) <= MOST:
        return keys
    return f"{START}{cleaned(keys)}{END}" if len(keys) <= LONGEST else ""
