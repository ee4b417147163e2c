"""Whatever way a product comes into a sale, the sale's limits are the same, and only what is to go goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from checkout_counter import counter as at_checkout
from checkout_counter import lapsed, paid_exactly
from sandbox_process import SandboxProcess
from test_quick import Line, at_catalog, calls
from till import BEFORE_SEASON

from korus_tui.counter.services import Services
from korus_tui.sale.stage import Stage
from korus_tui.sale.state import LineStatus
from korus_tui.screens.cart.parked import ParkedScreen
from korus_tui.screens.cart.screen import CartScreen
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.checkout.screen import CheckoutScreen
from korus_tui.screens.dates.offers import OffersScreen
from korus_tui.screens.quickline.screen import QuickScreen


@pytest.fixture
def before() -> Iterator[SandboxProcess]:
    """Before the season, where the sandbox does not replay the tutorial's amounts."""
    with SandboxProcess(now=BEFORE_SEASON) as sandbox:
        yield sandbox


def people(one: Line) -> int:
    assert one.sale is not None
    return one.sale.places


async def by_line(one: Line, text: str) -> None:
    """Typed over the catalog, and Enter."""
    if not isinstance(one.app.screen, CatalogScreen):
        await one.press("escape")
        await one.on(CatalogScreen)
    await one.open_line(text)
    await one.quoted()
    await one.press("enter")


async def by_dates(one: Line, people: str) -> None:
    """On the page of dates of the same product."""
    await one.open("pass emotion adulte")
    await one.until(lambda: one.offers.pane.offer)
    await one.press(people, "enter")


async def to_the_money(one: Line) -> None:
    """From the cart to the checkout, once Enter is alive."""
    await one.until(lambda: isinstance(one.app.screen, CartScreen) and one.app.screen.armed)
    await one.press("enter")


async def check_refused(one: Line, held: int, sandbox: SandboxProcess) -> None:
    """It is said, nothing was asked for, and the sale is what it was."""
    asked = calls(sandbox, "reservations_bulk")
    await one.until(lambda: "at most 10 in one order" in " ".join(one.text.split()).lower())
    assert people(one) == held
    assert calls(sandbox, "reservations_bulk") == asked


async def test_the_quick_line_counts_what_the_sale_has_already(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path, favourite="") as one:
        await by_line(one, "8a emotion")
        await one.held()
        await by_line(one, "8a emotion")
        await check_refused(one, 8, sandbox)
        await one.press("escape")
        await by_line(one, "8c emotion")  # another price of the same base
        await check_refused(one, 8, sandbox)
        await one.press("escape")
        await by_line(one, "2a emotion")
        await one.until(lambda: people(one) == 10 and isinstance(one.app.screen, CartScreen))


async def test_the_dates_count_what_the_quick_line_brought(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path, favourite="") as one:
        await by_line(one, "8a emotion")
        await one.held()
        await one.press("a")
        await by_dates(one, "8")
        await check_refused(one, 8, sandbox)


