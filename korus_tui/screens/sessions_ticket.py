"""One ticket of the offer: nothing to choose, or its sessions with the places left."""

from __future__ import annotations

from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from korus_tui.counter.views import Live, Session, Ticket
from korus_tui.i18n import _, ngettext
from korus_tui.screens import words
from korus_tui.screens.sessions_fit import Fit, ago, fit, fitting, left_of
from korus_tui.widgets.row_list import Column, Row, RowList
from korus_tui.widgets.signs import signs
from korus_tui.widgets.states import Empty, ListState, Ready
from korus_tui.widgets.text import clean

_BAR = 16  # cells of the bar of places
_MOST_LINES = 12


class TicketPane(Vertical):
    """A ticket with its sessions. `decided`: the choice needs no asking, or the agent has made it."""

    def __init__(self, number: int, ticket: Ticket, live: Live, quantity: int, now: datetime) -> None:
        super().__init__(id=f"ticket-{number}", classes="ticket")
        self.ticket = ticket
        self.touched = False
        self.decided = ticket.full_day
        self._live = live
        self._quantity = quantity
        self._now = now
        self._expected: str | None = None
        self._several_days = len({one.starts_at.date() for one in ticket.sessions if one.starts_at}) > 1

    def compose(self) -> ComposeResult:
        """The ticket's name and what is to choose, then its sessions."""
        yield Static(classes="ticket-title", markup=False)
        if not self.ticket.full_day:
            time_width = 17 if self._several_days else 5
            yield RowList(
                (
                    Column("time", "", time_width),
                    Column("bar", "", _BAR, priority=2),
                    Column("left", "", 10, "right"),
                    Column("words", "", None),
                )
            )

    def on_mount(self) -> None:
        """Show the sessions as they were given."""
        self.show(self._live, self._now)
        self.preselect()

    # What the screen asks

    @property
    def list(self) -> RowList | None:
        """The list of sessions; None where there is nothing to choose."""
        return None if self.ticket.full_day else self.query_one(RowList)

    @property
    def session(self) -> Session | None:
        """The highlighted session."""
        key = self.list.highlighted if self.list else None
        return next((one for one in self.ticket.sessions if one.id == key), None)

    @property
    def fit(self) -> Fit | None:
        """Whether the highlighted session can be sold; None where there is no session."""
        session = self.session
        return None if session is None else fit(session, self._live, self._quantity, self._now)

    @property
    def sellable(self) -> bool:
        """Whether there is anything to choose that can be sold."""
        return self.ticket.full_day or bool(fitting(self.ticket, self._live, self._quantity, self._now))

    def place(self, session: Session, *, decided: bool) -> None:
        """Highlight a session without the agent's hand."""
        if self.list is not None:
            self._expected = session.id
            self.list.highlight(session.id)
            self.decided = self.decided or decided
            self.mark()

    def moved_to(self, key: str | None) -> bool:
        """The highlight moved; whether the agent moved it, and is still there."""
        if key is None or self.session is None or key != self.session.id:
            return False
        by_agent = key != self._expected
        self._expected = key
        if by_agent:
            self.touched = self.decided = True
            self.mark()
        return by_agent

    def show(self, live: Live, now: datetime, look: ListState | None = None) -> None:
        """Show places as they are now; the highlight stays, also on a session that cannot be sold any more."""
        self._live, self._now = live, now
        if self.list is not None:
            rows = [self._row(one) for one in self.ticket.sessions]
            empty = Empty(_("No session is sold for this ticket on this day."), _("Esc shows the other days"))
            self.list.set_rows(rows, (look or Ready()) if rows else empty)
            self.list.styles.height = (min(len(rows), _MOST_LINES) if rows else 3) + (look is not None)
            if self.list.highlighted != self._expected:
                self._expected = self.list.highlighted
                self.decided = self.touched = False
        self.mark()

    def preselect(self) -> None:
        """The one fitting session is chosen; of several, the first has the highlight and waits for Enter."""
        found = fitting(self.ticket, self._live, self._quantity, self._now)
        if found and not self.decided:
            self.place(found[0], decided=len(found) == 1)

    def mark(self) -> None:
        """Say what is chosen, on its row and beside the ticket's name."""
        if self.list is not None:
            for session in self.ticket.sessions:
                self.list.update_row(session.id, self._row(session).cells)
        self.query_one(".ticket-title", Static).update(
            Content.assemble((clean(self.ticket.name), "bold"), "   ", (self._choice_words(), "$foreground-muted"))
        )

    def _choice_words(self) -> str:
        if self.ticket.full_day:
            return _("full day — nothing to choose")
        if not self.ticket.sessions:
            return ""
        if not self.sellable:
            return _("no session has places for {count}").format(count=self._quantity)
        return "" if self.decided else _("choose a session")

    # Rows

    def _row(self, session: Session) -> Row:
        found = fit(session, self._live, self._quantity, self._now)
        gone = found is not Fit.FITS
        cells = (self._time(session), self._bar(session), self._left(session, found), self._words(session, found))
        return Row(session.id, cells, disabled=gone)

    def _time(self, session: Session) -> str:
        if session.starts_at is None:
            return _("any")
        time = words.time(session.starts_at)
        return f"{words.day(session.starts_at.date())} {time}" if self._several_days else time

    def _bar(self, session: Session) -> str:
        left = left_of(session, self._live)
        known = [count for one in self.ticket.sessions if (count := left_of(one, self._live)) is not None]
        most = max(known, default=0)
        if left is None or most <= 0 or fit(session, self._live, self._quantity, self._now) is Fit.STARTED:
            return ""
        filled = 0 if left <= 0 else max(1, round(_BAR * left / most))
        full, rest = ("#", ".") if signs().is_ascii else ("━", "─")
        return full * filled + rest * (_BAR - filled)

    def _left(self, session: Session, found: Fit) -> str:
        left = left_of(session, self._live)
        if found is Fit.STARTED:
            return ""
        if left is None:
            return "∞"
        return _("full") if left <= 0 else _("{count} left").format(count=words.count(left))

    def _words(self, session: Session, found: Fit) -> str:
        if found is Fit.STARTED:
            return self._started(session)
        if found is Fit.TOO_FEW:
            return _("too few for {count}").format(count=self._quantity)
        length = _("{count} min").format(count=session.minutes) if session.minutes else ""
        here = self.decided and self.session is not None and self.session.id == session.id
        chosen = _("◀ chosen for {count}").format(count=self._quantity) if here and found is Fit.FITS else ""
        return "  ".join(part for part in (length, chosen) if part)

    def _started(self, session: Session) -> str:
        minutes = int(ago(session, self._now).total_seconds() // 60)
        if minutes < 60:
            return ngettext("started {count} min ago", "started {count} min ago", minutes).format(count=minutes)
        hours = minutes // 60
        return ngettext("started {count} hour ago", "started {count} hours ago", hours).format(count=hours)
