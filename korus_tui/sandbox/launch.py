"""Starts a sandbox where its server may not be installed: it comes with an extra."""

from __future__ import annotations

import sys

from korus_tui.sandbox.options import SandboxOptions

MISSING = 2


def launch(options: SandboxOptions) -> int:
    """`server.run`, or one line and exit code 2 if the web server's packages are missing."""
    try:
        from korus_tui.sandbox.server import run  # first frame: --help must not wait for the web server
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("korus_tui"):
            raise
        sys.stderr.write(f'sandbox: {error.name} is not installed; pip install "korus-tui[demo]" brings it\n')
        return MISSING
    return run(options)
