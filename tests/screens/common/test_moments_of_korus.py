"""Moments in what Korus says: told on the venue's clocks, and never as machines write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from families import some
from offers_counter import counter
from sandbox_process import SandboxProcess
from till import Stage

from korus_tui import i18n
from korus_tui.screens.documents.screen import DocumentsScreen
from korus_tui.text.venue_time import at_venue, clock, moments_in, retold

NOON = "2026-06-03T10:00:00Z"  # noon in Paris
MACHINE = re.compile(r"\d{4}-\d\d-\d\dT")
LATER = [
    ("tutorial", "en", 20, "in less than a minute"),
    ("tutorial", "en", 240, "in about 4 minutes"),
    ("tutorial", "en", 3600 * 20, "on Thu 4 Jun at 08:0"),
    ("1.0.7", "fr", 70, "dans environ une minute"),
    ("1.0.7", "en", 3600 * 3, "at 15:0"),
    ("release", "fr", 3600 * 20, "le jeu. 4 juin à 08:0"),
]


@pytest.mark.parametrize(("generation", "language", "seconds", "said"), some(4, LATER))
async def test_a_document_that_comes_later_is_told_as_one_says_it(
    generation: str, language: str, seconds: int, said: str, tmp_path: Path
) -> None:
    """Also where only the words of the refusal say when: no list of documents tells it before the release."""
    i18n.use(language)
    with SandboxProcess(now=NOON, token_seconds=100_000, generation=generation, document_delay=seconds) as sandbox:
        async with counter(sandbox, tmp_path, generation=generation, size=(80, 24)) as one:
            one.till.services.desk.watch(one.till._changed.set)
            sale = await one.till.sell_until(Stage.ORDERED, await one.till.line(day=date(2026, 6, 6)))
            one.app.push_screen(DocumentsScreen(one.till.services, sale.reference))
            await one.until(lambda: isinstance(one.app.screen, DocumentsScreen))
            await one.until(lambda: said in " ".join(one.text.split()))
            assert not MACHINE.search(one.text)


async def test_korus_words_about_a_hold_name_the_venues_time(tmp_path: Path) -> None:
    """In the answer's failures and in a refusal."""
    reason = "Fermé jusqu'au 2026-06-03T20:27:54.123+00:00, puis 2026-06-09T08:00:00Z"
    failed = [{"path": "failedReservations", "value": [{"reason": reason}]}, {"path": "reservations", "value": []}]
    with SandboxProcess(now=NOON, token_seconds=100_000) as sandbox:
        async with counter(sandbox, tmp_path, "Parking") as one:
            sandbox.fault("replace", route="reservations_bulk", edits=failed, count=1)
            await one.press("1", "enter")
            await one.until(lambda: "could not be held" in one.text)
            assert "Fermé jusqu'au 22:27, puis Tue 9 Jun 10:00" in " ".join(one.text.split())


def test_what_is_a_moment_and_what_is_none() -> None:
    said = "le 2026-11-28T20:27:54+00:00, 2026-11-28 21:27+0100, 2026-11-28T20:27:54,5Z; 2026-11-28, 2026-13-40T25:00Z"
    first = datetime(2026, 11, 28, 20, 27, 54, tzinfo=UTC)
    assert moments_in(said) == (first, first - timedelta(seconds=54), first + timedelta(seconds=0.5))
    assert retold(said, lambda moment: f"{moment:%H.%M}") == ("le 20.27, 21.27, 20.27; 2026-11-28, 2026-13-40T25:00Z")
    assert retold("rien", lambda _moment: "!") == "rien"


def test_a_time_that_comes_twice_is_named_and_differs() -> None:
    paris = ZoneInfo("Europe/Paris")
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    there = [at_venue(one, paris) for one in (first, second)]
    assert [clock(one) for one in there] == ["02:30 CEST", "02:30 CET"]
    assert len(set(there)) == 2
    assert [clock(one, "Europe/Paris") for one in (first, second)] == ["02:30 CEST", "02:30 CET"]
    assert clock(datetime(2026, 10, 25, 2, 30, tzinfo=UTC), "Europe/Paris") == "03:30"
    assert clock(first, "Nowhere/At_All") == "00:30"
