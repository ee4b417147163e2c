"""The first start: try the sandbox, or say where and as whom to sell; tested step by step before it is kept."""

from __future__ import annotations

import atexit
from asyncio import to_thread
from dataclasses import asdict
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from korus_tui import __version__, commands
from korus_tui.config import settings
from korus_tui.config.paths import Paths
from korus_tui.config.settings import Profile, Settings
from korus_tui.counter.services import build
from korus_tui.counter.setup import connect
from korus_tui.counter.setup.connect import ConnectStage, Outcome, Step
from korus_tui.counter.setup.form import Typed
from korus_tui.i18n import _
from korus_tui.screens.common.confirm import ConfirmScreen
from korus_tui.screens.common.flow import flow_of
from korus_tui.screens.connect.form import ConnectForm
from korus_tui.styles import HORIZONTAL_BREAKPOINTS
from korus_tui.widgets.hanging import Hanging
from korus_tui.widgets.key_bar import KeyBar, KeyHint
from korus_tui.widgets.problem_bar import ProblemBar, ProblemView
from korus_tui.widgets.signs import signs
from korus_tui.widgets.text import clean

if TYPE_CHECKING:
    from korus_tui.config.credentials import Secrets
    from korus_tui.counter.services import Services


class ConnectScreen(Screen[None]):
    """Asks for a profile, tests it, keeps it, and hands over to the catalog."""

    NAME: ClassVar[str] = "connect"
    BINDINGS = commands.bindings("connect")
    HORIZONTAL_BREAKPOINTS = HORIZONTAL_BREAKPOINTS

    def __init__(self, paths: Paths, known: Settings, current: Services | None = None) -> None:
        """`current` sells already: its profile is changed, from its next start on."""
        super().__init__()
        self._current = current
        self._paths = paths
        self._known = known
        self._busy = False
        self._steps: dict[ConnectStage, Step] = {}

    def compose(self) -> ComposeResult:
        """Title, form, steps, problem bar and keys."""
        yield Static(Content(_("korus-tui · connect this counter")), id="connect-title")
        with Horizontal(id="connect"):
            yield ConnectForm()
            with VerticalScroll(id="side", can_focus=False):
                yield Static(self._welcome(), id="welcome")
                yield Static(id="steps", markup=False)
        yield ProblemBar()
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the keys, and what is wrong with settings that are there."""
        self._show_keys()
        # Textual's input cannot bear a value while its screen is not on the stack yet.
        form, current = self.query_one(ConnectForm), self._current
        if current is None:
            self.call_after_refresh(form.fill)
        else:
            values = asdict(Typed.known(current.name, current.profile))
            self.call_after_refresh(form.show, {name: value for name, value in values.items() if value})
        self.query_one(ConnectForm).field("server").entry.focus()
        self._show_steps()
        _settings, notes = settings.load(self._paths)
        if notes:
            more = _("{count} more in the log.").format(count=len(notes) - 1) if len(notes) > 1 else ""
            self.query_one(ProblemBar).show(ProblemView(str(notes[0]), more, tone="warn"))

    def _show_keys(self) -> None:
        here = (self.NAME, "app.leave", "app.language")  # most of what works on every screen needs a counter first
        not_here = "back" if self._current is None else "sandbox"
        found = [one for one in commands.of_screen(self.NAME) if one.screen in here or one.action in here]
        offered = [one for one in found if one.action != not_here]
        offered.sort(key=lambda command: command.footer or 0)
        self.query_one(KeyBar).show(tuple(KeyHint(one.key, _(one.label)) for one in offered), typing=True)

    def say_again(self) -> None:
        """Another language: keys and steps."""
        self._show_keys()
        self._show_steps()

    def _welcome(self) -> Content:
        if self._current is not None:
            said = _("What is changed here counts from the next start. ‹connect.try› tests it and keeps it.")
            return Content("\n").join([Content(said), Content(_("Empty secrets stay as they are."))])
        lines = [
            Content.assemble((_("No account yet?"), "bold")),
            Content(_("‹connect.sandbox› sells on a local sandbox: nothing leaves this machine, nothing is charged.")),
        ]
        if self._known.profiles:
            names = clean(", ".join(self._known.profiles))
            lines.append(
                Content(_("Profiles here: {names}. Start with --profile NAME to use one.").format(names=names))
            )
        return Content("\n").join(lines)

    # The test

    def action_try(self) -> None:
        """Test what was typed; an existing profile is replaced only after asking."""
        if self._busy:
            return
        typed = Typed.of(self.query_one(ConnectForm).values)
        current = self._current
        wrong = typed.wrong(keeps_secret=current is not None)
        self.query_one(ConnectForm).complain(wrong)
        if wrong:
            what = _("Something is missing or cannot be right: it is said under its field.")
            self._steps = {ConnectStage.ADDRESS: Step(ConnectStage.ADDRESS, Outcome.FAILED, what)}
            self._show_steps()
            return
        if typed.name not in self._known.profiles or (current is not None and typed.name == current.name):
            self._start(typed)
            return
        question = _("Replace the profile “{name}”?").format(name=typed.name)
        details = _("Its settings and its secrets are written anew, once the connection works.")
        self.app.push_screen(
            ConfirmScreen(question, details, _("replace")), lambda yes: self._start(typed) if yes else None
        )

    def _start(self, typed: Typed) -> None:
        if self._busy:
            return
        self._busy = True
        self._steps = {}
        self.query_one(ProblemBar).clear()
        self.run_worker(self._testing(typed), group="connect", exit_on_error=False)

    async def _testing(self, typed: Typed) -> None:
        profile, secrets, current = typed.profile(), typed.secrets(), self._current
        if current is not None:
            profile = typed.changed(current.profile)
            if not typed.has_secret:
                _profile, secrets = await current.where()
        try:
            async for step in connect.test(profile, secrets, __version__):
                self._show(step)
            if self._steps[ConnectStage.CATALOGS].outcome is not Outcome.DONE:
                return
            self._show(await connect.keep(self._paths, typed.name, profile, secrets))
            if self._steps[ConnectStage.SAVED].outcome is Outcome.DONE and current is None:
                self._sell(typed.name, profile, secrets)
        finally:
            self._busy = False

    def _sell(self, name: str, profile: Profile, secrets: Secrets) -> None:
        async def where() -> tuple[Profile, Secrets]:
            return profile, secrets

        known, _notes = settings.load(self._paths, profile=name)
        self._use(build(name, profile, known, self._paths, where, __version__))

    def _use(self, services: Services) -> None:
        """Hand over; this screen stays beneath, with nothing of a secret in it."""
        self.query_one(ConnectForm).forget()
        flow_of(self.app).sell(services)

    def action_back(self) -> None:
        """Back to the program that sells; what was not kept is gone."""
        if self._current is not None:
            self.dismiss(None)

    # The sandbox

    def action_sandbox(self) -> None:
        if not self._busy and self._current is None:
            self._busy = True
            self.run_worker(self._trying_out(), group="connect", exit_on_error=False)

    async def _trying_out(self) -> None:
        from korus_tui.demo import Demo, SandboxFailed  # first frame

        self._steps = {}
        self._show(Step(ConnectStage.SERVER, Outcome.RUNNING, _("starting the sandbox")))
        try:
            demo = await to_thread(Demo.start, ())
            atexit.register(demo.__exit__, None, None, None)
            await demo.where()
            self._use(demo.services())
        except ImportError as error:
            what = _("The sandbox's parts are not installed ({name}).").format(name=error.name)
            self._show(Step(ConnectStage.SERVER, Outcome.FAILED, what, "pip install 'korus-tui[demo]'"))
        except (SandboxFailed, OSError) as error:
            what = _("The sandbox did not start: {words}").format(words=error)
            self._show(Step(ConnectStage.SERVER, Outcome.FAILED, what, _("‹connect.sandbox› tries again")))
        finally:
            self._busy = False

    # Steps

    def _show(self, step: Step) -> None:
        self._steps[step.stage] = step
        self._show_steps()

    def _show_steps(self) -> None:
        names = {
            ConnectStage.ADDRESS: _("address"),
            ConnectStage.SERVER: _("server"),
            ConnectStage.SIGN_IN: _("sign-in"),
            ConnectStage.CATALOGS: _("catalogs"),
            ConnectStage.SAVED: _("saved"),
        }
        self.query_one("#welcome").display = not self._steps
        width = max(map(len, names.values())) + 2
        lines = [self._line(name.ljust(width), self._steps.get(stage)) for stage, name in names.items()]
        steps = self.query_one("#steps", Static).set_class(not self._steps, "-untried")
        steps.update(Hanging(Content("\n").join(lines)))
        steps.scroll_visible(animate=False)

    def _line(self, name: str, step: Step | None) -> Content:
        mark = signs()
        if step is None:
            return Content.assemble((f"{mark.waiting} {name}", "$text-disabled"))
        if step.outcome is Outcome.RUNNING:
            return Content.assemble(f"{mark.online} {name}", (clean(step.words) + "…", "$text-muted"))
        if step.outcome is Outcome.DONE:
            return Content.assemble((f"{mark.ok} {name}", "$text-success"), (clean(step.words), "$text-muted"))
        then = joined_next(step.next)
        return Content.assemble((f"{mark.problem} {name}{clean(step.words)}", "$text-error"), (then, "$text-accent"))


def joined_next(then: str) -> str:
    """What to do about a failed step, and the key that tests again, on a line of their own."""
    again = _("‹connect.try› tests again")
    return f"\n  {clean(then)}  {again}" if then else f"\n  {again}"
