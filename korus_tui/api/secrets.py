"""What was sent as a secret, known again in what comes back: a server may quote it in any of its words (F92)."""

from __future__ import annotations

import base64
import html
import re
import string
from collections import OrderedDict
from typing import Any
from urllib.parse import unquote

TAKEN_OUT = "(secret)"
LEAST = 6
"""Characters: what is shorter is no secret, and its letters stand in many words."""
_PIECE = 16
"""Characters of a beginning or an end that say enough: a server may quote a part only."""
_MOST = 8
"""Values that are remembered; a token that was renewed so often is none any more."""

_SPLIT = 12
"""Characters of a secret that are known again with blanks or tags between them: fewer stand so in many a sentence."""
_APART = 16
"""The same with any signs between them, where digits are among them."""

_TAG = re.compile(r"<[^<>]{0,300}>")
_GAP = re.compile(rf"{_TAG.pattern}|\s+")
_BEYOND = re.compile(rf"{_TAG.pattern}|[\W_]+")
_WORD = re.compile(r"[^\s\"'<>(){}\[\],;]+")
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff]"
)
_CONTROL = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "b": "\b"}
_PUNCTUATION = string.punctuation.encode()
_UNDONE = 3  # layers of escapes: JSON in a URL in HTML


class Secrets:
    """The secrets of one line to the API. Nothing of them is shown by it."""

    def __init__(self) -> None:
        self._forms: OrderedDict[str, frozenset[str]] = OrderedDict()
        self._as_it_is: tuple[str, ...] = ()  # every form, and what is left of it without blanks, without signs
        self._split: tuple[str, ...] = ()
        self._apart: tuple[bytes, ...] = ()

    def __repr__(self) -> str:
        return "Secrets(…)"

    def learn(self, *values: str) -> None:
        """Remember what is sent as a secret, or came as one that will be."""
        for value in values:
            if len(value) < LEAST:
                continue
            if value not in self._forms:
                self._forms[value] = frozenset(_forms(value))
            self._forms.move_to_end(value)
            while len(self._forms) > _MOST:
                self._forms.popitem(last=False)
        self._as_it_is = tuple({form for forms in self._forms.values() for form in forms})
        self._split = tuple({one for form in self._as_it_is if len(one := _squeezed(form)) >= _SPLIT})
        bare = set(map(_bare, self._split))
        for value in self._forms:
            for whole in (value.lower(), value.lower()[::-1]):
                bare |= {_bare(whole)[:_PIECE], _bare(whole)[-_PIECE:]}
        self._apart = tuple(one for one in bare if len(one) >= _APART and not one.isalpha())

    def taken_out(self, text: str) -> str:
        """The text without them: the words that hold one are replaced, or all of it where no word does alone."""
        if not self._in(text):
            return text
        for value in self._forms:
            text = text.replace(value, TAKEN_OUT)
        text = self._closed_up(text)
        if not self._in(text):
            return text
        text = _WORD.sub(lambda found: TAKEN_OUT if self._in(found[0]) else found[0], text)
        return TAKEN_OUT if self._in(text) else text

    def _closed_up(self, text: str) -> str:
        """The text without those that stand in it whole, forwards or backwards, with blanks, tags or signs between."""
        for between, least in ((_GAP, _SPLIT), (_BEYOND, _APART)):
            at = _kept(text, between)
            plain = "".join(text[place].lower()[:1] for place in at)
            places: list[tuple[int, int]] = []
            for value in self._forms:
                whole = between.sub("", value.lower())
                if len(whole) < least or (between is _BEYOND and whole.isalpha()):
                    continue
                for one in (whole, whole[::-1]):
                    start = plain.find(one)
                    while start >= 0:
                        places.append((at[start], at[start + len(one) - 1] + 1))
                        start = plain.find(one, start + len(one))
            for start, end in sorted(places, reverse=True):
                text = text[:start] + TAKEN_OUT + text[end:]
        return text

    def taken_out_of(self, data: Any, written: str) -> Any:
        """JSON without them, names and values; `written` is what it was read from."""
        return self._walked(data) if self._in(written) else data

    def _walked(self, data: Any) -> Any:
        if isinstance(data, str):
            return self.taken_out(data)
        if isinstance(data, list):
            return [self._walked(item) for item in data]
        if isinstance(data, dict):
            return {self.taken_out(name): self._walked(value) for name, value in data.items()}
        return data

    def _in(self, text: str) -> bool:
        plain = text.lower()
        for _layer in range(_UNDONE + 1):
            if any(form in plain for form in self._as_it_is):
                return True
            undone = _undone(plain)
            if undone == plain:
                break
            plain = undone
        squeezed = _squeezed(plain)
        if any(form in squeezed for form in self._split):
            return True
        bare = _bare(squeezed) if self._apart else b""
        return any(form in bare for form in self._apart)


def _squeezed(text: str) -> str:
    """Without blanks and tags."""
    return "".join((_TAG.sub("", text) if "<" in text else text).split())


def _bare(text: str) -> bytes:
    """Letters and digits alone, as bytes: of signs, those that are ASCII go."""
    return _squeezed(text).encode(errors="surrogatepass").translate(None, _PUNCTUATION)


def _kept(text: str, between: re.Pattern[str]) -> list[int]:
    """The places of the signs of a text that do not stand `between`."""
    found: list[int] = []
    end = 0
    for gap in between.finditer(text):
        found += range(end, gap.start())
        end = gap.end()
    return [*found, *range(end, len(text))]


def _unescaped(found: re.Match[str]) -> str:
    if found[3]:
        return _CONTROL.get(found[3], found[3])
    return chr(int(found[1] or found[2], 16))


def _undone(text: str) -> str:
    """One layer of escapes less, and nothing that is not seen."""
    if "\\" in text:
        text = _ESCAPED.sub(_unescaped, text)
    if "%" in text:
        text = unquote(text, errors="replace")
    if "&" in text:
        text = html.unescape(text)
    if not text.isascii():
        text = _UNSEEN.sub("", text)
    return text.lower()


def _forms(value: str) -> set[str]:
    """How a value looks that is quoted, in lower case, without escapes: itself, a part, backwards, base64 of it or
    round it."""
    raw = value.encode(errors="surrogatepass")
    found = {raw.decode("latin-1")[:_PIECE], raw.hex()[: 2 * _PIECE]}
    for piece in (value, *(part for part in value.split(".") if len(part) > _PIECE)):
        found |= {piece[:_PIECE], piece[-_PIECE:]}
    for before in range(3):
        packed = base64.b64encode(bytes(before) + raw).decode().rstrip("=")
        # Its first and last signs depend on what stands before and after the secret.
        core = packed[(0, 2, 3)[before] : len(packed) - bool((before + len(raw)) % 3)][: 2 * _PIECE]
        if len(core) >= LEAST:
            found |= {core, core.replace("+", "-").replace("/", "_")}
    back = value[::-1]
    found |= {back[:_PIECE], back[-_PIECE:]}
    return {form.lower() for form in found}
