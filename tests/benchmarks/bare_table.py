"""Textual's own DataTable, the measure of our list. `bare_table.py NAME ROWS` shows the rows `NAME 0`, `NAME 1` …"""

import sys

from textual.app import App, ComposeResult
from textual.widgets import DataTable


class Table(App[None]):
    """Rows in two columns."""

    def compose(self) -> ComposeResult:
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        name, rows = sys.argv[1], int(sys.argv[2])
        table = self.query_one(DataTable)
        table.add_columns("product", "of")
        table.add_rows([(f"{name} {number}", "Base") for number in range(rows)])
        table.focus()


if __name__ == "__main__":
    Table().run()
