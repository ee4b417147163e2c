"""Amounts as a cashier types them, into minor units; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from korus_tui.i18n import _
from korus_tui.text.amounts import written

CAP = 9_999_999  # minor units (99,999.99 of a currency with cents): no counter takes more in one payment
_SPACES = re.compile(r"[ \u00a0\u202f\u2009\t']")
_TYPED = re.compile(r"[0-9]+")
_WRITTEN = re.compile(r"([0-9]*)[.,]([0-9]*)")


@dataclass(frozen=True, slots=True)
class Amount:
    """What a text means: `minor` units, or a `problem` in words; an empty text is neither."""

    minor: int | None = None
    problem: str | None = None


def parse_money(text: str, digits: int = 2, cap: int = CAP) -> Amount:  # noqa: PLR0911 - one mistake a line
    """Digits alone are minor units (`1234` is 12.34); with a comma or point they are written out (`12,5` is 12.50)."""
    bare = _SPACES.sub("", text)
    if not bare:
        return Amount()
    if any(c.isdigit() and not c.isascii() for c in bare):
        return Amount(problem=_("Use the digits 0 to 9."))
    if bare[0] in "-−–":
        return Amount(problem=_("An amount cannot be negative."))
    if _TYPED.fullmatch(bare):
        return _capped(int(bare[:20]), digits, cap)
    written = _WRITTEN.fullmatch(bare)
    if written is None or not (written[1] or written[2]):
        return Amount(problem=_("Digits only, with at most one comma or point."))
    if len(written[2]) > digits:
        return Amount(problem=_("At most %(digits)d decimals.") % {"digits": digits})
    return _capped(int((written[1] or "0")[:20]) * 10**digits + int(written[2].ljust(digits, "0") or "0"), digits, cap)


def _capped(minor: int, digits: int, cap: int) -> Amount:
    if minor > cap:
        return Amount(problem=_("More than %(cap)s: check the amount.") % {"cap": money_text(cap, digits)})
    return Amount(minor=minor)


def money_text(minor: int, digits: int = 2) -> str:
    """Minor units written out: 1234 is `12.34`, 1234567 is `12,345.67`, in English."""
    return written(Decimal(minor).scaleb(-digits), digits)
