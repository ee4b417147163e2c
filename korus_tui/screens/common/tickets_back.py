"""What the customer has of a sale whose money goes back, how it was paid, and whether the tickets came back.

Asked and said wherever money goes back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from textual.app import App

from korus_tui import commands
from korus_tui.i18n import _, ngettext
from korus_tui.sale.money import Money
from korus_tui.sale.payment import paid_by
from korus_tui.sale.state import Sale
from korus_tui.sale.values import SHOWN, Method
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.answers import no_answer
from korus_tui.screens.common.confirm import QuestionScreen
from korus_tui.screens.common.methods import how
from korus_tui.widgets.inputs.entry import Entry
from korus_tui.widgets.inputs.field import Field


def handed_words(sale: Sale) -> str:
    """What was handed over, in which ways, and how often; empty where nothing was."""
    if not sale.handed and not sale.shown:
        return ""
    ways = Counter(one.how for one in sale.handed)
    if sale.shown:
        ways[SHOWN] = len(sale.shown)
    names = {"link": _("link"), "qr": _("QR code"), "saved": _("file"), "printed": _("printed")}
    names[SHOWN] = _("link or code on the screen")
    said = ", ".join(f"{names.get(how, how)} {count}×" for how, count in ways.items())
    documents = len(sale.shown.union(one.document for one in sale.handed))
    words = ngettext("Handed over: {count} document ({ways}).", "Handed over: {count} documents ({ways}).", documents)
    return words.format(count=documents, ways=said) + " " + _("Ask for the tickets back.")


def another_way(sale: Sale, amount: Money, method: Method) -> str:
    """A hint where more goes back this way than came so: a voucher becomes cash by it. Empty where it does not."""
    paid = paid_by(sale)
    if method in paid and amount <= paid[method]:
        return ""
    ways = ", ".join(f"{words.money(one)} {how(way)}" for way, one in paid.items())
    return _("Paid: {ways}. More goes back {how} than was paid so.").format(ways=ways, how=how(method)) if ways else ""


def back_field() -> Field:
    """The question; neither answer is proposed."""
    return Field(
        _("Tickets back"),
        Entry(max_length=3),
        _("y or n: it stays in the record"),
        required=True,
        check=no_answer,
        id="tickets",
    )


class TicketsBackScreen(QuestionScreen[bool | None]):
    """Asks whether what was handed over came back, where no form asks it; None is no answer, and nothing is done."""

    NAME = "tickets_back"
    BINDINGS = commands.bindings("tickets_back")

    def __init__(self, handed: str) -> None:
        """`handed` says what was handed over."""
        keys = _("‹tickets_back.yes› yes   ‹tickets_back.no› no   ‹tickets_back.cancel› leave everything as it is")
        super().__init__(_("Did the tickets come back?"), handed, keys)

    def action_yes(self) -> None:
        """They came back."""
        self._answer(True)

    def action_no(self) -> None:
        """They did not."""
        self._answer(False)

    def _answer(self, back: bool) -> None:
        if self.armed:
            self.dismiss(back)

    def action_cancel(self) -> None:
        """Nothing is done."""
        self.dismiss(None)


def ask_for_tickets(app: App[Any], sale: Sale, then: Callable[[bool | None], None]) -> None:
    """Go on with whether the tickets came back: asked where something was handed over, else None."""
    handed = handed_words(sale)
    if not handed:
        then(None)
        return

    def answered(back: bool | None) -> None:
        if back is not None:
            then(back)

    app.push_screen(TicketsBackScreen(handed), answered)
