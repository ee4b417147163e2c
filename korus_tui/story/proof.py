"""The proof that ends the story: what Korus has of the sale, the money on both sides, and what was recorded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.core.rehearsing import NotArmed
from korus_tui.counter.orders.models import SaleFile
from korus_tui.counter.services import Services
from korus_tui.i18n import _, ngettext
from korus_tui.sale import events as e
from korus_tui.sale.money import Money
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.screens.orders.order.text import timeline
from korus_tui.widgets.hanging import Hanging
from korus_tui.widgets.panels import Latest
from korus_tui.widgets.signs import signs
from korus_tui.widgets.text import paragraph, styled

Ask = Callable[[], Awaitable[dict[str, Any]]]


@dataclass(frozen=True)
class AtServer:
    """The orders of one sale as they stand at the sandbox: their references, and what they come to."""

    references: tuple[str, ...]
    total: Decimal

    @classmethod
    def of(cls, state: dict[str, Any], sale: str) -> AtServer:
        """Of all that is true at the sandbox, what bears the sale's own reference. Raises KeyError, TypeError."""
        found = [one for one in state["orders"] if one["external_reference"] == sale and one["cancelled"] is None]
        held = {one["id"]: Decimal(one["total"]) for one in state["reservations"]}
        ordered = sum((held[one["reservation"]] for one in found), Decimal(0))
        return cls(tuple(one["reference"] for one in found), ordered)


class ProofPage(TillScreen):
    """Asked anew when it is opened: nothing of it is taken from what the screens before it said."""

    NAME = "proof"
    SHOWS_CART = False
    BINDINGS = commands.bindings("proof")

    def __init__(self, services: Services, reference: str, ask: Ask) -> None:
        """`ask` gives everything that is true at the demo's own sandbox."""
        super().__init__(services)
        self._reference = reference
        self._ask = ask

    def body(self) -> ComposeResult:
        """What is proved first: it is in sight at any size; the events below are scrolled."""
        yield Static(id="proof-title", classes="title", markup=False)
        yield Static(id="proof-said", markup=False)
        with Latest(id="proof-paper"):
            yield Static(id="proof-events", markup=False)

    def on_mount(self) -> None:
        self.query_one("#proof-paper").focus()
        self._read()

    def say_again(self) -> None:
        super().say_again()
        self._read()

    @work(group="proof", exclusive=True, exit_on_error=False)
    async def _read(self) -> None:
        title = _("The proof of {reference}").format(reference=self._reference)
        self.query_one("#proof-title", Static).update(Content(title))
        try:
            file = await self.services.search.file(self._reference, self.services.language)
        except Exception as error:
            self.show_error(error)
            return
        self.query_one("#proof-events", Static).update(timeline(file, self.services))
        try:
            there = AtServer.of(await self._ask(), self._reference)
        except (NotArmed, KeyError, TypeError, ArithmeticError) as error:
            said = _("The sandbox did not say what it has ({words}): nothing is proved.").format(words=error)
            self.query_one("#proof-said", Static).update(styled(said, "$text-error"))
        else:
            self.query_one("#proof-said", Static).update(verdict(file, there))

    def action_close(self) -> None:
        self.app.pop_screen()


def verdict(file: SaleFile, there: AtServer) -> Hanging:
    """Each sentence with its sign: the orders that are there, how often one was sent, what was taken for them."""
    kinds = [type(row.event) for row in file.rows]
    sent, lost = kinds.count(e.OrderRequested), kinds.count(e.OutcomeUnknown)
    sale, count = file.sale, len(there.references)
    known = {one.reference for one in sale.all_orders if not one.cancelled}
    orders = ngettext(
        "Korus was asked just now: it has {count} order of this sale: {orders}.",
        "Korus was asked just now: it has {count} orders of this sale: {orders}.",
        count,
    ).format(count=count, orders=", ".join(there.references) or _("none"))
    calls = _("The till sent its order {sent} ×; {lost} × no answer came, and it was looked up.")
    taken, ordered = sale.taken, Money(there.total, sale.currency or "")
    money = _("{taken} were taken from the customer, {ordered} are ordered at Korus.")
    return Hanging(
        Content("\n").join(
            [
                _line(set(there.references) == known and len(known) == count, orders),
                _line(sent == 1, calls.format(sent=sent, lost=lost)),
                _line(taken == ordered, money.format(taken=words.money(taken), ordered=words.money(ordered))),
            ]
        )
    )


def _line(good: bool, said: str) -> Content:
    mark, ink = (signs().ok, "$text-success") if good else (signs().problem, "$text-error")
    return Content.assemble((f"{mark} ", f"bold {ink}"), paragraph(said))
