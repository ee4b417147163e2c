"""Finding a sale again: in this till's journal at once, and among Korus's orders when it is asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

from korus_tui.api.errors import ApiError
from korus_tui.counter.booking.late_orders import LateOrders
from korus_tui.counter.catalog.catalogs import Catalogs
from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.connection import Connection
from korus_tui.counter.core.desk import Desk
from korus_tui.counter.core.elsewhere import NotHere, home_name
from korus_tui.counter.core.problems import CounterError, Doing, Problem, Unread, not_read, of
from korus_tui.counter.core.unreadable import error_of
from korus_tui.counter.orders import file as reading
from korus_tui.counter.orders.cancelled import note_cancelled
from korus_tui.counter.orders.models import NO_CURRENCY, Found, FoundSale, SaleFile, Standing
from korus_tui.counter.orders.query import Query, QueryKind
from korus_tui.i18n import _
from korus_tui.journal.errors import JournalProblem
from korus_tui.sale import events as e
from korus_tui.sale.recall import Unreadable, recall
from korus_tui.sale.rule import NotAllowed
from korus_tui.text.search import filed

if TYPE_CHECKING:
    from korus_tui.api.client import KorusClient
    from korus_tui.api.errors import Malformed
    from korus_tui.api.models.booking import Order
    from korus_tui.api.paging import Listing

Matches = Callable[[str, str], bool]  # (query, what was filed) → whether it is meant
_PAGES = 4  # of 50 orders, newest first: the API has no search by name, and the customer waits
_MOST_OF_A_DAY = 200
_URGENT = (Standing.TAKEN_AWAY, Standing.TOO_MANY, Standing.DIFFERS, Standing.CANCELLATION_ASKED)


class OrderSearch:
    """Sales of this till from its journal; those of other tills, and how orders stand now, from the API's list."""

    def __init__(
        self,
        desk: Desk,
        line: Connection,
        clock: Clock,
        catalogs: Catalogs,
        late: LateOrders,
        zone: Callable[[], tzinfo],
    ) -> None:
        self._desk = desk
        self._line = line
        self._clock = clock
        self._catalogs = catalogs
        self._late = late
        self._zone = zone
        self._known: dict[str, tuple[int, FoundSale]] = {}

    # In the journal

    async def latest(self, limit: int = 60) -> tuple[FoundSale, ...]:
        """The last sales of this till, newest first, before them those with an order that needs a person.

        Raises the journal's errors.
        """
        self._desk.gate.must_be_somebody()
        journal = await self._desk.ledger.journal()
        recent = [await self._row(entry.reference, entry.last_seq) for entry in await journal.recent(limit)]
        found = {one.key: one for one in (*recent, *await self.to_be_looked_at()) if one is not None}
        return _in_order(list(found.values()))

    async def to_be_looked_at(self) -> tuple[FoundSale, ...]:
        """Sales of this till with an order that is one too many, is not what was paid, was cancelled by Korus, or whose
        cancellation is waited for.

        Raises the journal's errors.
        """
        journal = await self._desk.ledger.journal()
        kinds = [kind.__name__ for kind in (e.OrderFound, e.OrderDiffers, e.CancellationAsked, e.CancellationSeen)]
        entries = {one.reference: one for kind in kinds for one in await journal.with_event(kind)}
        rows = [await self._row(entry.reference, entry.last_seq) for entry in entries.values()]
        return tuple(one for one in rows if one is not None and one.standing in _URGENT)

    async def journaled(self, query: Query) -> tuple[FoundSale, ...]:
        """The sales of this till that fit, as far back as the journal is searched. Raises the journal's errors."""
        self._desk.gate.must_be_somebody()
        journal = await self._desk.ledger.journal()
        if query.kind is QueryKind.DAY and query.day is not None:
            entries = await journal.opened(*self._span(query.day), limit=_MOST_OF_A_DAY)
        else:
            entries = await journal.find(query.text)
        rows = [await self._row(entry.reference, entry.last_seq) for entry in entries]
        return _in_order([one for one in rows if one is not None])

    async def _row(self, reference: str, seq: int) -> FoundSale | None:
        """The row of a sale; None for one in which nothing was ever chosen. Read once as long as nothing happens."""
        known = self._known.get(reference)
        if known and seq and known[0] == seq:
            return known[1]
        rows = await (await self._desk.ledger.journal()).read(reference)
        sale = recall(rows)
        if isinstance(sale, Unreadable):
            found = reading.found_unreadable(sale, rows)
        elif sale is None or not (sale.lines or sale.payments or sale.all_orders):
            return None
        else:
            found = reading.found_in_journal(sale, rows)
        if not self._desk.home.has(sale.home):
            what = " · ".join(part for part in (home_name(sale.home), found.what) if part)
            found = replace(found, standing=Standing.ELSEWHERE, what=what)
        self._known[reference] = rows[-1].seq, found
        return found

    def _span(self, day: date) -> tuple[datetime, datetime]:
        """From the day's midnight at the venue until the next one."""
        zone = self._zone()
        return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)

    # At Korus

    async def ask(self, query: Query, matches: Matches) -> Found:
        """What Korus has for the query: by our reference, by an order's id, by day, or among the newest orders.

        `matches` says whether an order's texts are meant by words. Raises ApiError.
        """
        self._desk.gate.must_be_somebody()
        if query.kind is QueryKind.OURS:
            page = await self._line.ask(lambda client: client.booking.orders_by_reference(query.text))
            return await self._found(list(page.members), None, page.rejected)
        if query.kind is QueryKind.ORDER_ID:
            return await self._found(
                [await self._line.ask(lambda client: client.booking.order_by_id(query.text))], None
            )
        if query.kind is QueryKind.DAY and query.day is not None:
            after, before = self._span(query.day)
            walk = _walking(
                lambda client: client.booking.orders(None, after, before - timedelta(seconds=1)), lambda _one: True
            )
        else:
            walk = _walking(lambda client: client.booking.orders(), lambda one: matches(query.text, _texts(one)))
        return await self._found(*await self._line.ask(walk))

    async def _found(
        self, orders: list[Order], looked_through: int | None, rejected: Sequence[Malformed] = ()
    ) -> Found:
        mine = await self._mine(orders)
        by_sale = {
            sale: [order for order, one in zip(orders, mine, strict=True) if one == sale] for sale in mine if sale
        }
        not_recorded = {sale for sale, some in by_sale.items() if await self._take_in(sale, some)}
        found: dict[str, FoundSale] = {}
        for order, sale in zip(orders, mine, strict=True):
            row = await self._row(sale, 0) if sale else None
            rows = [row] if row is not None and row.standing is not Standing.UNREADABLE else []
            if not rows or (sale in not_recorded and order.reference not in rows[0].orders):
                rows.append(reading.found_at_korus(reading.order_now(order, self._name)))
            for one in rows:
                found.setdefault(one.key, one)
        return Found(tuple(found.values()), looked_through, Unread.of(rejected))

    async def _mine(self, orders: Sequence[Order]) -> list[str]:
        """Of each order the sale of this till whose reference it bears, or whose reservation it names; "" for none."""
        journal = await self._desk.ledger.journal()
        given = await journal.given({str(order.reservation) for order in orders if order.reservation is not None})
        found = []
        for order in orders:
            reference = order.external_reference.strip().upper()
            known = bool(reference) and bool(await journal.read(reference))
            found.append(reference if known else given.get(str(order.reservation).lower(), ""))
        return found

    async def _take_in(self, reference: str, orders: Sequence[Order]) -> str:
        """What the sale does not know of these is on its record, to be decided; else why it is not, in a sentence."""
        try:
            await self._late.take_in(reference, orders)
        except NotAllowed:  # something else happens to it; it is asked again
            return ""
        except (CounterError, JournalProblem) as error:
            return of(error, Doing.READ).what
        return ""

    def _name(self, product: str) -> str:
        content = self._catalogs.content
        found = content.product(product) if content else None
        return found.name if found else ""

    # One sale

    async def file(self, key: str, language: str) -> SaleFile:
        """One sale: from the journal by its reference, from the API by an order's address.

        Raises the journal's errors, ApiError, and CounterError for a reference that the journal does not know,
        whose records are not understood, or that belongs to another mode or server.
        """
        self._desk.gate.must_be_somebody()
        if key.startswith("/"):
            order = await self._line.ask(lambda client: client.booking.order_by_id(key))
            (mine,) = await self._mine([order])
            if mine:
                await self._take_in(mine, [order])
                return await self.file(mine, language)
            now = reading.order_now(order, self._name)
            return SaleFile(reading.sale_of(now, language), (), now.customer, (now,), self._clock.now())
        rows = await (await self._desk.ledger.journal()).read(key)
        sale = recall(rows)
        if sale is not None and not self._desk.home.has(sale.home):
            raise NotHere(sale)
        if isinstance(sale, Unreadable):
            raise error_of(sale)
        if sale is None:
            what = _("This till's journal does not know {reference}.").format(reference=key)
            raise CounterError(Problem(what, _("It may be another till's."), _("‹orders.ask› asks Korus")))
        return SaleFile(sale, rows, reading.customer_of(rows))

    async def now(self, file: SaleFile) -> SaleFile:
        """The file with its orders as the API shows them now; an order that nobody asked for and a cancellation that
        are seen are recorded. Raises ApiError."""
        sale = file.sale
        if not file.mine:
            return await self.file(sale.orders[0].order, sale.language)
        currency = sale.currency or NO_CURRENCY
        page = await self._line.ask(lambda client: client.booking.orders_by_reference(sale.reference))
        orders = list(page.members)
        seen = {str(order.iri) for order in orders}
        missed: list[ApiError] = []
        for placed in sale.all_orders:  # the list may lag behind, or have lost our reference
            if placed.order in seen:
                continue
            try:
                orders.append(await self._line.ask(lambda client, one=placed.order: client.booking.order_by_id(one)))  # type: ignore[misc]
            except ApiError as error:  # one that cannot be had hides no other
                missed.append(error)
        if missed and not orders:
            raise missed[0]
        shown = tuple(reading.order_now(order, self._name, currency) for order in orders)
        told = await self._take_in(sale.reference, orders)
        await note_cancelled(self._desk, sale, [one.iri for one in shown if one.cancelled])
        fresh = await self.file(sale.reference, sale.language)
        unread = (
            *map(not_read, page.rejected),
            *(of(error, Doing.READ).what for error in missed),
            *filter(None, (told,)),
        )
        return replace(fresh, now=shown, asked_at=self._clock.now(), unread=unread)


