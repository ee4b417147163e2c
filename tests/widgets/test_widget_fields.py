"""Fields: amounts, quantities, messages under the field, and no card numbers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual import events
from widget_host import Host, screen_text

from korus_tui.widgets.inputs.entry import Entry
from korus_tui.widgets.inputs.field import Field
from korus_tui.widgets.inputs.money_input import MoneyChanged, MoneyInput

CARD = "4111111111111111"


def form(*fields: Callable[[], Field]) -> Host:
    return Host(lambda: [made() for made in fields], lambda app: app.screen.query(Field).first().entry.focus() and None)


def at_least_two(text: str) -> str | None:
    return "Too short." if len(text) < 2 else None


def name() -> Field:
    return Field("Last name", hint="as on the ticket", required=True, check=at_least_two, id="name")


def other() -> Field:
    return Field("Phone", id="other")


async def test_a_field_is_checked_when_it_is_left() -> None:
    app = form(name, other)
    async with app.run_test(size=(80, 12)) as pilot:
        assert "Last name *" in screen_text(app)
        assert "as on the ticket" in screen_text(app)
        await pilot.press("tab")
        assert "Please fill in" not in screen_text(app), "an untouched field is not scolded"
        await pilot.press("shift+tab", "x", "tab")
        assert "✗ Too short." in screen_text(app)
        await pilot.press("shift+tab", "end", "y")
        assert "Too short." not in screen_text(app), "the message goes while the text is mended"


async def test_a_label_that_is_too_long_is_cut_before_its_sign() -> None:
    app = form(lambda: Field("A question of the venue that has many words", required=True))
    async with app.run_test(size=(80, 12)) as pilot:
        await pilot.pause()
        assert "A question of the…" in screen_text(app)
        assert "… *" in screen_text(app)


async def test_enter_checks_an_empty_required_field_and_keeps_the_focus() -> None:
    app = form(name)
    async with app.run_test(size=(80, 12)) as pilot:
        await pilot.press("enter")
        assert "✗ Please fill in: Last name." in screen_text(app)
        assert app.focused is app.screen.query_one("#name", Field).entry


async def test_why_a_sign_is_refused_is_said_as_it_is() -> None:
    """A full field is not called one for digits; one for digits that is full is not either."""

    def short() -> Field:
        return Field("Answer", Entry(max_length=2), id="short")

    def digits() -> Field:
        entry = Entry(password=True, max_length=2)
        entry.restrict = "[0-9]*"
        return Field("PIN", entry, id="digits")

    app = form(short, digits)
    async with app.run_test(size=(80, 12)) as pilot:
        shown: list[str | None] = []
        for keys in (("n", "o", "t"), ("tab", "x"), ("1", "2", "3")):
            await pilot.press(*keys)
            await pilot.pause()
            shown.append(app.screen.query_one("#digits" if shown else "#short", Field).error)
        full = "No more than 2 signs can be typed here."
        assert shown == [full, "Only digits can be typed here.", full]


async def test_the_servers_words_are_shown_literally_and_the_text_stays() -> None:
    app = form(name)
    async with app.run_test(size=(80, 12)) as pilot:
        await pilot.press("a", "b")
        field = app.screen.query_one("#name", Field)
        field.show_error("[red]No[/red] \x1b[2J")
        await pilot.pause()
        assert "✗ [red]No[/red] ␛[2J" in screen_text(app)
        assert field.value == "ab"
        field.show_error(None)
        await pilot.pause()
        assert "as on the ticket" in screen_text(app)


@pytest.mark.parametrize("pasted", [False, True])
async def test_a_card_number_is_refused_and_kept_nowhere_f57(pasted: bool) -> None:
    app = form(other)
    async with app.run_test(size=(80, 12)) as pilot:
        if pasted:
            app.screen.query_one(Entry).post_message(events.Paste(f"{CARD}\nmore"))
            await pilot.pause()
        else:
            await pilot.press(*CARD)
        await pilot.pause()
        assert app.screen.query_one(Field).value == ""
        assert CARD not in screen_text(app)
        assert "card number" in screen_text(app)


async def test_a_paste_is_one_clean_line_f52() -> None:
    app = form(other)
    async with app.run_test(size=(80, 12)) as pilot:
        app.screen.query_one(Entry).post_message(events.Paste("\x1b[31mred\x07\nsecond" + "x" * 1_000_000))
        await pilot.pause()
        assert app.screen.query_one(Field).value == "␛[31mred␇"


async def test_no_cursor_blinks() -> None:
    app = form(other)
    async with app.run_test() as pilot:
        await pilot.pause()
        timer = app.screen.query_one(Entry)._blink_timer
        assert timer is not None
        assert not timer._active.is_set()


@pytest.mark.parametrize(
    ("keys", "minor", "shown"),
    [
        ("1234", 1234, "€12.34"),
        ("1", 1, "€0.01"),
        ("12,5", 1250, "€12,5"),
        ("30000", 30000, "€300.00"),
        ("1e5", None, "€1e5"),
        ("99999999", None, "€99999999"),
    ],
)
async def test_money_is_cents_as_typed_f53(keys: str, minor: int | None, shown: str) -> None:
    app = Host(lambda: [MoneyInput(currency="EUR")], lambda app: app.screen.query_one(MoneyInput).focus() and None)
    async with app.run_test(size=(40, 5)) as pilot:
        await pilot.press(*["comma" if key == "," else key for key in keys])
        field = app.screen.query_one(MoneyInput)
        assert field.value_minor == minor
        assert (field.problem is None) is (minor is not None)
        assert screen_text(app).splitlines()[0].rstrip().endswith(shown)
        assert [m.minor for m in app.heard if isinstance(m, MoneyChanged)][-1] == minor


async def test_a_filled_in_amount_is_replaced_by_typing() -> None:
    app = Host(lambda: [MoneyInput()], lambda app: app.screen.query_one(MoneyInput).focus() and None)
    async with app.run_test(size=(40, 5)) as pilot:
        field = app.screen.query_one(MoneyInput)
        field.set_minor(5000)
        await pilot.press("7", "left", "5")
        assert field.value_minor == 75
        await pilot.press("backspace")
        assert field.value_minor == 7
        field.set_minor(None)
        assert (field.value_minor, field.problem) == (None, None)
