"""What belongs to another mode or server waits there: which profile goes on with it, in words."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from korus_tui.config.settings import Profile, bare, origin_of
from korus_tui.counter.core.problems import CounterError, Problem
from korus_tui.i18n import _
from korus_tui.sale.home import Home
from korus_tui.sale.recall import Unreadable
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Mode


class NotHere(CounterError, NotAllowed):
    """The sale belongs to another mode or server: here it is neither asked after, sold nor settled."""

    def __init__(self, sale: Sale | Unreadable) -> None:
        super().__init__(
            Problem(
                _("{reference} belongs to {home}.").format(reference=sale.reference, home=home_name(sale.home)),
                _("Nothing was asked and nothing was changed: here it is only shown."),
                _("Start the profile that it was sold with to go on with it"),
            )
        )


def home_of(profile: Profile) -> Home:
    """What the sales of a profile belong to."""
    return Home(Mode(profile.mode), origin_of(profile.server), origin_of(profile.earlier_server or ""))


def home_name(home: Home) -> str:
    """Mode and server in a few words, such as `TRAINING at api.korusticket.com`."""
    mode = {Mode.LIVE: _("live selling"), Mode.TRAINING: _("TRAINING"), Mode.DEMO: _("DEMO")}[home.mode]
    parts = urlsplit(home.server)
    server = f"{parts.netloc}{parts.path}"
    return _("{mode} at {server}").format(mode=mode, server=server) if server else mode


def waits_in(home: Home, till: str, profiles: Mapping[str, Profile]) -> str:
    """Where it is gone on with: the profile of this till that it belongs to, where the settings have one.

    Earlier versions recorded a server without its path: a sale of such a one waits under that address until its profile
    says so.
    """
    ours = {name: one for name, one in profiles.items() if one.till == till and Mode(one.mode) is home.mode}
    for name, one in ours.items():
        if home.server and home.server in (origin_of(one.server), origin_of(one.earlier_server or "")):
            return _("the profile {name} ({home})").format(name=name, home=home_name(home))
    for name, one in ours.items():
        if home.server and home.server == bare(origin_of(one.server)):
            said = _('{home}; if the profile {name} sold it, earlier_server = "{server}" in it goes on with it')
            return said.format(home=home_name(home), name=name, server=home.server)
    return home_name(home)
