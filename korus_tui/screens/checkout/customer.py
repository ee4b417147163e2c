"""Whom the order is for: one line, or the form in its place. Names and e-mail are what an order needs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from korus_tui.counter.booking import customer as rules
from korus_tui.i18n import _
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Customer
from korus_tui.screens.checkout import text as say
from korus_tui.screens.common.answers import answered, no_answer
from korus_tui.text.countries import country_code, country_name
from korus_tui.widgets.inputs.entry import Entry
from korus_tui.widgets.inputs.field import Field, RequiredNote
from korus_tui.widgets.text import clean

# The API's names of the fields, as its complaints bear them.
_WIRE = {
    "customer.firstname": "first_name",
    "customer.lastname": "last_name",
    "customer.email": "email",
    "customer.phone": "phone",
    "customer.country": "country",
    "customer.language": "language",
    "customer.title": "title",
    "customer.optin": "opt_in",
    "notes": "notes",
}


@dataclass
class CustomerEdited(Message):
    """A field was left: what is typed so far is to be kept."""


@dataclass
class CustomerDone(Message):
    """The last field was submitted, and everything typed is good."""


class CustomerForm(VerticalScroll):
    """Whom the order is for. Opened over the payment, and closed with everything kept."""

    def __init__(self) -> None:
        super().__init__(id="customer-form", can_focus=False)
        self.display = False

    def compose(self) -> ComposeResult:
        keys = _("↵ next field   ↑↓ field   ‹checkout.back› back to payment: what you typed is kept")
        yield Static(Content(keys), classes="muted", id="customer-keys", markup=False)
        yield self._field("first_name", _("First name"))
        yield self._field("last_name", _("Last name"))
        yield self._field("email", _("E-mail"))
        yield self._field("phone", _("Phone"))
        yield self._field("country", _("Country"), _("such as Germany or DE"))
        yield self._field("language", _("Language"), _("such as fr"), 2)
        yield self._field("title", _("Title"), ", ".join(rules.TITLES), 3)
        yield self._field("opt_in", _("Offers by e-mail"), _("y or n"), 3)
        yield self._field("notes", _("Notes"))
        yield RequiredNote()

    def on_key(self, event: events.Key) -> None:
        """The arrows go through the fields, as in every form."""
        if event.key in ("up", "down"):
            event.stop()
            (self.screen.focus_previous if event.key == "up" else self.screen.focus_next)(Entry)

    def _field(self, name: str, label: str, placeholder: str = "", longest: int = 0) -> Field:
        entry = Entry(placeholder=placeholder, max_length=longest or rules.LONGEST)
        entry.select_on_focus = False  # a mistake is mended, not typed anew
        check = no_answer if name == "opt_in" else rules.CHECKS.get(name)
        return Field(label, entry, required=name in rules.REQUIRED, check=check, id=f"c-{name}")

    def field(self, name: str) -> Field:
        return self.query_one(f"#c-{name}", Field)

    def show(self, customer: Customer | None, notes: str, lacking: Collection[str] = ()) -> None:
        """Open the form on what is known; a walk-in customer is not somebody to be edited.

        `lacking` are facts that this API's orders do not take: nobody is asked for what is not passed on.
        """
        for name in (*rules.CHECKS, "opt_in", "notes"):
            self.field(name).display = name not in lacking
        typed = customer if customer is not None and not customer.walk_in else Customer("", "", "")
        values = {name: getattr(typed, name) for name in rules.CHECKS}
        values["country"] = country_name(typed.country) if typed.country else ""
        values |= {"notes": notes, "opt_in": _("y") if typed.opt_in else ""}
        for name, value in values.items():
            entry = self.field(name).entry
            with entry.prevent(Input.Changed):  # nobody mended anything: sentences under the fields stay
                entry.value = value
                entry.cursor_position = len(value)
        self.display = True
        self.show_faults({})
        self.field("first_name").entry.focus()

    def close(self) -> None:
        """Nothing of the customer stays on the screen."""
        self.display = False
        for field in self.query(Field):
            field.show_error(None)
            field.entry.value = ""

    @property
    def customer(self) -> Customer | None:
        """What is typed so far; None for nothing at all."""
        typed = Customer("", "", "", opt_in=answered(self.field("opt_in").value) or False)
        for name in rules.CHECKS:
            typed = replace(typed, **{name: self.field(name).value})  # type: ignore[arg-type]
        typed = rules.tidy(typed)
        return None if typed == Customer("", "", "") else typed

    @property
    def notes(self) -> str:
        return self.field("notes").value.strip()

    def show_faults(self, faults: dict[str, str]) -> None:
        """Sentences under their fields, the cursor in the first of them."""
        for name in rules.CHECKS:
            self.field(name).show_error(faults.get(name))
        first = next((name for name in rules.CHECKS if name in faults), None)
        if first is not None:
            self.field(first).entry.focus()

    def show_refused(self, complaints: tuple[tuple[str, str], ...]) -> None:
        """The API's complaints under the fields they are about: our words, then its own (F12)."""
        fields = [(_WIRE[path], words) for path, words in complaints if path in _WIRE]
        for name, words in fields:
            self.field(name).show_error(_("Korus refused this: “{words}”").format(words=words))
        if fields:
            self.field(fields[0][0]).entry.focus()

    @on(Input.Blurred)
    def keep(self) -> None:
        """A field was left: it is checked by itself, and kept as it is; of a country, its name says which is meant."""
        if self.display:
            entry = self.field("country").entry
            code = country_code(entry.value) if entry.value else None
            if code is not None and entry.value != country_name(code):
                with entry.prevent(Input.Changed):
                    entry.value = country_name(code)
            self.post_message(CustomerEdited())

    @on(Input.Submitted)
    def next_field(self, event: Input.Submitted) -> None:
        """Enter goes on to the next field; on the last one it closes a form that is good."""
        event.stop()
        shown = [field for field in self.query(Field) if field.display]
        if event.input is not shown[-1].entry:
            self.screen.focus_next()
            return
        faults = rules.faults(self.customer)
        if faults:
            self.show_faults(faults)
        else:
            self.post_message(CustomerDone())


