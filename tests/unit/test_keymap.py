"""The agent's own keys: what the file may say, what is refused in which words, and what it costs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import keys_table
import pytest
from pseudo_terminal import Terminal
from textual.binding import Binding

from korus_tui import commands, i18n
from korus_tui.commands import Command
from korus_tui.config import keymap
from korus_tui.config.paths import Paths
from korus_tui.i18n import _


@pytest.fixture(autouse=True)
def _own_keys() -> Iterator[None]:
    """No test leaves its keys to another."""
    yield
    commands.use()
    commands.on_top("")


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    found = Paths.below(tmp_path)
    found.config.mkdir()
    return found


def load(paths: Paths, text: str) -> list[str]:
    """Use a file with this text; what was wrong, without the file's name."""
    paths.keys_file.write_text(text, encoding="utf-8")
    notes = keymap.load(paths)
    assert {note.file for note in notes} <= {paths.keys_file}
    return [f"{note.line}: {note.words}" for note in notes]


def command(screen: str, action: str) -> Command:
    return next(one for one in commands.all_commands() if (one.screen, one.action) == (screen, action))


def bound(screen: str) -> dict[str, tuple[str, bool]]:
    """What each key of a screen does, and whether it goes before the fields."""
    return {
        key: (one.action, one.priority)
        for one in commands.bindings(screen)
        if isinstance(one, Binding)
        for key in one.key.split(",")
    }


def test_a_key_is_added_and_shown_and_the_programs_own_goes_on_working(paths: Paths) -> None:
    assert load(paths, '[cart]\nrenew = "f5"\n[every]\n"app.cart" = ["ctrl+v", "ctrl+b"]\n') == []
    assert command("cart", "renew").key == "F5"
    assert command("", "app.cart").key == "Ctrl+V"
    cart, every = bound("cart"), bound("")
    assert (cart["f5"], cart["r"]) == (("renew", True), ("renew", False))
    assert {key: every[key][0] for key in ("ctrl+v", "ctrl+b", "ctrl+o")} == {
        "ctrl+v": "app.cart",
        "ctrl+b": "app.cart",
        "ctrl+o": "app.cart",
    }


def test_two_commands_change_their_keys(paths: Paths) -> None:
    assert load(paths, '[cart]\nrenew = "h"\nhold_again = "r"\n') == []
    cart = bound("cart")
    assert (cart["h"][0], cart["r"][0]) == ("renew", "hold_again")
    assert (command("cart", "renew").key, command("cart", "hold_again").key) == ("h", "r")


@pytest.mark.parametrize(("said", "key"), [("?", "question_mark"), ("é", "é"), (";", "semicolon"), (" F12 ", "f12")])
def test_signs_are_written_as_they_are_typed(paths: Paths, said: str, key: str) -> None:
    problems = load(paths, f'[cart]\nrenew = "{said}"\n')
    if key == "question_mark":
        assert problems == ["2: cart.renew: ? is “all keys” already (every.app.help); the line is left out"]
    else:
        assert problems == []
        assert bound("cart")[key][0] == "renew"
        assert command("cart", "renew").key == said.strip()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('cart.renew = "ctrl+i"', "ctrl+i cannot be told from Tab"),
        ('cart.renew = "ctrl+m"', "ctrl+m cannot be told from Enter"),
        ('cart.renew = "ctrl+j"', "ctrl+j cannot be told from Enter"),
        ('cart.renew = "ctrl+h"', "ctrl+h cannot be told from Backspace"),
        ('cart.renew = "ctrl+["', "ctrl+[ cannot be told from Esc"),
        ('cart.renew = "ctrl+1"', "ctrl+1 is no key that every terminal sends"),
        ('cart.renew = "shift+f5"', "shift+f5 is no key that every terminal sends"),
        ('cart.renew = "alt+r"', "alt+r is no key that every terminal sends"),
        ('cart.renew = "enter"', "enter is no key that every terminal sends"),
        ('cart.renew = "f13"', "f13 is no key that every terminal sends"),
        ('cart.renew = ""', " is no key that every terminal sends"),
        ("cart.renew = 5", "must be keys in quotes"),
        ("cart.renew = []", "must be keys in quotes"),
        ('cart.reneww = "f5"', "there is no such command on this screen"),
        ('kart.renew = "f5"', "there is no such screen"),
        ('cart.renew = "v"', "v is “void sale” already (cart.void)"),
        ('cart.renew = "ctrl+f"', "Ctrl+F is “orders” already (every.app.orders)"),
        ('every."app.cart" = "f8"', "F8 is “favourite” already (catalog.favourite('f8'))"),
        ('every."app.cart" = "x"', "x is typed as text there"),
        ('catalog.refresh = "!"', "! is typed as text there"),
        ('offers.refresh = "7"', "7 changes how many people there"),
        ('catalog.move = "f9"', "its keys belong to the list"),
        ('checkout.take = "g"', "only an F-key or Ctrl and a letter can do it"),
        ('checkout.take = "delete"', "only an F-key or Ctrl and a letter can do it"),
        ('confirm.yes = "space"', "space is no key that every terminal sends"),
        ('confirm.yes = "o"', "only an F-key or Ctrl and a letter can do it"),
    ],
)
def test_a_wrong_line_costs_only_itself_and_is_told_with_its_place(paths: Paths, line: str, why: str) -> None:
    problems = load(paths, f'# mine\n{line}\ntill.sign = "f5"\n')
    assert len(problems) == 1
    assert problems[0].startswith("2: ")
    assert why in problems[0]
    assert command("till", "sign").key == "F5"
    assert bound("cart")["r"] == ("renew", False)


