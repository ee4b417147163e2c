"""What really leaves for the terminal, byte by byte, while a hostile catalog is sold from (F70, F71, F72)."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from counter_home import SELL, settle_in
from hostile_texts import CONTROLS, MARKUP, SHAPES, edits, foreign, spoilt
from pseudo_terminal import Terminal
from sandbox_process import SandboxProcess
from selling import leave, take, to_the_money

CLIPBOARD = re.compile(rb"(\x1b\]52;c;([^\x07\x1b]*)(?:\x07|\x1b\\))")
BOMB = "".join((*CONTROLS, *MARKUP, *SHAPES[:9])).replace("\x00", "\x00 ")


def sell(terminal: Terminal) -> None:
    """The first product of the catalog by keys alone, whatever it is called, to its documents."""
    terminal.wait_until(lambda text: "online" in text and "dates" in text, "the catalog")
    terminal.settle()
    terminal.press("down", "up", "enter")
    terminal.wait_for("per ticket")
    terminal.settle()
    terminal.press("1", "enter")
    terminal.wait_until(lambda text: "choose a session" in text or "held 14:" in text, "sessions or cart")
    if "held 14:" not in terminal.text:
        terminal.settle()
        terminal.press("down", "enter")
    terminal.wait_for("held 14:")
    terminal.settle()
    to_the_money(terminal)
    take(terminal)


@pytest.mark.parametrize("fields", ["one bomb", "each its own"])
def test_f70_f71_f72_only_our_own_sequences_reach_the_terminal_and_only_the_copy_key_its_clipboard(
    sandbox: SandboxProcess, tmp_path: Path, fields: str
) -> None:
    wanted = edits(BOMB) if fields == "one bomb" else spoilt((*CONTROLS, *SHAPES))
    sandbox.fault("replace", count=None, edits=wanted)
    env = settle_in(tmp_path, sandbox)
    with Terminal(SELL, env=env) as terminal:
        sell(terminal)
        terminal.wait_until(lambda _text: bool(terminal.links), "the document's link")
        terminal.settle()
        assert b"\x1b]52" not in terminal.seen
        terminal.press("y")
        terminal.wait_for("sent to your terminal's clipboard")
        (copied,) = CLIPBOARD.findall(terminal.seen)
        assert base64.b64decode(copied[1]).decode() in terminal.links
        terminal.press("ctrl+f")
        terminal.wait_for("our reference")
        terminal.press("down", "enter")
        terminal.settle()
        raw = bytes(terminal.seen).replace(copied[0], b"")
        assert b"\x1b]52" not in raw
        assert not foreign(raw), foreign(raw)[:10]
        assert all(link.startswith(sandbox.base_url.rpartition(":")[0]) for link in terminal.links)
        leave(terminal)
