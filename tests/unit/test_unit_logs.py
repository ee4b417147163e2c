"""The log keeps no secret, no customer and no card, whatever is written to it."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from korus_tui.terminal import logs

SECRET = "s3cr3t-T0k.en_9"


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    file = tmp_path / "log" / "korus-tui.log"
    logs.start(file)
    return file


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer {}",
        "'authorization': 'Bearer {}'",
        "headers={{'Authorization': b'Bearer {}'}}",
        "Proxy-Authorization: Basic {}",
        "bearer {} was refused",
        "client_secret={}&grant_type=client_credentials",
        '{{"access_token": "{}", "expires_in": 1800}}',
        "refresh_token='{}'",
        "password = {}",
        "https://storage.example/ticket.pdf?X-Amz-Signature={}&x=1",
        "https://storage.example/ticket.pdf?sig={}",
        "https://storage.example/ticket.pdf?a=1&token={}#page",
    ],
)
def test_a_secret_is_taken_out_f36(text: str) -> None:
    redacted = logs.redact(text.format(SECRET))
    assert SECRET not in redacted
    assert "(redacted)" in redacted


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("sent to ada.lovelace+tickets@example.co.uk today", "sent to (redacted) today"),
        ("card 4111 1111 1111 1111 refused", "card (redacted) refused"),
        ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln end", "jwt (redacted) end"),
    ],
)
def test_customers_and_cards_are_taken_out(text: str, kept: str) -> None:
    assert logs.redact(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "GET /v1/booking/orders: 200 in 41 ms, request 0194b132-448c-7d1b-bb13-f8e09ae5c18f",
        "the order of KTWS-YP6C-ML3C cannot be looked up yet",
        "2025-01-29 07:55:53,123 INFO",
    ],
)
def test_what_helps_stays(text: str) -> None:
    assert logs.redact(text) == text


def test_a_traceback_is_redacted_too(log_file: Path) -> None:
    try:
        raise ValueError(f"the server said: Authorization: Bearer {SECRET}")
    except ValueError:
        logging.getLogger("korus_tui.counter").exception("the call for ada@example.org failed")
    text = log_file.read_text(encoding="utf-8")
    assert "Traceback" in text
    assert SECRET not in text
    assert "ada@example.org" not in text


def test_the_log_says_nothing_elsewhere(log_file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("korus_tui.api").info("one line")
    assert log_file.read_text(encoding="utf-8").endswith("korus_tui.api one line\n")
    assert capfd.readouterr() == ("", "")


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path, log_file: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    logs.start(tmp_path / "file" / "korus-tui.log")
    logging.getLogger("korus_tui.api").warning("still running")
    assert [type(handler) for handler in logging.getLogger("korus_tui").handlers] == [logging.NullHandler]


def test_a_log_is_not_written_through_a_link(tmp_path: Path, log_file: Path) -> None:
    """What it names is another's; a pipe in its place would hold the program up for ever."""
    (tmp_path / "victim").write_text("")
    for number, make in enumerate((lambda file: file.symlink_to(tmp_path / "victim"), os.mkfifo)):
        file = log_file.with_name(f"{number}.log")
        make(file)
        logs.start(file)
        logging.getLogger("korus_tui").warning("said")
    assert (tmp_path / "victim").read_text() == ""


@pytest.mark.parametrize(("level", "kept"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)])
def test_how_much_is_logged_can_be_set_and_is_redacted_at_every_level(log_file: Path, level: str, kept: int) -> None:
    logs.use_level(level)
    try:
        logs.start(log_file)
        for write in ("debug", "info", "warning", "error"):
            getattr(logging.getLogger("korus_tui.api"), write)("Authorization: Bearer %s", SECRET)
    finally:
        logs.use_level("info")
    lines = log_file.read_text(encoding="utf-8").splitlines()
    assert len(lines) == kept
    assert SECRET not in "".join(lines)
    assert all("(redacted)" in line for line in lines)


def test_the_log_is_cut_and_three_older_ones_are_kept(log_file: Path) -> None:
    logger = logging.getLogger("korus_tui.api")
    for number in range(50):
        logger.info("%d %s", number, "x" * 150_000)
    kept = sorted(log_file.parent.iterdir())
    assert [one.name for one in kept] == ["korus-tui.log", *(f"korus-tui.log.{n}" for n in (1, 2, 3))]
    assert all(one.stat().st_size < 1_200_000 for one in kept)
    assert "49 xxx" in log_file.read_text(encoding="utf-8")
