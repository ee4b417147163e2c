"""How money was received: one pane a method, each with the fields that its record needs."""

from __future__ import annotations

from typing import ClassVar, assert_never

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from korus_tui import commands
from korus_tui.commands.paying import NOTE_KEYS
from korus_tui.counter.booking.methods import METHODS
from korus_tui.counter.core.desk import new_id
from korus_tui.i18n import _
from korus_tui.sale.money import Money, minor_digits
from korus_tui.sale.payment import Misfit, change, misfit_of_given, misfit_of_part, notes
from korus_tui.sale.rounding import CashRounding
from korus_tui.sale.values import Method, Payment
from korus_tui.screens.checkout import text as say
from korus_tui.screens.common import formats as words
from korus_tui.widgets.big_amount import BigAmount
from korus_tui.widgets.inputs.entry import Entry
from korus_tui.widgets.inputs.field import Field, RequiredNote
from korus_tui.widgets.inputs.money_input import MoneyInput

_AMOUNT_SIGNS = "0123456789.,"
_ANSWERED = "sweb" + "".join(
    one.key for one in METHODS.values()
)  # letters that are answered in words, or told where an amount stands: split, customer, borne

_AT_AN_AMOUNT = "=wesb "  # keys that are pressed while an amount is typed


class CountedInput(MoneyInput):
    """An amount field that keeps only what amounts are written with; letters are keys of the screen.

    Behind an amount that is being typed no letter undoes, holds again or goes on: it was not meant for that. Where a
    `number` may be meant (of a voucher), what was typed among its letters is no amount until the field is emptied.
    """

    def __init__(self, *, decimals: int, currency: str, number: bool = False) -> None:
        super().__init__(decimals=decimals, currency=currency)
        self._may_be_number = number
        self._stray = ""

    @property
    def problem(self) -> str | None:
        """As for every amount; and that letters were typed with it."""
        if self._stray:
            return _("“{letter}” is no part of an amount. Empty the field; a number has a field of its own.").format(
                letter=self._stray
            )
        return super().problem

    @property
    def value_minor(self) -> int | None:
        """No amount, where it may be a number's digits."""
        return None if self._stray else super().value_minor

    def replace(self, text: str, start: int, end: int) -> None:
        """An emptied field is as new."""
        super().replace(text, start, end)
        if not self.value:
            self._stray = ""

    def set_minor(self, minor: int | None) -> None:
        """What is filled in is an amount."""
        self._stray = ""
        super().set_minor(minor)

    def clear(self) -> None:
        self._stray = ""
        super().clear()

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Digits, comma and point are typed here."""
        return character is not None and character in _AMOUNT_SIGNS

    def on_key(self, event: events.Key) -> None:
        """Anything else printable goes on to the screen's keys."""
        if event.is_printable and not self.check_consume_key(event.key, event.character):
            event.prevent_default()
            if self._may_be_number and event.character and event.character not in _AT_AN_AMOUNT:
                self._stray = event.character
                self.post_message(Input.Changed(self, self.value))
            if self.value and event.character and event.character.isalpha() and event.character not in _ANSWERED:
                event.stop()


