"""The links of a sale's documents for the customer's own telephone: asked for when they are shown, kept nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from korus_tui.counter.catalog.offer_models import TicketDocument

if TYPE_CHECKING:
    from korus_tui.counter.core.clock import Clock
    from korus_tui.counter.facing.seen import Document
    from korus_tui.counter.orders.documents import Documents
    from korus_tui.sale.state import Sale

_FIRST_WAIT, _LONGEST_WAIT = 2.0, 30.0  # seconds between two looks at what is not ready


class Tickets:
    """Which of the documents can be fetched now."""

    def __init__(self, documents: Documents, clock: Clock) -> None:
        self._documents = documents
        self._clock = clock
        self._found: dict[str, TicketDocument] = {}
        self._looks = 0
        self._next = 0.0

    def wanted(self, documents: Iterable[Document]) -> bool:
        """Whether some of them have no link that lives, and it is time to ask again."""
        missing = [one for one in documents if not self._live(one.document)]
        return bool(missing) and (self._clock.boot() >= self._next or any(self._new(one) for one in missing))

    def _new(self, document: Document) -> bool:
        return document.document not in self._found

    async def ask(self, sale: Sale, documents: Iterable[Document]) -> None:
        """Ask for the links that are missing, in the customer's language; one that fails is asked for again later."""
        kept = {one.document: one for one in documents}
        if not any(name in self._found for name in kept):
            self._looks = 0
        self._found = {name: one for name, one in self._found.items() if name in kept}
        self._next = self._clock.boot() + min(_FIRST_WAIT * 1.6**self._looks, _LONGEST_WAIT)
        self._looks = min(self._looks + 1, 10)
        for name, one in kept.items():
            if not self._live(name):
                bare = TicketDocument(one.order, name.rpartition("/")[2], name, None)
                self._found[name] = await self._documents.fresh(sale, bare)

    def links(self, documents: Iterable[Document]) -> tuple[str, ...]:
        """The links that live, in the order of the documents."""
        return tuple(link for one in documents if (link := self._live(one.document)))

    def _live(self, name: str) -> str:
        found = self._found.get(name)
        return found.link or "" if found is not None and not self._documents.expired(found) else ""