def _in_order(found: list[FoundSale]) -> tuple[FoundSale, ...]:
    """Orders to be cancelled first, then the newest."""
    rank = {one: place for place, one in enumerate(_URGENT)}
    return tuple(sorted(found, key=lambda one: (rank.get(one.standing, len(rank)), -one.place)))


def _texts(order: Order) -> str:
    """What an order is found by, filed."""
    who = order.customer
    names = (f"{who.firstname} {who.lastname}", who.email, who.phone) if who else ()
    vouchers = (ticket.voucher for item in order.items for ticket in item.tickets)
    return filed((order.reference, order.external_reference, order.connector_reference, *names, *vouchers))


Walked = tuple["list[Order]", int | None, "list[Malformed]"]


def _walking(
    listing: Callable[[KorusClient], Listing[Order]], wanted: Callable[[Order], bool]
) -> Callable[[KorusClient], Awaitable[Walked]]:
    """A call that reads the first pages of a list: the wanted orders, how many were read if there are more, and what
    could not be read."""

    async def walk(client: KorusClient) -> Walked:
        found: list[Order] = []
        rejected: list[Malformed] = []
        read = pages = 0
        async for page in listing(client).pages():
            found += [one for one in page.members if wanted(one)]
            rejected += page.rejected
            read, pages = read + page.count, pages + 1
            if pages == _PAGES:
                return found, None if page.total is not None and page.total <= read else read, rejected
        return found, None, rejected

    return walk
