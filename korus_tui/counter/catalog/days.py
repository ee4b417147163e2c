"""What is sold on a day, as it was read lately: pages that show the same day share one answer."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import date

from korus_tui.counter.catalog.offer_models import Offer
from korus_tui.counter.core.problems import Unread

FRESH = 60.0  # seconds in which what was read is not asked for again
KNOWN = 3600.0  # seconds in which it may be told without being asked for


@dataclass(frozen=True, slots=True)
class DayRead:
    """A day's offers, what came with them and could not be read, and when that was, in boot seconds."""

    offers: tuple[Offer, ...]
    unread: Unread | None
    read_at: float


class DaysRead:
    """Answers for a day, each of some products or, where they are named by none, of all."""

    def __init__(self, boot: Callable[[], float]) -> None:
        """`boot` gives seconds on a clock that no one can set."""
        self._boot = boot
        self._read: dict[tuple[str, date, frozenset[str]], DayRead] = {}

    @property
    def any(self) -> bool:
        """Whether there is an answer, fresh or not."""
        return bool(self._read)

    def find(self, catalog: str, day: date, products: Set[str]) -> tuple[DayRead | None, Set[str]]:
        """What fresh answers tell of these products, and those that none tells of; without a name, of all."""
        offers: list[Offer] = []
        used: list[DayRead] = []
        missing = set(products)
        for (of, on, told), read in sorted(self._read.items(), key=lambda one: -one[1].read_at):
            if (of, on) != (catalog, day) or not self._fresh(read):
                continue
            if not products and not told:
                return read, missing
            if mine := missing & told if told else set(missing):
                offers += (one for one in read.offers if one.product in mine)
                used.append(read)
                missing -= mine
        if not used:
            return None, missing
        unread = Unread.together(one.unread for one in used)
        return DayRead(tuple(offers), unread, min(one.read_at for one in used)), missing

    def last(self, catalog: str, day: date, products: Set[str]) -> DayRead | None:
        """The last answer that tells of all these products, fresh or not."""
        told = (
            read for (of, on, named), read in self._read.items() if (of, on) == (catalog, day) and not products - named
        )
        whole = (read for (of, on, named), read in self._read.items() if (of, on) == (catalog, day) and not named)
        return max((*told, *whole), key=lambda read: read.read_at, default=None)

    def keep(self, catalog: str, day: date, told: Set[str], read: DayRead) -> None:
        """An answer that was read just now; what is old is let go."""
        self._read = {key: one for key, one in self._read.items() if self._boot() - one.read_at < KNOWN}
        self._read[catalog, day, frozenset(told)] = read

    def forget(self) -> None:
        """Whoever asks from now on asks the server."""
        self._read.clear()

    def _fresh(self, read: DayRead) -> bool:
        return self._boot() - read.read_at < FRESH
