"""What is true at this moment, as the story's steps ask it: the page on top, and the sale that is followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from textual.screen import ModalScreen, Screen

from korus_tui.counter.core.rehearsing import Fault
from korus_tui.counter.services import Services
from korus_tui.sale.stage import Stage, stage_of
from korus_tui.sale.state import LineStatus, Sale
from korus_tui.sale.values import Method
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.checkout.screen import CheckoutScreen
from korus_tui.screens.dates.date_line import DateLine
from korus_tui.screens.dates.offers import OffersScreen
from korus_tui.screens.documents.screen import DocumentsScreen
from korus_tui.screens.sessions.screen import SessionsScreen
from korus_tui.widgets.lists.row_list import RowList

_SATURDAY = 5


@dataclass(frozen=True)
class Scene:
    """`sale` is the one that the story follows, as it is or last was; `sold` is whether it ended with its tickets."""

    services: Services
    stack: Sequence[Screen[Any]]
    sale: Sale | None
    sold: bool

    @property
    def screen(self) -> Screen[Any]:
        """The page or dialog on top."""
        return self.stack[-1]

    @property
    def payment(self) -> CheckoutScreen | None:
        """The payment, also under a dialog."""
        page = next((one for one in reversed(self.stack) if not isinstance(one, ModalScreen)), None)
        return page if isinstance(page, CheckoutScreen) and page.is_mounted else None

    @property
    def page(self) -> str:
        """The name of the page or dialog on top."""
        return str(getattr(self.screen, "NAME", ""))

    @property
    def is_dialog(self) -> bool:
        """Whether something is to be answered first."""
        return isinstance(self.screen, ModalScreen)

    @property
    def ready(self) -> bool:
        """Whether a key is meant for what is on the screen now, and does what the page says of it."""
        page = self.screen
        if not page.is_mounted or not getattr(page, "armed", True):
            return False
        if isinstance(page, SessionsScreen):
            return page.allowed("hold")
        if isinstance(page, CheckoutScreen):
            return page.guard.ready
        if isinstance(page, DocumentsScreen):
            return page.allowed("save")
        return True

    # The sale

    @property
    def held(self) -> bool:
        """Whether all that was chosen is held, or more than that."""
        sale = self.sale
        kept = sale.with_status(LineStatus.HELD, LineStatus.ORDERED) if sale else ()
        return bool(sale and sale.lines and len(kept) == len(sale.lines))

    @property
    def asking(self) -> bool:
        """Whether Korus was asked to hold something of it, and has not answered."""
        return self.sale is not None and bool(self.sale.with_status(LineStatus.HOLDING))

    @property
    def lapsed(self) -> bool:
        """Whether places of it are no longer held, and none was paid for."""
        sale = self.sale
        return bool(sale and not sale.payments and sale.with_status(LineStatus.LAPSED))

    @property
    def waits(self) -> bool:
        """Whether it is not at the counter: parked, or left while it was booked."""
        sale, desk = self.sale, self.services.desk
        return not self.sold and sale is not None and any(one.reference == sale.reference for one in desk.others)

    @property
    def known(self) -> bool:
        """Whether somebody is its customer."""
        return self.sale is not None and self.sale.customer is not None

    @property
    def paid(self) -> bool:
        """Whether money was taken, and an order sent."""
        return self.sale is not None and bool(self.sale.payments) and self.sale.asked

    @property
    def in_doubt(self) -> bool:
        """Whether no answer came to its order."""
        sale = self.sale
        return self.paid and sale is not None and stage_of(sale) is Stage.UNKNOWN

    @property
    def ordered(self) -> bool:
        """Whether Korus has all of it."""
        return self.sale is not None and self.sale.all_ordered

    @property
    def handed(self) -> bool:
        """Whether the customer has a document of it."""
        return self.sale is not None and bool(self.sale.handed)

    @property
    def armed(self) -> Fault | None:
        """What will go wrong."""
        rehearsals = self.services.rehearsals
        return rehearsals.armed if rehearsals is not None else None

    # Pages

    @property
    def one_found(self) -> bool:
        """Whether the words that were typed leave one product."""
        page = self.screen
        return isinstance(page, CatalogScreen) and len(page.query_one("#products", RowList).rows) == 1

    @property
    def is_saturday(self) -> bool:
        """Whether a Saturday is chosen, and what it costs is known."""
        page = self.screen
        if not isinstance(page, OffersScreen) or page.query_one(DateLine).display:
            return False
        return any(one.offer.day is not None and one.offer.day.weekday() == _SATURDAY for one in page.pane.picks)

    @property
    def in_cash(self) -> bool:
        """Whether it is asked how much cash was given."""
        return self.payment is not None and self.payment.payment.method is Method.CASH

    @property
    def can_be_taken(self) -> bool:
        """Whether enough was given."""
        return self.payment is not None and self.payment.allowed("take")
