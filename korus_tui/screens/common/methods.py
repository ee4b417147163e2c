"""How money is paid, in words."""

from __future__ import annotations

from korus_tui.i18n import _
from korus_tui.sale.values import Method


def how(method: Method) -> str:
    """The method within a sentence."""
    return {Method.CASH: _("in cash"), Method.CARD: _("by card"), Method.VOUCHER: _("by voucher")}[method]
