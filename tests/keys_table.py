"""Writes the list of commands into docs/keys.md: `python tests/keys_table.py`."""

from __future__ import annotations

from pathlib import Path

from korus_tui.commands import COMMANDS
from korus_tui.config.keymap import EVERY, sign_of
from korus_tui.i18n import _

PAGE = Path(__file__).resolve().parent.parent / "docs/keys.md"
START, END = "<!-- commands: python tests/keys_table.py -->\n", "<!-- /commands -->"


def table() -> str:
    """Every command that can be given a key, by its screen."""
    rows = ["| screen | command | keys | what it does |\n|---|---|---|---|\n"]
    for one in COMMANDS:
        if one.bound:
            keys = " ".join(sign_of(key).replace("|", r"\|") for key in one.keys.split(","))
            rows.append(f"| {one.screen or EVERY} | `{one.action}` | {keys} | {_(one.help)} |\n")
    return "".join(rows)


def written() -> str:
    """What stands between the page's marks."""
    return PAGE.read_text(encoding="utf-8").partition(START)[2].partition(END)[0]


def main() -> int:
    """Put the list between the marks."""
    before, _start, rest = PAGE.read_text(encoding="utf-8").partition(START)
    PAGE.write_text(before + START + table() + END + rest.partition(END)[2], encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
