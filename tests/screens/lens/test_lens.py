"""The API lens: what is seen of the calls, by whom, and what never is."""

from __future__ import annotations

import json
import shlex
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from program import AtTill
from sandbox_process import SandboxProcess
from till import BEFORE_SEASON, EAGER, Till

from korus_tui.api.exchange import Exchange
from korus_tui.counter.core.clock import ServerClock
from korus_tui.counter.lens import lens as kept
from korus_tui.counter.lens.lens import Lens
from korus_tui.counter.services import Services
from korus_tui.sale.values import Customer, Method
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.common.lens.pane import LensPane
from korus_tui.screens.common.lens.text import outcome
from korus_tui.screens.lens.screen import CallScreen, LensScreen
from korus_tui.widgets.lists.row_list import RowList

SANDBOX = {"now": BEFORE_SEASON}
PERSON = Customer("Jeanne-Marie", "Quatrebarbes", "jm@private.example", "+33612345678", "FR")
OURS = ("Jeanne-Marie", "Quatrebarbes", "jm@private.example", "33612345678", "sandbox-secret")


@asynccontextmanager
async def at(till: Till, size: tuple[int, int]) -> AsyncIterator[AtTill]:
    async with AtTill.of(till, size) as program:
        await program.on(CatalogScreen)
        await program.until(lambda: till.services.opened and till.services.catalogs.content)
        yield program


def demo(sandbox: SandboxProcess, home: Path) -> Till:
    return Till(sandbox, home, mode="demo", patience=EAGER)


async def sell(till: Till) -> None:
    """A sale to somebody with a name, whose order's answer is lost."""
    sale = await till.hold(await till.line())
    await till.services.checkout.enter_customer(sale.reference, PERSON)
    await till.services.checkout.start(sale.reference, Method.CASH)
    till.sandbox.fault("drop_after", route="orders_bulk")
    await till.pay(sale.reference)
    await till.until(sale.reference, lambda one: one.all_ordered)


def lens_of(till: Till) -> Lens:
    assert till.services.lens is not None
    return till.services.lens


