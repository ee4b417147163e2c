"""`korus-tui demo --play` in a real terminal: from the first word typed to the proof, and left by any key."""

from __future__ import annotations

from pathlib import Path

import pytest
from pseudo_terminal import Terminal
from selling import PRODUCT, leave, to_the_cart, to_the_money
from test_demo import DEMO
from test_power_cut import arm

TOLD = ("famille argent", "They come on Saturday", "On to the payment", "REHEARSAL: the answer will be lost",
        "PAID – NOT CONFIRMED", "Complete, and booked once")  # fmt: skip


@pytest.mark.long
def test_the_story_plays_itself_to_its_proof_and_the_demo_goes_on(tmp_path: Path) -> None:
    with Terminal(
        [*DEMO, "--play", "--pace", "0", "--slowly", "1"], size=(80, 24), env={"TMPDIR": str(tmp_path)}
    ) as terminal:
        for words in TOLD:
            terminal.wait_for(words, seconds=40)
        terminal.wait_for("The proof of KT", seconds=40)
        terminal.wait_for("it has 1 order of this sale", seconds=40)
        assert terminal.text.count("✓") == 3
        assert "✗" not in terminal.text
        terminal.settle()
        terminal.press("z")
        terminal.wait_for("The story is over.")
        assert PRODUCT in terminal.text
        assert "▌ z" not in terminal.text
        leave(terminal)


def test_any_key_stops_it_where_it_is(tmp_path: Path) -> None:
    with Terminal(
        [*DEMO, "--play", "--pace", "1", "--language", "fr"], size=(80, 24), env={"TMPDIR": str(tmp_path)}
    ) as terminal:
        terminal.wait_for("famille argent", seconds=40)
        terminal.wait_for("Ils viennent samedi", seconds=40)
        terminal.press("z")
        terminal.wait_for("La visite guidée est finie.")
        assert "/17" not in terminal.text
        leave(terminal)


@pytest.mark.long
@pytest.mark.parametrize("left", [False, True])
def test_after_a_power_cut_it_goes_on_where_the_sale_is_unless_it_was_left(left: bool, tmp_path: Path) -> None:
    with Terminal([*DEMO, "--story", "--slowly", "0"], size=(120, 40), env={"TMPDIR": str(tmp_path)}) as terminal:
        terminal.wait_for("1/17", seconds=40)
        if left:
            terminal.settle()
            terminal.press("esc")
            terminal.wait_for("The story is over.")
        arm(terminal)
        to_the_cart(terminal)
        to_the_money(terminal)
        terminal.press("f10")
        terminal.wait_for("found the one order.", seconds=60)
        if left:
            terminal.settle()
            assert "/17" not in terminal.text
        else:
            terminal.wait_for("15/17")
        leave(terminal)
