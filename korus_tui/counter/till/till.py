"""The till besides its sales: who stands at it, its float, cash in and out, X and Z. Every step is journaled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Any, cast, get_args

from korus_tui.aio import whole
from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.desk import Desk
from korus_tui.counter.core.gate import Drawer
from korus_tui.counter.core.problems import CounterError, Problem
from korus_tui.counter.till.agents import Agent, AgentRefused, Agents
from korus_tui.i18n import _
from korus_tui.journal import Entry, Journal, codec
from korus_tui.sale import reading
from korus_tui.sale.apply import NotAllowed
from korus_tui.sale.events import Recorded
from korus_tui.sale.money import Money
from korus_tui.sale.reading import Reading, mark
from korus_tui.sale.takings import elsewhere, unresolved
from korus_tui.sale.till import Shift, apply, check, shifts
from korus_tui.sale.till_events import (
    AgentSignedIn,
    AgentSignedOut,
    CashPutIn,
    CashTakenOut,
    TillClosed,
    TillEvent,
    TillOpened,
    TillRecorded,
)
from korus_tui.sale.values import Method, Mode

STREAM = "till"
codec.register(STREAM, get_args(TillEvent))


def stream_of(till: str) -> str:
    """The journal stream of a till's own events."""
    return f"{STREAM}:{till}"


def recorded(entries: tuple[Entry, ...]) -> tuple[TillRecorded, ...]:
    """The till's events as its rules take them."""
    return tuple(TillRecorded(one.seq, one.at, one.agent, cast("TillEvent", one.event), one.hash) for one in entries)


