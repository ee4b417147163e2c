"""One group of tickets: nothing to choose, or the times at which all of its people can come, with the places left."""

from __future__ import annotations

from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from korus_tui.counter.basket.sessions import (
    Fit,
    SessionChoice,
    ago,
    fit_all,
    fitting,
    left_all,
    name_of,
    people_of,
    showings,
)
from korus_tui.counter.basket.split import Group
from korus_tui.counter.catalog.offer_models import Session
from korus_tui.counter.core.problems import Unread
from korus_tui.i18n import _, ngettext
from korus_tui.screens.common import formats as words
from korus_tui.widgets.lists.row_list import Column, Row, RowList
from korus_tui.widgets.lists.rows import Rows
from korus_tui.widgets.lists.states import Empty, ListState, Ready
from korus_tui.widgets.text import clean, width_of

_MOST_LINES = 12


class TicketPane(Vertical):
    """Tickets with their times. `decided`: the choice needs no asking, or the agent has made it."""

    def __init__(self, number: int, group: Group, now: datetime, prefer: datetime | None) -> None:
        """`prefer` is the start that the agent came for."""
        self.full_day = group[0].ticket.full_day
        super().__init__(id=f"ticket-{number}", classes="ticket -full-day" if self.full_day else "ticket")
        self.group = group
        self.decided = self.full_day
        self._prefer = prefer
        self._expected: str | None = None
        self._marked = ""  # the row that says that it is chosen
        self._learn(group, now)
        self._several_days = len({one.starts_at.date() for one in self.showings if one.starts_at}) > 1

    def compose(self) -> ComposeResult:
        """The tickets' name and what is to choose, then the times."""
        yield Static(classes="ticket-title", markup=False)
        if not self.full_day:
            widest = max((width_of(words.time(one.starts_at)) for one in self.showings if one.starts_at), default=5)
            time_width = words.widest_day() + 1 + widest if self._several_days else widest
            left_width = max(10, width_of(_("{count} left").format(count=words.count(9_999))))
            yield RowList(
                (
                    Column("time", "", time_width),
                    Column("left", "", left_width, "right"),
                    Column("words", "", None),
                )
            )

    def on_mount(self) -> None:
        """Show the times as they were given."""
        self._show_rows()
        self.preselect()

    def _learn(self, group: Group, now: datetime) -> None:
        """What is known of the times now: looked through once, however many there are."""
        self.group, self._now, self.showings = group, now, showings(group)
        self._by_key = {one.key: one for one in self.showings}
        self._fitting = fitting(group, self.showings, now)

    # What the screen asks

    @property
    def list(self) -> RowList | None:
        """The list of times; None where there is nothing to choose, or where it is not there yet."""
        return None if self.full_day else next(iter(self.query(RowList)), None)

    @property
    def showing(self) -> SessionChoice | None:
        key = self.list.highlighted if self.list else None
        return None if key is None else self._by_key.get(key)

    @property
    def key(self) -> str:
        """The highlighted time's key; empty for none."""
        return self.showing.key if self.showing else ""

    @property
    def choice(self) -> dict[tuple[int, str], Session | None]:
        """The session of each member of the group."""
        found = self.showing.sessions if self.showing else (None,) * len(self.group)
        return dict(zip((member.key for member in self.group), found, strict=True))

    @property
    def fit(self) -> Fit | None:
        """Whether the highlighted time can be sold to all; None where there is none."""
        return None if self.showing is None else fit_all(self.group, self.showing, self._now)

    @property
    def sellable(self) -> bool:
        """Whether there is anything to choose that can be sold."""
        return self.full_day or bool(self._fitting)

    def moved_to(self, key: str | None) -> bool:
        """The highlight moved; whether the agent moved it, and is still there."""
        if key is None or key != self.key:
            return False
        by_agent = key != self._expected
        self._expected = key
        if by_agent:
            self.decided = True
            self.mark()
        return by_agent

    def show(self, group: Group, now: datetime, look: ListState | None = None) -> None:
        """Show places as they are now; the highlight stays, also on a time that cannot be sold any more."""
        self._learn(group, now)
        self._show_rows(look)

    def _show_rows(self, look: ListState | None = None) -> None:
        if self.list is not None:
            rows = Rows([one.key for one in self.showings], lambda place: self._row(self.showings[place]))
            empty = Empty(
                _("No session is sold for this ticket on this day."), _("‹sessions.back› shows the other days")
            )
            self.list.set_rows(rows, (look or Ready()) if rows else empty)
            self.list.styles.height = (min(len(rows), _MOST_LINES) if rows else 3) + (look is not None)
            if self.list.highlighted != self._expected:
                self._expected = self.list.highlighted
                self.decided = False
        self.mark()

    def preselect(self) -> None:
        """The one time that fits is chosen, or the one that the agent came for; else the first waits for Enter."""
        found = self._fitting
        if not found or self.decided or self.list is None:
            return
        wanted = next((one for one in found if self._prefer and one.starts_at == self._prefer), None)
        self._expected = (wanted or found[0]).key
        self.list.highlight(self._expected)
        self.decided = wanted is not None or len(found) == 1
        self.mark()

    def mark(self) -> None:
        """Say what is chosen, on its row and beside the tickets' name."""
        if self.list is not None:
            for key in dict.fromkeys((self._marked, self.key)):
                if key in self._by_key:
                    self.list.update_row(key, self._row(self._by_key[key]).cells)
            self._marked = self.key
        self.query_one(".ticket-title", Static).update(self._title())

    def _title(self) -> Content:
        counts: dict[int, str] = {}
        for member in self.group:
            labels = " ".join(label for _code, label in member.quote.product.options) or member.quote.product.name
            counts[member.part] = f"{member.quote.quantity} {labels}"
        said = [] if len(counts) < 2 and not self._is_part else [", ".join(counts.values())]
        said += [words_] if (words_ := self._choice_words()) else []
        if any(member.ticket.more for member in self.group):
            said.append(_("only the first {count} sessions are shown").format(count=words.count(len(self.showings))))
        if unread := Unread.together(member.ticket.unread for member in self.group):
            said.append(unread.words)
        if short := Unread.together(member.ticket.short for member in self.group):
            said.append(short.words)
        name = clean(name_of(self.group))
        return Content.assemble((name, "bold"), "   ", (clean("   ".join(said)), "$foreground-muted"))

    @property
    def _is_part(self) -> bool:
        """Whether other people of the same offer are chosen for elsewhere."""
        basket = getattr(self.screen, "basket", None)
        return basket is not None and basket.is_split

    def _choice_words(self) -> str:
        if self.full_day:
            return _("full day — nothing to choose")
        if not self.showings:
            return ""
        if not self.sellable:
            return _("no session has places for {count}").format(count=people_of(self.group))
        return "" if self.decided else _("choose a session")

    # Rows

    def _row(self, showing: SessionChoice) -> Row:
        found = fit_all(self.group, showing, self._now)
        cells = (self._time(showing), self._left(showing, found), self._words(showing, found))
        return Row(showing.key, cells, disabled=found is not Fit.FITS)

    def _time(self, showing: SessionChoice) -> str:
        if showing.starts_at is None:
            return _("any")
        time = words.time(showing.starts_at)
        return f"{words.day(showing.starts_at.date())} {time}" if self._several_days else time

    def _left(self, showing: SessionChoice, found: Fit) -> str:
        left = left_all(self.group, showing)
        if found is Fit.STARTED:
            return ""
        if left is None or left <= 0:
            return words.places_left(left, said=all(one.says_places for one in showing.sessions if one))
        return _("{count} left").format(count=words.count(left))

    def _words(self, showing: SessionChoice, found: Fit) -> str:
        session, people = showing.first, people_of(self.group)
        if found is Fit.STARTED:
            return self._started(session)
        if found is Fit.TOO_FEW:
            return _("too few for {count}").format(count=people)
        if found is Fit.NOT_ALL:
            return _("not for all of them")
        length = _("{count} min").format(count=session.minutes) if session.minutes else ""
        here = self.decided and self.key == showing.key
        chosen = _("◀ chosen for {count}").format(count=people) if here and found is Fit.FITS else ""
        return "  ".join(part for part in (length, chosen) if part)

    def _started(self, session: Session) -> str:
        minutes = int(ago(session, self._now).total_seconds() // 60)
        if minutes < 60:
            return ngettext("started {count} min ago", "started {count} min ago", minutes).format(count=minutes)
        hours = minutes // 60
        return ngettext("started {count} hour ago", "started {count} hours ago", hours).format(count=hours)
