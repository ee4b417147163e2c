"""Header, footer, problem bar, cart, large amount and code: what is said, what is dropped, what is painted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from textual.widget import Widget
from widget_gallery import CART, KEYS, STATUS
from widget_host import Host, screen_text, seen

from korus_tui.widgets import signs as alphabet
from korus_tui.widgets.big_amount import big_lines
from korus_tui.widgets.cart_rail import CartLine, CartRail, CartView
from korus_tui.widgets.inks import Painted, PaintedView
from korus_tui.widgets.key_bar import KeyBar, KeyHint
from korus_tui.widgets.problem_bar import ProblemBar, ProblemView
from korus_tui.widgets.qr import Qr, qr_lines
from korus_tui.widgets.status_line import StatusLine


def painted_lines(monkeypatch: pytest.MonkeyPatch, widget: Widget) -> list[int]:
    """The lines of a widget that are painted from now on."""
    painted: list[int] = []
    original: Callable[[int], object] = widget.render_line
    monkeypatch.setattr(widget, "render_line", lambda y: (painted.append(y), original(y))[1])
    return painted


@pytest.mark.parametrize(
    ("width", "kept", "dropped"),
    [
        (120, ["DEMO", "Puy du Fou", "till 3", "online 0.2 s", "hold 12:41 KT7-4F2Q", "1 not confirmed"], []),
        (80, ["DEMO", "Puy du Fou · CSE", "hold 12:41 KT7-4F2Q", "1 not confirmed"], ["till 3"]),
        (60, ["DEMO", "hold 12:41 KT7-4F2Q", "1 not confirmed"], ["Puy", "online"]),
        (30, ["1 not confirmed"], ["hold", "Puy"]),
    ],
)
async def test_the_header_drops_whole_facts(width: int, kept: list[str], dropped: list[str]) -> None:
    app = Host(lambda: [StatusLine()], lambda app: app.screen.query_one(StatusLine).show(STATUS))
    async with app.run_test(size=(width, 5)) as pilot:
        await pilot.pause()
        line = screen_text(app).splitlines()[0]
        assert all(words in line for words in kept)
        assert not any(words in line for words in dropped)


async def test_a_broken_connection_outlives_the_venues_name() -> None:
    view = replace(STATUS, connection="offline since 10:42", tone="bad")
    app = Host(lambda: [StatusLine()], lambda app: app.screen.query_one(StatusLine).show(view))
    async with app.run_test(size=(90, 5)) as pilot:
        await pilot.pause()
        line = screen_text(app).splitlines()[0]
        assert "offline since 10:42" in line
        assert "till 3" not in line


async def test_the_footer_keeps_all_keys_and_at_most_six_at_80() -> None:
    app = Host(lambda: [KeyBar()], lambda app: app.screen.query_one(KeyBar).show(KEYS))
    async with app.run_test(size=(80, 5)) as pilot:
        await pilot.pause()
        line = screen_text(app).splitlines()[-1]
        assert line.rstrip().endswith("? all keys")
        assert "←→↑↓ day  PgDn month  t today" in line
        assert "Esc" not in line
        await pilot.resize_terminal(120, 5)
        await seen(pilot, "Esc back")
        assert "Esc back" in screen_text(app).splitlines()[-1]
        app.screen.query_one(KeyBar).show([KeyHint("x", "long " * 40)])
        await pilot.pause()
        assert screen_text(app).splitlines()[-1].strip() == "? all keys"


async def test_a_problem_stays_until_it_is_answered() -> None:
    app = Host(lambda: [ProblemBar(), KeyBar()])
    view = ProblemView("No [b]answer[/b].", "Nothing was charged.", "r asks again")
    async with app.run_test(size=(80, 10)) as pilot:
        bar = app.screen.query_one(ProblemBar)
        assert not bar.display
        bar.show(view)
        await pilot.press("a", "enter")
        assert "✗ No [b]answer[/b].  Nothing was charged.  r asks again" in screen_text(app)
        bar.show(ProblemView("What " * 30, "Meaning " * 40, "r asks again"))
        await pilot.pause()
        assert "r asks again" in screen_text(app)
        assert bar.size.height == 4
        bar.clear()
        await pilot.pause()
        assert bar.view is None
        assert "asks again" not in screen_text(app)


async def test_the_rail_repaints_only_the_second_that_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Host(lambda: [CartRail()], lambda app: app.screen.query_one(CartRail).show(CART))
    async with app.run_test(size=(120, 24)) as pilot:
        app.screen.query_one(CartRail).styles.padding = (2, 1)
        await pilot.pause()
        rail = app.screen.query_one(CartRail)
        shown = screen_text(app)
        for words in ("SALE KT7-4F2Q", "2 × Enfant Argent", "120.00", "1:58 about to lapse", "TO COLLECT", "302.00 €"):
            assert words in shown
        painted = painted_lines(monkeypatch, rail)
        rail.show(CART)
        await pilot.pause()
        assert painted == []
        rail.show(replace(CART, lines=(replace(CART.lines[0], remaining="12:40"), *CART.lines[1:])))
        await pilot.pause()
        assert len(painted) == 1
        assert "12:40" in screen_text(app)


async def test_lines_of_the_rail_that_differ_at_their_end_can_be_told_apart_i12() -> None:
    long = "Puy du Fou plusieurs jours avec nuit sur place et dîner"
    lines = [replace(CART.lines[0], text=f"{count} × {long} {who}") for count, who in ((2, "Adulte"), (1, "Enfant"))]
    view = replace(CART, lines=(*lines, replace(CART.lines[0], text="2 × Les Noces de Feu")))
    app = Host(lambda: [CartRail()], lambda app: app.screen.query_one(CartRail).show(view))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert all(f"{who} " in screen_text(app) for who in ("Adulte", "Enfant"))


async def test_a_rail_that_is_too_low_says_how_much_is_hidden_and_keeps_the_total() -> None:
    long = replace(CART, lines=CART.lines * 5)
    app = Host(lambda: [CartRail()], lambda app: app.screen.query_one(CartRail).show(long))
    async with app.run_test(size=(120, 16)) as pilot:
        await pilot.pause()
        assert "more lines" in screen_text(app)
        assert "302.00 €" in screen_text(app)


async def test_the_cart_is_one_line_on_narrow_screens() -> None:
    app = Host(lambda: [CartRail(), CartLine()], lambda app: app.screen.query_one(CartLine).show(CART))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "5 tickets · 302.00 € · holds 12:41" in screen_text(app)
        assert not app.screen.query_one(CartRail).display
        app.screen.query_one(CartLine).show(replace(CART, soonest="", lapsed=2))
        await pilot.pause()
        assert "5 tickets · 302.00 € · 2 lines lapsed" in screen_text(app)
        app.screen.query_one(CartLine).show(CartView())
        await pilot.pause()
        assert "Nothing in this sale yet." in screen_text(app)


@pytest.mark.parametrize("ascii_only", [False, True])
def test_the_large_amount_is_three_lines_of_one_width(ascii_only: bool) -> None:
    lines = big_lines("1 234 567.89 EUR", ascii=ascii_only)
    assert len(lines) == 3
    assert len({len(line) for line in lines}) == 1
    assert lines[2].endswith("EUR")
    assert not ascii_only or all(line.isascii() for line in lines)
    glyphs = {tuple(line for line in big_lines(digit, ascii=ascii_only)) for digit in "0123456789"}
    assert len(glyphs) == 10, "no two digits look alike"


def test_a_code_has_its_quiet_zone() -> None:
    rows = qr_lines("https://t.example/7F2Q", ascii=False)
    assert all(not row.strip() for row in rows[:2])
    assert all(row.startswith("    ") and row.endswith("    ") for row in rows)
    wide = qr_lines("https://t.example/7F2Q", ascii=True)
    assert all(row.isascii() for row in wide)
    assert len(wide[0]) == 2 * len(rows[0])


async def test_a_code_is_dark_on_light_or_says_that_it_does_not_fit() -> None:
    for theme in ("korus-dark", "korus-light"):
        app = Host(lambda: [Qr()], lambda app: app.screen.query_one(Qr).show("https://t.example/7F2Q"), theme)
        async with app.run_test(size=(80, 30)) as pilot:
            await pilot.pause()
            style = next(iter(app.screen.query_one(Qr).render_line(3)))[1]
            assert style is not None
            assert style.color is not None
            assert style.color.get_truecolor() == (0, 0, 0)
            assert style.bgcolor is not None
            assert style.bgcolor.get_truecolor() == (255, 255, 255)
            for width, height in ((30, 30), (80, 12)):
                await pilot.resize_terminal(width, height)
                await seen(pilot, "The code needs a larger")
            app.screen.query_one(Qr).show("x" * 5000)
            await pilot.pause()
            assert "█" not in screen_text(app)


@pytest.fixture
def ascii_signs() -> Iterator[None]:
    alphabet.use_ascii(True)
    yield
    alphabet.use_ascii(False)


@pytest.mark.usefixtures("ascii_signs")
async def test_without_utf8_our_own_signs_are_ascii() -> None:
    app = Host(lambda: [ProblemBar()], lambda app: app.screen.query_one(ProblemBar).show(ProblemView("No answer.")))
    async with app.run_test(size=(40, 5)) as pilot:
        await pilot.pause()
        assert "x No answer." in screen_text(app)


def test_every_painted_widget_answers_for_its_lines() -> None:
    painted = {*Painted.__subclasses__(), *PaintedView.__subclasses__()} - {PaintedView}
    assert all("lines" in cls.__dict__ for cls in painted)
