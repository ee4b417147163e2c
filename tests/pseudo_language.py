"""A language that nobody speaks, built for a test: accented, a third longer, each text between ⁅ and ⁆.

A word on the screen without an accent is hard-coded or data; a ⁅ without its ⁆ was cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.catalog import Catalog

from korus_tui import i18n
from korus_tui.locales import update

NAME = "xx"
BEGIN, END = "⁅", "⁆"
KEPT = re.compile(
    r"‹[^›]+›|%\([a-z]+\)[ds]|"
    r"\{[a-z]*(?::[^}]*)?\}|\b(?:Ctrl\+[A-Z]|F\d{1,2}|Esc|Enter|Del|Tab|PgDn)\b|\d\S*| {2,}|--\w+"
)
_ACCENTS = str.maketrans("aceinouyszAEINOUYSZCbdghklmprtw", "åçéïñõüÿšžÅÉÏÑÕÜÝŠŽÇƀđĝĥķĺɱƥŕŧŵ")


def pseudo(sentence: str) -> str:
    """The sentence with an accent on every word, longer, keys and placeholders as they are."""
    pieces, at = [], 0
    for kept in KEPT.finditer(sentence):
        pieces += [sentence[at : kept.start()].translate(_ACCENTS), kept.group()]
        at = kept.end()
    said = "".join(pieces) + sentence[at:].translate(_ACCENTS)
    bare = said.rstrip(" ")
    return f"{BEGIN}{bare}{'é' * max(0, round(len(bare) * 0.3) - 2)}{END}" + said[len(bare) :]


def build(folder: Path) -> None:
    """Compile it from the program's sentences into a folder of catalogues, beside nothing else."""
    made = Catalog(charset="utf-8")
    for message in update.extract():
        if message.id:
            texts = tuple(pseudo(one) for one in update.texts(message.id))
            made.add(message.id, texts if message.pluralizable else texts[0], context=message.context)
    place = folder / NAME / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / f"{i18n.DOMAIN}.mo").write_bytes(update.compiled(made))


@contextmanager
def known(folder: Path) -> Iterator[None]:
    """English and this language are the only ones there are."""
    before = i18n.LOCALES
    try:
        _look_in(folder)
        yield
    finally:
        _look_in(before)


def _look_in(folder: Path) -> None:
    i18n.use(i18n.SOURCE)
    i18n.LOCALES = folder
    i18n.languages.cache_clear()
    i18n._catalogue.cache_clear()
