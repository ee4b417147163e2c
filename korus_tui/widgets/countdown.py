"""How long places still hold, in words as well as in colour."""

from __future__ import annotations

from typing import Literal

from korus_tui.i18n import _

Tone = Literal["", "muted", "warn", "bad", "good"]

QUIET, SOON, LAST = 5 * 60, 2 * 60, 60  # seconds from which the words change


def clock_text(seconds: int) -> str:
    """Seconds as `12:41`, or `1:02:03` from an hour on."""
    minutes, rest = divmod(abs(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def remaining_text(seconds: int | None) -> tuple[str, Tone]:  # noqa: PLR0911 - one stretch of time a line
    """Remaining whole seconds in words, and their tone; None is an unknown deadline, below zero is past it."""
    if seconds is None:
        return _("deadline unknown"), "warn"
    clock = clock_text(seconds)
    if seconds < 0:
        return _("lapsed %(clock)s ago") % {"clock": clock}, "bad"
    if seconds == 0:
        return _("lapsed now"), "bad"
    if seconds <= LAST:
        return _("%(clock)s last minute") % {"clock": clock}, "bad"
    if seconds <= SOON:
        return _("%(clock)s about to lapse") % {"clock": clock}, "warn"
    if seconds <= QUIET:
        return _("%(clock)s ends soon") % {"clock": clock}, "warn"
    return clock, ""
