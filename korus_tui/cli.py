"""The command line: sell, demo, sandbox. Nothing heavy is imported before the arguments are understood."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NoReturn

from korus_tui import __version__, terminal
from korus_tui.paths import Paths
from korus_tui.sandbox.options import add_arguments, from_namespace, parse_moment

if TYPE_CHECKING:
    from korus_tui.app import KorusApp
    from korus_tui.counter.services import Services

_ABOUT = """\
The till of a box office, in a terminal: find a product, choose date and session, hold the places,
take the money, book, hand over the tickets. Sells through the Korus Ticket API.

  korus-tui              sell with your profile; the first start asks for the server and your credentials
  korus-tui demo         sell on a local sandbox: needs no account, no settings and no network
  korus-tui sandbox      only that sandbox, as a server for tests and partners
  korus-tui doctor       settings, credentials, server, journal: what is well, what is not, and what to do
  korus-tui report       a till's day: takings, drawer, counts, what is not confirmed
"""
_KEYS = "Inside the program, ? shows the keys of each screen. Ctrl+Q leaves; an open sale is kept and taken up again."


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, instead of a page of usage."""

    def error(self, message: str) -> NoReturn:
        """One line on standard error, exit code 2."""
        _fail(f"{message} (try: {self.prog} --help)")


def _fail(message: str) -> NoReturn:
    print(f"korus-tui: {message}", file=sys.stderr)  # noqa: T201 - the command line's own voice
    raise SystemExit(2)


def _parser() -> argparse.ArgumentParser:
    plain = argparse.RawDescriptionHelpFormatter
    parser = _Parser(prog="korus-tui", description=_ABOUT, epilog=_KEYS, formatter_class=plain)
    parser.add_argument("--version", action="version", version=f"korus-tui {__version__}")
    parser.add_argument("--profile", metavar="NAME", help="the profile of the settings file to sell with")
    parser.add_argument("--till", metavar="NAME", help="the till's name; each till has its own journal")
    parser.add_argument("--agent", metavar="NAME", help="who sells; stands on every event of the journal")
    _looks(parser)
    parser.set_defaults(run=_sell)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    demo = commands.add_parser("demo", help="sell on a local sandbox; nothing is kept afterwards")
    _looks(demo)
    _world(demo)
    demo.set_defaults(run=_demo)
    sandbox = commands.add_parser("sandbox", help="run the local sandbox alone, as a server")
    add_arguments(sandbox)
    sandbox.set_defaults(run=_sandbox)
    _doctor_arguments(commands.add_parser("doctor", help="say what is well with this counter, and what is not"))
    _report_arguments(commands.add_parser("report", help="print a till's day from its journal"))
    return parser


def _report_arguments(report: argparse.ArgumentParser) -> None:
    # A missing option leaves what stood before the command: `korus-tui --till X report` is as good.
    unsaid = argparse.SUPPRESS
    report.add_argument("--day", metavar="YYYY-MM-DD", type=_day, help="the business day (default: the newest)")
    report.add_argument("--till", metavar="NAME", default=unsaid, help="the till (default: the profile's)")
    report.add_argument("--profile", metavar="NAME", default=unsaid, help="the profile of the settings file")
    report.add_argument("--format", choices=("text", "json", "csv"), default="text", help="(default text)")
    report.set_defaults(run=_report)


def _doctor_arguments(doctor: argparse.ArgumentParser) -> None:
    doctor.add_argument("--till", metavar="NAME", default=argparse.SUPPRESS, help="the till (default: the profile's)")
    doctor.add_argument("--profile", metavar="NAME", default=argparse.SUPPRESS, help="the profile of the settings file")
    doctor.add_argument("--offline", action="store_true", help="do not ask the server")
    doctor.set_defaults(run=_doctor)


