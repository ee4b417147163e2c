"""The story over a demo's program: told by hand, and its pages as text in which only what is by chance is left out."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from demo_kit import AtDemo, at_demo
from textual.screen import ModalScreen

from korus_tui.demo import STORY_BEGINS
from korus_tui.story.caption import CaptionBar
from korus_tui.story.director import Director

FRAMES = Path(__file__).parents[2] / "assets" / "story.txt"  # as assets/make_recording.py wrote them
PICTURES = ("story.gif", "story.cast")
_RULE = "=" * 80
_CHANCE = re.compile(  # references, hashes, codes, clocks, how long an answer took
    r"KT-ORD-\w{13}|(?<=K T - O R D -)(?: \w){13}|KT\w\w-\w{4}-\w{4}|KT\w{14}|\b[0-9a-f]{12}\b"
    r"|\d\d:\d\d(?::\d\d)?|(?<=online )[\d.]+ s"
)
_ADDRESS = re.compile(r"127\.0\.0\.1|X-Signature|[0-9a-f]{20}|/korus-tui-demo-|\.pdf|larger window")
IN_DOUBT = (14,)  # while the answer to the order is lost
_WAITING = re.compile(r"asked \d+ times")

HANDS: list[tuple[int, tuple[str, ...]]] = [
    (1, (*"famille", "space", *"argent")),
    (2, ("enter",)),
    (3, ("slash", "s", "a", "t", "enter")),
    (4, ("enter",)),
    (5, ("down", "enter")),
    (6, ("enter",)),
    (7, ("w",)),
    (8, ("c",)),
    (9, ("f7", "f6")),
    (10, ("ctrl+w",)),
    (11, ("enter",)),
    (12, ("f10",)),
    (15, ("s",)),
    (16, ("enter",)),
]


class Showing:
    """A demo's program with the story over it."""

    def __init__(self, program: AtDemo) -> None:
        self.program = program

    @property
    def bars(self) -> list[CaptionBar]:
        return list(self.program.app.screen.query(CaptionBar))

    @property
    def number(self) -> int:
        return self.bars[0].caption.number if self.bars else 0

    @property
    def said(self) -> str:
        """All that the bar says."""
        return " ".join("".join(piece.text for piece in line) for line in self.bars[0].lines(120)) if self.bars else ""

    async def come_to(self, number: int) -> None:
        """Wait until a step is told, and its page takes keys."""
        screen = lambda: self.program.app.screen  # noqa: E731
        await self.program.until(lambda: self.number == number and screen().is_mounted)
        await self.program.until(lambda: getattr(screen(), "armed", True))
        if guard := getattr(screen(), "guard", None):
            await self.program.until(lambda: guard.ready)

    async def by_hand(self, to: int, look: Callable[[int], Awaitable[None]] | None = None) -> None:
        """What the bar tells, as a partner would press it, from where it is up to this step; each looked at before."""
        await self.program.until(lambda: self.number)
        for number, keys in HANDS:
            if self.number <= number < to:
                await self.come_to(number)
                if look is not None:
                    await look(number)
                if number == 15:
                    await self.program.until(lambda: self.program.app.screen.allowed("save"))
                await self.program.press(*keys)
                await self.program.until(lambda number=number: self.number > number)
        await self.come_to(to)

    @property
    def frame(self) -> str:
        """The page as text, without what is by chance; while an answer is lost, without the header, which counts."""
        dialog = isinstance(self.program.app.screen, ModalScreen)
        lines = [line[slice(2, 78) if dialog else slice(None)].rstrip() for line in self.program.text.splitlines()]
        if self.number in IN_DOUBT:
            lines = [line for line in lines[1:] if not _WAITING.search(line)]
        kept = (line for line in lines if not _ADDRESS.search(line))
        return "\n".join(_CHANCE.sub(lambda found: "#" * len(found[0]), line) for line in kept).strip("\n")


def stored() -> tuple[list[str], dict[int, str]]:
    """The sums of the pictures, and the frames that they show, by their step."""
    head, *frames = FRAMES.read_text(encoding="utf-8").split(f"\n{_RULE}\n")
    return head.splitlines(), {int(one.partition("\n")[0]): one.partition("\n")[2].strip("\n") for one in frames}


def written(sums: list[str], frames: dict[int, str]) -> str:
    """What `stored` reads."""
    return f"\n{_RULE}\n".join(("\n".join(sums), *(f"{number}\n{frame}" for number, frame in frames.items()))) + "\n"


@asynccontextmanager
async def told(*, plays: bool, size: tuple[int, int] = (80, 24), slowly: float = 0.2) -> AsyncIterator[Showing]:
    async with at_demo(size, STORY_BEGINS, slowly) as program:
        program.app.guide = Director(program.app, program.demo.truth, plays=plays, pace=0)
        program.app.guide.begin()
        yield Showing(program)
