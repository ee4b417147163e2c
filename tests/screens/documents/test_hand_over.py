"""Tickets and receipts handed over: a code that a telephone reads, a message to copy, the terminal's own printer."""

from __future__ import annotations

import base64
import os
import subprocess
from pathlib import Path
from shutil import which

import pytest
from counter_home import SELL, settle_in
from PIL import Image, ImageDraw
from pseudo_terminal import Terminal
from rich.color import Color
from sandbox_process import SandboxProcess
from selling import take, to_the_cart, to_the_money
from test_documents import AtDocuments, ordered
from textual.app import App, ComposeResult
from textual.strip import Strip
from till import BEFORE_SEASON

from korus_tui.screens.documents.message import MessageScreen
from korus_tui.widgets.qr import Qr
from korus_tui.widgets.signs import signs

CELL = 4  # pixels of a cell's width
LINK = (
    "https://storage.example/kt-documents/0194abfe-1c04-7ade-9bc3-dbcfefb12652-fr.pdf?X-Expires=1738229753&X-Signature="
    + ("5f3a" * 16)
)

SANDBOX = {"now": BEFORE_SEASON, "url_seconds": 3000}


# The code


class Code(App[None]):
    """Nothing but a code."""

    def __init__(self, link: str) -> None:
        super().__init__()
        self._link = link

    def compose(self) -> ComposeResult:
        yield Qr()

    def on_mount(self) -> None:
        self.screen.query_one(Qr).show(self._link)


def needed(program: str) -> str:
    """Where a program is; the test is skipped without it, unless this run needs all."""
    found = which(program)
    if found is None:
        assert "KORUS_TESTS_NEED_ALL" not in os.environ, f"{program} is missing"
        pytest.skip(f"{program} is not installed: the code is not read back")
    return found


@pytest.mark.parametrize("ascii_only", [False, True], ids=["half blocks", "ascii"])
@pytest.mark.parametrize("link", ["https://t.example/7F2Q", LINK], ids=["short", "signed"])
async def test_a_telephone_reads_the_code_from_the_picture_of_the_screen(
    tmp_path: Path, link: str, ascii_only: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed("zbarimg")
    monkeypatch.setattr("korus_tui.widgets.signs._chosen", signs(ascii_only))
    app = Code(link)
    async with app.run_test(size=(200, 100)) as pilot:
        await pilot.pause()
        assert app.screen.query_one(Qr).fits
        picture = painted(app.screen._compositor.render_strips())
    picture.save(tmp_path / "code.png")
    assert scanned(tmp_path / "code.png") == link


def painted(strips: list[Strip]) -> Image.Image:
    """The cells of a screen as a terminal paints them: twice as high as wide, halves where a half block stands."""
    halves = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}
    picture = Image.new("RGB", (sum(len(text) for text, *_rest in strips[0]) * CELL, len(strips) * 2 * CELL))
    draw = ImageDraw.Draw(picture)
    for row, strip in enumerate(strips):
        column = 0
        for text, style, _control in strip:
            paper, ink = (rgb(colour) for colour in (style.bgcolor, style.color))
            for sign in text:
                for half, filled in enumerate(halves[sign]):
                    top = (2 * row + half) * CELL
                    box = (column * CELL, top, (column + 1) * CELL - 1, top + CELL - 1)
                    draw.rectangle(box, fill=ink if filled else paper)
                column += 1
    return picture


def rgb(colour: Color | None) -> tuple[int, int, int]:
    """A cell's colour; black where the terminal's own shows."""
    triplet = colour.triplet if colour is not None else None
    return (triplet.red, triplet.green, triplet.blue) if triplet is not None else (0, 0, 0)