class PaymentPane(Vertical):
    """The fields of one method. `due` is what is still to collect; with `split`, a part of it is taken."""

    METHOD: ClassVar[Method]
    PART_ALWAYS: ClassVar[bool] = False

    def __init__(self, currency: str, rounding: CashRounding) -> None:
        super().__init__(id=f"pane-{self.METHOD}", classes="pane")
        self.currency = currency
        self.rounding = rounding
        self.due: Money | None = None
        self.split = False
        self.display = False

    def compose(self) -> ComposeResult:
        """The amount to take, where it is not all that is due, and the method's own fields."""
        yield Field(_("Take now"), self._money_input(), id=f"part-{self.METHOD}", aside=say.typed_hint(self.currency))
        required = False
        for widget in self.fields():
            required |= isinstance(widget, Field) and widget.required
            yield widget
        if required:
            yield RequiredNote()

    def fields(self) -> ComposeResult:
        """The method's own fields."""
        yield from ()

    def _money_input(self) -> CountedInput:
        digits = minor_digits(self.currency)
        return CountedInput(decimals=digits, currency=self.currency, number=self.PART_ALWAYS)

    @property
    def part_field(self) -> Field:
        """The field of the amount to take now."""
        return self.query_one(f"#part-{self.METHOD}", Field)

    def open(self, due: Money, split: bool) -> None:
        """Show the pane for this amount, empty, with the cursor in its first field."""
        self.display = True
        for field in self.query(Field):
            field.entry.clear()
            field.show_error(None)
        self.due_changed(due)
        self.part_allowed(split)
        self.focus_first()

    def part_allowed(self, split: bool) -> None:
        """Whether less than what is due may be taken."""
        self.split = split
        self.part_field.display = split or self.PART_ALWAYS

    def due_changed(self, due: Money) -> None:
        """Another amount is due now; what is typed stays."""
        self.due = due

    def focus_first(self) -> None:
        """The cursor where typing starts."""
        first = next((field for field in self.query(Field) if field.display), None)
        if first is not None:
            first.entry.focus()

    @on(Input.Submitted)
    def next_field(self, event: Input.Submitted) -> None:
        """Enter goes on to the pane's next field; behind the last one there is only F10."""
        event.stop()
        entries = [field.entry for field in self.query(Field) if field.display]
        place = entries.index(event.input) + 1 if event.input in entries else len(entries)
        if place < len(entries):
            entries[place].focus()

    def close(self) -> None:
        """Nothing of the pane is shown or kept."""
        self.display = False
        for field in self.query(Field):
            field.entry.clear()

    def money_in(self, field: Field) -> Money | None:
        """The amount typed in a money field; None while there is none or it is not good."""
        entry = field.entry
        minor = entry.value_minor if isinstance(entry, MoneyInput) else None
        return None if minor is None else Money.from_minor(minor, self.currency)

    def exact(self) -> bool:
        """Fill in exactly what is due; False where no coin is small enough for it."""
        return self._fill(self.part_field, self.due)

    def _fill(self, field: Field, amount: Money | None) -> bool:
        if amount is None or not isinstance(field.entry, MoneyInput):
            return True
        try:
            field.entry.set_minor(amount.minor)
        except ValueError:
            return False
        field.show_error(None)
        return True

    @property
    def amount(self) -> Money | None:
        """What would be taken now; None while that is not known."""
        return self.money_in(self.part_field) if self.part_field.display else self.due

    @property
    def collected(self) -> Money | None:
        """The same as it is collected: cash in coins that exist."""
        amount = self.amount
        return None if amount is None else self.rounding.rounded(amount, self.METHOD)

    def fault(self) -> tuple[Field, str] | None:
        """The first field that keeps F10 from taking money, and why, in words."""
        return self._part_fault() or self.own_fault()

    def own_fault(self) -> tuple[Field, str] | None:
        """The same of the method's own fields."""
        own = (field for field in self.query(Field) if field is not self.part_field)
        return next(((field, wrong) for field in own if (wrong := field.wrong)), None)

    @property
    def lost(self) -> Money | None:
        """What of a value that was handed over does not go back; None where nothing is lost."""
        return None

    def payment(self) -> Payment | None:
        """What F10 records; None after saying under the field what is missing."""
        fault, amount = self.fault(), self.amount
        if fault is not None:
            self.complain(*fault)
            return None
        return None if amount is None else self.record(amount)

    def record(self, amount: Money) -> Payment:
        """The payment of this amount with the method's own facts."""
        return Payment(new_id(), self.METHOD, amount)

    def _part_fault(self) -> tuple[Field, str] | None:
        if not self.part_field.display or self.due is None:
            return None
        entry, part = self.part_field.entry, self.money_in(self.part_field)
        misfit = misfit_of_part(self.due, part)
        typed = entry.problem if isinstance(entry, MoneyInput) else None
        if typed is None and misfit is None:
            return None
        return self.part_field, typed or self._part_words(misfit)

    def _part_words(self, misfit: Misfit | None) -> str:
        if misfit is Misfit.ABOVE_DUE:
            return _("More than is owed: at most {amount}.").format(amount=words.money(self.due))
        if misfit is Misfit.ZERO:
            return _("An amount above zero.")
        return _("Type the amount to take, or = for all of it.")

    def complain(self, field: Field, sentence: str) -> None:
        """A sentence under a field, and the cursor in it."""
        field.show_error(sentence)
        field.entry.focus()


