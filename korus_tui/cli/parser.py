"""What can be typed on the command line. Standard library only, so that a wrong word is answered at once."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

from korus_tui import __version__, i18n
from korus_tui.cli import help_text as manual
from korus_tui.cli.arguments import Arguments, fail
from korus_tui.sandbox.generations import ALL, GENERATIONS
from korus_tui.sandbox.options import add_arguments, parse_moment

THEMES = ("korus-dark", "korus-light")
SHELLS = ("bash", "zsh", "fish")
_PLAIN = argparse.RawDescriptionHelpFormatter


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, instead of a page of usage."""

    def error(self, message: str) -> NoReturn:
        """One line on standard error, exit code 2."""
        fail(f"{message} (try: {self.prog} --help)")


def read(typed: Sequence[str]) -> Arguments:
    """What these arguments say; ends the program where they are wrong, or only ask for help."""
    return parser().parse_args(typed, namespace=Arguments())


def parser() -> argparse.ArgumentParser:
    """The parser; `command` of what it reads is the command's name, "sell" where none is typed."""
    made = _Parser(prog="korus-tui", description=manual.ABOUT, epilog=manual.SELL, formatter_class=_PLAIN)
    made.add_argument("--version", action="version", version=f"korus-tui {__version__}")
    made.add_argument("--profile", metavar="NAME", help="the profile of the settings to sell with")
    made.add_argument("--till", metavar="NAME", help="the till's name; each till has its own journal")
    made.add_argument("--agent", metavar="NAME", help="who sells; stands on every event of the journal")
    made.add_argument(
        "--kiosk",
        action="store_true",
        help="locked down, as a ForceCommand: without a profile it ends, and asks nobody",
    )
    _looks(made)
    made.set_defaults(command=Arguments.command)
    _commands(made)
    return made


def _shown(demo: argparse.ArgumentParser) -> None:
    watch = "in a rehearsal, hold up what heals for so long, to be watched (default 4)"
    demo.add_argument("--slowly", type=_seconds, default=4.0, metavar="SECONDS", help=watch)
    nothing = "begin without sales of the last days, a sale that waits, and favourites"
    demo.add_argument("--empty", action="store_true", help=nothing)
    story = demo.add_argument_group("the story", "a guided three minutes; it has a day and a world of its own")
    story.add_argument("--story", action="store_true", help="tell what to press and why, and what is seen then")
    story.add_argument("--play", action="store_true", help="the same, and it presses the keys itself; any key ends it")
    line = "with --play, how long a line of it is left to be read (default 5)"
    story.add_argument("--pace", type=_seconds, default=5.0, metavar="SECONDS", help=line)


def _browser(demo: argparse.ArgumentParser) -> None:
    web = demo.add_argument_group("in a browser", "each visitor has a sandbox of their own; needs the extra 'web'")
    web.add_argument("--web", action="store_true", help="serve the demo to browsers, until Ctrl+C")
    web.add_argument("--host", default="127.0.0.1", help="with --web, where it listens (default 127.0.0.1)")
    web.add_argument("--port", type=int, default=8080, help="with --web (default 8080)")
    web.add_argument("--visitor", action="store_true", help=argparse.SUPPRESS)  # what --web starts for each


def _commands(made: argparse.ArgumentParser) -> None:
    commands = made.add_subparsers(title="commands", metavar="COMMAND")

    def command(name: str, about: str, below: str) -> argparse.ArgumentParser:
        added: argparse.ArgumentParser = commands.add_parser(
            name, help=about, description=about[0].upper() + about[1:] + ".", epilog=below, formatter_class=_PLAIN
        )
        added.set_defaults(command=name)
        return added

    demo = command("demo", "sell on a local sandbox; nothing is kept afterwards", manual.DEMO)
    _looks(demo)
    _world(demo)
    _shown(demo)
    _browser(demo)
    display = command("display", "show the customer the sale at a till, on a screen of their own", manual.DISPLAY)
    _counter(display)
    display.add_argument(
        "--demo", action="store_true", default=argparse.SUPPRESS, help="follow the demo that runs here"
    )
    display.add_argument(
        "--language", choices=i18n.languages(), default=argparse.SUPPRESS, help="whatever the customer's is"
    )
    display.add_argument("--theme", choices=THEMES, default=argparse.SUPPRESS, help="the colours")
    add_arguments(command("sandbox", "run the local sandbox alone, as a server", manual.SANDBOX))
    doctor = command("doctor", "say what is well with this counter, and what is not", manual.DOCTOR)
    _counter(doctor)
    doctor.add_argument("--offline", action="store_true", help="do not ask the server")
    config = command("config", "show every setting as it is in force, and where it was said", manual.CONFIG)
    _counter(config)
    config.add_argument("--path", action="store_true", help="only say where the files are")
    report = command("report", "print a till's day from its journal", manual.REPORT)
    _counter(report)
    report.add_argument("--day", metavar="YYYY-MM-DD", type=_day, help="the business day (default: the newest)")
    report.add_argument("--format", choices=("text", "json", "csv"), default="text", help="(default text)")
    backup = command("backup", "copy the journals, whole and dated, also while tills sell", manual.BACKUP)
    backup.add_argument("folder", type=Path, metavar="FOLDER", help="where the copies go; made where it is missing")
    backup.add_argument("--keep", type=_count, default=0, metavar="N", help="of each till the N newest (default: all)")
    backup.add_argument("--till", metavar="NAME", default=argparse.SUPPRESS, help="only this till (default: all here)")
    forget = command("forget", "erase one customer's data on request", manual.FORGET)
    forget.add_argument("reference", metavar="REFERENCE", help="the sale's own, as on its receipt: KT…")
    _counter(forget)
    completion = command("completion", "print the completion of this command line for a shell", manual.COMPLETION)
    completion.add_argument("shell", choices=SHELLS, help="the shell that reads it")


def _counter(made: argparse.ArgumentParser) -> None:
    # A missing option leaves what stood before the command: `korus-tui --till X report` is as good.
    unsaid = argparse.SUPPRESS
    made.add_argument("--till", metavar="NAME", default=unsaid, help="the till (default: the profile's)")
    made.add_argument("--profile", metavar="NAME", default=unsaid, help="the profile of the settings")


def _looks(made: argparse.ArgumentParser) -> None:
    # As above; `Arguments` has what stands where neither side says anything.
    add, unsaid = made.add_argument, argparse.SUPPRESS
    add("--language", choices=i18n.languages(), default=unsaid, help="the interface's language; Ctrl+X changes it")
    add("--theme", choices=THEMES, default=unsaid, help="the colours; Ctrl+T changes them")
    add(
        "--no-mouse",
        action="store_true",
        default=unsaid,
        help="leave the mouse to the terminal, for its own selection",
    )


def _world(made: argparse.ArgumentParser) -> None:
    made.add_argument("--seed", type=int, default=1, help="another world of prices and places (default 1)")
    made.add_argument(
        "--now", metavar="TIME", type=_moment, help="let the sandbox's clock start here, e.g. 2025-01-29T07:55:53Z"
    )
    made.add_argument("--generation", choices=tuple(GENERATIONS), default=ALL, help="of the API")
    made.add_argument(
        "--hold-seconds",
        type=int,
        default=900,
        metavar="N",
        help="how long holds last (default 900); a payment begins only with 180 left, 300 for a card",
    )


def _moment(text: str) -> str:
    try:
        parse_moment(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no moment such as 2025-01-29T07:55:53Z") from None
    return text


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 20:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds from 0 to 20")
    return seconds


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is no number above 0")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day such as 2025-06-07") from None
