"""What one day offers: one row a product, price, places left, how many, and what that comes to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from korus_tui.counter.basket.models import Pick, Quote
from korus_tui.counter.catalog.families import Family
from korus_tui.counter.catalog.offer_models import Live, Offer, Product
from korus_tui.counter.core.problems import Problem
from korus_tui.i18n import _
from korus_tui.sale.money import Money
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.notes import tickets_later
from korus_tui.screens.common.till_screen import joined
from korus_tui.screens.dates.text import explained, look_lines, most, most_of, sold_out, total_words
from korus_tui.widgets.lists.row_list import Column, QuantityChanged, QuantityRefused, Row, RowHighlighted, RowList
from korus_tui.widgets.lists.states import ListState, Loading
from korus_tui.widgets.text import paragraph

_MOST_LINES = 12
_SHORT_LINES = 8  # rows on a terminal of 24 lines


@dataclass(frozen=True, slots=True)
class OfferEntry:
    """One row: a product, and its offer of the day where it has one. `key` stays from day to day."""

    key: str
    product: Product
    offer: Offer | None


_PARTY = re.compile(r"\(([1-9])\s?\+\s?([1-9])\)")  # as a party is named: so many adults and so many children


class OfferPane(Vertical):
    """The offers of the highlighted day; typed quantities go along from day to day."""

    def __init__(self, family: Family, product: str | None, quantity: int) -> None:
        """`product` has the highlight, with `quantity` people; where there is only one, it needs no naming."""
        super().__init__(id="day")
        self._family = family
        self._named = product or (family.products[0].id if len(family.products) == 1 else None)
        self._quantity = quantity
        self._live: dict[str, Live] = {}
        self._look: ListState = Loading()
        self._note = ""
        self._asking = False
        self._known = self._unread = False
        self._entries = self._entries_of(())

    def compose(self) -> ComposeResult:
        """Day, offers, what they come to, and what the venue says."""
        yield Static(id="day-title", classes="title", markup=False)
        with Vertical(id="day-now"):
            yield RowList(
                (
                    Column("what", _("per ticket"), None),
                    Column("price", _("price"), 9, "right"),
                    Column("left", _("left"), 7, "right"),
                ),
                header=True,
                quantities=True,
                id="day-offers",
            )
            yield Static(id="day-facts", markup=False)
        with VerticalScroll(id="day-about", can_focus=False):
            yield Static(paragraph(self._about()), classes="muted", markup=False)

    def on_mount(self) -> None:
        """The rows are there before any answer, so that numbers can be typed at once."""
        rows = self.offer_list
        rows.set_rows([self._row(entry) for entry in self._entries])
        if self._named is not None:
            rows.highlight(self._named)
            rows.set_quantity(self._named, self._quantity)

    # What the screen asks

    @property
    def offer_list(self) -> RowList:
        """The list of offers, whose quantities the digits edit."""
        return self.query_one("#day-offers", RowList)

    @property
    def _here(self) -> OfferEntry | None:
        key = self.offer_list.highlighted
        return next((one for one in self._entries if one.key == key), None)

    @property
    def offer(self) -> Offer | None:
        return self._here.offer if self._here else None

    @property
    def quantity(self) -> int:
        """How many people were typed into the highlighted row."""
        return self.offer_list.quantities.get(self.offer_list.highlighted or "", 0)

    @property
    def people(self) -> int:
        """How many people were typed into all rows."""
        return sum(self.offer_list.quantities.values())

    @property
    def picks(self) -> list[Pick]:
        typed = self.offer_list.quantities
        return [Pick(one.product, one.offer, typed[one.key]) for one in self._entries if one.offer and one.key in typed]

    def why_not(self, picks: Sequence[Pick]) -> Problem | None:
        """What keeps these numbers from being asked for, where the day itself can be sold."""
        unharmed, typed = _("No place is held."), self.offer_list.quantities
        missing = next((one for one in self._entries if one.offer is None and one.key in typed), None)
        if missing is not None:
            said = _("“{product}” is not sold on this day.")
            if self._unread:
                said = _("“{product}”: what is sold of it on this day could not be read.")
            what = said.format(product=self._family.label(missing.product))
            return Problem(what, unharmed, _("Choose another day, or take its number out with 0."))
        if not picks:
            return Problem(_("For how many people?"), unharmed, _("Type a number."))
        for pick in picks:
            limit = most(pick.offer, self._family.base, self._live.get(pick.offer.iri))
            if pick.quantity > limit.quantity:
                what = limit.why
                if len(self._entries) > 1:
                    what = words.about(self._family.label(pick.product), what)
                return Problem(what, unharmed, _("Type a smaller number, or choose another day."))
        return None

    # What the screen says

    def show(self, title: str, offers: Sequence[Offer] | None, look: ListState, unread: bool = False) -> None:
        """Show a day; `offers` None: they are not known yet, and `look` says why there are none.

        `unread`: some could not be read, and what is not there may be sold.
        """
        self._unread = unread
        self.query_one("#day-title", Static).update(Content(title))
        self._known = offers is not None
        self._entries = self._entries_of(offers or ())
        self._look = look
        rows, listed = [self._row(entry) for entry in self._entries], self.offer_list
        listed.set_rows(rows)
        lines = _SHORT_LINES if self.screen.size.height < 30 else _MOST_LINES
        listed.styles.height = 1 + min(len(rows), lines)
        listed.can_focus = len(rows) > 1
        self._note = ""
        self._show_facts()

    def learn(self, quote: Quote) -> None:
        """Show what the real-time calls said."""
        self._live[quote.offer.iri] = quote.live
        self.offer_list.set_rows([self._row(one) for one in self._entries])
        self._show_facts()

    def end_number(self) -> None:
        """Enter ends the number: the next digit starts another one."""
        if self.offer_list.highlighted is not None:
            self.offer_list.set_quantity(self.offer_list.highlighted, self.quantity)

    def asking(self, flag: bool) -> None:
        """Whether the next step is being asked for."""
        self._asking = flag
        self._show_facts()

    def price_shown(self, pick: Pick) -> Money | None:
        """The price that stands in the offer's row."""
        return self._price_of(pick.offer)

    # What the agent types

    @on(QuantityChanged)
    def counted(self) -> None:
        self._note = ""
        self._show_facts()

    @on(QuantityRefused)
    def refused(self) -> None:
        """More than can be had: say what the limit is; what was typed stays to be mended."""
        here = self._here
        if here is not None:
            live = self._live.get(here.offer.iri) if here.offer else None
            self._note = most_of(here.offer, self._family.base, live).why
            self._show_facts()

    @on(RowHighlighted)
    def other_offer(self) -> None:
        """Another row of the day."""
        self._show_facts()

    # How it looks

    def _entries_of(self, offers: Sequence[Offer]) -> list[OfferEntry]:
        """A row for every product, also while nothing is known of it; one more for each further offer."""
        entries = []
        for product in self._family.products:
            mine: list[Offer | None] = [one for one in offers if one.product == product.id]
            if product.disabled and not mine and not self._family.disabled:
                continue
            keys = [product.id, *(one.iri for one in mine[1:] if one)]
            entries += [OfferEntry(key, product, one) for key, one in zip(keys, mine or [None], strict=True)]
        return entries

    def _row(self, entry: OfferEntry) -> Row:
        offer, label = entry.offer, self._label(entry)
        if offer is None:
            limit = most_of(None, self._family.base)
            sign = ("?" if self._unread else "—") if self._known else ""
            return Row(entry.key, (label, sign, ""), tone="muted" if self._known else "", maximum=limit.quantity)
        live = self._live.get(offer.iri)
        shown = words.figure(self._price_of(offer)) + (" ~" if offer.live_price else "")
        left = live.left if live and live.left is not None else offer.left
        places = words.places_left(left, live=offer.check_places)
        gone = sold_out(offer)
        limit = most(offer, self._family.base, live)
        return Row(
            entry.key,
            (label, shown, places),
            tone="muted" if gone else "",
            maximum=None if gone else limit.quantity,
        )

    def _label(self, entry: OfferEntry) -> str:
        if len(self._family.products) > 1:
            said = self._family.label(entry.product)
            undated = entry.offer is not None and entry.offer.day is None
            return joined((said, _("any day"))) if undated and said else said
        return _("any day") if entry.offer and entry.offer.day is None else self._family.label(entry.product)

    def _show_facts(self) -> None:
        offer, said = self.offer, list[Content]()
        if all(one.offer is None for one in self._entries):
            said += look_lines(self._look)
        elif all(sold_out(one.offer) for one in self._entries if one.offer):
            said.append(Content.styled(_("Sold out. Choose another day: ‹offers.day›."), "$text-warning"))
        else:
            picks = self.picks
            prices = [self._price_of(pick.offer) for pick in picks]
            said.append(Content.styled(total_words(picks, prices), "bold"))
            if offer is not None:
                live = self._live.get(offer.iri)
                said += [Content.styled(line, "$foreground-muted") for line in explained(offer, live)]
            said += [Content.styled(line, "$text-warning") for line in self._cheaper(picks)]
        base = self._family.base
        if base is not None and base.instant is False:
            said.append(Content.styled(words.about(base.name, tickets_later()), "$text-warning"))
        if self._note:
            said.append(Content.styled(self._note, "$text-error"))
        if self._asking:
            said.append(Content.styled(_("Asking for places and sessions…"), "$foreground-muted"))
        self.query_one("#day-facts", Static).update(Content("\n").join(said))

    def _cheaper(self, picks: Sequence[Pick]) -> list[str]:
        """That one ticket for a party of these numbers costs less than theirs; the agent chooses."""
        by_price = sorted(
            ((price, pick) for pick in picks if (price := self._price_of(pick.offer))),
            reverse=True,
            key=lambda one: one[0].amount,
        )
        if len(picks) != 2 or len(by_price) != 2:
            return []
        (first, many), (second, few) = by_price
        apart = (first * many.quantity).whole + (second * few.quantity).whole
        found = []
        for entry in self._entries:
            party = _PARTY.search(self._family.label(entry.product))
            price = self._price_of(entry.offer) if entry.offer and not sold_out(entry.offer) else None
            if party is None or price is None or price.currency != apart.currency:
                continue
            times, rest = divmod(many.quantity, int(party[1]))
            together = (price * times).whole
            if rest or not times or few.quantity != times * int(party[2]) or not together < apart:
                continue
            said = _("{count} × {party} is {amount}: {less} less.")
            found.append(
                said.format(
                    count=times,
                    party=self._family.label(entry.product),
                    amount=words.money(together),
                    less=words.money(apart - together),
                )
            )
        return found

    def _price_of(self, offer: Offer) -> Money | None:
        """The live price where it was asked, else the listed one."""
        live = self._live.get(offer.iri)
        return live.price if live and live.price else offer.price

    def _about(self) -> str:
        family, base = self._family, self._family.base
        own = family.products[0].description if len(family.products) == 1 else ""
        texts = (own, base.description if base else "", base.terms if base else "")
        seen: dict[str, None] = dict.fromkeys(text.strip() for text in texts if text.strip())
        return "\n\n".join(seen)
