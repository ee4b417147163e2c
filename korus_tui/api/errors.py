"""What a failed call means for money and places: one small family, in which "never sent" and "unknown" never mix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypedDict, Unpack

from korus_tui.text.venue_time import moments_in


class Facts(TypedDict, total=False):
    """Which call failed: safe to print and to log."""

    operation: str
    method: str
    path: str
    status: int | None
    request_id: str | None


@dataclass(frozen=True)
class Violation:
    """One broken rule of a 422 answer: decide by `path` and `code`, show `message` (it is localised)."""

    path: str
    message: str = field(repr=False)
    code: str = ""


class ApiError(Exception):
    """A call that gave no usable answer; its text names the call, never a token, a body or a customer."""

    meaning = "the call failed"
    never_sent = False
    """Whether the call itself surely never left: also a sign-in that failed before it."""

    def __init__(self, **facts: Unpack[Facts]) -> None:
        """Keep the facts of the call: `path` has no query, `request_id` is the server's or else the one we sent."""
        super().__init__()
        self.operation = facts.get("operation", "")
        self.method = facts.get("method", "")
        self.path = facts.get("path", "")
        self.status = facts.get("status")
        self.request_id = facts.get("request_id")

    def retell(self, tell: Callable[[str], str]) -> None:
        """Have the server's own words told as the counter tells them."""

    def facts(self) -> list[str]:
        """What may be printed about this failure, in reading order."""
        call = f"{self.method} {self.path}".strip()
        pairs = (("status", self.status), ("request", self.request_id))
        return [part for part in (call, *(f"{name} {value}" for name, value in pairs if value is not None)) if part]

    def __str__(self) -> str:
        facts = ", ".join(self.facts())
        start = f"{self.operation}: {self.meaning}" if self.operation else self.meaning
        return f"{start} ({facts})" if facts else start

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"


class NotSent(ApiError):
    """The request never left: connection refused, connect or pool time-out, unknown name, no sign-in."""

    meaning = "never sent"
    never_sent = True


class TlsRefused(NotSent):
    """The server's certificate was not accepted; `reason` is the TLS library's short word for it."""

    meaning = "never sent, the secure connection was refused"

    def __init__(self, reason: str = "", **facts: Unpack[Facts]) -> None:
        super().__init__(**facts)
        self.reason = reason


class OutcomeUnknown(ApiError):
    """A POST or PATCH that may have happened: look it up, never send it again blindly.

    `words` are those of an answer that is no proof of anything (a 403 behind a proxy, a 409, a 500), cleaned;
    `resource` and `field` name what was not understood in one that should have been.
    """

    meaning = "outcome unknown"

    def __init__(
        self,
        *,
        words: str = "",
        resource: str = "",
        field: str = "",
        **facts: Unpack[Facts],
    ) -> None:
        super().__init__(**facts)
        self.words = words
        self.resource = resource
        self.field = field

    @property
    def answered(self) -> bool:
        """Whether an answer came, of whatever kind; the line is there then."""
        return bool(self.resource) or (self.status is not None and self.status >= 300)

    @property
    def says_no(self) -> bool:
        """Whether an answer came that claims a refusal: not proof, but the same call is not sent again by itself."""
        return self.status is not None and 400 <= self.status < 500 and self.status != 401

    def retell(self, tell: Callable[[str], str]) -> None:
        self.words = tell(self.words)

    def facts(self) -> list[str]:
        """Name what was not understood before the call it came from."""
        place = f"{self.resource}.{self.field}" if self.field else self.resource
        return [*([place] if place else []), *super().facts()]


class Refused(ApiError):
    """A 4xx answer: nothing was done; `title`, `detail` and `violations` are the API's words, cleaned.

    `moments` are those that its violations, or else its detail, name.
    """

    meaning = "refused"

    def __init__(
        self,
        *,
        title: str = "",
        detail: str = "",
        violations: tuple[Violation, ...] = (),
        violations_left_out: int = 0,
        **facts: Unpack[Facts],
    ) -> None:
        """`violations_left_out` counts those beyond the cap of a hostile answer (docs/faults.md, F21)."""
        super().__init__(**facts)
        self.title = title
        self.detail = detail
        self.violations = violations
        self.violations_left_out = violations_left_out
        said = [violation.message for violation in violations] or [detail]
        self.moments: tuple[datetime, ...] = tuple(moment for words in said for moment in moments_in(words))

    def retell(self, tell: Callable[[str], str]) -> None:
        """Title, detail and each violation's message."""
        self.title, self.detail = tell(self.title), tell(self.detail)
        self.violations = tuple(replace(one, message=tell(one.message)) for one in self.violations)

    def facts(self) -> list[str]:
        """Add the paths of the violations, not their messages: those may quote what a customer typed."""
        paths = ", ".join(violation.path for violation in self.violations[:5])
        return [*super().facts(), *([f"at {paths}"] if paths else [])]


