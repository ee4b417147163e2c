"""Customer and payment, then the booking: the largest thing here is what is still to collect."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.booking.late_orders import unpaid
from korus_tui.counter.core.problems import Problem
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.sale import events as e
from korus_tui.sale.differences import undecided
from korus_tui.sale.holds import soonest
from korus_tui.sale.state import Sale
from korus_tui.screens.checkout import text as say
from korus_tui.screens.checkout.customer_form import CustomerForm
from korus_tui.screens.checkout.panes import PANES, PaymentPane
from korus_tui.screens.checkout.settle import SettlePart
from korus_tui.screens.checkout.stage import Stage, stage_of
from korus_tui.screens.checkout.state import state_content
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.confirm import ConfirmScreen
from korus_tui.screens.common.notes import before_money
from korus_tui.widgets.big_amount import BigAmount
from korus_tui.widgets.rule import Rule

_PAYS = (Stage.COLLECT, Stage.BOOK)
_LEAVES_OPEN = (Stage.BOOKING, Stage.UNKNOWN)
_SETTLING = (
    *("other_session", "other_date", "another_line", "give_back", "give_all_back"),
    *("bear", "documents", "slip"),
)


class CheckoutScreen(SettlePart):
    """Takes the customer's money once, and books once. Stays with the sale that it was opened for."""

    NAME = "checkout"
    AUTO_FOCUS = ""
    BINDINGS = commands.bindings("checkout")

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._paid = 0
        self._told: Problem | None = None

    def body(self) -> ComposeResult:
        """What is owed and until when; the customer; then the question, the form or the state."""
        with Horizontal(id="top"):
            with Vertical(id="owed"):
                yield BigAmount(id="amount")
                yield Static(id="amount-label", classes="muted", markup=False)
            with Vertical(id="facts"):
                yield Static(id="held", markup=False)
                yield Static(id="gate", classes="muted", markup=False)
                yield Static(id="reference", classes="muted", markup=False)
        yield Static(id="tell", markup=False)
        yield Static(id="customer", markup=False)
        yield CustomerForm()
        yield Static(id="payments", classes="good", markup=False)
        yield Rule()
        with Vertical(id="collect"):
            yield Static(id="question", markup=False)
            for pane in PANES:
                yield pane(self.currency)
        yield Static(id="state", markup=False)
        yield Static(id="take", markup=False)

    def on_mount(self) -> None:
        """One beat a second, so that a stall is noticed and the board counts; it paints only what changed."""
        super().on_mount()
        self.set_interval(1.0, self._beat)

    def _beat(self) -> None:
        self.guard.beat()
        if self.stage is Stage.BOOKING and self.sale is not None and self._stage_of(self.sale) is Stage.UNKNOWN:
            self.show_sale()
        if self.stage is Stage.UNKNOWN:
            self.tick()

    # Showing

    def show_sale(self) -> None:
        """The sale as it is now, at whatever stage it came to."""
        sale = self.sale
        if sale is None:
            return
        stage = self._stage_of(sale)
        if stage is Stage.DONE:
            self._to_documents()
            return
        if stage is not self.stage or len(sale.payments) != self._paid:
            self.stage, self._paid = stage, len(sale.payments)
            self.guard.arm()
            self.close_pane()
        self._show_parts(sale, stage)
        self.tick()
        self._tell(sale, stage)

    def _stage_of(self, sale: Sale) -> Stage:
        """A call whose answer could not be taken in is not known, also while not even that can be recorded."""
        stage = stage_of(sale)
        lost = sale.reference in self.services.recovery.asking
        return Stage.UNKNOWN if stage is Stage.BOOKING and lost else stage

    def _show_parts(self, sale: Sale, stage: Stage) -> None:
        amount, label = say.amount_and_label(sale)
        self.query_one("#amount", BigAmount).show(words.money(amount))
        self.update_text("#amount-label", label)
        self.update_text("#reference", _("Reference {reference}").format(reference=sale.reference))
        self.update_text("#payments", say.payments_words(sale))
        self.show_customer(sale)
        form = self.form.display
        notes = "\n".join(before_money(self.services, sale)) if stage in _PAYS and not sale.payments else ""
        self.update_text("#tell", notes)
        self.query_one("#tell").display = bool(notes) and not form
        self.query_one("#top").display = stage is not Stage.UNKNOWN
        self.query_one("#customer").display = not form and stage in _PAYS
        self.query_one("#payments").display = bool(sale.payments) and not form and stage in _PAYS
        self.query_one(Rule).display = not form and stage is not Stage.UNKNOWN
        self.query_one("#collect").display = stage is Stage.COLLECT and not form
        self.query_one("#state").display = stage is not Stage.COLLECT and not form
        self.query_one("#take").display = stage in _PAYS and not form
        for pane in self.query(PaymentPane):
            if sale.due is not None:
                pane.due_changed(sale.due)
        self.show_take()

    def tick(self) -> None:
        """Remaining times."""
        sale = self.sale
        if sale is None or self.stage is None:
            return
        hold = soonest(sale)
        zone = sale.lines[0].line.zone if sale.lines else None
        deadline = hold.expires_at if hold else None
        local = self.services.local(deadline, zone) if deadline else None
        self.update_text("#held", say.held_until(sale, self.services.clock, local))
        self.update_text("#gate", say.gate_words(sale, self.services.clock, self.services.limits))
        if self.stage is not Stage.COLLECT:
            here = self.stuck_line
            content = state_content(self.services, sale, self.stage, here.line.id if here else None)
            state = self.query_one("#state", Static)
            if state.content != content:
                state.update(content)

    def _tell(self, sale: Sale, stage: Stage) -> None:
        """What the last call met, until it is answered."""
        problem = self.services.checkout.problems.get(sale.reference)
        if problem is None and stage is Stage.LAPSED:
            problem = self.services.holding.problems.get(sale.reference)
        if sale.unpaid_orders:
            problem = unpaid(sale)
        if problem == self._told:
            return
        self._told = problem
        if problem is None:
            self.clear_problem()
            return
        again = _("‹checkout.take› books again") if stage is Stage.BOOK else ""
        then = " · ".join(part for part in (problem.next, again) if part)
        self.show_problem(Problem(problem.what, problem.meaning, then, problem.words))
        if stage is Stage.BOOK and problem.fields:
            self.show_refused_fields(problem)

    def _to_documents(self) -> None:
        if not self.is_current:
            return
        from korus_tui.screens.documents.screen import DocumentsScreen

        self.app.switch_screen(DocumentsScreen(self.services, self.reference))

    def allowed(self, action: str) -> bool:
        """Only keys that do something at this stage."""
        sale, stage = self.sale, self.stage
        if sale is None or stage is None or self.form.display:
            return action == "back"
        if action in ("cash", "card", "voucher", "split"):
            return stage is Stage.COLLECT
        if action == "exact":
            return False  # it stands beside the field
        if action == "take":
            return stage is Stage.BOOK or (stage is Stage.COLLECT and self.method is not None)
        if action in ("walk_in", "edit"):
            return stage in _PAYS
        if action == "undo":
            return bool(sale.payments) and not sale.orders and not sale.given_back and sale.attempt is None
        if action in _SETTLING:
            return self.settle_allowed(sale, action)
        if action == "hold_again":
            return stage is Stage.LAPSED or (stage is Stage.BOOK and bool(sale.stuck))
        at = {"accept": Stage.DECIDE, "ask_now": Stage.UNKNOWN}
        if action == "next":
            return stage in _LEAVES_OPEN or (sale.paid_not_confirmed and stage in (Stage.LAPSED, Stage.GIVE_BACK))
        return stage is at[action] if action in at else action != "cart" and not action.startswith("note")

    def action_hold_again(self) -> None:
        """Hold what lapsed, at today's price."""
        sale = self.sale
        if sale is None or not self.allowed("hold_again") or self.guard.busy:
            return
        self.write(self.services.settling.hold_again(sale.reference), money=True, asks=True)

    def action_accept(self) -> None:
        """The agent saw both amounts and goes on."""
        sale = self.sale
        if sale is None or not self.allowed("accept") or not self.guard.ready:
            return
        found = [e.DifferenceAccepted(one.key, say.difference_words(sale, one)) for one in undecided(sale)]
        self.write(self.services.desk.record(sale.reference, *found))

    # Leaving

    def action_next(self) -> None:
        """Free the counter; the sale stays open and its booking is asked for on and on."""
        if self.allowed("next"):
            self.services.desk.set_aside()
            self.leave_for_next()

    def action_ask_now(self) -> None:
        """Ask at once what became of the booking."""
        if self.allowed("ask_now"):
            self.services.recovery.ask_now(self.reference)

    def action_back(self) -> None:
        """One step back: form, pane, cart. With money taken, the last step is asked about once."""
        sale = self.sale
        if self.form.display:
            self.close_form()
        elif self.method is not None:
            self.close_pane()
            self.show_keys()
        elif sale is not None and sale.payments:
            question = _("Leave the payment? {paid} was taken.").format(paid=say.paid_words(sale))
            details = _("Everything stays recorded on {reference}; it can be booked from its cart.").format(
                reference=sale.reference
            )
            self.app.push_screen(ConfirmScreen(question, details, _("leave")), self._left)
        else:
            self.write(self._give_up())

    def _left(self, yes: bool | None) -> None:
        if yes:
            self.app.pop_screen()

    async def _give_up(self) -> None:
        if self.sale is not None:
            await self.services.checkout.give_up(self.reference)
        if self.is_current:
            self.app.pop_screen()
