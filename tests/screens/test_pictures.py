"""Every screen in each of its states as a picture: three sizes, both themes, both languages.

`--snapshot-update` accepts what is different. Look at each picture before: a browser shows the files.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from picture_after import AFTER
from picture_cart import CART
from picture_documents import DOCUMENTS
from picture_kit import THEMES, State, Studio, pin, studio
from picture_paying import PAYING
from picture_selling import SELLING
from picture_sessions import SESSIONS
from picture_start import START
from picture_svg import CompactSVG, sent
from picture_till import TILL
from rich.color import ColorSystem
from syrupy.assertion import SnapshotAssertion

from korus_tui.terminal.renderer import Shown
from korus_tui.widgets.signs import to_ascii, use_ascii

MAIN_PATH = ("catalog", "offers", "sessions", "cart", "checkout", "documents")
STATES: dict[str, State] = {**SELLING, **SESSIONS, **CART, **PAYING, **DOCUMENTS, **AFTER, **TILL, **START}
LANGUAGES = ("en", "fr")


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Compares an SVG with the one that was accepted."""
    return snapshot.use_extension(CompactSVG)


@pytest.fixture(autouse=True)
def _one_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths that are shown begin where the test runs."""
    monkeypatch.chdir(tmp_path)


async def album(one: Studio, state: State, picture: SnapshotAssertion) -> list[str]:
    """Takes the pictures of a state; the names of those that are not as they were accepted."""
    changed = []
    for size in state.sizes:
        for theme in THEMES:
            await one.pose(size, theme)
            name = f"{size[0]}x{size[1]}-{theme}"
            accepted = picture(name=name) == await one.picture()
            changed += [] if accepted else [name]
    return changed


@pytest.mark.parametrize(
    ("state", "language"),
    [
        pytest.param(
            state,
            language,
            id=f"{state}-{language}",
            marks=() if state in MAIN_PATH and language == "en" else pytest.mark.long,
        )
        for state in STATES
        for language in LANGUAGES
    ],
)
async def test_screen(
    state: str, language: str, tmp_path: Path, picture: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin(monkeypatch, STATES[state].links)
    async with studio(STATES[state], tmp_path, language) as one:
        assert await album(one, STATES[state], picture) == []


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", MAIN_PATH)
async def test_sixteen_colours(
    state: str, language: str, tmp_path: Path, picture: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin(monkeypatch)
    async with studio(STATES[state], tmp_path, language) as one:
        one.camera = lambda app: sent(app, Shown(), ColorSystem.STANDARD)
        assert await album(one, STATES[state], picture) == []


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", MAIN_PATH)
async def test_no_colour(
    state: str, language: str, tmp_path: Path, picture: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin(monkeypatch)
    monkeypatch.setenv("NO_COLOR", "1")
    async with studio(STATES[state], tmp_path, language) as one:
        assert await album(one, STATES[state], picture) == []


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", MAIN_PATH)
async def test_ascii(
    state: str, language: str, tmp_path: Path, picture: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin(monkeypatch)
    monkeypatch.setattr("korus_tui.terminal.ascii_only", lambda: True)
    try:
        async with studio(STATES[state], tmp_path, language) as one:
            one.camera = lambda app: sent(app, Shown(words=to_ascii), ColorSystem.TRUECOLOR)
            assert await album(one, STATES[state], picture) == []
    finally:
        use_ascii(False)
