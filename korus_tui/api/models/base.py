"""What the models of the API are made of: addresses, cleaned texts, amounts, moments; tolerant of what is missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    PrivateAttr,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, core_schema

from korus_tui.api.text import clean_line, readable

T = TypeVar("T")

_IRI = re.compile(r"/(?!/)[A-Za-z0-9._~!$&'()*+,;=:@%/-]{1,2000}\Z")
_AMOUNT = re.compile(r"-?\d{1,12}(?:\.\d{1,8})?\Z", re.ASCII)
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:T.*)?\Z", re.ASCII)
_CURRENCY = re.compile(r"[A-Za-z]{3}\Z")
_MOST = 10**9
MOST_LISTED = 5_000
"""Entries of a list inside a resource that are read, and one more that shows that there are more."""
_YEARS = range(1900, 2200)


class Iri(str):
    """An address of a resource: its path from the API's root (docs/api.md, Basics). Send it back as it was read."""

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        """Accept only a path that stays on the API's own origin; ValueError otherwise."""
        if not _IRI.match(value) or ".." in value.split("/"):
            raise ValueError("not the path of a resource")
        return super().__new__(cls, value)

    @property
    def id(self) -> str:
        """The last segment: two kinds of session address name the same session by it."""
        return self.rstrip("/").rpartition("/")[2]

    @classmethod
    def read(cls, value: object) -> Self:
        """From JSON: the address itself, or an embedded resource that has one."""
        if isinstance(value, Mapping):
            value = value.get("@id")
        if not isinstance(value, str):
            raise ValueError("not the path of a resource")
        return value if isinstance(value, cls) else cls(value)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read by `read`, written as a plain string."""
        return core_schema.no_info_plain_validator_function(cls.read, serialization=core_schema.to_string_ser_schema())


class Model(BaseModel):
    """A frozen answer or part of one: wire names as aliases, unknown fields kept out of the way."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True, hide_input_in_errors=True
    )


class Resource(Model):
    """Something with an address; an `id` that is missing or none is read from the address.

    `odd` are the wire names of what stood in the answer, could not be read and was left out (hydra.parse_in_part);
    `incident` is the number under which the log has them.
    """

    iri: Iri = Field(alias="@id")
    id: Identifier
    _odd: tuple[str, ...] = PrivateAttr(default=())
    _incident: str = PrivateAttr(default="")

    @property
    def odd(self) -> tuple[str, ...]:
        """What of the answer was not understood, such as `items[0].product`; empty for one that was read whole."""
        return self._odd

    @property
    def incident(self) -> str:
        """Under which number the log has what was not understood; "" for one that was read whole."""
        return self._incident

    def noted(self, incident: str) -> None:
        """What was not understood is in the log, under this number."""
        self._incident = incident

    @model_validator(mode="before")
    @classmethod
    def _id_from_address(cls, data: Any) -> Any:
        if isinstance(data, dict) and not _is_identifier(data.get("id")) and isinstance(data.get("@id"), str):
            return {**data, "id": data["@id"].rstrip("/").rpartition("/")[2]}
        return data


def _as_text(value: object) -> str:
    """A string, or a number that an issuer wrote without quotes."""
    if isinstance(value, str):
        return value
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return str(value)
    raise ValueError("not a text")


def _identifier(value: object) -> str:
    text = _as_text(value)
    if not re.fullmatch(r"[!-.0-~]{1,255}", text):
        raise ValueError("not an identifier")
    return text


def _is_identifier(value: object) -> bool:
    try:
        return bool(_identifier(value))
    except ValueError:
        return False


def _line(limit: int) -> Callable[[object], str]:
    return lambda value: clean_line(_as_text(value), limit)


def _optional(read: Callable[[object], str]) -> Callable[[object], str]:
    """Missing in JSON's ways (null, PHP's empty list) becomes an empty text."""
    return lambda value: "" if value is None or value == [] else read(value)


def _amount(value: object) -> Decimal:
    """A plain decimal number, as a string or as a number read without binary floats."""
    text = format(value, "f") if isinstance(value, Decimal) and abs(value.adjusted()) < 16 else value
    if isinstance(text, int) and not isinstance(text, bool) and abs(text) < 10**12:
        text = str(text)
    if not isinstance(text, str) or not _AMOUNT.match(text):
        raise ValueError("not an amount of money")
    return Decimal(text)


def _currency(value: object) -> str:
    if not isinstance(value, str) or not _CURRENCY.match(value):
        raise ValueError("not a currency code")
    return value.upper()


def count_of(value: object) -> int:
    """A whole number of places; below zero, as an oversold supplier writes it, means that none is left."""
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,10}", value, re.ASCII):
        value = int(value)
    if isinstance(value, Decimal) and abs(value.adjusted()) < 10 and value == value.to_integral_value():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value > _MOST:
        raise ValueError("not a count")
    return max(value, 0)


