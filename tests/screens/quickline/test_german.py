"""A third language is one folder: a whole sale by keys in German, its dates, its quick line and its receipt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sandbox_process import SandboxProcess
from test_quick import FAMILY, Line, at_catalog, lines

from korus_tui import i18n
from korus_tui.screens.checkout.screen import CheckoutScreen
from korus_tui.screens.quickline.screen import QuickScreen


@pytest.fixture(autouse=True)
def _german() -> Iterator[None]:
    """German, for the length of a test."""
    with i18n.speaking("de"):
        yield


def plain(one: Line) -> str:
    """What can be read, with ordinary spaces."""
    return one.text.replace("\u00a0", " ")


async def test_a_sale_by_keys_in_german(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path, size=(80, 24)) as one:
        assert "tippen, um ein Produkt zu finden" in one.text
        await one.open_line("2erw2k di")
        assert [item.day for item in one.quick.read.items] == [date(2026, 6, 9)] * 2  # Dienstag, and no dimanche
        await one.press("escape")
        await one.until(lambda: not isinstance(one.app.screen, QuickScreen))
        await one.press("ctrl+u", "ctrl+u")
        await one.until(lambda: one.till.services.language == "de")
        await one.until(lambda: one.till.services.catalogs.content.language == "de")
        await one.open_line("2erw2k 20h mi !$=")
        await one.quoted()
        assert "Mi. 3. Juni" in one.text, one.text
        assert "zurück, nichts reserviert" in one.text, one.text
        await one.press("enter")
        await one.until(lambda: isinstance(one.app.screen, CheckoutScreen))
        checkout = one.app.screen
        assert isinstance(checkout, CheckoutScreen)
        await one.until(lambda: checkout.guard.ready and checkout.payment.pane and checkout.payment.pane.payment())
        assert lines(one.sale) == FAMILY
        assert one.sale is not None
        assert "F10 kassiert 247,50 € bar und bucht" in plain(one)
        await one.press("f10")
        await one.until(lambda: "Die Bestellungen sind vollständig." in one.text)
        receipt = (await one.till.services.slips.of(one.sale.reference)).text
        for words in ("BELEG", "Datum     03.06.2026", "Summe EUR", "247,50", "bezahlt, bar"):
            assert words in receipt, receipt


async def test_a_question_is_answered_with_the_first_letter_of_its_answers(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        await one.open_line("1erw 20h")
        await one.quoted()
        await one.press("enter")
        sale = await one.held()
        await one.press("v")
        await one.until(lambda: f"Verkauf {sale.reference} abbrechen?" in one.text)
        assert "alles lassen, wie es ist" in one.text
        await one.press("escape")
        assert one.sale is not None
