"""What the sections of the client share: calls to models, lists, and addresses made of ids."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

from korus_tui.api import errors, hydra
from korus_tui.api.calls import Call, facts
from korus_tui.api.hydra import M, Page
from korus_tui.api.models.base import Iri, Resource
from korus_tui.api.models.bulk import OrderBulkResult
from korus_tui.api.paging import PER_PAGE, Listing

log = logging.getLogger("korus_tui.api")

R = TypeVar("R")
P = TypeVar("P", bound=Resource)

Query = tuple[tuple[str, str], ...]
_MOST_LOGGED = 20  # members of one answer


class Line(Protocol):
    """What the client needs of a transport; tests hand in their own and open no socket."""

    async def send(self, call: Call) -> Any:
        """The JSON that answers `call`, or an ApiError."""
        ...

    async def sign_in(self) -> None:
        """Have a token at hand, or an ApiError."""
        ...

    async def fetch_file(self, url: str, limit: int) -> bytes:
        """A file of at most `limit` bytes, fetched without the token."""
        ...

    def link_refusal(self, url: str) -> str | None:
        """Why a file's address must be neither followed nor offered; None if it may."""
        ...

    async def unsafe_link(self, url: str) -> str | None:
        """The same, also by where the address's name leads."""
        ...

    async def aclose(self) -> None: ...


class Section:
    """The calls of one chapter of the API, over one transport."""

    def __init__(self, transport: Line) -> None:
        self._transport = transport

    async def _call(self, call: Call, read: Callable[[Any], R]) -> R:
        """The answer as `read` understands it; a write whose answer makes no sense has an unknown outcome (F07)."""
        data = await self._transport.send(call)
        try:
            found = read(data)
            _note(found)
            return found
        except errors.Malformed as error:
            incident = secrets.token_hex(4)
            log.warning("incident %s: %s", incident, error)
            known = facts(call, request_id=incident)
            if call.writes:
                raise errors.OutcomeUnknown(resource=error.resource, field=error.field, **known) from error
            raise errors.Malformed(resource=error.resource, field=error.field, **known) from error

    async def _get(self, operation: str, path: str, model: type[M], language: str | None) -> M:
        call = Call(operation, "GET", path, language=language)
        return await self._call(call, lambda data: hydra.parse(model, data))

    async def _get_in_part(self, operation: str, path: str, model: type[P], language: str | None) -> P:
        """What can be read of it, where all of it cannot be (hydra.parse_in_part)."""
        call = Call(operation, "GET", path, language=language)
        return await self._call(call, lambda data: hydra.parse_in_part(model, data))

    def _list(
        self,
        operation: str,
        path: str,
        model: type[M],
        language: str | None,
        query: Query = (),
        read: Callable[[type[M], object, str], M] = hydra.parse,
    ) -> Listing[M]:
        first = Call(operation, "GET", path, language=language)

        async def fetch(number: int) -> Page[M]:
            call = replace(first, query=(*query, ("page", str(number)), ("itemsPerPage", str(PER_PAGE))))
            page = await self._call(call, lambda data: hydra.parse_page(model, data, read))
            return replace(page, rejected=numbered(call, page.rejected))

        def short(missing: int) -> errors.Malformed:
            return numbered(first, (errors.Malformed(resource=model.__name__, field="totalItems", count=missing),))[0]

        return Listing(fetch, short)


def numbered(call: Call, rejected: Sequence[errors.Malformed]) -> tuple[errors.Malformed, ...]:
    """Members of a good answer that cannot be read, with the number under which the log has them."""
    if not rejected:
        return ()
    incident = secrets.token_hex(4)
    known = facts(call, request_id=incident)
    found = tuple(
        errors.Malformed(resource=one.resource, field=one.field, count=one.count, **known) for one in rejected
    )
    log.warning("incident %s: %s", incident, "; ".join(map(str, found[:_MOST_LOGGED])))
    return found


def _note(found: object) -> None:
    """What of a good answer could not be read: all that its resources lack is one incident in the log."""
    several = found.members if isinstance(found, Page) else found.orders if isinstance(found, OrderBulkResult) else ()
    odd = [one for one in (found, *several) if isinstance(one, Resource) and one.odd]
    if not odd:
        return
    incident = secrets.token_hex(4)
    for one in odd:
        one.noted(incident)
    said = "; ".join(f"{type(one).__name__} {one.id}: {', '.join(one.odd)}" for one in odd[:_MOST_LOGGED])
    log.warning("incident %s: not understood and left out: %s", incident, said)


def id_of(reference: Iri | str) -> str:
    """The id in an address, or the id itself."""
    return reference.rstrip("/").rpartition("/")[2]


def under(parent: str, *segments: str) -> str:
    """A path below `parent`; ValueError for a segment that would lead elsewhere."""
    if any(segment in {"", ".", ".."} for segment in segments):
        raise ValueError("not the id of a resource")
    return "/".join((parent, *(quote(segment, safe="", errors="replace") for segment in segments)))
