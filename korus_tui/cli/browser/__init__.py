"""The demo in a browser: each visitor gets a program, and so a sandbox, of their own (textual-serve)."""

from __future__ import annotations

import ipaddress
import shlex
import sys

from korus_tui.cli.arguments import Arguments, fail

IDLE = 15 * 60.0  # seconds without a key or click after which a visitor's program ends
_PASSED_ON = ("language", "theme", "seed", "now", "generation", "hold_seconds", "slowly", "pace")


def run(arguments: Arguments) -> int:
    """Serve until it is told to end. Exit code 2 where the extra `web` is missing."""
    try:
        from korus_tui.cli.browser.server import DemoServer
    except ImportError as error:
        fail(f"the demo in a browser needs the extra 'web' (pip install 'korus-tui[demo,web]'); missing: {error.name}")
    host, port = arguments.host, arguments.port
    if not _is_loopback(host):
        warning = f"whoever reaches {host}:{port} can start programs of this account: a demo each, and nothing else"
        print(f"korus-tui: {warning}", file=sys.stderr)  # noqa: T201 - the command line's own voice
    print(f"http://{host}:{port}", flush=True)  # noqa: T201 - the command line's own voice
    DemoServer(shlex.join(visitor(arguments)), host, port).serve()
    return 0


def visitor(arguments: Arguments) -> list[str]:
    """The command of one visitor's program, with the same wishes as this one."""
    wishes = [f"--{name.replace('_', '-')}={value}" for name in _PASSED_ON if (value := getattr(arguments, name, None))]
    told = [f"--{name}" for name in ("story", "play", "empty") if getattr(arguments, name)]
    return [sys.executable, "-m", "korus_tui", "demo", "--visitor", *told, *wishes]


def _is_loopback(host: str) -> bool:
    """Whether only this machine reaches it."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
