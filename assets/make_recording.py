"""Makes the story's recording and picture: `python assets/make_recording.py`, with the extras `demo` and `dev`.

`story.cast` is the whole story as a terminal received it (asciinema), `story.gif` its most telling part, `story.txt`
its pages as text: a test compares those with the pages of today, so that no picture grows old unseen.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "tests"), str(HERE.parent / "tests" / "screens")]

from pseudo_terminal import Terminal  # noqa: E402 - a test's tool, found by the line above
from story_kit import FRAMES, PICTURES, Showing, told, written  # noqa: E402

SIZE = (80, 24)
PACE = 2.6  # seconds a line
FROM = "9/17"  # the first step of the picture
LAST = 6.0  # seconds for which the proof stands
QUIET = 0.12  # seconds without a byte after which a frame is whole
CELL = (8, 17)
GROUND, INK = "#14161a", "#d6d9de"
NAMED = {
    "black": "#000000", "red": "#c0392b", "green": "#27ae60", "brown": "#b58900", "blue": "#2980b9",
    "magenta": "#8e44ad", "cyan": "#16a085", "white": "#d6d9de",
}  # fmt: skip


class Recorder(Terminal):
    """A terminal that remembers what it received, and when."""

    def __init__(self, argv: list[str]) -> None:
        self.heard: list[tuple[float, bytes]] = []
        self.begun = time.monotonic()
        super().__init__(argv, size=SIZE, env={"COLORTERM": "truecolor"})

    def take(self, data: bytes) -> None:
        """Remember it too."""
        if data:
            self.heard.append((time.monotonic() - self.begun, data))
        super().take(data)


def colour(name: str, otherwise: str) -> str:
    """A colour of the emulator as a picture knows it."""
    if name == "default":
        return otherwise
    return NAMED.get(name, f"#{name}")


def painted(terminal: Recorder, plain: ImageFont.FreeTypeFont, bold: ImageFont.FreeTypeFont) -> Image.Image:
    """What stands on the screen, as a picture."""
    wide, high = CELL
    picture = Image.new("RGB", (SIZE[0] * wide, SIZE[1] * high), GROUND)
    pen = ImageDraw.Draw(picture)
    for y in range(SIZE[1]):
        row = terminal.screen.buffer[y]
        for x in range(SIZE[0]):
            sign = row[x]
            ink, ground = colour(sign.fg, INK), colour(sign.bg, GROUND)
            if sign.reverse:
                ink, ground = ground, ink
            pen.rectangle((x * wide, y * high, x * wide + wide - 1, y * high + high - 1), fill=ground)
            if sign.data.strip():
                pen.text((x * wide, y * high + 1), sign.data, font=bold if sign.bold else plain, fill=ink)
    return picture


def record() -> None:
    """Watch the story play itself in a real pseudo-terminal."""
    plain, bold = (ImageFont.truetype(f"DejaVuSansMono{style}.ttf", 13) for style in ("", "-Bold"))
    pictures: list[Image.Image] = []
    stands: list[float] = []
    shown, last = "", 0.0
    with tempfile.TemporaryDirectory() as home:
        os.environ["KORUS_TUI_HOME"] = home
        play = [sys.executable, "-m", "korus_tui", "demo", "--play", "--pace", str(PACE), "--language", "en"]
        with Recorder(play) as terminal:
            proved = 0.0
            while not proved or time.monotonic() - proved < LAST:
                before = len(terminal.heard)
                terminal.read(QUIET)
                if "17/17" in terminal.text and "✓" in terminal.text:
                    proved = proved or time.monotonic()
                if len(terminal.heard) != before or terminal.text == shown:
                    continue
                shown = terminal.text
                if pictures or f" {FROM} " in shown:
                    now = time.monotonic()
                    if pictures:
                        stands.append(now - last)
                    pictures.append(painted(terminal, plain, bold))
                    last = now
            stands.append(LAST)
            heard = list(terminal.heard)
    head = {"version": 2, "width": SIZE[0], "height": SIZE[1], "title": "korus-tui demo --story"}
    lines = [head, *([round(at, 3), "o", data.decode(errors="replace")] for at, data in heard)]
    (HERE / "story.cast").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    few = [one.quantize(160, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE) for one in pictures]
    times = [max(40, round(one * 100) * 10) for one in stands]
    few[0].save(HERE / "story.gif", save_all=True, append_images=few[1:], duration=times, loop=0, optimize=True)
    print(f"{len(few)} frames, {sum(times) / 1000:.0f} s, {(HERE / 'story.gif').stat().st_size // 1024} KB")  # noqa: T201


async def settled(story: Showing) -> str:
    """The page once it has come to rest."""
    seen, since = "", time.monotonic()
    while time.monotonic() - since < 1.5:
        await story.program.pilot.pause(0.1)
        if story.frame != seen:
            seen, since = story.frame, time.monotonic()
    return seen


async def pages() -> dict[int, str]:
    """Each step's page as text."""
    frames: dict[int, str] = {}
    async with told(plays=False, slowly=3.0) as story:

        async def look(number: int) -> None:
            frames[number] = await settled(story)

        await story.by_hand(12, look)
        await look(12)
        await story.program.press("f10")
        await story.come_to(14)
        await story.program.until(lambda: "NOT CONFIRMED" in story.frame)
        frames[14] = story.frame
        await story.by_hand(17, look)
        await look(17)
    return frames


if __name__ == "__main__":
    record()
    made = asyncio.run(pages())
    sums = [f"{name} {sha256((HERE / name).read_bytes()).hexdigest()}" for name in PICTURES]
    FRAMES.write_text(written(sums, made), encoding="utf-8")
