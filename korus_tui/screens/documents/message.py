"""The message to the customer, ready to be copied into a mail."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.catalog.offer_models import OrderDocuments
from korus_tui.counter.paper.jobs import Outcome
from korus_tui.counter.paper.message import message
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.sale.state import Sale
from korus_tui.widgets.said import Said
from korus_tui.widgets.text import paragraph


class MessageScreen(ModalScreen[None]):
    """Shows the message of a sale; y sends it to the terminal's clipboard, and the links in it are handed over."""

    NAME = "message"
    BINDINGS = commands.bindings("message")

    def __init__(
        self, services: Services, sale: Sale, found: tuple[OrderDocuments, ...], given: Collection[str] = ()
    ) -> None:
        """`given` are documents that were recorded as handed over already."""
        super().__init__()
        self._given = given
        self._copying = False
        self._services = services
        self._sale = sale
        self._found = tuple(map(self._live, found))
        self.text = message(sale, self._found, services.venue(sale.catalog), services.local)

    def _live(self, order: OrderDocuments) -> OrderDocuments:
        """A link that has come to its end is not sent to anybody."""
        dead = self._services.documents.expired
        return replace(order, documents=tuple(replace(one, link=None) if dead(one) else one for one in order.documents))

    def compose(self) -> ComposeResult:
        """To whom, the text, what became of it, the keys."""
        customer = self._sale.customer
        to = customer.email if customer is not None and not customer.walk_in else ""
        with Vertical(id="message"):
            yield Static(paragraph(to or _("The customer left no e-mail address.")), id="message-to")
            with VerticalScroll(id="message-paper"):
                yield Static(paragraph(self.text.rstrip("\n")), id="message-text")
            yield Said(id="message-note", classes="muted")
            yield Static(_("‹message.copy› copy   ↑↓ scroll   ‹message.close› close"), classes="keys", markup=False)

    def on_mount(self) -> None:
        self.query_one("#message-paper").focus()

    def action_copy(self) -> None:
        """Record it, then send it to the agent's own terminal; nobody answers whether it took it."""
        if not self._copying:
            self._copying = True
            self._services.jobs.start(self._sale.reference, self._copied(self.app.copy_to_clipboard), self._shown)

    async def _copied(self, to_clipboard: Callable[[str], None]) -> str:
        links = (one for order in self._found for one in order.documents if one.link)
        for document in (one for one in links if one.iri not in self._given):
            await self._services.documents.handed_over(self._sale, document, "link")
        to_clipboard(self.text)
        return _("Sent to your terminal's clipboard. Some terminals ignore it: then select the text with the mouse.")

    def _shown(self, outcome: Outcome) -> bool:
        """Say here how it ended, as long as somebody reads it here."""
        self._copying = False
        if not self.is_attached:
            return False
        self._say(str(outcome))
        return True

    def _say(self, words: str) -> None:
        self.query_one("#message-note", Said).say(words)

    def action_close(self) -> None:
        self.dismiss(None)