async def test_a_lost_answer_is_marked_with_the_look_ups_that_settled_it(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with demo(sandbox, tmp_path) as till:
        await sell(till)
        lens = lens_of(till)
        (doubt,) = [one for one in lens.calls if one.doubt]
        looks = lens.looked_up(doubt)
        assert doubt.operation == "orders.create_bulk"
        assert outcome(doubt)[0].endswith("?")
        assert outcome(replace(doubt, doubt=False, status=None, outcome="cut off")) == ("given up", "muted")
        assert looks
        assert {one.operation for one in looks} <= {"orders.list", "reservations.get"}
        assert all(lens.doubt_of(one) == doubt for one in looks)


async def test_the_sign_in_has_the_time_of_the_calls_after_it(tmp_path: Path) -> None:
    """The server's time is known by its answer alone: what is shown before is not shown for good."""
    with SandboxProcess(now="2025-07-15T01:30:00Z") as sandbox:
        async with demo(sandbox, tmp_path) as till:
            await till.services.catalogs.read()
            lens = lens_of(till)
            assert lens.calls[-1].operation == "sign_in"
            times = [lens.at(one) for one in lens.calls]
            assert {one.date() for one in times} == {date(2025, 7, 15)}


async def test_list_call_and_curl_are_shown_by_keys_and_say_nothing_of_a_customer(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    till = demo(sandbox, tmp_path)
    copied: list[str] = []
    async with at(till, (120, 40)) as program:
        await sell(till)
        program.app.copy_to_clipboard = copied.append
        await program.press("ctrl+a")
        await program.on(LensScreen)
        await program.until(lambda: "in doubt, looked up" in program.text)
        rows = program.app.screen.query_one(RowList)
        lens = lens_of(till)
        for one in lens.calls:
            rows.highlight(str(one.number))
            await program.press("enter")
            await program.on(CallScreen)
            await program.until(lambda number=one.number: program.app.screen._seen.number == number)
            said = program.said("#call-head") + program.said("#call-text")
            assert "Tutorial" in said or "tutorial" in said
            assert not [word for word in OURS if word.lower() in said.lower()], said
            await program.press("c")
            assert "curl" in copied[-1]
            assert not [word for word in OURS if word.lower() in copied[-1].lower()]
            assert "$TOKEN" in copied[-1] or one.operation == "sign_in"
            await program.press("escape")
            await program.on(LensScreen)
        doubt = next(one for one in lens.calls if one.doubt)
        rows.highlight(str(doubt.number))
        await program.press("enter")
        await program.on(CallScreen)
        await program.until(lambda: "In doubt; looked up:" in program.said("#call-head"))
        newest = lens.calls[0].number
        await program.press("left", "left", "left", "left", "left", "left", "left", "left", "left", "left")
        await program.until(lambda: program.app.screen._seen.number == newest)
        await program.press("escape", "escape")
        await program.on(CatalogScreen)


@pytest.mark.parametrize(("columns", "shown"), [(159, False), (160, True), (200, True)])
async def test_from_160_columns_the_calls_stand_beside_the_page(
    columns: int, shown: bool, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    till = demo(sandbox, tmp_path)
    async with at(till, (columns, 45)) as program:
        assert program.app.screen.query_one(LensPane).display is shown
        await program.until(lambda: ("which catalogs there are" in program.text) is shown)
        await sell(till)
        await program.until(lambda: ("look-up of what is in doubt" in program.text) is shown)


async def test_live_there_is_none_unless_the_settings_say_so_and_never_locked_down(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    till = Till(sandbox, tmp_path, mode="training")
    assert till.services.lens is None
    async with at(till, (200, 45)) as program:
        assert not program.app.screen.query(LensPane)
        await program.press("ctrl+a")
        assert isinstance(program.app.screen, CatalogScreen)
    asked = replace(till.settings, api_lens=True)

    def built(mode: str, *, kiosk: bool) -> Services:
        profile = replace(till.profile, mode=mode)  # type: ignore[arg-type]
        return Services("test", profile, asked, till.paths, till.services.where, "0", kiosk=kiosk)

    assert built("live", kiosk=False).lens is not None
    assert built("live", kiosk=True).lens is None
    assert built("demo", kiosk=True).lens is None


# Hostile and odd payloads


def exchange(**fields: Any) -> Exchange:
    known: dict[str, Any] = {
        "operation": "orders.create_bulk", "method": "POST", "url": "https://api.example/v1/booking/orders/_bulk",
        "status": 201, "outcome": "201", "milliseconds": 5, "attempt": 1, "request_id": "r", "moves": True,
        "body": None, "headers": {}, "sent": "", "answered": "", "length": 0,
    }  # fmt: skip
    return Exchange(**known | fields)


CUSTOMER = {"firstname": "Zébulon", "lastname": "O'Hara", "email": "z@x.example", "phone": "06 00", "country": "FR"}
ANSWERS = [
    json.dumps({"customer": CUSTOMER}),
    json.dumps({"customer": CUSTOMER})[:-12],  # cut off
    json.dumps({"a": [{"b": {"Beneficiary": {"first_name": "Zébulon", "x": {"y": "O'Hara"}}}}]}),
    json.dumps({"message": "Welcome back ZÉBULON O'HARA!", "detail": "write to z@x.example"}),
    "<html>Dear Zébulon O'Hara</html>",
    "{'firstname': 'Zébulon', 'lastname': \"O'Hara\"",
    json.dumps({"formData": {"fields": [{"field": "/f/1", "value": "Zébulon"}]}}),
    json.dumps({"Zébulon": 1}),
    '{"customer":' * 3000 + '"Zébulon"',
    "[" * 100_000,
]


@pytest.mark.parametrize("answered", ANSWERS)
def test_no_shape_of_an_answer_brings_a_customer_on_the_screen(answered: str) -> None:
    lens = Lens(ServerClock())
    lens.heard(exchange(body={"customer": CUSTOMER}, sent=json.dumps({"customer": CUSTOMER}), answered=answered))
    (seen,) = lens.calls
    for text in (lens.request(seen), lens.answer(seen), lens.curl(seen)):
        assert not [word for word in ("zébulon", "o'hara", "z@x.example") if word in text.lower()], text


def test_a_walk_in_called_customer_leaves_the_names_of_members_readable() -> None:
    lens = Lens(ServerClock())
    body = {"customer": {"firstname": "Walk-in", "lastname": "Customer"}}
    lens.heard(exchange(body=body, sent=json.dumps(body)))
    said = lens.request(lens.calls[0])
    assert '"customer": {' in said
    assert "Walk-in" not in said


@pytest.mark.parametrize(
    "secret",
    [
        '{"access_token": "abc.def"}',
        '{"temporaryUrl": "https://s.example/t.pdf?sig=abcdef"}',
        "Authorization: Bearer abc",
    ],
)
def test_what_the_log_leaves_out_is_left_out_here(secret: str) -> None:
    lens = Lens(ServerClock())
    lens.heard(exchange(answered=secret))
    assert "abc" not in lens.answer(lens.calls[0])


def test_a_curl_line_is_one_command_whatever_the_address_and_the_body_hold() -> None:
    nasty = "';rm -rf ~;'$(id)`id`\n\x1b[2J"
    lens = Lens(ServerClock())
    lens.heard(exchange(url=f"https://api.example/v1/x?q={nasty}", body={"notes2": nasty}, sent="{}"))
    line = lens.curl(lens.calls[0])
    assert "\n" not in line
    assert "\x1b" not in line
    assert shlex.split(line)[:3] == ["curl", "-X", "POST"]
    assert len([word for word in shlex.split(line) if word.startswith(("https:", "{"))]) == 2


def test_memory_is_capped_in_calls_and_in_characters() -> None:
    lens = Lens(ServerClock())
    for number in range(3 * kept.MOST_CALLS):
        lens.heard(exchange(answered="x" * (kept.SHOWN if number % 2 else 1)))
    assert len(lens.calls) <= kept.MOST_CALLS
    assert sum(one.size for one in lens.calls) <= kept.MOST_CHARACTERS
    lens.heard(exchange(answered="x" * 3_000_000))
    assert len(lens.calls) == 1


@pytest.mark.parametrize(
    ("status", "outcome", "doubt"),
    [
        (None, "OutcomeUnknown", True), (None, "NotSent", False), (None, "TlsRefused", False), (500, "500", True),
        (503, "503", True), (401, "401", True), (422, "422", False), (201, "201", False), (201, "OutcomeUnknown", True),
        (None, "cut off", True),
    ],
)  # fmt: skip
def test_a_call_that_moves_money_is_in_doubt_unless_its_answer_is_sure(
    status: int | None, outcome: str, doubt: bool
) -> None:
    lens = Lens(ServerClock())
    lens.heard(exchange(status=status, outcome=outcome))
    lens.heard(exchange(status=status, outcome=outcome, moves=False, operation="orders.list", method="GET"))
    assert [one.doubt for one in lens.calls] == [False, doubt]


async def test_the_calls_stand_once_on_their_own_page(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at(demo(sandbox, tmp_path), (200, 60)) as program:
        assert program.app.screen.query_one(LensPane).display
        await program.press("ctrl+a")
        await program.on(LensScreen)
        assert not any(pane.display for pane in program.app.screen.query(LensPane))
