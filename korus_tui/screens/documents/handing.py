"""How the documents of a sale reach the customer: as files, on paper, as links, as codes and in a message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from korus_tui.counter.catalog.offer_models import TicketDocument
from korus_tui.counter.core.gate import NeedsSupervisor
from korus_tui.counter.core.problems import CounterError, Doing, Problem, of
from korus_tui.counter.paper.jobs import Outcome
from korus_tui.i18n import _, ngettext
from korus_tui.sale.state import Sale
from korus_tui.screens.common.till_screen import TillScreen, joined
from korus_tui.screens.documents.message import MessageScreen
from korus_tui.screens.documents.pane import DocumentsPane
from korus_tui.screens.documents.qr import QrPage, fits_alone
from korus_tui.screens.documents.text import later
from korus_tui.widgets.qr import qr_size

T = TypeVar("T")


class HandingOver:
    """Hands over what is chosen in the pane, one way at a time, to its end: whatever page the agent goes on to."""

    def __init__(self, page: TillScreen, pane: DocumentsPane) -> None:
        self._page = page
        self._pane = pane
        self._busy = False
        self.under_way: set[str] = set()  # documents that are being handed over
        self.asked_to_leave = False  # the agent heard what was not handed over, and nothing was since

    def save(self) -> None:
        """Save the chosen documents as PDF files."""
        self._hand(self._saving, _("Saving…"))

    def print(self) -> None:
        """Print the chosen documents with the configured command."""
        self._hand(self._printing, _("Printing…"))

    def copy(self) -> None:
        """Send the links to the agent's own terminal."""
        self._hand(self._copying)

    def show(self) -> None:
        """Show the codes over the whole screen, one after the other."""
        self._hand(self._showing)

    def write(self) -> None:
        """Show a message for the customer with references and links."""
        sale = self._page.sale
        if sale is not None and sale.orders and not self._busy:
            self._begin(sale, self._writing(sale))

    def _hand(self, way: Callable[[Sale, list[TicketDocument]], Coroutine[Any, Any, str]], meanwhile: str = "") -> None:
        sale = self._page.sale
        if sale is None:
            return
        if self._busy:
            self._pane.say(_("One moment: what you asked for before is still being done."))
            return
        documents = [one for one in self._pane.acted_on if not one.address and self._page.services.documents.ready(one)]
        if not documents:
            what = _("There is no document to hand over yet.")
            meaning = _("The order is complete; its documents are made by Korus.")
            again = _("‹documents.ask|reprint.ask› asks again")
            self._page.show_problem(Problem(what, meaning, again), tone="warn")
            return
        self._begin(sale, way(sale, documents), [one.iri for one in documents])
        self._pane.say(meanwhile)

    def _begin(self, sale: Sale, work: Coroutine[Any, Any, str], documents: Iterable[str] = ()) -> None:
        self._busy = True
        self.asked_to_leave = False
        self.under_way.update(documents)
        self._page.clear_problem()
        self._page.services.jobs.start(sale.reference, work, self._ended)

    def _ended(self, outcome: Outcome) -> bool:
        """Say here how it ended, while this is the agent's page."""
        self._busy = False
        self.under_way.clear()
        page = self._page
        pages = [one for one in page.app.screen_stack if isinstance(one, TillScreen)] if page.is_attached else []
        if not pages or pages[-1] is not page:
            return False
        self._pane.say(outcome if isinstance(outcome, str) else "")
        if isinstance(outcome, Problem):
            self._page.show_problem(outcome)
        return True

    async def _each(self, documents: list[TicketDocument], hand: Callable[[TicketDocument], Awaitable[T]]) -> list[T]:
        """One after the other; what fails costs only itself. Raises CounterError for the first that failed."""
        done: list[T] = []
        failed: list[tuple[TicketDocument, Problem]] = []
        for document in documents:
            try:
                done.append(await hand(document))
            except Exception as error:
                failed.append((document, of(error, Doing.DOCUMENT)))
                if isinstance(error, NeedsSupervisor):
                    break  # the others need one too
        if not failed:
            return done
        document, problem = failed[0]
        if len(documents) > 1:
            said = _("{done} of {all} documents were handed over; {document}: {what}")
            name = self._pane.name_of(document)
            what = said.format(done=len(done), all=len(documents), document=name, what=problem.what)
            problem = replace(problem, what=what)
        raise CounterError(problem)

    async def _saving(self, sale: Sale, documents: list[TicketDocument]) -> str:
        copy = await self._copy_words(sale, documents)
        files = await self._each(documents, lambda one: self._page.services.documents.save(sale, one))
        if len(files) == 1:
            return _("Saved: {file}").format(file=files[0]) + copy
        said = _("Saved: {count} documents in {folder}.").format(count=len(files), folder=files[0].parent)
        return said + self._others(documents) + copy

    async def _printing(self, sale: Sale, documents: list[TicketDocument]) -> str:
        copy = await self._copy_words(sale, documents)
        await self._each(documents, lambda one: self._page.services.documents.print(sale, one))
        if len(documents) == 1:
            return _("Sent to the printer.") + copy
        said = _("Sent to the printer: {count} documents.").format(count=len(documents))
        return said + self._others(documents) + copy

    def _others(self, documents: list[TicketDocument]) -> str:
        """How many of what is chosen are not ready."""
        late = len(self._pane.files) - len(documents)
        said = ngettext("{count} is not ready yet.", "{count} are not ready yet.", late)
        return " " + said.format(count=late) if late else ""

    async def _copy_words(self, sale: Sale, documents: list[TicketDocument]) -> str:
        """Which copy the next one is; nothing for the first. The PDF is the issuer's, and says nothing of it."""
        number = max([await self._page.services.documents.number(sale, one) for one in documents])
        if number == 1:
            return ""
        said = _("Copy {number}: counted here, and the PDF itself does not say so.")
        return " " + said.format(number=number)

    async def _showing(self, sale: Sale, documents: list[TicketDocument]) -> str:
        document, more = await self._with_link(sale, documents[0]), documents[1:]
        if not self._page.is_attached:
            raise CounterError(Problem(_("The QR code was not shown."), _("You had gone on before its link came.")))
        if not fits_alone(qr_size(document.link or ""), self._page.size):
            what, advice = (
                _("The code needs a larger window."),
                _("‹documents.copy› copies the link, ‹documents.save› saves the document"),
            )
            raise CounterError(Problem(what, _("Nothing was handed over."), advice))
        await self._page.services.documents.handed_over(sale, document, "qr")
        if not self._page.is_attached:
            return ""

        def closed(on: bool | None) -> None:
            if on and more:
                self._begin(sale, self._showing(sale, more), [one.iri for one in more])

        name = self._pane.name_of(document) if len(self._pane.files) > 1 else ""
        left = ngettext("{count} more", "{count} more", len(more)).format(count=len(more)) if more else ""
        self._page.app.push_screen(QrPage(document.link or "", joined((name, left)), more=bool(more)), closed)
        return ""

    async def _with_link(self, sale: Sale, document: TicketDocument) -> TicketDocument:
        """The document with a link that lives. Raises CounterError where there is none."""
        if document.link is None or self._page.services.documents.expired(document):
            document = await self._page.services.documents.fresh(sale, document)
            self._adopt(sale, document)
        if document.link is None:
            raise CounterError(
                Problem(
                    _("There is no link."),
                    later(document, self._page.services) or document.link_problem,
                    _("‹documents.ask|reprint.ask› asks again"),
                )
            )
        return document

    async def _copying(self, sale: Sale, documents: list[TicketDocument]) -> str:
        to_clipboard = self._page.app.copy_to_clipboard

        async def linked(document: TicketDocument) -> str:
            document = await self._with_link(sale, document)
            await self._page.services.documents.handed_over(sale, document, "link")
            return document.link or ""

        links = await self._each(documents, linked)
        to_clipboard("\n".join(links))
        if len(links) == 1:
            return _("The link was sent to your terminal's clipboard (some ignore it).")
        said = _("{count} links were sent to your terminal's clipboard (some ignore it).").format(count=len(links))
        return said + self._others(documents)

    def _adopt(self, sale: Sale, fresh: TicketDocument) -> None:
        """Show a document that was asked for on its own."""
        self._pane.found = tuple(
            replace(order, documents=tuple(fresh if one.iri == fresh.iri else one for one in order.documents))
            for order in self._pane.found
        )
        if self._page.is_attached:
            self._pane.show_sale(sale, self._pane.found)

    async def _writing(self, sale: Sale) -> str:
        """Every link in it is seen by whoever reads the page: that is on record first."""
        documents, given = self._page.services.documents, set[str]()
        for document in (one for order in self._pane.found for one in order.documents if one.link):
            if documents.wants_word(sale, document):
                await documents.handed_over(sale, document, "link")
                given.add(document.iri)
            elif not documents.may_be_shown(sale, document):
                await documents.show(sale, document)
        if not self._page.is_attached:
            raise CounterError(Problem(_("The message was not shown."), _("You had gone on before it was made.")))
        self._page.app.push_screen(MessageScreen(self._page.services, sale, self._pane.found, given))
        return ""
