"""The header: where this till stands, in one line, the most important facts last to go."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, NamedTuple

from korus_tui.i18n import _, ngettext, pgettext
from korus_tui.widgets.inks import InkLine, PaintedView, Piece, line_width
from korus_tui.widgets.signs import signs
from korus_tui.widgets.text import clean, cut

Tone = Literal["", "muted", "warn", "bad", "good"]


class WayStep(IntEnum):
    """Where a sale stands on its way."""

    FIND = 0
    DATE = 1
    SESSION = 2
    HOLD = 3
    PAY = 4
    HAND_OVER = 5


_GAP = 3


class _Part(NamedTuple):
    """One fact; of those that do not fit, the one with the lowest weight goes first. `last_left`: the rest stands at
    the right edge."""

    weight: int
    line: InkLine
    last_left: bool = False


@dataclass(frozen=True)
class StatusView:
    """What the header says; `tone` colours the connection, `hold` is the soonest remaining time as text.

    `parked`: that hold is not of the sale at the counter (docs/rules.md, Holds). `elsewhere` is how many open sales
    wait for another profile, `rehearsal` what a demo is about to do wrong, `day` what today would be where that is in
    doubt. `step` is where on the way of a sale this page stands.
    """

    venue: str = ""
    agent: str = ""
    till: str = ""
    connection: str = ""
    tone: Tone = ""
    hold: str = ""
    hold_reference: str = ""
    hold_tone: Tone = ""
    not_confirmed: int = 0
    mode: Literal["DEMO", "TRAINING", ""] = ""
    elsewhere: int = 0
    rehearsal: str = ""
    day: str = ""
    step: WayStep | None = None
    parked: bool = False


class StatusLine(PaintedView[StatusView]):
    """One line at the top; whole facts are dropped when it gets narrow, the least important first."""

    def __init__(self) -> None:
        super().__init__(StatusView())

    def lines(self, width: int) -> list[InkLine]:
        """Parts in reading order."""
        parts = self._parts()
        if _total(parts) > width:
            parts = self._parts(short=True)
        while len(parts) > 1 and _total(parts) > width:
            parts.remove(min(parts, key=lambda part: part.weight))
        left = next((at for at, part in enumerate(parts, 1) if part.last_left), max(1, len(parts) // 2))
        return [_spread([part.line for part in parts], width, left)]

    def _parts(self, *, short: bool = False) -> list[_Part]:
        view, mark = self._view, signs()
        who = f" {mark.dot} ".join(clean(part) for part in (view.till, view.agent) if part)
        parts: list[_Part] = []
        if view.mode:
            word = {"DEMO": _("DEMO"), "TRAINING": _("TRAINING")}[view.mode]
            parts.append(_Part(90, (Piece(f" {word} ", "badge"),)))
        if view.rehearsal:
            parts.append(_Part(95, (Piece(f" {cut(clean(view.rehearsal), 50)} ", "alarm"),)))
        if view.venue:
            parts.append(_Part(30, (Piece(cut(clean(view.venue), 32), "strong"),)))
        if view.step is not None:
            parts.append(_Part(5, _trail(view.step, mark.then, short=short), last_left=True))
        if who:
            parts.append(_Part(10, (Piece(cut(who, 28), "muted"),)))
        if view.connection:
            parts.append(_Part(60 if view.tone in ("warn", "bad") else 20, self._connection(view, mark.online)))
        if view.hold:
            parts.append(_Part(80, self._hold(view, with_reference=True)))
        return [*parts, *self._warnings(view)]

    def _warnings(self, view: StatusView) -> list[_Part]:
        parts: list[_Part] = []
        if view.day:
            parts.append(_Part(85, (Piece(_("today is {day}?").format(day=clean(view.day)), "warn"),)))
        if view.elsewhere:
            said = ngettext("%(count)d waits elsewhere", "%(count)d wait elsewhere", view.elsewhere)
            parts.append(_Part(70, (Piece(said % {"count": view.elsewhere}, "warn"),)))
        if view.not_confirmed:
            said = ngettext("%(count)d not confirmed", "%(count)d not confirmed", view.not_confirmed)
            parts.append(_Part(100, (Piece(f" ! {said % {'count': view.not_confirmed}} ", "alarm"),)))
        return parts

    def _connection(self, view: StatusView, sign: str) -> InkLine:
        return (Piece(f"{sign} ", view.tone), Piece(cut(clean(view.connection), 28), view.tone or "muted"))

    def _hold(self, view: StatusView, with_reference: bool) -> InkLine:
        word = pgettext("before a remaining time", "hold")
        if view.parked:
            word = pgettext("before a remaining time", "parked")
        pieces = [Piece(word + " ", "muted"), Piece(clean(view.hold), f"{view.hold_tone} strong".strip())]
        if with_reference and view.hold_reference:
            pieces.append(Piece(" " + clean(view.hold_reference), "muted"))
        return tuple(pieces)


def _trail(step: WayStep, then: str, *, short: bool) -> InkLine:
    """`Find › Date › Session`, where one is in bold; short: that and its number alone."""
    names = (_("Find"), _("Date"), _("Session"), _("Hold"), _("Pay"), _("Hand over"))
    if short:
        return (Piece(names[step], "strong"), Piece(f" {step + 1}/{len(names)}", "faint"))
    pieces = [Piece(name, "strong" if at == step else "faint") for at, name in enumerate(names)]
    return tuple(one for piece in pieces for one in (piece, Piece(f" {then} ", "faint")))[:-1]


def _total(parts: list[_Part]) -> int:
    return sum(line_width(part.line) for part in parts) + _GAP * (len(parts) - 1)


def _spread(lines: list[InkLine], width: int, left: int) -> InkLine:
    """The first `left` parts at the left, the rest at the right edge, so that the money facts keep their place."""
    if not lines:
        return ()
    spare = max(0, width - sum(line_width(line) for line in lines) - _GAP * (len(lines) - 1))
    pieces: list[Piece] = []
    for number, line in enumerate(lines):
        if number:
            pieces.append(Piece(" " * (_GAP + (spare if number == left else 0))))
        pieces.extend(line)
    return tuple(pieces)
