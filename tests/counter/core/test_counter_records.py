"""The newest record's number and hash are kept outside; a place that fails is told, and no sale waits for it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
import sys
from pathlib import Path

import pytest
from sandbox_process import SandboxProcess
from till import PATIENCE_OF_TESTS, Stage, Till

from korus_tui.cli import report_command
from korus_tui.cli.doctor.finding import Finding, State
from korus_tui.cli.doctor.journal import journal as doctors_look
from korus_tui.config.settings import Audit, Settings
from korus_tui.counter.till import report
from korus_tui.journal import heads
from korus_tui.journal.file import JournalFile
from korus_tui.journal.place import place_of
from korus_tui.sale import events as e
from korus_tui.sale.money import Money
from korus_tui.sale.reading import Reading


class Audited(Till):
    """A till whose settings name a place for the heads."""

    def __init__(self, sandbox: SandboxProcess, home: Path, place: str) -> None:
        self.place = place
        super().__init__(sandbox, home)

    def _build(self):  # type: ignore[no-untyped-def]
        self.settings = Settings(save_folder=self.home / "tickets", audit=Audit(self.place))
        return super()._build()

    @property
    def file(self) -> Path:
        return place_of(self.paths.data, self.profile.till)

    async def outside(self, wanted: bool) -> list[str]:
        """What is said of the places outside, once it is something, or nothing."""
        async with asyncio.timeout(PATIENCE_OF_TESTS):
            while bool(self.services.desk.ledger.outside) is not wanted:
                self._changed.clear()
                await self._changed.wait()
        return self.services.desk.ledger.outside

    def doctor(self) -> list[Finding]:
        return [one for one in doctors_look(self.file, 30, self.paths.log_file, self.place) if one.subject == "records"]


def run_report(till: Audited) -> tuple[Reading, ...]:
    """What `korus-tui report` reads of the newest shift."""
    with contextlib.closing(JournalFile.read(till.file)) as file:
        against = tuple(heads.compare(till.file, till.paths.log_file, heads.Copy(till.place, till.file.stem)))
        return report_command.read(file, till.profile.till, till.profile, None, against)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "elsewhere"
    made.mkdir()
    return made


@pytest.fixture(autouse=True)
def log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Path:
    """The program's log, as its screens start it."""
    file = tmp_path / "home" / "log" / "korus-tui.log"
    file.parent.mkdir(parents=True)
    handler = logging.FileHandler(file)
    logger = logging.getLogger("korus_tui.records")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield file  # type: ignore[misc]
    logger.removeHandler(handler)
    handler.close()


async def a_finished_sale(till: Till) -> None:
    sale = await till.sell_until(Stage.ORDERED)
    await till.services.desk.record(sale.reference, e.SaleFinished())


async def test_log_and_folder_know_the_newest_record(sandbox: SandboxProcess, tmp_path: Path, folder: Path) -> None:
    async with Audited(sandbox, tmp_path / "home", str(folder)) as till:
        await a_finished_sale(till)
        head = (await till.services.desk.ledger.journal()).head
    kept = heads.Copy(str(folder), till.file.stem).kept().heads
    assert head is not None
    assert (kept[-1].seq, kept[-1].hash) == (head.seq, head.hash)
    assert heads.in_log(till.paths.log_file, till.file.stem).heads[-1] == kept[-1]
    assert {one.state for one in till.doctor()} == {State.OK}


async def test_an_older_copy_gone_on_with_is_told_at_the_start_on_x_and_by_the_doctor_f87(
    sandbox: SandboxProcess, tmp_path: Path, folder: Path
) -> None:
    """Until the till is closed with it: whoever only starts the till once more takes nothing off the Z."""
    async with Audited(sandbox, tmp_path / "home", str(folder)) as till:
        await till.services.till.open(Money.of(100, "EUR"))
        await a_finished_sale(till)
        await till.services.close(0)
        shutil.copy(till.file, tmp_path / "noon")
        await till.restart()
        await a_finished_sale(till)
        await till.services.close(0)
        shutil.copy(tmp_path / "noon", till.file)
        till.file.with_name(till.file.name + ".lock").unlink()
        assert [one.state for one in till.doctor()] == [State.FAILED, State.FAILED]
        await till.restart()
        said = await till.outside(True)
        assert len(said) == 2
        assert any(str(folder) in one for one in said)
        x = await till.services.till.x()
        assert x.broken == ""
        assert "knows otherwise" in " ".join(report.as_text([x]).split())
        await a_finished_sale(till)  # it sells: somebody answered for it
        await till.services.close(0)
        assert [one.state for one in till.doctor()] == [State.ATTENTION, State.ATTENTION]
        await till.restart()
        assert len(await till.outside(True)) == 2
        z = await till.services.till.close(Money.of(100, "EUR"))
        assert "knows otherwise" in " ".join(report.as_text([z]).split())
        await till.services.close(0)
        (printed,) = run_report(till)
        assert "knows otherwise" in " ".join(printed.outside)
        await till.restart()
        assert till.services.desk.ledger.outside == []


async def test_a_place_that_fails_is_told_and_holds_up_no_sale(
    sandbox: SandboxProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "_PATIENCE", 30.0)
    hangs = f"{sys.executable} -c 'import time; time.sleep(60)'"  # a command that hangs; noqa: house
    async with Audited(sandbox, tmp_path / "home", hangs) as till:
        began = till.services.clock.boot()
        await a_finished_sale(till)  # the command does not end meanwhile
        await till.services.close(0)
        assert till.services.clock.boot() - began < PATIENCE_OF_TESTS
    monkeypatch.setattr(heads, "_PATIENCE", 0.2)
    async with Audited(sandbox, tmp_path / "home", "false") as till:
        await a_finished_sale(till)
        (said,) = await till.outside(True)
        assert "ended with code 1" in said
        assert "ended with code 1" in report.as_text([await till.services.till.read()])
        assert State.ATTENTION in [one.state for one in till.doctor()]