class CashPane(PaymentPane):
    """Cash: the amount given, note keys that add up, the change as soon as it is known."""

    METHOD = Method.CASH

    def fields(self) -> ComposeResult:
        """Given, note keys, change."""
        yield Field(_("Given"), self._money_input(), id="given", aside=say.typed_hint(self.currency))
        yield Static(self._key_words(), id="note-keys", markup=False)
        with Horizontal(id="change-row"):
            yield Static(Content(_("Change")), id="change-label", markup=False)
            yield BigAmount(id="change")

    def _key_words(self) -> Content:
        parts: list[tuple[str, str] | str] = [
            (commands.keys("checkout.exact"), "bold $text-accent"),
            "\u00a0" + _("exact"),
        ]
        for number, note in enumerate(notes(self.currency)[:NOTE_KEYS]):
            parts += ["   ", (commands.keys(f"checkout.note({number})"), "bold $text-accent"), f"\u00a0+{note}"]
        return Content.assemble(*parts)

    @property
    def given_field(self) -> Field:
        """The field of the amount that the customer gave."""
        return self.query_one("#given", Field)

    def open(self, due: Money, split: bool) -> None:
        """As for every method; no change is known yet."""
        super().open(due, split)
        self.show_change()

    def exact(self) -> bool:
        """Exactly the amount was given; in the field of the part, the part is all of it."""
        if self.part_field.display and self.part_field.entry.has_focus:
            return super().exact()
        return self._fill(self.given_field, self.collected)

    def note(self, number: int) -> None:
        """One more of the n-th banknote is on the counter."""
        known = notes(self.currency)
        if number < len(known):
            given = self.money_in(self.given_field) or Money.of(0, self.currency)
            self._fill(self.given_field, given + Money.of(known[number], self.currency))

    def show_change(self) -> None:
        """The change, large, as soon as enough was given."""
        amount, given = self.collected, self.money_in(self.given_field)
        back = change(amount, given) if amount is not None and given and amount <= given else None
        self.query_one("#change-row").set_class(back is not None, "-known")
        self.query_one("#change", BigAmount).show(words.money(back))

    def own_fault(self) -> tuple[Field, str] | None:
        """Enough has to be given; of a part nothing need be said, where it was counted out exactly."""
        amount, given, entry = self.collected, self.money_in(self.given_field), self.given_field.entry
        typed = entry.problem if isinstance(entry, MoneyInput) else None
        if amount is None or (typed is None and given is None and self.part_field.display):
            return (self.given_field, typed) if typed else None
        misfit = misfit_of_given(amount, given)
        if typed is None and misfit is None:
            return None
        return self.given_field, typed or self._given_words(misfit, amount, given)

    def record(self, amount: Money) -> Payment:
        """Cash with what was given; a part without a given amount was counted out exactly."""
        rounding, given = self.rounding.of(amount, self.METHOD), self.money_in(self.given_field)
        tendered = self.rounding.rounded(amount, self.METHOD) if given is None else given
        return Payment(new_id(), self.METHOD, amount, tendered=tendered, rounding=rounding)

    def _part_fault(self) -> tuple[Field, str] | None:
        """A part has to be there in coins; only the sum that settles all is rounded, so that it is rounded once."""
        found, part = super()._part_fault(), self.money_in(self.part_field)
        if found or not self.part_field.display or part is None or part == self.due:
            return found
        coin = self.rounding.coin(self.currency)
        if coin is None or not part.amount % coin.amount:
            return None
        said = _("No coins make {amount}: a part in cash is counted in {coin}.")
        return self.part_field, said.format(amount=words.money(part), coin=words.money(coin))

    def _given_words(self, misfit: Misfit | None, amount: Money, given: Money | None) -> str:
        if misfit is Misfit.TOO_LITTLE and given is not None:
            missing = words.money(amount - given)
            return _("{amount} is missing; ‹checkout.split› splits the payment.").format(amount=missing)
        return _("Type the amount given, or = for exactly {amount}.").format(amount=words.money(amount))


