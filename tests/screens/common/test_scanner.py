"""A barcode scanner that types like a keyboard: into no field, into no command, to its order (F58)."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from counter_home import SELL, settle_in
from families import some
from hypothesis import given
from hypothesis import strategies as st
from orders_kit import finished
from program import AtTill
from pseudo_terminal import Terminal
from sandbox_process import SandboxProcess
from textual import events
from till import BEFORE_SEASON, Till

from korus_tui.config.settings import Scanner
from korus_tui.counter.orders.scanner import Scan, Wedge, order_code, said
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.common.confirm import ConfirmScreen
from korus_tui.screens.common.help import HelpScreen
from korus_tui.screens.orders.order.screen import OrderScreen
from korus_tui.screens.orders.screen import OrdersScreen
from korus_tui.screens.till.screen import TillPage
from korus_tui.terminal.keyboard import InputDecoder
from korus_tui.widgets.inputs.filter_input import FilterInput

STX, ETX = "\x02", "\x03"
KEYS = {STX: "ctrl+b", ETX: "ctrl+c", "\r": "enter", "\x1b": "escape", "\x11": "ctrl+q", "\t": "tab"}
TODAY = date(2025, 1, 30)
SANDBOX = {"now": BEFORE_SEASON}


class WithScanner(AtTill):
    """A till whose scanner types STX before and ETX after each code."""

    @property
    def typed(self) -> str:
        """What stands in the search line."""
        return str(self.app.screen.query_one(FilterInput).value)

    async def keys(self, text: str) -> None:
        """What a terminal makes of these characters, one key after the other, all at once."""
        for sign in text:
            self.app.post_message(events.Key(KEYS.get(sign, sign), sign))
        await self.pilot.pause()

    async def scan(self, code: str) -> None:
        await self.keys(STX + code + ETX)


@asynccontextmanager
async def counter(sandbox: SandboxProcess, home: Path, scanner: Scanner | None = None) -> AsyncIterator[WithScanner]:
    till = Till(sandbox, home)
    till.settings = replace(till.settings, scanner=scanner or Scanner(STX, ETX))
    till.services = till._build()
    async with WithScanner.of(till) as one:
        await one.until(lambda: till.services.resume.is_open and till.services.catalogs.content)
        await one.pilot.pause()
        yield one


@pytest.mark.parametrize(
    ("screen", "of"), some(3, itertools.product(("catalog", "till", "orders"), ("ours", "korus", "id")))
)
async def test_f58_an_orders_code_leads_to_its_order_from_any_screen(
    sandbox: SandboxProcess, tmp_path: Path, screen: str, of: str
) -> None:
    async with counter(sandbox, tmp_path) as desk:
        sale = await finished(desk.till)
        (order,) = sale.orders
        code = {"ours": sale.reference, "korus": order.reference, "id": order.order.rpartition("/")[2]}[of]
        if screen == "till":
            desk.app.push_screen(TillPage(desk.till.services))
        elif screen == "orders":
            desk.app.push_screen(OrdersScreen(desk.till.services))
        await desk.pilot.pause()
        await desk.scan(code)
        await desk.until(lambda: isinstance(desk.app.screen, OrderScreen))
        await desk.pilot.press("escape")
        await desk.until(lambda: isinstance(desk.app.screen, OrdersScreen))
        assert desk.typed == code


async def test_f58_an_order_of_another_till_is_asked_for_at_korus(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with Till(sandbox, tmp_path / "other") as other:
        sale = await finished(other)
    async with counter(sandbox, tmp_path / "here") as desk:
        await desk.scan(sale.reference)
        await desk.until(lambda: isinstance(desk.app.screen, OrderScreen))
        assert desk.app.screen._key == sale.orders[0].order


UNKNOWN = {
    "ean": "3760123456789",
    "gs1": "]C1(01)0376\x1d10AB",
    "empty": "",
    "long": "x" * 5000,
    "keys": "vy\r\x11q\t?:",
    "markup": "[b]7[/b]",
}


@pytest.mark.parametrize("code", some(3, UNKNOWN.values()), ids=UNKNOWN)
async def test_f58_any_other_code_says_so_types_nowhere_and_commands_nothing(
    sandbox: SandboxProcess, tmp_path: Path, code: str
) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await desk.scan(code)
        assert isinstance(desk.app.screen, CatalogScreen)
        assert desk.typed == ""
        await desk.until(lambda: desk.problem)
        assert "Nothing was done" in desk.problem
        assert said(code)[:10] in desk.problem
        await desk.keys("ad")
        assert desk.typed == "ad"


async def test_f58_a_question_is_answered_first(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        answers: list[bool | None] = []
        desk.app.push_screen(ConfirmScreen("Really?", "", "yes"), answers.append)
        await desk.pilot.pause()
        await desk.scan("KTWS-YP6C-ML3C")
        await desk.scan("y")
        assert isinstance(desk.app.screen, ConfirmScreen)
        assert answers == []
        (said_last, *_older) = [str(one.message) for one in desk.app._notifications]
        assert "Answer what is asked first" in said_last
        await desk.pilot.press("escape")
        await desk.until(lambda: isinstance(desk.app.screen, CatalogScreen))
        assert "Answer what is asked first" in desk.problem


async def test_f58_under_the_help_page_too(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        desk.app.push_screen(HelpScreen("catalog"))
        await desk.pilot.pause()
        await desk.scan("KTWS-YP6C-ML3C")
        assert isinstance(desk.app.screen, HelpScreen)


async def test_f58_a_paste_inside_a_scan_belongs_to_it(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await desk.keys(STX + "12")
        desk.app.post_message(events.Paste("34" + ETX))
        await desk.until(lambda: "1234" in desk.problem)
        assert desk.typed == ""
        desk.app.post_message(events.Paste("argent"))
        await desk.until(lambda: desk.typed == "argent")


async def test_without_a_prefix_there_is_no_scanner(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, Scanner()) as desk:
        await desk.keys("KTWS")
        assert desk.typed == "KTWS"
        assert isinstance(desk.app.screen, CatalogScreen)


# The pure part


def fed(wedge: Wedge, text: str) -> list[bool | Scan]:
    return [wedge.take(sign) for sign in text]


@given(st.text(max_size=300), st.text(max_size=50))
def test_f58_from_prefix_to_end_nothing_passes_and_afterwards_all_does(code: str, after: str) -> None:
    code, after = (text.replace(STX, "").replace(ETX, "").replace("\x1b", "") for text in (code, after))
    wedge = Wedge(STX, ETX)
    *inside, last = fed(wedge, STX + code + ETX)
    assert all(one is True for one in inside)
    assert last == Scan(code[:200])
    assert not any(fed(wedge, after))


def test_a_scan_that_begins_anew_forgets_what_was_cut() -> None:
    assert fed(Wedge("~", "\r"), "~AB~CD\n")[-1] == Scan("CD")


@pytest.mark.parametrize(
    ("scanned", "code"),
    [
        ("KT-ORD-6799E80128885", "KT-ORD-6799E80128885"),
        (" ktolkt-84a749 ", "KTOLKT-84A749"),
        ("0194abfe-1c04-7ade-9bc3-dbcfefb12652", "0194abfe-1c04-7ade-9bc3-dbcfefb12652"),
        ("https://x.example/o/0194abfe-1c04-7ade-9bc3-dbcfefb12652", "0194abfe-1c04-7ade-9bc3-dbcfefb12652"),
        ("7/6", None),
        ("Fictive", None),
        ("3760123456789", None),
        ("8555400800002783", "8555400800002783"),
        ("KT0F3A9B12C4D5E6", "KT0F3A9B12C4D5E6"),
        ("KT-ORD-", None),
        ("", None),
    ],
)
def test_which_codes_are_an_orders(scanned: str, code: str | None) -> None:
    assert order_code(scanned, TODAY) == code


@pytest.mark.parametrize(
    ("scanner", "good"),
    [
        (Scanner(), True), (Scanner(STX, ETX), True), (Scanner("~"), True), (Scanner("a"), False),
        (Scanner("~~"), False),
        (Scanner(" "), False), (Scanner("\r"), False), (Scanner("\x1b"), False), (Scanner("~", "~"), False),
        (Scanner("~", ""), False), (Scanner("~", "0"), False), (Scanner("="), False), (Scanner("["), False),
        (Scanner(";"), False), (Scanner("<"), False), (Scanner("\x13"), False), (Scanner("\x03"), False),
        (Scanner("@"), False), (Scanner("|", "\r"), True), (Scanner("\x1d"), True),
    ],
)  # fmt: skip
def test_settings_take_only_signs_that_nobody_types(scanner: Scanner, good: bool) -> None:
    if good:
        scanner.check()
    else:
        with pytest.raises(ValueError, match="one sign"):
            scanner.check()


def test_escape_frees_the_keyboard_from_a_scan_without_end() -> None:
    wedge = Wedge(STX, ETX)
    assert fed(wedge, STX + "12\x1b") == [True, True, True, Scan("")]
    assert fed(wedge, "x") == [False]


# Before it is keys


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> InputDecoder:
    monkeypatch.setattr(InputDecoder, "scanner", (STX, ETX))
    return InputDecoder()


@given(st.text(max_size=150), st.lists(st.integers(0, 400), max_size=4))
def test_f58_what_is_scanned_is_plain_signs_however_the_line_cuts_it(code: str, cuts: list[int]) -> None:
    code = code.replace(STX, "").replace(ETX, "").encode(errors="ignore").decode()
    whole = f"a{STX}{code}{ETX}b".encode()
    places = [0, *sorted(min(cut, len(whole)) for cut in cuts), len(whole)]
    typed = InputDecoder()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(InputDecoder, "scanner", (STX, ETX))
        got = "".join(typed.decode(whole[start:end]) for start, end in itertools.pairwise(places))
    assert got.startswith(f"a{STX}")
    assert got.endswith(f"{ETX}b")
    inside = got[2:-2]
    assert len(inside) == len(code)
    assert not any(ord(sign) < 32 for sign in inside)


def test_f58_two_long_scans_in_one_reading_stay_two(typed: InputDecoder) -> None:
    scans = f"{STX}{'x' * 90}{ETX}{STX}{'y' * 90}{ETX}"
    assert typed.decode(scans.encode()) == scans


# Over a real line


class Bare(str):
    """A value that stands in a settings file as it is."""

    def __repr__(self) -> str:
        return str(self)


SET = {"scanner": Bare('{ prefix = "\\u0002", end = "\\u0003" }')}
FUNCTION_KEYS = "\x1b[21~\x1bOP\x1b[A\x11y\r"  # what terminals send for F10, F1, up, Ctrl+Q, y and Enter


@pytest.mark.parametrize("at_once", [True, False], ids=["one write", "key by key"])
def test_f58_a_scan_over_a_real_line_types_nowhere_and_commands_nothing(
    sandbox: SandboxProcess, tmp_path: Path, at_once: bool
) -> None:
    with Terminal(SELL, env=settle_in(tmp_path, sandbox, **SET)) as terminal:
        terminal.wait_for("Puy du Fou 1 jour")
        scan = f"{STX}3760{FUNCTION_KEYS}123{ETX}"
        terminal.press(*([scan] if at_once else scan))
        terminal.wait_for("Nothing was done")
        assert "type to find a product" in terminal.text
        terminal.press("argent")
        terminal.wait_until(lambda text: "argent" in text and "Puy du Fou 1 jour  " not in text, "the filtered list")
        assert "3760argent" not in terminal.text


def test_f58_a_scanned_reference_opens_the_search_over_a_real_line(sandbox: SandboxProcess, tmp_path: Path) -> None:
    with Terminal(SELL, env=settle_in(tmp_path, sandbox, **SET)) as terminal:
        terminal.wait_for("Puy du Fou 1 jour")
        terminal.settle()
        terminal.press(f"{STX}KT-ORD-0000000000000{ETX}")
        terminal.wait_for("Korus has no order for “KT-ORD-0000000000000”")
        assert "type to find a product" not in terminal.text
