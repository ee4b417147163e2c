"""The till besides its sales: its float, cash in and out, X and Z. Every step is journaled."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, tzinfo
from functools import reduce
from pathlib import Path
from typing import Any, cast, get_args

from korus_tui.aio import finish
from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.desk import Desk
from korus_tui.counter.core.gate import BY_THE_TILL, Drawer, NeedsSupervisor, Word
from korus_tui.counter.core.problems import CounterError, Problem
from korus_tui.counter.till.agents import Agent, Agents
from korus_tui.counter.till.aside import Aside, Note, NoteKind
from korus_tui.counter.till.day_doubt import DayDoubt, DayInDoubt, day_doubt
from korus_tui.counter.till.staff import Staff
from korus_tui.i18n import _
from korus_tui.journal import codec
from korus_tui.journal.entry import JournalEntry
from korus_tui.journal.store import Journal
from korus_tui.sale import reading
from korus_tui.sale.events import Recorded
from korus_tui.sale.money import Money
from korus_tui.sale.reading import Reading, mark
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.shifts import Shift, apply, check, knows_pins, shifts, standing
from korus_tui.sale.takings import elsewhere, unresolved, waiting
from korus_tui.sale.till_events import (
    CashPutIn,
    CashTakenOut,
    CustomerForgotten,
    DrawerCounted,
    LookedOn,
    PinRefused,
    TillClosed,
    TillEvent,
    TillOpened,
    TillRecorded,
    TillTakenOver,
    XRead,
)
from korus_tui.sale.values import Method, Mode

STREAM = "till"
codec.register(STREAM, get_args(TillEvent))


def stream_of(till: str) -> str:
    """The journal stream of a till's own events."""
    return f"{STREAM}:{till}"


def recorded(entries: tuple[JournalEntry, ...]) -> tuple[TillRecorded, ...]:
    """The till's events as its rules take them."""
    return tuple(TillRecorded(one.seq, one.at, one.agent, cast("TillEvent", one.event), one.hash) for one in entries)


