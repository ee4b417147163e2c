"""Everything behind the screens, built once and handed down by constructor."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from korus_tui.counter.catalog import Catalogs
from korus_tui.counter.checkout import Checkout
from korus_tui.counter.chores import Chores
from korus_tui.counter.clock import Clock, ServerClock
from korus_tui.counter.desk import Counter, Desk
from korus_tui.counter.documents import Documents
from korus_tui.counter.holding import Holding
from korus_tui.counter.line import Line, Where
from korus_tui.counter.offers import Offers
from korus_tui.counter.recovery import Patience, Recovery
from korus_tui.counter.resume import Resume
from korus_tui.paths import Paths
from korus_tui.sale.holds import Limits
from korus_tui.sale.values import Customer, Mode
from korus_tui.settings import Profile, Settings


@dataclass
class Services:
    """The use cases of one counter. Building them connects to nothing: the first frame comes first."""

    name: str
    profile: Profile
    settings: Settings
    paths: Paths
    where: Where
    version: str
    clock: ServerClock = field(default_factory=ServerClock)
    patience: Patience = field(default_factory=Patience)
    failed: Callable[[BaseException], None] = lambda error: None
    language: str = ""

    def __post_init__(self) -> None:
        profile = self.profile
        self.language = self.language or profile.customer_language
        self.chores = Chores(lambda error: self.failed(error))
        self.line = Line(self.where, self.clock, f"korus-tui/{self.version}")
        self.desk = Desk(self.clock, Counter(profile.till, profile.agent, Mode(profile.mode)))
        limits = self.settings.limits
        self.limits = Limits(limits.gate_cash, limits.gate_card, limits.renewals)
        self.catalogs = Catalogs(self.line, self.clock, self.paths.cache, self.name, self.language)
        self.offers = Offers(self.line, profile.generation, lambda: self.language)
        self.holding = Holding(self.desk, self.line, self.clock, self.chores)
        self.recovery = Recovery(self.desk, self.line, self.clock, self.chores, self.patience)
        self.checkout = Checkout(self.desk, self.line, self.clock, self.chores, self.limits, self.recovery)
        self.documents = Documents(self.desk, self.line, self.clock, self.settings.save_folder)
        self.resume = Resume(self.desk, self.holding, self.recovery, self.chores, self.clock)

    async def open_journal(self) -> None:
        """Open the till's journal and put its open sales back on the desk. Raises the journal's errors."""
        await self.resume.open(self.paths.journal_file(self.profile.till))

    @property
    def walk_in(self) -> Customer | None:
        """The profile's customer for anonymous sales, where one is set."""
        one = self.profile.walk_in
        if one is None:
            return None
        return Customer(one.first_name, one.last_name, one.email, one.phone, one.country, self.language, walk_in=True)

    def zone(self, name: str | None = None) -> tzinfo:
        """The venue's time zone by name, else the profile's."""
        for candidate in (name, self.profile.zone):
            try:
                return ZoneInfo(candidate) if candidate else ZoneInfo(self.profile.zone)
            except (KeyError, ValueError, OSError):
                continue
        return ZoneInfo("UTC")

    def today(self, zone: str | None = None) -> date:
        """The venue's calendar day."""
        return self.clock.now().astimezone(self.zone(zone)).date()

    def local(self, moment: datetime, zone: str | None = None) -> datetime:
        """A moment in venue time; one that bears the venue's own offset keeps it."""
        return moment.astimezone(self.zone(zone))

    async def close(self, grace: float = 1.0) -> None:
        """Let running work end, then close line and journal; what is journaled is safe without this."""
        await self.chores.stop(grace)
        await asyncio.gather(self.line.close(), self.resume.close(), return_exceptions=True)


def build(name: str, profile: Profile, settings: Settings, paths: Paths, where: Where, version: str) -> Services:
    """The services of a profile."""
    return Services(name, profile, settings, paths, where, version)


__all__ = ["Clock", "Path", "Services", "build"]
