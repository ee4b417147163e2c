"""The rehearsed power cut in a real terminal: the program is gone at once, and starts again into the same sale."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

from counter_home import SELL
from pseudo_terminal import Terminal
from selling import PRODUCT, leave, next_customer, sell, to_the_cart, to_the_money
from ssh_server import children
from test_demo import gone

ARMED = "REHEARSAL: the power will go"


def arm(terminal: Terminal) -> None:
    """The last of the list."""
    terminal.settle()
    terminal.press("ctrl+w")
    terminal.wait_for("Rehearse what goes wrong")
    terminal.settle()
    terminal.press("\x1b[F")  # End
    terminal.wait_for("the program is killed")
    terminal.press("enter")
    terminal.wait_for(ARMED)
    terminal.settle()


def test_the_sale_goes_on_after_the_cut_with_one_order_and_the_terminal_is_given_back(tmp_path: Path) -> None:
    with Terminal([*SELL, "demo", "--empty", "--slowly", "0"], env={"TMPDIR": str(tmp_path)}) as terminal:
        terminal.wait_for(PRODUCT)
        arm(terminal)
        to_the_cart(terminal)
        to_the_money(terminal)
        (sandbox,) = children(terminal.pid)
        terminal.press("f10")
        terminal.wait_for("Taken up:", seconds=30)
        assert ARMED not in terminal.text
        terminal.wait_for("found the one order.", seconds=30)
        assert "The power went while the order was on its way." in terminal.text
        where = next(tmp_path.glob("korus-tui-demo-*/sandbox.json"))
        with urllib.request.urlopen(f"{json.loads(where.read_bytes())['control_url']}/state") as answer:
            assert len(json.load(answer)["orders"]) == 1
        assert children(terminal.pid) == [sandbox]
        next_customer(terminal)
        sell(terminal)
        leave(terminal)
        assert gone(sandbox, 3.0)
        assert terminal.not_as_found() == []
    assert list(tmp_path.glob("korus-tui-demo-*")) == []
