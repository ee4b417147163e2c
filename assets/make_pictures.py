"""Makes the README's pictures from the running program: `python assets/make_pictures.py`, with the extra `demo`."""

from __future__ import annotations

import asyncio
from pathlib import Path

from textual.pilot import Pilot

from korus_tui.app.korus_app import KorusApp
from korus_tui.demo import Demo
from korus_tui.screens.catalog.screen import CatalogScreen

HERE = Path(__file__).parent
SIZE = (120, 34)
# What to wait for, what to press then, and the picture to take before it.
STEPS: tuple[tuple[str, tuple[str, ...], str | None], ...] = (
    ("Puy du Fou 1 jour + Cin", tuple("adulte + argent"), None),
    ("Adulte Argent — Puy du Fou 1", ("enter",), None),
    ("1 × €", ("pagedown",), None),
    ("July", ("2", "down", "2"), None),
    ("2 × €", (), "offers"),
    ("2 × €", ("enter",), None),
    ("nothing to choose", ("down", "enter"), None),
    ("held 14:", ("enter",), "cart"),
    ("How is it paid?", ("w", "c"), None),
    ("Given", tuple("40000"), None),
    ("400.00", ("f10",), "checkout"),
    ("complete.", (), None),
)


def text(pilot: Pilot[int | None]) -> str:
    """All that stands on the screen."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


async def until(pilot: Pilot[int | None], words: str) -> None:
    """Wait until the words are seen and the screen has come to rest."""
    async with asyncio.timeout(30):
        while words not in text(pilot):
            await pilot.pause(0.05)
    await pilot.pause(1.2)


async def main() -> None:
    """Sell once, and take the pictures on the way."""
    with Demo.start(["--now=2026-06-23T08:30:00Z"]) as demo:
        services = demo.services()
        app = KorusApp(services, CatalogScreen(services), log=services.paths.log_file, theme="korus-dark")
        async with app.run_test(size=SIZE) as pilot:
            for words, keys, picture in STEPS:
                await until(pilot, words)
                if picture:
                    (HERE / f"{picture}.svg").write_text(app.export_screenshot(title="korus-tui"), encoding="utf-8")
                await pilot.press(*keys)


if __name__ == "__main__":
    asyncio.run(main())
