"""What one day offers: price, places left, how many, and what that comes to."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from korus_tui.counter.views import Base, Live, Offer, Product
from korus_tui.i18n import _
from korus_tui.sale.money import Money
from korus_tui.screens import words
from korus_tui.screens.offers_words import most, sold_out
from korus_tui.widgets.row_list import Column, QuantityChanged, QuantityRefused, Row, RowHighlighted, RowList
from korus_tui.widgets.signs import signs
from korus_tui.widgets.states import Empty, Failed, ListState, Loading, Ready
from korus_tui.widgets.text import paragraph

_MOST_LINES = 9


class OfferPane(Vertical):
    """The offers of the highlighted day; the typed quantity goes along from day to day."""

    def __init__(self, product: Product, base: Base | None) -> None:
        super().__init__(id="day")
        self._product = product
        self._base = base
        self._offers: tuple[Offer, ...] = ()
        self._live: dict[str, Live] = {}
        self._quantity = 1
        self._look: ListState = Loading()
        self._note = ""
        self._asking = False

    def compose(self) -> ComposeResult:
        """Day, offers, what they come to, and what the venue says."""
        yield Static(id="day-title", classes="title", markup=False)
        with Vertical(id="day-now"):
            yield RowList(
                (
                    Column("what", "", None),
                    Column("price", _("price"), 10, "right"),
                    Column("left", _("left"), 6, "right"),
                ),
                header=True,
                quantities=True,
                id="day-offers",
                state=Loading(),
            )
            yield Static(id="day-facts", markup=False)
        with VerticalScroll(id="day-about", can_focus=False):
            yield Static(paragraph(self._about()), classes="muted", markup=False)

    @property
    def offer_list(self) -> RowList:
        """The list of offers, whose quantity the digits edit."""
        return self.query_one("#day-offers", RowList)

    @property
    def offer(self) -> Offer | None:
        """The highlighted offer."""
        key = self.offer_list.highlighted
        return next((one for one in self._offers if one.iri == key), None)

    @property
    def quantity(self) -> int:
        """How many people were typed; 1 before anything was."""
        return self._quantity

    def live_of(self, offer: Offer) -> Live | None:
        """What the real-time calls said of the offer when they were last asked."""
        return self._live.get(offer.iri)

    # What the screen says

    def show(self, title: str, offers: Sequence[Offer], look: ListState) -> None:
        """Show a day: its offers, or the look in place of them."""
        self.query_one("#day-title", Static).update(Content(title))
        self._offers = tuple(offers)
        rows = [self._row(offer) for offer in self._offers]
        self._look = look
        self.offer_list.set_rows(rows, look if isinstance(look, Loading) and not rows else Ready())
        self.offer_list.styles.height = 1 + max(
            1, min(len(rows), _MOST_LINES)
        )  # a day without offers moves nothing below
        self.offer_list.can_focus = len(rows) > 1
        for row in rows:
            self.offer_list.set_quantity(row.key, self._quantity)
        self._note = ""
        self._show_facts()

    def learn(self, offer: Offer, live: Live) -> None:
        """Show what the real-time calls said."""
        self._live[offer.iri] = live
        self.offer_list.set_rows([self._row(one) for one in self._offers])
        self._show_facts()

    def end_number(self) -> None:
        """Enter ends the number: the next digit starts another one."""
        if self.offer_list.highlighted is not None:
            self.offer_list.set_quantity(self.offer_list.highlighted, self._quantity)

    def say(self, note: str) -> None:
        """One sentence under the quantity."""
        self._note = note
        self._show_facts()

    def asking(self, flag: bool) -> None:
        """Whether the next step is being asked for."""
        self._asking = flag
        self._show_facts()

    # What the agent types

    @on(QuantityChanged)
    def counted(self, event: QuantityChanged) -> None:
        """A good quantity."""
        self._quantity = event.quantity
        self._note = ""
        self._show_facts()

    @on(QuantityRefused)
    def refused(self, event: QuantityRefused) -> None:
        """More than can be had: say what the limit is, keep what was typed before."""
        offer = self.offer
        if offer is not None:
            self.say(most(offer, self._base, self.live_of(offer)).why)

    @on(RowHighlighted)
    def other_offer(self) -> None:
        """Another offer of the day."""
        self._show_facts()

    # How it looks

    def _row(self, offer: Offer) -> Row:
        live = self._live.get(offer.iri)
        shown = words.figure(self.price_of(offer)) + (" ~" if offer.live_price else "")
        left = live.left if live and live.left is not None else offer.left
        places = "~" if left is None and offer.check_places else words.places_left(left)
        label = _("any day") if offer.day is None else _("per ticket")
        limit = most(offer, self._base, live)
        gone = sold_out(offer)
        return Row(
            offer.iri,
            (label, shown, places),
            tone="muted" if gone else "",
            quantity=self._quantity,
            maximum=None if gone else limit.quantity,
        )

    def _show_facts(self) -> None:
        offer, said = self.offer, list[Content]()
        if not self._offers:
            said += _look_lines(self._look)
        elif offer is not None and sold_out(offer):
            said.append(Content.styled(_("Sold out. Choose another day: ←→↑↓."), "$text-warning"))
        elif offer is not None:
            price = self.price_of(offer)
            if price is not None and self._quantity:
                total = _("{quantity} × {price} = {total}").format(
                    quantity=self._quantity, price=words.money(price), total=words.money(price * self._quantity)
                )
                said.append(Content.styled(total, "bold"))
            said += [Content.styled(line, "$foreground-muted") for line in self._explained(offer)]
        if self._note:
            said.append(Content.styled(self._note, "$text-error"))
        if self._asking:
            said.append(Content.styled(_("Asking for places and sessions…"), "$foreground-muted"))
        self.query_one("#day-facts", Static).update(Content("\n").join(said))

    def price_of(self, offer: Offer) -> Money | None:
        """The live price where it was asked, else the listed one."""
        live = self._live.get(offer.iri)
        return live.price if live and live.price else offer.price

    def _explained(self, offer: Offer) -> list[str]:
        live, price = self._live.get(offer.iri), self.price_of(offer)
        said: list[str] = []
        if offer.original is not None and price is not None and price < offer.original:
            said.append(_("reduced from {price}").format(price=words.money(offer.original)))
        if live is not None and live.price is not None:
            said.append(_("~ live price, asked just now"))
        elif offer.live_price:
            said.append(_("~ the price is asked live when you go on"))
        if offer.check_places and offer.left is None:
            said.append(_("places are asked live when you go on"))
        return said

    def _about(self) -> str:
        base = self._base
        texts = (self._product.description, base.description if base else "", base.terms if base else "")
        seen: dict[str, None] = dict.fromkeys(text.strip() for text in texts if text.strip())
        return "\n\n".join(seen)


def _look_lines(look: ListState) -> list[Content]:
    """What stands in place of offers: why there are none, and what to press."""
    match look:
        case Empty(why, press):
            return [Content(why), Content.styled(press, "$text-accent")]
        case Failed(what, meaning, key):
            return [
                Content.styled(f"{signs().problem} {what}", "$text-error"),
                Content(meaning),
                Content.styled(key, "$text-accent"),
            ]
        case _:
            return []
