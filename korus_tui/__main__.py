"""The program's start: `korus-tui`, and `python -m korus_tui`."""

import _signal  # type: ignore[import-not-found] # the interpreter's own: `signal` loads files first

# Until somebody listens to it, Ctrl+C ends the program at once and without a word: loading takes half a second, and
# an interpreter that is interrupted in the middle of it prints where it was. Who started us may have it ignored.
# What the interpreter and a start script's own imports do before it comes here, Python answers (docs/ssh.md).
if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)

from korus_tui.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
