"""The state machine: what may happen at a counter, in any order, and the end that every sale must come to."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from machine_agent import Agent, WatchedTill
from machine_checks import Checks, last_id, over_all
from machine_faults import (
    BY_THE_SHOP,
    DROPPED_LATE,
    HANDS,
    LEVERS,
    LOOK_UPS,
    NOT_AGAIN,
    ORDER,
    WRITES,
    FaultBox,
)
from machine_plain import PlainWorld
from machine_world import World
from till import DAY_PRODUCT, SHOW_PRODUCT

from korus_tui.sale import events as e
from korus_tui.sale.money import Money
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Method, Mode

ACTIONS = (
    "go on", "go on", "go on", "go on", "go on", "add", "hold again", "remove", "park", "recall", "customer", "notes",
    "part by card", "take", "undo", "give up", "book", "void", "set aside", "close by hand", "settle", "finish",
)  # fmt: skip
WHERE = st.sampled_from([0, 0, 1])
PIN = ("Ada", "471108")
KILLS = (None, None, None, None, None, None, None, 0.0, 0.002, 0.004, 0.008, 0.02, 0.06)


@dataclass
class Place:
    """One till of the account, what must be true of it, and who works there; at some, agents have PINs."""

    till: WatchedTill
    checks: Checks
    agent: Agent
    pins: bool = False


class Counter(RuleBasedStateMachine):
    """Two tills of one account, from their first sale to the end of their journals."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp(prefix="korus-machine-"))
        self.runner = asyncio.Runner()
        self.sold: list[tuple[str, int]] = []
        self.places: list[Place] = []
        self.steps: list[str] = []
        self.ordered: set[str] = set()  # reservations with an order, as of the last look

    def run(self, work: Any) -> Any:
        """Let the tills work until `work` is done; between two steps they stand still."""
        try:
            return self.runner.run(work)
        except Exception as error:
            # Time passes differently when hypothesis repeats it: the first one counts, with what led to it.
            error.add_note("\n".join(["after these steps:", *self.steps]))
            self.world.failures.append(error)
            raise

    def step(self, where: int, what: str, **drawn: object) -> None:
        """The next step is made at this till; remembered for whoever reads of a failure."""
        self.here = self.places[where]
        told = ", ".join(f"{name}={value!r}" for name, value in drawn.items())
        self.steps.append(f"till {where}: {what}({told})")

    async def _begin(self, generation: str) -> None:
        strangers = {one["id"] for one in self.sandbox.state()["reservations"]}
        for name in ("a", "b"):
            till = WatchedTill(self.sandbox, self.home / name)
            await till.__aenter__()
            await till.open_till()
            if generation not in self.world.templates:
                self.world.templates[generation] = await Agent.templates_of(till)
            self.templates = self.world.templates[generation]
            checks = Checks(till, strangers)
            agent = Agent(till, checks, self.templates, self.world.coverage)
            self.places.append(Place(till, checks, agent))
        assert len(self.templates) >= 4
        self.here = self.places[0]
        with_pins = self.places[1]
        await with_pins.till.services.till.staff.add_agent(*PIN, supervisor=True)
        with_pins.pins = True

    @property
    def till(self) -> WatchedTill:
        """The till where the step is made."""
        return self.here.till

    @property
    def agent(self) -> Agent:
        """Who makes it."""
        return self.here.agent

    async def check(self, *, complete: bool = False) -> None:
        """All that must be true now, at both tills and between them."""
        for place in self.places:
            await place.checks.journal_and_desk()
        state = await asyncio.to_thread(self.sandbox.state)
        for place in self.places:
            place.checks.server(state, complete=complete)
            place.checks.money_back(self.ordered)
            assert not place.till.failures, place.till.failures
            if not self.faults.late:
                assert not place.till.sent_again_in_vain
        over_all([place.checks for place in self.places], state)
        self.ordered = {one["reservation"] for one in state["orders"] if not one.get("cancelled")}
        self.faults.look(state["faults"])
        assert self.world.elsewhere.calls_of("reserve", "order_bulk", "orders", "order", "reservation") == []

    # Rules. They draw the same whatever the till does, so that a run can be repeated.

    @initialize(generation=st.integers(0, 1), choice=st.integers(0, 99), people=st.integers(1, 2))
    def first_customer(self, generation: int, choice: int, people: int) -> None:
        """Two tills of an account whose API speaks one of the generations; somebody stands at one of them."""
        spoken = self.world.generation(generation)
        self.steps.append(f"the API speaks {spoken}")
        self.sandbox = self.world.server(spoken)
        self.faults = FaultBox(self.sandbox, self.world.coverage)
        self.run(self._begin(spoken))
        self.step(0, "first_customer", choice=choice, people=people)
        self.run(self._acted("add", choice, people, twice=False, kill=None))

    @rule(
        where=WHERE,
        action=st.sampled_from(ACTIONS),
        choice=st.integers(0, 99),
        people=st.integers(1, 3),
        twice=st.integers(0, 3),
        kill=st.sampled_from(KILLS),
    )
    def act(self, where: int, action: str, choice: int, people: int, twice: int, kill: float | None) -> None:
        """An agent does something; perhaps the key bounces, perhaps the program is killed meanwhile."""
        self.step(where, action, choice=choice, people=people, twice=twice, kill=kill)
        self.run(self._acted(action, choice, people, twice=twice == 0, kill=kill))

    @rule(where=WHERE, fault=st.integers(0, 5), route=st.integers(0, 5), go_on=st.sampled_from([True, True, False]))
    def trouble(self, where: int, fault: int, route: int, go_on: bool) -> None:
        """The next calls meet a fault, and often the sale goes on into it."""
        self.step(where, "trouble", fault=self.world.coverage.rarest(fault), route=route, go_on=go_on)
        self.run(self._into(self.world.coverage.rarest(fault), route, fault, most=8 if go_on else 1))

    @rule(where=WHERE, choice=st.integers(0, 99), amount=st.sampled_from(["12.50", "40", "87", "87.10", "250"]))
    def the_world_moves(self, where: int, choice: int, amount: str) -> None:
        """Time passes, places go and come back, prices move, holds and tokens end; hands and profiles change."""
        self.step(where, "the_world_moves", choice=choice, amount=amount)
        self.run(self._another_hand(choice) if choice % 4 == 0 else self._moved(choice, amount))

    @rule(where=WHERE, odds=st.integers(0, 5), choice=st.integers(0, 99))
    def go_on_or_restart(self, where: int, odds: int, choice: int) -> None:
        """The sale goes on; or the program ends without a word, with whatever is in flight, and starts again."""
        self.step(where, "go_on_or_restart", odds=odds, choice=choice)
        if odds:
            self.run(self._acted("go on", choice, 1, twice=odds == 1, kill=None))
        else:
            self.run(self._again(ask=choice % 2 == 0))

    async def _acted(self, action: str, choice: int, people: int, *, twice: bool, kill: float | None) -> None:
        sale = self.agent.sale or (self.agent.any_sale(choice) if action in ("go on", "settle", "recall") else None)
        self.world.coverage.steps += 1
        self.world.coverage.actions[action] += 1
        if choice % 3:
            await self._at_work(self.here)
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

    @staticmethod
    async def _at_work(place: Place) -> None:
        """Somebody stands there, and the drawer is counted: what is needed to sell."""
        desk = place.till.services.till
        if desk.nobody is not None:
            await desk.staff.sign_in(*PIN)
        if not desk.shift.is_open:
            doubt = desk.day_doubt  # a person says yes to the day
            await desk.open(Money.of(0, desk.currency), on=doubt.day if doubt else None)

    async def _another_hand(self, choice: int) -> None:
        met, till, desk = self.world.coverage.met, self.till, self.till.services.till
        wanted = min(HANDS, key=lambda one: (met[one], one))
        self.world.coverage.steps += 1
        await self._at_work(self.here)
        if wanted == "signed out" and not self.here.pins:
            wanted = "till closed"
        met[wanted] += 1
        if wanted == "signed out":
            await desk.staff.sign_out()
        elif wanted == "till closed":
            await desk.close(Money.of(0, desk.currency))
        elif wanted == "another mode":
            other = Mode.TRAINING if desk.mode is Mode.LIVE else Mode.LIVE
            till.profile = replace(till.profile, mode=other.value)
            await till.restart()
        else:
            await self._at_another_server()
        await self.check()
        for tried in range(3):  # as if nothing had happened
            await self._acted("go on", 3 * choice, 1, twice=False, kill=None)
            await self._acted(("undo", "take", "close by hand")[tried], 3 * choice, 1, twice=False, kill=None)

    async def _at_another_server(self) -> None:
        """The profile of another server: it is asked for nothing of ours, and nothing of ours is settled."""
        till = self.till
        own = till.profile
        till.profile = replace(own, server=self.world.elsewhere.base_url)
        await till.restart()
        await till.services.late_orders.look()
        assert till.services.desk.sales == ()
        await self.here.checks.journal_and_desk()
        till.profile = own
        await till.restart()

    async def _into(self, fault: str, route: int, choice: int, *, most: int) -> None:
        """Give the fault, and go on with a sale until a call meets it; a look-up needs an answer that was lost.

        An order that comes late is not had by a second call: it turns up when the till takes it for not made.
        """
        await self._at_work(self.here)
        met = self.faults.give(fault, route)
        late = fault in DROPPED_LATE and met == ORDER
        if late:
            self.faults.give(NOT_AGAIN[choice % 2], WRITES.index(ORDER))
        if met in LOOK_UPS:
            self.faults.give("dropped after", WRITES.index(ORDER))
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
        levers = (*LEVERS, *BY_THE_SHOP) if self.world.plain else LEVERS
        lever = sorted(levers, key=lambda one: met[one])[choice % 3]  # the rarest ones, so that a short run has all
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
        elif lever in BY_THE_SHOP:
            self._shop_sells(lever)
        elif lever == "clock advanced":
            self.sandbox.advance(30 + choice * 5)
            met["clock advanced"] += 1
            if choice % 2:
                await self.agent.ask_the_time()
        else:
            self.sandbox.control("revoke")
            met["tokens revoked"] += 1
        await self.check()

    def _shop_sells(self, lever: str) -> None:
        """The web shop of the account takes what the tills sell; what it wants is gone now and then."""
        assert isinstance(self.sandbox, PlainWorld)
        with contextlib.suppress(RuntimeError):
            held = self.sandbox.shop.hold(DAY_PRODUCT)
            self.world.coverage.met[lever] += 1
            if lever == "sold by the shop":
                self.sandbox.shop.order(held)

    async def _sold_out(self, choice: int) -> None:
        """Places of one wish go to somebody else, or those that went come back."""
        if self.sold:
            while self.sold:
                pool, quantity = self.sold.pop()
                self.sandbox.sell(pool, -quantity)
            return
        wish = self.templates[choice // 6 % len(self.templates)]
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
        """Without faults every sale comes to its end; then server, desks and journals agree to the cent."""
        try:
            self.run(self._end())
        finally:
            for place in self.places:
                self.runner.run(place.till.services.close(0))
            self.runner.close()
            shutil.rmtree(self.home, ignore_errors=True)

    async def _end(self) -> None:
        self.faults.end()
        self.sandbox.advance(5)  # what was to be committed late is committed
        while self.sold:
            pool, quantity = self.sold.pop()
            self.sandbox.sell(pool, -quantity)
        for place in self.places:
            self.here = place
            await self._end_of_one()
            if self.here.checks.elsewhere:
                other = next(iter(self.here.checks.elsewhere.values())).mode
                self.till.profile = replace(self.till.profile, mode=other.value)
                await self.till.restart()
                await self._end_of_one()
        await self.check(complete=True)
        for place in self.places:
            verdict = (await place.till.services.desk.ledger.journal()).verify()
            assert verdict.whole, verdict

    async def _end_of_one(self) -> None:
        """This till, in the mode it is in."""
        await self._at_work(self.here)
        await self.agent.ask_the_time()
        await self._settled()
        for sale in self.till.services.desk.sales:
            if sale.payments:
                await self._come_to_an_end(sale.reference)
        await self._settled()
        await self.till.services.late_orders.look()
        await self.here.checks.journal_and_desk()

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