async def test_a_parked_sale_bears_a_note_and_is_counted_anew_when_it_is_back_c24(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with at_catalog(sandbox, tmp_path, favourite="") as one:
        await by_line(one, "8a emotion")
        first = (await one.held()).reference
        await one.press("ctrl+k")
        await one.on(CatalogScreen)
        await by_line(one, "8a emotion")  # the next customer's own eight
        await one.held()
        assert one.sale is not None
        assert one.sale.reference != first
        await one.press("ctrl+k")
        await one.press("ctrl+k")
        await one.on(ParkedScreen)
        await one.press("n", *"red", "space", *"scarf", "enter")
        await one.until(lambda: "red scarf · 8 ×" in one.text)
        await one.press("enter")
        await one.until(lambda: one.sale and not isinstance(one.app.screen, ParkedScreen))
        await by_line(one, "8a emotion")
        await check_refused(one, 8, sandbox)


async def test_what_was_taken_back_is_not_counted(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path, favourite="") as one:
        await by_line(one, "8a emotion")
        await one.held()
        await one.press("u")
        await one.until(lambda: people(one) == 0)
        await by_line(one, "8a emotion")
        assert await one.until(lambda: people(one) == 8 and isinstance(one.app.screen, CartScreen))


def fewer(services: Services, most: int) -> None:
    """The catalog is read again, and one order takes fewer now."""
    content = services.catalogs.content
    assert content is not None
    bases = tuple(replace(one, most_per_order=most) if one.most_per_order else one for one in content.bases)
    services.catalogs.content = replace(content, bases=bases)


async def test_a_limit_that_is_known_only_after_the_hold_stops_the_money(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with at_catalog(sandbox, tmp_path, favourite="") as one:
        await by_line(one, "8a emotion")
        await one.held()
        fewer(one.till.services, 6)
        await to_the_money(one)
        await one.until(lambda: isinstance(one.app.screen, CheckoutScreen) and one.app.screen.stage is Stage.COLLECT)
        await one.until(lambda: one.app.screen.guard.ready)
        await one.press("w", "c")
        await one.until(lambda: "At most 6 in one order" in one.problem)
        assert "do not take money" in one.problem
        assert "Del takes a line out" in one.problem
        await one.until(lambda: one.app.screen.guard.ready)
        await one.press("f10")
        assert one.sale is not None
        assert not one.sale.paying
        assert not one.sale.payments
        assert not one.till.orders(one.sale.reference)


async def test_paid_before_the_limit_was_known_it_is_not_ordered_and_can_be_undone(
    before: SandboxProcess, tmp_path: Path
) -> None:
    async with at_checkout(before, tmp_path) as desk:
        services = desk.till.services
        await desk.until(lambda: services.catalogs.content)
        content = services.catalogs.content
        assert content is not None
        body = {"@type": "ConstraintViolationList", "violations": [{"propertyPath": "customer", "message": "non"}]}
        before.fault("status", status=422, method="POST", route="orders_bulk", body=body)
        await paid_exactly(desk)
        await desk.until(lambda: desk.screen.stage is Stage.BOOK)
        held = content.product(desk.sale.lines[0].line.product.rpartition("/")[2])
        assert held is not None
        bases = tuple(replace(one, most_per_order=1) if one.id == held.base else one for one in content.bases)
        services.catalogs.content = replace(content, bases=bases)
        asked = calls(before, "orders_bulk")
        await desk.take()
        await desk.until(lambda: "At most 1 in one order" in desk.problem)
        assert "What was paid stays recorded" in desk.problem
        assert calls(before, "orders_bulk") == asked
        await desk.until(lambda: desk.screen.guard.ready)
        await desk.press("u")
        await desk.until(lambda: not desk.sale.payments)


async def test_a_quick_line_over_another_date_replaces_nothing(before: SandboxProcess, tmp_path: Path) -> None:
    async with at_checkout(before, tmp_path) as desk:
        await lapsed(desk)
        await desk.until(lambda: desk.till.services.catalogs.content)
        paid = {state.line.id for state in desk.sale.lines}
        await desk.press("d")
        await desk.on(OffersScreen)
        await desk.press("colon")
        await desk.on(QuickScreen)
        await desk.pilot.press(*"1", "space", *"parking", "space", *"voiture")
        await desk.until(lambda: desk.app.screen.quotes is not None)
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, CartScreen) and desk.sale.attempt is None)
        assert paid < {state.line.id for state in desk.sale.lines}
        assert len(desk.sale.with_status(LineStatus.HELD)) == 1


@pytest.mark.parametrize("people", ["8", "10"])
async def test_what_is_replaced_is_not_counted_beside_what_comes_for_it(
    sandbox: SandboxProcess, tmp_path: Path, people: str
) -> None:
    async with at_catalog(sandbox, tmp_path, favourite="") as one:
        await by_line(one, "8a emotion")
        sale = await one.held()
        sandbox.control("expire", reservation=sale.holds[0].reservation.rpartition("/")[2])
        await to_the_money(one)
        await one.until(lambda: isinstance(one.app.screen, CheckoutScreen) and one.app.screen.stage is Stage.COLLECT)
        await one.press("w", "c", "equals_sign")
        await one.until(lambda: one.app.screen.guard.ready)
        await one.press("f10")
        await one.until(lambda: one.app.screen.stage is Stage.LAPSED)
        await one.press("d")
        await one.on(OffersScreen)
        await one.until(lambda: one.offers.pane.offer)
        await one.press("right")
        await one.until(lambda: one.offers.pane.offer)
        await one.press(*("backspace",) * 3, *people, "enter")
        await one.until(lambda: one.sale and one.sale.lines[0].line.id != sale.lines[0].line.id)
        assert [state.line.quantity for state in one.sale.lines if one.sale] == [int(people)]  # type: ignore[union-attr]


async def test_what_was_to_be_replaced_and_is_gone_puts_nothing_into_the_sale(
    before: SandboxProcess, tmp_path: Path
) -> None:
    async with at_checkout(before, tmp_path) as desk:
        await lapsed(desk)
        await desk.until(lambda: desk.till.services.catalogs.content)
        await desk.press("d")
        await desk.on(OffersScreen)
        await desk.until(lambda: desk.app.screen.pane.offer)
        await desk.till.services.holding.leave_out(desk.reference, [desk.sale.lines[0].line.id])
        await desk.until(lambda: not desk.sale.lines)
        asked = calls(before, "reservations_bulk")
        await desk.press("enter")
        await desk.until(lambda: "not in this sale any more" in desk.problem)
        assert calls(before, "reservations_bulk") == asked
        assert not desk.sale.lines
