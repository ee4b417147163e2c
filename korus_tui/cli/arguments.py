"""The arguments of a start that says nothing; the parser, slower to import, fills in what is said."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from argparse import Namespace
else:
    Namespace = object


class Arguments(Namespace):
    """The arguments of a plain start: sell, with the settings as they are. A parser writes the others into it."""

    command: str = "sell"
    profile: str | None = None
    till: str | None = None
    agent: str | None = None
    language: str | None = None
    theme: str | None = None
    kiosk: bool = False
    no_mouse: bool = False
    demo: bool = False
    slowly: float = 4.0
    empty: bool = False
    story: bool = False
    play: bool = False
    pace: float = 5.0
    web: bool = False
    host: str = "127.0.0.1"
    port: int = 8080
    visitor: bool = False


def fail(message: str) -> NoReturn:
    """End with one line on standard error and exit code 2."""
    print(f"korus-tui: {message}", file=sys.stderr)  # noqa: T201 - the command line's own voice
    raise SystemExit(2)
