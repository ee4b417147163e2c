"""Collections, walked by page number until all is read, whatever the server claims (docs/api.md, Pages)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from korus_tui.api.errors import Malformed
from korus_tui.api.hydra import M, Page

T = TypeVar("T")

PER_PAGE = 50
MOST_PAGES = 400
MOST_READ = 20_000
"""Members of a whole collection: more than any catalogue; beyond it the server is counting in circles."""
LONGEST = 180.0
"""Seconds after which no further page of a collection is asked for."""


@dataclass
class _Walk(Generic[T]):
    """What has been seen of one collection, so that a page that repeats itself ends the walk (F19)."""

    seen: set[object] = field(default_factory=set)
    members: int = 0
    rejected: int = 0
    beside: int = 0  # written, and neither: said again on the same page, or beyond what is read of one
    total: int | None = None
    doubled: bool = False

    def take(self, page: Page[T]) -> Page[T]:
        """The page without members that an earlier one had."""
        fresh: list[T] = []
        here: set[object] = set()
        for member in page.members:
            key = getattr(member, "iri", None) or member
            if key in self.seen:
                self.doubled = True
                self.beside += key in here
                continue
            self.seen.add(key)
            here.add(key)
            fresh.append(member)
        self.beside += max(0, page.left_out - 1)  # the first of them stands among the rejected
        self.members += len(fresh)
        self.rejected += len(page.rejected)
        self.total = page.total if page.total is not None else self.total
        return replace(page, members=tuple(fresh), doubles=len(page.members) - len(fresh))

    @property
    def read(self) -> int:
        """Members accounted for: read once, or unreadable."""
        return self.members + self.rejected

    @property
    def contradicted(self) -> bool:
        """Whether what was read and what was claimed differ."""
        return self.doubled or (self.total is not None and self.total != self.read)

    @property
    def missing(self) -> int:
        """How many members the server counts that nobody wrote: what is not read is not absent."""
        return max(0, (self.total or 0) - self.read - self.beside)


def _short(missing: int) -> Malformed:
    return Malformed(resource="Collection", field="totalItems", count=missing)


class Listing(Generic[M]):
    """A collection that has not been read yet: iterate for its pages, or await it for `all()`."""

    def __init__(self, fetch: Callable[[int], Awaitable[Page[M]]], short: Callable[[int], Malformed] = _short) -> None:
        """`fetch` reads the page of a number, counted from 1; `short` says that so many members did not come."""
        self._fetch = fetch
        self._short = short

    def __aiter__(self) -> AsyncIterator[Page[M]]:
        return self.pages()

    def __await__(self) -> Generator[Any, None, Page[M]]:
        return self.all().__await__()

    async def pages(self, first: int = 1) -> AsyncIterator[Page[M]]:
        """Page after page, without doubles; the last one says if the whole is `incomplete`.

        Members that the server counts and does not give are one more that could not be read, on the last page.
        From another page than the first those before it count as full.
        """
        walk: _Walk[M] = _Walk(members=(first - 1) * PER_PAGE)
        until = asyncio.get_running_loop().time() + LONGEST
        for number in range(first, MOST_PAGES + 1):
            written = await self._fetch(number)
            page = walk.take(written)
            nothing_new = not page.members and (not page.rejected or number > first)
            ended = nothing_new or (walk.total is not None and self._all_read(walk, written))
            spent = walk.read >= MOST_READ or asyncio.get_running_loop().time() > until
            if ended or spent or number == MOST_PAGES:
                incomplete = walk.contradicted or not ended or written.more
                unread = (self._short(walk.missing),) if walk.missing else ()
                yield replace(page, total=walk.total, incomplete=incomplete, rejected=(*page.rejected, *unread))
                return
            yield page

    @staticmethod
    def _all_read(walk: _Walk[M], written: Page[M]) -> bool:
        """The total is reached; a full page beyond a lower total shows that the total is wrong, so go on."""
        assert walk.total is not None
        return walk.read == walk.total or (walk.read > walk.total and written.count < PER_PAGE)

    async def first(self) -> Page[M]:
        """The first page alone."""
        return await anext(self.pages())

    async def all(self, first: int = 1) -> Page[M]:
        """Everything in one, or from a page on: members, what could not be read, whether anything may be missing."""
        members: list[M] = []
        rejected: list[Malformed] = []
        left_out = 0
        last: Page[M] = Page(())
        doubles = 0
        async for last in self.pages(first):
            members += last.members
            doubles += last.doubles
            rejected += last.rejected
            left_out += last.left_out
        incomplete = last.incomplete or left_out > 0
        return Page(tuple(members), last.total, tuple(rejected), incomplete, doubles, left_out, last.more)
