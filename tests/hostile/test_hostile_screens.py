"""Foreign text on every screen of a sale: shown, never obeyed, and nothing beside it moves (F70 to F73, F75)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from families import some
from hostile_counter import Watched, counter
from hostile_texts import ALL, CONTROLS, HTML, LIES, MARKUP, SHAPES, edits, spoilt
from rich.cells import cell_len
from sandbox_process import SandboxProcess
from till import BEFORE_SEASON

from korus_tui.counter.catalog.favourites import Favourites
from korus_tui.screens.catalog.favourites import FavouritesScreen
from korus_tui.screens.dates.day import DayScreen
from korus_tui.screens.dates.today import TodayScreen
from korus_tui.screens.documents.beneficiaries.screen import BeneficiariesScreen
from korus_tui.screens.documents.reprint import ReprintScreen
from korus_tui.screens.documents.slip import SlipScreen
from korus_tui.screens.orders.order.screen import OrderScreen
from korus_tui.screens.orders.screen import OrdersScreen
from korus_tui.screens.till.screen import TillPage

KINDS = {"markup": MARKUP, "controls": CONTROLS, "shapes": SHAPES, "html and lies": (*HTML, *LIES)}
SEEN = {
    "catalog", "quick", "offers", "sessions", "cart", "checkout", "documents", "orders", "order", "reprint",
    "SlipScreen", "beneficiaries", "day", "today", "FavouritesScreen", "till",
}  # fmt: skip


async def sold_and_seen(desk: Watched) -> None:
    """A sale from the catalog to its documents, then every other screen that shows what came from outside."""
    await desk.to_offers()
    await desk.to_cart()
    await desk.to_documents()
    sale, services, content = desk.sale, desk.till.services, desk.till.services.catalogs.content
    assert content is not None
    favourites = Favourites(services.paths.data, services.name)
    for screen in (
        OrdersScreen(services),
        OrderScreen(services, sale.reference),
        OrderScreen(services, sale.orders[0].order),
        ReprintScreen(services, sale),
        SlipScreen(services, sale.reference),
        BeneficiariesScreen(services, sale),
        DayScreen(services, content, favourites),
        TodayScreen(services, content, favourites),
        FavouritesScreen(services, content, favourites, content.products[0].id),
        TillPage(services),
    ):
        await desk.open(screen)


@pytest.mark.parametrize("kind", some(2, KINDS))
async def test_f70_f71_f72_f73_every_screen_shows_and_obeys_nothing(
    sandbox: SandboxProcess, tmp_path: Path, kind: str
) -> None:
    sandbox.fault("replace", count=None, edits=spoilt(KINDS[kind]))
    async with counter(sandbox, tmp_path) as desk:
        await sold_and_seen(desk)
        assert set(desk.seen) >= SEEN, SEEN - set(desk.seen)


def columns_of(text: str, *wanted: str) -> list[int]:
    """Where amounts end, in cells from the left, line by line."""
    return [
        cell_len(line[: found.end()]) for line in text.splitlines() for found in re.finditer("|".join(wanted), line)
    ]


async def test_f72_no_name_moves_an_amount(sandbox: SandboxProcess, tmp_path: Path) -> None:
    places: dict[str, dict[str, list[int]]] = {}
    names = (
        "Plain",
        "N" * 10_000,
        "שלום עולם",
        "日本の入場券" * 30 + "x" + "\u0336" * 1000 + "\U0001f1eb\U0001f1f7" * 90,
    )
    for number, name in enumerate(names):
        sandbox.no_faults()
        sandbox.fault("replace", count=None, edits=edits(name, "name", "label"))
        async with counter(sandbox, tmp_path / str(number)) as desk:
            await desk.to_offers()
            await desk.to_cart()
            places[name] = {screen: columns_of(desk.seen[screen], r"\d\d\.\d\d(?=  )") for screen in ("offers", "cart")}
            assert all(places[name].values())
    for name in names:
        assert places[name] == places["Plain"], name[:20]


def styles_in_rows(desk: Watched, words: str, amount: str) -> list[list[str]]:
    """For each row with this amount, the style of each place where the words stand in it, from the left."""
    rows = [strip for strip in desk.strips if amount in "".join(segment.text for segment in strip)]
    return [[str(style) for text, style, _control in row if words in text] for row in rows]


async def test_f75_a_product_called_like_our_words_does_not_look_like_them(tmp_path: Path) -> None:
    with SandboxProcess(now=BEFORE_SEASON) as sandbox:
        sandbox.fault("replace", count=None, edits=edits("lapsed", "name", "label"))
        async with counter(sandbox, tmp_path) as desk:
            await desk.to_offers()
            await desk.to_cart()
            services = desk.till.services
            await services.holding.add(desk.sale.reference, [await desk.till.line()])
            await desk.until(lambda: not desk.sale.attempt and len(desk.sale.holds) == 2)
            await desk.press("down")  # the cursor's row has one style throughout
            sandbox.advance(3_600)
            await services.line.ask(lambda client: client.ticketing.catalogs())
            await services.holding.expire()
            await desk.until(lambda: any(len(row) > 1 for row in styles_in_rows(desk, "lapsed", "73.00")))
            await desk.look()
            (name, state) = next(row for row in styles_in_rows(desk, "lapsed", "73.00") if len(row) > 1)
            assert name != state


@pytest.mark.parametrize("hostile", [MARKUP, CONTROLS, SHAPES], ids=["markup", "controls", "shapes"])
async def test_f70_f71_f72_words_of_a_refusal_stay_words(
    sandbox: SandboxProcess, tmp_path: Path, hostile: tuple[str, ...]
) -> None:
    everything = " ".join(one[:60] for one in hostile)
    # A path into the call is what makes it a refusal (docs/rules.md, Answers of order and hold calls).
    violations = [{"propertyPath": "items[0].offer", "message": one, "code": one} for one in hostile]
    body = {
        "@type": "ConstraintViolationList",
        "title": everything,
        "detail": everything,
        "violations": violations,
        "type": everything,
    }
    headers = {"X-Request-Id": "[b]\xa0\x9b2J"}
    refusal = {"status": 422, "body": json.dumps(body), "headers": headers, "count": None}
    async with counter(sandbox, tmp_path) as desk:
        await desk.to_offers()
        sandbox.fault("status", route="reservations_bulk", **refusal)
        await desk.press("1", "enter")
        await desk.on("sessions")
        await desk.until(lambda: desk.app.screen.ready)
        await desk.press("down", "enter")
        await desk.until(lambda: "refused" in desk.text)
        await desk.look()
        sandbox.fault("status", route="orders", method="GET", **refusal)
        desk.app.push_screen(OrdersScreen(desk.till.services))
        await desk.on("orders")
        await desk.press("x", "y", "enter")
        await desk.until(lambda: "The API refused the request" in desk.text)
        await desk.look()
        assert desk.sale.holds == ()


@pytest.mark.long
@pytest.mark.parametrize("turn", range(len(ALL)))
@pytest.mark.parametrize("size", [(80, 24), (200, 60)], ids=str)
async def test_f70_f71_f72_f73_every_text_in_every_field(
    sandbox: SandboxProcess, tmp_path: Path, turn: int, size: tuple[int, int]
) -> None:
    sandbox.fault("replace", count=None, edits=spoilt(ALL, turn))
    async with counter(sandbox, tmp_path, size) as desk:
        await sold_and_seen(desk)
        assert set(desk.seen) >= SEEN, SEEN - set(desk.seen)
