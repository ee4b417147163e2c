"""`korus-tui doctor`: what is well with this counter, what is not, what to do. It changes nothing, shows no secret."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import locale
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from korus_tui import __version__, i18n, terminal
from korus_tui.cli import own_keys
from korus_tui.cli.doctor.finding import Finding, State
from korus_tui.config import credentials, settings
from korus_tui.config.credentials import CredentialsOpen, Secrets
from korus_tui.config.layers import Note
from korus_tui.config.paths import Paths, is_strangers_link
from korus_tui.config.settings import Profile, Settings
from korus_tui.i18n import _
from korus_tui.journal.place import place_of

_MANY_COLOURS = ("truecolor", "24bit")


def run(arguments: argparse.Namespace) -> int:
    """Print what was found as it is found: exit code 1 where something failed, 2 for a profile that is not there."""
    paths = Paths.standard()
    chosen, notes = settings.load(paths, profile=arguments.profile)
    i18n.use(chosen.language)
    found = chosen.chosen()
    if arguments.profile and found is None:
        print(f"korus-tui: there is no profile {arguments.profile!r} in {paths.settings_file}", file=sys.stderr)  # noqa: T201
        return 2
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a report is read even where its signs are not to be had
    worst = State.OK
    for finding in examine(paths, chosen, notes, till=arguments.till, offline=arguments.offline):
        worst = max(worst, finding.state, key=list(State).index)
        _print(finding)
    return 1 if worst is State.FAILED else 0


def _print(finding: Finding) -> None:
    print(f"{finding.state:<9}  {finding.subject:<12}  {finding.words}")  # noqa: T201 - the command line's own voice
    if finding.advice:
        print(f"{'':<25}→ {finding.advice}" if not terminal.ascii_only() else f"{'':<25}> {finding.advice}")  # noqa: T201


def examine(
    paths: Paths, chosen: Settings, notes: tuple[Note, ...], *, till: str | None, offline: bool
) -> Iterator[Finding]:
    """Everything, in the order in which it is needed to sell."""
    yield Finding(State.OK, _("program"), f"korus-tui {__version__}, Python {sys.version.split()[0]}")
    yield from _settings(paths, chosen, notes, till)
    found = chosen.chosen()
    secrets: Secrets | None = None
    if found is not None:
        try:
            secrets = credentials.secrets_of(found[0], paths, found[1].secrets)
            yield _secrets(secrets)
        except CredentialsOpen as error:
            yield Finding(State.FAILED, _("credentials"), str(error), error.advice)
    name = till or (found[1] if found else Profile(server="")).till
    file = place_of(paths.data, name)
    yield _agents(paths, chosen, file, name)
    yield from _terminal()
    if found is not None and not offline and secrets is not None:
        from korus_tui.cli.doctor.server import server

        yield from asyncio.run(server(found[1], secrets))
    elif offline:
        yield Finding(State.OK, _("server"), _("not asked (--offline)"))
    from korus_tui.cli.doctor.journal import journal

    yield from journal(file, chosen.keep_customer_days, paths.log_file, chosen.audit.copy)
    yield _printer(chosen)
    yield _folder(_("save folder"), chosen.save_folder.expanduser())


def _settings(paths: Paths, chosen: Settings, notes: tuple[Note, ...], till: str | None) -> Iterator[Finding]:
    subject = _("settings")
    for told, note in (*((subject, one) for one in notes), *((_("keys"), one) for one in own_keys.use(paths))):
        yield Finding(State.ATTENTION, told, str(note), _("Mend that line; the rest of the file counts."))
    found = chosen.chosen()
    if found is None:
        words = _("there is no profile to sell with in {file}").format(file=paths.settings_file)
        if chosen.profiles:
            names = ", ".join(sorted(chosen.profiles))
            words = _("several profiles and none chosen: {names}").format(names=names)
        advice = _("Start korus-tui to make one, or name it: --profile NAME.")
        yield Finding(State.FAILED, subject, words, advice)
        return
    name, profile = found
    words = _("{file}: profile {name}, till {till}, {mode}").format(
        file=paths.settings_file, name=name, till=till or profile.till, mode=profile.mode
    )
    yield Finding(State.OK, subject, words)
    try:
        from zoneinfo import ZoneInfo

        ZoneInfo(profile.zone)
    except (KeyError, ValueError, OSError):
        words = _("the time zone {zone} is not known; times are shown in UTC").format(zone=profile.zone)
        yield Finding(State.ATTENTION, subject, words, _("Set `zone`, such as Europe/Paris."))


def _known_to(file: Path, till: str) -> bool:
    """Whether a till's records know of PINs; where they cannot be read, that is said elsewhere."""
    from korus_tui.counter.till.till import stream_of
    from korus_tui.journal.errors import JournalProblem
    from korus_tui.journal.file import JournalFile
    from korus_tui.sale.shifts import knows_pins

    try:
        opened = JournalFile.read(file)
        with contextlib.closing(opened):
            return knows_pins(row.event for row in opened.entries("stream = ?", stream_of(till)))
    except JournalProblem:
        return False


