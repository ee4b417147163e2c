"""The agent's own keys: keys.toml says which keys do what (docs/keys.md). What is wrong in it costs only itself.

A key that is given there is added: the program's own goes on working, unless the file gives it to something else.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from textual.keys import KEY_NAME_REPLACEMENTS, key_to_character

from korus_tui import commands
from korus_tui.commands import Command
from korus_tui.config.layers import Note, Source, read_file
from korus_tui.config.paths import Paths
from korus_tui.config.tables import Place, Wrong
from korus_tui.i18n import _

EVERY = "every"  # how the file names what works on every screen
# Screens on which words are typed: a letter would be taken as text.
TYPED = frozenset({"", "catalog", "connect", "day", "quick", "palette", "orders", "form", "wish", "beneficiaries",
                   "sign_in", "till_amount", "settle"})  # fmt: skip
_COUNTED = frozenset({"offers", "day"})  # digits, + and - are numbers of people
_SAME = {"i": "Tab", "m": "Enter", "j": "Enter", "h": "Backspace", "[": "Esc", "left_square_bracket": "Esc"}
_NAMED = ("delete", "insert", "backspace")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line of the file that can be understood."""

    command: Command
    keys: tuple[str, ...]
    source: Source
    place: Place


def load(paths: Paths) -> tuple[Note, ...]:
    """Use the keys of the host's file and, over them, of the user's; what is wrong is told with file and line."""
    notes: list[Note] = []
    found: dict[tuple[str, str], _Entry] = {}
    site = [("site keys", paths.site / paths.keys_file.name)] if paths.site else []
    for kind, file in (*site, ("keys", paths.keys_file)):
        read = read_file(kind, file, notes)
        for entry in _entries(*read, notes) if read else ():
            found[entry.command.screen, entry.command.action] = entry
    kept = _without_clashes(list(found.values()), notes)
    commands.use(_changed(entry, kept) for entry in kept)
    return tuple(notes)


# What the file says


def _entries(source: Source, table: dict[str, Any], notes: list[Note]) -> Iterator[_Entry]:
    known = {(command.screen, command.action): command for command in commands.COMMANDS}
    screens = {screen for screen, _action in known}
    for name, rows in table.items():
        screen = "" if name == EVERY else name
        if screen not in screens or not isinstance(rows, dict):
            notes.append(source.note((name,), _("there is no such screen; it has no effect")))
            continue
        for action, said in rows.items():
            place = (name, action)
            command = known.get((screen, action))
            try:
                if command is None:
                    raise Wrong(_("there is no such command on this screen"))
                yield _Entry(command, _keys(command, said), source, place)
            except Wrong as error:
                notes.append(source.note(place, _("{why}; the line is left out").format(why=error)))


def _keys(command: Command, said: Any) -> tuple[str, ...]:
    """The keys of one line, by Textual's names. Raises Wrong."""
    if not command.bound:
        raise Wrong(_("its keys belong to the list and stay as they are"))
    wanted = said.split(",") if isinstance(said, str) and said != "," else [said] if said == "," else said
    if not isinstance(wanted, list) or not wanted or not all(isinstance(key, str) for key in wanted):
        raise Wrong(_('must be keys in quotes, such as "f5" or "ctrl+o,f8"'))
    found = tuple(dict.fromkeys(_key(key) for key in wanted))
    for key in found:
        why = _refused(command, key)
        if why:
            raise Wrong(why)
    return found


def _key(said: str) -> str:
    """Textual's name of a key. Raises Wrong for one that not every line carries."""
    text = said.strip()
    if len(text) == 1 and text.isprintable() and not text.isspace():
        key = text if text.isalnum() else unicodedata.name(text, text).lower().replace("-", "_").replace(" ", "_")
        return KEY_NAME_REPLACEMENTS.get(key, key)
    key = text.lower()
    control = key.removeprefix("ctrl+")
    if control != key:
        if control in _SAME:
            raise Wrong(_("{key} cannot be told from {other}").format(key=text, other=_SAME[control]))
        if len(control) == 1 and control.isascii() and control.isalpha():
            return key
    elif key in _NAMED or (key[:1] == "f" and key[1:] in map(str, range(1, 13))):
        return key
    raise Wrong(
        _("{key} is no key that every terminal sends; F1 to F12, Ctrl and a letter, and signs are").format(key=text)
    )


def _refused(command: Command, key: str) -> str:
    """Why the command cannot have this key; "" where it can."""
    prints = commands.prints(key)
    if command.grave and (prints or key in _NAMED):
        return _("it takes money or cannot be undone: only an F-key or Ctrl and a letter can do it")
    if command.screen in TYPED and (prints or key == "backspace"):
        return _("{key} is typed as text there; an F-key or Ctrl and a letter can do it").format(key=sign_of(key))
    if command.screen in _COUNTED and (key in "0123456789" or key in ("plus", "minus", "backspace")):
        return _("{key} changes how many people there").format(key=sign_of(key))
    return ""


# One key, one thing


def _meet(one: str, other: str) -> bool:
    """Whether the keys of two screens are pressed in the same place."""
    return one == other or not one or not other


def _without_clashes(entries: list[_Entry], notes: list[Note]) -> list[_Entry]:
    """What is left when no key does two things; of two lines that want one key the first has it."""
    kept = list(entries)
    while True:
        clash = next(((entry, *found) for entry in reversed(kept) if (found := _taken(entry, kept))), None)
        if clash is None:
            return kept
        entry, key, other = clash
        kept.remove(entry)
        where = other.screen or EVERY
        said = _("{key} is “{label}” already ({screen}); the line is left out")
        said = said.format(key=sign_of(key), label=_(other.label), screen=f"{where}.{other.action}")
        notes.append(entry.source.note(entry.place, said))


def _taken(entry: _Entry, entries: Sequence[_Entry]) -> tuple[str, Command] | None:
    """The first of its keys that does something else there. A command of the file gives its own keys away."""
    given = {(one.command.screen, one.command.action): one.keys for one in entries}
    for other in commands.COMMANDS:
        name = (other.screen, other.action)
        if not other.bound or not _meet(entry.command.screen, other.screen) or other is entry.command:
            continue
        for key in given.get(name) or other.keys.split(","):
            if key in entry.keys:
                return key, other
    return None


def _changed(entry: _Entry, kept: Sequence[_Entry]) -> Command:
    """The command with its new keys, and those of its own that the file gives to nothing else."""
    command = entry.command
    gone = {key for one in kept if one is not entry and _meet(one.command.screen, command.screen) for key in one.keys}
    own = [key for key in command.keys.split(",") if key not in gone and key not in entry.keys]
    shown = sign_of(entry.keys[0]) if commands.prints(entry.keys[0]) else ""
    return replace(command, keys=",".join(own), added=",".join(entry.keys), shown=shown)


def sign_of(key: str) -> str:
    """A key as the agent reads it: the sign itself, else its name."""
    sign = key_to_character(key) if commands.prints(key) else None
    return sign if sign and sign.isprintable() and not sign.isspace() else Command("", "", key, "", "").key
