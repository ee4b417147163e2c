"""Agent actions × faults × restarts, for thousands of steps on a real sandbox (issue 4, §7): nothing is ever lost."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from machine_agent import Agent, WatchedTill
from machine_checks import Checks, last_id
from machine_faults import EVERYTHING, HOLD, LOOK_UPS, ORDER, WRITES, Coverage, FaultBox
from sandbox_process import SandboxProcess
from till import BEFORE_SEASON, DAY_PRODUCT, SHOW_PRODUCT

from korus_tui.api import retry
from korus_tui.sale import events as e
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Line, Method

ACTIONS = (
    "go on", "go on", "go on", "go on", "go on", "add", "hold again", "remove", "park", "recall", "customer", "notes",
    "part by card", "take", "undo", "give up", "book", "void", "set aside", "close by hand", "settle", "finish",
)  # fmt: skip
KILLS = (None, None, None, None, None, None, None, 0.0, 0.002, 0.004, 0.008, 0.02, 0.06)
STALE = 250  # reservations at a sandbox after which a fresh one is started: each step reads them all


class World:
    """The sandbox that several machines use one after the other, and what was covered so far."""

    def __init__(self) -> None:
        self.coverage = Coverage()
        self._first_wait, retry.FIRST_WAIT = retry.FIRST_WAIT, 0.02  # seconds: what is read again is read soon
        self.templates: list[Line] = []
        self._sandbox: SandboxProcess | None = None

    def sandbox(self) -> SandboxProcess:
        """A running one; offers that were sold out or dearer are as at first in a fresh one."""
        if self._sandbox is not None and len(self._sandbox.state()["reservations"]) > STALE:
            self._stop()
        if self._sandbox is None:
            self._sandbox = SandboxProcess(now=BEFORE_SEASON)
        return self._sandbox

    def close(self) -> None:
        """End the sandbox and leave the pace of reads as it was."""
        retry.FIRST_WAIT = self._first_wait
        self._stop()

    def _stop(self) -> None:
        if self._sandbox is not None:
            self._sandbox.stop()
            self._sandbox = None


class Counter(RuleBasedStateMachine):
    """One till, from its first sale to the end of its journal."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.sandbox = self.world.sandbox()
        self.home = Path(tempfile.mkdtemp(prefix="korus-machine-"))
        self.runner = asyncio.Runner()
        self.faults = FaultBox(self.sandbox, self.world.coverage)
        self.sold: list[tuple[str, int]] = []
        self.run(self._begin())

    def run(self, work: Any) -> Any:
        """Let the counter work until `work` is done; between two steps it stands still."""
        return self.runner.run(work)

    async def _begin(self) -> None:
        self.till: WatchedTill = WatchedTill(self.sandbox, self.home)
        await self.till.__aenter__()
        if not self.world.templates:
            self.world.templates = await Agent.templates_of(self.till)
        assert len(self.world.templates) >= 4
        strangers = {one["id"] for one in self.sandbox.state()["reservations"]}
        self.checks = Checks(self.till, strangers)
        self.agent = Agent(self.till, self.checks, self.world.templates, self.world.coverage)

    async def check(self, *, complete: bool = False) -> None:
        """All that must be true now."""
        events = await self.checks.journal_and_desk()
        state = await asyncio.to_thread(self.sandbox.state)
        events = await self.checks.journal_and_desk()  # answers that came while the server was asked
        self.checks.server(await asyncio.to_thread(self.sandbox.state), events, complete=complete)
        self.faults.look(state["faults"])
        assert not self.till.failures, self.till.failures
        if not self.faults.late:
            assert not self.till.sent_again_in_vain

    # Rules. They draw the same whatever the till does, so that a run can be repeated.

    @initialize(choice=st.integers(0, 99), people=st.integers(1, 2))
    def first_customer(self, choice: int, people: int) -> None:
        """Somebody stands at the counter."""
        self.run(self._acted("add", choice, people, twice=False, kill=None))

    @rule(
        action=st.sampled_from(ACTIONS),
        choice=st.integers(0, 99),
        people=st.integers(1, 3),
        twice=st.integers(0, 3),
        kill=st.sampled_from(KILLS),
    )
    def act(self, action: str, choice: int, people: int, twice: int, kill: float | None) -> None:
        """The agent does something; perhaps the key bounces, perhaps the program is killed meanwhile."""
        self.run(self._acted(action, choice, people, twice=twice == 0, kill=kill))

    @rule(fault=st.integers(0, 5), route=st.integers(0, 5), go_on=st.booleans())
    def trouble(self, fault: int, route: int, go_on: bool) -> None:
        """The next calls meet a fault, and often the sale goes on into it."""
        self.run(self._into(self.world.coverage.rarest(fault), route, fault, most=8 if go_on else 1))

    @rule(choice=st.integers(0, 99), amount=st.sampled_from(["12.50", "40", "87", "87.10", "250"]))
    def the_world_moves(self, choice: int, amount: str) -> None:
        """Time passes, places go to others and come back, prices move, holds end early, tokens end."""
        self.run(self._moved(choice, amount))

    @rule(odds=st.integers(0, 5), choice=st.integers(0, 99))
    def go_on_or_restart(self, odds: int, choice: int) -> None:
        """The sale goes on; or the program ends without a word, with whatever is in flight, and starts again."""
        if odds:
            self.run(self._acted("go on", choice, 1, twice=odds == 1, kill=None))
        else:
            self.run(self._again(ask=choice % 2 == 0))

    async def _acted(self, action: str, choice: int, people: int, *, twice: bool, kill: float | None) -> None:
        sale = self.agent.sale or (self.agent.any_sale(choice) if action in ("go on", "settle", "recall") else None)
        self.world.coverage.steps += 1
        self.world.coverage.actions[action] += 1
        if action == "add" or sale is None:
            await self.agent.open(choice, people, twice=twice, kill=kill)
        else:
            await self._one(action, sale, choice, twice=twice, kill=kill)
        await self.check()

    async def _again(self, *, ask: bool) -> None:
        self.world.coverage.met["restart"] += 1
        self.world.coverage.steps += 1
        await self.till.restart()
        if ask:
            await self.agent.ask_the_time()
        await self.check()

    async def _into(self, fault: str, route: int, choice: int, *, most: int) -> None:
        """Give the fault, and go on with a sale until a call meets it; a look-up needs an answer that was lost."""
        met = self.faults.give(fault, route)
        if met in LOOK_UPS:
            self.faults.give("dropped after", WRITES.index(HOLD if met == "reservations" else ORDER))
        for _ in range(most):
            await self._acted("go on", choice, 1, twice=False, kill=None)
            if not self.faults.waiting:
                return

    async def _one(self, action: str, sale: Sale, choice: int, **how: Any) -> None:
        agent, reference, services = self.agent, sale.reference, self.till.services
        lines = [state.line.id for state in sale.lines]
        if action == "go on":
            await agent.go_on(sale, **how)
        elif action == "hold again" and lines:
            await agent.hold(sale, lines[: 1 + choice % len(lines)], **how)
        elif action == "remove" and lines:
            await agent.record(sale, e.LineRemoved(lines[choice % len(lines)]), **how)
        elif action == "park":
            await agent.step(lambda: services.desk.park(reference), **how)
        elif action == "recall":
            other = agent.any_sale(choice)
            await agent.step(lambda: services.desk.recall((other or sale).reference), **how)
        elif action == "customer":
            await agent.type_customer(sale, f"Ada {choice}", **how)
        elif action == "notes":
            await agent.type_notes(sale, f"wheelchair {choice}", **how)
        elif action in ("part by card", "take"):
            card = action == "part by card"
            await agent.take(sale, part=card, method=Method.CARD if card else Method.CASH, **how)
        elif action == "undo":
            await agent.undo(sale, **how)
        elif action == "give up":
            await agent.step(lambda: services.checkout.give_up(reference), **how)
        elif action == "book":
            await agent.step(lambda: services.checkout.book(reference), **how)
        elif action == "void" and choice % 3 == 0:
            await agent.record(sale, e.SaleVoided("changed their mind"), **how)
        elif action == "finish":
            await agent.record(sale, e.SaleFinished(), **how)
        elif action == "set aside":
            services.desk.set_aside()
        elif action == "close by hand" and choice % 4 == 0:
            await agent.step(lambda: services.cancelling.close_by_hand(reference, "the manager knows"), **how)
        elif action == "settle":
            await self._settled()

    async def _settled(self) -> None:
        for sale in self.till.services.desk.sales:
            await self.till.settled(sale.reference)

    async def _moved(self, choice: int, amount: str) -> None:
        lever = ("sold", "price", "ended", "clock", "clock", "tokens")[choice % 6]
        met = self.world.coverage.met
        self.world.coverage.steps += 1
        if lever == "sold":
            await self._sold_out(choice)
        elif lever == "price":
            product = (SHOW_PRODUCT, DAY_PRODUCT)[choice // 6 % 2]
            self.sandbox.control("price", product=product, amount=amount, stages=["realtime", "held", "ordered"])
            met["price moved"] += 1
        elif lever == "ended":
            sale = self.agent.any_sale(choice)
            for hold in sale.running_holds[:1] if sale else ():
                self.sandbox.control("expire", reservation=last_id(hold.reservation))
                met["hold ended early"] += 1
        elif lever == "clock":
            self.sandbox.advance(30 + choice * 5)
            met["clock advanced"] += 1
            if choice % 2:
                await self.agent.ask_the_time()
        else:
            self.sandbox.control("revoke")
            met["tokens revoked"] += 1
        await self.check()

    async def _sold_out(self, choice: int) -> None:
        """Places of one wish go to somebody else, or those that went come back."""
        if self.sold:
            while self.sold:
                pool, quantity = self.sold.pop()
                self.sandbox.sell(pool, -quantity)
            return
        wish = self.world.templates[choice // 6 % len(self.world.templates)]
        pools = {last_id(wish.offer), *(last_id(ticket.session) for ticket in wish.tickets if ticket.session)}
        for pool in pools:
            self.sandbox.sell(pool, 9_999)
            self.sold.append((pool, 9_999))
        self.world.coverage.met["sold out by another"] += 1
        sale = self.agent.sale
        if sale and sale.attempt is None and any(state.line.offer == wish.offer for state in sale.lines):
            await self.agent.hold(sale, [state.line.id for state in sale.lines if state.line.offer == wish.offer])

    # The end

    def teardown(self) -> None:
        """Without faults every sale comes to its end; then server, desk and journal agree to the cent."""
        try:
            self.run(self._end())
        finally:
            self.run(self.till.services.close(0))
            self.runner.close()
            shutil.rmtree(self.home, ignore_errors=True)

    async def _end(self) -> None:
        self.faults.end()
        self.sandbox.advance(5)  # what was to be committed late is committed
        while self.sold:
            pool, quantity = self.sold.pop()
            self.sandbox.sell(pool, -quantity)
        await self.agent.ask_the_time()
        await self._settled()
        for sale in self.till.services.desk.sales:
            if sale.payments:
                await self._come_to_an_end(sale.reference)
        await self._settled()
        await self.check(complete=True)
        verdict = (await self.till.services.desk.journal()).verify()
        assert verdict.whole, verdict

    async def _come_to_an_end(self, reference: str) -> None:
        for _ in range(40):
            sale = next((one for one in self.till.services.desk.sales if one.reference == reference), None)
            if sale is None:
                return
            await self.agent.go_on(sale)
        raise AssertionError(f"a paid sale does not come to its end: {sale}")


def run_machines(examples: int, steps: int, number: int) -> Coverage:
    """Run `examples` tills of `steps` steps each, and return what was covered."""
    world = World()
    machine = type("Counter", (Counter,), {"world": world})
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    try:
        run_state_machine_as_test(seed(number)(machine), settings=chosen)
    finally:
        world.close()
    return world.coverage


def report(coverage: Coverage, record: Any) -> None:
    """Put into the test report what was done."""
    record("steps", coverage.steps)
    record("faults met", dict(sorted(coverage.met.items())))
    record("actions", dict(sorted(coverage.actions.items())))


@pytest.mark.parametrize("number", [1, 2])
def test_nothing_is_lost_whatever_fails_f04_f05_f06_f07_f08_f09_f10_f13_f16_f18_f30(
    number: int, record_property: Any
) -> None:
    coverage = run_machines(14, 40, number)
    report(coverage, record_property)
    assert coverage.steps >= 500
    assert coverage.never == []


@pytest.mark.long
@pytest.mark.parametrize("number", [3, 4])
def test_nothing_is_lost_in_many_thousand_steps_f30(number: int, record_property: Any) -> None:
    coverage = run_machines(100, 60, number)
    report(coverage, record_property)
    assert coverage.steps >= 5_000
    assert set(coverage.met) == set(EVERYTHING)
