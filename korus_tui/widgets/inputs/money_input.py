"""A field for an amount: cents as they are typed, or written out with comma or point."""

from __future__ import annotations

from dataclasses import dataclass

from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input

from korus_tui.widgets.amounts import priced
from korus_tui.widgets.inputs.entry import Entry
from korus_tui.widgets.inputs.money_text import CAP, Amount, money_text, parse_money
from korus_tui.widgets.text import clean, fit


@dataclass
class MoneyChanged(Message):
    """Another amount was typed; `minor` is None while there is none or it is not good."""

    minor: int | None
    money_input: MoneyInput

    @property
    def control(self) -> MoneyInput:
        return self.money_input


class MoneyInput(Entry):
    """Right-aligned amount in minor units of a currency (ISO 4217) with 0, 2 or 3 decimals."""

    def __init__(
        self,
        *,
        decimals: int = 2,
        currency: str = "",
        cap: int = CAP,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        """`cap` is the largest amount taken, in minor units."""
        super().__init__(max_length=24, id=id, classes=classes)
        self.decimals = decimals
        self.currency = currency
        self.cap = cap

    @property
    def amount(self) -> Amount:
        """What the typed text means."""
        return parse_money(self.value, self.decimals, self.cap)

    @property
    def value_minor(self) -> int | None:
        """The amount in minor units; None when nothing or nothing good was typed."""
        return self.amount.minor

    @property
    def problem(self) -> str | None:
        """What is wrong with the typed text, in words."""
        return self.amount.problem

    def replace(self, text: str, start: int, end: int) -> None:
        """A decimal sign that is deleted takes a digit with it: `60,` becomes `6,` and never 60 cents."""
        before = self.value
        super().replace(text, start, end)
        gone = next((sign for sign in ".," if sign in before), "")
        if gone and not text and self.value and not set(".,").intersection(self.value):
            self.value = self.value[:-1] + gone if len(self.value) > 1 else ""
            self.cursor_position = len(self.value)

    def set_minor(self, minor: int | None) -> None:
        """Fill in an amount, as note keys and "exact" do; typing afterwards starts a new one."""
        self.value = "" if minor is None else str(minor)
        self.select_all()

    def on_input_changed(self, _event: Input.Changed) -> None:
        """Tell the amount; the text itself is of no use to a screen."""
        self.post_message(MoneyChanged(self.value_minor, self))

    def action_cursor_left(self, select: bool = False) -> None:
        """The cursor stays at the right end, where the next digit comes in."""

    def action_cursor_right(self, select: bool = False) -> None:
        """Gives up the selection: the next digit is appended to the amount."""
        self.cursor_position = len(self.value)

    def action_home(self, select: bool = False) -> None:
        """As for the left arrow."""

    def action_cursor_left_word(self, select: bool = False) -> None:
        """As for the left arrow."""

    @property
    def shown(self) -> str:
        """What stands in the field: digits typed so far as money, anything else as typed."""
        typed = self.value.strip()
        minor = self.value_minor if typed.isascii() and typed.isdigit() else None
        shown = clean(self.value) if minor is None else money_text(minor, self.decimals)
        return priced(shown, self.currency)

    def render_line(self, y: int) -> Strip:
        """The amount at the right edge, and the cursor behind it."""
        width = self.scrollable_content_region.width
        if y or width < 2:
            return Strip.blank(width, self.rich_style)
        text, base = fit(self.shown, width - 1, "right"), self.rich_style
        end = Segment(" ", base)
        chosen = base
        if self.has_focus:
            end = Segment(" ", base + self.get_component_rich_style("input--cursor"))
            if not self.selection.is_empty:
                chosen = base + self.get_component_rich_style("input--selection")
        blank = len(text) - len(text.lstrip())
        return Strip([Segment(text[:blank], base), Segment(text[blank:], chosen), end], width)
