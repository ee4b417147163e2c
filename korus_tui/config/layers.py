"""Settings laid over each other, weakest first; of every value it is known where it was said."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from korus_tui.config.tables import Place


@dataclass(frozen=True, slots=True)
class Note:
    """Something wrong in the settings, said with its place; without a file the words name the variable or the flag."""

    file: Path | None
    line: int | None
    words: str

    def __str__(self) -> str:
        if self.file is None:
            return self.words
        place = f"{self.file}, line {self.line}" if self.line else str(self.file)
        return f"{place}: {self.words}"


@dataclass(frozen=True)
class Source:
    """A file with its text, or the environment or command line (`kind`) with the name under which each key came."""

    kind: str
    file: Path | None = None
    text: str = ""
    names: Mapping[Place, str] = field(default_factory=dict)

    def where(self, place: Place) -> str:
        """The place in words: file and line, or the name of the variable or flag."""
        if self.file is None:
            return f"{self.kind}, {self.names[place]}"
        line = self.line(place)
        return f"{self.kind}, {self.file}" + (f", line {line}" if line else "")

    def line(self, place: Place) -> int | None:
        """The line on which a key stands, else the table around it."""
        known = lines(self.text)
        around = (place[:depth] for depth in range(len(place), 0, -1))
        return next((known[one] for one in around if one in known), None)

    def note(self, place: Place, words: str) -> Note:
        """A complaint about a key of this source."""
        if self.file is None:
            return Note(None, None, f"{self.names[place]} ({self.kind}): {words}")
        return Note(self.file, self.line(place), f"{'.'.join(place)}: {words}")


@dataclass
class Layers:
    """The merged table, and for each key in it the source that said it last, with the place there."""

    table: dict[str, Any] = field(default_factory=dict)
    origins: dict[Place, tuple[Source, Place]] = field(default_factory=dict)

    def lay(self, source: Source, table: Mapping[str, Any], *, said_in: Place = ()) -> None:
        """Lay a table over what is there; `said_in` is where in its source the table stands."""
        self._lay(source, self.table, table, (), said_in)

    def _lay(self, source: Source, base: dict[str, Any], more: Mapping[str, Any], at: Place, said_in: Place) -> None:
        for key, value in more.items():
            place = (*at, key)
            self.origins[place] = source, (*said_in, *place)
            if isinstance(value, Mapping):
                self._lay(source, base.setdefault(key, {}), value, place, said_in)
            else:
                base[key] = value

    def note(self, place: Place, words: str, otherwise: Path) -> Note:
        """A complaint about a key or table of the merged settings; the strongest source that speaks of it is named."""
        around = (place[:depth] for depth in range(len(place), 0, -1))
        known = next((one for one in around if one in self.origins), None)
        if known is None:
            return Note(otherwise, None, f"{'.'.join(place)}: {words}")
        source, said = self.origins[known]
        return source.note((*said, *place[len(known) :]) if source.file else said, words)


def lines(text: str) -> dict[Place, int]:
    """The line of every key and table of a valid TOML text, counted from 1.

    A TOML statement ends where its lines, read alone, are valid; so the parser itself says where each one stands.
    """
    found: dict[Place, int] = {}
    table: Place = ()
    waiting, first = "", 1
    for number, line in enumerate(text.split("\n"), 1):
        if not waiting:
            first = number
        waiting += line + "\n"
        try:
            said = tomllib.loads(waiting)
        except tomllib.TOMLDecodeError:
            continue
        header = waiting.lstrip().startswith("[")
        places = list(_places(said))
        if header and places:
            table = places[-1]
        for place in places:
            found.setdefault(place if header else (*table, *place), first)
        waiting = ""
    return found


def _places(table: Any, at: Place = ()) -> Iterator[Place]:
    """All keys of a table, each before what is in it."""
    if isinstance(table, list):  # of tables
        table = table[-1] if table and isinstance(table[-1], dict) else None
    if isinstance(table, dict):
        for key, value in table.items():
            yield (*at, key)
            yield from _places(value, (*at, key))


def read_file(kind: str, file: Path, notes: list[Note]) -> tuple[Source, dict[str, Any]] | None:
    """A settings file and its table; None where there is none or it cannot be read, which is noted."""
    try:
        text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        return Source(kind, file, text), tomllib.loads(text)
    except FileNotFoundError:
        return None
    except OSError as error:
        notes.append(Note(file, None, f"cannot be read: {error.strerror}"))
    except UnicodeDecodeError:
        notes.append(Note(file, None, "cannot be read: it is not UTF-8 text"))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        notes.append(Note(file, int(line[1]) if line else None, f"is not valid TOML: {error}"))
    return None
