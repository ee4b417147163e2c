"""A number of tickets as typed into a field of its own; pure parser and its input."""

from __future__ import annotations

from korus_tui.i18n import _
from korus_tui.widgets.inputs.entry import Entry

MOST = 999


def parse_quantity(text: str, least: int = 1, most: int = MOST) -> tuple[int | None, str | None]:
    """The quantity, or a sentence that says what is wrong; both None for an empty text (F54)."""
    word = text.strip()
    if not word:
        return None, None
    if not word.isascii() or not word.isdigit():
        return None, _("Whole tickets only: a number from %(least)d to %(most)d.") % {"least": least, "most": most}
    quantity = int(word[:12])
    if quantity < least:
        return None, _("At least %(least)d.") % {"least": least}
    if quantity > most:
        return None, _("At most %(most)d.") % {"most": most}
    return quantity, None


class QuantityInput(Entry):
    """A field for 1 to 999, or within other limits."""

    def __init__(
        self,
        *,
        least: int = 1,
        most: int = MOST,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        super().__init__(max_length=8, id=id, classes=classes)
        self.least = least
        self.most = most

    @property
    def quantity(self) -> int | None:
        """The typed quantity, None when nothing good was typed."""
        return parse_quantity(self.value, self.least, self.most)[0]

    @property
    def problem(self) -> str | None:
        """What is wrong with the typed text, in words."""
        return parse_quantity(self.value, self.least, self.most)[1]
