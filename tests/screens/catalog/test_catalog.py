"""The catalog by keys alone, and everything that can be wrong with it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from program import Program
from sandbox_process import SandboxProcess
from textual.pilot import Pilot
from textual.widgets import Static
from till import Till

from korus_tui.app.korus_app import KorusApp
from korus_tui.counter.catalog.families import families
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.common.help import HelpScreen, HelpText
from korus_tui.screens.common.too_small import TooSmallScreen
from korus_tui.screens.orders.screen import OrdersScreen
from korus_tui.widgets.inputs.filter_input import FilterInput
from korus_tui.widgets.lists.row_list import RowList
from korus_tui.widgets.lists.states import Empty, Failed, Ready, Stale
from korus_tui.widgets.problem_bar import ProblemBar

BASES = 17  # rows of the park: its bases, with 65 products inside
KINDS = 5  # titles above them
SANDBOX = {}


@asynccontextmanager
async def catalog(till: Till, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Pilot[int | None]]:
    """The program with its catalog screen."""
    app = KorusApp(till.services, CatalogScreen(till.services), log=till.home / "log", theme="korus-dark")
    async with app.run_test(size=size) as pilot:
        yield pilot


def products(pilot: Pilot[int | None]) -> RowList:
    """The list of products."""
    return pilot.app.screen_stack[0].query_one("#products", RowList)


async def until(pilot: Pilot[int | None], seen: Callable[[], object]) -> None:
    """Wait for a condition."""
    await Program(pilot).until(seen)


def loaded(pilot: Pilot[int | None]) -> Callable[[], object]:
    return lambda: isinstance(products(pilot).state, Ready) and products(pilot).rows


async def test_typing_filters_by_words_in_any_order_without_accents(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with catalog(Till(sandbox, tmp_path)) as pilot:
        await until(pilot, loaded(pilot))
        whole = len(products(pilot).rows)
        await pilot.press(*"argent reduit")
        names = [str(row.cells[0]) for row in products(pilot).rows]
        assert names
        assert len(names) < whole
        assert all("Réduit" in name and "Argent" in name for name in names), names
        await pilot.press("escape")
        assert len(products(pilot).rows) == whole


async def test_a_filter_that_finds_nothing_says_so_and_how_to_go_on(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with catalog(Till(sandbox, tmp_path)) as pilot:
        await until(pilot, loaded(pilot))
        await pilot.press(*"[b]zz")
        state = products(pilot).state
        assert isinstance(state, Empty)
        assert "[b]zz" in state.why
        assert "Esc" in state.press


async def test_the_highlighted_product_is_described(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with catalog(Till(sandbox, tmp_path)) as pilot:
        await until(pilot, loaded(pilot))
        await pilot.press("down")
        text = pilot.app.screen.query_one("#about-text", Static)
        await until(pilot, lambda: "Puy du Fou + Cinéscénie" in str(text.content))
        assert "14 ans" in str(text.content)


async def test_the_second_start_shows_the_catalog_before_any_answer(sandbox: SandboxProcess, tmp_path: Path) -> None:
    till = Till(sandbox, tmp_path)
    await till.services.catalogs.read()
    sandbox.fault("latency", route="catalogs", latency=30, count=None)
    again = Till(sandbox, tmp_path)
    async with catalog(again) as pilot:
        await pilot.pause()
        assert len(products(pilot).rows) == BASES + KINDS
    sandbox.no_faults()


async def test_no_server_is_said_with_the_key_that_asks_again_f01(sandbox: SandboxProcess, tmp_path: Path) -> None:
    till = Till(sandbox, tmp_path, server="http://127.0.0.1:9", token_endpoint="http://127.0.0.1:9/token")
    async with catalog(till) as pilot:
        await until(pilot, lambda: isinstance(products(pilot).state, Failed))
        state = products(pilot).state
        assert isinstance(state, Failed)
        assert "reached" in state.what
        assert "Ctrl+R" in state.key


async def test_a_lost_server_leaves_the_last_catalog_marked_with_its_age_f02(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    till = Till(sandbox, tmp_path)
    async with catalog(till) as pilot:
        await until(pilot, loaded(pilot))
        sandbox.fault("status", route="products", status=503, count=None)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: isinstance(products(pilot).state, Stale))
        assert len(products(pilot).rows) == BASES + KINDS
        assert pilot.app.screen.query_one(ProblemBar).view is not None
        sandbox.no_faults()
        await pilot.press("ctrl+r")
        await until(pilot, lambda: isinstance(products(pilot).state, Ready))
        assert pilot.app.screen.query_one(ProblemBar).view is None


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            {"kind": "status", "route": "products", "status": 502, "body": "<h1>x</h1>", "content_type": "text/html"},
            "answered instead",
        ),
        ({"kind": "wrong_shape", "route": "*product*", "value": {"a": 1}}, "does not understand it"),
        ({"kind": "not_json", "route": "*product*"}, "does not understand it"),
        ({"kind": "status", "route": "catalogs", "status": 403}, "may not do that"),
    ],
)
async def test_an_answer_that_is_none_is_said_in_words(
    fault: dict[str, Any], words: str, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    sandbox.fault(**{"count": None, **fault})
    async with catalog(Till(sandbox, tmp_path)) as pilot:
        await until(pilot, lambda: isinstance(products(pilot).state, Failed))
        state = products(pilot).state
        assert isinstance(state, Failed)
        assert words in state.what
    sandbox.no_faults()


async def test_one_bad_product_does_not_hide_the_other_sixty_four_f20(tmp_path: Path) -> None:
    with SandboxProcess(generation="tutorial") as sandbox:
        sandbox.fault("replace", route="products", edits=[{"path": "member.0.name", "value": None}], count=1)
        async with catalog(Till(sandbox, tmp_path)) as pilot:
            await until(pilot, loaded(pilot))
            assert len(products(pilot).rows) == 64
            view = pilot.app.screen.query_one(ProblemBar).view
            assert view is not None
            assert "1 product" in view.what


async def test_a_product_that_its_base_lists_readably_is_not_missed(sandbox: SandboxProcess, tmp_path: Path) -> None:
    sandbox.fault("replace", route="products", edits=[{"path": "member.0.name", "value": None}], count=1)
    till = Till(sandbox, tmp_path)
    async with catalog(till) as pilot:
        await until(pilot, loaded(pilot))
        content = till.services.catalogs.content
        assert content is not None
        assert len(content.products) == 65
        assert pilot.app.screen.query_one(ProblemBar).view is None


async def test_the_other_catalog_is_one_key_away(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with catalog(Till(sandbox, tmp_path)) as pilot:
        await until(pilot, loaded(pilot))
        await pilot.press("ctrl+n")
        await until(pilot, lambda: len(products(pilot).rows) not in (0, BASES))
        content = pilot.app.screen_stack[0].services.catalogs.content
        assert content.catalog.id == content.catalogs[1].id


async def test_the_question_mark_asks_for_help_even_while_filtering(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with catalog(Till(sandbox, tmp_path)) as pilot:
        await until(pilot, loaded(pilot))
        await pilot.press("a", "question_mark")
        assert isinstance(pilot.app.screen, HelpScreen)
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, CatalogScreen)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_help_has_one_row_for_the_keys_of_the_favourites(
    sandbox: SandboxProcess, tmp_path: Path, size: tuple[int, int]
) -> None:
    """Painted as a few widgets: one for each row took most of a second."""
    async with catalog(Till(sandbox, tmp_path), size=size) as pilot:
        await until(pilot, loaded(pilot))
        await pilot.press("question_mark")
        await until(pilot, lambda: "Keys of this page" in Program(pilot).text)
        said = ["".join(piece.text for piece in line) for line in pilot.app.screen.query_one(HelpText).lines(60)]
        assert sum("Sell the favourite" in line for line in said) == 1
        assert sum(line.startswith("F2–F8, F11, F12 ") for line in said) == 1
        assert any("Leave the program" in line for line in said)
        assert any("do not charge again" in line for line in said)
        assert len(list(pilot.app.screen.walk_children())) < 8
        if size[0] >= 120:  # the parts stand beside each other
            assert re.search("Keys of this page +Keys everywhere", Program(pilot).text)
        assert bool(re.search("Keys everywhere +Words", Program(pilot).text)) == (size[0] >= 160)


async def test_a_small_terminal_is_guarded_and_given_back_f40(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with catalog(Till(sandbox, tmp_path)) as pilot:
        await until(pilot, loaded(pilot))
        await pilot.resize_terminal(60, 20)
        await until(pilot, lambda: isinstance(pilot.app.screen, TooSmallScreen))
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: isinstance(pilot.app.screen, CatalogScreen))
        assert products(pilot).rows


async def test_a_name_that_is_nothing_but_the_words_stands_first_c19(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with catalog(Till(sandbox, tmp_path)) as pilot:
        await until(pilot, loaded(pilot))
        await pilot.press(*"cinescenie")
        names = [str(row.cells[0]) for row in products(pilot).rows]
        assert len(names) > 2
        assert names[0].startswith("Cinéscénie"), names


async def test_what_was_typed_is_seen_in_what_it_finds_c19(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with catalog(Till(sandbox, tmp_path), (80, 24)) as pilot:
        await until(pilot, loaded(pilot))
        await pilot.press(*"argent")
        rows = products(pilot).rows
        assert len(rows) > 2
        assert all("Argent" in str(row.cells[0])[:20] for row in rows), [row.cells[0] for row in rows]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("silver", "Argent"), ("child silver", "Enfant Argent"), ("erwachsene gold", "Adulte Or"), ("annual", "annuel")],
)
async def test_another_languages_words_find_what_they_mean_c19(
    sandbox: SandboxProcess, tmp_path: Path, typed: str, meant: str
) -> None:
    async with catalog(Till(sandbox, tmp_path)) as pilot:
        await until(pilot, loaded(pilot))
        await pilot.press(*("space" if sign == " " else sign for sign in typed))
        names = [str(row.cells[0]) for row in products(pilot).rows]
        assert names
        assert all(meant in name for name in names), names


async def test_a_code_without_the_scanners_prefix_leads_to_its_order_c19(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with catalog(Till(sandbox, tmp_path)) as pilot:
        await until(pilot, loaded(pilot))
        await pilot.press(*"KT-ORD-250129-77")
        state = products(pilot).state
        assert isinstance(state, Empty)
        assert "order" in state.why
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, OrdersScreen))
        assert pilot.app.screen.query_one(FilterInput).value == "KT-ORD-250129-77"


async def test_what_is_sold_stands_in_groups_by_its_kind_until_words_are_typed(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with catalog(Till(sandbox, tmp_path)) as pilot:
        await until(pilot, lambda: products(pilot).rows)
        shown = products(pilot).rows
        titles = [str(row.cells[0]) for row in shown if row.head]
        assert titles == ["attractions", "shows", "restaurants", "tours", "services"]
        assert len(shown) == BASES + len(titles)
        names = [str(row.cells[0]).partition(" — ")[0] for row in shown]
        assert names[names.index("shows") + 1 : names.index("restaurants")][:2] == ["Cinéscénie", "Les Noces de Feu"]
        await pilot.press("1", "space", *"jour")
        await until(pilot, lambda: len(products(pilot).rows) < BASES)
        assert not any(row.head for row in products(pilot).rows)


async def test_titles_of_groups_take_no_line_from_a_small_terminal(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with catalog(Till(sandbox, tmp_path), size=(80, 24)) as pilot:
        await until(pilot, lambda: products(pilot).rows)
        assert not any(row.head for row in products(pilot).rows)
        assert len(products(pilot).rows) == BASES
        await pilot.resize_terminal(80, 40)
        await until(pilot, lambda: any(row.head for row in products(pilot).rows))
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: not any(row.head for row in products(pilot).rows))


async def test_names_are_whole_where_columns_are_free(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with catalog(Till(sandbox, tmp_path)) as pilot:
        await until(pilot, lambda: "Puy du Fou 1 jour — Adulte, Enfant, Réduit, Famille (2+2) " in Program(pilot).text)
        assert "Puy du Fou 2 jours + Cinéscénie — Adulte, Enfant, Réduit · Or, Argent " in Program(pilot).text


async def test_what_is_known_of_today_stands_beside_the_products_and_nothing_is_asked_for_it(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """A catalog has no prices: they are those that other pages have read, and only as long as they are fresh enough."""
    till = Till(sandbox, tmp_path)
    async with catalog(till) as pilot:
        program = Program(pilot)
        await until(pilot, loaded(pilot))
        assert "from €" not in program.text
        await pilot.press(*"audioguide", "enter")
        await until(pilot, lambda: "[ 1]" in program.text)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, CatalogScreen) and "prices of today" in program.text)
        content, offers, today = till.services.catalogs.content, till.services.offers, till.services.today()
        assert content is not None
        guide = next(one for one in families(content) if one.name == "Audioguide")
        known = offers.lowest(content.catalog.id, guide, today)
        assert known is not None
        line = next(line for line in program.text.splitlines() if "Audioguide" in line)
        assert f"   €{known.amount:.2f}" in line  # it has one price: no "from"
        assert offers.lowest(content.catalog.id, guide, today - timedelta(days=1)) is None


async def test_a_demo_tells_what_is_sold_for_no_day_beside_the_products_too(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """No list of a day has it."""
    async with catalog(Till(sandbox, tmp_path, mode="demo")) as pilot:
        program = Program(pilot)
        assert await program.until(
            lambda: any("Bon cadeau" in line and "from €50.00" in line for line in program.text.splitlines())
        )
