"""An amount that goes back over the counter, in whatever form it is typed."""

from __future__ import annotations

from textual import on

from korus_tui.i18n import _
from korus_tui.sale.money import Money
from korus_tui.sale.payment import Misfit, misfit_of_part
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.methods import typed_hint
from korus_tui.widgets.inputs.field import Field
from korus_tui.widgets.inputs.money_input import MoneyChanged, MoneyInput


class BackAmount(Field):
    """At most `most`. What is typed says at once what it means, or what is wrong with it (docs/rules.md, Payment)."""

    def __init__(
        self,
        label: str,
        entry: MoneyInput,
        most: Money,
        hint: str = "",
        *,
        required: bool = False,
        id: str,  # noqa: A002 - Textual's name
    ) -> None:
        aside = typed_hint(most.currency)
        super().__init__(label, entry, hint, required=required, check=lambda _typed: self.misfit, aside=aside, id=id)
        self._money = entry
        self._most = most
        self._untyped = hint

    @property
    def amount(self) -> Money | None:
        """What is typed; None while it is no amount."""
        minor = self._money.value_minor
        return None if minor is None else Money.from_minor(minor, self._most.currency)

    @property
    def misfit(self) -> str | None:
        """Why it cannot go back, in words; None where it can."""
        misfit = misfit_of_part(self._most, self.amount)
        if misfit is Misfit.ABOVE_DUE:
            return _("At most {amount}.").format(amount=words.money(self._most))
        return None if misfit is None else self._money.problem or _("An amount above zero.")

    @on(MoneyChanged)
    def say_typed(self) -> None:
        """What was typed, as money, and what of the whole stays."""
        amount, misfit = self.amount, self.misfit
        if not self.value:
            self.tell(self._untyped)
        elif misfit is not None or amount is None:
            self.show_error(misfit)
        elif amount == self._most:
            self.tell(_("{amount} goes back, all of it").format(amount=words.money(amount)))
        else:
            said = _("{amount} goes back, {rest} stays")
            self.tell(said.format(amount=words.money(amount), rest=words.money(self._most - amount)))

    def relabel(self, was: Field, now: Field) -> None:
        """The words under the field too."""
        super().relabel(was, now)
        self._untyped = now.hint
        self.say_typed()
