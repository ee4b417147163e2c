"""Completion of the command line for bash, zsh and fish: argcomplete asks the parser itself, at each Tab."""

from __future__ import annotations

import argcomplete
from argcomplete.shell_integration import shellcode

from korus_tui.cli.parser import parser


def script(shell: str) -> str:
    """What a shell reads once; from then on it asks the program for each word."""
    return shellcode([parser().prog], shell=shell)


def answer() -> None:
    """Write the words that go on from what was typed, and end the program. Where no shell asks, nothing happens."""
    argcomplete.autocomplete(parser())
