"""Faults that are rehearsed in a demo: what can be armed, what is armed, what struck. The sandbox does them."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol


class Fault(StrEnum):
    """What goes wrong, by choice."""

    LOST = "lost"
    LATE = "late"
    SOLD_OUT = "sold out"
    HALF = "half"
    PRICE = "price"
    LAPSE = "lapse"
    OUTAGE = "outage"
    SIGN_IN = "sign-in"
    TICKETS = "tickets"
    POWER = "power"


class NotArmed(Exception):
    """The sandbox did not take it; the text is why."""


class Rehearsals(Protocol):
    """What a page may ask of the one who does it; only a demo has one, which reaches its own sandbox and no other."""

    @property
    def choices(self) -> tuple[Fault, ...]:
        """What can be armed here."""

    @property
    def armed(self) -> Fault | None:
        """What waits for its call, or is going on."""

    @property
    def struck(self) -> Fault | None:
        """What struck last, until it was told."""

    async def arm(self, fault: Fault) -> None:
        """Have it strike once, in place of what was armed before. Raises NotArmed."""

    async def disarm(self) -> None:
        """Nothing strikes any more. Raises NotArmed."""

    def told(self) -> None:
        """What struck has been explained."""

    def watch(self, changed: Callable[[], None]) -> None:
        """Call this when something is armed, or struck."""
