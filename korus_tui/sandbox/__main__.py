"""`python -m korus_tui.sandbox`: the local Korus Ticket API by itself."""

from __future__ import annotations

import argparse

from korus_tui.sandbox.launch import launch
from korus_tui.sandbox.options import DESCRIPTION, add_arguments, from_namespace


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 after a clean end, 2 for wrong arguments or an address that cannot be used."""
    parser = argparse.ArgumentParser(
        prog="python -m korus_tui.sandbox",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_arguments(parser)
    return launch(from_namespace(parser.parse_args(arguments)))


if __name__ == "__main__":
    raise SystemExit(main())
