"""The one registry of what the agent can press: bindings, footer, help and the README's table are made from it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from korus_tui.commands.afterwards import AFTERWARDS
from korus_tui.commands.command import Command
from korus_tui.commands.finding import FINDING
from korus_tui.commands.paying import PAYING
from korus_tui.commands.program import DIALOGS, PROGRAM
from korus_tui.commands.quick import QUICK
from korus_tui.commands.selling import SELLING
from korus_tui.commands.settling import SETTLING
from korus_tui.commands.start import START
from korus_tui.commands.till import TILL

COMMANDS: tuple[Command, ...] = (
    *PROGRAM,
    *SELLING,
    *QUICK,
    *FINDING,
    *PAYING,
    *SETTLING,
    *AFTERWARDS,
    *TILL,
    *START,
    *DIALOGS,
)

_now = COMMANDS
_top = ""
_NAMED = re.compile("‹([^›]+)›")


def use(changed: Iterable[Command] = ()) -> None:
    """Rows of the registry with other keys (keymap.py). Screens bind their keys when they are first imported."""
    global _now
    others = {(command.screen, command.action): command for command in changed}
    _now = tuple(others.get((command.screen, command.action), command) for command in COMMANDS)


def on_top(screen: str) -> None:
    """The page that the agent sees now: a sentence that stands on several pages names the key of this one."""
    global _top
    _top = screen


def keys(name: str) -> str:
    """The key of a command as the agent reads it, with whatever key map: `keys("checkout.take")`.

    `cart.hold_again|checkout.hold_again` is the command of the page on top, else the first; `checkout.take 2` the
    command's second key.
    """
    names, _space, number = name.partition(" ")
    found = [one for wanted in names.split("|") for one in _now if wanted == one.name]
    if not found:
        raise LookupError(name)
    command = next((one for one in found if one.screen == _top), found[0])
    return command.other(int(number)) if number else command.key


def in_words(sentence: str) -> str:
    """A sentence with the keys that it names."""
    return _NAMED.sub(lambda match: keys(match[1]), sentence)


def all_commands() -> tuple[Command, ...]:
    """Every command, with the keys that it has now."""
    return _now


def of_screen(screen: str) -> tuple[Command, ...]:
    """The commands of one screen, then those of every screen."""
    return tuple(c for c in _now if c.screen == screen) + tuple(c for c in _now if not c.screen)


def is_grave(screen: str, key: str) -> bool:
    """Whether the key takes money or cannot be undone, on this screen; one that no field takes as text, on any."""
    return any(one.grave and key in one.every_key and (one.screen in (screen, "") or not prints(key)) for one in _now)


def prints(keys: str) -> bool:
    """Whether one of these keys is a sign that a field would take as text."""
    named = ("delete", "backspace", "insert")
    return any(
        not key.startswith("ctrl+") and key not in named and not (key[0] == "f" and key[1:].isdigit())
        for key in filter(None, keys.split(","))
    )
