"""What an agent asked for on paper: it outlives the page, is on record with its end, and a failure reaches somebody."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sandbox_process import SandboxProcess
from test_documents import AtDocuments, ordered
from till import BEFORE_SEASON, DAY, DAY_PRODUCT, PATIENCE_OF_TESTS

from korus_tui.sale import events as e
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.common.confirm import ConfirmScreen
from korus_tui.screens.common.problem import TroubleBar
from korus_tui.screens.documents.qr import QrPage
from korus_tui.screens.documents.screen import DocumentsScreen
from korus_tui.screens.documents.slip import SlipScreen
from korus_tui.screens.orders.screen import OrdersScreen

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
SANDBOX = {"now": BEFORE_SEASON, "url_seconds": 3000}


def printer(home: Path, code: int = 0) -> tuple[str, ...]:
    """A print command that ends once the file `go` is there; what it printed is in `paper`."""
    script = home / "printer.py"
    script.write_text(
        "import pathlib, shutil, sys, time\n"
        f"home = pathlib.Path({str(home)!r})\n"
        "name = pathlib.Path(sys.argv[1]).name\n"
        "(home / 'began').touch()\n"
        f"end = time.monotonic() + {PATIENCE_OF_TESTS}\n"
        "while not (home / 'go').exists() and time.monotonic() < end:\n"
        "    time.sleep(0.01)\n"  # between two looks; noqa: house
        f"if {code}:\n"
        f"    print('out of paper'); sys.exit({code})\n"
        "paper = home / 'paper'\n"
        "paper.mkdir(exist_ok=True)\n"
        "shutil.copy(sys.argv[1], paper / f'{len(list(paper.iterdir())) + 1}-{name}')\n"
    )
    return (sys.executable, str(script))


def papers(home: Path) -> list[str]:
    return sorted(one.name for one in (home / "paper").glob("*"))


async def recorded(counter: AtDocuments) -> list[e.Event]:
    journal = await counter.till.services.desk.ledger.journal()
    return [row.event for row in await journal.read(counter.reference)]


async def until_recorded(counter: AtDocuments, kind: type[e.Event]) -> e.Event:
    """The first event of this kind, as soon as it is on record."""
    async with asyncio.timeout(PATIENCE_OF_TESTS):
        while not (found := [one for one in await recorded(counter) if isinstance(one, kind)]):
            await counter.pilot.pause()
    return found[0]


def news(counter: AtDocuments) -> str:
    """What the bar of news says on the page on top."""
    bars = counter.app.screen.query(TroubleBar)
    view = bars.first().view if bars else None
    return f"{view.what} {view.meaning} {view.key_hint}" if view else ""


async def next_customer(counter: AtDocuments) -> None:
    await counter.until(lambda: counter.app.screen.armed)
    await counter.pilot.press("enter")
    await counter.on(CatalogScreen)


async def test_going_on_lets_the_printer_end_c01(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with ordered(sandbox, tmp_path, settings={"print_command": printer(tmp_path)}) as counter:
        await counter.ready()
        await counter.pilot.press("p")
        await counter.until((tmp_path / "began").exists)
        await next_customer(counter)
        assert not papers(tmp_path)
        (tmp_path / "go").touch()
        done = await until_recorded(counter, e.DocumentHandedOver)
        assert done == e.DocumentHandedOver(done.document, "printed", 1)
        assert len(papers(tmp_path)) == 1
        kinds = [type(one) for one in await recorded(counter)]
        assert kinds[-3:] == [e.PaperAsked, e.SaleFinished, e.DocumentHandedOver]


@pytest.mark.parametrize("elsewhere", [CatalogScreen, OrdersScreen])
async def test_a_printer_that_fails_later_reaches_whoever_stands_there_c01(
    sandbox: SandboxProcess, tmp_path: Path, elsewhere: type[object]
) -> None:
    async with ordered(sandbox, tmp_path, settings={"print_command": printer(tmp_path, code=3)}) as counter:
        await counter.ready()
        await counter.pilot.press("p")
        await counter.until((tmp_path / "began").exists)
        await next_customer(counter)
        if elsewhere is OrdersScreen:
            await counter.press("ctrl+f")
            await counter.on(OrdersScreen)
        (tmp_path / "go").touch()
        await counter.until(lambda: counter.reference in news(counter))
        assert "ended with code 3" in news(counter)
        assert "out of paper" in news(counter)
        failed = await until_recorded(counter, e.PaperFailed)
        assert "code 3" in failed.why
        assert not any(isinstance(one, e.DocumentHandedOver) for one in await recorded(counter))


async def test_a_notice_goes_along_with_who_is_quicker_than_it_is_read_c01(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with ordered(sandbox, tmp_path, settings={"print_command": printer(tmp_path, code=3)}) as counter:
        await counter.ready()
        await counter.pilot.press("p")
        await counter.until((tmp_path / "began").exists)
        await next_customer(counter)
        (tmp_path / "go").touch()
        await counter.until(lambda: counter.reference in news(counter))
        await counter.press("ctrl+f")  # before anybody can have read it
        await counter.on(OrdersScreen)
        assert await counter.until(lambda: counter.reference in news(counter))


@pytest.mark.parametrize(("key", "fault"), [("s", "storage"), ("y", "document_patch")])
async def test_a_store_slower_than_the_agent_is_waited_for_c01(
    sandbox: SandboxProcess, tmp_path: Path, key: str, fault: str
) -> None:
    async with ordered(sandbox, tmp_path) as counter:
        await counter.ready()
        if key == "y":  # its link has ended: a fresh one is asked for
            counter.app.screen._pane.found = tuple(
                replace(order, documents=tuple(replace(one, link_until=LONG_AGO) for one in order.documents))
                for order in counter.app.screen._pane.found
            )
            counter.app.screen._pane.show_sale(counter.sale, counter.app.screen._pane.found)
        sandbox.fault("latency", route=fault, latency=1.0)
        await counter.pilot.press(key)
        await next_customer(counter)
        done = await until_recorded(counter, e.DocumentHandedOver)
        assert done.how == {"s": "saved", "y": "link"}[key]
        if key == "s":
            assert len(list((tmp_path / "tickets").glob("*.pdf"))) == 1
        else:
            await counter.until(lambda: "/kt-documents/" in counter.app.clipboard)


async def test_a_receipt_is_printed_to_its_end_c01(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with ordered(sandbox, tmp_path, settings={"print_command": printer(tmp_path)}) as counter:
        await counter.pilot.press("t")
        await counter.on(SlipScreen)
        await counter.until(lambda: "Saved:" in counter.text)
        await counter.pilot.press("p")
        await counter.until((tmp_path / "began").exists)
        await counter.pilot.press("escape")
        await counter.on(DocumentsScreen)
        (tmp_path / "go").touch()
        await until_recorded(counter, e.SlipHandedOver)
        assert papers(tmp_path) == [f"1-{counter.reference}-receipt.txt"]


async def test_leaving_while_it_is_printed_asks_and_the_history_says_so_c01(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with ordered(sandbox, tmp_path, settings={"print_command": printer(tmp_path)}) as counter:
        await counter.ready()
        await counter.pilot.press("p")
        await counter.until((tmp_path / "began").exists)
        await next_customer(counter)
        await counter.pilot.press("ctrl+q")
        await counter.on(ConfirmScreen)
        assert "still being printed" in counter.text
        assert counter.reference in counter.text
        await counter.pilot.press("escape")
        await counter.on(CatalogScreen)
        services = counter.till.services
        asked = await until_recorded(counter, e.PaperAsked)
        await services.background.stop(0)
        assert e.PaperFailed(asked.paper, "printed", 1, _stopped()) in await recorded(counter)


def _stopped() -> str:
    return "The program ended meanwhile: it may be there, or not."


# Ends


async def test_a_complete_sale_ends_when_the_next_begins_c10(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with ordered(sandbox, tmp_path) as counter:
        await counter.ready()
        await counter.pilot.press("s")
        await counter.until(lambda: "Saved:" in counter.text)
        await counter.pilot.press("escape")
        await counter.on(CatalogScreen)
        first = counter.reference
        desk = counter.till.services.desk
        assert desk.sale is not None
        assert desk.sale.reference == first  # it stands there until then
        line = await counter.till.line(session=0)
        await counter.till.services.basket._add(desk.sale.catalog, [line], (), None)
        assert desk.sale is not None
        assert desk.sale.reference != first
        assert isinstance((await recorded(counter))[-1], e.SaleFinished)
        assert desk.sale.lines[0].line.day == DAY


async def test_the_cart_of_a_complete_sale_leads_to_its_documents_c10(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with ordered(sandbox, tmp_path) as counter:
        await counter.ready()
        await counter.pilot.press("escape", "escape")
        await counter.on(CatalogScreen)
        await counter.press("ctrl+o")
        await counter.until(lambda: "Sale " in counter.text and "documents" in counter.text)
        assert "void" not in counter.text
        assert "Del" not in counter.text
        await counter.until(lambda: counter.app.screen.armed)
        await counter.press("enter")
        await counter.on(DocumentsScreen)


async def test_leaving_with_tickets_not_handed_over_asks_once_c10(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with ordered(sandbox, tmp_path, size=(80, 24)) as counter:
        await counter.ready()
        await counter.until(lambda: counter.app.screen.armed)
        await counter.pilot.press("enter", "enter")  # pressed twice is no answer
        await counter.until(lambda: "1 of 1 document was not handed over" in counter.problem)
        assert counter.sale.open
        await counter.until(lambda: counter.app.screen.armed)
        await counter.pilot.press("enter")
        await counter.on(CatalogScreen)
        assert counter.till.services.desk.sales == ()


async def test_a_sale_that_has_ended_is_not_ended_again_c10(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with ordered(sandbox, tmp_path) as counter:
        await counter.ready()
        await counter.until(lambda: counter.app.screen.armed)
        await counter.till.services.desk.finish(counter.reference)
        await counter.pilot.press("enter")
        await counter.on(CatalogScreen)
        kinds = [type(one) for one in await recorded(counter)]
        assert kinds.count(e.SaleFinished) == 1


# Several


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_one_key_hands_all_over_and_each_row_says_so_c11(
    sandbox: SandboxProcess, tmp_path: Path, size: tuple[int, int]
) -> None:
    (tmp_path / "go").touch()
    settings = {"print_command": printer(tmp_path)}
    async with ordered(sandbox, tmp_path, lines=2, size=size, settings=settings) as counter:
        await counter.until(lambda: len(counter.states()) == 3)
        await counter.ready()
        assert "All 2 documents" in counter.text
        await counter.pilot.press("s")
        await counter.until(lambda: "2 documents" in counter.text and len(counter.sale.handed) == 2)
        await counter.until(lambda: counter.text.count("saved") == 2)
        await counter.pilot.press("p")
        await counter.until(lambda: len(counter.sale.handed) == 4)
        await counter.until(lambda: counter.text.count("printed · 2×") == 2)
        await counter.until(lambda: not counter.app.screen._handing._busy)
        await counter.pilot.press("y")
        await counter.until(lambda: "2 links were sent" in " ".join(counter.text.split()))
        assert counter.app.clipboard.count("/kt-documents/") == 2
        await counter.until(lambda: not counter.app.screen._handing._busy)
        await counter.pilot.press("down", "s")  # one alone
        await counter.until(lambda: "Saved: " in counter.text and len(counter.sale.handed) == 7)
        orders = [order.order for order in counter.sale.orders]
        assert [one.document.startswith(orders[0]) for one in counter.sale.handed].count(True) == 4


async def test_the_codes_of_all_come_one_after_the_other_c11(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with ordered(sandbox, tmp_path, lines=2, size=(120, 60)) as counter:
        await counter.ready()
        await counter.until(lambda: len(counter.states()) == 3)
        await counter.pilot.press("q")
        await counter.on(QrPage)
        first = counter.app.screen
        assert "1 more" in counter.text
        assert len(counter.sale.handed) == 1
        await counter.pilot.press("enter")
        await counter.until(lambda: isinstance(counter.app.screen, QrPage) and counter.app.screen is not first)
        await counter.pilot.press("enter")
        await counter.on(DocumentsScreen)
        assert [one.how for one in counter.sale.handed] == ["qr", "qr"]


async def test_some_of_several_handed_over_is_said_c11(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with ordered(sandbox, tmp_path, lines=4, product=DAY_PRODUCT, size=(80, 24)) as counter:
        await counter.ready()
        await counter.until(lambda: len(counter.states()) == 5)
        for number in (1, 2):
            await counter.pilot.press("down", "s")
            await counter.until(lambda number=number: len(counter.sale.handed) == number)
            await counter.until(lambda: not counter.app.screen._handing._busy)
        assert "2 of 4" in counter.text
        await counter.until(lambda: counter.app.screen.armed)
        await counter.pilot.press("enter")
        await counter.until(lambda: "2 of 4 documents were not handed over" in counter.problem)
        assert counter.sale.open


async def test_fourteen_orders_stay_usable_at_80x24_c11(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with ordered(sandbox, tmp_path, lines=14, product=DAY_PRODUCT, size=(80, 24)) as counter:
        await counter.ready()
        await counter.until(lambda: len(counter.states()) == 15)
        text = counter.text
        assert "All 14 documents" in text
        assert "14 orders" in text
        assert "paid" in text
        assert sum(order.reference in text for order in counter.sale.orders) >= 6
        await counter.press(*["down"] * 14)
        assert counter.sale.orders[-1].reference in counter.text
        await counter.until(lambda: "http" in counter.text)
        await counter.press("home", "s")
        await counter.until(lambda: len(counter.sale.handed) == 14)
        await counter.until(lambda: "14 documents" in " ".join(counter.text.split()))
