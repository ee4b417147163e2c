"""A whole counter without screens: the program's own services on a sandbox, and the steps of a sale in a few words."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from datetime import date, datetime
from enum import IntEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sandbox_process import CATALOG, CATALOG_PATH, SandboxProcess

from korus_tui.config.credentials import Secrets
from korus_tui.config.paths import Paths
from korus_tui.config.secret import Secret
from korus_tui.config.settings import Limits, Profile, Settings, WalkIn
from korus_tui.counter.booking.lost_orders import Patience
from korus_tui.counter.catalog.offer_models import Offer, Product, Session, Ticket
from korus_tui.counter.core.clock import ServerClock
from korus_tui.counter.services import Services
from korus_tui.journal.store import Journal
from korus_tui.sale.money import Money
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Line, Method, Mode, Payment, TicketChoice

SHOW_PRODUCT = "0194abfe-1c04-7ade-9bc3-dbcfefb12652"  # the tutorial's: a full day and a show at 17:00 or 20:00
DAY_PRODUCT = "0194abfe-1bdb-7b12-af59-ad81ae443689"  # one full-day ticket
DAY = date(2025, 6, 7)
BEFORE_SEASON = "2025-01-30T09:00:00Z"  # a start of the sandbox at which it does not replay the tutorial's amounts

EAGER = Patience(server_limit=0.2, first_wait=0.02, longest_wait=0.1, settles=0.0)
WALK_IN = WalkIn(first_name="Walk-in", last_name="Customer", email="walk-in@example.org", country="FR")
PATIENCE_OF_TESTS = 20.0  # seconds that a condition may take on a busy machine


class PassingClock(ServerClock):
    """The host's clock, which a test may have run on."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0

    def boot(self) -> float:
        return super().boot() + self.passed

    def machine(self) -> datetime:
        """The machine's clock is right, whatever year the sandbox is in."""
        return self.now()


class Stage(IntEnum):
    """How far a sale has come."""

    HELD = 1
    PAYING = 2
    ORDERED = 3


def product(product_id: str) -> Product:
    """A product as the catalog would show it; only its id counts for asking offers."""
    return Product(product_id, f"{CATALOG_PATH}/products/{product_id}", "a product")


