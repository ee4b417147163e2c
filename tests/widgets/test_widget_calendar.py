"""The month calendar, driven by keys."""

from __future__ import annotations

from datetime import date

import pytest
from widget_host import Host, screen_text

from korus_tui.widgets.calendar.calendar import DayCell, DayChosen, DayHighlighted, MonthCalendar, MonthChanged
from korus_tui.widgets.signs import signs

TODAY = date(2025, 6, 5)


def host(**options: object) -> Host:
    return Host(
        lambda: [MonthCalendar(TODAY, **options)], lambda app: app.screen.query_one(MonthCalendar).focus() and None
    )  # type: ignore[arg-type]


def calendar(app: Host) -> MonthCalendar:
    return app.screen.query_one(MonthCalendar)


@pytest.mark.parametrize(
    ("keys", "day"),
    [
        (["right"], date(2025, 6, 6)),
        (["down", "left"], date(2025, 6, 11)),
        (["down"] * 4, date(2025, 7, 3)),
        (["pagedown", "end"], date(2025, 7, 31)),
        (["end", "pagedown", "pagedown", "pagedown"], date(2025, 9, 30)),
        (["home"], date(2025, 6, 1)),
        (["pageup"], date(2025, 6, 1)),
        (["pagedown", "t"], TODAY),
    ],
)
async def test_keys_move_by_day_week_and_month(keys: list[str], day: date) -> None:
    app = host()
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press(*keys)
        assert calendar(app).selected == day
        assert [m.day for m in app.heard if isinstance(m, DayHighlighted)][-1] == day


async def test_another_month_is_asked_for_and_known_days_show_at_once() -> None:
    app = host()
    async with app.run_test(size=(120, 24)) as pilot:
        calendar(app).set_day(date(2025, 7, 5), DayCell("93", "plenty"))
        await pilot.press("pagedown")
        assert [(m.year, m.month) for m in app.heard if isinstance(m, MonthChanged)] == [(2025, 7)]
        assert "July 2025" in screen_text(app)
        assert "93▁" in screen_text(app)


async def test_enter_chooses_a_day_that_is_not_past() -> None:
    app = host()
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("enter", "left", "enter")
        assert [m.day for m in app.heard if isinstance(m, DayChosen)] == [TODAY]


async def test_a_day_is_painted_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    app = host()
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        painted: list[int] = []
        original = calendar(app).render_line
        monkeypatch.setattr(calendar(app), "render_line", lambda y: (painted.append(y), original(y))[1])
        calendar(app).set_day(date(2025, 6, 11), DayCell("79", "few"))
        await pilot.pause()
        assert painted == [4, 5]
        painted.clear()
        calendar(app).set_day(date(2025, 6, 11), DayCell("79", "few"))
        calendar(app).set_day(date(2025, 9, 1), DayCell("79", "few"))
        await pilot.pause()
        assert painted == []


async def test_every_fullness_has_a_sign_in_both_widths_and_alphabets(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = {6: ("79", "plenty"), 7: ("87", "few"), 8: (None, "full"), 9: (None, "none"), 10: (None, "loading")}
    for width, ascii_only, expected in [
        (120, False, ["79▁", "87▆", "full", "—", "·"]),
        (80, False, ["6▁", "7▆", "✗", "—", "·"]),
        (120, True, ["79_", "87!", "full", "-", "."]),
    ]:
        monkeypatch.setattr("korus_tui.widgets.signs._chosen", signs(ascii_only))
        app = host()
        async with app.run_test(size=(width, 24)) as pilot:
            for day, (price, fullness) in looks.items():
                calendar(app).set_day(date(2025, 6, day), DayCell(price, fullness))  # type: ignore[arg-type]
            await pilot.pause()
            shown = screen_text(app)
            assert all(sign in shown for sign in expected), (width, ascii_only, shown)
            assert not ascii_only or shown.isascii()


async def test_weeks_start_where_the_language_starts_them() -> None:
    for locale, month, first in [("fr_FR", "juin 2025", "lu"), ("en_US", "June 2025", "Su"), ("xx", "June 2025", "Mo")]:
        app = host(locale=locale)
        async with app.run_test(size=(60, 20)) as pilot:
            await pilot.pause()
            lines = screen_text(app).splitlines()
            assert month in lines[0]
            assert lines[1].split()[0] == first


async def test_expected_month_shows_as_loading_but_keeps_what_is_known() -> None:
    app = host()
    async with app.run_test(size=(60, 20)) as pilot:
        calendar(app).set_day(date(2025, 6, 6), DayCell("79", "plenty"))
        calendar(app).expect_month(2025, 6)
        await pilot.pause()
        assert calendar(app).day(date(2025, 6, 6)) == DayCell("79", "plenty")
        assert calendar(app).day(date(2025, 6, 7)).fullness == "loading"
        assert calendar(app).day(date(2025, 6, 2)).fullness == "unknown"


async def test_a_click_highlights_and_a_double_click_chooses() -> None:
    app = host()
    async with app.run_test(size=(120, 20)) as pilot:
        await pilot.click(MonthCalendar, offset=(2 * 6 + 2, 2 + 2 * 1))
        assert calendar(app).selected == date(2025, 6, 11)
        await pilot.click(MonthCalendar, offset=(2 * 6 + 2, 2 + 2 * 1), times=2)
        assert [m.day for m in app.heard if isinstance(m, DayChosen)] == [date(2025, 6, 11)]


def late() -> Host:
    return Host(lambda: [MonthCalendar(date(2025, 6, 28))], lambda app: app.screen.query_one(MonthCalendar).focus())


async def test_weeks_that_are_over_make_room_for_the_next_month() -> None:
    app = late()
    async with app.run_test(size=(120, 20)) as pilot:
        calendar(app).set_day(date(2025, 7, 5), DayCell("93", "plenty"))
        await pilot.pause()
        shown = screen_text(app)
        lines = [line.split() for line in shown.split("\n")[:15]]
        assert lines[2] == ["23", "24", "25", "26", "27", "28", "29"]
        assert lines[4] == ["30"]
        assert lines[6] == ["July", "2025"]
        assert (lines[7][0], lines[7][-1]) == ("1", "6")
        assert "93▁" in shown
        assert lines[11][0] == "14"
        assert "plenty" in lines[14]
        await pilot.click(MonthCalendar, offset=(5 * 6 + 2, 7))
        assert calendar(app).selected == date(2025, 7, 5)
        await pilot.pause()
        assert "June" not in screen_text(app)


async def test_weeks_that_are_over_are_there_for_who_goes_to_them() -> None:
    app = late()
    async with app.run_test(size=(120, 20)) as pilot:
        await pilot.press("up")
        await pilot.pause()
        shown = screen_text(app)
        assert calendar(app).selected == date(2025, 6, 21)
        assert "July" not in shown
        assert shown.split("\n")[4].split() == ["2", "3", "4", "5", "6", "7", "8"]
        await pilot.press("t")
        await pilot.pause()
        assert "July 2025" in screen_text(app)


async def test_cents_stand_in_a_day_that_has_room_for_them() -> None:
    for width, price in ((42, "34+▁"), (49, "34.50▁")):
        app = Host(lambda: [MonthCalendar(TODAY)], css=f"MonthCalendar {{ width: {width} !important; }}")
        async with app.run_test(size=(100, 20)) as pilot:
            calendar(app).set_day(date(2025, 6, 11), DayCell("34+", "plenty", "34.50"))
            await pilot.pause()
            assert price in screen_text(app)
            assert calendar(app).rounds == ("+" in price)
