"""After the order: its reference read aloud, its documents handed over, then the next customer."""

from __future__ import annotations

import asyncio

from textual import on
from textual.app import ComposeResult
from textual.events import Key

from korus_tui import commands
from korus_tui.counter.core.problems import Doing, Problem, of
from korus_tui.counter.paper.slips import SlipKind
from korus_tui.counter.services import Services
from korus_tui.i18n import _, ngettext
from korus_tui.sale.state import Sale
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.dead_time import DeadTime
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.screens.documents.beneficiaries.screen import BeneficiariesScreen
from korus_tui.screens.documents.handing import HandingOver
from korus_tui.screens.documents.pane import DocumentsPane, FileHighlighted
from korus_tui.screens.documents.slip import SlipScreen
from korus_tui.screens.rehearse.text import told
from korus_tui.widgets.lists.row_list import RowList
from korus_tui.widgets.status_line import WayStep


class DocumentsScreen(TillScreen):
    """One finished sale: order references, documents as they become ready, and the way to the next customer."""

    NAME = "documents"
    STEP = WayStep.HAND_OVER
    SHOWS_CART = False
    BINDINGS = commands.bindings("documents")

    def __init__(self, services: Services, reference: str) -> None:
        super().__init__(services)
        self._pane = DocumentsPane(services)
        self._reference = reference
        self._last: Sale | None = None
        self._handing = HandingOver(self, self._pane)
        self._orders_asked = 0
        self._leaving = False
        self._typed = ""

    def body(self) -> ComposeResult:
        """Orders and documents, over the whole width."""
        yield self._pane

    def on_mount(self) -> None:
        """Show the order at once, then ask for its documents."""
        self.query_one(RowList).focus()
        self.set_interval(1.0, self._pane.show_times)
        if told := self.services.late_orders.told.pop(self._reference, None):
            self.show_problem(told, tone="warn", until="done")

    @property
    def sale(self) -> Sale | None:
        """The sale whose documents these are, wherever the counter is; as last seen once it has ended."""
        found = next((one for one in self.services.desk.sales if one.reference == self._reference), None)
        self._last = found or self._last
        return self._last

    def subject(self) -> tuple[object, ...]:
        """What nobody has yet, and what keeps the customer here; that a link was seen, say, is no answer to a key."""
        sale = self._last
        left = self._pane.not_handed(sale, self._handing.under_way) if sale else None
        return *super().subject()[1:], sale and sale.all_ordered, sale and sale.credit, left

    # Asking

    def show_sale(self) -> None:
        """Its orders may have become more: their documents are asked for."""
        sale = self.sale
        if sale is None:
            return
        self._pane.show_sale(sale, self._pane.found)
        self._tell_rehearsed(sale)
        if len(sale.orders) != self._orders_asked:
            self._orders_asked = len(sale.orders)
            self._ask()

    def _tell_rehearsed(self, sale: Sale) -> None:
        """What went wrong on purpose, and what the till did about it: once."""
        rehearsals = self.services.rehearsals
        if rehearsals is not None and rehearsals.struck is not None:
            self._pane.say(" ".join(told(rehearsals.struck, len(sale.orders))))
            rehearsals.told()

    def _ask(self, *, afresh: bool = False) -> None:
        self.run_worker(self._asking(afresh), group="documents", exclusive=True, exit_on_error=False)

    async def _asking(self, afresh: bool) -> None:
        """Look until nothing is waited for: when the API says it is ready, and ever more seldom where it does not."""
        looks = 0
        while (sale := self.sale) is not None:
            try:
                found = await self.services.documents.of(sale, self._pane.found, afresh=afresh)
            except Exception as error:
                self._pane.fail(of(error, Doing.DOCUMENT))
                return
            afresh = False
            self._pane.show_sale(sale, found)
            wait = self.services.documents.next_look(found, looks)
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
        self._handing.save()

    def action_print(self) -> None:
        """Print the chosen documents with the configured command."""
        self._handing.print()

    def action_copy(self) -> None:
        """Send the links to the agent's own terminal."""
        self._handing.copy()

    def action_qr(self) -> None:
        """The code over the whole screen, where the pane has no room for it; of several, one after the other."""
        self._handing.show()

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
        left, count = self._pane.not_handed(sale, self._handing.under_way)
        if not left or self._handing.asked_to_leave:
            return False
        self._handing.asked_to_leave = True
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
        self.app.push_screen(SlipScreen(self.services, self._reference, SlipKind.RECEIPT))

    def action_message(self) -> None:
        self._handing.write()

    def _to_catalog(self) -> None:
        """Close every screen of the sale; the catalog starts with an empty filter."""
        self.flow.next_customer(self._typed)

    def allowed(self, action: str) -> bool:
        """What can be handed over, only where there is something; the next customer, once all is ordered."""
        sale = self.sale
        if action == "next":
            return bool(sale and sale.all_ordered)
        if action == "holders":
            return any(order.waiting for order in self._pane.found)
        if action == "print" and not self.services.documents.can_print:
            return False
        if action in ("save", "copy", "print", "qr"):
            return any(not one.address and self.services.documents.ready(one) for one in self._pane.acted_on)
        return len(self._pane.files) > 1 if action == "move" else True
