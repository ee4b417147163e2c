"""Dated offers: what is sold on which day."""

from __future__ import annotations

import asyncio
import calendar
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from korus_tui.api.errors import Malformed, NotFound
from korus_tui.api.models.base import Iri
from korus_tui.api.slots import ahead_of_need
from korus_tui.counter.catalog.days import FRESH, KNOWN, DayRead, DaysRead
from korus_tui.counter.catalog.families import Family
from korus_tui.counter.catalog.offer_models import Offer, Product
from korus_tui.counter.catalog.tickets import OfferTickets
from korus_tui.counter.core.abilities import Abilities, Ability
from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.connection import Connection
from korus_tui.counter.core.problems import CounterError, Unread
from korus_tui.sale.money import Money

if TYPE_CHECKING:
    from korus_tui.api.client import KorusClient
    from korus_tui.api.hydra import Page
    from korus_tui.api.models import ticketing as api
    from korus_tui.api.paging import Listing

Days = dict[date | None, tuple[Offer, ...]]
Wanted = Product | Family
_AT_ONCE = 4  # requests in flight for one screen
_A_PAGE = 50  # offers in one answer, at most
_MOST_NAMED = 60  # products named in one address; more are asked for by their base
_FAR = timedelta(days=750)  # days for which a list of all that is sold from a day on may lack something
_MOST_PAGES = 8  # of a list that does not bring the days that are looked for


def _products(wanted: Wanted) -> tuple[Product, ...]:
    return wanted.products if isinstance(wanted, Family) else (wanted,)


def _key(wanted: Wanted) -> str:
    return wanted.key if isinstance(wanted, Family) else wanted.id


def _base(wanted: Wanted) -> str | None:
    """The base to ask for in place of its many products."""
    many = isinstance(wanted, Family) and wanted.base is not None and len(wanted.products) > _MOST_NAMED
    return _key(wanted) if many else None


@dataclass(frozen=True, slots=True)
class Near:
    """What one page told: all offers of the days from `first` to `last`, None for no end; some of later days."""

    days: Days
    first: date
    last: date | None
    pages: int  # of the list that begins today, read whole; 0: it is another list
    read_at: float

    def tells(self, day: date) -> bool:
        """Whether what it says of the day is all there is."""
        return self.first <= day and (self.last is None or day <= self.last)


