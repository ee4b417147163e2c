"""The parts of one basket: which tickets are chosen together, and people of one product sent to two sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from korus_tui.counter.basket.models import Quote
from korus_tui.counter.basket.sessions import Member, grouped, members_of, people_of

Group = tuple[Member, ...]


class Split:
    """Quotes as they were asked for, and as they were split; pure."""

    def __init__(self, quotes: Sequence[Quote]) -> None:
        self.quotes = tuple(quotes)
        self._origin = tuple(range(len(self.quotes)))  # which quote, as asked for, each part belongs to
        self._apart: frozenset[tuple[int, str]] = frozenset()

    @property
    def groups(self) -> list[Group]:
        """Tickets that are chosen together, in the order of the basket; full days first."""
        found = grouped(members_of(self.quotes), self._apart)
        return sorted(found, key=lambda group: not group[0].ticket.full_day)

    @property
    def people(self) -> int:
        """How many tickets are sold."""
        return sum(quote.quantity for quote in self.quotes)

    @property
    def is_split(self) -> bool:
        """Whether anything is chosen apart."""
        return bool(self._apart) or len(self._origin) > len(set(self._origin))

    def can_split(self, group: Group) -> bool:
        """Whether a group has tickets, or a product people, that can be chosen apart."""
        return not group[0].ticket.full_day and (len(group) > 1 or people_of(group) > 1)

    def split(self, group: Group) -> bool:
        """Choose apart: the tickets of a group, or, of a single one, half of its people; False where nothing is."""
        if not self.can_split(group):
            return False
        if len(group) > 1:
            self._apart |= {member.key for member in group}
            return True
        part = group[0].part
        quote, there = self.quotes[part], self.quotes[part].quantity // 2
        self.quotes = (
            *self.quotes[:part],
            replace(quote, quantity=quote.quantity - there),
            replace(quote, quantity=there),
            *self.quotes[part + 1 :],
        )
        self._origin = (*self._origin[: part + 1], *self._origin[part:])
        moved = {(number + (number > part), ticket) for number, ticket in self._apart}
        both = {(number, ticket.iri) for number in (part, part + 1) for ticket in quote.tickets}
        self._apart = frozenset(moved | both)
        return True

    def join(self) -> None:
        """Together again, as it was asked for."""
        kept: dict[int, Quote] = {}
        for origin, quote in zip(self._origin, self.quotes, strict=True):
            known = kept.get(origin)
            kept[origin] = quote if known is None else replace(known, quantity=known.quantity + quote.quantity)
        self.quotes = tuple(kept.values())
        self._origin = tuple(range(len(self.quotes)))
        self._apart = frozenset()

    def resize(self, group: Group, people: int) -> bool:
        """So many of split people go here, the others to the part beside; False where there are none or too few."""
        part = group[0].part
        if len(group) > 1:
            return False
        beside = next(
            (one for one in (part + 1, part - 1) if self._has(one) and self._origin[one] == self._origin[part]), None
        )
        if beside is None:
            return False
        both = self.quotes[part].quantity + self.quotes[beside].quantity
        if not 0 < people < both:
            return False
        quotes = list(self.quotes)
        quotes[part] = replace(quotes[part], quantity=people)
        quotes[beside] = replace(quotes[beside], quantity=both - people)
        self.quotes = tuple(quotes)
        return True

    def _has(self, part: int) -> bool:
        return 0 <= part < len(self.quotes)

    def learn(self, quotes: Sequence[Quote]) -> None:
        """The same parts, as the real-time calls know them now."""
        self.quotes = tuple(quotes)