def _last_four(text: str) -> str | None:
    bare = text.strip()
    good = bare.isascii() and bare.isdecimal() and len(bare) <= 4
    return None if good else _("The last four digits at most.")


class CardPane(PaymentPane):
    """A card, paid at the counter's own reader: what its slip says, never the card's number."""

    METHOD = Method.CARD

    def fields(self) -> ComposeResult:
        """Authorisation number, brand, last four digits."""
        yield Field(_("Authorisation"), Entry(max_length=32), id="authorisation", required=True)
        yield Field(_("Brand"), Entry(placeholder=_("CB, Visa, Mastercard"), max_length=32), id="brand")
        yield Field(_("Last four digits"), Entry(max_length=4), id="last-four", check=_last_four)

    def record(self, amount: Money) -> Payment:
        """The card's record as the reader's slip has it."""
        return Payment(
            new_id(),
            self.METHOD,
            amount,
            brand=self._text("brand"),
            authorisation=self._text("authorisation"),
            last_four=self._text("last-four"),
        )

    def _text(self, name: str) -> str:
        return self.query_one(f"#{name}", Field).value.strip()


class VoucherPane(PaymentPane):
    """A voucher: its reference and what it is worth here; it gives no change."""

    METHOD = Method.VOUCHER
    PART_ALWAYS = True

    def fields(self) -> ComposeResult:
        yield Field(_("Voucher reference"), Entry(max_length=64), id="voucher", required=True)

    def record(self, amount: Money) -> Payment:
        return Payment(new_id(), self.METHOD, amount, voucher=self.query_one("#voucher", Field).value.strip())


def _count(text: str) -> str | None:
    bare = text.strip()
    return None if not bare or (bare.isascii() and bare.isdecimal() and int(bare) > 0) else _("A number of vouchers.")


class HolidayVoucherPane(PaymentPane):
    """Holiday vouchers (ANCV): so many of one face value. They give no change; what they say beyond it is lost."""

    METHOD = Method.HOLIDAY_VOUCHER

    def fields(self) -> ComposeResult:
        """The value that stands on one of them, and how many there are."""
        yield Field(
            _("Face value"),
            self._money_input(),
            required=True,
            check=lambda _typed: self._wrong_face(),
            id="face",
            aside=say.typed_hint(self.currency),
        )
        yield Field(_("How many"), Entry(placeholder="1", max_length=3), check=_count, id="count")

    def part_allowed(self, split: bool) -> None:
        """They always pay a part, or all of it."""
        self.split = split
        self.part_field.display = False

    @property
    def _face_field(self) -> Field:
        return self.query_one("#face", Field)

    @property
    def _how_many(self) -> int:
        typed = self.query_one("#count", Field).value
        return int(typed) if typed.strip() and not _count(typed) else 1

    def _wrong_face(self) -> str | None:
        entry, face = self._face_field.entry, self.money_in(self._face_field)
        if face is not None and not face:
            return _("An amount above zero.")
        return entry.problem if isinstance(entry, MoneyInput) else None

    @property
    def _face(self) -> Money | None:
        one = self.money_in(self._face_field)
        return None if one is None else one * self._how_many

    @property
    def amount(self) -> Money | None:
        """What they are worth together, no more than is due."""
        face = self._face
        return face if face is None or self.due is None or face <= self.due else self.due

    @property
    def lost(self) -> Money | None:
        """What they say beyond what is due."""
        face, amount = self._face, self.amount
        return face - amount if face is not None and amount is not None and amount < face else None

    def exact(self) -> bool:
        """One of all that is due."""
        return self._fill(self._face_field, self.due)

    def record(self, amount: Money) -> Payment:
        """What they pay, with what stands on them."""
        return Payment(new_id(), self.METHOD, amount, face=self._face, count=self._how_many)


def pane_of(method: Method, currency: str, rounding: CashRounding) -> PaymentPane:
    """A pane for each way to pay: mypy refuses a method without one."""
    match method:
        case Method.CASH:
            return CashPane(currency, rounding)
        case Method.CARD:
            return CardPane(currency, rounding)
        case Method.VOUCHER:
            return VoucherPane(currency, rounding)
        case Method.HOLIDAY_VOUCHER:
            return HolidayVoucherPane(currency, rounding)
        case _:
            assert_never(method)
