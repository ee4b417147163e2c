"""What `append` returned is there after `kill -9` (docs/faults.md, F30), at whatever moment it comes."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from korus_tui.journal.store import Journal, verify
from korus_tui.sale.events import PaymentStarted, SaleVoided

# Appends pairs of events for ever, and says each number on standard output once append() has returned.
SELL = """
import asyncio, pathlib, sys
from datetime import UTC, datetime
from korus_tui.journal.store import Journal
from korus_tui.sale.events import PaymentStarted, SaleVoided

async def sell(journal):
    number = 0
    while True:
        events = [PaymentStarted(), SaleVoided(f"{number}")]
        await journal.append(f"S{number}", events, at=datetime(2025, 1, 29, tzinfo=UTC), agent="", till="")
        sys.stdout.write(f"{number}\\n")
        sys.stdout.flush()
        number += 1

asyncio.run(sell(Journal.open(pathlib.Path(sys.argv[1]))))
"""


def sell_until_killed(place: Path, after: int) -> int:
    """A till that is killed after that many sales were told; how many it told in all."""
    with subprocess.Popen([sys.executable, "-c", SELL, str(place)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for _ in range(after):
            assert child.stdout.readline()
        child.send_signal(signal.SIGKILL)
        told = after + sum(line.endswith("\n") for line in child.stdout)
    assert child.returncode == -signal.SIGKILL
    return told


@pytest.mark.parametrize("after", [0, 1, 2, 5, 17, 60])
def test_f30_what_append_returned_survives_a_kill(place: Path, after: int) -> None:
    told = sell_until_killed(place, after)
    with Journal.open(place) as journal:
        rows = asyncio.run(journal.tail(0))
        sales = len(rows) // 2
        assert told <= sales <= told + 1
        assert [row.event for row in rows] == [
            event for number in range(sales) for event in (PaymentStarted(), SaleVoided(f"{number}"))
        ]
        assert len(asyncio.run(journal.recent(1000))) == sales
        assert journal.verify().whole
    assert verify(place).checked == len(rows)


def test_f30_a_till_killed_again_and_again_goes_on_where_it_was(place: Path) -> None:
    told = sum(sell_until_killed(place, after) for after in (3, 1, 4))
    verdict = verify(place)
    assert verdict.whole
    assert told * 2 <= verdict.checked <= (told + 3) * 2
