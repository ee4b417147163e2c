"""Who stands at the till, and everybody who may: signing in and out, PINs, a covered page. Every step is journaled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Protocol, TypeVar

from korus_tui.aio import finish
from korus_tui.counter.core.desk import Desk
from korus_tui.counter.core.gate import Passed, Word
from korus_tui.counter.core.problems import CounterError
from korus_tui.counter.till.agents import Agent, AgentRefused, Agents, AgentsUnreadable
from korus_tui.counter.till.aside import NoteKind
from korus_tui.i18n import _
from korus_tui.journal.errors import JournalProblem
from korus_tui.sale.till_events import (
    AgentAdded,
    AgentLeft,
    AgentRenamed,
    AgentSignedIn,
    AgentSignedOut,
    PageUncovered,
    PinChanged,
    PinRefused,
    RoleChanged,
    TillEvent,
    TriesForgotten,
)
from korus_tui.sale.values import Mode

T = TypeVar("T")


class TillRecords(Protocol):
    """What the till records of its staff: in its journal, or beside it where another program writes that."""

    @property
    def mode(self) -> Mode:
        """What the records count for."""

    @property
    def writes(self) -> bool:
        """Whether the journal is open here, to be written."""

    @property
    def only_reads(self) -> bool:
        """Whether it is open here, and not to be written."""

    async def record(self, event: TillEvent, *, agent: str | None = None, word: Word | None = None) -> None:
        """Record it; what `word` let through, as it was let through."""

    async def aside(self, agent: str, kind: NoteKind = NoteKind.LOOKED) -> None:
        """Note it beside a journal that this program does not write."""


class Staff:
    """One till's agents. What it changes is durable when a call returns, whatever becomes of the caller."""

    def __init__(self, desk: Desk, agents: Agents, till: TillRecords) -> None:
        self._desk = desk
        self._agents = agents
        self._till = till
        self.agent: Agent | None = None
        self._seen: tuple[int, ...] | None = None  # the agents' file when it was last looked at
        self._changing = 0  # changes of the agents that this program makes now
        self._leaving: asyncio.Task[None] | None = None
        desk.gate.has_pins = lambda: self.has_agents
        desk.gate.look = self._see_whether_still

    @property
    def has_agents(self) -> bool:
        """Whether agents have PINs here, added by this program or another one."""
        return self._agents.there

    @property
    def asks_pins(self) -> bool:
        """Whether nothing is done here without a PIN (a demo is everybody's)."""
        return self._desk.gate.asks_pins

    def expect(self) -> None:
        """The till's records know of PINs: a file without any is no file of nobody's."""
        self._agents.expect()

    async def everybody(self) -> tuple[Agent, ...]:
        """Everybody who has or had a PIN here. Raises AgentsUnreadable."""
        return await asyncio.to_thread(self._agents.all)

    async def prove(self, name: str, pin: str) -> Agent:
        """Whose name and PIN these are; a wrong one is on record. Raises AgentRefused, AgentsUnreadable, OSError."""
        try:
            return await asyncio.to_thread(self._agents.check, name, pin)
        except AgentRefused as refused:
            if refused.tried is not None and not self._till.writes:
                await self._till.aside(refused.tried, NoteKind.REFUSED)
            elif refused.tried is not None:
                with suppress(JournalProblem, CounterError):  # the refusal is what counts
                    await self._till.record(PinRefused(self._till.mode, refused.tried))
            raise

    async def sign_in(self, name: str, pin: str) -> None:
        """Stand at the till from now on, or again where the page was covered. Raises as `prove`, the journal's too."""
        await finish(self.stand(await self.prove(name, pin)))

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
                lambda one: AgentAdded(self._till.mode, one.name if one else name, supervisor),
            )
            return
        first = await asyncio.to_thread(self._agents.add_first, name, pin)
        await finish(self.stand(first))
        await self._till.record(AgentAdded(self._till.mode, first.name, True))

    async def rename(self, name: str, to: str) -> None:
        """Another name for an agent. As the others below: raises CounterError, and as `sign_in`."""
        await self._change(
            lambda: self._agents.rename(name, to),
            lambda new: AgentRenamed(self._till.mode, name, new or to),
            lambda new, me: replace(me, name=new) if me.name == name else me,
        )

    async def leave(self, name: str) -> None:
        """This agent works here no more."""
        await self._change(lambda: self._agents.leave(name), lambda _none: AgentLeft(self._till.mode, name))
        if self.agent is not None and self.agent.name == name:
            await self.sign_out()

    async def make(self, name: str, *, supervisor: bool) -> None:
        """Make a supervisor of an agent, or one no more."""
        await self._change(
            lambda: self._agents.make(name, supervisor=supervisor),
            lambda _none: RoleChanged(self._till.mode, name, supervisor),
        )

    async def reset_pin(self, name: str, pin: str) -> None:
        """Another PIN for an agent who forgot theirs, or is back."""
        await self._give(name, pin, reset=True)

    async def _give(self, name: str, pin: str, *, reset: bool) -> None:
        await self._change(
            lambda: self._agents.reset(name, pin),
            lambda _key: PinChanged(self._till.mode, name, reset),
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

    @property
    def pin_rule(self) -> str:
        """What a new PIN must be, in words."""
        return self._agents.pin_rule

    async def unlock(self, name: str) -> None:
        """Forget an agent's wrong PINs."""
        await self._change(lambda: self._agents.unlock(name), lambda _none: TriesForgotten(self._till.mode, name))

    async def _change(
        self,
        work: Callable[[], T],
        event: Callable[[T | None], TillEvent],
        me: Callable[[T, Agent], Agent] = lambda _done, me: me,
    ) -> None:
        """Let through first, then the agents' file, then the record; `me` is what it makes of who stands here."""
        gate, foreseen = self._desk.gate, (event(None),)
        await finish(self._changed(work, event, me, gate.let(foreseen, None, await gate.word(foreseen, None))))

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
            await self._till.record(made, word=Word(passed=replace(passed, events=(*passed.events[:-1], made))))
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
            if not self._till.only_reads:
                await self._till.record(AgentSignedOut(self._till.mode, why), agent=name)

    async def sign_out(self) -> None:
        """Leave the till; open sales and the shift stay as they are."""
        await finish(self.stand(None))

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

    async def stand(self, agent: Agent | None) -> None:
        """Have this agent stand here, or nobody: who stood here goes first. Raises as `record`."""
        if self._till.only_reads:
            if agent is not None:
                await self._till.aside(agent.name)
            self._stands(agent)
            return
        if self.covered and agent is not None and self.agent is not None and agent.name == self.agent.name:
            await self._till.record(PageUncovered(self._till.mode), agent=agent.name)
            self._stands(agent)
            return
        if self.agent is not None:
            await self._till.record(AgentSignedOut(self._till.mode), agent=self.agent.name)
            self._stands(None)
        if agent is not None:
            await self._till.record(AgentSignedIn(self._till.mode, agent.supervisor), agent=agent.name)
            self._stands(agent)

    def _stands(self, agent: Agent | None) -> None:
        self.agent, self._seen = agent, None
        self._desk.gate.covered, self._desk.gate.gone = False, ""
        self._desk.stand(
            agent.name if agent else "", proved=agent is not None, supervisor=bool(agent and agent.supervisor)
        )
        self._desk.tell()
