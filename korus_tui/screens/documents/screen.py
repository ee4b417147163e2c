"""After the order: its reference read aloud, its documents handed over, then the next customer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.events import Key

from korus_tui import commands
from korus_tui.counter.catalog.offer_models import OrderDocuments, TicketDocument
from korus_tui.counter.core.gate import NeedsSupervisor
from korus_tui.counter.core.problems import CounterError, Doing, Problem, of
from korus_tui.counter.paper.jobs import Outcome
from korus_tui.counter.paper.slips import Kind
from korus_tui.counter.services import Services
from korus_tui.i18n import _, ngettext
from korus_tui.sale.state import Sale
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.dead_time import DeadTime
from korus_tui.screens.common.till_screen import TillScreen, joined
from korus_tui.screens.documents.beneficiaries import BeneficiariesScreen
from korus_tui.screens.documents.message import MessageScreen
from korus_tui.screens.documents.pane import DocumentsPane, FileHighlighted
from korus_tui.screens.documents.qr import QrPage, fits_alone
from korus_tui.screens.documents.slip import SlipScreen
from korus_tui.screens.documents.text import later
from korus_tui.screens.rehearse.text import told
from korus_tui.widgets.lists.row_list import RowList
from korus_tui.widgets.qr import qr_size

T = TypeVar("T")


class DocumentsScreen(TillScreen):
    """One finished sale: order references, documents as they become ready, and the way to the next customer."""

    NAME = "documents"
    SHOWS_CART = False
    BINDINGS = commands.bindings("documents")

    def __init__(self, services: Services, reference: str) -> None:
        super().__init__(services)
        self._pane = DocumentsPane(services)
        self._reference = reference
        self._last: Sale | None = None
        self._found: tuple[OrderDocuments, ...] = ()
        self._orders_asked = 0
        self._busy = False
        self._under_way: set[str] = set()  # documents that are being handed over
        self._asked_to_leave = False
        self._leaving = False
        self._typed = ""

    def body(self) -> ComposeResult:
        """Orders and documents, over the whole width."""
        yield self._pane

    def on_mount(self) -> None:
        """Show the order at once, then ask for its documents."""
        super().on_mount()
        self.query_one(RowList).focus()
        self.set_interval(1.0, self._pane.show_times)
        if told := self.services.late_orders.told.pop(self._reference, None):
            self.show_problem(told, tone="warn")

    @property
    def sale(self) -> Sale | None:
        """The sale whose documents these are, wherever the counter is; as last seen once it has ended."""
        found = next((one for one in self.services.desk.sales if one.reference == self._reference), None)
        self._last = found or self._last
        return self._last

    # Asking

    def show_sale(self) -> None:
        """Its orders may have become more: their documents are asked for."""
        sale = self.sale
        if sale is None:
            return
        self._pane.show_sale(sale, self._found)
        self._tell_rehearsed()
        if len(sale.orders) != self._orders_asked:
            self._orders_asked = len(sale.orders)
            self._ask()

    def _tell_rehearsed(self) -> None:
        """What went wrong on purpose, and what the till did about it: once."""
        rehearsals = self.services.rehearsals
        if rehearsals is not None and rehearsals.struck is not None:
            self._pane.say(" ".join(told(rehearsals.struck)))
            rehearsals.told()

    def _ask(self, *, afresh: bool = False) -> None:
        self.run_worker(self._asking(afresh), group="documents", exclusive=True, exit_on_error=False)

    async def _asking(self, afresh: bool) -> None:
        """Look until nothing is waited for: when the API says it is ready, and ever more seldom where it does not."""
        looks = 0
        while (sale := self.sale) is not None:
            try:
                self._found = await self.services.documents.of(sale, self._found, afresh=afresh)
            except Exception as error:
                self._pane.fail(of(error, Doing.DOCUMENT))
                return
            afresh = False
            self._pane.show_sale(sale, self._found)
            wait = self.services.documents.next_look(self._found, looks)
            if wait is None:
                return
            looks += 1
            await asyncio.sleep(wait)

    def action_ask(self) -> None:
        """Ask again, also for fresh links."""
        self.clear_problem()
        self._pane.say("")
        self._ask(afresh=True)

    # Showing

    @on(FileHighlighted)
    def _another(self) -> None:
        self.show_keys()

    # Handing over

    def action_save(self) -> None:
        """Save the chosen documents as PDF files."""
        self._hand(self._saving, _("Saving…"))

    def action_print(self) -> None:
        """Print the chosen documents with the configured command."""
        self._hand(self._printing, _("Printing…"))

    def action_copy(self) -> None:
        """Send the links to the agent's own terminal."""
        self._hand(self._copying)

    def action_qr(self) -> None:
        """The code over the whole screen, where the pane has no room for it; of several, one after the other."""
        self._hand(self._showing)

    def _hand(self, way: Callable[[Sale, list[TicketDocument]], Coroutine[Any, Any, str]], meanwhile: str = "") -> None:
        """Hand over what is chosen in one way: to its end, whatever page the agent goes on to."""
        sale = self.sale
        if sale is None:
            return
        if self._busy:
            self._pane.say(_("One moment: what you asked for before is still being done."))
            return
        documents = [one for one in self._pane.acted_on if not one.address and self.services.documents.ready(one)]
        if not documents:
            what = _("There is no document to hand over yet.")
            meaning = _("The order is complete; its documents are made by Korus.")
            again = _("‹documents.ask|reprint.ask› asks again")
            self.show_problem(Problem(what, meaning, again), tone="warn")
            return
        self._begin(sale, way(sale, documents), [one.iri for one in documents])
        self._pane.say(meanwhile)

    def _begin(self, sale: Sale, work: Coroutine[Any, Any, str], documents: Iterable[str] = ()) -> None:
        self._busy = True
        self._asked_to_leave = False
        self._under_way.update(documents)
        self.clear_problem()
        self.services.jobs.start(sale.reference, work, self._ended)

    def _ended(self, outcome: Outcome) -> bool:
        """Say here how it ended, while this is the agent's page."""
        self._busy = False
        self._under_way.clear()
        pages = [one for one in self.app.screen_stack if isinstance(one, TillScreen)] if self.is_attached else []
        if not pages or pages[-1] is not self:
            return False
        self._pane.say(outcome if isinstance(outcome, str) else "")
        if isinstance(outcome, Problem):
            self.show_problem(outcome)
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
        files = await self._each(documents, lambda one: self.services.documents.save(sale, one))
        if len(files) == 1:
            return _("Saved: {file}").format(file=files[0]) + copy
        said = _("Saved: {count} documents in {folder}.").format(count=len(files), folder=files[0].parent)
        return said + self._others(documents) + copy

    async def _printing(self, sale: Sale, documents: list[TicketDocument]) -> str:
        copy = await self._copy_words(sale, documents)
        await self._each(documents, lambda one: self.services.documents.print(sale, one))
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
        number = max([await self.services.documents.number(sale, one) for one in documents])
        if number == 1:
            return ""
        said = _("Copy {number}: counted here, and the PDF itself does not say so.")
        return " " + said.format(number=number)

    async def _showing(self, sale: Sale, documents: list[TicketDocument]) -> str:
        document, more = await self._with_link(sale, documents[0]), documents[1:]
        if not self.is_attached:
            raise CounterError(Problem(_("The QR code was not shown."), _("You had gone on before its link came.")))
        if not fits_alone(qr_size(document.link or ""), self.size):
            what, advice = (
                _("The code needs a larger window."),
                _("‹documents.copy› copies the link, ‹documents.save› saves the document"),
            )
            raise CounterError(Problem(what, _("Nothing was handed over."), advice))
        await self.services.documents.handed_over(sale, document, "qr")
        if not self.is_attached:
            return ""

        def closed(on: bool | None) -> None:
            if on and more:
                self._begin(sale, self._showing(sale, more), [one.iri for one in more])

        name = self._pane.name_of(document) if len(self._pane.files) > 1 else ""
        left = ngettext("{count} more", "{count} more", len(more)).format(count=len(more)) if more else ""
        self.app.push_screen(QrPage(document.link or "", joined((name, left)), more=bool(more)), closed)
        return ""

    async def _with_link(self, sale: Sale, document: TicketDocument) -> TicketDocument:
        """The document with a link that lives. Raises CounterError where there is none."""
        if document.link is None or self.services.documents.expired(document):
            document = await self.services.documents.fresh(sale, document)
            self._adopt(sale, document)
        if document.link is None:
            raise CounterError(
                Problem(
                    _("There is no link."),
                    later(document, self.services) or document.link_problem,
                    _("‹documents.ask|reprint.ask› asks again"),
                )
            )
        return document

    async def _copying(self, sale: Sale, documents: list[TicketDocument]) -> str:
        to_clipboard = self.app.copy_to_clipboard

        async def linked(document: TicketDocument) -> str:
            document = await self._with_link(sale, document)
            await self.services.documents.handed_over(sale, document, "link")
            return document.link or ""

        links = await self._each(documents, linked)
        to_clipboard("\n".join(links))
        if len(links) == 1:
            return _("The link was sent to your terminal's clipboard (some ignore it).")
        said = _("{count} links were sent to your terminal's clipboard (some ignore it).").format(count=len(links))
        return said + self._others(documents)

    def _adopt(self, sale: Sale, fresh: TicketDocument) -> None:
        """Show a document that was asked for on its own."""
        self._found = tuple(
            replace(order, documents=tuple(fresh if one.iri == fresh.iri else one for one in order.documents))
            for order in self._found
        )
        if self.is_attached:
            self._pane.show_sale(sale, self._found)

    def action_holders(self) -> None:
        """The people whom its tickets wait for; their documents are asked for afterwards."""
        sale = self.sale
        if sale is not None:
            self.app.push_screen(BeneficiariesScreen(self.services, sale), lambda _done: self._ask())

    # Leaving

    async def action_next(self) -> None:
        """Finish the sale: it leaves the counter, and with it the customer's data."""
        sale = self.sale
        if sale is None or not self.armed or self._leaving:
            return
        if not any(one.reference == self._reference for one in self.services.desk.sales):
            self._to_catalog()  # it has ended already
            return
        if not sale.all_ordered:
            what = _("Not every line of this sale is ordered.")
            self.show_problem(Problem(what, _("It stays at the counter."), _("‹app.cart› opens the cart")))
            return
        if sale.credit is not None:
            what = _("{amount} is to be given back first.").format(amount=words.money(sale.credit))
            self.show_problem(Problem(what, _("It stays at the counter."), _("‹documents.back› back to the payment")))
            return
        if self._asks_first(sale, _("‹documents.next› once more: next customer")):
            return
        self._leaving = True
        until = DeadTime(self.services.clock.boot)  # in which an Enter is taken for one pressed too often
        try:
            await self.services.desk.finish(self._reference)
        except Exception as error:
            self._leaving = False
            self.show_error(error, Doing.DOCUMENT)
            return
        self.set_timer(max(0.01, until.left), self._to_catalog)

    def _asks_first(self, sale: Sale, again: str) -> bool:
        """Whether something was not handed over, and the agent did not hear of it yet: told once."""
        left, count = self._pane.not_handed(sale, self._under_way)
        if not left or self._asked_to_leave:
            return False
        self._asked_to_leave = True
        self._dead.begin_when_seen(self)  # a key pressed twice is no answer
        what = ngettext(
            "{left} of {count} document was not handed over.",
            "{left} of {count} documents were not handed over.",
            count,
        )
        meaning = _("The order is complete, and ‹app.orders› finds it later too.")
        self.show_problem(Problem(what.format(left=left, count=count), meaning, again), tone="warn")
        return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No key of this screen works once it is being left: a second Enter would choose in the catalog."""
        return not self._leaving

    def on_key(self, event: Key) -> None:
        """What is typed meanwhile is meant for the catalog."""
        if self._leaving and event.character and event.is_printable:
            self._typed += event.character

    def action_back(self) -> None:
        """To the catalog, or to the payment where that is not over; the sale stays where it is."""
        sale = self.sale
        if sale is not None and self.flow.is_over_payment() and (not sale.all_ordered or sale.credit is not None):
            self.app.pop_screen()
        elif sale is None or not sale.complete or not self._asks_first(sale, _("‹documents.back› once more: back")):
            self._to_catalog()

    def action_slip(self) -> None:
        """The receipt, as it is on paper."""
        self.app.push_screen(SlipScreen(self.services, self._reference, Kind.RECEIPT))

    def action_message(self) -> None:
        """A message for the customer with references and links."""
        sale = self.sale
        if sale is not None and sale.orders and not self._busy:
            self._begin(sale, self._writing(sale))

    async def _writing(self, sale: Sale) -> str:
        """Every link in it is seen by whoever reads the page: that is on record first."""
        documents, given = self.services.documents, set[str]()
        for document in (one for order in self._found for one in order.documents if one.link):
            if documents.wants_word(sale, document):
                await documents.handed_over(sale, document, "link")
                given.add(document.iri)
            elif not documents.may_be_shown(sale, document):
                await documents.show(sale, document)
        if not self.is_attached:
            raise CounterError(Problem(_("The message was not shown."), _("You had gone on before it was made.")))
        self.app.push_screen(MessageScreen(self.services, sale, self._found, given))
        return ""

    def _to_catalog(self) -> None:
        """Close every screen of the sale; the catalog starts with an empty filter."""
        self.flow.next_customer(self._typed)

    def allowed(self, action: str) -> bool:
        """What can be handed over, only where there is something; the next customer, once all is ordered."""
        sale = self.sale
        if action == "next":
            return bool(sale and sale.all_ordered)
        if action == "holders":
            return any(order.waiting for order in self._found)
        if action == "print" and not self.services.documents.can_print:
            return False
        if action in ("save", "copy", "print", "qr"):
            return any(not one.address and self.services.documents.ready(one) for one in self._pane.acted_on)
        return len(self._pane.files) > 1 if action == "move" else True
