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
    total: int | None = None
    doubled: bool = False

    def take(self, page: Page[T]) -> Page[T]:
        """The page without members that an earlier one had."""
        fresh: list[T] = []
        for member in page.members:
            key = getattr(member, "iri", None) or member
            if key in self.seen:
                self.doubled = True
                continue
            self.seen.add(key)
            fresh.append(member)
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


class Listing(Generic[M]):
    """A collection that has not been read yet: iterate for its pages, or await it for `all()`."""

    def __init__(self, fetch: Callable[[int], Awaitable[Page[M]]]) -> None:
        """`fetch` reads the page of a number, counted from 1."""
        self._fetch = fetch

    def __aiter__(self) -> AsyncIterator[Page[M]]:
        return self.pages()

    def __await__(self) -> Generator[Any, None, Page[M]]:
        return self.all().__await__()

    async def pages(self, first: int = 1) -> AsyncIterator[Page[M]]:
        """Page after page, without doubles; the last one says if the whole is `incomplete`.

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
                yield replace(page, total=walk.total, incomplete=walk.contradicted or not ended or written.more)
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
