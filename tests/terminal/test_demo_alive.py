"""`korus-tui demo` has sold before: orders, a sale that waits, names that are asked for, favourites, closes."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from pseudo_terminal import Terminal
from selling import PRODUCT, leave

ALIVE = [sys.executable, "-m", "korus_tui", "demo", "--now", "2026-06-24T09:10:00Z"]
FAVOURITE = re.compile(r"F[2-6] +(\S{1,4})")
CLOSE = re.compile(r"Z \d.*exact")


def test_a_demo_has_a_past_that_korus_confirms(tmp_path: Path) -> None:
    with Terminal(ALIVE, env={"TMPDIR": str(tmp_path)}) as till:
        till.wait_for(PRODUCT)
        till.wait_until(lambda text: len(set(FAVOURITE.findall(text))) == 5, "favourites that are told apart")
        till.wait_for("2 tickets held until 11:25")
        till.settle()
        till.press("ctrl+k")
        till.wait_for("back in ten minutes · 2 × Puy du Fou 1 jour Adulte")
        till.settle()
        till.press("esc")
        till.wait_for(PRODUCT)
        till.settle()
        till.press("ctrl+f")
        till.wait_until(lambda text: text.count("confirmed") == 7, "seven orders")
        assert till.text.count("23 Jun") == 2
        assert "Sophie Lambert" in till.text
        till.settle()
        till.press("down")
        till.press("enter")
        till.wait_for("as Korus shows it")
        till.wait_for("2 tickets wait for their holders")
        till.settle()
        till.press("b")
        till.wait_for("Pass annuel Adulte")
        till.settle()
        till.press("esc", "esc")
        till.wait_for("Aoife Byrne")
        till.settle()
        till.press("down", "down", "enter")
        till.wait_for("as Korus shows it")
        till.press("ctrl+r")
        till.settle()
        assert "✓ as Korus shows it" in till.text
        assert "confirmed   23 Jun 15:4" in till.text
        till.press("ctrl+e")
        till.wait_for("float")
        till.settle()
        till.press("f")
        till.wait_until(lambda text: len(CLOSE.findall(text)) == 4, "four closes")
        till.settle()
        till.press("enter")
        till.wait_for("Z 4: the till is closed")
        till.settle()
        leave(till)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_demo_has_none(tmp_path: Path) -> None:
    with Terminal([*ALIVE, "--empty"], env={"TMPDIR": str(tmp_path)}) as till:
        till.wait_for(PRODUCT)
        till.settle()
        assert "F2 " not in till.text
        till.press("ctrl+f")
        till.wait_for("our reference")
        till.settle()
        assert "KT-ORD" not in till.text
        leave(till)
