"""What a person does and is only recorded here, by form and question: cancellation asked for, closing by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.booking.methods import METHODS, by_name, listed
from korus_tui.counter.core.problems import Doing
from korus_tui.i18n import _
from korus_tui.sale.money import Money, minor_digits
from korus_tui.sale.recall import Unreadable
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Method, PlacedOrder
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.answers import answered
from korus_tui.screens.common.back_amount import BackAmount
from korus_tui.screens.common.confirm import ConfirmScreen
from korus_tui.screens.common.dialog import FormDialog
from korus_tui.screens.common.tickets_back import another_way, back_field, handed_words
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.widgets.inputs.entry import Entry
from korus_tui.widgets.inputs.field import Field, RequiredNote
from korus_tui.widgets.inputs.money_input import MoneyInput
from korus_tui.widgets.text import key_line, paragraph

_LONGEST = 200  # characters of a reason


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, and what went back to the customer by which method."""

    reason: str
    given_back: Money | None = None
    method: Method | None = None
    tickets_back: bool | None = None


class ReasonScreen(FormDialog[Reason]):
    """A reason, and where `most` is given also an amount up to it with its method; None where the agent went back.

    `handed` says what the customer has of it; then it is asked whether that came back.
    """

    BINDINGS = commands.bindings("wish")

    def __init__(self, title: str, meaning: str, most: Money | None = None, handed: str = "") -> None:
        super().__init__()
        self._title = title
        self._meaning = meaning
        self._most = most
        self._handed = handed

    def compose(self) -> ComposeResult:
        with Vertical(id="wish"):
            yield Static(paragraph(self._title), classes="title", markup=False)
            yield Static(paragraph(self._meaning), classes="muted", markup=False)
            with VerticalScroll(id="wish-fields", can_focus=False):
                hint = _("it stays in the record: no names")
                yield Field(_("Reason"), Entry(max_length=_LONGEST), hint, required=True, id="reason")
                if self._most is not None:
                    yield from self._money(self._most)
                if self._handed:
                    yield Static(paragraph(self._handed), classes="strong", markup=False)
                    yield back_field()
            yield RequiredNote()
            keys = _("↵ next field   ‹wish.next› field   ‹wish.submit› go on   ‹wish.cancel› back, nothing is recorded")
            yield Static(key_line(keys), classes="keys", markup=False)

    def _money(self, most: Money) -> ComposeResult:
        hint = _("empty for none; at most {amount}").format(amount=words.money(most))
        entry = MoneyInput(decimals=minor_digits(most.currency), currency=most.currency)
        yield BackAmount(_("Given back"), entry, most, hint, id="back")
        yield Field(_("How"), Entry(max_length=24), listed(), check=_check_method, id="method")

    def on_mount(self) -> None:
        self.query_one("#reason", Field).entry.focus()

    def action_submit(self) -> None:
        """Give the wish, or go to the first field that is not good yet."""
        if not self.all_good():
            return
        if half := self._half():
            half.entry.focus()
            return
        back = self._back
        method = by_name(self.query_one("#method", Field).value) if back else None
        tickets = answered(self.query_one("#tickets", Field).value) if self._handed else None
        self.dismiss(Reason(self.query_one("#reason", Field).value.strip(), back, method, tickets))

    @property
    def _back(self) -> Money | None:
        return None if self._most is None else self.query_one(BackAmount).amount

    def _half(self) -> Field | None:
        """Money without a method, or a method without money, is asked about: neither is guessed."""
        if self._most is None:
            return None
        back, method = self.query_one("#back", Field), self.query_one("#method", Field)
        if self._back is not None and by_name(method.value) is None:
            method.show_error(_("How did the money go back? {names}").format(names=listed()))
            return method
        if self._back is None and method.value.strip():
            back.show_error(_("How much went back? Empty the line below for none."))
            return back
        return None


def _check_method(typed: str) -> str | None:
    return None if by_name(typed) else _("{names}: enough letters to tell them apart").format(names=listed())


def ask_for_cancellation(screen: TillScreen, sale: Sale, order: PlacedOrder) -> None:
    """Form, question, record; Korus itself is asked beside the API, as its contract says."""
    title = _("Record that Korus was asked to cancel {order}").format(order=order.reference)
    meaning = _(
        "No call of the API cancels an order: write to your Korus contact, and record here that you did. "
        "The order counts as sold until Korus shows it cancelled."
    )
    most = screen.services.cancelling.may_give_back(sale, order)

    rounds = screen.services.cash_rounding

    def asked(wish: Reason | None) -> None:
        if wish is None:
            return
        rounding = rounds.of(wish.given_back, wish.method)
        details = [_("Reason: {reason}").format(reason=wish.reason)]
        if wish.given_back and wish.method:
            back = rounds.rounded(wish.given_back, wish.method)
            details.append(METHODS[wish.method].goes_back.format(amount=words.money(back)))
            if rounding is not None:
                details.append(_("{amount}, rounded to coins.").format(amount=words.money(wish.given_back)))
            if hint := another_way(sale, wish.given_back, wish.method):
                details.append(hint)
        else:
            details.append(_("No money goes back now."))
        if wish.tickets_back is not None:
            details.append(_("The tickets came back.") if wish.tickets_back else _("The tickets did not come back."))
        question = _("Record the cancellation asked for {order}?").format(order=order.reference)
        confirm(
            screen,
            question,
            "\n".join(details),
            lambda: screen.services.cancelling.ask(
                sale.reference, order.order, wish.reason, wish.given_back, wish.method, wish.tickets_back, rounding
            ),
        )

    most = most if most and most.amount > 0 else None
    screen.app.push_screen(ReasonScreen(title, meaning, most, handed_words(sale)), asked)


def close_by_hand(screen: TillScreen, sale: Sale | Unreadable) -> None:
    """Form, question, record: only for a sale that nothing else can end."""
    title = _("Close {reference} by hand: {amount} paid, not confirmed")
    close: Callable[[str, str], Awaitable[object]] = screen.services.cancelling.close_by_hand
    if isinstance(sale, Unreadable):
        title = _("Close {reference} by hand: it cannot be read")
        close = screen.services.cancelling.close_unreadable
    title = title.format(reference=sale.reference, amount=words.money(sale.taken))
    meaning = _(
        "Korus is not asked any more, and nothing is ordered or given back by this. "
        "The money stays recorded, and the reports list the sale with your reason."
    )

    def asked(wish: Reason | None) -> None:
        if wish is None:
            return
        question = _("Close {reference} by hand? It leaves the board.").format(reference=sale.reference)
        details = _("Reason: {reason}").format(reason=wish.reason)
        confirm(screen, question, details, lambda: close(sale.reference, wish.reason))

    screen.app.push_screen(ReasonScreen(title, meaning), asked)


def confirm(screen: TillScreen, question: str, details: str, record: Callable[[], Awaitable[object]]) -> None:
    """Ask, and record what a person decided; what fails then is said on the page."""

    def answered(yes: bool | None) -> None:
        if yes:
            screen.services.background.start(_recorded(screen, record), "record what a person decided")

    screen.app.push_screen(ConfirmScreen(question, details, _("record it")), answered)


async def _recorded(screen: TillScreen, record: Callable[[], Awaitable[object]]) -> None:
    try:
        await record()
    except Exception as error:
        if screen.is_attached:
            screen.show_error(error, Doing.READ)
