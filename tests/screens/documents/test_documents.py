"""After the order, by keys alone, on a real sandbox: documents, links and files, and the next customer."""

from __future__ import annotations

import asyncio
import stat
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which
from typing import Any

import pytest
import reading
from families import some
from program import AtSale
from sandbox_process import SandboxProcess
from till import BEFORE_SEASON, SHOW_PRODUCT, Stage, Till

from korus_tui.counter.orders.link_expiry import valid_until
from korus_tui.sale.money import Money
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.common import formats as words
from korus_tui.screens.documents.screen import DocumentsScreen
from korus_tui.widgets.big_amount import big_lines
from korus_tui.widgets.inputs.filter_input import FilterInput
from korus_tui.widgets.lists.row_list import RowList
from korus_tui.widgets.qr import Qr

SANDBOX = {"now": BEFORE_SEASON, "document_delay": 1.5, "url_seconds": 300}


class AtDocuments(AtSale):
    """A till whose sale is ordered, at its documents."""

    def states(self) -> list[str]:
        """The state of each document, as its row says it."""
        return [str(row.cells[1]) for row in self.app.screen.query_one("#files", RowList).rows]

    async def ready(self) -> None:
        await self.until(lambda: self.states() and all(state == "ready" for state in self.states()))


@asynccontextmanager
async def ordered(
    sandbox: SandboxProcess,
    home: Path,
    *,
    lines: int = 1,
    product: str = SHOW_PRODUCT,
    size: tuple[int, int] = (120, 40),
    settings: dict[str, Any] | None = None,
    change: int = 0,
    **faults: dict[str, Any],
) -> AsyncIterator[AtDocuments]:
    """At the documents of a fresh order, paid in cash for `change` back; `faults` (by route) strike then."""
    till = Till(sandbox, home)
    if settings:
        till.settings = replace(till.settings, **settings)
        till.services = till._build()
    async with AtDocuments.of(till, size) as counter:
        chosen = [await till.line(product, session=number % 2) for number in range(lines)]
        counter.reference = (await till.sell_until(Stage.ORDERED, *chosen, change=change)).reference
        for route, spec in faults.items():
            sandbox.fault(route=route, **({"count": None} | spec))
        counter.app.push_screen(DocumentsScreen(till.services, counter.reference))
        await counter.on(DocumentsScreen)
        yield counter


def text_of(file: Path) -> str:
    """The text of a PDF, as another program reads it."""
    return subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("size", [(120, 40), (200, 60)])