class Forbidden(Refused):
    """403: signed in, but not allowed this resource."""

    meaning = "forbidden"


class NotFound(Refused):
    """404: no such resource, or no longer."""

    meaning = "not found"


class Invalid(Refused):
    """422: the request breaks the rules named in `violations`."""

    meaning = "invalid"


class SignInRefused(ApiError):
    """The token endpoint refuses the credential, or the API refuses a fresh token; `code` is the OAuth error code."""

    meaning = "sign-in refused"

    def __init__(self, *, code: str = "", detail: str = "", **facts: Unpack[Facts]) -> None:
        super().__init__(**facts)
        self.code = code
        self.detail = detail

    def facts(self) -> list[str]:
        """Add the OAuth error code; the description stays out, some servers quote the credential in it."""
        return [*super().facts(), *([self.code] if self.code else [])]


class NotNow(ApiError):
    """408, 429 or 503: `retry_after` is in seconds; a write `may_have_happened` and is looked up before re-sending."""

    meaning = "not now"

    def __init__(
        self, *, retry_after: float | None = None, may_have_happened: bool = False, **facts: Unpack[Facts]
    ) -> None:
        super().__init__(**facts)
        self.retry_after = retry_after
        self.may_have_happened = may_have_happened


class ServerFailed(ApiError):
    """A read answered 5xx, also after retries."""

    meaning = "the server failed"


class TimedOut(ApiError):
    """A read whose answer did not come in time, also after retries."""

    meaning = "no answer in time"


class ConnectionLost(ApiError):
    """A read whose connection was dropped or whose answer was cut, also after retries."""

    meaning = "connection lost"


class Malformed(ApiError):
    """A readable answer with the wrong shape: `resource` is its type, `field` the wire name that is wrong.

    `count` is how many members of a list it stands for: none, where it is the list that does not say how long it is.
    """

    meaning = "malformed answer"

    def __init__(self, *, resource: str, field: str = "", count: int = 1, **facts: Unpack[Facts]) -> None:
        super().__init__(**facts)
        self.resource = resource
        self.field = field
        self.count = count

    @property
    def short(self) -> bool:
        """Whether nothing came that is wrong: a list counts more than it gives."""
        return self.field == "totalItems" and self.count > 0

    def facts(self) -> list[str]:
        """Name what was wrong before the call it came from."""
        return [f"{self.resource}.{self.field}" if self.field else self.resource, *super().facts()]


class TooLarge(ApiError):
    """The answer is larger than `limit` bytes (after decompression) and was cut off."""

    meaning = "answer too large"

    def __init__(self, *, limit: int, **facts: Unpack[Facts]) -> None:
        super().__init__(**facts)
        self.limit = limit

    def facts(self) -> list[str]:
        """Add the limit in bytes."""
        return [*super().facts(), f"over {self.limit} bytes"]


class RedirectRefused(ApiError):
    """The server pointed to another origin, or in circles; nothing was sent there."""

    meaning = "redirect refused"


class ProxyAnswer(ApiError):
    """401, 403, 407 or 502 that is not the API's JSON: something between us and the API answered."""

    meaning = "answered by something other than the API"


class LinkRefused(ApiError):
    """A document's address that must not be followed; `reason` is a fixed word (docs/faults.md, F23)."""

    meaning = "unsafe link"

    def __init__(self, reason: str, **facts: Unpack[Facts]) -> None:
        super().__init__(**facts)
        self.reason = reason

    def facts(self) -> list[str]:
        """Name the reason, never the address: it is signed."""
        return [*super().facts(), self.reason]


def surely_not_done(error: ApiError) -> bool:
    """Whether a call that moves places or money surely had no effect: it never left, or was refused by the API's own
    422 about this very call. Everything else is doubt (docs/rules.md, "What an answer means")."""
    return error.never_sent or isinstance(error, Invalid)
