"""`korus-tui forget`: one customer's data erased on request, the chain of records left whole."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from korus_tui import i18n
from korus_tui.config import settings
from korus_tui.config.paths import Paths
from korus_tui.counter.core.problems import CounterError
from korus_tui.counter.services import Services, build
from korus_tui.counter.till.agents import AgentRefused, AgentsUnreadable
from korus_tui.i18n import _, ngettext
from korus_tui.journal.errors import JournalProblem
from korus_tui.journal.place import place_of
from korus_tui.sale.reference import parse


def run(arguments: argparse.Namespace) -> int:
    """Erase what the till's journal has of one sale's customer: 1 where nothing was erased, 2 for a wrong question."""
    paths = Paths.standard()
    chosen, _notes = settings.load(paths, profile=arguments.profile)
    i18n.use(chosen.language)
    found, reference = chosen.chosen(), parse(arguments.reference)
    if found is None:
        return _say(f"there is no profile {arguments.profile!r}" if arguments.profile else "there is no profile yet", 2)
    if reference is None:
        words = _("{typed} is no reference of ours: its check character disagrees.")
        return _say(words.format(typed=arguments.reference), 2)
    name, profile = found
    profile = replace(profile, till=arguments.till or profile.till)
    file = place_of(paths.data, profile.till)
    if not file.exists():
        return _say(_("There is no journal {file}.").format(file=file), 1)
    services = build(name, profile, chosen, paths, _no_secrets, "")
    try:
        erased = asyncio.run(_forget(services, file, reference))
    except CounterError as error:
        return _say(f"{error.problem.what} {error.problem.meaning}", 1)
    except (AgentRefused, AgentsUnreadable, JournalProblem, OSError) as error:
        nothing = _("Nothing was erased.")
        return _say(f"{error} {nothing}", 1)
    words = ngettext(
        "{reference}: {count} record of the customer erased; the chain of records is whole.",
        "{reference}: {count} records of the customer erased; the chain of records is whole.",
        erased,
    )
    print(words.format(reference=reference, count=erased))  # noqa: T201 - the command line's own voice
    print(_("Not here: Korus, saved tickets and slips, and copies that `korus-tui backup` made."))  # noqa: T201
    return 0


async def _no_secrets() -> NoReturn:
    raise RuntimeError("nothing is asked of the server")


async def _forget(services: Services, file: Path, reference: str) -> int:
    till = services.till  # the gate knows by it who may
    try:
        await services.resume.open(file)
        await services.desk.ledger.examine()
        if services.desk.ledger.trouble is not None:
            raise services.desk.ledger.trouble
        if services.desk.gate.nobody is not None:
            await till.staff.sign_in(*await asyncio.to_thread(_name_and_pin))
            try:
                return await till.forget(reference)
            finally:
                await till.staff.sign_out()
        return await till.forget(reference)
    finally:
        await services.close(0)


def _name_and_pin() -> tuple[str, str]:
    """Asked on the terminal, the PIN unseen: what stands on a command line is everybody's to read."""
    if not sys.stdin.isatty():
        raise AgentRefused("name", _("Name and PIN are asked on a terminal, and there is none."))
    return input(_("Supervisor: ")), getpass.getpass(_("PIN: "))


def _say(words: str, code: int) -> int:
    print(f"korus-tui: {words}", file=sys.stderr)  # noqa: T201 - the command line's own voice
    return code
