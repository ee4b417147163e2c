"""Customer and payment, then the booking: the largest thing here is what is still to collect."""

from __future__ import annotations

from collections.abc import Callable

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from korus_tui import commands
from korus_tui.counter.booking.customer import faults
from korus_tui.counter.booking.late_orders import unpaid
from korus_tui.counter.booking.methods import choices
from korus_tui.counter.core.problems import Problem
from korus_tui.counter.quickline.models import Pay
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.sale.holds import soonest
from korus_tui.sale.stage import Stage, stage_of
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Customer, Method
from korus_tui.screens.checkout import text as say
from korus_tui.screens.checkout.customer import CustomerDone, CustomerEdited, CustomerPanel
from korus_tui.screens.checkout.payment import PaymentPanel
from korus_tui.screens.checkout.settlement import Settlement
from korus_tui.screens.checkout.state import state_content
from korus_tui.screens.checkout.typed import TypedPayment
from korus_tui.screens.checkout.writes import Writes
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.confirm import ConfirmScreen
from korus_tui.screens.common.money_guard import MoneyGuard
from korus_tui.screens.common.notes import before_money
from korus_tui.screens.common.tickets_back import ask_for_tickets
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.screens.common.waiting import looked_for
from korus_tui.widgets.big_amount import BigAmount
from korus_tui.widgets.panels import Latest, panel
from korus_tui.widgets.rule import Rule
from korus_tui.widgets.status_line import WayStep
from korus_tui.widgets.text import paragraph

_PAYS = (Stage.COLLECT, Stage.BOOK)
_FEW = 3  # payments that stand below each other in any case
_LEAVES_OPEN = (Stage.BOOKING, Stage.UNKNOWN)


