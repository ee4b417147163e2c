"""What reaches the print command, the terminal's printer and a folder is inert, whatever names hold (F71, F74)."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from korus_tui.config.paths import write_private
from korus_tui.counter.catalog.offer_models import TicketDocument
from korus_tui.counter.core.problems import CounterError
from korus_tui.counter.paper import printing
from korus_tui.sale.state import Handed, Sale
from korus_tui.sale.values import Mode
from korus_tui.screens.documents.text import handed
from korus_tui.text.files import safe_name

NAMES = [
    "$(reboot)",
    "-o job-sheets=x",
    "--help",
    "../../etc/passwd",
    "a;rm -rf ~",
    "`id`",
    "x\ny",
    "\x1b]0;x\x07",
    "🎟",
    "",
]
TELL = "import json, pathlib, sys; pathlib.Path(sys.argv[1]).write_text(json.dumps(sys.argv[2:]))"


@pytest.mark.parametrize("name", NAMES, ids=ascii)
async def test_f74_a_file_reaches_the_print_command_as_one_plain_argument(tmp_path: Path, name: str) -> None:
    told = tmp_path / "told"
    await printing.print_file([sys.executable, "-c", TELL, str(told), "--"], safe_name(name) + ".pdf", b"%PDF-")
    dashes, file = json.loads(told.read_text())
    assert dashes == "--"
    assert os.path.isabs(file)
    assert os.path.basename(file) == safe_name(name) + ".pdf"
    assert not set(file) & set(" $`;\n'\"\\*?|&<>")
    assert not await asyncio.to_thread(Path(file).exists)


async def test_f71_what_a_print_command_says_is_shown_without_controls(tmp_path: Path) -> None:
    shout = "import sys; sys.stdout.buffer.write(b'out of \\x1b[31mpaper\\x1b]0;x\\x07'); sys.exit(3)"
    with pytest.raises(CounterError) as refused:
        await printing.print_file([sys.executable, "-c", shout], "x.pdf", b"%PDF-")
    assert "paper" in refused.value.problem.meaning
    assert refused.value.problem.meaning.isprintable()


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_f74_a_saved_file_stays_in_its_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "tickets"
    write_private(folder / (safe_name(name) + ".pdf"), b"x")
    (saved,) = folder.iterdir()
    assert saved.parent == folder
    assert list(tmp_path.iterdir()) == [folder]


@given(st.text(max_size=200))
def test_f71_a_terminals_printer_gets_lines_and_nothing_to_obey(text: str) -> None:
    sent = printing.at_terminal(text)
    inside = sent.removeprefix("\x1b[5i").removesuffix("\x1b[4i")
    assert len(inside) == len(sent) - 8
    assert not any(ord(sign) < 32 or 127 <= ord(sign) < 160 for sign in inside.replace("\r\n", ""))


def test_printing_is_said_only_by_the_program_that_does_it_c01() -> None:
    """After a crash nobody prints any more: whether it came, the agent looks."""
    sale = Sale("KT", "", Mode.LIVE, "en", papers_asked=(Handed("/documents/1", "printed", 1),))
    document = cast("TicketDocument", SimpleNamespace(iri="/documents/1"))
    assert handed(sale, document, under_way=True) == "printing…"
    assert handed(sale, document, under_way=False) == "did it come out?"
