"""The command line. Nothing heavy is imported before the arguments are understood."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NoReturn

from korus_tui import __version__, i18n, terminal
from korus_tui.cli import own_keys, process
from korus_tui.cli.arguments import Arguments, fail
from korus_tui.config.paths import Paths

if TYPE_CHECKING:
    from korus_tui.app.korus_app import KorusApp
    from korus_tui.config.credentials import Secrets
    from korus_tui.config.settings import Loaded, Profile
    from korus_tui.counter.services import Services
    from korus_tui.terminal.app import TerminalApp


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code is 2 for what was asked wrongly, 1 for what failed."""
    terminal.ascii_only()  # the system tells only a process that may be looked into
    process.keep_to_itself()
    arguments = _read(sys.argv[1:] if argv is None else argv)
    if arguments.kiosk:
        if arguments.command != "sell":
            fail("--kiosk is for selling, and goes with no command")
        from korus_tui.cli.kiosk import lock_down

        lock_down()
    return _COMMANDS[arguments.command](arguments)


def _read(typed: Sequence[str]) -> Arguments:
    """The usual start says nothing: no parser is imported for it."""
    if not typed and "_ARGCOMPLETE" in os.environ:  # a shell asks for completion: it says so, and types nothing
        from korus_tui.cli.completion import answer

        answer()
    if not typed:
        return Arguments()
    from korus_tui.cli.parser import read

    return read(typed)


def _sandbox(arguments: Arguments) -> int:
    from korus_tui.sandbox.launch import launch
    from korus_tui.sandbox.options import from_namespace

    return launch(from_namespace(arguments))


def _report(arguments: Arguments) -> int:
    from korus_tui.cli.report_command import run

    return run(arguments)


def _backup(arguments: Arguments) -> int:
    from korus_tui.cli.backup_command import run

    return run(arguments)


def _forget(arguments: Arguments) -> int:
    from korus_tui.cli.forget_command import run  # first frame

    return run(arguments)


def _doctor(arguments: Arguments) -> int:
    from korus_tui.cli.doctor.report import run

    return run(arguments)


def _config(arguments: Arguments) -> int:
    from korus_tui.cli.config_command import run

    return run(arguments)


def _completion(arguments: Arguments) -> int:
    from korus_tui.cli.completion import script

    sys.stdout.write(script(arguments.shell))
    return 0


def _no_demo(error: ImportError) -> NoReturn:
    fail(f"the sandbox needs the extra 'demo' (pip install 'korus-tui[demo]'); missing: {error.name}")


def _ready_terminal() -> None:
    reason = terminal.unusable()
    if reason:
        fail(reason)
    # What is loaded for the first frame stays for good: looking through it for garbage only delays that frame.
    gc.disable()
    process.load_little()


def _sell(arguments: Arguments) -> int:
    _ready_terminal()
    from korus_tui.config import settings
    from korus_tui.terminal import logs

    paths = Paths.standard()
    loaded = settings.load_all(
        paths, {key: getattr(arguments, key) for key in ("profile", "till", "agent", "language", "theme")}
    )
    chosen, notes = loaded.settings, tuple(map(str, (*loaded.notes, *own_keys.use(paths))))
    logs.use_level(chosen.log_level)
    terminal.use_most(chosen.largest_screen.columns, chosen.largest_screen.lines)
    i18n.use(chosen.language)
    if chosen.chosen() is not None:
        services = _services(loaded, paths, kiosk=arguments.kiosk)
        return _run(_till(services, chosen.theme, notes), arguments, mouse=chosen.mouse)
    if loaded.chosen_by_hand():
        fail(f"there is no profile {chosen.profile!r} in {paths.settings_file}")
    if arguments.kiosk:
        fail("this till has no profile to sell with; ask whoever runs this host")
    from korus_tui.app.korus_app import KorusApp
    from korus_tui.screens.connect.screen import ConnectScreen

    first = ConnectScreen(paths, chosen)
    app = KorusApp(None, first, log=paths.log_file, theme=chosen.theme, notes=notes)
    return _run(app, arguments, mouse=chosen.mouse)


