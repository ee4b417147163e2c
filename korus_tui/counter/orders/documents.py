"""Ticket documents: when they are ready, their temporary links, and saving one as the PDF that it must be."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from korus_tui.api import errors
from korus_tui.api.errors import ApiError, Invalid, Malformed, NotFound
from korus_tui.api.models.base import Iri
from korus_tui.config.paths import write_private
from korus_tui.counter.booking.convert import WAITING
from korus_tui.counter.booking.seats import issued
from korus_tui.counter.catalog.offer_models import OrderDocuments, TicketDocument
from korus_tui.counter.core.abilities import Abilities, Ability
from korus_tui.counter.core.clock import Clock
from korus_tui.counter.core.connection import Connection
from korus_tui.counter.core.desk import Desk
from korus_tui.counter.core.gate import Word
from korus_tui.counter.core.problems import CounterError, Doing, Problem, not_understood, of
from korus_tui.counter.orders.cancelled import note_cancelled
from korus_tui.counter.orders.link_expiry import valid_until
from korus_tui.counter.paper import printing
from korus_tui.counter.paper.jobs import why_not
from korus_tui.counter.till.till import stream_of
from korus_tui.i18n import _
from korus_tui.journal.errors import JournalProblem
from korus_tui.sale import events as e
from korus_tui.sale.acts import was_given_back
from korus_tui.sale.state import Sale
from korus_tui.sale.till_events import CopyFailed, CopyHandedOver
from korus_tui.sale.values import SHOWN, Mode, PlacedOrder
from korus_tui.text.files import safe_name

if TYPE_CHECKING:
    from korus_tui.api.models.booking import Order

log = logging.getLogger("korus_tui.counter")

Copy = e.DocumentHandedOver | CopyHandedOver
_MOST_BYTES = 20_000_000  # a file larger than this is no ticket
_FETCHED = timedelta(seconds=60)  # in which a file is fetched
_FIRST_WAIT, _LONGEST_WAIT = 2.0, 60.0  # seconds between two looks
_AGAIN, _GRACE = 0.7, 6.0  # seconds: the wait just after a document should be ready, and how long that is


class Documents:
    """The documents of a sale's orders. A link is asked for when it is wanted, and never kept as lasting."""

    def __init__(  # noqa: PLR0913 - made in one place, of all that it works with
        self,
        desk: Desk,
        line: Connection,
        clock: Clock,
        abilities: Abilities,
        folder: Path,
        print_command: tuple[str, ...] = (),
        just_placed: Callable[[str], bool] = lambda _order: False,
    ) -> None:
        """`just_placed` says of an order whether the sale has it as Korus answered a moment ago."""
        self._desk = desk
        self._line = line
        self._clock = clock
        self._abilities = abilities
        self._just_placed = just_placed
        self._folder = folder
        self._print_command = print_command
        self._making: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()  # of documents, by sale
        self._copies_here: Counter[str] = Counter()  # of documents of sales that were made elsewhere
        self._shown_here: set[str] = set()  # those of them whose link or code may stand on the screen

    async def of(
        self, sale: Sale, known: Iterable[OrderDocuments] = (), *, afresh: bool = False
    ) -> tuple[OrderDocuments, ...]:
        """Every document of the sale's orders, with a link where it can be downloaded now.

        What is `known` is asked for again where its link is missing or has ended; `afresh`, all of it. What could not
        be asked is said on its order, and raises nothing.
        """
        kept = {} if afresh else {one.iri: one for order in known for one in order.documents if not self.expired(one)}
        found = await asyncio.gather(*(self._of_order(order, sale.language, kept, afresh) for order in sale.orders))
        await self._keep_tickets(sale, found)
        if sale.lines:
            await note_cancelled(self._desk, sale, [one.order for one in found if one.cancelled])
        else:
            await self._count_copies_here()
        return tuple(found)

    async def _keep_tickets(self, sale: Sale, found: Iterable[OrderDocuments]) -> None:
        """Record vouchers and seats that the orders did not say before: the receipt bears them."""
        known = {order.order: order.tickets for order in sale.orders}
        new = [
            e.TicketsSeen(one.order, one.tickets) for one in found if one.tickets and one.tickets != known[one.order]
        ]
        if new and sale.lines:
            await self._desk.record_after(sale.reference, *new)

    async def _of_order(
        self, placed: PlacedOrder, language: str, kept: dict[str, TicketDocument], afresh: bool
    ) -> OrderDocuments:
        """An order names its documents in every version of the API; a list of them is more than some have."""
        found = OrderDocuments(placed.order, placed.reference, waiting=len(placed.waiting_tickets))
        found = replace(found, cancelled=placed.cancelled, tickets=placed.tickets)
        listed: dict[str, datetime | None] = {}
        short = ""
        if not afresh and _says_all(placed) and self._just_placed(placed.order):
            listed = dict.fromkeys(placed.documents)
        else:
            try:
                order = await self._line.ask(lambda client: client.booking.order_by_id(Iri(placed.order)))
            except Malformed as error:  # its list may still be read
                listed, short = await self._listed(placed.order)
                if not listed:
                    return replace(found, problem=_reason(error))
            except ApiError as error:
                return replace(found, problem=_reason(error))
            else:
                found = _as_shown(found, order)
                listed = dict.fromkeys(map(str, order.documents))
                if not listed:
                    listed, short = await self._listed(placed.order)
        documents = [kept.get(iri) or _document(placed.order, iri, ready_at) for iri, ready_at in listed.items()]
        linked = list(await asyncio.gather(*(self._linked(one, language) for one in documents)))
        if any(one.too_early and one.ready_at is None for one in linked):
            times, _short = await self._listed(placed.order)
            linked = [replace(one, ready_at=one.ready_at or times.get(one.iri)) for one in linked]
        return replace(found, documents=tuple(linked), problem=short)

    async def _listed(self, order: str) -> tuple[dict[str, datetime | None], str]:
        """The order's documents, and when each can be downloaded; none where this API has no such list. What of the
        list could not be read, in a sentence."""
        if self._abilities.known(Ability.DOCUMENTS) is False:
            return {}, ""
        try:
            page = await self._line.ask(lambda client: client.booking.documents(Iri(order)).all())
        except NotFound:
            await self._abilities.missed(Ability.DOCUMENTS)
            return {}, ""
        except ApiError as error:
            log.info("an order's documents cannot be listed: %s", error)
            return {}, ""
        await self._abilities.learn(Ability.DOCUMENTS, True)
        short = _reason(page.rejected[0]) if page.rejected else ""
        return {str(one.iri): one.downloadable_at for one in page.members}, short

    def ready(self, document: TicketDocument) -> bool:
        """Whether the document can be downloaded by now, as far as the API said."""
        if document.ready_at is None:
            return document.link is not None
        return document.link is not None or _from(document.ready_at) <= self._clock.now()

    def expired(self, document: TicketDocument) -> bool:
        """Whether the document's link has come to its end, as far as its address says."""
        return document.link_until is not None and document.link_until <= self._clock.now()

    def next_look(self, found: Iterable[OrderDocuments], looks: int) -> float | None:
        """Seconds until asking again is worth it, after `looks` looks; None once nothing is waited for."""
        later = min(_FIRST_WAIT * 1.6 ** min(looks, 10), _LONGEST_WAIT)
        waits: list[float] = []
        for order in found:
            if order.cancelled:
                continue
            if order.problem or not order.documents:
                waits.append(_LONGEST_WAIT if order.waiting else later)
            for document in order.documents:
                if document.link or document.address:
                    continue
                waits.append(self._until_ready(document, later))
        return min(waits, default=None)

    def _until_ready(self, document: TicketDocument, later: float) -> float:
        """Seconds to a look at one document; its time is known to a second or two only, so soon again right after."""
        if document.ready_at is None:
            return later
        ahead = (_from(document.ready_at) - self._clock.now()).total_seconds()
        if ahead > 0:
            return min(ahead + 0.2, _LONGEST_WAIT)
        return min(later, _AGAIN) if ahead > -_GRACE else later

    async def _linked(self, document: TicketDocument, language: str) -> TicketDocument:
        """The document with its temporary link; a refusal is told on the document, the others are not hidden by it."""
        if document.link or (document.ready_at is not None and not self.ready(document)):
            return document
        document = replace(document, link_problem="", address="", too_early=False)
        try:
            answer = await self._line.ask(
                lambda client: client.booking.document_link(Iri(document.order), Iri(document.iri), language)
            )
        except ApiError as error:
            later = [one for one in error.moments if one > self._clock.now()] if isinstance(error, Invalid) else []
            ready_at = max(later, default=document.ready_at)
            early = isinstance(error, Invalid)
            return replace(document, link_problem=_reason(error), too_early=early, ready_at=ready_at)
        url = answer.temporary_url
        client = await self._line.client()
        reason = await client.booking.unsafe_link(url)
        if reason is not None:
            words = _("its link is not safe to follow ({reason})").format(reason=_refusals().get(reason, reason))
            return replace(document, link_problem=words, address=url)
        return replace(document, link=url, link_until=valid_until(url), language=answer.cached_language)

    async def fresh(self, sale: Sale, document: TicketDocument) -> TicketDocument:
        """The document with a link that was asked for just now; its problem where there is none."""
        due = None if document.link else document.ready_at  # what has been there is, whatever a clock says
        bare = replace(document, link=None, link_until=None, link_problem="", address="", ready_at=due)
        return await self._linked(bare, sale.language)

    async def save(self, sale: Sale, document: TicketDocument) -> Path:
        """Save the PDF under a safe name, and record that it was handed over.

        Raises ApiError, and CounterError where it may not be, for a file that is no PDF or a folder that cannot be
        written.
        """
        async with self._next_copy(sale, document, "saved") as copy:
            content = await self._ticket(sale, document)
            file = self._folder.expanduser() / self._name(sale, document, copy)
            try:
                await asyncio.to_thread(write_private, file, content)
            except OSError as error:
                raise CounterError(
                    Problem(
                        _("The document cannot be saved in {folder}.").format(folder=file.parent),
                        error.strerror or "",
                        _("Hand over the link or the QR code"),
                    )
                ) from error
        return file

    @property
    def can_print(self) -> bool:
        """Whether a print command is configured."""
        return bool(self._print_command)

    async def print(self, sale: Sale, document: TicketDocument) -> None:
        """Print the PDF with the configured command, and record that it was handed over.

        Raises ApiError, and CounterError where it may not be, for a file that is no PDF or a command that does not
        print.
        """
        if not self._print_command:
            raise CounterError(printing.not_configured())
        async with self._next_copy(sale, document, "printed") as copy:
            content = await self._ticket(sale, document)
            await printing.print_file(self._print_command, self._name(sale, document, copy), content)

    @asynccontextmanager
    async def _next_copy(self, sale: Sale, document: TicketDocument, how: str) -> AsyncIterator[int]:
        """The number of the copy that is made meanwhile: that it was asked for, and how it ended, is on record.

        One at a time of a sale, so that each has its own number. Raises CounterError where it may not be.
        """
        lock = self._making.setdefault(sale.reference, asyncio.Lock())
        async with lock:
            copy, word = await self._ahead(sale, document, how)
            if isinstance(copy, e.DocumentHandedOver):
                await self._desk.record_after(sale.reference, e.PaperAsked(document.iri, how, copy.copy))
            try:
                yield copy.copy
            except BaseException as error:
                await self._failed(sale, copy, error)
                raise
            await self._record(sale, copy, word)

    async def _failed(self, sale: Sale, copy: Copy, error: BaseException) -> None:
        """Put it on record; where the journal takes nothing, what failed is still told to the agent."""
        why = why_not(error)
        try:
            if isinstance(copy, CopyHandedOver):
                gone = CopyFailed(copy.mode, copy.order, copy.document, copy.how, copy.copy, why)
                await self._desk.append_to(stream_of(self._desk.counter.till), (gone,))
            else:
                failed = e.PaperFailed(copy.document, copy.how, copy.copy, why)
                await self._desk.record_after(sale.reference, failed)
        except JournalProblem:
            log.warning("that a document was not %s could not be recorded", copy.how)

    async def _ticket(self, sale: Sale, document: TicketDocument) -> bytes:
        content = await self._content(sale, document)
        wrong = _not_a_ticket(content)
        if wrong:
            meaning = _("Nothing was saved or printed; the order itself is complete.")
            raise CounterError(Problem(wrong, meaning, _("‹documents.ask|reprint.ask› asks again")))
        return content

    @staticmethod
    def _name(sale: Sale, document: TicketDocument, number: int) -> str:
        """A safe file name; from the second copy on it says so, and so does the printer's list of jobs.

        The PDF itself says nothing of it: it is the issuer's.
        """
        name = safe_name(f"{_order_name(sale, document)}-{document.id[-12:]}")
        return f"{name}-COPY-{number}.pdf" if number > 1 else f"{name}.pdf"

    @staticmethod
    def next_copy(sale: Sale, document: TicketDocument) -> int:
        """Which copy the next one is, from 1. Of another till's sale at least the second: the first went there."""
        handed = sum(one.document == document.iri for one in sale.handed)
        return handed + (1 if sale.lines else 2)

    async def number(self, sale: Sale, document: TicketDocument) -> int:
        """Which copy the next one is, by what is on record now."""
        if sale.lines:
            return self.next_copy(await self._as_it_stands(sale), document)
        await self._count_copies_here()
        return self.next_copy(sale, document) + self._copies_here[document.iri]

    async def _as_it_stands(self, sale: Sale) -> Sale:
        return (await self._desk.read(sale.reference) if sale.lines else None) or sale

    def _lives(self, sale: Sale, document: TicketDocument) -> bool:
        """Whether the link is one for this customer, and says itself that it does not end while a file is fetched."""
        until = document.link_until
        known = document.link is not None and document.language == sale.language
        return known and until is not None and until - _FETCHED > self._clock.now()

    async def _content(self, sale: Sale, document: TicketDocument) -> bytes:
        """The file behind a link that lives; where storage refuses it, behind a fresh one (docs/faults.md, F22)."""
        refused: errors.ApiError | None = None
        for again in range(2):
            lives = not again and self._lives(sale, document)
            fresh = document if lives else await self.fresh(sale, document)
            link = fresh.link
            if link is None:
                what = _("The document cannot be downloaded yet.")
                raise CounterError(
                    Problem(what, fresh.link_problem, _("‹documents.ask|reprint.ask› asks again"))
                ) from refused
            try:
                return await self._line.fetch_file(link, _MOST_BYTES)
            except (errors.Refused, errors.ProxyAnswer, errors.SignInRefused) as error:
                refused = error
        what = _("The storage does not give the document out ({status}).").format(
            status=refused.status if refused else ""
        )
        meaning = _("Nothing was saved; the order itself is complete.")
        raise CounterError(Problem(what, meaning, _("‹documents.ask|reprint.ask› asks again"))) from refused

    def may_be_shown(self, sale: Sale, document: TicketDocument) -> bool:
        """Whether its link or code may stand on the screen now: where agents have PINs, that is on record first."""
        gate = self._desk.gate
        if not gate.asks_pins:
            return True
        if gate.nobody is not None or self.wants_word(sale, document):
            return False
        return document.iri in (sale.shown if sale.lines else self._shown_here)

    def codes_may_be_read(self, sale: Sale, found: OrderDocuments | None) -> bool:
        """Whether what a gate reads may stand in full beside an order: as its documents' links and codes may."""
        if not self._desk.gate.asks_pins:
            return True
        documents = found.documents if found is not None else ()
        return bool(documents) and all(self.may_be_shown(sale, one) for one in documents)

    def wants_word(self, sale: Sale, document: TicketDocument) -> bool:
        """Whether who stands here needs a supervisor to hand out one more."""
        number = self.next_copy(sale, document)
        if sale.lines:
            event: Copy = e.DocumentHandedOver(document.iri, "qr", number)
        else:
            number += self._copies_here.get(document.iri, 0)
            mode, gone = Mode(self._desk.counter.mode), was_given_back(sale, document.iri)
            event = CopyHandedOver(mode, document.order, document.iri, "qr", number, gone)
        return bool(self._desk.gate.acts((event,), sale))

    async def show(self, sale: Sale, document: TicketDocument) -> None:
        """Record that its link or code will stand on the screen. Raises CounterError, and the journal's errors."""
        if sale.lines:
            await self._desk.record_after(sale.reference, e.DocumentHandedOver(document.iri, SHOWN, 0))
            return
        shown = CopyHandedOver(Mode(self._desk.counter.mode), document.order, document.iri, SHOWN, 0)
        await self._desk.append_to(stream_of(self._desk.counter.till), (shown,))
        self._shown_here.add(document.iri)
        self._desk.tell()

    async def handed_over(self, sale: Sale, document: TicketDocument, how: str) -> None:
        """Record that the customer gets this document, in its n-th copy; also after the sale has ended.

        A sale of another till has its record there: what is handed over of it here stands among this till's own
        events. Raises CounterError where it may not be handed over.
        """
        await self._record(sale, *await self._ahead(sale, document, how))

    async def _ahead(self, sale: Sale, document: TicketDocument, how: str) -> tuple[Copy, Word]:
        """The record of the next copy, let through before anything is handed over. Raises CounterError."""
        number = await self.number(sale, document)
        if sale.lines:
            event = e.DocumentHandedOver(document.iri, how, number)
            return event, await self._desk.ahead(sale.reference, event)
        gone, mode = was_given_back(sale, document.iri), Mode(self._desk.counter.mode)
        copy = CopyHandedOver(mode, document.order, document.iri, how, number, gone)
        return copy, await self._desk.ahead_of(copy)

    async def _count_copies_here(self) -> None:
        """How often this till handed over each document of sales that were made elsewhere."""
        rows = await (await self._desk.ledger.journal()).read_stream(stream_of(self._desk.counter.till))
        copies = [row.event for row in rows if isinstance(row.event, CopyHandedOver) and row.event.how != SHOWN]
        self._copies_here = Counter(one.document for one in copies)

    async def _record(self, sale: Sale, copy: Copy, word: Word) -> None:
        if isinstance(copy, CopyHandedOver):
            await self._desk.append_to(stream_of(self._desk.counter.till), (copy,), word=word)
            self._copies_here[copy.document] += 1
        else:
            await self._desk.record_after(sale.reference, copy, word=word)


