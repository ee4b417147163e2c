"""The registry's keys as Textual wants them; the registry itself knows no screen."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from korus_tui.commands.registry import all_commands, prints


def bindings(screen: str) -> list[BindingType]:
    """Textual's bindings of one screen ("" for the program's own)."""
    found: list[BindingType] = []
    for command in all_commands():
        if command.screen == screen and command.bound:
            for keys, first in ((command.added, command.priority or not prints(command.added)), (command.keys, False)):
                if keys:
                    priority = first or command.priority
                    found.append(Binding(keys, command.call, command.label, show=False, priority=priority))
    return found
