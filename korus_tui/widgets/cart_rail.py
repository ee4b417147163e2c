"""What the customer has so far: a panel beside the work, or one line under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from korus_tui.i18n import _, ngettext, pgettext
from korus_tui.widgets.inks import InkLine, PaintedView, Piece, line_width
from korus_tui.widgets.signs import Signs, signs
from korus_tui.widgets.text import alike, clean, cut, cut_inside, fit, width_of, wrap

Tone = Literal["", "muted", "warn", "bad", "good"]
_FOOT = 3  # the line across, the total, the lower edge
_NAME = 2  # lines of an entry's name
_BESIDE = 12  # columns that a name has at least beside what leads to it; with fewer it stands below


@dataclass(frozen=True)
class CartRailLine:
    """One line of the sale: what and how many, when, amount and remaining time as text."""

    text: str
    when: str = ""
    amount: str = ""
    remaining: str = ""
    tone: Tone = ""


@dataclass(frozen=True)
class RailEntry:
    """What can be gone on with: the key, reference or time that leads to it, its name, how it stands."""

    lead: str
    name: str = ""
    said: str = ""
    tone: Tone = "muted"
    key: bool = False


@dataclass(frozen=True)
class RailPart:
    """Some of these below a title."""

    title: str
    entries: tuple[RailEntry, ...]


@dataclass(frozen=True)
class CartView:
    """The sale as the rail shows it; `count` is the number of tickets, `soonest` the time that holds are sure, `lapsed`
    the number of lines whose hold is over.

    `total` is what is to collect, unless `said` is other words for it: what was paid, what is still to collect. Where
    no money can be taken, `closed` says so before anything is sold; `elsewhere` names what waits for another profile.
    `meanwhile` is what an empty sale can begin with.
    """

    reference: str = ""
    lines: tuple[CartRailLine, ...] = ()
    total: str = ""
    said: str = ""
    count: int = 0
    soonest: str = ""
    soonest_tone: Tone = ""
    lapsed: int = 0
    closed: str = ""
    elsewhere: str = ""
    meanwhile: tuple[RailPart, ...] = ()


class CartRail(PaintedView[CartView]):
    """The panel: lines from the top, what to collect at the bottom, where there is any; a second that passes repaints
    only its cells.
    """

    def __init__(self) -> None:
        super().__init__(CartView())

    def lines(self, width: int) -> list[InkLine]:
        """A box with its title in the edge, two lines an entry, and the total on its last line."""
        mark = signs()
        inner = width - 4  # an edge and one cell of air at each side
        if inner < 8:
            return []
        height = max(self.content_size.height, _FOOT + 2)
        title = cut(" ".join((_("SALE"), clean(self._view.reference))).strip(), inner)
        head = (Piece(f"{mark.corners[0]} ", "rule"), Piece(title, "muted"))
        rest = Piece(f" {mark.across * (width - 4 - width_of(title))}{mark.corners[1]}", "rule")
        total = self._total(inner)
        room = height - (_FOOT if total else 1) - 1
        body = self._entries(inner, room)
        body += [()] * (room - len(body))
        lines: list[InkLine] = [(*head, rest)]
        lines += [_within(line, inner, mark) for line in body]
        if total:
            lines.append((Piece(f"{mark.joints[0]}{mark.across * (width - 2)}{mark.joints[1]}", "rule"),))
            lines.append(_within(total, inner, mark))
        lines.append((Piece(f"{mark.corners[2]}{mark.across * (width - 2)}{mark.corners[3]}", "rule"),))
        return lines

    def _entries(self, width: int, room: int) -> list[InkLine]:
        if not self._view.lines:
            nothing = _("No line is left.") if self._view.total else _("Nothing yet.")
            said, tone = (self._view.closed, "muted") if self._view.closed else (nothing, "faint")
            other: list[InkLine] = [(Piece(line, "muted"),) for line in wrap(self._view.elsewhere, width)]
            return [
                *((Piece(line, tone),) for line in wrap(said, width)),
                *([(), *other] if self._view.elsewhere else []),
                *_meanwhile(self._view.meanwhile, width),
            ]
        long = [line for line in self._view.lines if len(wrap(line.text, _room(line, width))) > _NAME]
        least = min((width_of(" ".join(_name(line, width, frozenset()))) for line in long), default=0)
        same = alike([clean(line.text) for line in long], least)
        blocks = [_entry(line, width, same) for line in self._view.lines]
        shown: list[InkLine] = []
        for number, block in enumerate(blocks):
            rest = len(blocks) - number
            if len(shown) + len(block) + (1 if rest > 1 else 0) > room:
                more = ngettext("and %(count)d more line", "and %(count)d more lines", rest) % {"count": rest}
                return [*shown, (Piece(fit(more, width), "muted"),)]
            shown += block
        return shown

    def _total(self, width: int) -> InkLine:
        label, total = self._view.said or _("TO COLLECT"), clean(self._view.total)
        if not (self._view.lines or total):
            return ()
        gap = width - width_of(label) - width_of(total)
        return (Piece(label, "muted"), Piece(" " * max(1, gap)), Piece(total, "money"))


def _meanwhile(parts: tuple[RailPart, ...], width: int) -> list[InkLine]:
    """Each part below its title, names in two lines at most, those that are alike cut inside."""
    lines: list[InkLine] = []
    for part in parts:
        lines += [(), *((Piece(line, "faint"),) for line in wrap(part.title, width))]
        lead = max((width_of(entry.lead) for entry in part.entries), default=0) + 1
        said = max((width_of(entry.said) + 1 for entry in part.entries if entry.said), default=0)
        below = width - lead - said < _BESIDE
        room = width - 2 if below else width - lead - said
        names = [clean(entry.name) for entry in part.entries]
        same = alike([name for name in names if len(wrap(name, room)) > _NAME], _NAME * room - 1)
        for entry, name in zip(part.entries, names, strict=True):
            shown = wrap(cut_inside(name, _NAME * room - 1) if name in same else name, room, most=_NAME)
            head = (Piece(fit(entry.lead, lead), "key" if entry.key else "muted"),)
            end = (Piece(fit(entry.said, said, "right"), entry.tone),) if said else ()
            if below:
                lines.append((*head, Piece(" " * (width - lead - said)), *end))
                lines += [(Piece(f"  {fit(line, room)}"),) for line in shown if name]
            else:
                lines.append((*head, Piece(fit(shown[0], room)), *end))
                lines += [(Piece(" " * lead), Piece(fit(line, room))) for line in shown[1:]]
    return lines


def _within(line: InkLine, inner: int, mark: Signs) -> InkLine:
    """A line of the box, between its edges."""
    pad = Piece(" " * max(0, inner - line_width(line)))
    return (Piece(f"{mark.down} ", "rule"), *line, pad, Piece(f" {mark.down}", "rule"))


def _room(line: CartRailLine, width: int) -> int:
    return max(4, width - width_of(line.amount) - 1)


def _name(line: CartRailLine, width: int, same: frozenset[str]) -> list[str]:
    """The name in two lines, cut inside where it is one of the `same`."""
    name, room = clean(line.text), _room(line, width)
    most = _NAME * room
    while name in same and len(wrap(cut_inside(name, most), room)) > _NAME:
        most -= 1
    return wrap(cut_inside(name, most) if name in same else name, room, most=_NAME)


def _entry(line: CartRailLine, width: int, same: frozenset[str]) -> list[InkLine]:
    """An entry: name and amount, then when and how long it holds; the name wraps once, the amount never moves."""
    room = width - width_of(line.amount) - 1
    names = _name(line, width, same)
    first = (Piece(fit(names[0], room)), Piece(" " + clean(line.amount), "strong" if line.amount else ""))
    block: list[InkLine] = [first, *[(Piece(fit(name, width)),) for name in names[1:]]]
    remaining = cut(clean(line.remaining), width - 2)
    if line.when and width_of(line.when) + width_of(remaining) + 3 > width:  # both matter: one line each
        block.append((Piece("  " + fit(line.when, width - 2), "muted"),))
        block.append((Piece(fit(remaining, width, "right"), line.tone or "muted"),))
        return block
    when = fit(line.when, max(0, width - 3 - width_of(remaining)))
    block.append((Piece("  " + when + " ", "muted"), Piece(remaining, line.tone or "muted")))
    return block


class CartLine(PaintedView[CartView]):
    """The same in one line: `4 tickets · 294.00 € · holds 12:41`."""

    def __init__(self) -> None:
        super().__init__(CartView())

    def lines(self, width: int) -> list[InkLine]:
        """Count, total, soonest hold; the reference at the right where it fits."""
        view, dot = self._view, f" {signs().dot} "
        if not (view.lines or view.count or view.total):
            said, tone = (view.closed, "muted") if view.closed else (_("Nothing in this sale yet."), "faint")
            said = dot.join(part for part in (said, clean(view.elsewhere)) if part)
            return [(Piece(fit(said, width), tone),)]
        count = ngettext("%(count)d ticket", "%(count)d tickets", view.count) % {"count": view.count}
        pieces = [Piece(count), Piece(dot, "faint")]
        if view.said:
            pieces.append(Piece(f"{view.said} ", "muted"))
        pieces.append(Piece(clean(view.total), "money"))
        if view.soonest:
            holds = Piece(clean(view.soonest), f"{view.soonest_tone} strong".strip())
            pieces += [Piece(dot, "faint"), Piece(pgettext("before a remaining time", "holds") + " ", "muted"), holds]
        if view.lapsed:
            said = ngettext("%(count)d line lapsed", "%(count)d lines lapsed", view.lapsed) % {"count": view.lapsed}
            pieces += [Piece(dot, "faint"), Piece(said, "bad strong")]
        reference = clean(view.reference)
        pad = width - line_width(pieces) - width_of(reference)
        if pad >= 2:
            pieces += [Piece(" " * pad), Piece(reference, "muted")]
        return [tuple(pieces)]