class TillDesk:
    """One till's drawer, and its `staff`. What a call changes is durable when it returns, whoever waits for it."""

    def __init__(  # noqa: PLR0913 - made in one place, of all that it works with
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
        self._zone = zone
        self._currency = currency
        self._blind = blind
        self._mode = Mode(desk.counter.mode)
        self._journal: Journal | None = None
        self._shifts: tuple[Shift, ...] = (Shift(1, 0),)
        self._one_at_a_time = asyncio.Lock()
        self._place = place
        self.staff = Staff(desk, agents, self)
        desk.prepare = self._look

    async def _look(self, journal: Journal) -> None:
        """Read the till's own records: what its gate goes by. Raises the journal's errors."""
        rows = recorded(await journal.read_stream(stream_of(self._desk.counter.till)))
        self._shifts = shifts(rows, self._mode)
        self._journal = journal
        self._tell_gate()
        if self._mode is not Mode.DEMO and knows_pins(row.event for row in rows):
            self.staff.expect()
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
                await self.aside(self._desk.counter.agent)
        else:
            await self._take_up_notes()
        if self._mode is Mode.DEMO and not self.shift.is_open and not journal.read_only:
            await self.open(Money.of(0, self._currency))
        self._desk.tell()  # whether it is open is known only now

    async def _take_up_notes(self) -> None:
        """Record what was noted at programs that could not: who looked on, who read an X there, wrong PINs."""
        for note in await asyncio.to_thread(Aside(self._place).take):
            match note.kind:
                case NoteKind.REFUSED:
                    await self.record(PinRefused(self._mode, note.agent), agent=BY_THE_TILL)
                case NoteKind.LOOKED | NoteKind.READ_X:
                    looked = LookedOn(self._mode, note.at, note.pid, note.kind is NoteKind.READ_X)
                    await self.record(looked, agent=note.agent)

    # What is

    @property
    def only_reads(self) -> bool:
        """Whether another program writes the journal, or nobody may."""
        return self._journal is not None and self._journal.read_only

    @property
    def shift(self) -> Shift:
        """The shift that runs, or waits for its opening."""
        return self._shifts[-1]

    @property
    def writes(self) -> bool:
        """Whether this program writes the till's journal."""
        return self._journal is not None and not self._journal.read_only

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

    @property
    def day_doubt(self) -> DayDoubt | None:
        """What contradicts the business day that is counted on now; None where nothing does, and in a demo."""
        if self._journal is None or self._mode is Mode.DEMO:
            return None
        head, ends = self._journal.head, (self.shift, *self._shifts[-2:-1])
        signed = (one.by.at for shift in ends for one in (shift.opening, shift.closing) if one is not None)
        held = (hold.created_at for sale in self._desk.sales for hold in sale.holds)
        return day_doubt(self._clock, self._zone(), records=(head.at if head else None, *signed), held=held)

    @property
    def live_day_doubt(self) -> DayDoubt | None:
        """The doubt of a business day that counts. Practice opens on its server's day."""
        return self.day_doubt if self._mode is Mode.LIVE else None

    @property
    def day_to_confirm(self) -> DayDoubt | None:
        """The same, where nobody has said yes to that very doubt yet: only a person settles it, once."""
        doubt = self.live_day_doubt
        said = {one for shift in self._shifts if shift.opening for one in shift.opening.in_doubt}
        return None if doubt is None or said.issuperset(doubt.witnesses) else doubt

    async def open(self, amount: Money, *, on: date | None = None) -> None:
        """Begin a shift with this float. As the others here: raises CounterError where the gate does not let it.

        Where the business day is in doubt, only `on` that day: a person said so, now or at an earlier opening.
        """
        doubt = self.day_to_confirm
        if doubt is not None and doubt.day != on:
            raise DayInDoubt(doubt)
        known = self.live_day_doubt
        await self.record(TillOpened(self._mode, amount, known.witnesses if known else ()))

    async def put_in(self, amount: Money, reason: str) -> None:
        """Cash into the drawer besides sales."""
        await self.record(CashPutIn(self._mode, amount, reason.strip()))

    async def take_out(self, amount: Money, reason: str) -> None:
        """Cash out of the drawer besides refunds."""
        await self.record(CashTakenOut(self._mode, amount, reason.strip()))

    async def close(self, counted: Money) -> Reading:
        """Z: end the shift with what was counted, and tell what was expected. Cannot be redone."""
        self._desk.gate.must_be_somebody()
        await self._desk.ledger.examine()
        await self._take_up_notes()
        z = self._z(counted, await self.read())
        if self._desk.gate.acts((z,), None):  # that it does tells how far off it is: each count is on record
            await self.record(DrawerCounted(self._mode, counted))
        try:
            word = await self._desk.gate.word((z,), None)
        except NeedsSupervisor as error:
            meaning = _("The till is not closed; the count is on record.")
            error.problem = replace(error.problem, meaning=meaning)
            raise
        return await finish(self._close(counted, word))

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
        if self.sees_expected and self.only_reads:
            await self.aside(self._desk.counter.agent, NoteKind.READ_X)
        elif self.sees_expected and self._desk.ledger.trouble is None:
            await self._take_up_notes()
            await self.record(XRead(self._mode))
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
        await self.record(CustomerForgotten(self._mode, reference))
        return await journal.forget(reference)

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
            await finish(self.staff.stand(agent))
        await self.record(TillTakenOver(self._mode, pid, host, own))

    async def aside(self, agent: str, kind: NoteKind = NoteKind.LOOKED) -> None:
        """Note it beside a journal that this program does not write."""
        await asyncio.to_thread(Aside(self._place).add, Note(self._clock.now(), agent, os.getpid(), kind))

    # Recording

    def _opened(self) -> Journal:
        if self._journal is None:
            raise CounterError(Problem(_("The till's journal is not open."), _("Nothing was recorded.")))
        return self._journal

    async def record(self, event: TillEvent, *, agent: str | None = None, word: Word | None = None) -> None:
        """Record it, by `agent` where somebody just comes or goes. Raises CounterError and the journal's errors."""
        if word is None and agent is None:
            word = await self._desk.gate.word((event,), None)
        await finish(self._alone(event, agent, word))

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
        shift = reduce(apply, recorded(entries), self.shift)  # a supervisor's word goes before the act
        following = (Shift(shift.number + 1, shift.closing.seq),) if shift.closing else ()
        self._shifts = (*self._shifts[:-1], shift, *following)
        self._tell_gate()
        self._desk.tell()


def _refused(why: str) -> CounterError:
    return CounterError(Problem(_("That cannot be done at this till now."), _("Nothing was recorded."), words=why))
