"""Every screen in each of its states as a picture: three sizes, both themes, both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from picture_cart import CART
from picture_documents import DOCUMENTS
from picture_kit import THEMES, State, pin, studio
from picture_paying import PAYING
from picture_selling import SELLING
from picture_svg import CompactSVG
from syrupy.assertion import SnapshotAssertion

MAIN_PATH = ("catalog", "offers", "sessions", "cart", "checkout", "documents")
STATES: dict[str, State] = {**SELLING, **CART, **PAYING, **DOCUMENTS}
LANGUAGES = ("en", "fr")


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Compares an SVG with the one that was accepted."""
    return snapshot.use_extension(CompactSVG)


def _every() -> list[object]:
    """Each state in each language; all but the way of a sale in English take minutes."""
    return [
        pytest.param(
            state,
            language,
            id=f"{state}-{language}",
            marks=() if state in MAIN_PATH and language == "en" else pytest.mark.long,
        )
        for state in STATES
        for language in LANGUAGES
    ]


@pytest.mark.parametrize(("state", "language"), _every())
async def test_screen(
    state: str, language: str, tmp_path: Path, picture: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin(monkeypatch, STATES[state].links)
    changed = []
    async with studio(STATES[state], tmp_path, language) as one:
        for size in STATES[state].sizes:
            for theme in THEMES:
                await one.pose(size, theme)
                name = f"{size[0]}x{size[1]}-{theme}"
                if not picture(name=name) == await one.picture():  # noqa: SIM201 - syrupy knows only ==
                    changed.append(name)
    assert not changed
