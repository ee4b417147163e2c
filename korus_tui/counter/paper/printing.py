"""Printing a ticket through the command that the counter's settings name; never through a shell."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import tempfile
from collections.abc import Sequence
from pathlib import Path

from korus_tui.api.text import clean, clean_line
from korus_tui.counter.core.problems import CounterError, Problem
from korus_tui.i18n import _

_PATIENCE = 60.0  # seconds: a command that hands the file to a printer's queue is done long before
_MOST_SAID = 2_000  # bytes of what the command says


def not_configured() -> Problem:
    """How to have a printer; nothing is printed before somebody says by which command."""
    return Problem(
        _("No print command is set."),
        _('Set print_command in settings.toml, such as ["lp", "-d", "counter", "--"].'),
        _("‹documents.save|reprint.save› saves the PDF instead"),
    )


async def print_file(command: Sequence[str], name: str, content: bytes) -> None:
    """Run the command with the file's absolute path as its last argument; the file is gone afterwards.

    Raises CounterError where the command is missing, fails, or does not end.
    """
    with tempfile.TemporaryDirectory(prefix="korus-print-") as folder:
        file = Path(folder) / name
        await asyncio.to_thread(file.write_bytes, content)
        code, said = await _run([*command, str(file)])
    if code != 0:
        what = _("The print command ended with code {code}.").format(code=code)
        raise CounterError(
            Problem(
                what,
                said or _("It said nothing."),
                _("Look at the printer; ‹slip.print|documents.print|reprint.print› prints again"),
            )
        )


async def _run(command: list[str]) -> tuple[int, str]:
    """The exit code and the first words of a command."""
    try:
        child = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={name: value for name, value in os.environ.items() if not name.startswith("KORUS_")},
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        what = _("The print command {command} cannot be run.").format(command=command[0])
        why = getattr(error, "strerror", None) or str(error)
        raise CounterError(Problem(what, why, _("‹documents.save|reprint.save› saves the PDF instead"))) from error
    try:
        async with asyncio.timeout(_PATIENCE):
            said = await _words(child)
            return await child.wait(), said
    except TimeoutError:
        what = _("The print command did not end within {count} seconds; it was stopped.").format(count=int(_PATIENCE))
        meaning = _("The ticket may or may not have been printed.")
        raise CounterError(
            Problem(what, meaning, _("Look at the printer; ‹slip.print|documents.print|reprint.print› prints again"))
        ) from None
    finally:
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            await child.wait()


async def _words(child: asyncio.subprocess.Process) -> str:
    """What the command says, its beginning only; the rest is read and dropped, so that it can end."""
    assert child.stdout is not None
    kept = b""
    while chunk := await child.stdout.read(4096):
        kept += chunk[: _MOST_SAID - len(kept)]
    return clean_line(" ".join(kept.decode(errors="replace").split()), _MOST_SAID)


def at_terminal(text: str) -> str:
    """What makes a terminal print a text on its own printer: media copy on, the text in plain lines, media copy off."""
    lines = [clean(line).replace("\n", " ") for line in text.rstrip("\n").split("\n")]
    return "\x1b[5i" + "\r\n".join(lines) + "\r\n\x1b[4i"
