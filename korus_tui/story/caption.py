"""The caption bar: what is seen here and why, and the keys that go on. It takes its lines from the page, hides none."""

from __future__ import annotations

from dataclasses import dataclass

from korus_tui.i18n import _
from korus_tui.widgets.inks import InkLine, Painted, Piece, line_width
from korus_tui.widgets.text import clean, wrap

_GAP = 2


@dataclass(frozen=True)
class Cap:
    """A key, or words that are typed; `strokes` is how many keys that is."""

    shown: str
    strokes: int = 1


@dataclass(frozen=True)
class Caption:
    """What the bar says: step `number` of `count`, `pressed` strokes of its `caps` so far, how one leaves the story."""

    number: int
    count: int
    said: str
    caps: tuple[Cap, ...] = ()
    pressed: int = 0
    leave: str = ""


class CaptionBar(Painted):
    """At the foot of whatever is on top; the page makes room."""

    def __init__(self, caption: Caption) -> None:
        super().__init__()
        self._caption = caption

    @property
    def caption(self) -> Caption:
        return self._caption

    def show(self, caption: Caption) -> None:
        """Say something else; nothing is painted where it is the same."""
        if caption != self._caption:
            self._caption = caption
            self.repaint()

    def lines(self, width: int) -> list[InkLine]:
        """The sentence, then keys at the left and the way out at the right, in the sentence's last line if they fit."""
        now = self._caption
        head = f" {now.number}/{now.count} "
        indent = " " * (len(head) + 1)
        said = wrap(now.said, max(1, width - len(indent)))
        found: list[InkLine] = [(Piece(head, "badge"), Piece(" "), Piece(said[0], "strong"))]
        found += [(Piece(indent), Piece(line, "strong")) for line in said[1:]]
        keys = self._keys()
        leave = Piece(clean(now.leave), "muted")
        last = (*found[-1], Piece(" " * _GAP), *keys)
        if line_width((*last, Piece(" " * _GAP), leave)) <= width:
            found.pop()
        else:
            last = (Piece(indent), *keys)
        pad = max(_GAP, width - line_width((*last, leave)))
        found.append((*last, Piece(" " * pad), leave))
        return found

    def _keys(self) -> list[Piece]:
        """The caps, as far as they were pressed in another ink."""
        left, pieces = self._caption.pressed, []
        if self._caption.caps:
            pieces.append(Piece(_("press") + " ", "muted"))
        for number, cap in enumerate(self._caption.caps):
            done = max(0, min(left, cap.strokes))
            left -= cap.strokes
            whole = f" {clean(cap.shown)} "
            cutting = len(whole) if done == cap.strokes else done + 1 if done else 0
            if number:
                pieces.append(Piece(" "))
            pieces += [Piece(whole[:cutting], "badge"), Piece(whole[cutting:], "key")]
        return pieces
