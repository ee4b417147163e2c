"""How an amount is written on the screen: as everywhere, with signs that this terminal can show."""

from __future__ import annotations

from korus_tui.text import amounts
from korus_tui.widgets.signs import signs, spelt_out


def priced(figure: str, currency: str) -> str:
    """A figure beside its currency's sign: `€12.50`, `12,50 €`, and `EUR` where there is no such sign."""
    said = amounts.priced(figure, currency)
    return spelt_out(said) if signs().is_ascii else said