def scanned(picture: Path) -> str:
    """What a scanner reads in a picture."""
    command = ["zbarimg", "-q", "--raw", str(picture)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


# The message


def said(counter: AtDocuments) -> str:
    return str(counter.app.screen.text)


async def test_a_message_for_the_customer_can_be_copied(
    sandbox: SandboxProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with ordered(sandbox, tmp_path) as counter:
        await counter.ready()
        await counter.pilot.press("m")
        await counter.until(lambda: isinstance(counter.app.screen, MessageScreen) and counter.app.screen.is_mounted)
        text = said(counter)
        (order,) = counter.sale.orders
        link = counter.app.screen_stack[-2]._pane.found[0].documents[0].link
        assert order.reference in text
        assert counter.reference in text
        assert f"\n{link}\n" in text
        assert "samedi 7 juin 2025" in text  # the customer's language, not the agent's
        assert "walk-in" not in text.lower()
        written: list[str] = []
        monkeypatch.setattr(counter.app._driver, "write", written.append)
        assert not written
        await counter.pilot.press("y")
        await counter.until(lambda: any(one.startswith("\x1b]52;c;") for one in written))
        (sent,) = [one for one in written if one.startswith("\x1b]52;c;")]
        assert base64.b64decode(sent.removeprefix("\x1b]52;c;").removesuffix("\a")).decode() == text
        await counter.until(lambda: "Some terminals ignore it" in counter.text)
        await counter.pilot.press("escape")
        await counter.until(lambda: [one.how for one in counter.sale.handed] == ["link"])


async def test_a_message_without_a_link_yet_says_so(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with ordered(
        sandbox, tmp_path, document={"kind": "status", "status": 503}, document_patch={"kind": "status", "status": 503}
    ) as counter:
        await counter.pilot.press("m")
        await counter.until(lambda: isinstance(counter.app.screen, MessageScreen))
        assert "Vos billets se préparent" in said(counter)
        assert "http" not in said(counter)


# The terminal's printer


class Bare(str):
    """A value that stands in a settings file as it is."""

    def __repr__(self) -> str:
        return str(self)


@pytest.mark.parametrize("allowed", [True, False])
def test_a_terminals_printer_gets_the_receipt_only_where_the_settings_say_so(
    sandbox: SandboxProcess, tmp_path: Path, allowed: bool
) -> None:
    env = settle_in(tmp_path, sandbox, **({"terminal_printer": Bare("true"), "receipt_columns": 32} if allowed else {}))
    with Terminal(SELL, env=env) as terminal:
        to_the_cart(terminal)
        to_the_money(terminal)
        take(terminal)
        terminal.press("t")
        terminal.wait_for("Saved:")
        assert ("t print at the terminal" in terminal.text) is allowed
        assert b"\x1b[5i" not in terminal.seen
        terminal.press("t")
        terminal.settle()
        assert terminal.seen.count(b"\x1b[5i") == int(allowed)
        if allowed:
            printed = bytes(terminal.seen).partition(b"\x1b[5i")[2].partition(b"\x1b[4i")[0].decode()
            lines = printed.replace("\r", "").split("\n")
            assert any("KT-ORD-" in line for line in lines)
            assert all(len(line) <= 32 and line.isprintable() for line in lines), lines


async def test_several_differences_leave_the_title_in_sight_and_name_no_id(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """At 80 × 24: how many there are, the first two in words, and where the others stand."""
    edits = [
        {"path": "orders.0.status", "value": "on_hold"},
        {"path": "orders.0.items.0.date", "value": "2025-06-08"},
        {"path": "orders.0.items.0.product.id", "value": "0194abfe-1bdb-7b12-af59-000000000000"},
        {"path": "orders.0.items.0.offer.id", "value": "0194abfe-1bdb-7b12-af59-000000000001"},
        {"path": "orders.0.externalReference", "value": "WEB-7"},
    ]
    sandbox.fault("replace", route="orders_bulk", edits=edits)
    async with ordered(sandbox, tmp_path, size=(80, 24)) as counter:
        await counter.ready()
        assert "Korus ordered 3 things otherwise than was paid." in counter.text.splitlines()[2]
        assert "Korus shows the order as “on_hold”" in counter.text
        assert "0194abfe" not in counter.text
        assert counter.sale.orders[0].reference in counter.text
