"""The program's start: `korus-tui`, and `python -m korus_tui`."""

import signal

# Until somebody listens to it, Ctrl+C ends the program at once and without a word: loading takes half a second, and
# an interpreter that is interrupted in the middle of it prints where it was. Who started us may have it ignored.
if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from korus_tui.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
