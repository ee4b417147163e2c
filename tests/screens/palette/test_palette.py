"""What is found by words, and the last line taken back, by keys alone on a real sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from offers_counter import AtDates, counter
from sandbox_process import SandboxProcess
from textual.events import Key

from korus_tui import i18n
from korus_tui.counter.catalog.favourites import Favourites, use_of
from korus_tui.sale.events import SaleFinished
from korus_tui.screens.cart.screen import CartScreen
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.checkout.screen import CheckoutScreen
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.screens.dates.offers import OffersScreen
from korus_tui.screens.orders.order.screen import OrderScreen
from korus_tui.screens.orders.screen import OrdersScreen
from korus_tui.screens.palette.screen import PaletteScreen
from korus_tui.screens.till.screen import TillPage
from korus_tui.widgets.lists.row_list import RowList


@asynccontextmanager
async def at_catalog(sandbox: SandboxProcess, home: Path, **options: Any) -> AsyncIterator[AtDates]:
    async with counter(sandbox, home, **options) as one:
        await one.until(lambda: isinstance(one.app.screen, CatalogScreen))
        await one.until(lambda: one.till.services.catalogs.content and one.rows("#products"))
        await one.till.open_till()
        yield one


async def look_for(one: AtDates, words: str) -> list[tuple[str, ...]]:
    """Open the palette, type, and read what it found: name, what is said of it, key."""
    await one.press("ctrl+p", *("space" if sign == " " else sign for sign in words))
    assert isinstance(one.app.screen, PaletteScreen), one.text
    return one.rows("#palette-found")


async def held(one: AtDates, words: str = "parking voiture") -> CartScreen:
    """One place of a product in the sale, at the cart."""
    await look_for(one, words)
    await one.press("enter")
    await one.until(lambda: isinstance(one.app.screen, OffersScreen) and one.offers.pane.offer)
    await one.press("enter")
    await one.held()
    assert isinstance(one.app.screen, CartScreen)
    return one.app.screen


# Commands


async def test_without_words_it_lists_what_can_be_done_here_with_its_keys(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        found = await look_for(one, "")
        names = [row[0] for row in found]
        assert ("one day", "All that is sold on one day, numbers typed in", "Ctrl+D") in found
        assert names.index("one day") < names.index("till")
        assert "find" not in names
        assert "switch" not in names


@pytest.mark.parametrize(
    ("words", "page"),
    [("till", TillPage), ("find an order", OrdersScreen), ("Örders", OrdersScreen), ("ctrl f", OrdersScreen)],
)
async def test_enter_does_what_was_found_by_label_help_or_key(
    sandbox: SandboxProcess, tmp_path: Path, words: str, page: type[TillScreen]
) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        assert page.NAME != one.app.screen.NAME
        await look_for(one, words)
        await one.press("enter")
        await one.until(lambda: isinstance(one.app.screen, page))
        assert one.app.screen.NAME == page.NAME


async def test_a_command_of_the_page_is_done_on_that_page(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        await held(one)
        await look_for(one, "void")
        await one.press("enter")
        await one.until(lambda: "Void sale" in one.text)
        await one.yes()
        await one.until(lambda: one.sale is None)
        assert isinstance(one.app.screen, CatalogScreen)


async def test_keys_of_one_burst_are_typed_into_it(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        for key in ("ctrl+p", *"till", "enter"):
            one.app.post_message(Key(key, key if len(key) == 1 else None))
        await one.until(lambda: isinstance(one.app.screen, TillPage))
        await one.press("escape")
        assert one.app.screen.query_one("#filter").value == ""


async def test_what_other_pages_can_do_is_told_and_not_done(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        found = await look_for(one, "renew")
        assert found == [("renew", "cart: Hold the places anew before the old hold ends", "r")]
        await one.press("enter")
        assert isinstance(one.app.screen, PaletteScreen)
        assert "It cannot be done from here" in one.text


async def test_money_is_not_taken_from_the_palette(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        cart = await held(one)
        await one.until(lambda: cart.armed)
        await one.press("enter")
        await one.until(lambda: isinstance(one.app.screen, CheckoutScreen))
        await one.press("w")
        await one.until(lambda: one.sale and one.sale.customer)
        await one.press("c", "equals_sign")
        await one.until(lambda: "F10 takes" in one.text and one.app.screen.guard.ready)
        found = await look_for(one, "take & book")
        assert found[0][0::2] == ("take & book", "F10")
        await one.press("enter", "f10", "ctrl+s")
        assert isinstance(one.app.screen, PaletteScreen)
        assert one.sale is not None
        assert one.sale.payments == ()


@pytest.mark.parametrize("words", ["app.bell", "app.exit(3)", "screen.dismiss", "[@click=app.exit]", "action_leave()"])
async def test_what_is_typed_is_compared_and_never_run(sandbox: SandboxProcess, tmp_path: Path, words: str) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        await one.press("ctrl+p")
        one.app.screen.query_one("#palette-line").value = words
        await one.until(lambda: "Nothing is called" in one.text)
        assert words in one.text
        await one.press("enter")
        assert isinstance(one.app.screen, PaletteScreen)
        await one.press("escape")
        assert isinstance(one.app.screen, PaletteScreen)
        await one.press("escape")
        assert isinstance(one.app.screen, CatalogScreen)


async def test_under_a_question_it_does_not_open(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        await held(one)
        await one.press("v")
        await one.until(lambda: "Void sale" in one.text)
        await one.press("ctrl+p", "ctrl+z")
        assert not isinstance(one.app.screen, PaletteScreen)
        assert len(one.sale.lines if one.sale else ()) == 1


# Products


async def test_a_product_is_found_from_any_page_and_its_dates_stand_above_the_catalog(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        await held(one)
        await look_for(one, "3 enfant argent 1 jour cinescenie")
        await one.press("enter")
        await one.until(lambda: isinstance(one.app.screen, OffersScreen) and one.offers.pane.offer)
        pane = one.offers.pane.offer_list
        assert [
            (str(row.cells[0]), pane.quantities.get(row.key)) for row in pane.rows if row.key in pane.quantities
        ] == [("Enfant Argent", 3)]
        await one.press("escape")
        assert isinstance(one.app.screen, CatalogScreen)


async def test_a_favourite_is_found_by_its_key_where_the_terminal_keeps_it(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        content = one.till.services.catalogs.content
        assert content is not None
        base = next(base for base in content.bases if base.name == "Audioguide")
        Favourites(one.till.services.paths.data, one.till.services.name).put("f11", base.id)
        found = await look_for(one, "f11")
        assert found[0] == ("Audioguide", "product", "F11")
        await one.press("enter")
        await one.until(lambda: isinstance(one.app.screen, OffersScreen))
        assert one.offers.family.name == "Audioguide"


# Sales


async def test_a_sale_is_found_by_its_reference_or_product_and_opened(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        await held(one)
        assert one.sale is not None
        reference = one.sale.reference
        await one.press("escape")
        for words in (reference.lower(), reference.replace("-", "").lower()):
            await one.press("ctrl+p", *("minus" if sign == "-" else sign for sign in words))
            await one.until(lambda: any(reference in row[0] for row in one.rows("#palette-found")))
            await one.press("enter")
            await one.until(lambda: isinstance(one.app.screen, OrderScreen))
            await one.press("escape")
            assert isinstance(one.app.screen, CatalogScreen)


# Undo


@pytest.mark.parametrize("key", ["u", "ctrl+z"])
async def test_one_key_takes_the_last_line_back_and_says_until_when_its_places_stay_blocked(
    sandbox: SandboxProcess, tmp_path: Path, key: str
) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        await held(one)
        await held(one, "audioguide")
        await one.press(key)
        await one.until(lambda: one.sale and len(one.sale.lines) == 1)
        assert "Audioguide is out of the sale. Its places stay blocked until" in one.problem
        assert "voiture" in one.rows("#lines")[0][1]
        await one.press(key)
        await one.until(lambda: one.sale is not None and not one.sale.lines)


async def test_it_works_where_words_are_typed_and_touches_no_word(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        await one.press("ctrl+z")
        assert "There is no line to take out." in one.problem
        await held(one)
        await one.press("escape", *"audio", "ctrl+z")
        await one.until(lambda: one.sale is not None and not one.sale.lines)
        assert "is out of the sale." in one.problem


async def test_a_line_whose_answer_is_awaited_stays(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        sandbox.fault("latency", route="reservations_bulk", latency=1.5)
        await look_for(one, "parking voiture")
        await one.press("enter")
        await one.until(lambda: isinstance(one.app.screen, OffersScreen) and one.offers.pane.offer)
        await one.press("enter")
        await one.until(lambda: one.sale and one.sale.attempt and isinstance(one.app.screen, CartScreen))
        await one.press("u")
        assert "cannot be taken out now" in one.problem
        await one.held()
        assert one.sale is not None
        assert len(one.sale.lines) == 1


# Use


async def test_what_is_sold_most_comes_first_among_what_fits_equally(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        await one.press(*"adulte argent")
        before = [row[0] for row in one.rows("#products")]
        assert before[0].startswith("Adulte Argent — Puy du Fou 1 jour")
        services = one.till.services
        content = services.catalogs.content
        assert content is not None
        base = next(base for base in content.bases if base.name == "Cinéscénie")
        product = next(one for one in content.products if one.base == base.id)
        line = replace(await one.till.line(product.id, date(2026, 6, 5), 2), product=product.iri)
        reference = (await services.desk.open(content.catalog.id, "fr")).reference
        await services.holding.add(reference, [line])
        await one.until(lambda: one.till.sale(reference).attempt is None)
        await one.till.start_payment(reference)
        await one.till.pay(reference)
        await one.until(lambda: one.till.sale(reference).all_ordered)
        await services.desk.record(reference, SaleFinished())
        assert await use_of(services.desk, content) == {base.id: 2}
        one.app.screen.query_one("#filter").value = ""
        await one.press("ctrl+r")
        await one.until(lambda: one.app.screen._use)
        await one.press(*"adulte argent")
        await one.until(lambda: one.rows("#products")[0][0].startswith("Adulte Argent — Cinéscénie"))
        after = [row[0] for row in one.rows("#products")]
        assert after[0].startswith("Adulte Argent — Cinéscénie")
        assert sorted(after) == sorted(before)


async def test_at_the_least_size_name_and_key_are_seen(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path, size=(80, 24)) as one:
        await look_for(one, "")
        found = one.app.screen.query_one("#palette-found", RowList)
        assert found.size.height >= 10
        for word in ("one day", "Ctrl+D", "Esc back"):
            assert word in one.text


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_what_a_command_does_is_never_cut_inside_a_thought(
    sandbox: SandboxProcess, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with at_catalog(sandbox, tmp_path, size=size) as one:
        found = await look_for(one, "")
        shown = [line for line in one.text.split("\n") if any(row[0] in line for row in found)]
        assert len(shown) > 10
        assert not [line for line in shown if "…" in line.replace("…  ", "")]
        await one.press(*"undo")
        whole = "Take the line that was added last out of the sale; its places stay blocked until its hold ends"
        lines = [line.strip(" ▌│") for line in one.text.split("\n")]
        assert " ".join(" ".join(lines).split()).count(whole) == 1


@pytest.mark.parametrize("language", ["en", "fr", "de"])
async def test_at_the_least_size_each_command_says_what_it_does(
    sandbox: SandboxProcess, tmp_path: Path, language: str
) -> None:
    async with at_catalog(sandbox, tmp_path, size=(80, 24)) as one:
        i18n.use(language)
        await look_for(one, "")
        found = one.app.screen.query_one("#palette-found", RowList)
        rows, seen = list(found.rows), [found.highlighted]
        for place, row in enumerate(rows):
            below = place + 1 < len(rows) and rows[place + 1].head
            assert row.head or row.cells[1] or below, row
        for _one in range(len(rows)):
            await one.press("down")
            seen += [found.highlighted] if found.highlighted != seen[-1] else []
        assert seen == [row.key for row in rows if not row.head]  # no key lands on what is said of a command


async def test_at_the_least_size_names_are_whole_and_said_once(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_catalog(sandbox, tmp_path, size=(80, 24)) as one:
        found = await look_for(one, "3 enfant argent")
        names = [row[0] for row in found]
        assert max(map(len, names)) > 40
        for name in names:
            assert name in one.text
        assert {row[1] for row in found} == {"product"}  # the family's name is in the product's
        await one.pilot.resize_terminal(120, 40)
        await one.until(lambda: all(f"{name}  " in one.text for name in names))


async def test_names_from_outside_are_shown_as_they_are_and_obeyed_by_nothing(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with at_catalog(sandbox, tmp_path) as one:
        catalogs = one.till.services.catalogs
        content = catalogs.content
        assert content is not None
        hostile = "Rock [Live] [/] [@click=app.exit]win[/] \x1b]0;x\x07\u202e"
        spoilt = replace(content.products[-1], name=hostile, base=None, disabled=False)
        catalogs.content = replace(content, products=(*content.products[:-1], spoilt))
        await look_for(one, "rock live")
        assert "Rock [Live] [/] [@click=app.exit]win[/]" in one.text
        assert not {"\x1b", "\x07", "\u202e"} & set(one.text)
        await one.press("enter")
        await one.until(lambda: isinstance(one.app.screen, OffersScreen))
        assert "Rock [Live] [/]" in one.text
