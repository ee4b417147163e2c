"""Ticket documents: when they are ready, their temporary links, and saving one as the PDF that it must be."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from korus_tui.counter.clock import Clock
from korus_tui.counter.desk import Desk
from korus_tui.counter.line import Line
from korus_tui.counter.problems import CounterError, Doing, Problem, of
from korus_tui.counter.views import TicketDocument
from korus_tui.i18n import _
from korus_tui.paths import private_folder, safe_name
from korus_tui.sale import events as e
from korus_tui.sale.state import Sale
from korus_tui.sale.values import PlacedOrder

_MOST_BYTES = 20_000_000  # a file larger than this is no ticket


class Documents:
    """The documents of a sale's orders. A link is asked for when it is wanted, and never kept as lasting."""

    def __init__(self, desk: Desk, line: Line, clock: Clock, folder: Path) -> None:
        self._desk = desk
        self._line = line
        self._clock = clock
        self._folder = folder

    async def of(self, sale: Sale) -> tuple[TicketDocument, ...]:
        """Every document of the sale's orders, with a link where it can be downloaded now. Raises ApiError."""
        found = [document for order in sale.orders for document in await self._of_order(order)]
        return tuple(await asyncio.gather(*(self._linked(document, sale.language) for document in found)))

    async def _of_order(self, order: PlacedOrder) -> list[TicketDocument]:
        from korus_tui.api import Iri

        page = await self._line.ask(lambda client: client.documents(Iri(order.order)).all())
        return [TicketDocument(order.order, one.id, str(one.iri), one.downloadable_at) for one in page.members]

    def ready(self, document: TicketDocument) -> bool:
        """Whether the document can be downloaded by now, as far as the API said."""
        return document.ready_at is not None and document.ready_at <= self._clock.now()

    async def _linked(self, document: TicketDocument, language: str) -> TicketDocument:
        """The document with its temporary link; a refusal is told on the document, the others are not hidden by it."""
        from korus_tui.api import ApiError, Iri

        if not self.ready(document):
            return document
        try:
            link = await self._line.ask(
                lambda client: client.document_link(Iri(document.order), Iri(document.iri), language)
            )
        except ApiError as error:
            problem = of(error, Doing.DOCUMENT)
            return _with(document, problem=problem.words or problem.what)
        return _with(document, link=link.temporary_url, language=link.cached_language)

    async def save(self, sale: Sale, document: TicketDocument) -> Path:
        """Save the PDF under a safe name, and record that it was handed over.

        Raises ApiError, and CounterError for a file that is no PDF or a folder that cannot be written.
        """
        fresh = await self._linked(document, sale.language)
        if fresh.link is None:
            raise CounterError(
                Problem(_("The document cannot be downloaded yet."), fresh.link_problem or _("Ask again."))
            )
        link = fresh.link
        content = await self._line.ask(lambda client: client.fetch_file(link, limit=_MOST_BYTES))
        if not content.startswith(b"%PDF-"):
            raise CounterError(
                Problem(
                    _("What came is not a PDF."),
                    _("Nothing was saved; the order itself is complete."),
                    _("r asks again"),
                )
            )
        number = sum(one.document == document.iri for one in sale.handed) + 1
        name = safe_name(f"{_order_name(sale, document)}-{document.id[-12:]}") + (
            f"-copy{number}" if number > 1 else ""
        )
        file = self._folder.expanduser() / f"{name}.pdf"
        try:
            await asyncio.to_thread(_write, file, content)
        except OSError as error:
            raise CounterError(
                Problem(
                    _("The document cannot be saved in {folder}.").format(folder=file.parent),
                    error.strerror or "",
                    _("Hand over the link or the QR code"),
                )
            ) from error
        await self.handed_over(sale, document, "saved")
        return file

    async def handed_over(self, sale: Sale, document: TicketDocument, how: str) -> None:
        """Record that the customer has this document, in its n-th copy."""
        if not any(one.reference == sale.reference for one in self._desk.sales):
            return
        number = sum(one.document == document.iri for one in self._desk.get(sale.reference).handed) + 1
        await self._desk.record(sale.reference, e.DocumentHandedOver(document.iri, how, number))


def _with(document: TicketDocument, link: str | None = None, problem: str = "", language: str = "") -> TicketDocument:
    return TicketDocument(document.order, document.id, document.iri, document.ready_at, link, problem, language)


def _order_name(sale: Sale, document: TicketDocument) -> str:
    return next((order.reference for order in sale.orders if order.order == document.order), sale.reference)


def _write(file: Path, content: bytes) -> None:
    """Write the file whole or not at all, and never through a link somebody left there."""
    private_folder(file.parent)
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(content)
    os.replace(fresh, file)