def _agents(paths: Paths, chosen: Settings, file: Path, till: str) -> Finding:
    """Who may sell here, or that anybody may."""
    from korus_tui.counter.core.clock import boot_seconds
    from korus_tui.counter.till.agents import Agents, AgentsUnreadable

    subject, people = _("agents"), chosen.agents
    agents = Agents(paths.data, boot_seconds, people.pin_digits, begin_anew=people.begin_anew)
    if _known_to(file, till):
        agents.expect()
    if not agents.there:
        words = _("no PINs: whoever is at the keyboard may do everything")
        return Finding(State.ATTENTION, subject, words, _("‹app.till›, ‹till.sign› makes the first agent."))
    try:
        known = [one for one in agents.all() if not one.left]
    except AgentsUnreadable as error:
        return Finding(State.FAILED, subject, str(error), _("Nobody can sign in until it is mended."))
    free = [name for name, role in vars(chosen.needs).items() if role == "agent"]
    words = _("{count} with a PIN, {supervisors} of them supervisors").format(
        count=len(known), supervisors=sum(one.supervisor for one in known)
    )
    if people.begin_anew:
        advice = _("Take it out once it has served: whoever takes the file of agents away may be the first again.")
        return Finding(State.ATTENTION, subject, words + ". " + _("The settings say begin_anew."), advice)
    if free:
        words += ". " + _("The settings let every agent: {acts}").format(acts=", ".join(free))
    return Finding(State.OK, subject, words)


def _secrets(secrets: Secrets) -> Finding:
    subject = _("credentials")
    if secrets.token is None and secrets.client_secret is None:
        words = _("neither a client secret nor a token is there")
        return Finding(State.FAILED, subject, words, _("Start korus-tui and press ‹connect.try› on the first page."))
    kind = _("a token") if secrets.token is not None else _("a client secret")
    return Finding(State.OK, subject, _("{kind} ({place})").format(kind=kind, place=secrets.kept_in))


def _terminal() -> Iterator[Finding]:
    subject = _("terminal")
    reason = terminal.unusable()
    if not sys.stdout.isatty():
        yield Finding(State.OK, subject, _("none here, as in a script: selling needs one"))
    elif reason:
        yield Finding(State.FAILED, subject, reason, _("Set TERM, e.g. TERM=xterm-256color."))
    else:
        size = shutil.get_terminal_size()
        words = f"TERM={os.environ.get('TERM', '')}, {size.columns}×{size.lines}, {_colours()}"
        if size.columns < terminal.LEAST[0] or size.lines < terminal.LEAST[1]:
            least = f"{terminal.LEAST[0]}×{terminal.LEAST[1]}"
            yield Finding(State.ATTENTION, subject, words, _("Make it at least {least}.").format(least=least))
        else:
            yield Finding(State.OK, subject, words)
    if terminal.ascii_only():
        encoding = sys.stdout.encoding or locale.getpreferredencoding(False)
        words = _("the encoding is {encoding}, not UTF-8: signs and accents are replaced").format(encoding=encoding)
        yield Finding(State.ATTENTION, subject, words, _("Set LANG to a UTF-8 locale, e.g. LANG=C.UTF-8."))


def _colours() -> str:
    if os.environ.get("NO_COLOR"):
        return _("no colours (NO_COLOR)")
    if os.environ.get("COLORTERM", "") in _MANY_COLOURS:
        return _("16 million colours")
    return _("256 colours") if "256" in os.environ.get("TERM", "") else _("16 colours")


def _printer(chosen: Settings) -> Finding:
    subject = _("printing")
    if not chosen.print_command:
        return Finding(State.OK, subject, _("no print command is set"))
    program = chosen.print_command[0]
    found = shutil.which(program)
    if found is None:
        words = _("the print command {program} is not there").format(program=program)
        return Finding(State.ATTENTION, subject, words, _("Install it, or change print_command in the settings."))
    return Finding(State.OK, subject, found)


def _folder(subject: str, folder: Path) -> Finding:
    """Whether files can be put there; it is made when the first one is saved."""
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    if is_strangers_link(place):
        words = _("{folder} is a link that another account made: nothing is written there").format(folder=folder)
        return Finding(State.ATTENTION, subject, words, _("Remove the link, or change save_folder in the settings."))
    if place.is_dir() and os.access(place, os.W_OK | os.X_OK):
        return Finding(State.OK, subject, str(folder))
    words = _("{folder} cannot be written").format(folder=folder)
    return Finding(State.ATTENTION, subject, words, _("Have it made writable, or change save_folder in the settings."))
