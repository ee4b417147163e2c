"""One call and its answer as values, and what the answer means: pure, tested without a socket."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any, NoReturn

from korus_tui.api import errors, hydra
from korus_tui.api.links import from_root
from korus_tui.api.models.base import without_gaps
from korus_tui.api.secrets import Secrets

LD_JSON = "application/ld+json"
MERGE_PATCH = "application/merge-patch+json"
MOST_RETRY_AFTER = 86_400.0
"""Seconds: a server that asks for more than a day is read as asking for a day."""

LASTING = frozenset({"catalogs.list", "product_bases.list", "product_bases.products", "products.list"})
"""Calls whose answers seldom change; they hold nothing of any customer."""

_LANGUAGES = re.compile(r"[A-Za-z0-9,;=.*_ -]{1,100}\Z")
_STEP = re.compile(r"(?P<name>[A-Za-z]+)(?:\[(?P<index>[0-9]{1,9})\](?=[.\[]|\Z)|(?=\.|\Z))")
_REQUEST_IDS = ("x-request-id", "x-correlation-id", "x-amzn-requestid", "cf-ray")


class Kind(Enum):
    """Which time-outs a call gets."""

    READ = "read"
    BOOKING = "booking"
    DOCUMENT = "document"


@dataclass(frozen=True)
class Call:
    """One request to the API; `path` is from its root, `body` is JSON, `query` may hold customer data."""

    operation: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: Any = field(default=None, repr=False)
    language: str | None = None
    kind: Kind = Kind.READ
    repeatable: bool = False

    @property
    def writes(self) -> bool:
        """Whether it may change the world: then it is never sent twice blindly. (A sign-in is repeatable.)"""
        return self.method != "GET" and not self.repeatable

    @property
    def moves(self) -> bool:
        """Whether places or money hang on it: then only what is sure counts as not done (docs/rules.md)."""
        return self.method == "POST" and self.kind is Kind.BOOKING

    def sent(self, path: str) -> bool:
        """Whether a violation's path leads into what was sent; what names nothing of it may be about another call."""
        step = _STEP.match(path)
        if step is None or not isinstance(self.body, dict) or step["name"] not in self.body:
            return False
        part = self.body[step["name"]]
        return step["index"] is None or (isinstance(part, list) and int(step["index"]) < len(part))

    def headers(self) -> dict[str, str]:
        """What the API asks for (docs/api.md, Basics), without the token; ValueError for a language that is none."""
        headers = {"Accept": LD_JSON}
        if self.language is not None:
            if not _LANGUAGES.match(self.language):
                raise ValueError("not a language for Accept-Language")
            headers["Accept-Language"] = self.language
        if self.body is not None:
            headers["Content-Type"] = MERGE_PATCH if self.method == "PATCH" else LD_JSON
        return headers


@dataclass(frozen=True)
class Answer:
    """A whole answer; header names in lower case. `secrets` is what we sent, which it may quote (F92); `root` is the
    address of the API that gave it.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    request_id: str = ""
    secrets: Secrets = field(default_factory=Secrets, repr=False)
    root: str = field(default="", repr=False)

    def json(self) -> Any:
        """The body as JSON, without our secrets, whole addresses below the API's root as paths; ValueError if it is
        not.
        """
        said = self.secrets.taken_out_of(self.granted(), self.body.decode("utf-8-sig"))
        return from_root(said, self.root, self.body)

    def granted(self) -> Any:
        """The body of a sign-in's good answer as it came: it is about a secret. ValueError if it is not JSON."""
        return hydra.loads(self.body)

    def is_from_the_api(self) -> bool:
        """Whether a refusal is the API's own: a JSON object, a bearer challenge, or no words at all."""
        if self.headers.get("www-authenticate", "").lower().startswith("bearer") or not self.body.strip():
            return True
        try:
            return isinstance(self.json(), dict)
        except ValueError:
            return False


def facts(call: Call, status: int | None = None, request_id: str | None = None) -> errors.Facts:
    """The facts of a call, for the constructor of an error."""
    return errors.Facts(
        operation=call.operation, method=call.method, path=call.path, status=status, request_id=request_id
    )


def request_id_of(headers: Mapping[str, str], sent: str) -> str:
    """The server's own number for the request, or else the one that we sent; printable and short."""
    named = next((headers[name] for name in _REQUEST_IDS if headers.get(name)), sent)
    return re.sub(r"[^!-~]", "", named)[:100]


def server_time(headers: Mapping[str, str]) -> datetime | None:
    """The `Date` of an answer in UTC; not of one that a cache has kept, nor of a proxy's own page."""
    if "json" not in headers.get("content-type", ""):
        return None
    if headers.get("age", "0").strip() not in {"", "0"}:
        return None
    return _http_date(headers.get("date", ""))


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds the server asks to wait, from a number or from a date measured against the server's own `Date`."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,20}", text, re.ASCII):
        return min(float(text), MOST_RETRY_AFTER)
    until, now = _http_date(text), _http_date(headers.get("date", ""))
    if until is None or now is None:
        return None
    return min(max((until - now).total_seconds(), 0.0), MOST_RETRY_AFTER)


