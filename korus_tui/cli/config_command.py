"""`korus-tui config`: every setting as it is in force, and where it was said; of secrets, only that they are there."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from korus_tui import i18n
from korus_tui.cli import own_keys
from korus_tui.config import credentials, settings
from korus_tui.config.credentials import CredentialsOpen
from korus_tui.config.paths import Paths
from korus_tui.config.settings import Loaded, WalkIn
from korus_tui.i18n import _
from korus_tui.journal.place import place_of

_Row = tuple[str, str, str]


def run(arguments: argparse.Namespace) -> int:
    """Print it: exit code 1 where something is wrong and was left out, 2 for a profile that is not there."""
    paths = Paths.standard()
    given = {key: getattr(arguments, key) for key in ("profile", "till", "agent", "language", "theme")}
    loaded = settings.load_all(paths, given)
    if loaded.chosen_by_hand() and loaded.settings.chosen() is None:
        print(f"korus-tui: there is no profile {loaded.settings.profile!r} in {paths.settings_file}", file=sys.stderr)  # noqa: T201
        return 2
    i18n.use(loaded.settings.language)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a report is read even where its signs are not to be had
    if arguments.path:
        _print(_places(loaded, paths))
        return 0
    secrets, refused = _secrets(loaded, paths)
    _print([*_general(loaded), *_profile(loaded), *secrets])
    wrong = [*map(str, (*loaded.notes, *own_keys.use(paths))), *refused]
    for words in wrong:
        print(_shown(words), file=sys.stderr)  # noqa: T201 - the command line's own voice
    return 1 if wrong else 0


def _print(rows: list[_Row]) -> None:
    widths = [max((len(row[at]) for row in rows), default=0) for at in (0, 1)]
    for name, value, origin in rows:
        print(f"{name:<{widths[0]}}  {value:<{min(widths[1], 48)}}  {origin}".rstrip())  # noqa: T201


def _general(loaded: Loaded) -> Iterator[_Row]:
    """What goes for every profile, but for what the chosen one says otherwise."""
    for one in fields(loaded.settings):
        if one.name != "profiles":
            yield from _rows((one.name,), getattr(loaded.settings, one.name), loaded)
    others = sorted(set(loaded.settings.profiles) - {(loaded.settings.chosen() or ("",))[0]})
    if others:
        yield "other profiles", ", ".join(map(_shown, others)), ""


def _profile(loaded: Loaded) -> Iterator[_Row]:
    found = loaded.settings.chosen()
    if found is None:
        yield "profile to sell with", "none", _("start korus-tui to make one, or name it: --profile NAME")
        return
    for one in fields(found[1]):
        yield from _rows(("profiles", found[0], one.name), getattr(found[1], one.name), loaded)


def _rows(place: tuple[str, ...], value: Any, loaded: Loaded) -> Iterator[_Row]:
    """A value with its name and origin; a table is a row each."""
    if is_dataclass(value):
        for one in fields(value):
            yield from _rows((*place, one.name), getattr(value, one.name), loaded)
        return
    origin = loaded.origin(*place)
    if place[-1] == "walk_in" and value is None:
        names = ", ".join(one.name for one in fields(WalkIn)[:3])
        origin = _("not set: a sale needs a named customer (needs {names})").format(names=names)
    yield _shown(".".join(place)), _value(value), _shown(origin)


def _value(value: object) -> str:
    """As it would stand in the file."""
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return _shown(json.dumps(str(value), ensure_ascii=False) if isinstance(value, (str, Path)) else str(value))


def _shown(text: str) -> str:
    """The text without signs that a terminal would obey, or that look like nothing."""
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text)


def _secrets(loaded: Loaded, paths: Paths) -> tuple[list[_Row], list[str]]:
    """Whether there are secrets, and where they are kept; and why they are refused, where they are."""
    found = loaded.settings.chosen()
    if found is None:
        return [], []
    names = {"client_secret": "client secret", "token": "token"}
    try:
        secrets = credentials.secrets_of(found[0], paths, found[1].secrets)
    except CredentialsOpen as error:
        return [(words, "refused", "") for words in names.values()], [f"{error} {error.advice}"]
    rows = []
    for key, words in names.items():
        there = getattr(secrets, key) is not None
        rows.append((words, "set" if there else "not set", secrets.kept_in if there else ""))
    return rows, []


def _places(loaded: Loaded, paths: Paths) -> list[_Row]:
    """Where the files are, whether they are there yet or not."""
    found = loaded.settings.chosen()
    places = {
        "site settings": paths.site / "settings.toml" if paths.site else None,
        "your settings": paths.settings_file,
        "credentials": paths.credentials_file,
        "journal": place_of(paths.data, found[1].till) if found else paths.data,
        "cache": paths.cache,
        "log": paths.log_file,
        "tickets saved": loaded.settings.save_folder.expanduser(),
    }
    there = {True: "", False: _("not there yet")}
    return [(name, _shown(str(place)), there[place.exists()]) for name, place in places.items() if place]
