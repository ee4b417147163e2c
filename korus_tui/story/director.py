"""Tells the story over the running program, and plays it where that is wished. It only looks on, and presses keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.events import Event, Key, Paste
from textual.timer import Timer

from korus_tui import commands
from korus_tui.counter.core.problems import Problem
from korus_tui.i18n import _
from korus_tui.sale.state import Sale
from korus_tui.story.caption import Cap, Caption, CaptionBar
from korus_tui.story.proof import Ask, ProofPage
from korus_tui.story.scene import Scene
from korus_tui.story.script import DIALOG, DOWN, ENTER, LAPSED, OVER, PROOF, STEPS, WAITS, Step, place_in

if TYPE_CHECKING:
    from korus_tui.app.korus_app import KorusApp

_LOOK = 0.05  # seconds between two looks at the page
_LINE = 80  # letters
_STROKE = 0.1  # of a line's time, between two keys
_FIXED: dict[str, tuple[str, str | None]] = {ENTER: ("enter", "\r"), DOWN: ("down", None)}
_NAMES = {" ": "space"}  # of signs in what is typed, as Textual calls them


class Director:
    """One showing of the story. `takes` is asked for every key before the program has it."""

    def __init__(self, app: KorusApp, ask: Ask, *, plays: bool, pace: float) -> None:
        """`ask` gives what is true at the sandbox; `pace` is for how many seconds a line is left to be read."""
        self._app = app
        self._ask = ask
        self._plays = plays
        self._pace = pace
        self._looking: Timer | None = None
        self._sale: Sale | None = None
        self._sold = False
        self._place = -1
        self._begun = 0.0  # when (boot seconds) the step that is told began
        self._pressed = 0  # strokes of it
        self._lit: float | None = None  # since when the next of them is shown as pressed
        self._sent: list[Key] = []
        self._on_course = False
        self._proved = False
        self._over = False

    def begin(self) -> None:
        """From the first page on."""
        self._looking = self._app.set_interval(_LOOK, self._look)

    @property
    def is_over(self) -> bool:
        """Whether it was left."""
        return self._over

    # Keys

    def takes(self, event: Event) -> bool:
        """Whether this key ends the story: then the program has nothing of it. Every other one is the till's."""
        if self._looking is None or not isinstance(event, Key | Paste) or event.is_forwarded:
            return False
        if isinstance(event, Paste):
            if self._plays:
                self._leave()
            return self._plays
        mine = next((one for one in self._sent if one is event), None)
        if mine is not None:
            self._sent.remove(mine)
            return False
        if self._plays or (event.key == "escape" and self._on_course):
            self._leave()
            return True
        ahead = self._strokes()
        if self._on_course and self._pressed < len(ahead) and ahead[self._pressed][0] == event.key:
            self._pressed += 1
        return False

    def _strokes(self) -> list[tuple[str, str | None]]:
        """The keys of the step, as Textual calls them, with their signs."""
        found: list[tuple[str, str | None]] = []
        for one in self._step.keys:
            if one in _FIXED:
                found.append(_FIXED[one])
            elif one.startswith("‹"):
                key = _command(one).every_key[0]
                found.append((key, sign if len(sign := _command(one).key) == 1 else None))
            else:
                found += [(_NAMES.get(sign, sign), sign) for sign in _(one)]
        return found

    def _caps(self) -> tuple[Cap, ...]:
        said = ((one, _(one)) for one in self._step.keys)
        return tuple(Cap(shown, 1 if one in _FIXED or one.startswith("‹") else len(shown)) for one, shown in said)

    # Looking on

    @property
    def _step(self) -> Step:
        return STEPS[max(0, self._place)]

    def _look(self) -> None:
        """Follow the sale and the page; say what is next; press it, where the story plays itself."""
        app = self._app
        services = app.services
        if services is None or not services.opened or not app.is_running or not app.screen_stack:
            return
        self._follow()
        scene = Scene(services, app.screen_stack, self._sale, self._sold)
        if not scene.screen.is_mounted:
            return
        if self._proved and not any(isinstance(one, ProofPage) for one in app.screen_stack):
            self._leave()
            return
        place = place_in(scene)
        if place != self._place and not self._in_the_middle(scene):
            self._place, self._pressed, self._lit = place, 0, None
            self._begun = services.clock.boot()
        said = self._astray(scene)
        self._on_course = said is None
        self._say(scene, said)
        if self._on_course and self._plays:
            self._play(scene, services.clock.boot())
        if self._step.page == PROOF and scene.page == "catalog" and scene.ready and not self._proved:
            self._proved = True
            assert self._sale is not None
            app.push_screen(ProofPage(services, self._sale.reference, self._ask))

    def _in_the_middle(self, scene: Scene) -> bool:
        """Whether words are being typed, of which the first did already: they are typed to their end."""
        return self._plays and scene.page == self._step.page and 0 < self._pressed < len(self._strokes())

    def _follow(self) -> None:
        """The first sale with something in it; another one where that was voided."""
        services = self._app.services
        if services is None or self._sold:
            return
        followed = self._sale.reference if self._sale else ""
        here = next((one for one in services.desk.sales if one.reference == followed), None)
        if here is None and self._sale is not None:
            self._sold = self._sale.all_ordered
            if self._sold:
                return
        at_counter = services.desk.sale
        self._sale = here or (at_counter if at_counter is not None and at_counter.lines else None)

    def _astray(self, scene: Scene) -> str | None:
        """What to say where the story's own keys do not work now; None where they do."""
        step = self._step
        if scene.waits:
            return WAITS
        if scene.lapsed and scene.page in ("cart", "checkout"):
            return LAPSED
        if scene.page == step.page or scene.asking or (step.page == PROOF and not self._proved):
            return None
        return DIALOG if scene.is_dialog else step.back

    def _say(self, scene: Scene, astray: str | None) -> None:
        said, caps, leave = self._step.said, self._caps(), _("‹help.close› ends the story")
        if astray is not None:
            said, caps, leave = astray, (), ""
        if self._plays:
            leave = _("any key ends the story")
        pressed = self._pressed + (self._lit is not None)
        caption = Caption(self._place + 1, len(STEPS), _(said), caps, pressed, leave)
        for screen in scene.stack:
            for bar in screen.query(CaptionBar):
                bar.display = screen is scene.screen  # under a dialog an old one would stand beside the dialog's
        if bars := scene.screen.query(CaptionBar):
            bars.first().show(caption)
        else:
            scene.screen.mount(CaptionBar(caption))

    # Playing

    def _play(self, scene: Scene, now: float) -> None:
        """The next stroke, once it could be read what for: shown as pressed a moment before it is."""
        strokes = self._strokes()
        lines = max(1.0, len(_(self._step.said)) / _LINE)
        if self._pressed >= len(strokes) or not scene.ready or now - self._begun < lines * self._pace:
            return
        if self._lit is None:
            self._lit = now
            self._say(scene, None)
        elif now - self._lit >= self._pace * _STROKE:
            event = Key(*strokes[self._pressed])
            self._pressed, self._lit = self._pressed + 1, None
            self._sent.append(event)
            self._app.post_message(event)

    # The end

    def _leave(self) -> None:
        """Nothing is told any more; the program stays where it is."""
        app = self._app
        self._over = True
        if self._looking is not None:
            self._looking.stop()
            self._looking = None
        for screen in app.screen_stack:
            screen.query(CaptionBar).remove()
        if isinstance(app.screen, ProofPage):
            app.pop_screen()
        what, meaning, again = map(_, OVER)
        app.call_later(app.tell, Problem(what, meaning, again), "good")


def _command(named: str) -> commands.Command:
    """The command of ‹checkout.take›."""
    return next(one for one in commands.all_commands() if one.name == named.strip("‹›"))
