"""Textual's own DataTable with 2,000 rows: the measure of our list."""

from textual.app import App, ComposeResult
from textual.widgets import DataTable


class Table(App[None]):
    """2,000 products in two columns."""

    def compose(self) -> ComposeResult:
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("product", "of")
        table.add_rows([(f"Product number {number}", "Base") for number in range(2000)])
        table.focus()


if __name__ == "__main__":
    Table().run()
