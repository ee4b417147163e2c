"""The one gate that every event passes before the journal takes it.

Who stands here, whose word does it need, and is there a drawer for money? Only the gate makes a `Passed`, and the desk
writes nothing else: no caller can forget to ask (docs/rules.md, Who may).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from korus_tui.counter.core.problems import CounterError, Problem
from korus_tui.i18n import _

# Whoever stands here before the first sale needs none of these: they are imported where an event comes (first frame).
if TYPE_CHECKING:
    from korus_tui.sale.acts import Act, Allowed
    from korus_tui.sale.events import Event
    from korus_tui.sale.state import Sale
    from korus_tui.sale.till_events import TillEvent
    from korus_tui.sale.values import Method  # first frame

BY_THE_TILL = "(till)"  # the name on what the till itself recorded while nobody was signed in; no agent's

AskSupervisor = Callable[["Act", "Sequence[Event | TillEvent]", "Sale | None"], Awaitable[str | None]]


class Drawer(StrEnum):
    """Where the till's cash is."""

    NEVER = "never"  # no float was ever counted: a counter without a drawer, which takes cards
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Passed:
    """Events that may be recorded, and the name on them."""

    events: tuple[Event | TillEvent, ...]
    agent: str


@dataclass(frozen=True, slots=True)
class Word:
    """What supervisors have authorised for one record: their names by act. `passed` holds from when it was given."""

    supervisors: dict[Act, str] = field(default_factory=dict)
    passed: Passed | None = None


class NeedsSupervisor(CounterError):
    """An act that only a supervisor does or authorises."""

    def __init__(self, act: Act) -> None:
        super().__init__(
            Problem(
                _("That needs a supervisor: {act}.").format(act=act_words(act)),
                _("Nothing was recorded."),
                _("Press the key again with a supervisor beside you: their PIN authorises it"),
            )
        )
        self.act = act