def _moment(value: object) -> datetime:
    """An instant with its offset: never a naive time, never a number taken for one."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) and len(value) < 40 else value
    if not isinstance(moment, datetime) or moment.tzinfo is None or moment.year not in _YEARS:
        raise ValueError("not an instant with an offset")
    return moment


def _moment_or_none(value: object) -> datetime | None:
    """An unreadable deadline is an unknown deadline: it must not hide the reservation that it belongs to (F18)."""
    try:
        return _moment(value)
    except ValueError:
        return None


def _day(value: object) -> date:
    """A calendar day; some servers write midnight after it."""
    match = _DAY.match(value) if isinstance(value, str) else None
    day = date.fromisoformat(match[1]) if match else value
    if not isinstance(day, date) or isinstance(day, datetime) or day.year not in _YEARS:
        raise ValueError("not a day")
    return day


def without_gaps(value: object) -> object:
    """PHP's list with gaps (an object with numbers for names) is a list; anything else is what it is."""
    if isinstance(value, dict) and value and all(isinstance(key, str) and key.isdecimal() for key in value):
        return list(value.values())
    return value


def _listed(value: object) -> object:
    """null, and PHP's empty object, is an empty list."""
    if value is None or value == {}:
        return ()
    value = without_gaps(value)
    if not isinstance(value, (list, tuple)):
        raise ValueError("not a list")
    return tuple(value[: MOST_LISTED + 1])


def _maybe(value: object) -> object:
    """PHP writes an empty object as an empty list (`customer: []`): nothing is there."""
    return None if value == [] or value == "" or value == {} else value


def _told(value: object) -> object:
    """A person's address alone says nothing of them that a till needs."""
    return None if isinstance(value, str) and value.startswith("/") else _maybe(value)


def _or_none(value: object, read: ValidatorFunctionWrapHandler) -> object:
    try:
        return read(value)
    except ValueError:
        return None


def _or_nothing(value: object, read: ValidatorFunctionWrapHandler) -> object:
    try:
        return read(value)
    except ValueError:
        return ()


def _flag(value: object) -> bool:
    """True where it says so; what cannot be read says nothing."""
    return value is True or value == 1 or (isinstance(value, str) and value.strip().casefold() in ("1", "true", "yes"))


def _quiet(read: Callable[[object], str]) -> Callable[[object], str]:
    """What is only shown is empty where it cannot be read."""

    def quiet(value: object) -> str:
        try:
            return read(value)
        except ValueError:
            return ""

    return quiet


def label_of(value: object) -> str:
    """A short text for a value whose shape is not documented: its name, or its plain parts one after the other."""
    if isinstance(value, Mapping):
        named = value.get("label") or value.get("name")
        if isinstance(named, str):
            return clean_line(named, 200)
        parts = [v for k, v in value.items() if not str(k).startswith("@") and isinstance(v, (str, int))]
        return clean_line(" ".join(map(str, parts)), 200)
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        return ""
    return clean_line(str(value), 200)


Identifier = Annotated[str, BeforeValidator(_identifier)]
Exact = Annotated[str, BeforeValidator(_as_text)]  # sent back as read, never shown
Name = Annotated[str, BeforeValidator(_line(300))]
Line = Annotated[str, BeforeValidator(_optional(_line(300)))]
Address = Annotated[str, BeforeValidator(_line(4096))]
Prose = Annotated[str, BeforeValidator(_quiet(_optional(lambda value: readable(_as_text(value)))))]
Shown = Annotated[str, BeforeValidator(_quiet(_optional(_line(300))))]
Label = Annotated[str, BeforeValidator(label_of)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Amount = Annotated[Decimal, BeforeValidator(_amount)]
Currency = Annotated[str, BeforeValidator(_currency)]
Count = Annotated[int, BeforeValidator(count_of)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Deadline = Annotated[datetime | None, BeforeValidator(_moment_or_none)]
Day = Annotated[date, BeforeValidator(_day)]
Listed = Annotated[tuple[T, ...], BeforeValidator(_listed)]
# An embedded resource, or its address alone; an unreadable one still has its address.
Embedded = Annotated[T | Iri, Field(union_mode="left_to_right")]
Maybe = Annotated[T | None, BeforeValidator(_maybe)]
Told = Annotated[T | None, BeforeValidator(_told)]
# What nothing hangs on is as if it were missing where it cannot be read (docs/api.md, What happens without a field).
Loose = Annotated[T | None, BeforeValidator(_maybe), WrapValidator(_or_none)]
LooseList = Annotated[tuple[T, ...], BeforeValidator(_listed), WrapValidator(_or_nothing)]

Resource.model_rebuild()
