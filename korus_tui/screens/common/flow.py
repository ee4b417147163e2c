"""Which page comes next. Pages do not know each other: they name a step, and `app/flow.py` takes it."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol, cast

from textual.app import App

if TYPE_CHECKING:
    from korus_tui.config.settings import Settings
    from korus_tui.counter.basket.models import Quote
    from korus_tui.counter.catalog.families import Family
    from korus_tui.counter.catalog.favourites import Favourites
    from korus_tui.counter.catalog.offer_models import CatalogContent
    from korus_tui.counter.paper.slips import SlipKind
    from korus_tui.counter.quickline.models import Pay
    from korus_tui.counter.services import Services
    from korus_tui.sale.state import Sale


class Flow(Protocol):
    """The steps from page to page. What is awaited is the page being there: keys that come meanwhile are for it."""

    def sell(self, services: Services) -> None:
        """Sell with these services from now on: the catalog."""

    def settings(self, known: Settings) -> Awaitable[None]:
        """The settings of the profile that sells; they count from the next start."""
        ...

    # A sale

    def dates(  # noqa: PLR0913 - where a page begins, each named at the call
        self,
        content: CatalogContent,
        family: Family,
        *,
        product: str | None = None,
        quantity: int = 1,
        prefer: datetime | None = None,
        day: date | None = None,
        replacing: tuple[str, ...] = (),
    ) -> Awaitable[None]:
        """A family's dates and prices. `replacing` are the lines of the sale whose place is taken."""
        ...

    def day(self, content: CatalogContent, favourites: Favourites) -> Awaitable[None]:
        """All that is sold on one day."""
        ...

    def today(self, content: CatalogContent, favourites: Favourites) -> Awaitable[None]:
        """Today's sessions."""
        ...

    def sessions(
        self, quotes: Sequence[Quote], *, prefer: datetime | None = None, replacing: tuple[str, ...] = ()
    ) -> Awaitable[None]:
        """A session for each ticket that needs one."""
        ...

    def chosen(self) -> None:
        """It is held: leave the pages of the choice, and show the cart above the page that they were opened from."""

    def cart(self) -> None:
        """The cart, from wherever the agent is."""

    def checkout(self) -> Awaitable[None]:
        """Customer and payment of the sale at the counter."""
        ...

    def quick_sale(self, pay: Pay | None) -> None:
        """What a quick line asked for is held: the cart above the catalog, and its payment where it names one."""

    def documents(self, reference: str) -> Awaitable[None]:
        """The documents of an open sale, and its end."""
        ...

    def ordered(self, reference: str) -> None:
        """All of the sale is ordered: its documents, in the place of its payment."""

    def to_catalog(self) -> None:
        """Close what stands over the catalog, or all pages but the first where there is none."""

    def next_customer(self, typed: str = "") -> None:
        """The catalog for the next customer, who is `typed` already."""

    # What was sold

    def orders(self) -> None:
        """The search for orders, and the board of what is not confirmed."""

    def order(self, key: str) -> Awaitable[None]:
        """One sale or order."""
        ...

    def scanned(self, code: str) -> Awaitable[None]:
        """The search for an order's code; it takes the place of a search that is open."""
        ...

    def reprint(self, sale: Sale) -> Awaitable[None]:
        """The documents of a sale that has ended."""
        ...

    def holders(self, sale: Sale) -> Awaitable[None]:
        """The people whom its tickets wait for."""
        ...

    def slip(self, reference: str, kind: SlipKind | None = None) -> Awaitable[None]:
        """A slip as it is on paper; None is the one that the sale has now."""
        ...

    def last_slip(self, reference: str) -> None:
        """The refund slip of a sale that has ended, and then the first page for the next customer."""

    def payment_of(self, reference: str) -> None:
        """Close this page; then the payment of this sale, which may stand beneath."""

    def is_over_payment(self) -> bool:
        """Whether a payment stands beneath this page."""
        ...


class _HasFlow(Protocol):
    flow: Flow


def flow_of(app: App[Any]) -> Flow:
    """The application's."""
    return cast("_HasFlow", app).flow