class CustomerPanel(Vertical):
    """Shows the customer; what is typed in its form is told by `CustomerEdited` and `CustomerDone`."""

    def __init__(self) -> None:
        super().__init__(id="customer-panel")
        self._who = Content()

    def compose(self) -> ComposeResult:
        """The line, and the form that takes its place."""
        yield Static(id="customer", markup=False)
        yield CustomerForm()

    @property
    def form(self) -> CustomerForm:
        """The customer's form, shown or not."""
        return self.query_one(CustomerForm)

    @property
    def is_typed(self) -> bool:
        """Whether the form is open, over the payment."""
        return self.form.display

    def show(self, sale: Sale, asked: bool, draft: Customer | None = None, *, walk_in: bool = True) -> None:
        """Whom the order is for; nothing unless it is asked now, or typed. `draft` is begun in a walk-in's place;
        `walk_in`: the profile has one.
        """
        bad = bool(sale.customer) and bool(rules.faults(sale.customer))
        hint = "   " + _("to be completed: ‹checkout.edit›") if bad else ""
        if draft is not None:
            name = f"{draft.first_name} {draft.last_name}".strip() or draft.email
            hint = "   " + _("{name} is not complete: ‹checkout.edit›").format(name=name)
        who = clean(say.customer_words(sale.customer, sale.language, walk_in=walk_in) + hint)
        tone = "$text-warning" if bad or sale.customer is None else ""
        self._who = Content.assemble((who, tone))
        self.on_resize()
        self.query_one("#customer").display = not self.is_typed
        self.display = asked or self.is_typed
        self.set_class(self.is_typed, "-typed")

    def on_resize(self) -> None:
        """Where no box bears the title, the line does."""
        title = Content("") if self.styles.border_top[0] else Content.styled(_("Customer") + "  ", "$foreground-muted")
        line = self.query_one("#customer", Static)
        if line.content != (said := title + self._who):
            line.update(said)

    def open(self, sale: Sale, lacking: Collection[str], draft: Customer | None = None) -> None:
        """The form in place of the line, on who was begun; `lacking` are facts that this API's orders do not take."""
        if not self.is_typed:
            self.form.show(draft or sale.customer, sale.notes, lacking)

    @staticmethod
    def knows(complaints: tuple[tuple[str, str], ...]) -> bool:
        """Whether one of the API's complaints is about a field of the form."""
        return any(path in _WIRE for path, _words in complaints)
