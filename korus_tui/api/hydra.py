"""Pure reading of Hydra JSON-LD: bytes to JSON, JSON to models, pages and problems. Opens no socket."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from korus_tui.api.errors import Malformed, Violation
from korus_tui.api.models.base import Resource, without_gaps
from korus_tui.api.models.booking import Order, Reservation
from korus_tui.api.models.bulk import (
    FailedOrder,
    FailedReservation,
    OrderBulkResult,
    ReservationBulkResult,
    failures,
)
from korus_tui.api.text import ELLIPSIS, clean_line

M = TypeVar("M", bound=BaseModel)
R = TypeVar("R", bound=Resource)
T = TypeVar("T")

MOST_VIOLATIONS = 500
MOST_MEMBERS = 5_000
"""Members of one answer that are read: a page is asked for 50, and each costs a thousand times its bytes."""
MOST_DEPTH = 100
"""Lists and objects inside each other: what is documented needs nine, and readers of JSON call themselves for each."""
MOST_DIGITS = 40
"""Signs of a number that is read as one: longer ones cost time beyond measure, and no amount or count is so long."""


@dataclass(frozen=True)
class Page(Generic[T]):
    """Members of a collection: one page of it, or all that was read.

    `total` is the server's claim, `rejected` the members that could not be read, the first of those beyond the limit
    among them, which `left_out` counts, `doubles` how many stood there again and were left out; `incomplete` says that
    the collection may hold more than was read, or that the server contradicted itself (F19). `more`: the page that was
    read last names a next one.
    """

    members: tuple[T, ...]
    total: int | None = None
    rejected: tuple[Malformed, ...] = ()
    incomplete: bool = False
    doubles: int = 0
    left_out: int = 0
    more: bool = False

    def readable(self) -> tuple[T, ...]:
        """The members; Malformed where something came and none of it can be read: that is not an empty list."""
        if not self.members and self.rejected:
            raise self.rejected[0]
        return self.members

    @property
    def count(self) -> int:
        """How many members the server wrote, readable or not."""
        return len(self.members) + len(self.rejected)


@dataclass(frozen=True)
class Problem:
    """The words of an error answer, cleaned and capped; all empty when it has none."""

    title: str = ""
    detail: str = ""
    code: str = ""
    violations: tuple[Violation, ...] = ()
    violations_left_out: int = 0


def loads(body: bytes) -> Any:
    """JSON with exact numbers; ValueError for anything else, also for a body that is nested too deeply."""
    try:
        data = json.loads(body.decode("utf-8-sig"), parse_float=_decimal, parse_int=_whole, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    inner = [data]
    for _depth in range(MOST_DEPTH):
        inner = [
            one
            for part in inner
            if isinstance(part, (dict, list))
            for one in (part.values() if isinstance(part, dict) else part)
            if isinstance(one, (dict, list))
        ]
        if not inner:
            return data
    raise ValueError("nested too deeply")


def _decimal(text: str) -> Decimal | str:
    """A number as it is written; one that is too long or too large for that is only a text, which no field takes."""
    try:
        return Decimal(text) if len(text) <= MOST_DIGITS else text[:MOST_DIGITS] + ELLIPSIS
    except ArithmeticError:  # 1e99999999999999999999
        return text


def _whole(text: str) -> int | str:
    return int(text) if len(text) <= MOST_DIGITS else text[:MOST_DIGITS] + ELLIPSIS


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def parse(model: type[M], data: object, resource: str = "") -> M:
    """`data` as a `model`; Malformed with the resource and the wire name of the first wrong field otherwise."""
    name = resource or model.__name__
    if not isinstance(data, dict):
        raise Malformed(resource=name)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        where = error.errors(include_url=False, include_context=False, include_input=False)[0]["loc"]
        raise Malformed(resource=name, field=_path(where)) from error
    except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
        raise Malformed(resource=name) from error


_MOST_ODD = 20
_PASSES = 6
_BY_PLACE = re.compile(r"(?:unit|total)A(mount\w+)")  # what a model makes of another wire name


def parse_in_part(model: type[R], data: object, resource: str = "") -> R:
    """`data` as a `model`, without what of it cannot be read: see `Resource.odd`.

    Malformed where nothing is left that has an address. An address alone is a resource of which nothing else is known.
    """
    name = resource or model.__name__
    if isinstance(data, str):
        data = {"@id": data}
    if not isinstance(data, dict):
        raise Malformed(resource=name)
    read: dict[str, Any] = data
    odd: list[str] = []
    for _pass in range(_PASSES):
        try:
            found = model.model_validate(read)
        except ValidationError as error:
            wrong = [one["loc"] for one in error.errors(include_url=False, include_context=False, include_input=False)]
            odd += [_path(where) for where in wrong]
            read = copy.deepcopy(data) if read is data else read
            if not all(_left_out(read, where) for where in wrong):
                raise Malformed(resource=name, field=odd[-len(wrong)]) from error
            _without_gaps(read)
            continue
        except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
            raise Malformed(resource=name) from error
        found._odd = tuple(dict.fromkeys(odd))[:_MOST_ODD]
        return found
    raise Malformed(resource=name, field=odd[0])


_GAP = object()


def _left_out(data: Any, where: tuple[int | str, ...]) -> bool:
    """Leave out what stands at `where`, or the innermost part around it that can be; whether there was one."""
    holder: Any = None
    key: Any = None
    for step in where:
        if isinstance(data, dict) and isinstance(step, str):
            made = _BY_PLACE.fullmatch(step)
            step = step if step in data or made is None else f"a{made[1]}"
            if step not in data:
                break
        elif not (isinstance(data, list) and isinstance(step, int) and step < len(data)):
            break
        holder, key, data = data, step, data[step]
    if holder is None:
        return False
    if isinstance(holder, list):
        holder[key] = _GAP
    else:
        holder.pop(key, None)
    return True


def _without_gaps(data: Any) -> None:
    """Close the gaps that were left in lists."""
    if isinstance(data, list):
        data[:] = [one for one in data if one is not _GAP]
    for one in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        if isinstance(one, (dict, list)):
            _without_gaps(one)


def _path(location: tuple[int | str, ...]) -> str:
    """`items[0].offer` from pydantic's location, without its own names for the ways to read a field."""
    path = ""
    for step in location:
        if isinstance(step, str) and (step[:1].isupper() or "[" in step):
            continue
        path += f"[{step}]" if isinstance(step, int) else f".{clean_line(step, 60)}"
    return path.removeprefix(".")


