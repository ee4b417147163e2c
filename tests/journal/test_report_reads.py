"""The report reads the day that is asked for and what has not ended, however long the journal is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from korus_tui.cli import report_command
from korus_tui.config.settings import Profile
from korus_tui.counter.till.till import stream_of
from korus_tui.journal import codec
from korus_tui.journal.entry import sale_stream
from korus_tui.journal.file import JournalFile
from korus_tui.sale import events as e
from korus_tui.sale import till_events as t
from korus_tui.sale.money import Money
from korus_tui.sale.values import Line, Mode, TicketChoice

DAYS, A_DAY = 12, 3
START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
PRICE = Money.of("40", "EUR")
TILL = "till 1"


def _sale(name: str, *, ended: bool) -> list[e.Event]:
    line = Line("l", "offer", "product", "Adulte", date(2026, 6, 1), 1, PRICE, (TicketChoice("t", "x"),))
    opened: list[e.Event] = [e.SaleOpened(name, "catalog", Mode.LIVE, "fr"), e.LineAdded(line)]
    return [*opened, e.SaleVoided("gone")] if ended else opened


@pytest.fixture
def journal(tmp_path: Path) -> JournalFile:
    """A shift a day with its Z, the last one open; one sale of the first day has not ended."""
    file = JournalFile.write(tmp_path / "till.journal", take_over=False)

    def write(stream: str, at: datetime, *events: object) -> None:
        file.append(stream, events, at=at, agent="Ada", till=TILL)

    for day in range(DAYS):
        at = START + timedelta(days=day)
        write(stream_of(TILL), at, t.TillOpened(Mode.LIVE, PRICE))
        for number in range(A_DAY):
            name = f"S{day}-{number}"
            write(sale_stream(name), at, *_sale(name, ended=(day, number) != (0, 0)))
        if day < DAYS - 1:
            write(stream_of(TILL), at, t.TillClosed(Mode.LIVE, PRICE, PRICE))
    return file


@pytest.mark.parametrize("day", [None, START.date(), (START + timedelta(days=5)).date()])
def test_a_report_reads_its_day_alone(journal: JournalFile, day: date | None, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    decode = codec.decode
    monkeypatch.setattr(codec, "decode", lambda stream, *rest: read.append(stream) or decode(stream, *rest))
    (found,) = report_command.read(journal, TILL, Profile("https://api.example"), day)
    assert found.day == (day or (START + timedelta(days=DAYS - 1)).date())
    assert found.live.voided == A_DAY - (found.day == START.date())
    wanted = {sale_stream(f"S{(found.day - START.date()).days}-{number}") for number in range(A_DAY)}
    assert {one for one in read if one.startswith("sale:")} == wanted | {sale_stream("S0-0")}


def test_a_day_without_a_shift_has_no_reading(journal: JournalFile) -> None:
    assert report_command.read(journal, TILL, Profile("https://api.example"), date(2025, 1, 1)) == ()
