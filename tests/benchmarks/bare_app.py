"""The least that a Textual application can be: the measure of our first frame."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Bare(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        yield Static("the bare frame")


if __name__ == "__main__":
    Bare().run()