def parse_page(model: type[M], data: object, read: Callable[[type[M], object, str], M] = parse) -> Page[M]:
    """One page of a collection; a member that `read` cannot read lands in `rejected` and hides no other."""
    name = model.__name__
    written: object = data if isinstance(data, list) and data else None  # an empty one may be PHP's empty object
    total, more = None, False
    if isinstance(data, Mapping):
        written = without_gaps(data.get("member", data.get("hydra:member")))
        total = _total(data.get("totalItems", data.get("hydra:totalItems")))
        view = data.get("view", data.get("hydra:view"))
        more = isinstance(view, Mapping) and bool(view.get("next", view.get("hydra:next")))
    if not isinstance(written, list):
        raise Malformed(resource=name, field="member")
    members, rejected = _sorted_out(model, written, name, "member", read)
    return Page(members, total, rejected, left_out=max(0, len(written) - MOST_MEMBERS), more=more)


def _total(value: object) -> int | None:
    """The server's total, or None if it makes no sense."""
    if isinstance(value, str) and value.isdecimal() and len(value) < 10:
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _sorted_out(
    model: type[M],
    written: list[Any],
    name: str,
    field: str,
    read: Callable[[type[M], object, str], M] = parse,
) -> tuple[tuple[M, ...], tuple[Malformed, ...]]:
    members: list[M] = []
    rejected: list[Malformed] = []
    for index, item in enumerate(written[:MOST_MEMBERS]):
        try:
            members.append(read(model, item, name))
        except Malformed as error:
            place = f"{field}[{index}].{error.field}".removesuffix(".")
            again = Malformed(resource=name, field=place)
            again.__cause__ = error.__cause__
            rejected.append(again)
    if len(written) > MOST_MEMBERS:
        rejected.append(Malformed(resource=name, field=f"{field}[{MOST_MEMBERS}]"))
    return tuple(members), tuple(rejected)


def parse_reservations(data: object) -> ReservationBulkResult:
    """The answer of the bulk reservation; Malformed if it names neither what is held nor what failed."""
    held, failed = _bulk_lists(data, "CreateReservationBulkOutput", "reservations", "failedReservations")
    reservations, rejected = _sorted_out(Reservation, held, "Reservation", "reservations")
    return ReservationBulkResult(reservations, tuple(map(FailedReservation.read, failed)), rejected)


def parse_orders(data: object) -> OrderBulkResult:
    """The answer of the bulk order; Malformed if it names neither what is ordered nor what failed."""
    made, failed = _bulk_lists(data, "CreateOrderBulkOutput", "orders", "failedOrders")
    orders, rejected = _sorted_out(Order, made, "Order", "orders", parse_in_part)
    return OrderBulkResult(orders, tuple(map(FailedOrder.read, failed)), rejected)


def _bulk_lists(data: object, resource: str, done: str, failed: str) -> tuple[list[Any], tuple[object, ...]]:
    """Both lists of a bulk answer: an answer that says nothing about any line is not an answer (F07)."""
    if not isinstance(data, Mapping):
        raise Malformed(resource=resource)
    refused = failures(data.get(failed))[:MOST_MEMBERS]
    written = without_gaps(data.get(done))
    if written is None and refused:
        written = []
    if not isinstance(written, list) or not (written or refused):
        raise Malformed(resource=resource, field=done)
    return written, refused


def parse_problem(data: object) -> Problem:
    """The words of an error answer of the API, of its token endpoint, or of nothing at all; never fails."""
    if not isinstance(data, Mapping):
        return Problem()
    written = without_gaps(data.get("violations"))
    violations = [item for item in written if isinstance(item, Mapping)] if isinstance(written, list) else []
    return Problem(
        title=_words(data, "title", "hydra:title", "error"),
        detail=_words(data, "detail", "hydra:description", "description", "message", "error_description"),
        code=_words(data, "error", "code", "type"),
        violations=tuple(map(_violation, violations[:MOST_VIOLATIONS])),
        violations_left_out=max(0, len(violations) - MOST_VIOLATIONS),
    )


def _violation(item: Mapping[str, Any]) -> Violation:
    return Violation(_words(item, "propertyPath"), _words(item, "message", "title"), _words(item, "code", "type"))


def _words(data: Mapping[str, Any], *names: str) -> str:
    """The first of `names` that holds words."""
    found = (data.get(name) for name in names)
    return next((clean_line(text, 1000) for text in found if isinstance(text, str) and text), "")