class CheckoutScreen(TillScreen):
    """Takes the customer's money once, and books once. Stays with the sale that it was opened for."""

    NAME = "checkout"
    STEP = WayStep.PAY
    AUTO_FOCUS = ""
    OWN_CLOCK = True
    BINDINGS = commands.bindings("checkout")

    def __init__(self, services: Services, typed: Pay | None = None) -> None:
        """`typed` is what a quick line said of the payment."""
        super().__init__(services)
        sale = services.desk.sale
        self.reference = sale.reference if sale else ""
        self.currency = (sale.currency if sale else None) or ""
        self.stage: Stage | None = None
        self.guard = MoneyGuard(services.clock, self)
        self.customer = CustomerPanel()
        self.payment = PaymentPanel(self.currency, services.cash_rounding)
        self._writes = Writes(self, self.reference, self.guard)
        self.settlement = Settlement(self, self._writes, self.guard, lambda: self.stage)
        self._typed = TypedPayment(self, typed) if typed is not None else None
        self._paid = 0
        self._told: Problem | None = None
        self._offered = False  # whether the foot says that money can be taken

    @property
    def sale(self) -> Sale | None:
        """The sale that this payment is for, as long as it is open."""
        return next((one for one in self.services.desk.sales if one.reference == self.reference), None)

    def body(self) -> ComposeResult:
        """What is owed and until when; the customer; then the question, the form or the state."""
        with panel(Horizontal(id="top"), _("Amount")):
            label = Static(id="amount-label", classes="muted", markup=False)
            yield Vertical(BigAmount(id="amount"), label, id="owed")
            facts = (Static(id=one, classes="muted", markup=False) for one in ("gate", "reference"))
            yield Vertical(Static(id="held", markup=False), *facts, id="facts")
        yield Static(id="tell", markup=False)
        yield panel(self.customer, _("Customer"))
        with panel(Latest(id="parts", can_focus=False), _("Paid so far")):
            yield Static(id="payments", classes="good", markup=False)
        yield Rule()
        with panel(Vertical(id="paying"), _("Payment")):
            yield self.payment
            yield Static(id="state", markup=False)
            yield Static(id="take", markup=False)

    def on_mount(self) -> None:
        """One beat a second, so that a stall is noticed and the board counts; it paints only what changed."""
        self.set_interval(1.0, self._beat)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Back from choosing: the page is as new."""
        self.guard.arm()

    def _beat(self) -> None:
        self.guard.beat()
        if self.sale is not None:
            self.services.holding.look_after(self.sale)
        if self.stage is Stage.BOOKING and self.sale is not None and self._stage_of(self.sale) is Stage.UNKNOWN:
            self.show_sale()
        if self.stage is Stage.UNKNOWN:
            self.tick()

    # Showing

    def show_sale(self) -> None:
        """The sale as it is now, at whatever stage it came to."""
        sale = self.sale
        if sale is None or (self._typed is not None and self._typed.goes_back(sale)):
            return
        stage = self._stage_of(sale)
        if stage is Stage.DONE:
            self._to_documents()
            return
        if stage is not self.stage or len(sale.payments) != self._paid:
            self.stage, self._paid = stage, len(sale.payments)
            self.guard.arm()
            self._close_pane()
        self.labels = {"take": _("book")} if stage is Stage.BOOK else {}
        self._show_parts(sale, stage)
        self.tick()
        self._tell(sale, stage)
        if self._typed is not None:
            self._typed.fill_in()

    def _stage_of(self, sale: Sale) -> Stage:
        """A call whose answer could not be taken in is not known, also while not even that can be recorded."""
        stage = stage_of(sale)
        lost = sale.reference in self.services.recovery.asking
        return Stage.UNKNOWN if stage is Stage.BOOKING and lost else stage

    def _show_parts(self, sale: Sale, stage: Stage) -> None:
        amount, label = say.amount_and_label(sale, self.services.cash_rounding)
        self.query_one("#amount", BigAmount).show(words.money(amount))
        self._say("#amount-label", label)
        self.set_class("\n" in label, "-coins")
        self._say("#reference", _("Reference {reference}").format(reference=sale.reference))
        self._show_payments(sale, stage)
        has_walk_in = self.services.walk_in is not None
        self.customer.show(sale, asked=stage in _PAYS, draft=self._draft(sale), walk_in=has_walk_in)
        form = self.customer.is_typed
        notes = "\n".join(before_money(self.services, sale)) if stage in _PAYS and not sale.payments else ""
        self._say("#tell", notes)
        self.query_one("#tell").display = bool(notes) and not form
        self.query_one("#top").display = stage is not Stage.UNKNOWN
        self.query_one(Rule).display = not form and stage is not Stage.UNKNOWN
        self.payment.display = stage is Stage.COLLECT and not form
        self.query_one("#state").display = stage is not Stage.COLLECT and not form
        self.query_one("#take").display = stage in _PAYS and not form
        self.query_one("#paying").display = not form
        self._show_take()

    def _show_payments(self, sale: Sale, stage: Stage) -> None:
        """What was taken so far; many parts scroll, so that what is typed and what F10 does stay in sight."""
        parts = self.query_one("#parts", Latest)
        parts.display = bool(sale.payments) and not self.customer.is_typed and stage in _PAYS
        parts.set_class(len(sale.payments) > _FEW, "-many")
        self.set_class(parts.display, "-part")
        self._say("#payments", say.payments_words(sale))

    def _say(self, selector: str, text: str, made: Callable[[str], Content] = paragraph) -> None:
        widget = self.query_one(selector, Static)
        if str(widget.content) != text:
            widget.update(made(text))

    @on(Input.Changed, ".pane Input")
    def _show_take(self) -> None:
        """The words of F10 follow what is typed."""
        sale = self.sale
        due = sale.due if sale else None
        self.payment.show(due)
        for one in self.query("#question, #change-row, #take"):  # not the page: every widget of it would be styled
            one.set_class(self.payment.method is not None, "-open")
        if self.stage is Stage.BOOK:
            self._say("#take", "" if sale and sale.stuck else _("‹checkout.take› books"), say.with_key)
        else:
            said = say.take_words(
                self.payment.amount,
                self.payment.collected,
                due,
                self.payment.method,
                self.payment.missing,
                split=self.payment.split,
            )
            if not self.payment.missing and (lost := self.payment.lost):
                said += "\n" + _("{amount} of their value does not go back.").format(amount=words.money(lost))
            borne = "\n" + _("‹checkout.bear›: the house bears the difference instead") if self.allowed("bear") else ""
            self._say("#take", said + borne, say.with_key)
        if self._offered != (offered := self.allowed("take")):
            self._offered = offered
            self.show_keys()

    def tick(self) -> None:
        sale = self.sale
        if sale is None or self.stage is None:
            return
        hold = soonest(sale)
        zone = sale.lines[0].line.zone if sale.lines else None
        deadline = hold.expires_at if hold else None
        local = self.services.local(deadline, zone) if deadline else None
        self._say("#held", say.held_until(sale, self.services.clock, local))
        self._say("#gate", say.gate_words(sale, self.services.clock, self.services.limits))
        if self.stage is not Stage.COLLECT:
            here = self.settlement.stuck_line
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
        self.show_problem(Problem(problem.what, problem.meaning, then, problem.words), until="done")
        if stage is Stage.BOOK and self.customer.knows(problem.fields):
            self._open_form()
            self.customer.form.show_refused(problem.fields)

    def _to_documents(self) -> None:
        if self.is_current:
            self.flow.ordered(self.reference)

    def allowed(self, action: str) -> bool:
        """Only keys that do something at this stage."""
        sale, stage = self.sale, self.stage
        if sale is None or stage is None or self.customer.is_typed:
            return action == "back"
        if self.settlement.knows(action):
            return self.settlement.allowed(sale, action)
        if action in (*Method, "split"):  # once a way is chosen, Esc comes before another
            return stage is Stage.COLLECT and (action == "split" or self.payment.method is None)
        may_undo = bool(sale.payments) and not sale.orders and not sale.given_back and sale.attempt is None
        left_open = sale.paid_not_confirmed and stage in (Stage.LAPSED, Stage.GIVE_BACK)
        return {
            "take": stage is Stage.BOOK or (stage is Stage.COLLECT and self.payment.takes),
            "walk_in": stage in _PAYS and self.services.walk_in is not None,
            "edit": stage in _PAYS,
            "undo": may_undo,
            "ask_now": stage is Stage.UNKNOWN,
            "next": stage in _LEAVES_OPEN or left_open,
            "back": True,
        }.get(action, False)  # exact and the notes stand beside the field

    def action_settle(self, action: str) -> None:
        """A decision about what cannot be had as it was."""
        self.settlement.do(action)

    # The customer

    def action_walk_in(self) -> None:
        """The counter's own customer for anonymous sales; a payment that waited for one is typed on."""
        if self.sale is None or not self.allowed("edit"):
            return
        customer = self.services.walk_in
        if customer is None:
            what = _("This profile has no walk-in customer.")
            where = _("‹app.till›, ‹till.settings› has a place for one; it counts from the next start.")
            then = _("‹checkout.edit› types a customer")
            self.show_problem(Problem(what, where, then), tone="warn")
        else:
            self.clear_problem()
            self.services.checkout.drafts.pop(self.reference, None)
            self._writes.run(self.services.checkout.enter_customer(self.reference, customer))
        if self.payment.method is not None and self.focused is None:
            self.payment.type_on()

    def action_edit(self) -> None:
        if self.sale is not None and self.allowed("edit"):
            self.clear_problem()
            self._open_form()

    def _open_form(self) -> None:
        sale = self.sale
        if sale is not None and not self.customer.is_typed:
            self.customer.open(sale, self.services.abilities.lacking, self._draft(sale))
            self.sale_changed()

    @on(CustomerDone)
    def close_form(self) -> None:
        """Back to the payment, the cursor where it was; what is typed is kept, good or not."""
        self.keep_customer()
        self.customer.form.close()
        self.clear_problem()
        self.guard.arm()
        self.sale_changed()
        self.payment.type_on()

    def _draft(self, sale: Sale) -> Customer | None:
        """Who was begun to be typed in the walk-in's place."""
        walk_in = sale.customer is not None and sale.customer.walk_in
        return self.services.checkout.drafts.get(sale.reference) if walk_in else None

    def keep_typed(self) -> None:
        """The field with the cursor too, when the agent goes to another page."""
        self.keep_customer()

    @property
    def in_form(self) -> bool:
        """Whether a customer is being typed."""
        return self.customer.is_typed

    @on(CustomerEdited)
    def keep_customer(self) -> None:
        """Record what is typed so far; an empty form leaves the customer that was there."""
        sale, form = self.sale, self.customer.form
        if sale is None or not self.customer.is_typed:
            return
        customer, notes, drafts = form.customer, form.notes, self.services.checkout.drafts
        walk_in = sale.customer is not None and sale.customer.walk_in
        if customer is not None and walk_in and faults(customer):
            drafts[self.reference] = customer  # an order could be for the walk-in, and cannot be for this one
        else:
            drafts.pop(self.reference, None)
            if customer is not None and customer != sale.customer:
                self._writes.run(self.services.checkout.enter_customer(self.reference, customer))
        if notes != sale.notes:
            self._writes.run(self.services.checkout.enter_notes(self.reference, notes))

    def _customer_is_good(self, sale: Sale) -> bool:
        """Whether the order can be for this customer; else says what is missing, where it is missing."""
        wrong = faults(sale.customer)
        if not wrong:
            return True
        if sale.customer is not None and not sale.customer.walk_in:
            self._open_form()
            self.customer.form.show_faults(wrong)
        what, then = _("The order needs a customer."), _("‹checkout.edit› types a customer")
        if self.services.walk_in is not None:
            then = _("‹checkout.walk_in› walk-in, ‹checkout.edit› types one")
        self.show_problem(Problem(what, _("No money was recorded."), then), tone="warn")
        self.payment.leave_fields()
        return False

    # How it is paid

    def action_pay(self, method: str) -> None:
        """Open the method's pane at once, and pin the basket behind it."""
        sale, panel, wanted = self.sale, self.payment, Method(method)
        if sale is None or sale.due is None or self.stage is not Stage.COLLECT or self.customer.is_typed:
            return
        if panel.method not in (None, wanted):  # a letter of a reference, typed into the amount
            what = _("It is paid {how}, as you said.").format(how=say.how(panel.method)) if panel.method else ""
            hint = _("‹checkout.back›, then choose another way")
            self.show_problem(Problem(what, _("No money was recorded."), hint), tone="warn")
            return
        if panel.method is None:
            panel.open(wanted, sale.due)
            self.guard.arm()
        self.clear_problem()
        self._show_take()
        self.show_keys()
        self._writes.run(self.services.checkout.start(sale.reference, wanted), refused=self._close_pane)

    def _close_pane(self) -> None:
        self.payment.close()
        self._show_take()

    def action_split(self) -> None:
        """A part now, the rest by another method; again: all of it."""
        if self.allowed("split"):
            self.payment.turn_split()
            self._show_take()

    def action_exact(self) -> None:
        """Exactly what is due was given."""
        pane = self.payment.pane
        if pane is not None and not pane.exact():
            what, meaning = _("The amount is finer than the smallest coin."), _("It cannot be paid in cash.")
            self.show_problem(Problem(what, meaning, _("‹checkout.card› card")))

    def action_note(self, number: int) -> None:
        """One more banknote was given."""
        self.payment.note(number)

    def action_parts(self, by: int) -> None:
        parts = self.query_one("#parts", Latest)
        parts.scroll_relative(y=by * max(1, parts.size.height - 1), animate=False)

    # Money

    def action_take(self) -> None:
        """The money was received: record it, and book once all of it is there. Once, however often it is pressed."""
        sale = self.sale
        if (
            sale is None
            or self.customer.is_typed
            or not self.guard.meant(self.show_notice)
            or not self._customer_is_good(sale)
        ):
            return
        if self.stage is Stage.BOOK:
            self._writes.run(self._book(sale), money=True)
            return
        if self.stage is not Stage.COLLECT or sale.attempt is not None:
            return
        pane = self.payment.pane
        if pane is None:
            then = commands.in_words(choices("checkout"))
            self.show_problem(Problem(_("How is it paid?"), _("No money was recorded."), then), tone="warn")
            return
        payment = pane.payment()
        if payment is not None:
            self._writes.run(self.services.checkout.take(sale.reference, payment), money=True)

    async def _book(self, sale: Sale) -> None:
        if not sale.paying:  # nothing is owed, so that no method was ever chosen
            await self.services.checkout.start(sale.reference, Method.CASH)
        await self.services.checkout.book(sale.reference)

    def action_undo(self) -> None:
        """The last payment goes back over the counter."""
        if self.sale is not None and self.allowed("undo") and self.guard.meant(self.show_notice):
            writes = self._writes
            ask_for_tickets(self.app, self.sale, lambda b: writes.run(self._undo(b), money=True, asks=True))

    async def _undo(self, tickets_back: bool | None) -> None:
        """Say that the money goes back only once it is recorded: Korus may have to be asked before.

        Where the agent went on meanwhile, none goes back.
        """
        last = await self.services.checkout.undo(self.reference, lambda: self.is_active, tickets_back)
        if not self.is_attached:
            return
        if last is None:
            what, meaning = _("The payment stands."), _("You went on before Korus had answered.")
            said = Problem(what, meaning, _("‹checkout.undo› undoes it"))
        else:
            what = _("Give back: {payment}.").format(payment=say.payment_words(last))
            said = Problem(what, _("It no longer counts for this sale."), looked_for(self.services, self.reference))
        self.show_problem(said, tone="warn")

    # Leaving

    def action_next(self) -> None:
        """Free the counter; the sale stays open and its booking is asked for on and on."""
        if self.allowed("next"):
            self.services.desk.set_aside()
            self.flow.next_customer()

    def action_ask_now(self) -> None:
        """Ask at once what became of the booking."""
        if self.allowed("ask_now"):
            self.services.recovery.ask_now(self.reference)

    def action_back(self) -> None:
        """One step back: form, pane, cart. With money taken, the last step is asked about once."""
        sale = self.sale
        if self.customer.is_typed:
            self.close_form()
        elif self.payment.method is not None:
            self._close_pane()
            self.show_keys()
        elif sale is not None and sale.payments:
            question = _("Leave the payment? {paid} was taken.").format(paid=say.paid_words(sale))
            details = _("Everything stays recorded on {reference}; it can be booked from its cart.").format(
                reference=sale.reference
            )

            def left(yes: bool | None) -> None:
                if yes:
                    self.app.pop_screen()

            self.app.push_screen(ConfirmScreen(question, details, _("leave")), left)
        else:
            self._writes.run(self._give_up())

    async def _give_up(self) -> None:
        if self.sale is not None:
            await self.services.checkout.give_up(self.reference)
        if self.is_current:
            self.app.pop_screen()