class Gate:
    """Lets events through, or says in words why not and which key opens the way.

    Whoever knows who stands here and what is in the drawer tells it: `name`, `proved`, `covered`, `supervisor`,
    `drawer`, and `has_pins`. `look` finds out whether who was let in still may; `gone` says why they may not. `ask` has
    a supervisor give their PIN for an act, by these events, and answers with their name; None where nobody can.
    """

    def __init__(self, name: str, mode: str) -> None:
        """`name` is what the settings say; where agents have PINs it is no proof."""
        self._live = mode == "live"
        self._demo = mode == "demo"
        self.name = name
        self.proved = False
        self.covered = False  # somebody stands here, and has to prove it again
        self.supervisor = False
        self.drawer = Drawer.NEVER
        self.gone = ""
        self.currency = ""  # that the drawer is counted in
        self.since = 0  # the journal's record that the shift began after
        self.has_pins: Callable[[], bool] = lambda: False
        self.look: Callable[[], None] = lambda: None
        self.needs: Callable[[Act], bool] = lambda _act: True
        self.allowed: Allowed | None = None
        self.ask: AskSupervisor | None = None

    @property
    def asks_pins(self) -> bool:
        """Whether nothing is done here without a PIN. A demo is everybody's."""
        return not self._demo and self.has_pins()

    @property
    def shown(self) -> str:
        """Who is said to stand here: where names are proved, nobody who did not prove it; who is to do so again is."""
        return self.name if self.proved or self.covered or not self.asks_pins else ""

    @property
    def nobody(self) -> Problem | None:
        """Why nobody may act now: agents have PINs, and none is signed in."""
        self.look()
        if self.proved or not self.asks_pins:
            return None
        meaning = _("Whatever is a customer's or a sale's bears a name; nothing was recorded.")
        if self.covered:
            return Problem(_("The page is covered."), meaning, _("‹cover.sign› signs in"))
        said = " ".join(one for one in (self.gone, _("Nobody is signed in.")) if one)
        return Problem(said, meaning, _("‹app.till› opens the till's page, ‹till.sign› signs in"))

    def closed(self, method: Method | None) -> Problem | None:
        """Why no live money moves this way now: there is no drawer that it would be counted in.

        None as a method: it moves no cash now, and still is in some count.
        """
        from korus_tui.sale.values import Method  # first frame

        without = self.drawer is Drawer.NEVER and method is not Method.CASH
        if not self._live or without or self.drawer is Drawer.OPEN:
            return None
        return Problem(
            _("The till is not open."),
            _("Money that moves now would be in no count; nothing was recorded."),
            _("‹app.till› opens the till's page, ‹till.open› counts the float in"),
        )

    def money(self, method: Method | None) -> Problem | None:
        """Why money does not move this way now, or None."""
        return self.nobody or self.closed(method)

    def foreign(self, method: Method | None, currency: str | None) -> Problem | None:
        """Why cash of this currency does not go over the counter: the drawer is counted in another one."""
        from korus_tui.sale.values import Method  # first frame

        if method is not Method.CASH or not self.currency or currency in (None, self.currency):
            return None
        what = _("The drawer is counted in {ours}; this would be cash in {theirs}.")
        return Problem(
            what.format(ours=self.currency, theirs=currency),
            _("It would be in no count; nothing was recorded."),
            _("Any other way to pay, such as a card"),
        )

    def must_move(self, method: Method | None, currency: str | None = None) -> None:
        """Raise CounterError where money does not move this way now: asked early, before it is counted or looked up."""
        if problem := self.money(method) or self.foreign(method, currency):
            raise CounterError(problem)

    def must_be_somebody(self) -> None:
        """Raise CounterError where nobody may act."""
        if problem := self.nobody:
            raise CounterError(problem)

    # A supervisor's word

    def wants(self, act: Act) -> bool:
        """Whether who stands here needs a supervisor for it."""
        self.look()
        return self.asks_pins and not self.supervisor and self.needs(act)

    async def word(self, events: Sequence[Event | TillEvent], sale: Sale | None) -> Word:
        """Have a supervisor authorise what of these events needs it. Raises CounterError.

        A person is waited for: nothing is locked meanwhile.
        """
        self.let(events, sale, judge_acts=False)
        given: dict[Act, str] = {}
        stands = self.name
        for act in self.acts(events, sale):
            name = await self.ask(act, events, sale) if self.ask is not None else None
            if name is None or self.name != stands:  # who asked for it has gone meanwhile: it was not for another
                raise NeedsSupervisor(act)
            given[act] = name
        return Word(given)

    def acts(self, events: Sequence[Event | TillEvent], sale: Sale | None) -> tuple[Act, ...]:
        """What of a record who stands here needs a supervisor for; money back and its sale's end are one act."""
        from korus_tui.sale.acts import Act, Allowed, act_of  # first frame

        allowed = self.allowed or Allowed()
        found = dict.fromkeys(act_of(one, sale, allowed) for one in events)
        if Act.REFUND in found:
            found.pop(Act.VOID, None)
        return tuple(act for act in found if act is not None and self.wants(act))

    def let(
        self,
        events: Sequence[Event | TillEvent],
        sale: Sale | None,
        word: Word | None = None,
        *,
        agent: str | None = None,
        judge_acts: bool = True,
    ) -> Passed:
        """The events of one record on `sale`, with who stands on them. Raises CounterError.

        `agent` is who is named instead of who stands here: somebody who is just coming.
        """
        word = word or Word()
        if word.passed is not None and word.passed.events[-len(events) :] == tuple(events):
            return word.passed
        for event in events:
            if problem := self._refusal(event, events, sale):
                raise CounterError(problem)
        authorised: list[Event | TillEvent] = []
        for act in self.acts(events, sale) if judge_acts else ():
            if act not in word.supervisors:
                raise NeedsSupervisor(act)
            authorised.append(_authorised(events[0], act, word.supervisors[act]))
        somebody = self.name if self.proved or not self.asks_pins else BY_THE_TILL
        return Passed((*authorised, *events), somebody if agent is None else agent)

    def _refusal(
        self, event: Event | TillEvent, events: Sequence[Event | TillEvent], sale: Sale | None
    ) -> Problem | None:
        from korus_tui.sale.weight import Weight, weight  # first frame

        heavy = weight(event)
        if heavy is Weight.TELLS or _goes_on(event, events, sale):
            return None
        if problem := self.nobody:
            return problem
        from korus_tui.sale import events as e  # first frame

        if heavy is Weight.MONEY and isinstance(event, e.Event):  # the drawer's own events have rules of their own
            return self.closed(_method(event, sale)) or self.foreign(*_cash(event))
        return None


