"""The list, driven by keys and mouse as an agent drives it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.content import Content
from widget_host import Host, screen_text

from korus_tui.widgets.inputs.filter_input import FilterChanged, FilterInput
from korus_tui.widgets.lists.columns import Column, place
from korus_tui.widgets.lists.row_list import QuantityChanged, QuantityRefused, Row, RowChosen, RowHighlighted, RowList
from korus_tui.widgets.lists.states import Empty, Failed, ListState, Loading, Ready, Stale
from korus_tui.widgets.text import alike, cut_inside

COLUMNS = [Column("name", "Name"), Column("price", "price", 8, "right")]


def rows(count: int, **extra: int) -> list[Row]:
    return [Row(f"k{n}", (f"Offer {n}", f"{n}.00"), **extra) for n in range(count)]


def host(count: int = 100, state: ListState | None = None, **options: bool) -> Host:
    def fill(app: Host) -> None:
        found = app.screen.query_one(RowList)
        if count:
            found.set_rows(rows(count))
        if state is not None:
            found.state = state
        found.focus()

    return Host(lambda: [RowList(COLUMNS, id="list", **options)], fill)


def the_list(app: Host) -> RowList:
    return app.screen.query_one(RowList)


async def test_keys_move_the_highlight_and_enter_chooses() -> None:
    app = host()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "down", "up", "enter")
        assert [m.key for m in app.heard if isinstance(m, RowChosen)] == ["k1"]
        await pilot.press("end")
        assert the_list(app).highlighted == "k99"
        assert "Offer 99" in screen_text(app)
        await pilot.press("home", "pagedown")
        assert the_list(app).highlighted == "k23"
        await pilot.press("pageup", "pageup")
        assert the_list(app).highlighted == "k0"


async def test_the_highlighted_line_has_a_bar_and_reverse_video() -> None:
    app = host(3)
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.press("down")
        strip = the_list(app).render_line(1)
        assert strip.text.startswith("▌ Offer 1")
        assert any(style.reverse for words, style, _ in strip if style and "Offer 1" in words)
        assert not the_list(app).render_line(0).text.startswith("▌")


async def test_a_refresh_keeps_the_highlight_by_key() -> None:
    app = host()
    async with app.run_test(size=(60, 10)) as pilot:
        the_list(app).highlight("k40")
        the_list(app).set_rows(rows(100)[20:])
        await pilot.pause()
        assert the_list(app).highlighted == "k40"
        assert "▌ Offer 40" in screen_text(app)
        the_list(app).set_rows(rows(10))
        await pilot.pause()
        assert the_list(app).highlighted == "k9"
        assert [m.key for m in app.heard if isinstance(m, RowHighlighted)][-1] == "k9"
        the_list(app).set_rows([])
        await pilot.pause()
        assert the_list(app).highlighted is None


async def test_one_row_changes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    app = host(20)
    async with app.run_test(size=(60, 24)) as pilot:
        await pilot.pause()
        painted: list[int] = []
        original: Callable[..., object] = the_list(app).render_line
        monkeypatch.setattr(the_list(app), "render_line", lambda y: (painted.append(y), original(y))[1])
        the_list(app).update_row("k5", ("Other", "9.99"), tone="warn")
        the_list(app).update_row("gone", ("x",))
        await pilot.pause()
        assert painted == [5]
        assert "Other" in screen_text(app)
        painted.clear()
        await pilot.press("down")
        assert painted == [0, 1]


async def test_texts_that_would_be_cut_alike_are_cut_in_the_middle_i12() -> None:
    """Three tickets of one day, or three orders of one sale, differ only at their end."""
    names = [f"Puy du Fou 1 jour Adulte + Cinéscénie {place}" for place in ("Or", "Argent", "Bronze")]
    found = [Row(name, (name, "1.00")) for name in [*names, "Visite des coulisses, très longue et seule"]]
    app = Host(lambda: [RowList(COLUMNS, id="list")], lambda app: app.screen.query_one(RowList).set_rows(found))
    async with app.run_test(size=(80, 10)) as pilot:
        assert "…" not in the_list(app).render_line(0).text
        await pilot.resize_terminal(36, 10)
        await pilot.pause()
        lines = [the_list(app).render_line(y).text for y in range(4)]
        assert [line[2:26].rstrip().rpartition(" ")[2] for line in lines[:3]] == ["Or", "Argent", "Bronze"]
        assert all(line[2:].startswith("Puy du Fou") and "…" in line for line in lines[:3])
        assert lines[3][2:].startswith("Visite des coulisses,… ")  # alike to none: as ever
        assert len({len(line) for line in lines}) == 1


@pytest.mark.parametrize("lines", [("2 × {}", "1 × {}"), ("10 × {}", "2 × {}"), ("{}", "{}")])
def test_the_number_before_a_name_does_not_hide_that_names_are_cut_alike_i12(lines: tuple[str, str]) -> None:
    said = [line.format(f"Puy du Fou 1 jour {who}") for line, who in zip(lines, ("Adulte", "Enfant"), strict=True)]
    assert alike([*said, "2 × Les Noces de Feu, carré"], 22) == frozenset(said)
    assert alike(said, 40) == frozenset()
    assert {cut_inside(one, 22).rpartition(" ")[2] for one in said} == {"Adulte", "Enfant"}


async def test_a_disabled_row_can_be_read_but_not_chosen() -> None:
    app = Host(
        lambda: [RowList(COLUMNS)],
        lambda app: (the_list(app).set_rows([Row("a", ("Closed", ""), disabled=True)]), the_list(app).focus())[0],
    )
    async with app.run_test() as pilot:
        await pilot.press("enter")
        assert the_list(app).highlighted == "a"
        assert not [m for m in app.heard if isinstance(m, RowChosen)]


async def test_mouse_selects_and_a_double_click_chooses() -> None:
    app = host(50, header=True)
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.click(RowList, offset=(5, 3))
        assert the_list(app).highlighted == "k2"
        assert not [m for m in app.heard if isinstance(m, RowChosen)]
        await pilot.click(RowList, offset=(5, 3), times=2)
        assert [m.key for m in app.heard if isinstance(m, RowChosen)] == ["k2"]
        await pilot.click(RowList, offset=(5, 0))
        assert the_list(app).highlighted == "k2"


async def test_digits_edit_the_quantity_of_the_row() -> None:
    app = Host(
        lambda: [RowList(COLUMNS, quantities=True)],
        lambda app: (the_list(app).set_rows(rows(5, maximum=30)), the_list(app).focus())[0],
    )
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.press("2", "down", "1", "2", "down", "plus", "plus", "minus", "down", "4", "backspace")
        assert the_list(app).quantities == {"k0": 2, "k1": 12, "k2": 1}
        assert "[ 2]" in screen_text(app)
        assert "[12]" in screen_text(app)
        await pilot.press("home", "3")
        assert the_list(app).quantities["k0"] == 3, "a digit after moving starts a new number"
        await pilot.press("1")
        refused = [m for m in app.heard if isinstance(m, QuantityRefused)]
        assert [(m.key, m.asked, m.maximum) for m in refused] == [("k0", 31, 30)]
        assert the_list(app).quantities["k0"] == 31, "what was typed stays"
        assert "[31]" in screen_text(app)
        await pilot.press("plus", "down", "up", "4", "5", "6", "7")
        assert the_list(app).quantities["k0"] == 4567
        assert " 4567" in screen_text(app)
        await pilot.press("down", "up", "8", "9", "backspace")
        assert the_list(app).quantities["k0"] == 8
        changes = [(m.key, m.quantity) for m in app.heard if isinstance(m, QuantityChanged)]
        assert changes[:3] == [("k0", 2), ("k1", 1), ("k1", 12)]
        the_list(app).set_rows(rows(5, maximum=30)[:3])
        assert the_list(app).quantities == {"k0": 8, "k1": 12, "k2": 1}, "a late refresh loses nothing typed"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (Loading("Asking for offers"), ["Asking for offers", "────"]),
        (Empty("No offer that day.", "PgDn next month"), ["No offer that day.", "PgDn next month"]),
        (Failed("No answer [b]", "Nothing charged.", "r again"), ["✗ No answer [b]", "Nothing charged.", "r again"]),
        (Stale.of("3 min ago", "Ctrl+R"), ["Offer 0", "as of 3 min ago — Ctrl+R refreshes"]),
        (Ready(), ["Offer 0"]),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
async def test_four_looks_and_the_focus_stays(state: ListState, said: list[str]) -> None:
    app = host(40)
    async with app.run_test(size=(60, 10)) as pilot:
        the_list(app).state = state
        await pilot.pause()
        shown = screen_text(app)
        assert all(words in shown for words in said)
        assert app.focused is the_list(app)
        assert ("Offer 0" in shown) is isinstance(state, Ready | Stale)


async def test_keys_while_loading_move_when_rows_come_but_never_choose() -> None:
    app = host(0, Loading("Asking"))
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.press("down", "down", "enter")
        the_list(app).set_rows(rows(10))
        await pilot.pause()
        assert the_list(app).highlighted == "k2"
        assert not [m for m in app.heard if isinstance(m, RowChosen)]


async def test_hostile_text_is_shown_literally() -> None:
    hostile = Row("h", ("[b]Rock[/b] [@click=app.quit]\x1b[31m", Content("[/]")))
    app = Host(lambda: [RowList(COLUMNS)], lambda app: the_list(app).set_rows([hostile]))
    async with app.run_test(size=(70, 6)) as pilot:
        await pilot.pause()
        assert "[b]Rock[/b] [@click=app.quit]␛[31m" in screen_text(app)
        assert "[/]" in screen_text(app)


async def test_typing_filters_while_arrows_move_the_list() -> None:
    app = Host(
        lambda: [FilterInput(target="list"), RowList(COLUMNS, id="list")],
        lambda app: (the_list(app).set_rows(rows(10)), app.screen.query_one(FilterInput).focus())[0],
    )
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("a", "down", "down", "b", "enter")
        assert [m.text for m in app.heard if isinstance(m, FilterChanged)] == ["a", "ab"]
        assert [m.key for m in app.heard if isinstance(m, RowChosen)] == ["k2"]
        await pilot.press("escape")
        assert app.screen.query_one(FilterInput).value == ""


def test_columns_share_the_width_and_drop_the_least_important() -> None:
    columns = [Column("a"), Column("b", width=8), Column("c", width=10, priority=1), Column("d", width=10, priority=2)]
    assert [p.column.key for p in place(columns, 60)] == ["a", "b", "c", "d"]
    assert sum(p.width for p in place(columns, 60)) == 60 - 6
    assert [p.column.key for p in place(columns, 35)] == ["a", "b", "c"]
    assert [p.column.key for p in place(columns, 20)] == ["a", "b"]
    assert [p.column.key for p in place(columns, 3)] == ["a", "b"]


async def test_the_highlight_passes_over_the_titles_of_groups() -> None:
    grouped = [
        Row("head a", ("first",), head=True),
        *rows(2),
        Row("head b", ("second",), head=True),
        Row("k2", ("Offer 2", "2.00")),
    ]

    def fill(app: Host) -> None:
        found = app.screen.query_one(RowList)
        found.set_rows(grouped)
        found.focus()

    app = Host(lambda: [RowList(COLUMNS, id="list")], fill)
    async with app.run_test(size=(60, 10)) as pilot:
        assert the_list(app).highlighted == "k0"
        await pilot.press("up")
        assert the_list(app).highlighted == "k0"
        seen = []
        for key in ("down", "down", "down", "up", "up", "home", "end"):
            await pilot.press(key)
            seen.append(the_list(app).highlighted)
        assert seen == ["k1", "k2", "k2", "k1", "k0", "k0", "k2"]
        await pilot.click(RowList, offset=(5, 3))
        assert the_list(app).highlighted == "k2"
        lines = screen_text(app).split("\n")
        assert lines[0].startswith("  first ──")
        the_list(app).set_rows(grouped[2:])
        assert the_list(app).highlighted == "k2"
