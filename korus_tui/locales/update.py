"""Brings every catalogue up to date with the program's sentences: `python -m korus_tui.locales.update`.

New sentences are added without a translation, those that nobody says any more are taken out, and what the program
reads (.mo) is compiled. Nothing is guessed from similar sentences: a wrong one at a counter costs money.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from korus_tui.i18n import DOMAIN, LOCALES

PROGRAM = LOCALES.parent
KEYWORDS = {"_": None, "mark": None, "everywhere": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}


class Plain(Catalog):
    """A catalogue whose head says only what is needed to read it: no dates, so that the same stays the same."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """Language, plural rule, encoding."""
        return [
            ("Language", str(self.locale_identifier or "")),
            ("Plural-Forms", self.plural_forms),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def extract() -> Catalog:
    """Every sentence of the program; the sandbox's are the API's, and not ours to translate."""
    found = Catalog(charset="utf-8")
    for name, _line, message, _comments, context in extract_from_dir(
        str(PROGRAM), method_map=[("**.py", "python")], keywords=KEYWORDS
    ):
        if not name.startswith("sandbox/"):
            found.add(message, context=context)
    return found


def catalogues() -> dict[str, Path]:
    """The .po file of each language."""
    return {file.parts[-3]: file for file in sorted(LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))}


def read(language: str, file: Path) -> Catalog:
    """A catalogue as it is on disk."""
    with file.open("rb") as opened:
        return read_po(opened, locale=language)


def compiled(catalogue: Catalog) -> bytes:
    """What the program reads; the same catalogue gives the same bytes."""
    made = BytesIO()
    write_mo(made, catalogue)
    return made.getvalue()


def written(catalogue: Catalog) -> bytes:
    """The .po file: in the order of the sentences, without places and dates, so that a change shows as what it is."""
    made = BytesIO()
    write_po(made, catalogue, width=120, no_location=True, sort_output=True, ignore_obsolete=True)
    return made.getvalue()


def updated(catalogue: Catalog, source: Catalog) -> Catalog:
    """The catalogue with exactly the sentences of the program."""
    now = Plain(locale=catalogue.locale, charset="utf-8", header_comment="", fuzzy=False)
    for message in source:
        if message.id:
            known = catalogue.get(message.id, message.context)
            now.add(message.id, known.string if known else None, context=message.context)
    return now


def main() -> int:
    """Update all catalogues; exit code 1 where sentences are not translated yet."""
    source, missing = extract(), 0
    for language, file in catalogues().items():
        catalogue = updated(read(language, file), source)
        file.write_bytes(written(catalogue))
        file.with_suffix(".mo").write_bytes(compiled(catalogue))
        left = [message.id for message in catalogue if message.id and not all(texts(message.string))]
        missing += len(left)
        print(f"{language}: {len(catalogue)} sentences, {len(left)} not translated")  # noqa: T201 - its own voice
    return 1 if missing else 0


def texts(string: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """The sentence, or each of its plural forms; an empty one is not translated yet."""
    return (string or "",) if string is None or isinstance(string, str) else tuple(string)


if __name__ == "__main__":
    sys.exit(main())