def _authorised(event: Event | TillEvent, act: Act, supervisor: str) -> Event | TillEvent:
    """The event that goes before `event` in its record."""
    from korus_tui.sale import events as e  # first frame
    from korus_tui.sale.till_events import TillActAuthorised  # first frame

    if isinstance(event, e.Event):
        return e.ActAuthorised(act.value, supervisor)
    return TillActAuthorised(event.mode, act.value, supervisor)


def _goes_on(event: Event | TillEvent, events: Sequence[Event | TillEvent], sale: Sale | None) -> bool:
    """Whether the till goes on with a call that a person began: its open attempt is answered in the same record.

    Nobody new decides anything by that: what was asked for (and paid) is asked for again, or what is left of it.
    """
    from korus_tui.sale import events as e  # first frame

    attempt = sale.attempt if sale else None
    if attempt is None or not any(
        isinstance(one, e.OutcomeSettled | e.HoldRefused) and one.attempt == attempt.id for one in events
    ):
        return False
    if isinstance(event, e.HoldRequested):
        return set(event.lines) <= set(attempt.lines)
    return isinstance(event, e.OrderRequested) and set(event.reservations) <= set(attempt.reservations)


def _cash(event: Event) -> tuple[Method | None, str | None]:
    """How money newly moves by the event, and in what currency; what is undone goes back as it came."""
    from korus_tui.sale import events as e  # first frame

    match event:
        case e.PaymentTaken(payment=payment):
            return payment.method, payment.amount.currency
        case e.MoneyGivenBack(method=method, amount=amount):
            return method, amount.currency
        case e.CancellationAsked(method=method, given_back=back) if back is not None:
            return method, back.currency
        case _:
            return None, None


def _method(event: Event, sale: Sale | None) -> Method | None:
    """How the event's money moves; None where none goes over the counter by it."""
    from korus_tui.sale import events as e  # first frame

    match event:
        case e.PaymentTaken():
            return event.payment.method
        case e.MoneyGivenBack() | e.CancellationAsked():
            return event.method
        case e.PaymentUndone():
            return next((one.method for one in sale.payments if one.id == event.payment), None) if sale else None
        case _:
            return None


def act_words(act: str) -> str:
    """What an act is, in words that follow "needs a supervisor"; its own name, where another version knows more."""
    from korus_tui.sale.acts import Act  # first frame

    said: dict[str, str] = {
        Act.REFUND: _("money back after documents were handed over"),
        Act.CANCELLATION: _("a cancellation after documents were handed over"),
        Act.VOID: _("voiding after documents were handed over"),
        Act.COPIES: _("one more copy of a document"),
        Act.GIVEN_BACK: _("documents of what was given back or cancelled"),
        Act.CASH_OUT: _("cash out of the drawer"),
        Act.DIFFERENCE_BORNE: _("a difference that the house bears"),
        Act.CLOSE_BY_HAND: _("closing a paid sale by hand"),
        Act.Z_DIFFERENCE: _("a close with this much over or short"),
        Act.TAKE_OVER: _("taking the till over from another program"),
        Act.AGENTS: _("changing the agents"),
    }
    return said.get(act, act)