async def test_its_code_has_a_titled_box_and_the_boxes_fill_the_page(
    sandbox: SandboxProcess, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with ordered(sandbox, tmp_path, size=size) as counter:
        await counter.ready()
        await counter.until(lambda: counter.app.screen.query_one(Qr).fits)
        code, last = (counter.app.screen.query_one(one) for one in ("#code", "#chosen"))
        assert (code.border_title, code.styles.border_top[0]) == ("QR code", "round")
        assert code.region.right <= size[0]
        assert last.region.bottom == size[1] - 1  # above the footer


async def test_a_document_becomes_ready_by_itself_and_its_link_is_shown(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with ordered(sandbox, tmp_path) as counter:
        await counter.until(lambda: any("ready in" in state for state in counter.states()))
        assert "The order is complete" in counter.text
        assert counter.sale.orders[0].reference in counter.text
        await counter.ready()
        await counter.until(lambda: "http://127.0.0.1" in counter.text)
        assert "valid 4 min" in counter.text
        assert counter.app.screen.query_one(Qr).fits


async def test_at_80_columns_words_stand_in_for_the_code(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with ordered(sandbox, tmp_path, size=(80, 24)) as counter:
        await counter.ready()
        await counter.until(lambda: "its QR code needs a larger window" in " ".join(counter.text.split()))
        assert not counter.app.screen.query_one(Qr).display
        assert counter.sale.orders[0].reference in counter.text


async def test_a_cancellation_seen_here_is_recorded_and_nothing_is_complete_f85(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with ordered(sandbox, tmp_path) as counter:
        await counter.ready()
        assert "The order is complete" in counter.text
        sandbox.control("cancel", order=counter.sale.orders[0].reference)
        await counter.press("ctrl+r")
        await counter.until(lambda: counter.sale.taken_away)
        await counter.until(lambda: "lets nobody in" in counter.sentences)
        assert "The order is complete" not in counter.text


async def test_at_24_lines_the_change_is_large_and_the_link_is_seen(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with ordered(sandbox, tmp_path, size=(80, 24), change=17) as counter:
        await counter.ready()
        rows = big_lines(words.money(Money.of(17, "EUR")))
        await counter.until(lambda: all(row.strip() in counter.text for row in rows))
        whole = counter.app.screen.query_one("#chosen").region
        assert whole in counter.app.screen.query_one("#said").region  # its last line too


async def test_a_code_that_has_no_room_is_not_handed_over(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """What could not be shown is no copy: the first file that is saved then is no duplicate."""
    async with ordered(sandbox, tmp_path, size=(80, 24)) as counter:
        await counter.ready()
        await counter.pilot.press("q")
        await counter.until(
            lambda: "larger window" in counter.problem and "Nothing was handed over." in counter.problem
        )
        await counter.pilot.press("s")
        await counter.until(lambda: "Saved:" in counter.text)
        assert "Copy" not in counter.text


async def test_at_24_lines_the_link_is_seen_while_two_orders_wait_for_names(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    waiting = {"value": "waiting_beneficiary_data"}
    sandbox.fault("replace", route="orders_bulk", edits=[{"path": "orders.*.items.*.tickets.*.status"} | waiting])
    status = {"path": "items.*.tickets.*.status"} | waiting
    deadline = {"path": "items.*.tickets.*.beneficiaryDesignationDeadline", "value": "2025-06-01T10:00:00+00:00"}
    order = {"kind": "replace", "edits": [status, deadline], "count": None}
    async with ordered(sandbox, tmp_path, lines=2, size=(80, 24), order=order) as counter:
        await counter.ready()
        await counter.until(lambda: " ".join(counter.text.split()).count("until Sun 1 Jun 12:00") == 2)
        await counter.press("down")  # the first row stands for all
        link = counter.app.screen._pane.chosen.document.link
        await counter.until(lambda: link in "".join(counter.text.split()))
        assert counter.text.count("until Sun 1 Jun 12:00") == 2


async def test_a_saved_file_is_the_orders_pdf_for_its_owner_alone(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with ordered(sandbox, tmp_path) as counter:
        await counter.ready()
        await counter.pilot.press("s")
        await counter.until(lambda: "Saved:" in counter.text)
        (file,) = (tmp_path / "tickets").iterdir()
        assert file.read_bytes().startswith(b"%PDF-")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert [(one.how, one.copy) for one in counter.sale.handed] == [("saved", 1)]
        if which("pdftotext"):
            assert counter.sale.orders[0].reference in await asyncio.to_thread(text_of, file)
        await counter.pilot.press("s")
        await counter.until(lambda: len(counter.sale.handed) == 2)
        assert len(list((tmp_path / "tickets").iterdir())) == 2


async def test_the_link_goes_to_the_agents_own_terminal(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with ordered(sandbox, tmp_path) as counter:
        await counter.ready()
        await counter.pilot.press("y")
        await counter.until(lambda: "sent to your terminal's clipboard" in counter.text)
        assert "/kt-documents/" in counter.app.clipboard
        assert [one.how for one in counter.sale.handed] == ["link"]


async def test_enter_ends_the_sale_and_clears_the_counter_once(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with ordered(sandbox, tmp_path) as counter:
        await counter.pilot.press("enter")  # pressed for the screen before: it comes too early to count
        assert counter.sale.open
        await counter.ready()
        await counter.pilot.press("s")
        await counter.until(lambda: "Saved:" in counter.text)
        await counter.until(lambda: counter.app.screen.armed)
        await counter.pilot.press("enter", "enter", "a", "s")
        await counter.until(lambda: isinstance(counter.app.screen, CatalogScreen))
        assert counter.till.services.desk.sales == ()
        assert counter.app.screen.query_one(FilterInput).value == "as"  # typed for the next customer, in a hurry
        assert "walk-in@example.org" not in counter.text
    async with Till(sandbox, tmp_path) as again:
        assert again.services.desk.sales == ()  # a finished sale is not taken up again


async def test_several_orders_each_have_their_row(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with ordered(sandbox, tmp_path, lines=2) as counter:
        await counter.until(lambda: len(counter.states()) == 3)  # all of them, and each
        await counter.ready()
        assert "The orders are complete" in counter.text
        for order in counter.sale.orders:
            assert order.reference in counter.text
        await counter.press("down")
        first = counter.app.screen._pane.chosen.key
        await counter.pilot.press("down")
        await counter.until(lambda: counter.app.screen._pane.chosen.key != first)


@pytest.mark.parametrize(
    ("address", "reason"),
    some(
        2,
        [
            ("http://storage.example/t.pdf", "not https"),
            ("javascript:alert(1)", "not a web address"),
            ("https://user:word@storage.example/t.pdf", "a name or password"),
            ("https://storage.example:8443/t.pdf", "an unusual port"),
            ("https://storage.example/\x1b]8;;x", "strange characters"),
        ],
    ),
)
async def test_f23_an_unsafe_link_is_text_with_the_reason(
    sandbox: SandboxProcess, tmp_path: Path, address: str, reason: str
) -> None:
    edits = [{"path": "temporaryUrl", "value": address}]
    async with ordered(sandbox, tmp_path, document_patch={"kind": "replace", "edits": edits}) as counter:
        await counter.until(lambda: counter.states() == ["link refused"])
        await counter.until(lambda: reason in counter.text)
        assert "\x1b" not in counter.text
        assert not counter.app.screen.query_one(Qr).display
        lines = reading.strips(counter.app)
        assert not any(segment.style and segment.style.link for line in lines for segment in line)
        await counter.pilot.press("y", "s")
        assert counter.sale.handed == ()
        assert "The order is complete" in counter.text


@pytest.mark.parametrize(
    ("fault", "words"),
    some(
        2,
        [
            ({"kind": "status", "status": 403, "content_type": "application/xml", "body": "<Error/>"}, "does not give"),
            ({"kind": "no_body"}, "empty"),
            ({"kind": "cut"}, "No answer came in time"),
            ({"kind": "oversized", "bytes": 30_000_000}, "too large"),
            ({"kind": "not_json"}, "not a PDF"),
        ],
    ),
)
async def test_f22_a_file_that_is_no_ticket_is_not_saved(
    sandbox: SandboxProcess, tmp_path: Path, fault: dict[str, Any], words: str
) -> None:
    async with ordered(sandbox, tmp_path, storage=fault) as counter:
        await counter.ready()
        await counter.pilot.press("s")
        await counter.until(lambda: words in counter.problem)
        assert "order" in counter.problem
        assert not list((tmp_path / "tickets").glob("*"))
        assert counter.sale.handed == ()
        sandbox.no_faults()
        await counter.pilot.press("s")
        await counter.until(lambda: "Saved:" in counter.text and not counter.problem)


async def test_f22_a_clock_a_second_back_leaves_a_document_there_that_was_there(
    sandbox: SandboxProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = {"kind": "status", "status": 403, "content_type": "application/xml", "body": "<Error/>"}
    async with ordered(sandbox, tmp_path, storage=refused) as counter:
        await counter.ready()
        documents = counter.till.services.documents
        later, fresh = counter.till.services.clock.now() + timedelta(minutes=5), documents.fresh
        monkeypatch.setattr(documents, "fresh", lambda sale, one: fresh(sale, replace(one, ready_at=later)))
        await counter.pilot.press("s")
        await counter.until(lambda: "does not give" in counter.problem)
        assert not list((tmp_path / "tickets").glob("*"))
        assert counter.sale.handed == ()


async def test_f22_a_link_that_has_ended_is_said_and_asked_for_again(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with ordered(sandbox, tmp_path) as counter:
        await counter.ready()
        ended = "https://storage.example/t.pdf?X-Expires=1"
        edits = [{"path": "temporaryUrl", "value": ended}]
        sandbox.fault("replace", route="document_patch", edits=edits)
        await counter.pilot.press("ctrl+r")
        await counter.until(lambda: counter.states() == ["link expired"])
        await counter.until(lambda: "Ctrl+R asks for a fresh one" in counter.text)
        assert "The order is complete" in counter.text
        await counter.pilot.press("ctrl+r")
        await counter.ready()
        await counter.until(lambda: "valid 4 min" in counter.text)


async def test_documents_that_cannot_be_asked_for_never_hide_the_order(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with ordered(sandbox, tmp_path) as counter:
        await counter.ready()
        sandbox.fault("status", route="order", status=500, count=None)
        await counter.pilot.press("ctrl+r")
        await counter.until(lambda: counter.states() == ["not known"])
        assert "The order is complete" in counter.text
        sandbox.no_faults()
        await counter.ready()  # by itself


async def test_a_disk_that_is_full_or_closed_is_said_and_the_link_is_left(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with ordered(sandbox, tmp_path) as counter:
        await counter.ready()
        (tmp_path / "tickets").write_text("a file where a folder should be")
        await counter.pilot.press("s")
        await counter.until(lambda: "cannot be saved" in counter.problem)
        assert "Hand over the link" in counter.problem


async def test_f24_tickets_that_wait_for_names_are_said_with_the_deadline(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    waiting = {"value": "waiting_beneficiary_data"}
    sandbox.fault("replace", route="orders_bulk", edits=[{"path": "orders.*.items.*.tickets.*.status"} | waiting])
    deadline = {"path": "items.*.tickets.*.beneficiaryDesignationDeadline", "value": "2025-06-01T10:00:00+00:00"}
    edits = [{"path": "items.*.tickets.*.status"} | waiting, deadline]
    async with ordered(sandbox, tmp_path, order={"kind": "replace", "edits": edits}) as counter:
        await counter.until(lambda: "2 tickets wait for the holder's names" in " ".join(counter.text.split()))
        await counter.until(lambda: "until Sun 1 Jun 12:00" in " ".join(counter.text.split()))
        assert "The order is complete" in counter.text


@pytest.mark.parametrize(
    ("query", "end"),
    [
        (
            "X-Amz-Date=20250129T075553Z&X-Amz-Expires=900&X-Amz-Signature=ab",
            datetime(2025, 1, 29, 8, 10, 53, tzinfo=UTC),
        ),
        ("Expires=1738137600&Signature=ab", datetime(2025, 1, 29, 8, 0, tzinfo=UTC)),
        ("sv=2024&se=2025-01-29T08:00:00Z&sig=ab", datetime(2025, 1, 29, 8, 0, tzinfo=UTC)),
        ("X-Amz-Date=yesterday&X-Amz-Expires=900", None),
        ("Expires=99999999999999999999", None),
        ("download=1", None),
    ],
)
def test_a_signed_address_says_until_when_it_lives(query: str, end: datetime | None) -> None:
    assert valid_until(f"https://storage.example/t.pdf?{query}") == end


async def test_a_document_is_asked_for_once_its_second_is_over_and_its_link_serves_while_it_lives(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """The first question tells when it is there; the second has the link, and files are fetched behind that."""
    asked = sandbox.state()["calls"].get("document_patch", 0)
    async with ordered(sandbox, tmp_path) as counter:
        await counter.ready()
        await counter.until(lambda: "http://127.0.0.1" in counter.text)
        assert sandbox.state()["calls"]["document_patch"] == asked + 2
        for copies in (1, 2):
            await counter.pilot.press("s")
            await counter.until(lambda copies=copies: len(counter.sale.handed) == copies)
            await counter.until(lambda: not counter.app.screen._handing._busy)
        assert sandbox.state()["calls"]["document_patch"] == asked + 2
        await counter.pilot.press("ctrl+r")
        await counter.until(lambda: sandbox.state()["calls"]["document_patch"] == asked + 3)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"kind": "not_json"}, "this till does not understand it (JSON"),
        ({"kind": "wrong_shape", "value": {}}, "this till does not understand it (DocumentLink"),
        ({"kind": "status", "status": 500}, "no answer that can be read (500)"),
    ],
)
async def test_an_answer_that_came_for_a_link_is_not_said_to_be_missing(
    sandbox: SandboxProcess, tmp_path: Path, fault: dict[str, Any], words: str
) -> None:
    async with ordered(sandbox, tmp_path, document_patch=fault) as counter:
        await counter.until(lambda: words in counter.sentences)
        assert "came in time" not in counter.sentences
