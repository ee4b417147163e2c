"""Every screen in each of its states as text, in two sizes, and as pictures what text does not show: colour and weight.

A walk is one running program that comes through several states. What a screen showed when it was accepted is in
`texts/` and `pictures/`; `--snapshot-update` accepts what is different. Read the difference of the texts, and look at
each picture in a browser.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from picture_after import AFTER
from picture_cart import CART
from picture_documents import DOCUMENTS
from picture_kit import LIGHT, Camera, State, studio
from picture_paying import PAYING
from picture_selling import SELLING
from picture_sessions import SESSIONS
from picture_start import START
from picture_svg import compact, sent, truecolour
from picture_till import TILL
from rich.color import ColorSystem

from korus_tui.terminal.renderer import CellRenderer
from korus_tui.widgets.signs import to_ascii, use_ascii

HERE = Path(__file__).parent
STATES: dict[str, State] = {**SELLING, **SESSIONS, **CART, **PAYING, **DOCUMENTS, **AFTER, **TILL, **START}

# Each state's name, and the keys from there to the next one, where that does not begin on the same screen.
WALKS: dict[str, tuple[str, ...]] = {
    "sale": (
        "catalog", "offers", "sessions", "cart", "checkout-empty", "checkout", "documents", "documents-qr escape",
        "documents-message escape", "documents-slip escape", "documents-not-saved enter enter",
        "documents-link-refused",
    ),
    "documents": (
        "documents-failed enter enter", "documents-none enter enter", "documents-nameless enter enter",
        "documents-waiting",
    ),
    "cart": ("cart-empty escape", "cart-void escape", "leave escape", "help escape", "disk-full", "taken-over"),
    "time": ("cart-about-to-lapse", "cart-last-minute", "cart-lapsed", "parked"),
    "hold": ("cart-partly-held v y", "cart-several-days v y", "cart-price-changed v y", "cart-holding"),
    "sessions": (
        "offers-wrong-date escape", "sessions-loading escape escape", "form", "form-wrong escape escape escape",
        "sessions-too-few escape escape", "sessions-split escape escape", "sessions-stale", "sessions-sold-out",
    ),
    "offers": ("offers-live-price", "offers-too-many backspace backspace", "offers-sold-out escape", "offers-stale"),
    "reading": (
        "offers-failed escape", "day-failed escape", "today-failed escape", "today-loading escape",
        "day-loading escape", "offers-loading escape", "today-empty",
    ),
    "no-catalog": ("catalog-failed", "catalog-empty", "catalog-stale"),
    "catalog-loading": ("catalog-loading",),
    "words": (
        "catalog-filtered escape", "catalog-no-match escape", "palette escape", "palette-found escape escape",
        "palette-none escape escape", "quick-ambiguous escape", "quick escape", "quick-read escape",
        "quick-several escape", "quick-unknown escape", "quick-no-session escape", "day escape escape", "too-small",
        "take-over escape", "journal-damaged",
    ),
    "today": ("catalog-favourites", "favourites escape", "today", "today-stale"),
    "customer": ("checkout-wrong-field escape", "checkout-customer escape", "checkout-refused-field"),
    "methods": (
        "checkout-too-little escape", "checkout-voucher escape", "checkout-card escape", "checkout-card-number escape",
        "checkout-split", "checkout-leave",
    ),
    "closed": ("checkout-gate-closed", "checkout-till-closed"),
    "doubt": ("checkout-not-confirmed", "orders-not-confirmed", "orders-close", "orders-close-question"),
    "lapsed": ("checkout-lapsed", "checkout-settle escape", "checkout-refunded"),
    "dearer": ("checkout-price-changed",),
    "orders": (
        "orders-empty", "orders-failed escape", "orders", "orders-none", "orders-stale escape escape",
        "order", "order-reprint escape", "order-cancellation-wrong escape", "order-cancellation",
        "order-cancelled", "order-stale",
    ),
    "holders": ("holders", "holders-wrong", "holders-done"),
    "till": (
        "till-closed", "till-no-past escape", "sign-in escape", "sign-in-wrong escape", "till-opening",
        "till-cash-in escape", "till-no-reason escape", "till-open", "till-x escape", "till-z-count", "till-z-question",
        "till-z", "till-past",
    ),
    "connect": ("connect", "connect-wrong", "connect-refused", "connect-secret", "connect-certificate"),
    "connect-replace": ("connect-replace",),
}  # fmt: skip

MAIN_PATH = ("catalog", "offers", "sessions", "cart", "checkout", "documents")
HARD = (
    "offers-stale", "sessions-sold-out", "cart-last-minute", "cart-lapsed", "cart-partly-held", "cart-price-changed",
    "parked", "quick-ambiguous", "checkout-too-little", "checkout-wrong-field", "checkout-not-confirmed",
    "checkout-lapsed", "checkout-price-changed", "documents-link-refused", "orders-not-confirmed", "order-cancelled",
    "till-z", "take-over",
)  # fmt: skip

SIXTEEN: Camera = lambda app: sent(app, CellRenderer(), ColorSystem.STANDARD)  # noqa: E731 - one of the cameras
ASCII: Camera = lambda app: sent(app, CellRenderer(words=to_ascii), ColorSystem.TRUECOLOR)  # noqa: E731
WAYS: dict[str, dict[str, Any]] = {
    "80x24": {"size": (80, 24)},
    "200x60": {"size": (200, 60)},
    "light": {"theme": LIGHT},
    "16-colours": {"camera": SIXTEEN},
}
POOR: dict[str, Camera] = {"no-colour": truecolour, "ascii": ASCII}


class Accepted:
    """What was accepted, against what is shown."""

    def __init__(self, update: bool) -> None:
        self.update = update
        self.changes: list[str] = []

    def check(self, path: Path, now: str) -> None:
        """Remember what is different, or accept it."""
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        if now == before:
            return
        if self.update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(now, encoding="utf-8")
        elif path.suffix == ".svg":
            self.changes.append(f"{path.name} is another picture")
        else:
            lines = difflib.unified_diff(before.splitlines(), now.splitlines(), path.name, "now", lineterm="", n=2)
            self.changes.append("\n".join(lines))


@pytest.fixture
def accepted(request: pytest.FixtureRequest) -> Iterator[Accepted]:
    """Fails a test at its end by all that was different."""
    found = Accepted(request.config.getoption("--snapshot-update"))
    yield found
    if found.changes:
        pytest.fail("\n\n".join([*found.changes, "--snapshot-update accepts it"]), pytrace=False)


@pytest.fixture(autouse=True)
def _one_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths that are shown begin where the test runs."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("language", ["en", pytest.param("fr", marks=pytest.mark.long)])
@pytest.mark.parametrize("walk", WALKS)
async def test_screens(walk: str, language: str, tmp_path: Path, accepted: Accepted) -> None:
    legs = [(name, STATES[name], keys) for name, *keys in map(str.split, WALKS[walk])]
    async with studio(legs[0][1], tmp_path, language) as one:
        away: list[str] = []
        for name, state, keys in legs:
            await one.come_to(state, away)
            accepted.check(HERE / "texts" / language / f"{name}.txt", await one.words(state))
            if language == "en" and name in (*MAIN_PATH, *HARD):
                accepted.check(HERE / "pictures" / f"{name}-dark.svg", compact(await one.picture(state)))
            await one.pose()
            away = keys


@pytest.mark.long
@pytest.mark.parametrize("way", [None, *POOR])
async def test_each_way_of_painting(
    way: str | None, tmp_path: Path, accepted: Accepted, monkeypatch: pytest.MonkeyPatch
) -> None:
    if way == "no-colour":
        monkeypatch.setenv("NO_COLOR", "1")
    elif way == "ascii":
        monkeypatch.setattr("korus_tui.terminal.ascii_only", lambda: True)
    ways = WAYS if way is None else {way: {"camera": POOR[way]}}
    try:
        async with studio(STATES[MAIN_PATH[0]], tmp_path, "en") as one:
            for name in MAIN_PATH:
                await one.come_to(STATES[name])
                for as_named, how in ways.items():
                    picture = await one.picture(STATES[name], **how)
                    accepted.check(HERE / "pictures" / f"{name}-{as_named}.svg", compact(picture))
                await one.pose()
    finally:
        use_ascii(False)


def test_every_state_is_on_one_walk_and_nothing_else_is_kept() -> None:
    walked = [leg.split()[0] for walk in WALKS.values() for leg in walk]
    assert sorted(walked) == sorted(STATES)
    for language in ("en", "fr"):
        assert {path.stem for path in (HERE / "texts" / language).iterdir()} == set(STATES)
    pictures = {f"{name}-dark" for name in (*MAIN_PATH, *HARD)}
    pictures |= {f"{name}-{way}" for name in MAIN_PATH for way in (*WAYS, *POOR)}
    assert {path.stem for path in (HERE / "pictures").iterdir()} == pictures