class TillDesk:
    """One till's drawer and agents. What it changes is durable when a call returns, whatever becomes of the caller."""

    def __init__(self, desk: Desk, clock: Clock, agents: Agents, zone: Callable[[], tzinfo], currency: str) -> None:
        self._desk = desk
        self._clock = clock
        self._agents = agents
        self._zone = zone
        self._currency = currency
        self._mode = Mode(desk.counter.mode)
        self._journal: Journal | None = None
        self._shifts: tuple[Shift, ...] = (Shift(1, 0),)
        self._one_at_a_time = asyncio.Lock()
        self.agent: Agent | None = None
        desk.gate.has_pins = lambda: self.has_agents
        desk.prepare = self._look

    @property
    def has_agents(self) -> bool:
        """Whether agents have PINs here, added by this program or another one."""
        return self._agents.there

    async def _look(self, journal: Journal) -> None:
        """Read the till's own records: what its gate goes by. Raises the journal's errors."""
        rows = recorded(await journal.read_stream(stream_of(self._desk.counter.till)))
        self._shifts = shifts(rows, self._mode)
        self._journal = journal
        self._tell_gate()
        if self.nobody is not None:
            self._desk.stand("", proved=False)  # a name of the settings is no proof

    def _tell_gate(self) -> None:
        closed = Drawer.CLOSED if self.past else Drawer.NEVER
        self._desk.gate.drawer = Drawer.OPEN if self.shift.is_open else closed

    async def use(self, journal: Journal) -> None:
        """Begin with the journal that the desk has; in demo mode the till opens by itself. Raises as `open`."""
        if self._mode is Mode.DEMO and not self.shift.is_open and not journal.read_only:
            await self.open(Money.of(0, self._currency))
        self._desk.tell()  # whether it is open is known only now

    # What is

    @property
    def shift(self) -> Shift:
        """The shift that runs, or waits for its opening."""
        return self._shifts[-1]

    @property
    def past(self) -> tuple[Shift, ...]:
        """Closed shifts, newest first."""
        return tuple(reversed(self._shifts[:-1]))

    @property
    def currency(self) -> str:
        """The drawer's currency: that of its float, before an opening the profile's."""
        return self.shift.opening.amount.currency if self.shift.opening else self._currency

    @property
    def mode(self) -> Mode:
        """What this till's sales and cash count for."""
        return self._mode

    @property
    def zone(self) -> tzinfo:
        """The venue's time zone: business days are counted in it."""
        return self._zone()

    @property
    def closed(self) -> str:
        """Why no payment at all could be taken now, in one line; empty where it could, or while that is not known."""
        if self._journal is None or self._journal.read_only:
            return ""
        if self.nobody is not None:
            return _("Nobody is signed in: Ctrl+E")
        return _("The till is not open: Ctrl+E") if self._desk.gate.closed(Method.CASH) else ""

    @property
    def nobody(self) -> Problem | None:
        """Why nobody may act now: agents have PINs, and none is signed in."""
        return self._desk.gate.nobody

    # The drawer

    async def open(self, amount: Money) -> None:
        """Begin a shift with this float. As the others here: raises CounterError where nobody is signed in."""
        await whole(self._count(TillOpened(self._mode, amount)))

    async def put_in(self, amount: Money, reason: str) -> None:
        """Cash into the drawer besides sales."""
        await whole(self._count(CashPutIn(self._mode, amount, reason.strip())))

    async def take_out(self, amount: Money, reason: str) -> None:
        """Cash out of the drawer besides refunds."""
        await whole(self._count(CashTakenOut(self._mode, amount, reason.strip())))

    async def close(self, counted: Money) -> Reading:
        """Z: end the shift with what was counted, and tell what was expected. Cannot be redone."""
        return await whole(self._close(counted))

    async def _count(self, event: TillEvent) -> None:
        await self._record(event)

    async def _close(self, counted: Money) -> Reading:
        self._desk.gate.must_be_somebody()
        await self._desk.examine()
        async with self._desk.at_rest(), self._one_at_a_time:
            so_far = await self.read()
            expected = so_far.expected
            if expected is None:
                raise _refused("the till is not open")
            await self._append(TillClosed(self._mode, counted, expected, so_far.unresolved, so_far.elsewhere))
        return await self.read(self.past[0])

    async def x(self) -> Reading:
        """An X: the chain of all records is walked anew before they are read. Raises the journal's errors."""
        await self._desk.examine()
        return await self.read()

    async def read(self, shift: Shift | None = None) -> Reading:
        """The running shift, or a past one as it was closed. Changes nothing. Raises the journal's errors."""
        journal = self._opened()
        one = shift or self.shift
        during = reading.within(one, await journal.tail(one.after))
        before: list[Recorded] = []
        for sale in reading.earlier(one, during):
            before += [row for row in await journal.read(sale) if row.seq <= one.after]
        waiting = unresolved(self._desk.sales, self._desk.unreadable)
        at = one.closing.by.at if one.closing else self._clock.now()
        return await asyncio.to_thread(self._read, one, before, during, waiting, at)

    def _read(
        self, shift: Shift, before: list[Recorded], during: tuple[Recorded, ...], waiting: Any, at: datetime
    ) -> Reading:
        journal = self._opened()
        head, damage = journal.head, journal.damage
        return reading.read(
            shift,
            before,
            during,
            waiting,
            till=self._desk.counter.till,
            mode=self._mode,
            currency=self._currency,
            at=at,
            zone=self._zone(),
            elsewhere=elsewhere(self._desk.elsewhere),
            record=mark(head.seq, head.hash) if head else "",
            broken=damage.why if damage else "",
            outside=tuple(self._desk.outside),
        )

    # The agents

    async def sign_in(self, name: str, pin: str) -> None:
        """Stand at the till from now on. Raises AgentRefused, AgentsUnreadable and the journal's errors."""
        agent = await asyncio.to_thread(self._agents.check, name, pin)
        await whole(self._stand(agent))

    async def add_agent(self, name: str, pin: str, *, supervisor: bool = False) -> None:
        """A new agent; the first one signs in with it, later ones are added by a supervisor.

        Raises AgentRefused, AgentsUnreadable, OSError and the journal's errors.
        """
        if self.has_agents and not (self.agent and self.agent.supervisor):
            raise AgentRefused("name", _("Only a supervisor adds agents."))
        first = not self.has_agents
        agent = await asyncio.to_thread(self._agents.add, name, pin, supervisor=supervisor)
        if first:
            await whole(self._stand(agent))

    async def sign_out(self) -> None:
        """Leave the till; open sales and the shift stay as they are."""
        await whole(self._stand(None))

    async def _stand(self, agent: Agent | None) -> None:
        if self.agent is not None:
            await self._record(AgentSignedOut(self._mode))
            self.agent = None
            self._desk.stand("", proved=False)
        if agent is not None:
            await self._record(AgentSignedIn(self._mode, agent.supervisor), agent.name)
            self.agent = agent
            self._desk.stand(agent.name, proved=True)

    # Recording

    def _opened(self) -> Journal:
        if self._journal is None:
            raise CounterError(Problem(_("The till's journal is not open."), _("Nothing was recorded.")))
        return self._journal

    async def _record(self, event: TillEvent, agent: str | None = None) -> None:
        async with self._one_at_a_time:
            await self._append(event, agent)

    async def _append(self, event: TillEvent, agent: str | None = None) -> None:
        try:
            check(self.shift, event)
        except NotAllowed as error:
            raise _refused(str(error)) from error
        entries = await self._desk.append_to(stream_of(self._desk.counter.till), (event,), agent)
        shift = apply(self.shift, recorded(entries)[0])
        following = (Shift(shift.number + 1, shift.closing.seq),) if shift.closing else ()
        self._shifts = (*self._shifts[:-1], shift, *following)
        self._tell_gate()
        self._desk.tell()


def _refused(why: str) -> CounterError:
    return CounterError(Problem(_("That cannot be done at this till now."), _("Nothing was recorded."), words=why))
