"""What each status means for money and places (docs/rules.md, What a failed call means), without a socket."""

from __future__ import annotations

import inspect
import json

import pytest
from api_lines import CATALOG, PaperLine

from korus_tui.api import errors
from korus_tui.api.calls import Answer, Call, decipher, request_id_of, retry_after, server_time
from korus_tui.api.client import KorusClient
from korus_tui.api.errors import ApiError
from korus_tui.api.models.base import Iri

READ = Call("offers.list", "GET", "/v1/offers")
WRITE = Call("orders.create_bulk", "POST", "/v1/booking/orders/_bulk", body={})
PROBLEM = json.dumps({"title": "An error occurred", "detail": "Why", "status": 400}).encode()
HTML = b"<html><body>Bad gateway</body></html>"


@pytest.mark.parametrize(
    ("status", "body", "of_read", "of_write"),
    [
        (400, PROBLEM, errors.Refused, errors.Refused),
        (401, PROBLEM, errors.SignInRefused, errors.SignInRefused),
        (401, b"", errors.SignInRefused, errors.SignInRefused),
        (401, HTML, errors.ProxyAnswer, errors.ProxyAnswer),
        (403, PROBLEM, errors.Forbidden, errors.Forbidden),
        (403, HTML, errors.ProxyAnswer, errors.ProxyAnswer),
        (404, HTML, errors.NotFound, errors.NotFound),
        (407, HTML, errors.ProxyAnswer, errors.ProxyAnswer),
        (408, b"", errors.NotNow, errors.NotNow),
        (409, PROBLEM, errors.Refused, errors.Refused),
        (422, PROBLEM, errors.Invalid, errors.Invalid),
        (429, HTML, errors.NotNow, errors.NotNow),
        (500, PROBLEM, errors.ServerFailed, errors.OutcomeUnknown),
        (502, PROBLEM, errors.ServerFailed, errors.OutcomeUnknown),
        (502, HTML, errors.ProxyAnswer, errors.OutcomeUnknown),
        (503, HTML, errors.NotNow, errors.NotNow),
        (504, HTML, errors.ServerFailed, errors.OutcomeUnknown),
        (302, b"", errors.RedirectRefused, errors.OutcomeUnknown),
        (307, b"", errors.RedirectRefused, errors.RedirectRefused),
        (200, HTML, errors.Malformed, errors.OutcomeUnknown),
        (200, b'{"orders": [', errors.Malformed, errors.OutcomeUnknown),
        (204, b"", errors.Malformed, errors.OutcomeUnknown),
    ],
)
def test_f07_f08_statuses(status: int, body: bytes, of_read: type[ApiError], of_write: type[ApiError]) -> None:
    for call, kind in ((READ, of_read), (WRITE, of_write)):
        with pytest.raises(ApiError) as caught:
            decipher(call, Answer(status, {}, body, "r-1"))
        assert type(caught.value) is kind
        assert (caught.value.operation, caught.value.method, caught.value.path) == (
            call.operation,
            call.method,
            call.path,
        )
        assert (caught.value.status, caught.value.request_id) == (status, "r-1")


def test_f08_only_a_write_may_have_happened() -> None:
    for call in (READ, WRITE):
        with pytest.raises(errors.NotNow) as caught:
            decipher(call, Answer(429, {"retry-after": "7"}, b""))
        assert caught.value.may_have_happened is call.writes
        assert caught.value.retry_after == 7.0


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("99999999999", 86_400.0),
        ("-3", None),
        ("soon", None),
        ("", None),
        ("1.5", None),
        ("Wed, 29 Jan 2025 07:56:23 GMT", 30.0),
        ("Wed, 29 Jan 2025 07:00:00 GMT", 0.0),
        ("Fri, 99 Foo 9999 99:99:99 GMT", None),
    ],
)
def test_f08_retry_after_in_every_spelling(written: str, seconds: float | None) -> None:
    headers = {"retry-after": written, "date": "Wed, 29 Jan 2025 07:55:53 GMT"}
    assert retry_after(headers) == seconds


