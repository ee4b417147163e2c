"""The state machine: what may happen at a counter, in any order, and the end that every sale must come to."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from machine_agent import Agent, WatchedTill
from machine_checks import Checks, last_id
from machine_faults import DROPPED_LATE, HOLD, LEVERS, LOOK_UPS, NOT_AGAIN, ORDER, WRITES, FaultBox
from machine_world import World
from till import DAY_PRODUCT, SHOW_PRODUCT

from korus_tui.sale import events as e
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Method

ACTIONS = (
    "go on", "go on", "go on", "go on", "go on", "add", "hold again", "remove", "park", "recall", "customer", "notes",
    "part by card", "take", "undo", "give up", "book", "void", "set aside", "close by hand", "settle", "finish",
)  # fmt: skip
KILLS = (None, None, None, None, None, None, None, 0.0, 0.002, 0.004, 0.008, 0.02, 0.06)


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
        try:
            return self.runner.run(work)
        except Exception as error:
            self.world.failures.append(
                error
            )  # time passes differently when hypothesis repeats it: the first one counts
            raise

    async def _begin(self) -> None:
        self.till: WatchedTill = WatchedTill(self.sandbox, self.home)
        await self.till.__aenter__()
        await self.till.open_till()
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
        self.checks.server(state, events, complete=complete)
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
        """Give the fault, and go on with a sale until a call meets it; a look-up needs an answer that was lost.

        An order that comes late is not had by a second call: it turns up when the till takes it for not made.
        """
        met = self.faults.give(fault, route)
        late = fault in DROPPED_LATE and met == ORDER
        if late:
            self.faults.give(NOT_AGAIN[choice % 2], WRITES.index(ORDER))
        if met in LOOK_UPS:
            self.faults.give("dropped after", WRITES.index(HOLD if met == "reservations" else ORDER))
        for _ in range(16 if late else most):
            await self._acted("go on", choice, 1, twice=False, kill=None)
            if not self.faults.waiting:
                break
        if late and not self.faults.waiting:
            await self._settle(came=route > 2)

    async def _settle(self, *, came: bool) -> None:
        """The customer has had enough: money back for what was not booked, before or after the late order is there."""
        for sale in self.till.services.desk.sales:
            if sale.attempt is not None or not sale.doubted or not sale.taken:
                continue
            self.world.coverage.steps += 1
            if came:
                self.sandbox.advance(5)
            there = {one["reservation"] for one in (await asyncio.to_thread(self.sandbox.state))["orders"]}
            await (self.agent.refund(sale) if sale.stuck else self.agent.undo(sale))
            await self.check()
            after = await self.till.services.desk.read(sale.reference)
            assert after is not None
            paid = after.taken == sale.taken
            assert paid or not any(last_id(one) in there for one in sale.doubted), f"money back for an order: {after}"

    async def _one(self, action: str, sale: Sale, choice: int, **how: Any) -> None:
        agent, reference, services = self.agent, sale.reference, self.till.services
        lines = [state.line.id for state in sale.lines]
        if action == "go on":
            await agent.go_on(sale, choice, **how)
        elif action == "hold again" and lines:
            await agent.hold(sale, lines[: 1 + choice % len(lines)], **how)
        elif action == "remove" and lines:
            gone = (lines[choice % len(lines)],)
            await agent.step(lambda: services.holding.leave_out(reference, gone), **how)
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
        met = self.world.coverage.met
        lever = sorted(LEVERS, key=lambda one: met[one])[choice % 3]  # the rarest ones, so that a short run has all
        self.world.coverage.steps += 1
        if lever == "sold out by another":
            await self._sold_out(choice)
        elif lever == "price moved":
            product = (SHOW_PRODUCT, DAY_PRODUCT)[choice // 6 % 2]
            self.sandbox.control("price", product=product, amount=amount, stages=["realtime", "held", "ordered"])
            met["price moved"] += 1
        elif lever == "hold ended early":
            holds = [hold for sale in self.till.services.desk.sales for hold in sale.running_holds]
            for hold in holds[choice % len(holds) :][:1] if holds else ():
                self.sandbox.control("expire", reservation=last_id(hold.reservation))
                met["hold ended early"] += 1
        elif lever == "clock advanced":
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
            self.runner.run(self.till.services.close(0))
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
        await self.till.services.late_orders.look()
        await self.check(complete=True)
        verdict = (await self.till.services.desk.journal()).verify()
        assert verdict.whole, verdict

    async def _come_to_an_end(self, reference: str) -> None:
        for turn in range(40):
            sale = next((one for one in self.till.services.desk.sales if one.reference == reference), None)
            if sale is None:
                return
            if turn > 20 and sale.attempt is None and sale.stuck and sale.taken:
                await self.agent.refund(sale)  # what cannot be had any more
            else:
                await self.agent.go_on(sale, 0)
        raise AssertionError(f"a paid sale does not come to its end: {sale}")