def _display(arguments: Arguments) -> int:
    _ready_terminal()
    from korus_tui.config import settings
    from korus_tui.terminal import logs

    paths = Paths.standard()
    loaded = settings.load_all(paths, {key: getattr(arguments, key) for key in ("profile", "till", "theme")})
    chosen = loaded.settings
    logs.use_level(chosen.log_level)
    terminal.use_most(chosen.largest_screen.columns, chosen.largest_screen.lines)
    if arguments.demo:
        from korus_tui.demo import TILL, Beside

        find: Callable[[], Services | None] = Beside()
        till = TILL
    elif (found := chosen.chosen()) is not None:
        services, till = _services(loaded, paths), found[1].till
        find = lambda: services  # noqa: E731
    elif loaded.chosen_by_hand():
        fail(f"there is no profile {chosen.profile!r} in {paths.settings_file}")
    else:
        fail("there is no profile yet whose till could be followed (beside a demo: korus-tui display --demo)")
    gc.enable()
    from korus_tui.display.app import DisplayApp

    app = DisplayApp(find, till, log_file=paths.log_file, theme=chosen.theme, language=arguments.language or "")
    return _run(app, arguments, mouse=False)


def _services(loaded: Loaded, paths: Paths, *, kiosk: bool = False) -> Services:
    import asyncio

    from korus_tui.counter.services import build

    found = loaded.settings.chosen()
    assert found is not None
    name, profile = found

    async def where() -> tuple[Profile, Secrets]:
        from korus_tui.config import credentials

        return profile, await asyncio.to_thread(credentials.secrets_of, name, paths, profile.secrets)

    return build(name, profile, loaded.settings, paths, where, __version__, kiosk=kiosk)


def _till(services: Services, theme: str, notes: tuple[str, ...] = ()) -> KorusApp:
    from korus_tui.app.korus_app import KorusApp
    from korus_tui.screens.catalog.screen import CatalogScreen

    return KorusApp(services, CatalogScreen(services), log=services.paths.log_file, theme=theme, notes=notes)


def _demo(arguments: Arguments) -> int:
    if arguments.web:
        from korus_tui.cli.browser import run

        return run(arguments)
    if not arguments.visitor:  # whose screen is a browser
        _ready_terminal()
    from korus_tui.counter.core.clock import ServerClock
    from korus_tui.demo import STORY_BEGINS, Demo, begins

    # Until the application listens: what the demo has made so far is taken away again.
    signal.signal(signal.SIGINT, lambda number, _frame: sys.exit(128 + number))
    given = ("seed", "now", "generation", "hold_seconds")
    world = {name.replace("_", "-"): getattr(arguments, name) for name in given}
    told = arguments.story or arguments.play
    if told:
        from korus_tui.cli.parser import read

        usual = read(["demo"])
        if other := [name for name in given if getattr(arguments, name) != getattr(usual, name)]:
            fail(f"the story has a day and a world of its own: leave out --{other[0].replace('_', '-')}")
        world["now"] = STORY_BEGINS
    world["now"] = world["now"] or begins(ServerClock().now())
    try:
        chosen = [f"--{name}={value}" for name, value in world.items() if value is not None]
        demo = Demo.gone_on() or Demo.start(chosen, arguments.slowly, past=not (told or arguments.empty))
    except ImportError as error:
        _no_demo(error)
    i18n.use(arguments.language or os.environ.get("KORUS_LANGUAGE") or i18n.of_environment())
    demo.cuts = not arguments.visitor  # a browser would not know the program that comes after
    with demo:
        services, notes = demo.services(), tuple(map(str, own_keys.use(Paths.standard())))
        app = _till(services, arguments.theme or "korus-dark", notes)
        if told and demo.tells:
            from korus_tui.story.director import Director

            app.guide = director = Director(app, demo.truth, plays=arguments.play, pace=arguments.pace)
            demo.told = lambda: not director.is_over
        if arguments.visitor:
            from korus_tui.cli.browser import IDLE

            app.ends_idle = IDLE
        return _run(app, arguments)


def _run(app: TerminalApp, arguments: Arguments, *, mouse: bool = True) -> int:
    from korus_tui.terminal import crash as last_resort

    hang_up = terminal.HangUp(app.hang_up)
    hang_up.install()
    last_resort.install(app.log_file)
    result = app.run(mouse=mouse and not arguments.no_mouse)
    if app.last_words:
        print(app.last_words, file=sys.stderr)  # noqa: T201 - the command line's own voice
    return app.return_code or result or 0


_COMMANDS = {
    "sell": _sell,
    "demo": _demo,
    "display": _display,
    "sandbox": _sandbox,
    "doctor": _doctor,
    "config": _config,
    "report": _report,
    "backup": _backup,
    "forget": _forget,
    "completion": _completion,
}
