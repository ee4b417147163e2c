"""The customer's language: what the API is asked for, what the order says, what the slip is written in."""

from __future__ import annotations

from korus_tui import i18n
from korus_tui.counter.core.desk import Desk


class CustomerLanguage:
    """Belongs to the sale at the counter; before there is one it is chosen for the next, and a new customer has
    `usual`, the profile's, again."""

    def __init__(self, desk: Desk, usual: str) -> None:
        self._desk = desk
        self._usual = usual
        self._next = ""
        desk.watch(self._sale_changed)

    @property
    def now(self) -> str:
        """The language of the customer at the counter, such as `fr`."""
        sale = self._desk.sale
        return sale.language if sale is not None else self._next or self._usual

    @property
    def unusual(self) -> str:
        """The language, where it is not the profile's; else empty."""
        return "" if self.now == self._usual else self.now

    @property
    def known(self) -> tuple[str, ...]:
        """What can be chosen: the profile's, then those of the interface."""
        return tuple(dict.fromkeys((self._usual, *i18n.languages())))

    async def change(self) -> str:
        """The next one; with a sale at the counter it is recorded. Raises NotAllowed and the journal's errors."""
        known, sale = self.known, self._desk.sale
        wanted = known[(known.index(self.now) + 1) % len(known)] if self.now in known else known[0]
        if sale is None:
            self._next = wanted
        else:
            from korus_tui.sale.events import LanguageChosen  # first frame

            await self._desk.record(sale.reference, LanguageChosen(wanted))
        return wanted

    def _sale_changed(self) -> None:
        if self._desk.sale is not None:
            self._next = ""
