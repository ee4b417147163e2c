"""The API lens: the last calls as a list, and each of them with all that was sent and came."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.core.problems import Problem
from korus_tui.counter.lens.lens import SHOWN, KeptCall, Lens
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.screens.common.lens import text as say
from korus_tui.screens.common.till_screen import TillScreen, joined
from korus_tui.widgets.lists.row_list import Column, Row, RowChosen, RowList
from korus_tui.widgets.lists.states import Empty, Ready
from korus_tui.widgets.panels import panel
from korus_tui.widgets.text import paragraph, styled

_COPIED = 100_000  # characters that a terminal's clipboard is sent


class LensScreen(TillScreen):
    """The calls, newest first; Enter opens one, `c` copies it as curl."""

    NAME = "lens"
    SHOWS_CART = False
    BINDINGS = commands.bindings("lens")

    def __init__(self, services: Services, lens: Lens) -> None:
        super().__init__(services)
        self._lens = lens

    def body(self) -> ComposeResult:
        yield Static(Content(_("The last calls to Korus")), classes="title")
        columns = (
            Column("time", _("time"), 8),
            Column("call", _("call"), None, least=28, foreign=True),
            Column("status", _("answer"), 10),
            Column("ms", "ms", 6, "right"),
            Column("retries", "", 3),
            Column("what", _("what for"), 34, priority=1),
        )
        yield panel(RowList(columns, header=True, id="calls", state=Ready()), _("Calls"), early=True)

    def on_mount(self) -> None:
        self._lens.watch(self._fill)
        self._fill()
        self.query_one(RowList).focus()

    def on_unmount(self) -> None:
        """No longer."""
        self._lens.unwatch(self._fill)

    def say_again(self) -> None:
        super().say_again()
        self._fill()

    def _fill(self) -> None:
        rows = [self._row(one) for one in self._lens.calls]
        nothing = Empty(_("Nothing was asked yet."), _("‹lens.back› shows the page before"))
        self.query_one(RowList).set_rows(rows, Ready() if rows else nothing)

    def _row(self, seen: KeptCall) -> Row:
        said, tone = say.outcome(seen)
        what = say.purpose(seen.operation)
        doubt = None if seen.doubt else self._lens.doubt_of(seen)
        if doubt is not None:
            what = _("look-up of what is in doubt")
        elif seen.doubt and self._lens.looked_up(seen):
            what = _("in doubt, looked up")
        elif seen.doubt:
            what = _("in doubt")
        time = f"{self.services.local(self._lens.at(seen)):%H:%M:%S}"
        call = f"{seen.method:<5} {say.path(self._lens, seen)}"
        cells = (time, call, said, str(seen.milliseconds), say.retries(seen), what)
        return Row(str(seen.number), cells, tone=tone)

    @property
    def chosen(self) -> KeptCall | None:
        """The highlighted call, while it is kept."""
        key = self.query_one(RowList).highlighted
        return self._lens.find(int(key)) if key else None

    @on(RowChosen, "#calls")
    def _open(self) -> None:
        if (seen := self.chosen) is not None:
            self.app.push_screen(CallScreen(self.services, self._lens, seen))

    def action_copy(self) -> None:
        """Send it to the agent's own terminal."""
        if (seen := self.chosen) is not None:
            self.app.copy_to_clipboard(self._lens.curl(seen)[:_COPIED])
            what = _("Sent to your terminal's clipboard, as curl with $TOKEN for the token.")
            self.show_problem(Problem(what, _("What was redacted is to be filled in.")), tone="good")

    def action_back(self) -> None:
        """Back to the page before."""
        self.app.pop_screen()


