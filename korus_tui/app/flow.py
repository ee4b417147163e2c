"""Which page comes next: the one place that imports the pages, each when it is first opened, and knows their stack."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from textual.screen import Screen

if TYPE_CHECKING:
    from korus_tui.app.korus_app import KorusApp
    from korus_tui.config.settings import Settings
    from korus_tui.counter.basket.models import Quote
    from korus_tui.counter.catalog.families import Family
    from korus_tui.counter.catalog.favourites import Favourites
    from korus_tui.counter.catalog.offer_models import CatalogContent
    from korus_tui.counter.lens.lens import Lens
    from korus_tui.counter.paper.slips import SlipKind
    from korus_tui.counter.quickline.models import Pay
    from korus_tui.counter.services import Services
    from korus_tui.sale.state import Sale

_CHOOSING = ("offers", "day", "today", "sessions")  # the pages of a choice


class PageFlow:
    """Takes the steps of `screens/common/flow.py`."""

    def __init__(self, app: KorusApp) -> None:
        self._app = app

    @property
    def _services(self) -> Services:
        services = self._app.services
        assert services is not None, "no page is left before there is something to sell with"
        return services

    def sell(self, services: Services) -> None:
        """Sell with these services from now on: the catalog."""
        from korus_tui.screens.catalog.screen import CatalogScreen

        self._app.use(services, CatalogScreen(services))

    def settings(self, known: Settings) -> Awaitable[None]:
        """The settings of the profile that sells."""
        from korus_tui.screens.connect.screen import ConnectScreen

        return self._app.push_screen(ConnectScreen(self._services.paths, known, self._services))

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
        """A family's dates and prices."""
        from korus_tui.screens.dates.offers import OffersScreen

        page = OffersScreen(
            self._services,
            content,
            family,
            product=product,
            quantity=quantity,
            prefer=prefer,
            day=day,
            replacing=replacing,
        )
        return self._app.push_screen(page)

    def day(self, content: CatalogContent, favourites: Favourites) -> Awaitable[None]:
        """All that is sold on one day."""
        from korus_tui.screens.dates.day import DayScreen

        return self._app.push_screen(DayScreen(self._services, content, favourites))

    def today(self, content: CatalogContent, favourites: Favourites) -> Awaitable[None]:
        from korus_tui.screens.dates.today import TodayScreen

        return self._app.push_screen(TodayScreen(self._services, content, favourites))

    def sessions(
        self, quotes: Sequence[Quote], *, prefer: datetime | None = None, replacing: tuple[str, ...] = ()
    ) -> Awaitable[None]:
        """A session for each ticket that needs one."""
        from korus_tui.screens.sessions.screen import SessionsScreen

        return self._app.push_screen(SessionsScreen(self._services, quotes, prefer=prefer, replacing=replacing))

    def chosen(self) -> None:
        """It is held: leave the pages of the choice, and show the cart above the page that they were opened from."""
        while _name(self._app.screen) in _CHOOSING and len(self._app.screen_stack) > 1:
            self._app.pop_screen()
        if _name(self._app.screen) not in ("checkout", "cart"):  # from there, lines are given another place
            self.cart()

    def cart(self) -> None:
        """The cart, from wherever the agent is."""
        from korus_tui.screens.cart.screen import CartScreen

        if not isinstance(self._app.screen, CartScreen):
            self._app.push_screen(CartScreen(self._services))

    def checkout(self) -> Awaitable[None]:
        """Customer and payment of the sale at the counter."""
        from korus_tui.screens.checkout.screen import CheckoutScreen

        return self._app.push_screen(CheckoutScreen(self._services))

    def quick_sale(self, pay: Pay | None) -> None:
        """What a quick line asked for is held: the cart above the catalog, and its payment where it names one."""
        from korus_tui.screens.checkout.screen import CheckoutScreen

        self._app.pop_screen()
        self.to_catalog()
        self.cart()
        if pay is not None:
            self._app.push_screen(CheckoutScreen(self._services, pay))

    def documents(self, reference: str) -> Awaitable[None]:
        """The documents of an open sale, and its end."""
        from korus_tui.screens.documents.screen import DocumentsScreen

        return self._app.push_screen(DocumentsScreen(self._services, reference))

    def ordered(self, reference: str) -> None:
        """All of the sale is ordered: its documents, in the place of its payment."""
        from korus_tui.screens.documents.screen import DocumentsScreen

        self._app.switch_screen(DocumentsScreen(self._services, reference))

    def to_catalog(self) -> None:
        """Close what stands over the catalog, or all pages but the first where there is none."""
        while len(self._app.screen_stack) > 1 and _name(self._app.screen) != "catalog":
            self._app.pop_screen()

    def next_customer(self, typed: str = "") -> None:
        """The catalog for the next customer, who is `typed` already."""
        from korus_tui.screens.catalog.screen import CatalogScreen

        self.to_catalog()
        page = self._app.screen
        if isinstance(page, CatalogScreen):
            page.next_customer(typed)
        else:
            self._app.switch_screen(CatalogScreen(self._services))

    # What was sold

    def orders(self) -> None:
        """The search for orders, and the board of what is not confirmed."""
        from korus_tui.screens.orders.screen import OrdersScreen

        if not isinstance(self._app.screen, OrdersScreen):
            self._app.push_screen(OrdersScreen(self._services))

    def order(self, key: str) -> Awaitable[None]:
        from korus_tui.screens.orders.order.screen import OrderScreen

        return self._app.push_screen(OrderScreen(self._services, key))

    def scanned(self, code: str) -> Awaitable[None]:
        """The search for an order's code; it takes the place of a search that is open."""
        from korus_tui.screens.orders.scanned import ScannedOrder
        from korus_tui.screens.orders.screen import OrdersScreen

        page = ScannedOrder(self._services, code)
        if isinstance(self._app.screen, OrdersScreen):
            return self._app.switch_screen(page)
        return self._app.push_screen(page)

    def reprint(self, sale: Sale) -> Awaitable[None]:
        """The documents of a sale that has ended."""
        from korus_tui.screens.documents.reprint import ReprintScreen

        return self._app.push_screen(ReprintScreen(self._services, sale))

    def holders(self, sale: Sale) -> Awaitable[None]:
        """The people whom its tickets wait for."""
        from korus_tui.screens.documents.beneficiaries.screen import BeneficiariesScreen

        return self._app.push_screen(BeneficiariesScreen(self._services, sale))

    def slip(self, reference: str, kind: SlipKind | None = None) -> Awaitable[None]:
        """A slip as it is on paper; None is the one that the sale has now."""
        from korus_tui.screens.documents.slip import SlipScreen

        return self._app.push_screen(SlipScreen(self._services, reference, kind))

    def last_slip(self, reference: str) -> None:
        """The refund slip of a sale that has ended, and then the first page for the next customer."""
        from korus_tui.counter.paper.slips import SlipKind
        from korus_tui.screens.documents.slip import SlipScreen

        page = SlipScreen(self._services, reference, SlipKind.REFUND)
        self._app.push_screen(page, lambda _closed: self.next_customer())

    def payment_of(self, reference: str) -> None:
        """Close this page; then the payment of this sale, which may stand beneath."""
        self._app.pop_screen()
        below = self._app.screen
        if _name(below) != "checkout" or getattr(below, "reference", "") != reference:
            self.checkout()

    def is_over_payment(self) -> bool:
        """Whether a payment stands beneath this page."""
        return len(self._app.screen_stack) > 1 and _name(self._app.screen_stack[-2]) == "checkout"

    # What is opened from every page

    def till(self) -> None:
        """The till: float, cash in and out, X and Z."""
        from korus_tui.screens.till.screen import TillPage

        beneath, top = ([None, *self._app.screen_stack])[-2:]
        if isinstance(beneath, TillPage):  # of which this page is a part, or that it was opened from
            self._app.pop_screen()
        elif not isinstance(top, TillPage):
            self._app.push_screen(TillPage(self._services))

    def parked(self) -> None:
        """The sales that wait."""
        from korus_tui.screens.cart.parked import ParkedScreen

        self._app.push_screen(ParkedScreen(self._services))

    def lens(self, lens: Lens) -> None:
        """The last calls to Korus."""
        from korus_tui.screens.lens.screen import LensScreen

        if not isinstance(self._app.screen, LensScreen):
            self._app.push_screen(LensScreen(self._services, lens))

    def help(self) -> None:
        """This page's keys and words."""
        from korus_tui.screens.common.help import HelpScreen

        if not isinstance(self._app.screen, HelpScreen):
            self._app.push_screen(HelpScreen(_name(self._app.screen)))


def _name(page: Screen[object]) -> str:
    """Its name in the registry of commands."""
    return getattr(page, "NAME", "")
