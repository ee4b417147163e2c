"""Our words and those from outside never look alike in a list (F75)."""

from __future__ import annotations

import pytest
from widget_host import Host

from korus_tui.widgets.lists.row_list import Column, Row, RowList
from korus_tui.widgets.lists.rows import Tone
from korus_tui.widgets.lists.states import Ready


@pytest.mark.parametrize("tone", ["good", "warn", "bad"])
async def test_f75_a_name_never_takes_the_colour_of_a_rows_state(tone: Tone) -> None:
    columns = (Column("name", "product", None, foreign=True), Column("state", "places", 12))
    rows = [Row("1", ("PAID", "held"), tone=tone), Row("2", ("PAID", "PAID"), tone=tone)]
    app = Host(
        lambda: [RowList(columns, id="rows")],
        lambda app: app.screen.query_one("#rows", RowList).set_rows(rows, Ready()),
    )
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.pause()
        strip = app.screen.query_one("#rows", RowList).render_line(1)
        theirs, ours = (str(style) for text, style, _control in strip if "PAID" in text)
        assert theirs != ours
