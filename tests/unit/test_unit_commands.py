"""The registry of keys: each does one thing on its screen, says so, and is answered by its screen."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest
from textual.binding import Binding
from textual.screen import Screen

from korus_tui import commands, screens, story
from korus_tui.app.korus_app import KorusApp
from korus_tui.commands import COMMANDS, Command
from korus_tui.config.keymap import sign_of

SCREENS = sorted({command.screen for command in COMMANDS})
BOUND = [command for command in COMMANDS if command.bound]


def _keys(screen: str, *, priority: bool | None = None) -> list[str]:
    return [
        key
        for command in BOUND
        if command.screen == screen and priority in (None, command.priority)
        for key in command.keys.split(",")
    ]


def _screen_classes() -> Iterator[type[Screen[object]]]:
    rooms = ((room.__path__, f"{room.__name__}.") for room in (screens, story))
    for module in (one for room in rooms for one in pkgutil.walk_packages(*room)):
        found = importlib.import_module(module.name)
        for value in vars(found).values():
            if isinstance(value, type) and issubclass(value, Screen) and value.__module__ == found.__name__:
                yield value


def _by_name() -> dict[str, list[type]]:
    """The classes whose own bindings are those of a screen of the registry."""
    found: dict[str, list[type]] = defaultdict(list)
    for cls in (*_screen_classes(), KorusApp):
        own = {one.action for one in vars(cls).get("BINDINGS", []) if isinstance(one, Binding)}
        for screen in SCREENS:
            wanted = {one.action for one in commands.bindings(screen) if isinstance(one, Binding)}
            if own and own == wanted:
                found[screen].append(cls)
    return found


@pytest.mark.parametrize("screen", SCREENS)
def test_no_key_is_bound_twice_on_a_screen(screen: str) -> None:
    assert [key for key, count in Counter(_keys(screen)).items() if count > 1] == []


@pytest.mark.parametrize("screen", [name for name in SCREENS if name])
def test_no_screen_binds_a_key_that_the_program_takes_first(screen: str) -> None:
    assert set(_keys(screen)) & set(_keys("", priority=True)) == set()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: f"{one.screen or 'every'}-{one.action}")
def test_every_command_says_what_it_does(command: Command) -> None:
    assert command.label
    assert len(command.help) > len(command.label)
    assert command.help[0].isupper()
    assert not command.help.endswith(".")
    assert command.key


@pytest.mark.parametrize("screen", SCREENS)
def test_every_bound_command_is_answered_by_its_screen(screen: str) -> None:
    classes = _by_name()[screen]
    assert classes, f"no screen binds the keys of {screen!r}"
    for command in BOUND:
        if command.screen == screen:
            owner, _, name = command.call.rpartition(".")
            name = name.partition("(")[0]
            for cls in [KorusApp] if owner == "app" else classes:
                assert callable(getattr(cls, f"action_{name}", None)), f"{cls.__name__} has no action_{name}"


@pytest.mark.parametrize("screen", [name for name in SCREENS if name])
def test_a_screen_lists_its_own_commands_before_everybodys(screen: str) -> None:
    listed = commands.of_screen(screen)
    own = [one for one in COMMANDS if one.screen == screen]
    assert list(listed[: len(own)]) == own
    assert {one.screen for one in listed[len(own) :]} == {""}


def test_every_key_has_a_name_that_can_be_read() -> None:
    """On the key's page in docs too: Esc and Tab are signs that nobody sees."""
    keys = [key for command in COMMANDS for key in command.keys.split(",")]
    signs = {key: sign_of(key) for key in keys} | {one.keys: one.key for one in COMMANDS}
    assert {key: sign for key, sign in signs.items() if not sign.strip() or not sign.isprintable()} == {}
    assert [sign_of(key) for key in ("escape", "tab", "enter", "delete")] == ["Esc", "Tab", "Enter", "Del"]


_STAFF = "the pages of the till and of its agents: nothing of a sale is on them"
_APART = "the first letter of its word; no page has both, and each page's foot names its own"
_MAY_STAY: dict[str, tuple[str, str]] = {  # letter: its meanings, and why they may stand beside each other
    "a": ("add, add agent, another session", _STAFF + "; another session is in the place of a line: adds one"),
    "b": ("bring back, holders, house bears it, to the counter", _APART),
    "c": ("cancellation, carry on without, cash, copy as curl, my PIN, settings", _APART),
    "d": ("another date, documents, nothing goes wrong", _APART),
    "e": ("change line, customer, events", _APART),
    "g": ("agents, give back", _STAFF),
    "h": ("events, hold again", _APART),
    "l": ("leaves, look on", _STAFF),
    "m": ("message, most sold", _APART),
    "n": ("did not, name, next customer, no, note", _APART),
    "o": ("holiday voucher, open", _STAFF),
    "p": ("new PIN, print, slip", _STAFF + "; a slip is printed"),
    "q": ("QR code, close, next, quit", "closes what stands over the page; the code is such a thing"),
    "s": ("another session, save, sign in, sign in/out, split", _APART),
    "t": ("documents, print at the terminal, receipt, today", "tickets and receipt, what the customer gets; the board"),
    "u": ("undo, undo payment, unlock", "takes back what was done last, also wrong PINs"),
    "v": ("supervisor, void sale, voucher", _APART),
    "x": ("close by hand, give all back, reading, release all", "ends all of it; X has its name from its trade"),
    "y": (
        "accept, accept price, came back, copy, copy link, yes",
        "agrees; the copy is the terminal's own word (yank)",
    ),
}


def test_one_letter_has_one_meaning_or_a_reason_c22() -> None:
    """A letter that means something else on another page is here with its reason: another one fails."""
    found: dict[str, set[str]] = defaultdict(set)
    for command in COMMANDS:
        for key in command.keys.split(","):
            if len(key) == 1:
                found[key].add(command.label)
    several = {key: ", ".join(sorted(labels)) for key, labels in found.items() if len(labels) > 1}
    assert several == {key: meanings for key, (meanings, _why) in _MAY_STAY.items()}


def test_what_asks_again_has_one_key_on_every_page_c22() -> None:
    asks = {command.name: command.keys for command in COMMANDS if command.action in ("refresh", "ask", "retry")}
    assert len(asks) > 10
    assert {keys.split(",")[0] for keys in asks.values()} == {"ctrl+r"}


def test_money_out_of_the_drawer_is_no_undo_and_a_receipt_has_one_key_c22() -> None:
    keys = {command.name: command.keys for command in COMMANDS}
    assert keys["documents.slip"] == keys["order.slip"]
    assert keys["till.cash_out"] not in (keys["checkout.undo"], keys["cart.app.undo"])
    assert not {keys["till.past"], *keys["cart.pay"].split(",")} & {keys["documents.print"]}