def worth_another_try(call: Call, answer: Answer) -> bool:
    """Whether a read may be asked again: never a write (docs/rules.md, What a failed call means)."""
    return not call.writes and (answer.status in {408, 429} or answer.status >= 500)


def decipher(call: Call, answer: Answer) -> Any:
    """The JSON of a good answer; otherwise the error that says what it means for money and places."""
    if 200 <= answer.status < 300:
        return _good(call, answer)
    if call.moves:
        raise _not_good(call, answer)
    if answer.status in {408, 429, 503}:
        raise errors.NotNow(
            retry_after=retry_after(answer.headers), may_have_happened=call.writes, **_facts(call, answer)
        )
    if 400 <= answer.status < 500:
        _refused(call, answer)
    if 300 <= answer.status < 400:
        _redirected(call, answer)
    if call.writes:
        raise errors.OutcomeUnknown(**_facts(call, answer))
    if answer.status == 502 and not answer.is_from_the_api():
        raise errors.ProxyAnswer(**_facts(call, answer))
    raise errors.ServerFailed(**_facts(call, answer))


def _facts(call: Call, answer: Answer) -> errors.Facts:
    return facts(call, answer.status, answer.request_id)


def _good(call: Call, answer: Answer) -> Any:
    try:
        return answer.json()
    except ValueError as error:
        if call.writes:
            raise errors.OutcomeUnknown(resource="JSON", **_facts(call, answer)) from error
        raise errors.Malformed(resource="JSON", **_facts(call, answer)) from error


def _not_good(call: Call, answer: Answer) -> errors.ApiError:
    """What another answer than 2xx means where places or money hang on the call.

    Only the API's own refusal of this very call is a refusal: whatever else answers (a proxy, a gateway, a server in
    trouble, a 401 or 409 after the effect) says nothing of what was done.
    """
    problem = problem_of(answer)
    if _refuses(call, answer):
        return errors.Invalid(
            title=problem.title,
            detail=problem.detail,
            violations=problem.violations,
            violations_left_out=problem.violations_left_out,
            **_facts(call, answer),
        )
    if answer.status in {408, 429, 503}:
        return errors.NotNow(retry_after=retry_after(answer.headers), may_have_happened=True, **_facts(call, answer))
    return errors.OutcomeUnknown(words=problem.detail or problem.title, **_facts(call, answer))


def _refuses(call: Call, answer: Answer) -> bool:
    """A 422 of the API's own form, every violation of it about what was sent."""
    if answer.status != 422:
        return False
    try:
        body = answer.json()
    except ValueError:
        return False
    if not isinstance(body, dict) or not _is_violation_list(body):
        return False
    violations = without_gaps(body.get("violations"))
    if not isinstance(violations, list) or not violations:
        return False
    paths = [one.get("propertyPath") if isinstance(one, dict) else None for one in violations]
    return all(isinstance(path, str) and call.sent(path) for path in paths)


def _is_violation_list(body: Mapping[str, Any]) -> bool:
    """By its JSON-LD type, in the spellings of API Platform's versions; a plain problem has none, but a `type`."""
    kinds = body.get("@type")
    if kinds is None:
        return str(body.get("type", "")).startswith("/validation_errors/")
    named = {str(one).rpartition(":")[2] for one in (kinds if isinstance(kinds, list) else [kinds])}
    return not named.isdisjoint({"ConstraintViolationList", "ConstraintViolation"})


def _redirected(call: Call, answer: Answer) -> NoReturn:
    """307 and 308 say "not here": nothing was done. Other redirections may follow a write that was done."""
    if call.writes and answer.status not in {307, 308}:
        raise errors.OutcomeUnknown(**_facts(call, answer))
    raise errors.RedirectRefused(**_facts(call, answer))


def _refused(call: Call, answer: Answer) -> NoReturn:
    known = _facts(call, answer)
    if answer.status == 407 or (answer.status in {401, 403} and not answer.is_from_the_api()):
        raise errors.ProxyAnswer(**known)
    problem = problem_of(answer)
    if answer.status == 401:
        raise errors.SignInRefused(code="", detail=problem.detail or problem.title, **known)
    kinds = {403: errors.Forbidden, 404: errors.NotFound, 422: errors.Invalid}
    raise kinds.get(answer.status, errors.Refused)(
        title=problem.title,
        detail=problem.detail,
        violations=problem.violations,
        violations_left_out=problem.violations_left_out,
        **known,
    )


def problem_of(answer: Answer) -> hydra.Problem:
    """The words of an answer, if it has any."""
    try:
        return hydra.parse_problem(answer.json())
    except ValueError:
        return hydra.Problem()