class CallScreen(ModalScreen[None]):
    """One call: request and answer, pretty, without secrets and customers' data."""

    NAME = "lens_call"
    BINDINGS = commands.bindings("lens_call")

    def __init__(self, services: Services, lens: Lens, seen: KeptCall) -> None:
        super().__init__()
        self._services = services
        self._lens = lens
        self._seen = seen

    def compose(self) -> ComposeResult:
        with Vertical(id="call"):
            yield Static(id="call-head", markup=False)
            with VerticalScroll(id="call-paper"):
                yield Static(id="call-text", markup=False)
            yield Static(id="call-note", classes="muted", markup=False)
            keys = _("‹lens_call.copy› copy as curl   ‹lens_call.newer› newer   ‹lens_call.older› older   ↑↓ scroll   ")
            yield Static(keys + _("‹lens_call.close› close"), classes="keys", markup=False)

    def on_mount(self) -> None:
        self.query_one("#call-paper").focus()
        self._show()

    def _show(self) -> None:
        lens, seen = self._lens, self._seen
        said, tone = say.outcome(seen)
        ink = {"bad": "bold $text-error", "warn": "bold $text-warning"}.get(tone, "bold $text-success")
        step = say.step(seen.operation)
        facts = [self._time(seen), f"{seen.milliseconds} ms", say.retries(seen), f"{seen.length} B", seen.request_id]
        head = [
            Content.assemble(styled(f"{seen.method} {lens.path(seen)}", "bold"), "  ", styled(said, ink)),
            styled(joined((say.purpose(seen.operation), *facts)), "$text-muted"),
            styled(_("Tutorial: {step}").format(step=step) if step else _("Not in the tutorial"), "$text-accent"),
            *(styled(line, "$text-warning") for line in self._doubt()),
        ]
        self.query_one("#call-head", Static).update(Content("\n").join(head))
        sent = "\n".join((*(f"{name}: {value}" for name, value in seen.headers.items()), lens.request(seen)))
        answered = lens.answer(seen) or _("nothing")
        parts = [styled(_("Sent"), "bold"), paragraph(sent.rstrip()), Content("")]
        parts += [styled(_("Answered"), "bold"), paragraph(answered)]
        if len(seen.answered) >= SHOWN:
            parts.append(styled(_("More came than is kept here."), "$text-muted"))
        self.query_one("#call-text", Static).update(Content("\n").join(parts))
        self.query_one("#call-paper").scroll_home(animate=False)
        self.query_one("#call-note", Static).update("")

    def _time(self, seen: KeptCall) -> str:
        return f"{self._services.local(self._lens.at(seen)):%H:%M:%S}"

    def _doubt(self) -> list[str]:
        """That it is in doubt and what settled it, or which doubt it was a look-up of."""
        seen, lens = self._seen, self._lens
        if seen.doubt:
            looks = lens.looked_up(seen)
            if not looks:
                return [_("In doubt: whether it was done is not known. It is looked up, never just sent again.")]
            said = ", ".join(
                f"{self._time(one)} {one.method} {say.path(lens, one)} {say.outcome(one)[0]}" for one in looks[-3:]
            )
            return [_("In doubt; looked up: {calls}").format(calls=said)]
        doubt = lens.doubt_of(seen)
        if doubt is None:
            return []
        return [
            _("Looks up what became of the call of {time} (“{what}”).").format(
                time=self._time(doubt), what=say.purpose(doubt.operation)
            )
        ]

    def _turn(self, by: int) -> None:
        calls = self._lens.calls
        here = next((place for place, one in enumerate(calls) if one.number == self._seen.number), None)
        if here is None:
            self._note(_("This call is no longer kept."))
        elif 0 <= here + by < len(calls):
            self._seen = calls[here + by]
            self._show()

    def action_newer(self) -> None:
        self._turn(-1)

    def action_older(self) -> None:
        self._turn(1)

    def action_copy(self) -> None:
        """Send it to the agent's own terminal."""
        self.app.copy_to_clipboard(self._lens.curl(self._seen)[:_COPIED])
        self._note(_("Sent to your terminal's clipboard, as curl with $TOKEN for the token."))

    def _note(self, words: str) -> None:
        self.query_one("#call-note", Static).update(paragraph(words))

    def action_close(self) -> None:
        self.dismiss(None)
