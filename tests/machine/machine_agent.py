"""The agent of the machine: does what a person at the counter does, and remembers what was confirmed."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_DOWN, Decimal
from pathlib import Path

from machine_checks import Checks, Memory, Typed
from machine_faults import Coverage
from machine_plain import PlainWorld
from sandbox_process import CATALOG, SandboxProcess
from till import DAY_PRODUCT, SHOW_PRODUCT, WALK_IN, Till

from korus_tui.counter.booking.lost_orders import Patience
from korus_tui.counter.booking.settling import credit_without
from korus_tui.counter.core.problems import CounterError
from korus_tui.counter.services import Services
from korus_tui.sale import events as e
from korus_tui.sale.differences import undecided
from korus_tui.sale.money import Money
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.state import GivenBack, LineStatus, Sale
from korus_tui.sale.values import Customer, Line, Method, Payment

QUICK = Patience(server_limit=0.15, first_wait=0.02, longest_wait=0.1, settles=0.0)
NOT_HELD = (LineStatus.CHOSEN, LineStatus.REFUSED, LineStatus.LAPSED)
DAYS = (date(2025, 6, 7), date(2025, 6, 14), date(2025, 6, 21))
Work = Callable[[], Awaitable[object]]


class WatchedTill(Till):
    """A counter that notes which reservations it orders again although the server has ordered them."""

    def __init__(self, sandbox: SandboxProcess | PlainWorld, home: Path) -> None:
        self.sent_again_in_vain: list[str] = []
        super().__init__(sandbox, home, patience=QUICK)

    def _build(self) -> Services:
        services = super()._build()
        order = services.ordering.again

        async def watched(reference: str, reservations: tuple[str, ...], /, *before: e.Event) -> None:
            state = await asyncio.to_thread(self.sandbox.state)
            done = {one["id"] for one in state["reservations"] if one["order"]}
            self.sent_again_in_vain += [one for one in reservations if one.rpartition("/")[2] in done]
            await order(reference, reservations, *before)

        services.recovery._resend = watched
        return services


class Agent:
    """Acts on one counter; every method is one step of a person, and may be refused by the till."""

    def __init__(self, till: Till, checks: Checks, templates: list[Line], coverage: Coverage) -> None:
        self.till = till
        self.checks = checks
        self.templates = templates
        self.coverage = coverage

    @staticmethod
    async def templates_of(till: Till) -> list[Line]:
        """Lines that can be held today: two products, some days, both sessions."""
        found: list[Line] = []
        for day in DAYS:
            for product, sessions in ((SHOW_PRODUCT, (0, -1)), (DAY_PRODUCT, (0,))):
                for session in sessions:
                    try:
                        found.append(await till.line(product, day, session=session))
                    except (KeyError, IndexError):
                        continue  # not sold that day
        return found

    @property
    def sale(self) -> Sale | None:
        """The sale at the counter."""
        return self.till.services.desk.sale

    def any_sale(self, choice: int) -> Sale | None:
        """One of the open sales."""
        sales = self.till.services.desk.sales
        return sales[choice % len(sales)] if sales else None

    def _memory(self, reference: str) -> Memory:
        return self.checks.memory.setdefault(reference, Memory())

    def confirm(self, reference: str, change: Callable[[Typed], Typed]) -> Callable[[bool | None], None]:
        """What to remember of an action: True it was done, False refused, None nobody can say."""
        memory = self._memory(reference)
        before = memory.possible[0]
        memory.possible = [before, change(before)]  # while it runs, both are true

        def remember(done: bool | None) -> None:
            if done is not None:
                memory.possible = [change(before) if done else before]

        return remember

    async def step(
        self,
        work: Work,
        remember: Callable[[bool | None], None] = lambda _done: None,
        *,
        twice: bool = False,
        kill: float | None = None,
    ) -> None:
        """One action: alone, as two keys in one write, or with the program killed `kill` seconds after its start."""
        tasks = [asyncio.ensure_future(work()) for _ in range(2 if twice else 1)]
        if kill is not None:
            await asyncio.wait(tasks, timeout=kill)
            for task in tasks:
                task.cancel()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        for answer in answers:
            if isinstance(answer, BaseException) and not isinstance(
                answer, (NotAllowed, CounterError, asyncio.CancelledError)
            ):
                raise answer
        if any(isinstance(answer, asyncio.CancelledError) for answer in answers):
            remember(None)
        else:
            done = [not isinstance(answer, BaseException) for answer in answers]
            remember(any(done))
        if twice:
            self.coverage.met["duplicate Enter"] += 1
        if kill is not None:
            self.coverage.met["killed in an action"] += 1
            await self.till.restart()

    # Steps

    async def open(self, choice: int, people: int, **how: object) -> None:
        """A customer with one or two wishes; put into the sale that is at the counter, if there is one."""
        desk, holding = self.till.services.desk, self.till.services.holding
        lines = [self._wish(choice, people)] + ([self._wish(choice // 7, 1)] if choice % 3 == 0 else [])

        async def work() -> None:
            sale = await desk.open(CATALOG, "fr")
            await holding.add(sale.reference, [replace(line, id=secrets.token_hex(8)) for line in lines])

        await self.step(work, **how)  # type: ignore[arg-type]

    def _wish(self, choice: int, people: int) -> Line:
        return replace(self.templates[choice % len(self.templates)], quantity=people)

    async def hold(self, sale: Sale, lines: list[str], **how: object) -> None:
        """Hold these lines, anew where they are held."""
        holding = self.till.services.holding
        await self.step(lambda: holding.hold(sale.reference, lines), **how)  # type: ignore[arg-type]

    async def record(self, sale: Sale, *events: e.Event, **how: object) -> None:
        """An event that needs no call."""
        desk = self.till.services.desk
        await self.step(lambda: desk.record(sale.reference, *events), **how)  # type: ignore[arg-type]

    async def type_customer(self, sale: Sale, name: str, **how: object) -> None:
        """Type whom the order is for."""
        customer = Customer(name, "Martin", WALK_IN.email, country="FR")
        remember = self.confirm(sale.reference, lambda typed: typed._replace(customer=customer))
        checkout = self.till.services.checkout
        await self.step(lambda: checkout.enter_customer(sale.reference, customer), remember, **how)  # type: ignore[arg-type]

    async def type_notes(self, sale: Sale, notes: str, **how: object) -> None:
        """Type a note for the order."""
        remember = self.confirm(sale.reference, lambda typed: typed._replace(notes=notes))
        checkout = self.till.services.checkout
        await self.step(lambda: checkout.enter_notes(sale.reference, notes), remember, **how)  # type: ignore[arg-type]

    async def take(self, sale: Sale, *, part: bool, method: Method, **how: object) -> None:
        """Take all that is due or a third of it."""
        due = sale.due
        if due is None or due.amount <= 0:
            return
        third = Money((due.amount / 3).quantize(Decimal("0.01"), ROUND_DOWN), due.currency)
        amount = third if part and third.amount > 0 else due
        payment = Payment(secrets.token_hex(8), method, amount, tendered=amount if method is Method.CASH else None)
        remember = self.confirm(sale.reference, lambda typed: typed._replace(payments=(*typed.payments, payment)))
        checkout = self.till.services.checkout
        await self.step(lambda: checkout.take(sale.reference, payment), remember, **how)  # type: ignore[arg-type]

    async def undo(self, sale: Sale, **how: object) -> None:
        """Give the last payment back."""
        remember = self.confirm(sale.reference, lambda typed: typed._replace(payments=typed.payments[:-1]))
        checkout = self.till.services.checkout
        how["twice"] = False  # a second undo is another payment's
        await self.step(lambda: checkout.undo(sale.reference), remember, **how)  # type: ignore[arg-type]

    async def refund(self, sale: Sale) -> None:
        """Leave out what cannot be had, and give back what was paid for it."""
        gone, services = [state.line.id for state in sale.stuck], self.till.services
        credit = credit_without(sale, gone)
        if credit is not None:
            await self.give_back(sale, credit, gone)
        elif sale.asked:
            await self.step(lambda: services.settling.absorb(sale.reference, "the house bears it"))
        else:  # only a part was paid: the rest is collected for what is left
            await self.step(lambda: services.holding.leave_out(sale.reference, gone))

    async def give_back(self, sale: Sale, amount: Money, without: Sequence[str] = (), **how: object) -> None:
        """Hand out what was paid beyond what the sale costs now."""
        back = GivenBack(secrets.token_hex(8), amount, Method.CASH, "held again for less")
        remember = self.confirm(sale.reference, lambda typed: typed._replace(given_back=(*typed.given_back, back)))
        settling = self.till.services.settling
        await self.step(lambda: settling.give_back(sale.reference, back, without), remember, **how)  # type: ignore[arg-type]

    async def accept(self, sale: Sale, **how: object) -> None:
        """Go on although amounts differ."""
        if decided := self._decided(sale):
            await self.record(sale, *decided, **how)

    @staticmethod
    def _decided(sale: Sale) -> list[e.DifferenceAccepted]:
        return [e.DifferenceAccepted(one.key, f"{one.first} → {one.second}") for one in undecided(sale)]

    async def ask_the_time(self) -> None:
        """One answer from the server, then the tick that ends what has lapsed; the line may be down."""
        from korus_tui.api.errors import ApiError

        try:
            await self.till.services.line.ask(lambda client: client.ticketing.catalogs())
        except ApiError:
            return
        await self.till.services.holding.expire()

    async def go_on(self, sale: Sale, choice: int, **how: object) -> None:
        """The next natural step towards the end of the sale."""
        checkout, reference = self.till.services.checkout, sale.reference
        missing = [state.line.id for state in sale.with_status(*NOT_HELD)]
        if sale.attempt is not None:
            await self.till.settled(reference)
        elif not sale.lines and sale.credit:
            await self.give_back(sale, sale.credit, **how)
        elif not sale.lines:
            await self.record(sale, e.SaleVoided("nothing chosen"), **how)
        elif sale.all_ordered and sale.credit:
            await self.give_back(sale, sale.credit, **how)
        elif sale.all_ordered:
            await self.record(sale, e.SaleFinished(), **how)
        elif missing or sale.stuck:
            await self.hold(sale, missing or [state.line.id for state in sale.stuck], **how)
        elif undecided(sale):
            await self.accept(sale, **how)
        elif sale.customer is None:
            await self.type_customer(sale, "Ada", **how)
        elif not sale.paying:
            await self.step(lambda: checkout.start(reference, Method.CASH), **how)  # type: ignore[arg-type]
            await self._renew_unless(reference, lambda after: after.paying)
        elif sale.due is not None and sale.due.amount > 0:
            await self._take_or_renew(sale, choice, **how)
        else:
            await self.step(lambda: checkout.book(reference), **how)  # type: ignore[arg-type]

    async def _take_or_renew(self, sale: Sale, choice: int, **how: object) -> None:
        """Cash for all of it; of some customers a part by card first, and of some of those it is given back."""
        if sale.payments and choice % 5 == 1:
            await self.undo(sale, **how)
            return
        if sale.payments and choice % 7 == 3:
            settling, decided = self.till.services.settling, self._decided(sale)
            await self.step(lambda: settling.absorb(sale.reference, "the house bears it", *decided), **how)  # type: ignore[arg-type]
            return
        card = choice % 5 in (1, 2)
        await self.take(sale, part=card, method=Method.CARD if card else Method.CASH, **how)
        await self._renew_unless(sale.reference, lambda after: after.payments != sale.payments or after.attempt)

    async def _renew_unless(self, reference: str, went_on: Callable[[Sale], object]) -> None:
        """Where money may not be taken the holds are too short, or of unknown length: hold the same places again."""
        after = next((one for one in self.till.services.desk.sales if one.reference == reference), None)
        if after is not None and not went_on(after):
            await self.ask_the_time()
            await self.hold(after, [state.line.id for state in after.lines if not state.order])