def test_of_two_lines_that_want_one_key_the_first_has_it(paths: Paths) -> None:
    problems = load(paths, '[cart]\nrenew = "f5"\nvoid = "f5"\n')
    assert problems == ["3: cart.void: F5 is “renew” already (cart.renew); the line is left out"]
    assert bound("cart")["f5"][0] == "renew"


def test_a_key_that_a_refused_line_would_have_freed_is_not_free(paths: Paths) -> None:
    problems = load(paths, '[cart]\nrenew = "h"\nhold_again = "v"\n')
    assert [one.partition(";")[0] for one in problems] == [
        "3: cart.hold_again: v is “void sale” already (cart.void)",
        "2: cart.renew: h is “hold again” already (cart.hold_again)",
    ]
    assert {key: bound("cart")[key][0] for key in "hrv"} == {"h": "hold_again", "r": "renew", "v": "void"}


def test_the_users_file_is_laid_over_the_hosts(tmp_path: Path) -> None:
    below = Paths.below(tmp_path)
    paths = Paths(below.config, below.data, below.cache, below.log, site=tmp_path / "site")
    for folder in (paths.config, tmp_path / "site"):
        folder.mkdir()
    (tmp_path / "site" / "keys.toml").write_text('cart.renew = "f5"\ncart.void = "f6"\n')
    assert load(paths, 'cart.renew = "f8"\n') == []
    assert (command("cart", "renew").key, command("cart", "void").key) == ("F8", "F6")


@pytest.mark.parametrize("text", ["[cart", "cart = 3", '"" = "f5"'])
def test_a_file_that_is_none_is_told_and_changes_nothing(paths: Paths, text: str) -> None:
    assert len(load(paths, text)) == 1
    assert commands.all_commands() == commands.COMMANDS


def test_without_a_file_nothing_of_it_is_imported() -> None:
    code = (
        "import sys; from korus_tui import cli; from korus_tui.config import paths; "
        "cli.own_keys.use(paths.Paths.standard()); print('korus_tui.config.keymap' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_the_program_binds_shows_and_tells_them(tmp_path: Path) -> None:
    """On a real terminal: the new key works, help shows it, and the wrong line is told."""
    config = Paths.below(tmp_path).config
    config.mkdir()
    (config / "keys.toml").write_text('[catalog]\nby_day = "ctrl+v"\nkeep = "ctrl+m"\n')
    env = {"KORUS_TUI_HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    with Terminal([sys.executable, "-m", "korus_tui", "demo"], env=env) as terminal:
        terminal.wait_for("Puy du Fou 1 jour")
        told = "keys.toml, line 3: catalog.keep: ctrl+m cannot be told from Enter"
        terminal.wait_until(lambda text: told in " ".join(text.replace("▌", " ").split()), told)
        terminal.wait_for("Ctrl+V one day")
        terminal.press("?")
        terminal.wait_until(lambda text: "All that is sold on one day" in text and "Ctrl+V" in text, "the help")
        terminal.press("esc")
        terminal.wait_until(lambda text: "All that is sold on one day" not in text, "the catalog")
        terminal.press("ctrl+v")
        terminal.wait_until(lambda text: "letters find" in text and "Ctrl+V" not in text, "the day's page")
        assert "Ctrl+D" not in terminal.text


def test_a_key_given_to_what_takes_money_is_one_that_must_be_seen(paths: Paths) -> None:
    """The guard against keys pressed unseen asks the registry: no key map steps round it, and none leaves it behind."""
    given = '[checkout]\ntake = "f12"\nslip = "f10"\n[settle]\nrecord = "ctrl+b"\n[confirm]\nyes = "f11"\n'
    assert load(paths, given) == []
    for key in ("f12", "ctrl+s", "ctrl+b", "f11"):
        assert commands.is_grave("checkout", key)
    assert "f10" not in bound("checkout") or bound("checkout")["f10"][0] == "settle('slip')"
    assert commands.is_grave("confirm", "y")
    assert not commands.is_grave("checkout", "y")
    assert not commands.is_grave("catalog", "enter")


def test_sentences_name_the_key_that_the_command_has(paths: Paths) -> None:
    assert _("‹checkout.take› books again") == "F10 books again"
    assert load(paths, '[checkout]\ntake = "f12"\nhold_again = "f11"\n[cart]\nhold_again = "f6"\n') == []
    assert _("‹checkout.take› books again") == "F12 books again"
    assert _(command("checkout", "take").help).endswith("(F10 where the terminal keeps F12)")
    with i18n.speaking("fr"):
        assert "F12" in _("‹checkout.take› books again")
    for page, key in (("cart", "F6"), ("checkout", "F11"), ("catalog", "F6")):
        commands.on_top(page)
        assert _("‹cart.hold_again|checkout.hold_again› holds again") == f"{key} holds again"


def test_the_example_of_the_guide_is_taken_and_its_list_is_not_stale(paths: Paths) -> None:
    example = keys_table.PAGE.read_text(encoding="utf-8").partition("```keys\n")[2].partition("```")[0]
    assert load(paths, example) == []
    assert command("", "app.cart").key == "Ctrl+B"
    assert keys_table.written() == keys_table.table(), "stale: python tests/keys_table.py"