def _looks(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--theme", choices=("korus-dark", "korus-light"), help="the colours; Ctrl+T changes them")
    parser.add_argument(
        "--no-mouse", action="store_true", help="leave the mouse to the terminal, for its own selection"
    )


def _world(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=1, help="another world of prices and places (default 1)")
    parser.add_argument(
        "--now", metavar="TIME", type=_moment, help="let the sandbox's clock start here, e.g. 2025-01-29T07:55:53Z"
    )
    parser.add_argument("--generation", choices=("both", "tutorial", "release"), default="both", help="of the API")
    parser.add_argument("--hold-seconds", type=int, default=900, metavar="N", help="how long holds last (default 900)")


def _moment(text: str) -> str:
    try:
        parse_moment(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no moment such as 2025-01-29T07:55:53Z") from None
    return text


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day such as 2025-06-07") from None


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code is 2 for what was asked wrongly, 1 for what failed."""
    arguments = _parser().parse_args(argv)
    code: int = arguments.run(arguments)
    return code


def _sandbox(arguments: argparse.Namespace) -> int:
    from korus_tui.sandbox.launch import launch

    return launch(from_namespace(arguments))


def _report(arguments: argparse.Namespace) -> int:
    from korus_tui.reporting import run

    return run(arguments)


def _doctor(arguments: argparse.Namespace) -> int:
    from korus_tui.doctor import run

    return run(arguments)


def _no_demo(error: ImportError) -> NoReturn:
    _fail(f"the sandbox needs the extra 'demo' (pip install 'korus-tui[demo]'); missing: {error.name}")


def _ready_terminal() -> None:
    reason = terminal.unusable()
    if reason:
        _fail(reason)
    # What is loaded for the first frame stays for good: looking through it for garbage only delays that frame.
    gc.disable()
    # Read by the screen library when it is imported: nothing moves on a line that counts its bytes.
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")


def _sell(arguments: argparse.Namespace) -> int:
    _ready_terminal()
    from korus_tui import credentials, settings

    paths = Paths.standard()
    chosen, notes = settings.load(paths, profile=arguments.profile)
    found = chosen.chosen()
    if arguments.profile and found is None:
        _fail(f"there is no profile {arguments.profile!r} in {paths.settings_file}")
    theme = arguments.theme or chosen.theme
    if found is None:
        from korus_tui.app import KorusApp
        from korus_tui.screens.connect import ConnectScreen

        app = KorusApp(
            None, ConnectScreen(paths, chosen), log=paths.log_file, theme=theme, notes=tuple(map(str, notes))
        )
        return _run(app, arguments)
    name, profile = found
    given = {"till": arguments.till, "agent": arguments.agent}
    profile = replace(profile, **{key: value for key, value in given.items() if value})

    async def where() -> tuple[settings.Profile, credentials.Secrets]:
        return profile, credentials.secrets_of(name, paths)

    from korus_tui.counter.services import build

    services = build(name, profile, chosen, paths, where, __version__)
    return _run(_till(services, theme, tuple(map(str, notes))), arguments)


def _till(services: Services, theme: str, notes: tuple[str, ...] = ()) -> KorusApp:
    from korus_tui.app import KorusApp
    from korus_tui.screens.catalog import CatalogScreen

    return KorusApp(services, CatalogScreen(services), log=services.paths.log_file, theme=theme, notes=notes)


def _demo(arguments: argparse.Namespace) -> int:
    _ready_terminal()
    from korus_tui.demo import Demo

    given = ("seed", "now", "generation", "hold_seconds")
    world = {name.replace("_", "-"): getattr(arguments, name) for name in given}
    try:
        demo = Demo.start([f"--{name}={value}" for name, value in world.items() if value is not None])
    except ImportError as error:
        _no_demo(error)
    with demo:
        services = demo.services()
        return _run(_till(services, arguments.theme or "korus-dark"), arguments)


def _run(app: KorusApp, arguments: argparse.Namespace) -> int:
    from korus_tui import last_resort

    hang_up = terminal.HangUp(app.hang_up)
    hang_up.install()
    last_resort.install(app.log_file)
    result = app.run(mouse=not arguments.no_mouse)
    if app.last_words:
        print(app.last_words, file=sys.stderr)  # noqa: T201 - the command line's own voice
    return app.return_code or result or 0
