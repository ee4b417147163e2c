"""Everything behind the screens, built once and handed down by constructor."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from korus_tui.config.paths import Paths
from korus_tui.config.settings import Profile, Settings, origin_of
from korus_tui.counter.booking.language import CustomerLanguage
from korus_tui.counter.catalog.catalogs import Catalogs
from korus_tui.counter.catalog.models import DaySessions
from korus_tui.counter.core.abilities import Abilities
from korus_tui.counter.core.background import BackgroundTasks
from korus_tui.counter.core.clock import ServerClock
from korus_tui.counter.core.connection import Connection, Where
from korus_tui.counter.core.desk import Counter, Desk
from korus_tui.i18n import locale
from korus_tui.journal.place import place_of
from korus_tui.locales.words import spoken
from korus_tui.text.files import safe_name
from korus_tui.text.venue_time import at_venue, clock, retold

# Use cases that no first frame needs are imported and built when a screen first asks for them.
if TYPE_CHECKING:
    from korus_tui.counter.basket.add import Basket
    from korus_tui.counter.booking.checkout import Checkout
    from korus_tui.counter.booking.holding import Holding
    from korus_tui.counter.booking.late_orders import LateOrders
    from korus_tui.counter.booking.lost_orders import Patience, Recovery
    from korus_tui.counter.booking.ordering import Ordering
    from korus_tui.counter.booking.resume import Resume
    from korus_tui.counter.booking.settling import Settling
    from korus_tui.counter.catalog.events import Events
    from korus_tui.counter.catalog.offers import Offers
    from korus_tui.counter.core.records import Records
    from korus_tui.counter.core.rehearsing import Rehearsals
    from korus_tui.counter.core.retention import Retention
    from korus_tui.counter.lens.lens import Lens
    from korus_tui.counter.orders.beneficiaries import Beneficiaries
    from korus_tui.counter.orders.cancelling import Cancelling
    from korus_tui.counter.orders.documents import Documents
    from korus_tui.counter.orders.search import OrderSearch
    from korus_tui.counter.paper.jobs import Jobs
    from korus_tui.counter.paper.service import Slips
    from korus_tui.counter.till.agents import Agent
    from korus_tui.counter.till.till import TillDesk
    from korus_tui.sale.events import Event
    from korus_tui.sale.holds import Limits
    from korus_tui.sale.rounding import CashRounding
    from korus_tui.sale.state import Sale
    from korus_tui.sale.values import Customer


@dataclass
class Services:
    """The use cases of one counter. Building them connects to nothing: the first frame comes first."""

    name: str
    profile: Profile
    settings: Settings
    paths: Paths
    where: Where
    version: str
    patience: Patience | None = None
    failed: Callable[[BaseException], None] = lambda error: None
    clock: ServerClock = field(default_factory=ServerClock)
    kiosk: bool = False

    def __post_init__(self) -> None:
        profile = self.profile
        self.background = BackgroundTasks(lambda error: self.failed(error))
        answers = self.paths.cache / f"answers~{safe_name(self.name)}"
        self.lens = self._lens()
        heard = self.lens.heard if self.lens else None
        self.line = Connection(self.where, self.clock, f"korus-tui/{self.version}", answers, heard)
        self.line.retell = lambda said: retold(said, self.when)
        self.rehearsals: Rehearsals | None = None  # a demo's own
        self.board: DaySessions | None = None  # today's sessions, once they were read
        self.before: Callable[[], Awaitable[None]] | None = None  # what a demo does before its journal is opened
        self.opened = False  # the journal is, and with it who stands here is known
        self.asks = False  # that nobody stands here before a PIN is known, with the journal or sooner
        homes = origin_of(profile.server), origin_of(profile.earlier_server or "")
        counter = Counter(profile.till, profile.agent, profile.mode, *homes)
        self.desk = Desk(self.clock, counter)
        self.desk.finished = self._forget
        self.customer_language = CustomerLanguage(self.desk, profile.customer_language)
        kept = self.paths.cache / f"abilities~{safe_name(self.name)}.json"
        self.abilities = Abilities(kept, profile.server, self.clock, profile.generation)
        self.catalogs = Catalogs(
            self.line, self.clock, self.abilities, self.paths.cache, self.name, profile.server, lambda: self.language
        )

    def _forget(self, sale: Sale) -> None:
        """The sale is finished: nothing more is told of it, and what was typed for it goes."""
        self.checkout.answered(sale.reference)
        self.checkout.drafts.pop(sale.reference, None)
        self.beneficiaries.forget(sale)

    def _lens(self) -> Lens | None:
        """What keeps the API's traffic to be looked at: in a demo, and where the settings say so; never locked down."""
        if self.kiosk or not (self.profile.mode == "demo" or self.settings.api_lens):
            return None
        from korus_tui.counter.lens.lens import Lens  # first frame

        return Lens(self.clock)

    @property
    def language(self) -> str:
        """The customer's language: what the API is asked for."""
        return self.customer_language.now

    @cached_property
    def limits(self) -> Limits:
        """The payment gates and the cap of renewals."""
        from korus_tui.sale.holds import Limits

        limits = self.settings.limits
        return Limits(limits.gate_cash, limits.gate_card, limits.renewals)

    @cached_property
    def offers(self) -> Offers:
        """Dated offers, tickets and sessions."""
        from korus_tui.counter.catalog.offers import Offers

        return Offers(self.line, self.clock, self.abilities, lambda: self.language)

    @property
    def offers_told(self) -> bool:
        """Whether any offer was read yet. At the first frame none was: it does not load what reads them."""
        return "offers" in vars(self) and self.offers.told

    @cached_property
    def basket(self) -> Basket:
        """The one way into a sale."""
        from korus_tui.counter.basket.add import Basket

        return Basket(self)

    @cached_property
    def events(self) -> Events:
        """Events, and what can be bought for their sessions."""
        from korus_tui.counter.catalog.events import Events

        return Events(self.line, self.clock, self.abilities, self.offers, self.start, lambda: self.language)

    def start(self, moment: datetime, zone: str | None = None) -> datetime:
        """When a session starts, on the venue's clocks; where no base names a zone, by the offset that came with it."""
        content = self.catalogs.content
        there = self.local(moment, zone)
        named = zone or (content.zone if content else None)
        return there if named or there.utcoffset() == moment.utcoffset() else moment

    @cached_property
    def holding(self) -> Holding:
        """Places kept for a sale's lines."""
        from korus_tui.counter.booking.holding import Holding

        return Holding(self.desk, self.line, self.clock, self.background, self.late_orders, self.local)

    @cached_property
    def recovery(self) -> Recovery:
        """Look-ups of lost orders."""
        from korus_tui.counter.booking.lost_orders import Recovery

        async def resend(reference: str, reservations: tuple[str, ...], /, *before: Event) -> None:
            await self.ordering.again(reference, reservations, *before)

        return Recovery(self.desk, self.line, self.clock, self.background, resend, self.patience)

    @cached_property
    def late_orders(self) -> LateOrders:
        """Orders that turn up when nobody waits for them any more."""
        from korus_tui.counter.booking.late_orders import LateOrders
        from korus_tui.counter.booking.lost_orders import Patience

        return LateOrders(self.desk, self.line, self.clock, self.background, self.patience or Patience())

    @cached_property
    def checkout(self) -> Checkout:
        """Payment and order."""
        from korus_tui.counter.booking.checkout import Checkout

        return Checkout(
            self.desk,
            self.holding,
            self.clock,
            self.limits,
            self.ordering,
            self.late_orders,
            self.catalogs,
        )

    @cached_property
    def ordering(self) -> Ordering:
        """The order call."""
        from korus_tui.counter.booking.ordering import Ordering

        return Ordering(self.desk, self.line, self.clock, self.background, self.recovery, self.abilities)

    @cached_property
    def settling(self) -> Settling:
        """What becomes of a paid sale that cannot be had as it was."""
        from korus_tui.counter.booking.settling import Settling

        return Settling(self.desk, self.holding, self.checkout, self.late_orders)

    @property
    def cash_rounding(self) -> CashRounding:
        from korus_tui.sale.rounding import CashRounding  # first frame

        return CashRounding(self.profile.cash_rounding)

    @cached_property
    def slips(self) -> Slips:
        """Receipts and refund slips."""
        from korus_tui.counter.paper.service import Slips

        settings = self.settings
        return Slips(
            self.desk,
            settings.save_folder,
            settings.print_command,
            self.venue,
            self.zone,
            columns=settings.receipt_columns,
            pdf=settings.receipt_pdf,
            at_desk=settings.terminal_printer,
        )

    @cached_property
    def jobs(self) -> Jobs:
        """What was asked for on paper, and runs on whatever page is shown."""
        from korus_tui.counter.paper.jobs import Jobs  # first frame

        return Jobs(self.background)

    def venue(self, catalog: str) -> str:
        """What the venue of a catalog is called on paper."""
        content = self.catalogs.content
        known = (content.catalog, *content.catalogs) if content else ()
        return next((one.name for one in known if one.id == catalog and one.name), self.name)

    @cached_property
    def documents(self) -> Documents:
        """The documents of orders."""
        from korus_tui.counter.orders.documents import Documents

        settings = self.settings
        return Documents(
            self.desk,
            self.line,
            self.clock,
            self.abilities,
            settings.save_folder,
            settings.print_command,
            self.ordering.just_placed,
        )

    @cached_property
    def search(self) -> OrderSearch:
        """Sales that were made, here and at other tills."""
        from korus_tui.counter.orders.search import OrderSearch

        return OrderSearch(self.desk, self.line, self.clock, self.catalogs, self.late_orders, self.zone)

    @cached_property
    def cancelling(self) -> Cancelling:
        """Cancellations asked for, and sales closed by hand."""
        from korus_tui.counter.orders.cancelling import Cancelling

        return Cancelling(self.desk, self.line, self.search, self.recovery)

    @cached_property
    def beneficiaries(self) -> Beneficiaries:
        """Holders of tickets."""
        from korus_tui.counter.orders.beneficiaries import Beneficiaries

        return Beneficiaries(self.desk, self.line, self.clock, self.catalogs)

    @cached_property
    def resume(self) -> Resume:
        """What an earlier start left open."""
        from korus_tui.counter.booking.resume import Resume

        return Resume(self.desk, self.line, self.holding, self.recovery, self.background, self.clock)

    @cached_property
    def records(self) -> Records:
        """What is kept of the journal outside of it."""
        from korus_tui.counter.core.records import Records

        return Records(self.desk, self.clock, self.paths.log_file, self.settings.audit.copy)

    @cached_property
    def retention(self) -> Retention:
        """When customers' data is forgotten."""
        from korus_tui.counter.core.retention import Retention

        return Retention(self.desk, self.clock, self.settings.keep_customer_days)

    @cached_property
    def till(self) -> TillDesk:
        """Float, cash in and out, X and Z, and who stands at the counter."""
        from korus_tui.counter.till.agents import Agents
        from korus_tui.counter.till.till import TillDesk
        from korus_tui.sale.acts import Allowed

        settings, gate = self.settings, self.desk.gate
        gate.needs = lambda act: getattr(settings.needs, act.value) == "supervisor"
        gate.allowed = Allowed(settings.agents.copies, Decimal(settings.agents.difference))
        demo = self.profile.mode == "demo"  # nobody proves there who they are: it changes no agents but its own
        folder = self.paths.data / "demo" if demo else self.paths.data
        people = settings.agents
        agents = Agents(folder, self.clock.boot, people.pin_digits, begin_anew=people.begin_anew)
        place = place_of(self.paths.data, self.profile.till)
        return TillDesk(self.desk, self.clock, agents, self.zone, self.profile.currency, place, blind=settings.blind)

    @property
    def closed(self) -> str:
        """Why no payment could be taken now; empty before the journal is open: with it come the till's rules."""
        return self.till.closed if self.opened else ""

    @property
    def elsewhere(self) -> tuple[tuple[str, str], ...]:
        """The open sales that only another profile goes on with: reference, and where it waits, in words."""
        if not self.desk.elsewhere:
            return ()
        from korus_tui.counter.core.elsewhere import waits_in

        profiles, till = self.settings.profiles, self.profile.till
        return tuple((one.reference, waits_in(one.home, till, profiles)) for one in self.desk.elsewhere)

    async def must_take_over(self, by: Agent | None) -> bool:
        """Raise CounterError where `by`, who proved it, or nobody may not take the till from another program.

        Whether it is their own: the same agent stands there, whose line dropped. Then their PIN is enough.
        """
        from korus_tui.counter.core.gate import NeedsSupervisor
        from korus_tui.journal.errors import JournalProblem
        from korus_tui.sale.acts import Act

        gate, till = self.desk.gate, self.till
        if not gate.asks_pins:
            return False
        if by is None:
            gate.must_be_somebody()
            return False
        with suppress(JournalProblem):
            if await till.who_sells() == by.name:
                return True
        if gate.needs(Act.TAKE_OVER) and not by.supervisor:
            raise NeedsSupervisor(Act.TAKE_OVER)
        return False

    async def open_journal(
        self, *, take_over: bool = False, because: Exception | None = None, by: Agent | None = None
    ) -> None:
        """Open the till's journal, put its open sales back on the desk, and see whether the till is open.

        `take_over` displaces another writer, and where agents have PINs `by` is who does it; `because` is why the
        journal is only read. May be called again after it failed. Raises CounterError for a take-over that nobody may,
        and the journal's errors: then nothing is open, and whoever sells is told.
        """
        await asyncio.to_thread(_import_rules)
        own = await self.must_take_over(by) if take_over else False
        _ready = self.till  # the gate knows by it what is allowed
        if self.before is not None:
            await self.before()
        try:
            from korus_tui.journal.lock import WriterLock

            file = await asyncio.to_thread(place_of, self.paths.data, self.profile.till)
            before = WriterLock(file).holder() if take_over else None
            await self.resume.open(file, take_over=take_over, because=because)
            self.opened = self.asks = True
            await self.till.use(self.resume.journal)
            if before is not None:
                await self.till.took_over(by, before.pid, before.host, own=own)
        except Exception as error:
            await self.resume.close()
            self.desk.ledger.cannot_use(error)
            raise
        self.background.start(self.records.use(self.resume.journal), "compare the records with what is kept outside")
        self.desk.ledger.begin_walk()  # before the first money
        if because is None:
            await self.resume.take_up()
            await self.late_orders.take_up()

    @property
    def walk_in(self) -> Customer | None:
        """The profile's customer for anonymous sales, where one is set."""
        from korus_tui.sale.values import Customer

        one = self.profile.walk_in
        if one is None:
            return None
        return Customer(one.first_name, one.last_name, one.email, one.phone, one.country, self.language, walk_in=True)

    def zone(self, name: str | None = None) -> tzinfo:
        """A time zone by name; without one the venue's, and where the catalog names none, the profile's."""
        from zoneinfo import ZoneInfo

        content = self.catalogs.content
        for candidate in (name, content.zone if content else None, self.profile.zone):
            with suppress(KeyError, ValueError, OSError):
                if candidate:
                    return ZoneInfo(candidate)
        return ZoneInfo("UTC")

    def today(self) -> date:
        """The venue's calendar day: one for the whole program (docs/rules.md, Clock)."""
        return self.clock.now().astimezone(self.zone()).date()

    async def hear_time(self) -> None:
        """Have the server tell its time where nothing has yet: a catalog that was kept is shown without a call."""
        from korus_tui.api.errors import ApiError  # first frame
        from korus_tui.counter.core.problems import CounterError  # first frame

        if not self.clock.heard:
            with suppress(ApiError, CounterError):
                await self.line.ask(lambda client: client.ticketing.catalogs().first())

    def local(self, moment: datetime, zone: str | None = None) -> datetime:
        """A moment on the venue's clocks."""
        return at_venue(moment, self.zone(zone))

    def when(self, moment: datetime) -> str:
        """`20:28` on the venue's clocks; `Sat 7 Jun 20:28` where it is not today, with the year where it is another."""
        there, today = self.local(moment), self.today()
        if there.date() == today:
            return clock(there)
        from babel.dates import format_date  # first frame

        pattern = spoken().day if there.year == today.year else f"{spoken().day} y"
        return f"{format_date(there.date(), pattern, locale=locale())} {clock(there)}"

    async def close(self, grace: float = 1.0) -> None:
        """Let running work end, then close line and journal; what is journaled is safe without this."""
        if self.opened:
            await self.records.close()
        await self.background.stop(grace)
        self.failed = lambda _error: None  # a page that still reads finds the journal closed
        await asyncio.gather(self.line.close(), self.resume.close(), return_exceptions=True)


def _import_rules() -> None:
    """Import what selling needs, in a thread, while the first frame is already on the screen."""
    from korus_tui.counter.booking import checkout, resume  # noqa: F401
    from korus_tui.counter.catalog import offers  # noqa: F401
    from korus_tui.counter.orders import documents  # noqa: F401
    from korus_tui.counter.till import agents, till  # noqa: F401
    from korus_tui.journal import lock  # noqa: F401


def build(  # noqa: PLR0913 - all that a till is made of
    name: str, profile: Profile, settings: Settings, paths: Paths, where: Where, version: str, *, kiosk: bool = False
) -> Services:
    """The services of a profile; `kiosk` is a start that was locked down."""
    return Services(name, profile, settings, paths, where, version, kiosk=kiosk)
