"""After the order: its reference read aloud, its documents handed over, then the next customer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.events import Key

from korus_tui import commands
from korus_tui.counter.catalog.offer_models import OrderDocuments, TicketDocument
from korus_tui.counter.core.problems import CounterError, Doing, Problem, of
from korus_tui.counter.paper.slips import Kind
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.sale import events as e
from korus_tui.sale.state import Sale
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.checkout.base import CheckoutBase
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.dead_time import DeadTime
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.screens.documents.beneficiaries import BeneficiariesScreen
from korus_tui.screens.documents.message import MessageScreen
from korus_tui.screens.documents.pane import DocumentsPane, FileHighlighted
from korus_tui.screens.documents.qr import QrPage, fits_alone
from korus_tui.screens.documents.slip import SlipScreen
from korus_tui.widgets.inputs.filter_input import FilterInput
from korus_tui.widgets.lists.row_list import RowList
from korus_tui.widgets.qr import qr_size


class DocumentsScreen(TillScreen):
    """One finished sale: order references, documents as they become ready, and the way to the next customer."""

    NAME = "documents"
    SHOWS_CART = False
    BINDINGS = commands.bindings("documents")

    def __init__(self, services: Services, reference: str) -> None:
        super().__init__(services)
        self._reference = reference
        self._last: Sale | None = None
        self._found: tuple[OrderDocuments, ...] = ()
        self._orders_asked = 0
        self._busy = False
        self._leaving = False
        self._typed = ""

    def body(self) -> ComposeResult:
        """Orders and documents, over the whole width."""
        yield DocumentsPane(self.services)

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

    @property
    def _pane(self) -> DocumentsPane:
        return self.query_one(DocumentsPane)

    # Asking

    def show_sale(self) -> None:
        """Its orders may have become more: their documents are asked for."""
        sale = self.sale
        if sale is None:
            return
        self._pane.show_sale(sale, self._found)
        if len(sale.orders) != self._orders_asked:
            self._orders_asked = len(sale.orders)
            self._ask()

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
        """Save the highlighted document as a PDF."""
        self._hand(self._saving)

    def action_print(self) -> None:
        """Print the highlighted document with the configured command."""
        self._hand(self._printing)

    def action_copy(self) -> None:
        """Send the link to the agent's own terminal."""
        self._hand(self._copying)

    def _hand(self, way: Callable[[Sale, TicketDocument], Awaitable[str]]) -> None:
        """Hand the highlighted document over in one way; a second press while it runs does nothing."""
        sale, file = self.sale, self._pane.chosen
        if sale is None or file is None or file.document is None or self._busy:
            return
        self._busy = True
        self.clear_problem()
        self.run_worker(self._handing(way, sale, file.document), group="hand over", exit_on_error=False)

    async def _handing(
        self, way: Callable[[Sale, TicketDocument], Awaitable[str]], sale: Sale, document: TicketDocument
    ) -> None:
        try:
            self._pane.say(await way(sale, document))
        except Exception as error:
            self._pane.say("")
            self.show_error(error, Doing.DOCUMENT)
        finally:
            self._busy = False

    async def _saving(self, sale: Sale, document: TicketDocument) -> str:
        self._pane.say(_("Saving…"))
        copy = self._copy_words(sale, document)
        file = await self.services.documents.save(sale, document)
        return _("Saved: {file}").format(file=file) + copy

    async def _printing(self, sale: Sale, document: TicketDocument) -> str:
        self._pane.say(_("Printing…"))
        copy = self._copy_words(sale, document)
        await self.services.documents.print(sale, document)
        return _("Sent to the printer.") + copy

    def _copy_words(self, sale: Sale, document: TicketDocument) -> str:
        """Which copy the next one is; nothing for the first."""
        number = self.services.documents.next_copy(sale, document)
        return " " + _("Copy {number}: DUPLICATE.").format(number=number) if number > 1 else ""

    def action_qr(self) -> None:
        """The code over the whole screen, where the pane has no room for it."""
        self._hand(self._showing)

    async def _showing(self, sale: Sale, document: TicketDocument) -> str:
        document = await self._with_link(sale, document)
        if not fits_alone(qr_size(document.link or ""), self.size):
            what, advice = (
                _("The code needs a larger window."),
                _("‹documents.copy› copies the link, ‹documents.save› saves the document"),
            )
            raise CounterError(Problem(what, _("Nothing was handed over."), advice))
        await self.services.documents.handed_over(sale, document, "qr")
        self.app.push_screen(QrPage(document.link or ""))
        return ""

    async def _with_link(self, sale: Sale, document: TicketDocument) -> TicketDocument:
        """The document with a link that lives. Raises CounterError where there is none."""
        if document.link is None or self.services.documents.expired(document):
            document = await self.services.documents.fresh(sale, document)
            self._adopt(sale, document)
        if document.link is None:
            raise CounterError(
                Problem(_("There is no link."), document.link_problem, _("‹documents.ask|reprint.ask› asks again"))
            )
        return document

    async def _copying(self, sale: Sale, document: TicketDocument) -> str:
        document = await self._with_link(sale, document)
        await self.services.documents.handed_over(sale, document, "link")
        self.app.copy_to_clipboard(document.link or "")
        return _("The link was sent to your terminal's clipboard (some ignore it).")

    def _adopt(self, sale: Sale, fresh: TicketDocument) -> None:
        """Show a document that was asked for on its own."""
        self._found = tuple(
            replace(order, documents=tuple(fresh if one.iri == fresh.iri else one for one in order.documents))
            for order in self._found
        )
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
        if not sale.all_ordered:
            what = _("Not every line of this sale is ordered.")
            self.show_problem(Problem(what, _("It stays at the counter."), _("‹app.cart› opens the cart")))
            return
        if sale.credit is not None:
            what = _("{amount} is to be given back first.").format(amount=words.money(sale.credit))
            self.show_problem(Problem(what, _("It stays at the counter."), _("‹documents.back› back to the payment")))
            return
        self._leaving = True
        until = DeadTime(self.services.clock.boot)  # in which an Enter is taken for one pressed too often
        try:
            await self.services.desk.record(self._reference, e.SaleFinished())
        except Exception as error:
            self._leaving = False
            self.show_error(error, Doing.DOCUMENT)
            return
        self.services.checkout.answered(self._reference)
        self.services.beneficiaries.forget(sale)
        self.set_timer(max(0.01, until.left), self._to_catalog)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No key of this screen works once it is being left: a second Enter would choose in the catalog."""
        return not self._leaving

    def on_key(self, event: Key) -> None:
        """What is typed meanwhile is meant for the catalog."""
        if self._leaving and event.character and event.is_printable:
            self._typed += event.character

    def action_back(self) -> None:
        """To the catalog, or to the payment where that is not over; the sale stays where it is."""
        sale, below = self.sale, self.app.screen_stack[-2] if len(self.app.screen_stack) > 1 else None
        if sale is not None and isinstance(below, CheckoutBase) and (not sale.all_ordered or sale.credit is not None):
            self.app.pop_screen()
        else:
            self._to_catalog()

    def action_slip(self) -> None:
        """The receipt, as it is on paper."""
        self.app.push_screen(SlipScreen(self.services, self._reference, Kind.RECEIPT))

    def action_message(self) -> None:
        """A message for the customer with references and links."""
        sale = self.sale
        if sale is not None and sale.orders and not self._busy:
            self._busy = True
            self.clear_problem()
            self.run_worker(self._writing(sale), group="hand over", exit_on_error=False)

    async def _writing(self, sale: Sale) -> None:
        """Every link in it is seen by whoever reads the page: that is on record first."""
        documents, given = self.services.documents, set[str]()
        try:
            for document in (one for order in self._found for one in order.documents if one.link):
                if documents.wants_word(sale, document):
                    await documents.handed_over(sale, document, "link")
                    given.add(document.iri)
                elif not documents.may_be_shown(sale, document):
                    await documents.show(sale, document)
        except Exception as error:
            self.show_error(error, Doing.DOCUMENT)
        else:
            self.app.push_screen(MessageScreen(self.services, sale, self._found, given))
        finally:
            self._busy = False

    def _to_catalog(self) -> None:
        """Close every screen of the sale; the catalog starts with an empty filter."""
        app = self.app
        while len(app.screen_stack) > 1 and not isinstance(app.screen, CatalogScreen):
            app.pop_screen()
        if not isinstance(app.screen, CatalogScreen):
            app.switch_screen(CatalogScreen(self.services))
            return
        app.screen.show_sale()  # it empties its filter for the next customer, who is typed already
        entry = app.screen.query_one(FilterInput)
        entry.value = self._typed
        entry.focus()

    def allowed(self, action: str) -> bool:
        """What can be handed over, only where there is something; the next customer, once all is ordered."""
        sale, file = self.sale, self._pane.chosen
        if action == "next":
            return bool(sale and sale.all_ordered)
        if action == "holders":
            return any(order.waiting for order in self._found)
        if action == "print" and not self.services.documents.can_print:
            return False
        if action in ("save", "copy", "print", "qr"):
            document = file.document if file else None
            return bool(document and not document.address and self.services.documents.ready(document))
        return len(self._pane.files) > 1 if action == "move" else True
