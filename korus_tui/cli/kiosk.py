"""A locked-down start, as the ForceCommand of an SSH server: the session is this program, and nothing around it."""

from __future__ import annotations

import os
import sys

# Variables by which the screen library and the interpreter load code, write files or open a prompt, and by which the
# TLS library writes the keys of its connections to a file.
_STEERING = ("TEXTUAL", "PYTHON", "SSLKEYLOGFILE")


def lock_down() -> None:
    """Before anything else is imported: take away what a client could have sent along in the environment.

    Where the interpreter itself was told to end in a prompt, this process ends at once instead.
    """
    if sys.flags.inspect or sys.flags.interactive:
        os.write(2, b"korus-tui: PYTHONINSPECT is set; a locked-down start refuses it.\n")
        os._exit(2)
    for name in list(os.environ):
        if name.startswith(_STEERING):
            del os.environ[name]
