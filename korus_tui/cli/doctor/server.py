"""The doctor's look at the server: reached, its clock, sign-in, catalogs."""

from __future__ import annotations

from collections.abc import Iterable

from korus_tui import __version__
from korus_tui.cli.doctor.finding import Finding, State
from korus_tui.config.credentials import Secrets
from korus_tui.config.settings import Profile
from korus_tui.counter.core.clock import ServerClock
from korus_tui.counter.setup import connect
from korus_tui.counter.setup.connect import ConnectStage, Outcome
from korus_tui.i18n import _

_CLOCK_MAY_DIFFER = 60.0  # seconds


async def server(profile: Profile, secrets: Secrets) -> Iterable[Finding]:
    """Each step that a sale's first call takes; after one that fails there is no other."""
    clock = ServerClock()
    names = {
        ConnectStage.ADDRESS: _("address"),
        ConnectStage.SERVER: _("server"),
        ConnectStage.SIGN_IN: _("sign-in"),
        ConnectStage.CATALOGS: _("catalogs"),
    }
    found: list[Finding] = []
    async for step in connect.test(profile, secrets, __version__, clock):
        if step.outcome is not Outcome.RUNNING:
            state = State.OK if step.outcome is Outcome.DONE else State.FAILED
            found.append(Finding(state, names[step.stage], step.words, step.next))
    found.append(_clock(clock.host_error))
    return found


def _clock(ahead: float | None) -> Finding:
    """The host's clock beside the server's; selling does not depend on it."""
    subject = _("clock")
    if ahead is None:
        return Finding(State.ATTENTION, subject, _("the server did not tell its time"))
    if abs(ahead) <= _CLOCK_MAY_DIFFER:
        return Finding(State.OK, subject, _("within {seconds:.0f} s of the server's").format(seconds=abs(ahead) + 1))
    words = (
        _("this host's clock is {seconds:.0f} s ahead of the server's")
        if ahead > 0
        else _("this host's clock is {seconds:.0f} s behind the server's")
    )
    advice = _("Countdowns follow the server's clock all the same; have this host's set.")
    return Finding(State.ATTENTION, subject, words.format(seconds=abs(ahead)), advice)