def test_f18_a_date_is_told_only_if_it_is_fresh() -> None:
    date = "Wed, 29 Jan 2025 07:55:53 GMT"
    json_type = {"content-type": "application/ld+json; charset=utf-8"}
    assert str(server_time({"date": date, "age": "0", **json_type})) == "2025-01-29 07:55:53+00:00"
    assert server_time({"date": date, "age": "120", **json_type}) is None
    assert server_time({"date": date, "content-type": "text/html"}) is None
    assert server_time({"date": "yesterday", **json_type}) is None
    assert server_time(json_type) is None


def test_the_servers_request_id_wins_and_is_printable() -> None:
    assert request_id_of({"x-request-id": "a\x1b[31m b"}, "ours") == "a[31mb"
    assert request_id_of({}, "ours") == "ours"


def test_f21_ten_thousand_violations_are_capped_and_counted() -> None:
    violations = [{"propertyPath": f"items[{n}]", "message": "no", "code": "c"} for n in range(10_000)]
    with pytest.raises(errors.Invalid) as caught:
        decipher(WRITE, Answer(422, {}, json.dumps({"violations": violations}).encode()))
    assert len(caught.value.violations) == 500
    assert caught.value.violations_left_out == 9_500
    assert caught.value.violations[499].path == "items[499]"
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("violations", [None, {}, "x", [None, 3, "y"], [{"propertyPath": 5, "message": ["z"]}]])
def test_f20_odd_violations_never_break_the_refusal(violations: object) -> None:
    with pytest.raises(errors.Invalid) as caught:
        decipher(WRITE, Answer(422, {}, json.dumps({"violations": violations, "detail": 4}).encode()))
    assert all(violation.path == "" for violation in caught.value.violations)


def test_f71_the_apis_words_are_cleaned() -> None:
    body = {"title": "\x1b]0;x", "violations": [{"propertyPath": "a\u202e", "message": "b\x9b", "code": "\x00"}]}
    with pytest.raises(errors.Invalid) as caught:
        decipher(WRITE, Answer(422, {}, json.dumps(body).encode()))
    words = (caught.value.title, *vars(caught.value.violations[0]).values(), str(caught.value))
    assert not any(sign in word for word in words for sign in "\x1b\u202e\x9b\x00")


def _every_error() -> list[ApiError]:
    needed = {"resource": "Order", "limit": 5, "reason": "scheme"}
    made = []
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, ApiError):
            parameters = inspect.signature(kind).parameters
            made.append(kind(operation="x", **{name: value for name, value in needed.items() if name in parameters}))
    return made


def test_never_sent_and_unknown_never_mix() -> None:
    kinds = _every_error()
    assert len(kinds) > 15
    assert not any(isinstance(one, errors.NotSent) and isinstance(one, errors.OutcomeUnknown) for one in kinds)
    assert [type(one) for one in kinds if isinstance(one, errors.OutcomeUnknown)] == [errors.OutcomeUnknown]


def test_every_error_says_what_it_means_in_one_line() -> None:
    texts = [str(one) for one in _every_error()]
    assert all(text.startswith("x: ") and "\n" not in text for text in texts)
    assert len(set(texts)) == len(texts)


def test_what_a_customer_typed_is_in_no_text() -> None:
    violation = errors.Violation("customer.email", "ada@example.org is no address", "c1")
    error = errors.Invalid(title="t", detail="ada@example.org", violations=(violation,), operation="orders.create_bulk")
    assert "ada" not in f"{error} {error!r} {violation!r} {WRITE!r}"
    assert "customer.email" in str(error)


def test_a_language_is_a_language() -> None:
    assert Call("x", "GET", "/", language="fr-FR, en;q=0.5").headers()["Accept-Language"] == "fr-FR, en;q=0.5"
    with pytest.raises(ValueError, match="language"):
        Call("x", "GET", "/", language="fr\r\nX-Evil: 1").headers()


async def test_offers_of_a_session_are_asked_for_by_its_bare_id() -> None:
    line = PaperLine(lambda call: {"totalItems": 0, "member": []})
    session = Iri(f"/v1/ticketing/catalogs/{CATALOG}/events/e/sessions/337177bc-e513-444f-bcee-49a3e25b48a3")
    await KorusClient(line).ticketing.offers(CATALOG, session=session)
    assert ("session", "337177bc-e513-444f-bcee-49a3e25b48a3") in line.calls[0].query
