"""The customer's part of the checkout: walk-in, typed, or complained of by the API."""

from __future__ import annotations

from textual import on
from textual.content import Content
from textual.widgets import Static

from korus_tui.counter.booking.customer import faults
from korus_tui.counter.core.problems import Problem
from korus_tui.i18n import _
from korus_tui.sale.state import Sale
from korus_tui.screens.checkout import text as say
from korus_tui.screens.checkout.base import CheckoutBase
from korus_tui.screens.checkout.customer_form import CustomerDone, CustomerEdited, CustomerForm, knows
from korus_tui.widgets.text import clean


class CustomerPart(CheckoutBase):
    """What the checkout does about the customer; the screen itself does what is about money."""

    @property
    def form(self) -> CustomerForm:
        """The customer's form, shown or not."""
        return self.query_one(CustomerForm)

    def show_customer(self, sale: Sale) -> None:
        """Whom the order is for, in one line."""
        found = say.customer_words(sale.customer, sale.language)
        bad = bool(sale.customer) and bool(faults(sale.customer))
        tone = "$text-warning" if bad or sale.customer is None else ""
        hint = "   " + _("to be completed: ‹checkout.edit›") if bad else ""
        content = Content.assemble((_("Customer") + "  ", "$foreground-muted"), (clean(found + hint), tone))
        line = self.query_one("#customer", Static)
        if line.content != content:
            line.update(content)

    def customer_is_good(self, sale: Sale) -> bool:
        """Whether the order can be for this customer; else says what is missing, where it is missing."""
        wrong = faults(sale.customer)
        if not wrong:
            return True
        if sale.customer is not None and not sale.customer.walk_in:
            self.open_form()
            self.form.show_faults(wrong)
        self.show_problem(
            Problem(
                _("The order needs a customer."),
                _("No money was recorded."),
                _("‹checkout.walk_in› walk-in, ‹checkout.edit› types one"),
            ),
            tone="warn",
        )
        return False

    def action_walk_in(self) -> None:
        """The counter's own customer for anonymous sales."""
        if self.sale is None or not self.allowed("walk_in"):
            return
        customer = self.services.walk_in
        if customer is None:
            name, file = self.services.name, self.services.paths.settings_file
            self.show_problem(
                Problem(
                    _("This profile has no walk-in customer."),
                    _("Set first_name, last_name and email under [profiles.{name}.walk_in] in {file}.").format(
                        name=name, file=file
                    ),
                    _("‹checkout.edit› types a customer"),
                ),
                tone="warn",
            )
            return
        self.clear_problem()
        self.write(self.services.checkout.enter_customer(self.reference, customer))

    def action_edit(self) -> None:
        """Type the customer."""
        if self.sale is not None and self.allowed("edit"):
            self.clear_problem()
            self.open_form()

    def open_form(self) -> None:
        """The form in place of the payment."""
        sale = self.sale
        if sale is not None and not self.form.display:
            self.form.show(sale.customer, sale.notes, self.services.abilities.lacking)
            self.sale_changed()

    def close_form(self) -> None:
        """Back to the payment; what is typed is kept, good or not."""
        self.keep_customer()
        self.form.close()
        self.clear_problem()
        self.form_closed()

    def form_closed(self) -> None:
        """The payment is seen again."""

    @on(CustomerEdited)
    def keep_customer(self) -> None:
        """Record what is typed so far; an empty form leaves the customer that was there."""
        sale, form = self.sale, self.form
        if sale is None or not form.display:
            return
        customer, notes = form.customer, form.notes
        if customer is not None and customer != sale.customer:
            self.write(self.services.checkout.enter_customer(self.reference, customer))
        if notes != sale.notes:
            self.write(self.services.checkout.enter_notes(self.reference, notes))

    @on(CustomerDone)
    def customer_done(self) -> None:
        """The form is complete."""
        self.close_form()

    def show_refused_fields(self, problem: Problem) -> None:
        """The API refused facts of the customer: the form again, its complaints under their fields."""
        if any(knows(path) for path, _words in problem.fields):
            self.open_form()
            self.form.show_refused(problem.fields)
