"""The till besides its sales: who stands at it, its float, cash in and out, X and Z. Every step is journaled."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, TypeVar, cast, get_args

from korus_tui.aio import whole
from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.desk import Desk
from korus_tui.counter.core.gate import BY_THE_TILL, Drawer, NeedsSupervisor, Passed, Word
from korus_tui.counter.core.problems import CounterError, Problem
from korus_tui.counter.till.agents import Agent, AgentRefused, Agents, AgentsUnreadable
from korus_tui.counter.till.aside import Aside, Kind, Note
from korus_tui.i18n import _
from korus_tui.journal import codec
from korus_tui.journal.entry import Entry
from korus_tui.journal.errors import JournalProblem
from korus_tui.journal.store import Journal
from korus_tui.sale import reading
from korus_tui.sale.apply import NotAllowed
from korus_tui.sale.events import Recorded
from korus_tui.sale.money import Money
from korus_tui.sale.reading import Reading, mark
from korus_tui.sale.takings import elsewhere, unresolved, waiting
from korus_tui.sale.till import Shift, apply, check, knows_pins, shifts, standing
from korus_tui.sale.till_events import (
    AgentAdded,
    AgentLeft,
    AgentRenamed,
    AgentSignedIn,
    AgentSignedOut,
    CashPutIn,
    CashTakenOut,
    CustomerForgotten,
    DrawerCounted,
    LookedOn,
    PageUncovered,
    PinChanged,
    PinRefused,
    RoleChanged,
    TillClosed,
    TillEvent,
    TillOpened,
    TillRecorded,
    TillTakenOver,
    TriesForgotten,
    XRead,
)
from korus_tui.sale.values import Method, Mode

T = TypeVar("T")
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

    def __init__(
        self,
        desk: Desk,
        clock: Clock,
        agents: Agents,
        zone: Callable[[], tzinfo],
        currency: str,
        place: Path,
        *,
        blind: bool = False,
    ) -> None:
        """`place` is the journal's file, there or not."""
        self._desk = desk
        self._clock = clock
        self._agents = agents
        self._zone = zone
        self._currency = currency
        self._blind = blind
        self._mode = Mode(desk.counter.mode)
        self._journal: Journal | None = None
        self._shifts: tuple[Shift, ...] = (Shift(1, 0),)
        self._one_at_a_time = asyncio.Lock()
        self.agent: Agent | None = None
        self._place = place
        self._seen: tuple[int, ...] | None = None  # the agents' file when it was last looked at
        self._changing = 0  # changes of the agents that this program makes now
        self._leaving: asyncio.Task[None] | None = None
        desk.gate.has_pins = lambda: self.has_agents
        desk.gate.look = self._see_whether_still
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
        if self._mode is not Mode.DEMO and knows_pins(row.event for row in rows):
            self._agents.expect()
        if self.nobody is not None:
            self._desk.stand("", proved=False)  # a name of the settings is no proof

    def _tell_gate(self) -> None:
        closed = Drawer.CLOSED if self.past else Drawer.NEVER
        self._desk.gate.drawer = Drawer.OPEN if self.shift.is_open else closed
        self._desk.gate.currency, self._desk.gate.since = self.currency, self.shift.after

    async def use(self, journal: Journal) -> None:
        """Begin with the journal that the desk has; in demo mode the till opens by itself. Raises as `open`."""
        if journal.read_only:
            if self.nobody is None:
                await self._aside(self._desk.counter.agent)
        else:
            await self._take_up_notes()
        if self._mode is Mode.DEMO and not self.shift.is_open and not journal.read_only:
            await self.open(Money.of(0, self._currency))
        self._desk.tell()  # whether it is open is known only now

    async def _take_up_notes(self) -> None:
        """Record what was noted at programs that could not: who looked on, who read an X there, wrong PINs."""
        for note in await asyncio.to_thread(Aside(self._place).take):
            match note.kind:
                case Kind.REFUSED:
                    await self._record(PinRefused(self._mode, note.agent), agent=BY_THE_TILL)
                case Kind.LOOKED | Kind.READ_X:
                    looked = LookedOn(self._mode, note.at, note.pid, note.kind is Kind.READ_X)
                    await self._record(looked, agent=note.agent)

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
            return _("Nobody is signed in: ‹app.till›")
        return _("The till is not open: ‹app.till›") if self._desk.gate.closed(Method.CASH) else ""

    @property
    def nobody(self) -> Problem | None:
        """Why nobody may act now: agents have PINs, and none is signed in."""
        return self._desk.gate.nobody

    # The drawer

    async def open(self, amount: Money) -> None:
        """Begin a shift with this float. As the others here: raises CounterError where the gate does not let it."""
        await self._record(TillOpened(self._mode, amount))

    async def put_in(self, amount: Money, reason: str) -> None:
        """Cash into the drawer besides sales."""
        await self._record(CashPutIn(self._mode, amount, reason.strip()))

    async def take_out(self, amount: Money, reason: str) -> None:
        """Cash out of the drawer besides refunds."""
        await self._record(CashTakenOut(self._mode, amount, reason.strip()))

    async def close(self, counted: Money) -> Reading:
        """Z: end the shift with what was counted, and tell what was expected. Cannot be redone."""
        self._desk.gate.must_be_somebody()
        await self._desk.ledger.examine()
        await self._take_up_notes()
        z = self._z(counted, await self.read())
        if self._desk.gate.acts((z,), None):  # that it does tells how far off it is: each count is on record
            await self._record(DrawerCounted(self._mode, counted))
        try:
            word = await self._desk.gate.word((z,), None)
        except NeedsSupervisor as error:
            meaning = _("The till is not closed; the count is on record.")
            error.problem = replace(error.problem, meaning=meaning)
            raise
        return await whole(self._close(counted, word))

    def _z(self, counted: Money, so_far: Reading) -> TillClosed:
        if so_far.expected is None:
            raise _refused("the till is not open")
        return TillClosed(self._mode, counted, so_far.expected, so_far.unresolved, so_far.elsewhere, so_far.waiting)

    async def _close(self, counted: Money, word: Word) -> Reading:
        async with self._desk.at_rest(), self._one_at_a_time:
            await self._append(self._z(counted, await self.read()), word=word)
        return await self.read(self.past[0])

    @property
    def sees_expected(self) -> bool:
        """Whether who stands here may see what cash is expected before it is counted."""
        return not self._blind or self._desk.gate.supervisor

    async def x(self) -> Reading:
        """An X: the chain of all records is walked anew before they are read, and who sees it is on record.

        Raises CounterError and the journal's errors.
        """
        self._desk.gate.must_be_somebody()
        await self._desk.ledger.examine()
        if self.sees_expected and self._only_reads():
            await self._aside(self._desk.counter.agent, Kind.READ_X)
        elif self.sees_expected and self._desk.ledger.trouble is None:
            await self._take_up_notes()
            await self._record(XRead(self._mode))
        return await self.read()

    async def read(self, shift: Shift | None = None) -> Reading:
        """The running shift, or a past one as it was closed. Changes nothing. Raises the journal's errors."""
        journal = self._opened()
        one = shift or self.shift
        during = reading.within(one, await journal.tail(one.after))
        before: list[Recorded] = []
        for sale in reading.earlier(one, during):
            before += [row for row in await journal.read(sale) if row.seq <= one.after]
        paid = unresolved(self._desk.sales, self._desk.unreadable)
        at = one.closing.by.at if one.closing else self._clock.now()
        return await asyncio.to_thread(self._read, one, before, during, paid, at)

    def _read(
        self, shift: Shift, before: list[Recorded], during: tuple[Recorded, ...], paid: Any, at: datetime
    ) -> Reading:
        journal = self._opened()
        head, damage = journal.head, journal.damage
        return reading.read(
            shift,
            before,
            during,
            paid,
            till=self._desk.counter.till,
            mode=self._mode,
            currency=self._currency,
            at=at,
            zone=self._zone(),
            elsewhere=elsewhere(self._desk.elsewhere),
            waiting=waiting(self._desk.sales),
            record=mark(head.seq, head.hash) if head else "",
            broken=damage.why if damage else "",
            outside=tuple(self._desk.ledger.outside),
        )

    # The agents

    async def agents(self) -> tuple[Agent, ...]:
        """Everybody who has or had a PIN here. Raises AgentsUnreadable."""
        return await asyncio.to_thread(self._agents.all)

    async def prove(self, name: str, pin: str) -> Agent:
        """Whose name and PIN these are; a wrong one is on record. Raises AgentRefused, AgentsUnreadable, OSError."""
        try:
            return await asyncio.to_thread(self._agents.check, name, pin)
        except AgentRefused as refused:
            if refused.tried is not None and (self._journal is None or self._journal.read_only):
                await self._aside(refused.tried, Kind.REFUSED)
            elif refused.tried is not None:
                with suppress(JournalProblem, CounterError):  # the refusal is what counts
                    await self._record(PinRefused(self._mode, refused.tried))
            raise

    def _only_reads(self) -> bool:
        return self._journal is not None and self._journal.read_only

    async def sign_in(self, name: str, pin: str) -> None:
        """Stand at the till from now on, or again where the page was covered. Raises as `prove`, the journal's too."""
        await whole(self._stand(await self.prove(name, pin)))

    async def authorise(self, name: str, pin: str) -> str:
        """The name of a supervisor who gives their word; nobody else stands here by it. Raises as `prove`."""
        agent = await self.prove(name, pin)
        if not agent.supervisor:
            raise AgentRefused("name", _("{name} is no supervisor.").format(name=agent.name))
        return agent.name

    async def add_agent(self, name: str, pin: str, *, supervisor: bool = False) -> None:
        """A new agent; the first one signs in with it. Raises CounterError, and as `sign_in`."""
        if self.has_agents:
            await self._change(
                lambda: self._agents.add(name, pin, supervisor=supervisor),
                lambda one: AgentAdded(self._mode, one.name if one else name, supervisor),
            )
            return
        first = await asyncio.to_thread(self._agents.add_first, name, pin)
        await whole(self._stand(first))
        await self._record(AgentAdded(self._mode, first.name, True))

    async def rename(self, name: str, to: str) -> None:
        """Another name for an agent. As the others below: raises CounterError, and as `sign_in`."""
        await self._change(
            lambda: self._agents.rename(name, to),
            lambda new: AgentRenamed(self._mode, name, new or to),
            lambda new, me: replace(me, name=new) if me.name == name else me,
        )

    async def leave(self, name: str) -> None:
        """This agent works here no more."""
        await self._change(lambda: self._agents.leave(name), lambda _none: AgentLeft(self._mode, name))
        if self.agent is not None and self.agent.name == name:
            await self.sign_out()

    async def make(self, name: str, *, supervisor: bool) -> None:
        """Make a supervisor of an agent, or one no more."""
        await self._change(
            lambda: self._agents.make(name, supervisor=supervisor),
            lambda _none: RoleChanged(self._mode, name, supervisor),
        )

    async def reset_pin(self, name: str, pin: str) -> None:
        """Another PIN for an agent who forgot theirs, or is back."""
        await self._give(name, pin, reset=True)

    async def _give(self, name: str, pin: str, *, reset: bool) -> None:
        await self._change(
            lambda: self._agents.reset(name, pin),
            lambda _key: PinChanged(self._mode, name, reset),
            lambda key, me: replace(me, key=key) if me.name == name else me,
        )

    async def change_pin(self, old: str, new: str) -> None:
        """Another PIN for who stands here."""
        if self.agent is None:
            self._desk.gate.must_be_somebody()
            raise AgentRefused("pin", _("Sign in first."))
        name = self.agent.name
        try:
            await self.prove(name, old)
        except AgentRefused as refused:
            words = _("That is not the PIN of {name}.").format(name=name) if refused.tried else str(refused)
            raise AgentRefused("old", words, tried=refused.tried) from refused
        await self._give(name, new, reset=False)

    def pin_refused(self, pin: str) -> str | None:
        """Why a new PIN cannot be this one, in words; None where it can."""
        return self._agents.pin_refused(pin)

    async def unlock(self, name: str) -> None:
        """Forget an agent's wrong PINs."""
        await self._change(lambda: self._agents.unlock(name), lambda _none: TriesForgotten(self._mode, name))

    async def _change(
        self,
        work: Callable[[], T],
        event: Callable[[T | None], TillEvent],
        me: Callable[[T, Agent], Agent] = lambda _done, me: me,
    ) -> None:
        """Let through first, then the agents' file, then the record; `me` is what it makes of who stands here."""
        gate, foreseen = self._desk.gate, (event(None),)
        await whole(self._changed(work, event, me, gate.let(foreseen, None, await gate.word(foreseen, None))))

    async def _changed(
        self,
        work: Callable[[], T],
        event: Callable[[T | None], TillEvent],
        me: Callable[[T, Agent], Agent],
        passed: Passed,
    ) -> None:
        self._changing += 1  # who stands here may be changed by it, and is no stranger then
        try:
            done = await asyncio.to_thread(work)
            made = event(done)
            await self._alone(made, None, Word(passed=replace(passed, events=(*passed.events[:-1], made))))
            if self.agent is not None:
                self.agent = me(done, self.agent)
                self._desk.stand(self.agent.name, proved=self._desk.gate.proved, supervisor=self._desk.gate.supervisor)
        finally:
            self._changing -= 1
            self._seen = None
        self._see_whether_still()
        self._desk.tell()

    def _see_whether_still(self) -> None:
        """Whoever was let in stays so only as long as their PIN would let them in: other programs change agents, too.

        A file that cannot be read lets nobody in, and throws out nobody who is in the middle of a sale.
        """
        if self.agent is None or self._changing or (mark := self._agents.mark) == self._seen:
            return
        self._seen = mark
        name, gate = self.agent.name, self._desk.gate
        try:
            self.agent = self._agents.still(self.agent)
        except AgentsUnreadable:
            return
        except AgentRefused as refused:
            self.agent, gate.covered, gate.gone = None, False, str(refused)
            self._desk.stand("", proved=False)
            self._leaving = asyncio.create_task(self._gone(name, str(refused)), name="sign out")
        else:
            if gate.proved and gate.supervisor != self.agent.supervisor:
                self._desk.stand(self.agent.name, proved=True, supervisor=self.agent.supervisor)

    async def _gone(self, name: str, why: str) -> None:
        self._desk.tell()
        with suppress(JournalProblem, CounterError):  # they are out all the same
            if not self._only_reads():
                await self._record(AgentSignedOut(self._mode, why), agent=name)

    async def forget(self, reference: str) -> int:
        """Erase the customer's data of an ended sale, who did it on record; how many pieces there were.

        Raises CounterError where nobody, or who is no supervisor, stands here, where the sale is not known or open
        still, and the journal's errors.
        """
        gate, journal = self._desk.gate, self._opened()
        gate.must_be_somebody()
        why = ""
        if gate.asks_pins and not gate.supervisor:
            why = _("Only a supervisor has a customer's data erased.")
        elif reference in await journal.open_sales():
            why = _("The sale {reference} is still open: its customer is needed until it ends.")
        elif not await journal.read(reference):
            why = _("The journal of this till knows no sale {reference}.")
        if why:
            raise CounterError(Problem(why.format(reference=reference), _("Nothing was erased.")))
        await self._record(CustomerForgotten(self._mode, reference))
        return await journal.forget(reference)

    async def sign_out(self) -> None:
        """Leave the till; open sales and the shift stay as they are."""
        await whole(self._stand(None))

    @property
    def covered(self) -> bool:
        """Whether who stands here has to prove it again."""
        return self._desk.gate.covered

    def cover(self) -> None:
        """Nobody pressed a key for long: whoever stands here has to prove it again."""
        if self.agent is not None:
            self._desk.gate.covered = True
            self._desk.stand(self.agent.name, proved=False)
            self._desk.tell()

    async def _stand(self, agent: Agent | None) -> None:
        if self._only_reads():
            if agent is not None:
                await self._aside(agent.name)
            self._stands(agent)
            return
        if self.covered and agent is not None and self.agent is not None and agent.name == self.agent.name:
            await self._record(PageUncovered(self._mode), agent=agent.name)
            self._stands(agent)
            return
        if self.agent is not None:
            await self._record(AgentSignedOut(self._mode), agent=self.agent.name)
            self._stands(None)
        if agent is not None:
            await self._record(AgentSignedIn(self._mode, agent.supervisor), agent=agent.name)
            self._stands(agent)

    def _stands(self, agent: Agent | None) -> None:
        self.agent, self._seen = agent, None
        self._desk.gate.covered, self._desk.gate.gone = False, ""
        self._desk.stand(
            agent.name if agent else "", proved=agent is not None, supervisor=bool(agent and agent.supervisor)
        )
        self._desk.tell()

    # Another program on the same till

    async def who_sells(self) -> str:
        """Who stands at the program that writes the journal now, as far as it is on record; "" for nobody."""
        with Journal.open(self._place, read_only=True) as journal:
            return standing(recorded(await journal.read_stream(stream_of(self._desk.counter.till))))

    async def took_over(self, agent: Agent | None, pid: int, host: str, *, own: bool = False) -> None:
        """This program sells here in the place of another one; `agent` took it over, and stands here.

        `own`: they stood at the other one as well.
        """
        if agent is not None:
            await whole(self._stand(agent))
        await self._record(TillTakenOver(self._mode, pid, host, own))

    async def _aside(self, agent: str, kind: Kind = Kind.LOOKED) -> None:
        """Note it beside a journal that this program does not write."""
        await asyncio.to_thread(Aside(self._place).add, Note(self._clock.now(), agent, os.getpid(), kind))

    # Recording

    def _opened(self) -> Journal:
        if self._journal is None:
            raise CounterError(Problem(_("The till's journal is not open."), _("Nothing was recorded.")))
        return self._journal

    async def _record(self, event: TillEvent, *, agent: str | None = None, word: Word | None = None) -> None:
        if word is None and agent is None:
            word = await self._desk.gate.word((event,), None)
        await whole(self._alone(event, agent, word))

    async def _alone(self, event: TillEvent, agent: str | None, word: Word | None) -> None:
        async with self._one_at_a_time:
            await self._append(event, agent=agent, word=word)

    async def _append(self, event: TillEvent, *, agent: str | None = None, word: Word | None = None) -> None:
        try:
            check(self.shift, event)
        except NotAllowed as error:
            raise _refused(str(error)) from error
        stream = stream_of(self._desk.counter.till)
        entries = await self._desk.append_to(stream, (event,), word=word, agent=agent)
        shift = apply(self.shift, recorded(entries)[-1])
        following = (Shift(shift.number + 1, shift.closing.seq),) if shift.closing else ()
        self._shifts = (*self._shifts[:-1], shift, *following)
        self._tell_gate()
        self._desk.tell()


def _refused(why: str) -> CounterError:
    return CounterError(Problem(_("That cannot be done at this till now."), _("Nothing was recorded."), words=why))