class Offers:
    """What products cost on which day.

    The tutorial's API is asked for everything from today on, or day by day (docs/api.md, Generations).
    """

    def __init__(self, line: Connection, clock: Clock, abilities: Abilities, language: Callable[[], str]) -> None:
        self._line = line
        self._clock = clock
        self._abilities = abilities
        self._language = language
        self._months: dict[tuple[str, int, int], Days] = {}
        self._read_at: dict[tuple[str, int, int], float] = {}
        self._near: dict[str, Near] = {}
        self._days_read = DaysRead(clock.boot)
        self._undated: dict[str, tuple[float, tuple[Offer, ...]]] = {}  # by product, and when they were told
        self.tickets = OfferTickets(line, clock, abilities, language)
        self._lists_by_day = True  # until a list is not in the order that was asked for
        self._unread: dict[tuple[str, int, int], list[tuple[date, date, Unread]]] = {}

    def known_month(self, wanted: Wanted, year: int, month: int) -> Days | None:
        """The month as it was last read, to be shown at once."""
        return self._months.get((_key(wanted), year, month))

    def month_age(self, wanted: Wanted, year: int, month: int) -> float | None:
        """How many seconds ago the month was read; None where it is not known."""
        read_at = self._read_at.get((_key(wanted), year, month))
        return None if read_at is None else self._clock.boot() - read_at

    @property
    def told(self) -> bool:
        """Whether any list has told anything of a day yet."""
        return bool(self._read_at or self._near or self._days_read.any)

    def lowest(self, catalog: str, wanted: Wanted, day: date, only: Product | None = None) -> Money | None:
        """The least that a place costs on a day, as lists told it within the hour; None where nothing is known of it,
        or nothing left. Asks nothing. `only`: of what is wanted, this product alone.
        """
        known: list[tuple[float, tuple[Offer, ...]]] = []
        if (month := self.known_month(wanted, day.year, day.month)) is not None:
            read_at = self._read_at[_key(wanted), day.year, day.month]
            known.append((read_at, month.get(day, ())))
        near = self._near.get(_key(wanted))
        if near is not None and near.tells(day):
            known.append((near.read_at, near.days.get(day, ())))
        ids = {product.id for product in _products(wanted) if only in (None, product)}
        if (read := self._days_read.last(catalog, day, ids)) is not None:
            known.append((read.read_at, read.offers))
        told = [max(known, key=lambda one: one[0])] if known else []
        told += [self._undated[product] for product in ids & self._undated.keys()]  # no list of a day has them
        offers = [one for read_at, some in told if self._clock.boot() - read_at <= KNOWN for one in some]
        sold = (one for one in offers if one.product in ids and (one.left is None or one.left > 0))
        prices = [one.price for one in sold if one.price is not None]
        same = len({price.currency for price in prices}) == 1
        return min(prices, key=lambda price: price.amount) if same else None

    def unread(self, wanted: Wanted, year: int, month: int, day: date | None = None) -> Unread | None:
        """Offers that are missing from the month, or the day, as it was last read: it may be sold all the same."""
        spans = self._unread.get((_key(wanted), year, month), ())
        return Unread.together(odd for first, last, odd in spans if day is None or first <= day <= last)

    async def month(  # noqa: PLR0913 - a stretch of days, each named at the call
        self,
        catalog: str,
        wanted: Wanted,
        year: int,
        month: int,
        seen: Callable[[Days], None],
        today: date,
        *,
        ahead: bool = False,
    ) -> Days:
        """The offers of a month by day; undated ones under None. `seen` gets the days as they come. Raises ApiError.

        `ahead`: nobody waits for it yet.
        """
        with ahead_of_need() if ahead else nullcontext():
            return await self._month(catalog, wanted, year, month, seen, today)

    async def _month(
        self, catalog: str, wanted: Wanted, year: int, month: int, seen: Callable[[Days], None], today: date
    ) -> Days:
        first, last = max(date(year, month, 1), today), _last(year, month)
        days: Days = {}
        near = self.near(catalog, wanted, first)
        if near is not None:  # the days after it are still to be asked for
            days |= _between(near.days, first, min(last, near.last or last))
            seen(days)
            first = near.last + timedelta(days=1) if near.last else date.max
        else:
            self._unread.pop((_key(wanted), year, month), None)
        if first <= last and not await self._tutorial(catalog):
            await self._span(catalog, wanted, first, last, days, seen)
        elif first <= last and not await self._span_of_list(catalog, wanted, first, last, near, days, seen):
            await self._span_by_day(catalog, wanted, first, last, days, seen)
        self._keep(wanted, year, month, days)
        return days

    def _keep(self, wanted: Wanted, year: int, month: int, days: Days) -> None:
        self._months[_key(wanted), year, month] = days
        self._note_undated(days.get(None, ()))
        self._read_at[_key(wanted), year, month] = self._clock.boot()

    # From a day on

    def near(self, catalog: str, wanted: Wanted, day: date) -> Near | None:
        """What one page told of the day lately: of what is wanted, else of all that is sold on it."""
        found = self._near.get(_key(wanted))
        if found is not None and found.tells(day) and self._clock.boot() - found.read_at < FRESH:
            return found
        read, missing = self._days_read.find(catalog, day, {one.id for one in _products(wanted)})
        if read is None or missing or read.unread is not None:
            return None
        return Near({day: read.offers} if read.offers else {}, day, day, 0, read.read_at)

    async def around(self, catalog: str, wanted: Wanted, day: date, today: date) -> Near:
        """A day's offers, and of the days after it what comes in the same page. Raises ApiError.

        Months that it tells whole are known from then on.
        """
        tutorial = await self._tutorial(catalog)
        found = None
        if self._lists_by_day and (not tutorial or (len(_products(wanted)) == 1 and day == today)):
            found = await self._page_from(catalog, wanted, day, tutorial)
            self._lists_by_day = found is not None
        if found is None:
            read = await self.day_in_part(catalog, day, _products(wanted))
            self._forget_unread(wanted, day, day)
            self._note_unread(wanted, day, day, read.unread)
            found = Near({day: read.offers} if read.offers else {}, day, day, 0, read.read_at)
        self._near[_key(wanted)] = found
        self._note_undated(found.days.get(None, ()))
        year, month = day.year, day.month
        while found.tells(max(date(year, month, 1), today)) and found.tells(_last(year, month)):
            self._keep(wanted, year, month, _between(found.days, max(date(year, month, 1), today), _last(year, month)))
            if found.last is None and (year, month) > (day.year, day.month):  # one more that is empty, perhaps
                break
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        return found

    async def _page_from(self, catalog: str, wanted: Wanted, day: date, tutorial: bool) -> Near | None:
        """Pages until the day is told whole, mostly one; None from a server that lists otherwise than by day."""
        ids = tuple(product.id for product in _products(wanted))
        base = None if tutorial else _base(wanted)

        async def read(client: KorusClient) -> Near | None:
            listing = client.ticketing.offers(
                catalog,
                products=() if base else ids,
                base=base,
                after=None if tutorial else day,
                generation="tutorial" if tutorial else "release",
                language=self._language(),
            )
            found = await self._walk(listing, wanted, day, day, 1)
            return found if tutorial or found is None else replace(found, pages=0)

        return await self._line.ask(read)

    async def _walk(
        self, listing: Listing[api.Offer], wanted: Wanted, first: date, wanted_last: date, page_number: int
    ) -> Near | None:
        """The days from `first` on, as soon as all of `wanted_last` is told; None where the list is not by day."""
        offers: list[api.Offer] = []
        rejected: list[Malformed] = []
        count, pages = (page_number - 1) * _A_PAGE, page_number - 1
        async for page in listing.pages(page_number):
            offers += page.members
            pages, count = pages + 1, count + page.count
            rejected += page.rejected
            listed = [one.date for one in offers if one.date is not None]
            if listed != sorted(listed):
                return None
            last = None if _is_end(page, count) else (listed[-1] if listed else first) - timedelta(days=1)
            # A page that is not full, and names no next one, is short unless the next one brings something.
            surely = page.count >= _A_PAGE or page.more or pages > page_number
            if last is None or (last >= wanted_last and surely):
                break
            if pages - page_number + 1 == _MOST_PAGES:
                return None
        else:
            if page.incomplete and not any(one.short for one in rejected):
                return None
            last = None
        if rejected and not offers:
            raise rejected[0]
        end = last or max((*listed, first))
        if any(one.short for one in rejected):  # what did not come may be for any day
            end = max(end, first + _FAR)
        self._forget_unread(wanted, first, end)
        self._note_unread(wanted, first, end, Unread.of(rejected))
        ids = {product.id for product in _products(wanted)}
        known = pages if count == pages * _A_PAGE else 0  # smaller pages than were asked for: it is read from its start
        return Near(_by_day(tuple(offers), first, date.max, ids), first, last, known, self._clock.boot())

    async def _span_of_list(  # noqa: PLR0913 - a stretch of days, each named at the call
        self,
        catalog: str,
        wanted: Wanted,
        first: date,
        last: date,
        near: Near | None,
        days: Days,
        seen: Callable[[Days], None],
    ) -> bool:
        """A month of the list of everything from today on, behind the pages that are known of it; whether it has it."""
        if len(_products(wanted)) > 1 or not self._lists_by_day:
            return False
        known = near if near is not None and near.pages else None
        page = known.pages + 1 if known else 1

        async def read(client: KorusClient) -> Near | None:
            ids = tuple(product.id for product in _products(wanted))
            listing = client.ticketing.offers(catalog, products=ids, generation="tutorial", language=self._language())
            return await self._walk(listing, wanted, first, last, page)

        found = await self._line.ask(read)
        if found is None:
            self._lists_by_day = False
            return False
        if known:  # a day may stand on two pages
            both = known.days | {day: _each_once(known.days.get(day, ()), some) for day, some in found.days.items()}
            found = Near(both, known.first, found.last, found.pages, known.read_at)
        self._near[_key(wanted)] = found
        told = _between(found.days, first, last)
        days |= told
        seen(told)
        return True

    async def day(self, catalog: str, day: date, among: Sequence[Product] = ()) -> tuple[Offer, ...]:
        """All that is sold on a day, of any product or of these; a list's values.

        Raises ApiError, and CounterError where some offer could not be read: what is missing may be sold.
        """
        read = await self._ask_day(catalog, day, among, among)
        if read.unread is not None and not {one.id for one in among} <= {offer.product for offer in read.offers}:
            raise CounterError(read.unread.problem)
        return read.offers

    async def day_in_part(self, catalog: str, day: date, among: Sequence[Product] = ()) -> DayRead:
        """The same, with what could not be read; asked again after a minute. Raises ApiError where nothing could be."""
        read, missing = self._days_read.find(catalog, day, {one.id for one in among})
        if read is not None and not missing:
            return read
        return await self._ask_day(catalog, day, [one for one in among if one.id in missing], among)

    async def day_ahead(self, catalog: str, day: date) -> None:
        """Have a day known that nobody waits for. Raises ApiError."""
        with ahead_of_need():
            await self.day_in_part(catalog, day)

    async def undated_ahead(self, catalog: str, wanted: Wanted) -> None:
        """The same for what is sold for no day. Raises ApiError."""
        with ahead_of_need():
            await self.soonest(catalog, wanted)

    def _note_undated(self, offers: Sequence[Offer]) -> None:
        by_product: dict[str, list[Offer]] = {}
        for one in offers:
            if one.day is None:
                by_product.setdefault(one.product, []).append(one)
        self._undated |= {product: (self._clock.boot(), tuple(some)) for product, some in by_product.items()}

    async def _ask_day(self, catalog: str, day: date, asked: Sequence[Product], among: Sequence[Product]) -> DayRead:
        """Ask for some of these products, and add what is known of the others; for all of a day where none is named."""
        tutorial = await self._tutorial(catalog)
        one = tuple(product.id for product in asked) if len(asked) == 1 or not tutorial else ()
        if len(one) > _MOST_NAMED:
            one = ()
        page = await self._line.ask(
            lambda client: client.ticketing.offers(
                catalog,
                products=one,
                day=day,
                generation="tutorial" if tutorial else "release",
                language=self._language(),
            ).all()
        )
        offers = _by_day(page.readable(), day, day).get(day, ())
        self._days_read.keep(catalog, day, set(one), DayRead(offers, Unread.of(page.rejected), self._clock.boot()))
        read, _missing = self._days_read.find(catalog, day, {product.id for product in among})
        assert read is not None  # kept just now
        return read

    async def of_session(self, catalog: str, session: str, day: date) -> tuple[Offer, ...]:
        """What can be bought for one session, where the API finds offers by it. Raises ApiError."""
        page = await self._line.ask(
            lambda client: client.ticketing.offers(catalog, session=Iri(session), language=self._language()).all()
        )
        return tuple(_offer(one) for one in page.readable() if one.date in (None, day))

    async def soonest(self, catalog: str, wanted: Wanted) -> tuple[Offer, ...]:
        """The first offers, undated ones among them, which no day filter finds. Raises ApiError."""
        tutorial = await self._tutorial(catalog)
        ids = [product.id for product in _products(wanted)]

        async def first_page(client: KorusClient) -> Page[api.Offer]:
            base = None if tutorial else _base(wanted)
            listing = client.ticketing.offers(
                catalog,
                products=() if base or (tutorial and len(ids) > 1) else tuple(ids),
                base=base,
                generation="tutorial" if tutorial else "release",
                language=self._language(),
            )
            return await listing.first()

        page = await self._line.ask(first_page)
        found = tuple(one for one in map(_offer, page.readable()) if one.product in ids)
        self._note_undated(found)
        unread = Unread.of(page.rejected)
        if unread is not None and not found:
            raise CounterError(unread.problem)
        return found

    async def learn_generation(self, catalog: str) -> None:
        """Have it known whether this API has bases; asked for once in a profile's life. Raises ApiError."""
        await self._tutorial(catalog)

    async def _tutorial(self, catalog: str) -> bool:
        """Whether this API only knows the tutorial's filters: told by the profile, else by its having no bases."""

        async def probe() -> bool:
            try:
                await self._line.ask(lambda client: client.ticketing.product_bases(catalog).all())
            except NotFound:
                return False
            return True

        return not await self._abilities.ask(Ability.BASES, probe)

    async def _span(
        self, catalog: str, wanted: Wanted, first: date, last: date, days: Days, seen: Callable[[Days], None]
    ) -> None:
        """Weeks side by side where a month has several pages: the first days are there first."""
        products = _products(wanted)
        ids = tuple(product.id for product in products)
        base = _base(wanted)
        length = (last - first).days + 1
        parts = max(1, min(_AT_ONCE, length, -(-length * len(ids) // _A_PAGE)))

        async def part(number: int) -> None:
            after = first + timedelta(days=length * number // parts)
            before = first + timedelta(days=length * (number + 1) // parts - 1)
            page = await self._line.ask(
                lambda client: client.ticketing.offers(
                    catalog,
                    products=() if base else ids,
                    base=base,
                    after=after,
                    before=before,
                    language=self._language(),
                ).all()
            )
            found = _by_day(page.readable(), after, before, set(ids))
            self._note_unread(wanted, after, before, Unread.of(page.rejected))
            days.update(found)
            unsold: Days = {}
            if parts > 1 and not page.rejected:  # a day that its part does not name is not sold
                unsold = {date.fromordinal(day): () for day in range(after.toordinal(), before.toordinal() + 1)}
            seen(unsold | found)

        await asyncio.gather(*(part(number) for number in range(parts)))

    def _note_unread(self, wanted: Wanted, first: date, last: date, unread: Unread | None) -> None:
        if unread is not None:
            for year, month in _months(first, last):
                spans = self._unread.setdefault((_key(wanted), year, month), [])
                spans.append((max(first, date(year, month, 1)), min(last, _last(year, month)), unread))

    def _forget_unread(self, wanted: Wanted, first: date, last: date) -> None:
        """These days are read anew."""
        for year, month in _months(first, last):
            spans = self._unread.get((_key(wanted), year, month), [])
            spans[:] = [one for one in spans if one[0] < first or one[1] > last]

    async def _span_by_day(
        self, catalog: str, wanted: Wanted, first: date, last: date, days: Days, seen: Callable[[Days], None]
    ) -> None:
        gate = asyncio.Semaphore(_AT_ONCE)
        products = _products(wanted)

        async def one(ordinal: int) -> None:
            day = date.fromordinal(ordinal)
            async with gate:
                try:
                    read = await self.day_in_part(catalog, day, products)
                    offers, unread = read.offers, read.unread
                except Malformed as error:  # it hides no other day
                    offers, unread = (), Unread.of((error,))
            self._note_unread(wanted, day, day, unread)
            if offers:
                days[day] = offers
                seen({day: offers})

        await asyncio.gather(*(one(ordinal) for ordinal in range(first.toordinal(), last.toordinal() + 1)))
        unread = self.unread(wanted, first.year, first.month)
        if unread is not None and not days:
            raise unread.first

    def forget(self) -> None:
        """Something is to be known anew: what was read of single days, and of tickets, does not count."""
        self._days_read.forget()
        self.tickets.forget()


def _last(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def _months(first: date, last: date) -> list[tuple[int, int]]:
    """Every month from one day to another."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [(number // 12, number % 12 + 1) for number in numbers]


def _is_end(page: Page[api.Offer], count: int) -> bool:
    """Whether nothing comes after the page, when so many offers have been read with it."""
    return page.total is not None and count >= page.total and not page.incomplete


def _between(days: Days, first: date, last: date) -> Days:
    """Those of the days, and what is valid any day."""
    return {day: offers for day, offers in days.items() if day is None or first <= day <= last}


def _each_once(some: tuple[Offer, ...], more: tuple[Offer, ...]) -> tuple[Offer, ...]:
    return tuple({one.iri: one for one in (*some, *more)}.values())


def _by_day(offers: tuple[api.Offer, ...], first: date, last: date, ids: set[str] | None = None) -> Days:
    """Offers by day; a server that ignores a filter it does not know answers more than was asked for."""
    days: dict[date | None, list[Offer]] = {}
    for one in offers:
        asked = ids is None or one.product_iri.id in ids
        if asked and (one.date is None or first <= one.date <= last):
            days.setdefault(one.date, []).append(_offer(one))
    return {day: tuple(found) for day, found in days.items()}


def _offer(offer: api.Offer) -> Offer:
    price = offer.price
    original = price.original_amount_incl_tax if price else None
    return Offer(
        iri=str(offer.iri),
        id=offer.id,
        product=offer.product_iri.id,
        day=offer.date,
        price=Money(price.amount_incl_tax, price.currency) if price else None,
        original=Money(original, price.currency) if price and original is not None else None,
        left=offer.available_quantity,
        live_price=offer.realtime_price_required,
        check_places=bool(offer.availability_check_required) or not offer.says_places,
    )
