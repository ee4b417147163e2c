"""What can be chosen when a sandbox starts. Standard library only, so that `--help` is instant."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from korus_tui.sandbox.generations import ALL, GENERATIONS

DESCRIPTION = """\
A local Korus Ticket API over real HTTP: catalogs, offers, holds that expire, orders, ticket PDFs.
Nothing leaves this machine and nothing is charged. When it is ready it prints one JSON line on
standard output (base_url, token_endpoint, client_id, client_secret); the log goes to standard error.

Une API Korus Ticket locale, en vrai HTTP : rien ne sort de cette machine, rien n'est facturé.
"""


@dataclass(frozen=True)
class SandboxOptions:
    """One sandbox's settings; times are in seconds."""

    host: str = "127.0.0.1"
    port: int = 8900
    seed: int = 1
    now: str | None = None
    freeze: bool = False
    generation: str = ALL
    hold_seconds: float = 900
    listing_seconds: float = 5
    document_delay: float = 3
    url_seconds: float = 300
    token_seconds: float = 1800
    client_id: str = "korus-tui-sandbox"
    client_secret: str = "sandbox-secret"
    faults: bool = False
    faults_file: Path | None = None
    state_file: Path | None = None
    parent_pipe: bool = False


def parse_moment(text: str) -> datetime:
    """An aware moment in UTC from ISO 8601; a moment without an offset is read as UTC. ValueError if it is none."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _moment(text: str) -> str:
    try:
        parse_moment(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a moment like 2025-01-29T07:55:53Z") from None
    return text


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port between 0 and 65535")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < 1e9:  # also refuses nan
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds")
    return seconds


def _faults(text: str) -> str:
    if text != "on" and not Path(text).is_file():
        raise argparse.ArgumentTypeError(f"{text!r} is neither 'on' nor a readable file of faults")
    return text


_CLOCK_FLAGS = (
    ("hold-seconds", "life of a reservation"),
    ("listing-seconds", "age that quantities in lists may have; availability calls are always real time"),
    ("document-delay", "from an order to its documents"),
    ("url-seconds", "life of a document's temporary address"),
    ("token-seconds", "life of an access token"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds every sandbox option to `parser`; `from_namespace` reads them back."""
    standard = SandboxOptions()
    where = parser.add_argument_group("where it listens").add_argument
    where("--host", default=standard.host, help="address to listen on (default: %(default)s)")
    where("--port", type=_port, default=standard.port, help="0 takes a free port (default: %(default)s)")
    ends = "end when standard input closes, so that the sandbox never outlives who started it"
    where("--watch-parent", action="store_true", dest="parent_pipe", help=ends)
    data = parser.add_argument_group("what it holds").add_argument
    data("--seed", type=int, default=standard.seed, help="same seed, same catalog (default: %(default)s)")
    speaks = (
        "which documented generation of the API it speaks, with its calls and fields and no others; 'least' has only "
        "what every version requires, 'all' what any has, for demonstrations (default: %(default)s)"
    )
    data("--generation", choices=tuple(GENERATIONS), default=standard.generation, help=speaks)
    data("--state-file", type=Path, metavar="FILE", help="keep reservations and orders in FILE")
    clock = parser.add_argument_group("its clock").add_argument
    clock("--now", type=_moment, metavar="MOMENT", help="start at MOMENT, e.g. 2025-01-29T07:55:53Z")
    clock("--freeze", action="store_true", help="keep the clock still where it starts")
    for name, meaning in _CLOCK_FLAGS:
        initial = getattr(standard, name.replace("-", "_"))
        told = f"{meaning}, in seconds (default: {initial:g})"
        clock(f"--{name}", type=_seconds, default=initial, metavar="S", help=told)
    access = parser.add_argument_group("who may call it").add_argument
    access("--client-id", default=standard.client_id, help="(default: %(default)s)")
    access("--client-secret", default=standard.client_secret, help="(default: %(default)s)")
    opens = "open the control endpoint under /_control; FILE is a JSON list of faults to start with"
    tests = parser.add_argument_group("for tests and demonstrations").add_argument
    tests("--faults", type=_faults, metavar="on|FILE", help=opens)


def from_namespace(namespace: argparse.Namespace) -> SandboxOptions:
    """The options that a parser prepared by `add_arguments` has read."""
    values = dict(vars(namespace))
    faults = values.pop("faults")
    chosen = {name: values[name] for name in SandboxOptions.__dataclass_fields__ if name in values}
    file = Path(faults) if faults not in (None, "on") else None
    return SandboxOptions(**chosen, faults=faults is not None, faults_file=file)
