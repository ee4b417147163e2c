"""The doctor as it is called: every line, its advice, the exit code, no secret (docs/faults.md, F25, F34, F38, F39)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from counter_home import SELL, settle_in
from sandbox_process import SandboxProcess

from korus_tui.config.paths import Paths
from korus_tui.counter.till.till import stream_of
from korus_tui.journal.place import place_of
from korus_tui.journal.store import Journal
from korus_tui.sale.events import NotesEntered, PaymentTaken, SaleFinished, SaleOpened
from korus_tui.sale.money import Money
from korus_tui.sale.till_events import AgentAdded
from korus_tui.sale.values import Method, Mode, Payment

AT = datetime(2025, 1, 29, 7, 55, 53, tzinfo=UTC)
WHO: dict[str, Any] = {"at": AT, "agent": "Ada", "till": "till 1"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess() as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, sandbox: SandboxProcess) -> Path:
    """A counter that is well: settings, credentials, and a journal of two sales."""
    settle_in(tmp_path, sandbox)
    place = place_of(Paths.below(tmp_path).data, "till 1")
    with Journal.open(place) as journal:
        for reference in ("KT11-1111-1111", "KT22-2222-2222"):
            opened = SaleOpened(reference, "/catalogs/1", Mode.LIVE, "en")
            asyncio.run(journal.append(reference, [opened, NotesEntered("wheelchair")], **WHO))
        asyncio.run(journal.append("KT11-1111-1111", [SaleFinished()], **WHO))
    return tmp_path


class Report:
    """What a run of the doctor printed."""

    def __init__(self, home: Path, *arguments: str, **env: str) -> None:
        given = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", "KORUS_TUI_HOME": str(home)} | env
        ran = subprocess.run(
            [*SELL, "doctor", *arguments], capture_output=True, text=True, check=False, env=given, cwd=home
        )
        self.code, self.text, self.errors = ran.returncode, ran.stdout, ran.stderr

    def line(self, subject: str) -> str:
        """The line of a subject, with the advice below it."""
        lines = self.text.splitlines()
        at = next((n for n, line in enumerate(lines) if line[11:].startswith(subject)), None)
        assert at is not None, self.text
        advice = lines[at + 1].strip() if at + 1 < len(lines) and lines[at + 1].startswith(" ") else ""
        return f"{lines[at]} {advice}"


def test_a_counter_that_is_well(home: Path, sandbox: SandboxProcess) -> None:
    report = Report(home)
    assert report.code == 0, report.text
    assert report.errors == ""
    assert not [line for line in report.text.splitlines() if line.startswith("failed")]
    assert "profile counter, till till 1, training" in report.line("settings")
    assert "credentials file" in report.line("credentials")
    assert report.line("terminal").startswith("ok")
    assert "answers" in report.line("server")
    assert "takes the token" in report.line("sign-in")
    assert "Puy du Fou" in report.line("catalogs")
    assert "within" in report.line("clock")
    assert "the chain is whole, 5 events" in report.line("journal")
    assert "schema 1; backups: none" in report.line("schema")
    assert "KT22-2222-2222" in report.line("open sales")
    assert "KT11" not in report.line("open sales")
    assert "kept 30 days; last erased: never yet" in report.line("customers")
    assert report.line("save folder").startswith("ok")
    assert sandbox.client_secret not in report.text + report.errors
    assert "wheelchair" not in report.text


def test_it_looks_beside_the_running_till_and_changes_nothing(home: Path) -> None:
    place = place_of(Paths.below(home).data, "till 1")
    with Journal.open(place) as journal:
        asyncio.run(journal.erase_personal(AT + timedelta(days=31), at=AT + timedelta(days=31)))
        report = Report(home, "--offline")
        assert f"process {os.getpid()} on {os.uname().nodename}" in report.line("writer")
        assert "last erased: 2025-03-01 07:55 UTC" in report.line("customers")
        asyncio.run(journal.check())
    assert report.code == 0


def test_offline_asks_nobody(home: Path, sandbox: SandboxProcess) -> None:
    before = sandbox.state()["calls"]
    report = Report(home, "--offline")
    assert "not asked" in report.line("server")
    assert "sign-in" not in report.text
    assert sandbox.state()["calls"] == before


def test_f34_the_first_broken_link_is_named(home: Path) -> None:
    place = place_of(Paths.below(home).data, "till 1")
    with contextlib.closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.executescript("DROP TRIGGER events_stand; UPDATE events SET agent = 'Eve' WHERE seq = 3")
    report = Report(home, "--offline")
    assert report.code == 1
    assert report.line("journal").startswith("failed")
    assert "the chain breaks at event 3: event 3 was changed" in report.line("journal")
    assert "2 events before it are whole" in report.line("journal")


def test_f34_a_sale_that_newer_rules_do_not_understand_is_named(home: Path) -> None:
    paid = Payment("p", Method.CASH, Money.of("20", "EUR"))
    with Journal.open(place_of(Paths.below(home).data, "till 1")) as journal:
        asyncio.run(journal.append("KT22-2222-2222", [PaymentTaken(paid)], **WHO))
    report = Report(home, "--offline")
    found = [line for line in report.text.splitlines() if "cannot be read" in line]
    assert len(found) == 1
    assert found[0].startswith("attention")
    assert "KT22-2222-2222 cannot be read. Record 6 is not understood" in found[0]
    assert "asks Korus for its orders by this reference" in report.text
    assert report.code == 0  # the till sells


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda place: place.write_bytes(b"no journal" * 1000), "damaged"),
        (lambda place: place.unlink(), "is missing"),
        (lambda place: os.truncate(place, 0), "empty"),
    ],
)
def test_f34_a_journal_that_cannot_be_read(home: Path, spoil: Any, words: str) -> None:
    spoil(place_of(Paths.below(home).data, "till 1"))
    report = Report(home, "--offline")
    assert report.code == 1
    assert report.line("journal").startswith("failed")
    assert words in report.line("journal")
    assert "→" in report.line("journal")


def test_a_till_that_never_sold_is_well(home: Path) -> None:
    report = Report(home, "--offline", "--till", "till 2")
    assert report.code == 0
    assert "none yet" in report.line("journal")
    assert "till till 2" in report.line("settings")


def test_an_older_schema_and_its_backups_are_said(home: Path) -> None:
    place = place_of(Paths.below(home).data, "till 1")
    place.with_name(f"{place.name}.v0.bak").write_bytes(b"copy")
    assert f"backups: {place.name}.v0.bak" in Report(home, "--offline").line("schema")


def test_f38_settings_are_named_with_file_and_line(home: Path) -> None:
    file = Paths.below(home).settings_file
    file.write_text('colour = "blue"\r\nkeep_customer_days = "x"\r\n' + file.read_text(), encoding="utf-8-sig")
    report = Report(home, "--offline")
    assert f"{file}, line 1: colour: unknown key" in report.text
    assert f"{file}, line 2: keep_customer_days: must be a whole number" in report.text
    assert report.code == 0  # it can sell


def test_f38_credentials_that_others_can_read(home: Path, sandbox: SandboxProcess) -> None:
    Paths.below(home).credentials_file.chmod(0o644)
    report = Report(home)
    assert report.code == 1
    assert report.line("credentials").startswith("failed")
    assert "chmod 600" in report.line("credentials")
    assert sandbox.client_secret not in report.text


def test_a_wrong_line_of_the_keys_is_named(home: Path) -> None:
    Paths.below(home).keys_file.write_text('[cart]\nrenew = "ctrl+m"\n')
    report = Report(home, "--offline")
    assert report.line("keys").startswith("attention")
    assert "keys.toml, line 2: cart.renew: ctrl+m cannot be told from Enter" in report.line("keys")


def test_a_wrong_secret_is_refused_and_not_shown(home: Path) -> None:
    file = Paths.below(home).credentials_file
    file.write_text('[counter]\nclient_secret = "planted-wrong-secret"\n')
    report = Report(home)
    assert report.code == 1
    assert "secret was refused" in report.line("sign-in")
    assert "planted-wrong-secret" not in report.text + report.errors


def test_no_server_is_said_with_what_to_do_f01(home: Path) -> None:
    file = Paths.below(home).settings_file
    text = file.read_text()
    server = next(line for line in text.splitlines() if line.startswith("server"))
    file.write_text(text.replace(server, 'server = "http://127.0.0.1:1"'))
    report = Report(home)
    assert report.code == 1
    assert "127.0.0.1:1 refuses the connection" in report.line("server")
    assert "→" in report.line("server")


def test_a_clock_that_is_an_hour_wrong(tmp_path: Path) -> None:
    late = datetime.fromtimestamp(os.stat(tmp_path).st_mtime, UTC) + timedelta(hours=1)
    with SandboxProcess(now=late.isoformat()) as other:
        settle_in(tmp_path, other)
        report = Report(tmp_path)
    assert report.line("clock").startswith("attention")
    assert "behind the server's" in report.line("clock")


def test_no_profile_is_said(tmp_path: Path) -> None:
    report = Report(tmp_path)
    assert report.code == 1
    assert "no profile" in report.line("settings")
    assert Report(tmp_path, "--profile", "other").code == 2


def test_a_print_command_and_a_folder_that_are_not_there(home: Path) -> None:
    file = Paths.below(home).settings_file
    blocked = home / "file"
    blocked.write_text("")
    file.write_text(f'print_command = ["no-such-printer"]\nsave_folder = "{blocked}/tickets"\n' + file.read_text())
    report = Report(home, "--offline")
    assert report.line("printing").startswith("attention")
    assert "no-such-printer" in report.line("printing")
    assert report.line("save folder").startswith("attention")
    assert report.code == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives links away")
def test_a_save_folder_that_is_a_strangers_link_is_told_as_saving_refuses_it(home: Path) -> None:
    (home / "shared").mkdir()
    link = home / "tickets-of-all"
    link.symlink_to(home / "shared")
    os.lchown(link, 65534, 65534)
    file = Paths.below(home).settings_file
    file.write_text(f'save_folder = "{link}"\n' + file.read_text())
    told = Report(home, "--offline").line("save folder")
    assert told.startswith("attention")
    assert "link that another account made" in told


def test_f39_a_locale_that_is_not_utf_8(home: Path) -> None:
    report = Report(home, "--offline", LANG="C", LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert "not UTF-8" in report.text
    assert "→" not in report.text


def test_it_needs_no_screen_library() -> None:
    rooms = "korus_tui.cli.doctor.report, korus_tui.cli.doctor.server, korus_tui.cli.doctor.journal"
    code = f"import sys, {rooms}\nprint(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"textual", "rich"} & set(ran.stdout.split()) == set()


def test_a_file_that_is_older_than_it_was_says_which_event_is_missing_since_when_and_what_to_do_f89(home: Path) -> None:
    """F89: a copy put back: the lock's file knows a later event."""
    place = place_of(Paths.below(home).data, "till 1")
    copy = place.read_bytes()
    with Journal.open(place) as journal:
        asyncio.run(journal.append("KT22-2222-2222", [NotesEntered("by the stairs")], **WHO))
        assert journal.head is not None
        last = journal.head.hash[-4:]
    for more in ("-wal", "-shm"):
        place.with_name(place.name + more).unlink(missing_ok=True)
    place.write_bytes(copy)
    report = Report(home, "--offline")
    said = report.line("journal")
    assert report.code == 1
    assert "the journal ends with event 5, and event 6 was written at 2025-01-29 07:55 UTC" in said
    assert f"when event 6-{last}" in said or f"when event 6 {last}" in said, said
    assert "Keep this file. Ask whoever has this account" in said
    assert f"remove {place}.lock" in said


def test_a_log_that_is_gone_or_a_link_is_told(home: Path) -> None:
    """F89: what kept the newest record's number and hash knows nothing of it, or cannot be written."""
    log = Paths.below(home).log_file
    gone = Report(home, "--offline").line("records")
    assert gone.startswith("attention")
    assert "knows nothing of this journal" in gone
    log.parent.mkdir(parents=True, exist_ok=True)
    log.symlink_to(home / "elsewhere")
    linked = Report(home, "--offline").line("records")
    assert linked.startswith("attention")
    assert "a link, or what is no file, stands in its place" in linked


def test_a_file_of_agents_that_is_gone_is_said(home: Path) -> None:
    place = place_of(Paths.below(home).data, "till 1")
    with Journal.open(place) as journal:
        asyncio.run(journal.append_to(stream_of("till 1"), [AgentAdded(Mode.LIVE, "Léa", True)], **WHO))
    report = Report(home, "--offline")
    assert report.code == 1
    assert "is missing, and there were PINs here" in report.line("agents")
    file = Paths.below(home).settings_file
    file.write_text(file.read_text() + "\n[agents]\nbegin_anew = true\n")
    assert "no PINs" in Report(home, "--offline").line("agents")
