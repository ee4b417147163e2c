"""A price below the smallest coin is one amount wherever it stands: said, held, paid, printed, ordered, counted."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from checkout_counter import AtCheckout, at_documents
from sandbox_process import CATALOG
from till import DAY_PRODUCT, Till
from world.server import World
from world.truth import SALE_DAYS

from korus_tui.app.korus_app import KorusApp
from korus_tui.counter.till.report import as_text
from korus_tui.sale.differences import differences
from korus_tui.sale.money import Money, total
from korus_tui.screens.cart.screen import CartScreen
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.common import formats as words
from korus_tui.screens.orders.order.screen import OrderScreen


@pytest.mark.parametrize(
    ("price", "currency", "lines"),
    [
        ("12.345", "EUR", ("12.35", "24.69", "37.04")),
        ("12.5", "JPY", ("13", "25", "38")),
        ("1.2345", "TND", ("1.235", "2.469", "3.704")),
    ],
)
async def test_a_price_below_the_cent_is_one_amount_everywhere_c08(
    price: str, currency: str, lines: tuple[str, ...], tmp_path: Path
) -> None:
    wanted = [Money.of(one, currency) for one in lines]
    whole = total(wanted, currency)
    said = words.money(whole).replace("\u00a0", " ")
    with World("1.0.19") as world:
        world.truth.currency = currency
        for offer in world.truth.offers.values():
            offer.price = Decimal(price)
        till = Till(world, tmp_path, currency=currency)
        app = KorusApp(till.services, CatalogScreen(till.services), log=till.paths.log_file, theme="korus-dark")
        async with app.run_test(size=(80, 24)) as pilot:
            desk = AtCheckout(till, pilot)
            await till.open_till()
            desk.reference = (await till.services.desk.open(CATALOG, "en")).reference
            chosen = [await till.line(DAY_PRODUCT, day, n) for n, day in enumerate(SALE_DAYS[:3], 1)]
            await till.services.holding.add(desk.reference, chosen)
            await desk.until(lambda: len(desk.sale.holds) == 3 and not desk.sale.attempt)
            assert [hold.total for hold in desk.sale.holds] == wanted
            app.push_screen(CartScreen(till.services))
            await desk.on(CartScreen)
            await desk.until(lambda: words.money(whole) in desk.text)
            assert all(f"{words.figure(one)} " in desk.text for one in wanted), desk.text
            await desk.checkout()
            await desk.press("w", "c", "equals_sign")
            await desk.until(lambda: f"takes {said} in cash and books" in desk.sentences)
            assert desk.screen.query_one("#part-cash").value == ""
            await desk.take()
            await at_documents(desk)
            (paid,) = desk.sale.payments
            assert (paid.amount, paid.tendered, paid.change) == (whole, whole, Money.of(0, currency))
            assert not differences(desk.sale)
            assert [order.total for order in desk.sale.orders] == wanted
            await desk.press("t")
            slip = (
                await desk.until(lambda: desk.app.screen.query("#slip-text") and desk.said("#slip-text").strip())
            ).split()
            assert all(one.text in slip for one in (*wanted, whole)), slip
            app.push_screen(OrderScreen(till.services, desk.reference))
            await desk.until(lambda: all(f"  {words.money(one)} " in desk.text for one in wanted))
            reading = await till.services.till.read()
            assert reading.expected == whole
            assert f"{whole.text} {currency}" in as_text([reading])
            assert (await till.services.till.close(whole)).shift.closing.difference == Money.of(0, currency)


def test_a_fraction_of_a_coin_is_no_difference_c08() -> None:
    """How somebody rounded is no other price; a cent is."""
    exact = Money.of("24.69", "EUR")
    assert exact.is_like(Money.of("24.685", "EUR"))
    assert not exact.is_like(Money.of("24.70", "EUR"))
    assert [Money.of(one, "EUR").whole.text for one in ("12.345", "12.344", "-0.005", "3")] == [
        "12.35",
        "12.34",
        "-0.01",
        "3.00",
    ]