class Till:
    """`async with Till(sandbox, tmp_path) as till:` a counter that sells on `sandbox`, its journal below `home`.

    `profile` are fields of the profile, such as `generation="tutorial"`.
    """

    def __init__(
        self,
        sandbox: SandboxProcess,
        home: Path,
        *,
        patience: Patience = EAGER,
        limits: Limits | None = None,
        clock: ServerClock | None = None,
        **profile: Any,
    ) -> None:
        self.sandbox = sandbox
        self.home = home
        self.paths = Paths.below(home)
        self.profile = Profile(
            **{
                "server": sandbox.base_url,
                "token_endpoint": sandbox.token_endpoint,
                "client_id": sandbox.client_id,
                "catalog": CATALOG,
                "agent": "Ada",
                "walk_in": WALK_IN,
            }
            | profile
        )
        self.settings = Settings(limits=limits or Limits(), save_folder=home / "tickets")
        self.patience = patience
        self.clock = clock
        self.failures: list[BaseException] = []
        self.services = self._build()
        self._changed = asyncio.Event()

    def _build(self) -> Services:
        async def where() -> tuple[Profile, Secrets]:
            return self.profile, Secrets(client_secret=Secret(self.sandbox.client_secret))

        services = Services(
            "test",
            self.profile,
            self.settings,
            self.paths,
            where,
            "0",
            patience=self.patience,
            failed=self.failures.append,
            clock=self.clock or PassingClock(),
        )
        self._watch_drawer(services)
        return services

    def _watch_drawer(self, services: Services) -> None:
        """See when the till has read its own records, whoever opens its journal."""
        self._drawer_read = read = asyncio.Event()
        use = services.till.use

        async def watched(journal: Journal) -> None:
            await use(journal)
            read.set()

        services.till.use = watched  # type: ignore[method-assign]

    async def __aenter__(self) -> Self:
        await self._start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.services.close(0.1)
        if kind is None and self.failures:
            raise self.failures[0]

    async def _start(self) -> None:
        self.services.desk.watch(self._changed.set)
        await self.services.open_journal()

    async def restart(self) -> None:
        """End at once, whatever is in flight, and start again on the same folders."""
        await self.services.close(0)
        self.services = self._build()
        await self._start()

    # What the sale is, and waiting for it

    def sale(self, reference: str) -> Sale:
        """The open sale."""
        return self.services.desk.get(reference)

    async def until(self, reference: str, wanted: Callable[[Sale], object]) -> Sale:
        """The sale as soon as `wanted` is true of it. Fails with the sale after PATIENCE_OF_TESTS."""
        try:
            async with asyncio.timeout(PATIENCE_OF_TESTS):
                while not wanted(self.sale(reference)):
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"it did not come to this: {self.sale(reference)}") from None
        return self.sale(reference)

    async def settled(self, reference: str) -> Sale:
        """The sale once no answer is awaited."""
        return await self.until(reference, lambda sale: sale.attempt is None)

    async def at_the_server(self, wanted: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """The sandbox's state as soon as `wanted` is true of it, while this counter works on."""
        async with asyncio.timeout(PATIENCE_OF_TESTS):
            while not wanted(state := await asyncio.to_thread(self.sandbox.state)):
                pass
        return state

    async def know_the_time(self) -> None:
        """Ask until the server's time is believed."""
        while not self.services.clock.known:
            await self.services.line.ask(lambda client: client.ticketing.catalogs())

    def pass_time(self, seconds: float) -> None:
        """Let time pass, here and at the server."""
        clock = self.services.clock
        assert isinstance(clock, PassingClock)
        clock.passed += seconds
        self.sandbox.advance(seconds)

    # The steps of a sale

    async def offer(self, product_id: str = SHOW_PRODUCT, day: date = DAY) -> Offer:
        """The product's offer of the day."""
        wanted = product(product_id)
        days = self.services.offers.known_month(wanted, day.year, day.month)
        if days is None or day not in days:
            days = await self.services.offers.month(CATALOG, wanted, day.year, day.month, lambda _days: None, day)
        return days[day][0]

    async def line(self, product_id: str = SHOW_PRODUCT, day: date = DAY, quantity: int = 1, session: int = -1) -> Line:
        """A line ready to be held; `session` is the place among a ticket's sessions, by time."""
        offer = await self.offer(product_id, day)
        price = offer.price or Money.of("0", "EUR")
        tickets = await self.services.offers.tickets.of(offer)
        choices = tuple(self._choice(ticket, session) for ticket in tickets)
        return Line(
            secrets.token_hex(8), offer.iri, product_id, "a product", day, quantity, price, choices, "Europe/Paris"
        )

    @staticmethod
    def _choice(ticket: Ticket, session: int) -> TicketChoice:
        chosen: Session | None = None if ticket.full_day else ticket.sessions[session]
        return TicketChoice(
            ticket.iri,
            ticket.name,
            chosen.iri if chosen else None,
            chosen.starts_at if chosen else None,
        )

    async def hold(self, *lines: Line, reference: str | None = None) -> Sale:
        """A sale with these lines (or one more of them), once the API has answered for all."""
        await self.open_till()
        if reference is None:
            reference = (await self.services.desk.open(CATALOG, "fr")).reference
        await self.services.holding.add(reference, lines)
        return await self.settled(reference)

    async def hold_again(self, reference: str, *line_ids: str) -> Sale:
        """The sale once these lines (or all) were asked for anew."""
        ids = line_ids or tuple(state.line.id for state in self.sale(reference).lines)
        await self.services.holding.hold(reference, ids)
        return await self.settled(reference)

    async def open_till(self) -> None:
        """A float of nothing where there is none yet: only an open till takes money.

        Raises TimeoutError where the journal was not opened, or could not be.
        """
        journal = await self.services.desk.ledger.journal()
        till = self.services.till
        async with asyncio.timeout(PATIENCE_OF_TESTS):
            await self._drawer_read.wait()
        if till.mode is Mode.LIVE and not till.shift.is_open and not journal.read_only:
            doubt = till.day_doubt  # a person says yes to the day of a sandbox that lives in another year
            await till.open(Money.of(0, till.currency), on=doubt.day if doubt else None)

    async def start_payment(self, reference: str, method: Method = Method.CASH) -> Sale:
        """The sale with the walk-in customer, its basket pinned."""
        await self.open_till()
        walk_in = self.services.walk_in
        assert walk_in is not None
        await self.services.checkout.enter_customer(reference, walk_in)
        await self.services.checkout.start(reference, method)
        return self.sale(reference)

    async def pay(self, reference: str, amount: Money | None = None, change: int = 0) -> Sale:
        """Take cash, all that is due unless told, for `change` back; once all is there, the order is on its way."""
        due = amount or self.sale(reference).due
        assert due is not None
        given = due + Money.of(change, due.currency)
        await self.services.checkout.take(reference, Payment(secrets.token_hex(8), Method.CASH, due, tendered=given))
        return self.sale(reference)

    async def sell_until(self, stage: Stage, *lines: Line, change: int = 0) -> Sale:
        """A sale of `lines` (one place at the tutorial's show unless given) that has come to `stage`."""
        sale = await self.hold(*(lines or (await self.line(),)))
        if stage >= Stage.PAYING:
            sale = await self.start_payment(sale.reference)
        if stage >= Stage.ORDERED:
            await self.pay(sale.reference, change=change)
            sale = await self.until(sale.reference, lambda one: one.all_ordered)
        return sale

    # What is true at the server

    def reservations(self, *states: Sale) -> list[dict[str, Any]]:
        """The server's reservations that these sales hold now, or all."""
        ids = {hold.reservation.rpartition("/")[2] for sale in states for hold in (*sale.holds, *sale.let_go)}
        return [one for one in self.sandbox.state()["reservations"] if not states or one["id"] in ids]

    def orders(self, reference: str) -> list[dict[str, Any]]:
        """The server's orders that bear the sale's reference."""
        return [one for one in self.sandbox.state()["orders"] if one["external_reference"] == reference]