def _from(ready_at: datetime) -> datetime:
    """The moment from which a document is surely there: the API tells whole seconds, and may have cut them off."""
    return ready_at if ready_at.microsecond else ready_at + timedelta(seconds=1)


def _says_all(placed: PlacedOrder) -> bool:
    """Whether the order, as it was answered, leaves nothing to ask: documents, holders, what a gate reads."""
    told = placed.documents and not placed.waiting_tickets and not placed.odd
    return bool(told) and all(ticket.voucher for ticket in placed.tickets)


def _refusals() -> dict[str, str]:
    """The api's fixed words for a refused address, for the agent."""
    return {
        "characters": _("strange characters in it"),
        "scheme": _("not a web address"),
        "credentials": _("a name or password in it"),
        "this machine": _("it points to this machine"),
        "private net": _("it points into a private network"),
        "not https": _("not https"),
        "port": _("an unusual port"),
    }


def _reason(error: Exception) -> str:
    """Why a document or its link did not come, in one sentence; asking for a link again does no harm."""
    if isinstance(error, errors.OutcomeUnknown):
        if error.resource:
            return not_understood(error.resource, error.field, error.request_id)
        if error.status is not None:
            return _("What came is no answer that can be read ({status}).").format(status=error.status)
        return _("No answer came in time.")
    problem = of(error, Doing.DOCUMENT)
    return problem.words or problem.what


def _not_a_ticket(content: bytes) -> str:
    """What is wrong with a file that should be a PDF; empty where it is one."""
    if not content:
        return _("The file that came is empty.")
    if not content.startswith(b"%PDF-"):
        return _("What came is not a PDF.")
    return "" if b"%%EOF" in content[-1024:] else _("The PDF that came is cut off.")


def _document(order: str, iri: str, ready_at: datetime | None) -> TicketDocument:
    return TicketDocument(order, iri.rpartition("/")[2], iri, ready_at)


def _as_shown(found: OrderDocuments, order: Order) -> OrderDocuments:
    """How many tickets still wait for their holder's name, until when the API takes it, and whether it is cancelled."""
    tickets = [one for item in order.items for one in item.tickets if one.status.lower() == WAITING]
    ends = [one.beneficiary_designation_deadline for one in tickets]
    deadline = min((end for end in ends if end is not None), default=None)
    cancelled = found.cancelled or order.cancelled
    return replace(found, waiting=len(tickets), deadline=deadline, cancelled=cancelled, tickets=issued(order))


def _order_name(sale: Sale, document: TicketDocument) -> str:
    return next((order.reference for order in sale.orders if order.order == document.order), sale.reference)
