"""`python -m korus_tui` is `korus-tui`."""

from korus_tui.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
