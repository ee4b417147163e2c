"""Completion of the command line for bash, zsh and fish, made from the parser itself: it cannot know less or more."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """A word that can be typed: an option or a command. `values` are those it takes, where they can be listed."""

    text: str
    about: str
    takes: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """A command ("" for none typed yet) with the words that can follow it."""

    name: str
    about: str
    words: tuple[Word, ...]


def commands(parser: argparse.ArgumentParser) -> tuple[Command, ...]:
    """Everything a parser takes, the parser's own first."""
    found: list[Command] = []
    words = _words(parser)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            about = {one.dest: one.help or "" for one in action._choices_actions}
            words += tuple(Word(name, about.get(name, "")) for name in action.choices)
            found += [Command(name, about.get(name, ""), _words(inner)) for name, inner in action.choices.items()]
    return Command("", parser.prog, words), *found


def _words(parser: argparse.ArgumentParser) -> tuple[Word, ...]:
    found: list[Word] = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            continue
        values = tuple(str(one) for one in action.choices or ())
        about = (action.help or "") % {"default": action.default, "prog": parser.prog}
        if not action.option_strings:
            found += [Word(value, about) for value in values]
        for option in action.option_strings:
            found.append(Word(option, about, action.nargs != 0, values))
    return tuple(found)


def script(shell: str, parser: argparse.ArgumentParser) -> str:
    """The script that a shell reads once. KeyError for a shell we do not know."""
    return _SHELLS[shell](parser.prog, commands(parser))


_BASH = """\
# bash completion of {prog}
_{name}() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} command= one
    for one in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case $one in {names}) command=$one; break ;; esac
    done
    COMPREPLY=()
    case "$command $before" in
{values}
    esac
    case $command in
{words}
    esac
}}
complete -o default -F _{name} {prog}
"""


def _bash(prog: str, found: tuple[Command, ...]) -> str:
    values, words = [], []
    for one in found:
        for word in one.words:
            if word.values:
                reply = f'COMPREPLY=($(compgen -W "{" ".join(word.values)}" -- "$word")); return'
                values.append(f"        {shlex.quote(f'{one.name} {word.text}')}) {reply} ;;")
            elif word.takes:
                values.append(f"        {shlex.quote(f'{one.name} {word.text}')}) return ;;")
        listed = " ".join(word.text for word in one.words)
        words.append(f'        {shlex.quote(one.name)}) COMPREPLY=($(compgen -W "{listed}" -- "$word")) ;;')
    names = "|".join(one.name for one in found if one.name)
    ours = {"prog": prog, "name": prog.replace("-", "_"), "names": names}
    return _BASH.format(**ours, values="\n".join(values), words="\n".join(words))


_ZSH = """\
#compdef {prog}
# zsh completion of {prog}
_{name}() {{
    local command= one
    for one in ${{words[2,CURRENT-1]}}; do
        case $one in ({names}) command=$one; break ;; esac
    done
    case "$command $words[CURRENT-1]" in
{values}
    esac
    local -a known
    case $command in
{words}
    esac
    _describe '{prog}' known
}}
if [ "$funcstack[1]" = "_{prog}" ]; then _{name} "$@"; else compdef _{name} {prog}; fi
"""


def _zsh(prog: str, found: tuple[Command, ...]) -> str:
    values, words = [], []
    for one in found:
        for word in one.words:
            if word.takes:
                then = f"compadd -- {' '.join(word.values)}" if word.values else "_files"
                values.append(f"        ({shlex.quote(f'{one.name} {word.text}')}) {then}; return ;;")
        listed = " ".join(shlex.quote(f"{word.text}:{word.about}") for word in one.words)
        words.append(f"        ({shlex.quote(one.name)}) known=({listed}) ;;")
    names = "|".join(one.name for one in found if one.name)
    ours = {"prog": prog, "name": prog.replace("-", "_"), "names": names}
    return _ZSH.format(**ours, values="\n".join(values), words="\n".join(words))


def _fish(prog: str, found: tuple[Command, ...]) -> str:
    lines = [f"# fish completion of {prog}"]
    for one in found:
        when = f"__fish_seen_subcommand_from {one.name}" if one.name else "__fish_use_subcommand"
        for word in one.words:
            parts = [f"complete -c {prog} -n '{when}'"]
            if word.text.startswith("--"):
                parts.append(f"-l {word.text[2:]}")
            elif word.text.startswith("-"):
                parts.append(f"-s {word.text[1:]}")
            else:
                parts.append(f"-f -a {word.text}")
            if word.takes:
                parts.append(f"-x -a '{' '.join(word.values)}'" if word.values else "-r")
            about = word.about.replace("\\", "\\\\").replace("'", "\\'")
            lines.append(" ".join([*parts, f"-d '{about}'"]))
    return "\n".join(lines) + "\n"


_SHELLS: dict[str, Callable[[str, tuple[Command, ...]], str]] = {"bash": _bash, "zsh": _zsh, "fish": _fish}
