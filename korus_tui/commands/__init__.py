"""The one registry of what the agent can press: bindings, footer, help and the README's table are made from it.

`registry` puts together the parts, one for each stretch of the work; a row is a `Command`.
"""

from korus_tui.commands.bindings import bindings
from korus_tui.commands.command import Command
from korus_tui.commands.registry import (
    COMMANDS,
    all_commands,
    in_words,
    is_grave,
    keys,
    of_screen,
    on_top,
    prints,
    use,
)

__all__ = [
    "COMMANDS",
    "Command",
    "all_commands",
    "bindings",
    "in_words",
    "is_grave",
    "keys",
    "of_screen",
    "on_top",
    "prints",
    "use",
]
