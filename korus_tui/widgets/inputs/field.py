"""A labelled line of a form, with its message in words directly under it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import ComposeResult, RenderResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from korus_tui.i18n import _, language, said_again
from korus_tui.widgets.inputs.entry import Entry, Refused
from korus_tui.widgets.signs import signs
from korus_tui.widgets.text import clean, cut

if TYPE_CHECKING:
    from textual import events

Check = Callable[[str], str | None]


class _Label(Static):
    """Tells its field what it has room for."""

    def render(self) -> RenderResult:
        """Painted anew with every other width; Textual's own event of that does not always come."""
        self.call_later(self.query_ancestor(Field).fit_label, self.size.width)
        return super().render()


class Field(Widget):
    """Label, input and one line for a hint or an error; `check` is asked when the field is left or submitted."""

    def __init__(  # noqa: PLR0913 - a form's field, each named at the call
        self,
        label: str,
        entry: Input | None = None,
        hint: str = "",
        *,
        required: bool = False,
        check: Check | None = None,
        aside: str = "",
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        """`check` gets the typed text and answers with a sentence, or None when all is well; `aside` stands beside."""
        super().__init__(id=id, classes=classes)
        self.label = label
        self.entry: Input = entry or Entry()
        self.hint = hint
        self.required = required
        self.aside = aside
        self.error: str | None = None
        self._error_in = language()
        self._check = check
        self._room = 0  # cells of the label, once it is painted

    def compose(self) -> ComposeResult:
        """Label and input side by side, the message under the input."""
        with Horizontal(classes="field--line"):
            yield _Label(self._label_content(), classes="field--label")
            yield self.entry
            if self.aside:
                yield Static(Content(self.aside), classes="field--aside")
        yield Static(self._note(), classes="field--note")

    def relabel(self, was: Field, now: Field) -> None:
        """Another language: label, hint and placeholder, where they still are what `was` was built with; the error."""
        if self.error is not None:
            self.show_error(said_again(self.error, self._error_in))
        if self.label == was.label:
            self.label, self.required = now.label, now.required
            self.query_one(_Label).update(self._label_content())
        if self.hint == was.hint != now.hint:
            self.hint = now.hint
            self.query_one(".field--note", Static).update(self._note())
        if self.aside == was.aside != now.aside:
            self.aside = now.aside
            self.query_one(".field--aside", Static).update(Content(self.aside))
        if self.entry.placeholder == was.entry.placeholder:
            self.entry.placeholder = now.entry.placeholder

    def fit_label(self, width: int) -> None:
        """A label that is too long for its `width` is cut before its sign, not the sign."""
        if width != self._room:
            self._room = width
            self.query_one(_Label).update(self._label_content())

    @property
    def value(self) -> str:
        """What was typed, as typed."""
        return self.entry.value

    def show_error(self, sentence: str | None) -> None:
        """Put a sentence under the field, or take it away; the typed text is left alone."""
        if sentence == self.error:
            return
        self.error, self._error_in = sentence, language()
        self.set_class(sentence is not None, "-invalid")
        if self.is_mounted:
            self.query_one(".field--note", Static).update(self._note())

    def tell(self, hint: str) -> None:
        """Another hint under the field, in place of an error."""
        self.hint, self.error = hint, None
        self.set_class(False, "-invalid")
        if self.is_mounted:
            self.query_one(".field--note", Static).update(self._note())

    def validate_now(self) -> bool:
        """Check the typed text, show what is wrong with it, and say whether it is good."""
        self.show_error(self.wrong)
        return self.error is None

    @property
    def wrong(self) -> str | None:
        """What is wrong with the typed text, in words."""
        value = self.value.strip()
        if self.required and not value:
            return _("Please fill in: %(field)s.") % {"field": self.label}
        return self._check(self.value) if self._check and value else None

    def on_input_blurred(self, _event: Input.Blurred) -> None:
        """Leaving a field checks it; leaving an untouched required field does not scold."""
        if self.value or self.error:
            self.validate_now()

    def on_input_submitted(self, _event: Input.Submitted) -> None:
        """Enter checks the field; the screen hears the same message."""
        self.validate_now()

    def on_input_changed(self, _event: Input.Changed) -> None:
        """A message about text that is being mended goes away."""
        if self.error is not None and self.value:
            self.show_error(None)

    def on_refused(self, event: Refused) -> None:
        """Say why, once the messages about the change itself are over."""
        event.stop()
        self.call_after_refresh(self.show_error, event.why)

    def on_click(self, _event: events.Click) -> None:
        """A click anywhere on the field is meant for its input."""
        self.entry.focus()

    def _label_content(self) -> Content:
        sign = f" {signs().required}" if self.required else ""
        room = self._room - len(sign)
        label = clean(self.label)
        return Content.assemble(cut(label, room) if room > 0 else label, (sign, "bold $foreground"))

    def _note(self) -> Content:
        return Content(f"{signs().problem} {clean(self.error)}" if self.error is not None else clean(self.hint))


def required_words() -> str:
    """What the sign beside a label means."""
    return f"{signs().required} " + _("required")


class RequiredNote(Static):
    """The line of a form with such fields that says what the sign means."""

    def __init__(self) -> None:
        super().__init__(Content(required_words()), markup=False)
