"""The sale at the counter: its lines, how long each holds, and what to do about one that does not."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.booking.late_orders import unpaid
from korus_tui.counter.booking.matching import last_id
from korus_tui.counter.booking.replacement import gone_together
from korus_tui.counter.catalog.families import family_of
from korus_tui.counter.core.problems import Doing, Problem
from korus_tui.counter.services import Services
from korus_tui.i18n import _, ngettext
from korus_tui.sale.differences import undecided
from korus_tui.sale.money import Money
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.state import LineState, LineStatus, Sale
from korus_tui.screens.cart import text as cart_words
from korus_tui.screens.cart.replace import OtherSession
from korus_tui.screens.cart.undo import take_out
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.confirm import ConfirmScreen
from korus_tui.screens.common.differences import product_names
from korus_tui.screens.common.tickets_back import ask_for_tickets
from korus_tui.screens.common.till_screen import TillScreen, joined
from korus_tui.screens.common.waiting import asking, beside_keys
from korus_tui.styles import VERTICAL_BREAKPOINTS, size_class
from korus_tui.widgets.hanging import Hanging
from korus_tui.widgets.lists.row_list import Column, Row, RowChosen, RowHighlighted, RowList
from korus_tui.widgets.lists.states import Empty, Ready
from korus_tui.widgets.panels import panel
from korus_tui.widgets.status_line import WayStep
from korus_tui.widgets.text import paragraph

_AROUND = 3  # lines of the list that are no rows: its head, and edges


def _tall(page: TillScreen) -> bool:
    return size_class(page.app.size.height, VERTICAL_BREAKPOINTS) == "-tall"  # its class is of before a resize


def _fit(page: TillScreen) -> None:
    """Where lines are scarce the list takes those of its rows: what is said of them follows at once."""
    rows = len(page.sale.lines) if page.sale is not None else 0
    page.query_one("#lines", RowList).styles.max_height = None if _tall(page) or not rows else rows + _AROUND


class CartScreen(TillScreen):
    """Lines with their countdowns; from here the sale goes to payment."""

    NAME = "cart"
    STEP = WayStep.HOLD
    SHOWS_CART = False
    OWN_CLOCK = True
    BINDINGS = commands.bindings("cart")

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._told: Problem | None = None  # of the sale's last call
        self._removed: tuple[str, int] | None = None  # the line that was removed here last, and how many were left

    def body(self) -> ComposeResult:
        """What it comes to, where lines that come and go do not move it; the lines; and what is to be said of them."""
        with panel(Horizontal(id="cart-top"), _("Amount"), early=True):
            yield Static(id="cart-total", markup=False)
            yield Static(id="cart-title", classes="title", markup=False)
        columns = (
            Column("number", "", 3, "right", priority=1),
            Column("what", _("product"), None, least=25, foreign=True),
            Column("when", _("date"), words.widest_day() + 6),
            Column("amount", _("amount"), 9, "right"),
            Column("state", _("places"), 20),
        )
        yield panel(RowList(columns, header=True, id="lines"), _("Tickets"), early=True)
        yield Static(id="cart-why", markup=False)
        yield panel(Static(id="cart-line", classes="muted", markup=False), _("This line"), early=True)

    def on_mount(self) -> None:
        self.query_one("#lines", RowList).focus()

    # Showing

    def show_sale(self) -> None:
        sale = self.sale
        lines = self.query_one("#lines", RowList)
        self._show_total()
        if sale is None or not sale.lines:
            lines.set_rows((), Empty(_("Nothing is in this sale yet."), _("a adds a product")))
            _fit(self)
            self._update("#cart-line", "")
            self._update("#cart-why", "")
            return
        lines.set_rows([self._row(sale, number, state) for number, state in enumerate(sale.lines, 1)], Ready())
        _fit(self)
        self.describe()
        self._update("#cart-why", cart_words.why(self.services, sale))
        self._say_problem(sale)

    @on(RowHighlighted, "#lines")
    def describe(self) -> None:
        """The highlighted line in full: the list has no room for every name."""
        sale = self.sale
        state = sale.line(self.here) if sale and self.here else None
        self._update("#cart-line", cart_words.in_full(sale, state, apart=_tall(self)) if sale and state else "")

    def tick(self) -> None:
        """Remaining times; only rows whose words changed are painted."""
        sale = self.sale
        if sale is None:
            return
        lines = self.query_one("#lines", RowList)
        for number, state in enumerate(sale.lines, 1):
            row = self._row(sale, number, state)
            lines.update_row(row.key, row.cells, tone=row.tone)
        self._show_total()

    def _update(self, selector: str, text: str) -> None:
        widget = self.query_one(selector, Static)
        widget.display = bool(text)
        if str(widget.content) != text:
            widget.update(Hanging(paragraph(text)))

    def on_resize(self) -> None:
        """There is more room below the lines, or none."""
        _fit(self)
        self.describe()

    def _show_total(self) -> None:
        sale, top = self.sale, self.query_one("#cart-top")
        top.display = sale is not None and sale.begun
        if sale is None or not sale.begun:
            return
        counted = ngettext("{count} ticket", "{count} tickets", sale.places).format(count=sale.places)
        title = joined((_("Sale {reference}").format(reference=sale.reference), counted))
        for one, said in (("#cart-total", cart_words.total(self.services, sale)), ("#cart-title", Content(title))):
            widget = top.query_one(one, Static)
            if widget.content != said:
                widget.update(said)

    def _row(self, sale: Sale, number: int, state: LineState) -> Row:
        line = state.line
        start = line.starts_at
        text, tone = self.line_words(sale, state)
        if sale.status(state) is LineStatus.HELD and not tone:
            text = _("held {time}").format(time=text)
        when = words.day(line.day) + (f" {words.time(start, line.zone)}" if start else "")
        amount = words.figure(self._amount(sale, state))
        mark = "~" if state.hold is None else ""
        return Row(line.id, (str(number), cart_words.people(self.services, line), when, mark + amount, text), tone=tone)

    def _amount(self, sale: Sale, state: LineState) -> Money | None:
        """The held amount, else the quoted one; a reservation of several lines shows its total on the first."""
        hold = sale.hold_of(state)
        if hold is None:
            return state.line.quoted_total
        return hold.total if hold.lines[0] == state.line.id else None

    def _say_problem(self, sale: Sale) -> None:
        """What the sale's last call met, as long as it has not been answered; the answer to a key is told otherwise."""
        problem = self.services.holding.problems.get(sale.reference)
        if problem is None and sale.unpaid_orders:
            problem = unpaid(sale)
        if problem is not None:
            self.show_problem(problem, until="done")
        elif self._told is not None:
            self.clear_problem()
        self._told = problem

    def allowed(self, action: str) -> bool:
        """Only keys that do something now."""
        sale = self.sale
        if action in ("add", "back"):
            return True
        if sale is not None and sale.complete:
            return action == "documents"
        if action == "documents":
            return False
        if action == "pay" and sale is not None and sale.taken:
            return True  # the payment goes on where it was left
        if action == "restore":
            return bool(sale and sale.taken_out and sale.may_change)
        if sale is None or not sale.lines or action == "cart":
            return False
        if action == "pay":
            return len(sale.with_status(LineStatus.HELD)) == len(sale.lines) and not undecided(sale)
        if action == "hold_again":
            return bool(sale.with_status(LineStatus.LAPSED, LineStatus.REFUSED, LineStatus.CHOSEN))
        if action in ("without", "release"):
            return cart_words.must_choose(sale)
        if action == "other_session":
            return bool(gone_together(sale, self.here))
        if action == "change":
            return bool(self._changeable(sale))
        if action == "renew":
            return bool(sale.with_status(LineStatus.HELD))
        return bool(undecided(sale)) if action == "accept" else True

    # Doing

    async def write(self, work: Coroutine[Any, Any, object], doing: Doing = Doing.HOLD) -> None:
        """Let the counter change the lines; what it cannot do is said. Keys do not wait while Korus is asked before."""
        sale = self.sale
        if sale is None:
            work.close()
            return
        await beside_keys(self.services, sale, self._writing(sale, work, doing), "change the lines")

    async def _writing(self, sale: Sale, work: Coroutine[Any, Any, object], doing: Doing) -> None:
        try:
            with asking(self, sale):
                await work
        except NotAllowed:
            return  # an answer is awaited already: the second key of an impatient hand
        except Exception as error:
            if self.is_attached:
                self.show_error(error, doing)

    def action_other_session(self) -> None:
        OtherSession(self).choose()

    @property
    def here(self) -> str | None:
        return self.query_one("#lines", RowList).highlighted

    def _chosen(self, *statuses: LineStatus) -> list[str]:
        """The highlighted line where it stands at one of these, else every line that does."""
        sale = self.sale
        if sale is None:
            return []
        found = [state.line.id for state in sale.with_status(*statuses)]
        return [self.here] if self.here in found else found

    async def _hold(self, line_ids: list[str]) -> None:
        sale = self.sale
        if sale is not None and line_ids:
            await self.write(self.services.holding.hold(sale.reference, line_ids))

    async def action_hold_again(self) -> None:
        """Hold what lapsed or was refused, at today's price."""
        await self._hold(self._chosen(LineStatus.LAPSED, LineStatus.REFUSED, LineStatus.CHOSEN))

    async def action_renew(self) -> None:
        """Make before break: the old hold is let go only once the new one is there (docs/rules.md, Holds).

        Capped, but for a hold of which nobody knows how long it runs.
        """
        sale, chosen = self.sale, self._chosen(LineStatus.HELD)
        most = self.services.limits.renewals
        done = max((state.renewals for state in sale.lines if state.line.id in chosen), default=0) if sale else 0
        holds = (
            [hold for state in sale.lines if state.line.id in chosen and (hold := sale.hold_of(state))] if sale else []
        )
        if done >= most and all(map(self.services.clock.counts, holds)):
            said = ngettext("It was renewed once already.", "It was renewed {count} times already.", done)
            self.show_problem(
                Problem(
                    said.format(count=done),
                    _("The places are still held until they lapse; after that ‹cart.hold_again› holds them again."),
                    _("Take the payment now, or void the sale"),
                ),
                tone="warn",
            )
            return
        await self._hold(chosen)

    async def action_without(self) -> None:
        """Carry on without the lines that are not held."""
        sale = self.sale
        if sale is None or not cart_words.must_choose(sale):
            return
        gone = sale.with_status(LineStatus.REFUSED, LineStatus.LAPSED)
        await self.write(self.services.holding.leave_out(sale.reference, [state.line.id for state in gone]))

    def action_release(self) -> None:
        """Let every place go."""
        if self.sale is not None and cart_words.must_choose(self.sale):
            self.action_void()

    async def action_remove(self) -> None:
        """Take the highlighted line out; no call releases its places, so say until when they stay blocked."""
        sale = self.sale
        state = sale.line(self.here) if sale and self.here else None
        if sale is None or state is None or self._is_over(sale):
            return
        await self.write(self._taken_out(sale, state), Doing.READ)

    async def _taken_out(self, sale: Sale, state: LineState) -> None:
        said = await take_out(self.services, sale, state)
        self._removed = state.line.id, len(sale.lines) - 1
        if said.meaning and self.is_attached:  # the key alone: whoever reads it is here
            self.show_problem(replace(said, next=_("‹cart.restore› brings it back")), tone="warn")

    async def undone(self) -> bool:
        """What was removed here last comes back, where nothing was done since."""
        sale, removed, self._removed = self.sale, self._removed, None
        if sale is None or not sale.taken_out or removed != (sale.taken_out[-1].line.id, len(sale.lines)):
            return False
        await self.action_restore()
        return True

    async def action_restore(self) -> None:
        """Bring the line back that was taken out last, under its own hold where that still runs."""
        sale = self.sale
        if sale is None or not sale.taken_out:
            what = _("No line of this sale was taken out.")
            self.show_problem(Problem(what, _("Nothing was changed.")), tone="warn")
        elif not self._is_over(sale):
            await self.write(self._restored(sale, sale.taken_out[-1]))

    async def _restored(self, sale: Sale, state: LineState) -> None:
        own = await self.services.holding.bring_back(sale.reference, state.line.id)
        if own and self.is_attached:
            name = f"{state.line.quantity} × {state.line.name}"
            what = _("{name} is in the sale again.").format(name=name)
            self.show_problem(Problem(what, _("Its places were held all the time.")), tone="good")

    def _changeable(self, sale: Sale) -> LineState | None:
        """The highlighted line, where it is held and nothing is paid."""
        state = sale.line(self.here) if self.here else None
        held = state is not None and sale.status(state) is LineStatus.HELD and sale.attempt is None
        return state if held and sale.may_change and not sale.taken else None

    async def action_change(self) -> None:
        """Another number, day or session of the highlighted line: it goes only once the other is held."""
        sale, content = self.sale, self.services.catalogs.content
        state = self._changeable(sale) if sale else None
        found = family_of(content, last_id(state.line.product)) if content and state else None
        if state is None or content is None or found is None or found[1] is None:
            what = _("This line cannot be changed now.")
            then = _("‹cart.remove› takes it out, ‹cart.add› adds another")
            self.show_problem(Problem(what, _("Nothing was changed."), then), tone="warn")
            return
        line = state.line
        await self.flow.dates(
            content,
            found[0],
            product=found[1].id,
            quantity=line.quantity,
            prefer=line.starts_at,
            day=line.day,
            replacing=(line.id,),
        )

    def _is_over(self, sale: Sale) -> bool:
        """Whether nothing of the sale can be changed any more: said, with what can be done."""
        if sale.complete:
            what, meaning = _("This sale is complete."), _("Nothing was changed. It ends when the next one begins.")
            then = _("‹cart.documents› hands its documents over, ‹app.orders› finds it for money back")
            self.show_problem(Problem(what, meaning, then), tone="warn")
        return sale.complete

    async def action_accept(self) -> None:
        """The agent saw both figures and goes on at the held price."""
        sale = self.sale
        if sale is None:
            return
        names = product_names(self.services)
        if said := {one.key: cart_words.difference(sale, one, names) for one in undecided(sale)}:
            await self.write(self.services.settling.accept(sale.reference, said))

    def action_add(self) -> None:
        """Another product for the same customer."""
        self.flow.to_catalog()

    def action_back(self) -> None:
        """Where the agent came from."""
        self.app.pop_screen()

    @on(RowChosen, "#lines")
    def action_pay(self) -> None:
        """To customer and payment, once every line is held and every difference decided."""
        sale = self.sale
        if sale is None or not sale.begun or not self.armed:
            return
        if sale.complete:
            self.flow.documents(sale.reference)
            return
        if self.allowed("pay"):
            self.flow.checkout()
            return
        if undecided(sale):
            what, then = _("Two amounts differ."), _("‹cart.accept› accepts the held price")
        elif sale.attempt is not None:
            what, then = _("The answer to the hold has not come yet."), _("Wait a moment")
        else:
            what, then = (
                _("Not every line is held."),
                _("‹cart.hold_again› holds again, ‹cart.remove› takes a line out"),
            )
        self.show_problem(Problem(what, _("Money is not taken before that."), then), tone="warn")

    def action_void(self) -> None:
        """End the sale without an order, once asked."""
        sale = self.sale
        if sale is None or self._is_over(sale):
            return
        if sale.taken or sale.orders:
            self.show_problem(
                Problem(
                    _("This sale cannot be voided."),
                    _("Money was taken or an order is placed."),
                    _("‹cart.pay› goes to payment"),
                )
            )
            return
        question = _("Void sale {reference}?").format(reference=sale.reference)
        places = _("Its places are let go: they stay blocked until their holds end.")
        if sale.unpaid_orders:
            places = _("Korus has booked it: have Korus cancel the order, ‹app.orders› lists it.")
        money = _("All money was given back.") if sale.payments else _("No money was taken.")
        self.app.push_screen(ConfirmScreen(question, f"{places} {money}", _("void the sale")), self._voided)

    def _voided(self, yes: bool | None) -> None:
        sale = self.sale
        if yes and sale is not None:  # a supervisor may be waited for: keys do not wait behind that
            ask_for_tickets(self.app, sale, lambda back: self._void(sale, back))

    def _void(self, sale: Sale, tickets_back: bool | None) -> None:
        self.services.background.start(self._writing(sale, self._end(sale, tickets_back), Doing.HOLD), "void the sale")

    async def _end(self, sale: Sale, tickets_back: bool | None) -> None:
        await self.services.settling.void(sale.reference, tickets_back)
        if self.app.screen is self:
            self.flow.to_catalog()
