"""The line itself, over real sockets: what never left, what may have happened, what must never leave (F01 to F25)."""

from __future__ import annotations

import asyncio
import gc
import gzip
import logging
import socket
import ssl
import subprocess
import weakref
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import pytest
from api_lines import CATALOG, SECRET, Naps, example, line_to
from wire_server import Script, Seen, WireServer, answering, json_reply, reply

from korus_tui.api.client import KorusClient
from korus_tui.api.errors import (
    ApiError,
    ConnectionLost,
    Forbidden,
    Invalid,
    LinkRefused,
    Malformed,
    NotFound,
    NotNow,
    NotSent,
    OutcomeUnknown,
    ProxyAnswer,
    RedirectRefused,
    ServerFailed,
    SignInRefused,
    TimedOut,
    TlsRefused,
    TooLarge,
    surely_not_done,
)
from korus_tui.api.models.base import Iri
from korus_tui.api.models.requests import CustomerRequest
from korus_tui.api.retry import Retry
from korus_tui.api.timing import DateSample

PRODUCTS = example("products.json") | {"totalItems": 2}
ORDERED = example("orders_bulk_response.json")
RESERVATION = Iri("/v1/booking/reservations/0194b10f-3ddd-70a5-a96a-d1026cd42746")


async def read(client: KorusClient) -> int:
    return len((await client.ticketing.products(CATALOG, language="fr")).members)


async def write(client: KorusClient) -> str:
    customer = CustomerRequest("Ada", "Lovelace", "ada@example.org")
    return (await client.booking.order([RESERVATION], customer, "KT-REF-1")).orders[0].reference


async def drop(seen: Seen, writer: asyncio.StreamWriter) -> None:
    """Ends the connection without a word."""
    writer.transport.abort()


async def cut(seen: Seen, writer: asyncio.StreamWriter) -> None:
    """Promises more than it sends."""
    writer.write(reply(200, b'{"orders": [', Content_Length="4000"))


def refused_url() -> str:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{unused.getsockname()[1]}"


async def test_a_call_carries_what_the_api_asks_for() -> None:
    async with WireServer(answering(json_reply(PRODUCTS))) as server, line_to(server.url) as client:
        assert await read(client) == 2
        (seen,) = server.seen
        assert seen.method == "GET"
        assert seen.target == f"/v1/ticketing/catalogs/{CATALOG}/products?page=1&itemsPerPage=50"
        wanted = {"authorization": f"Bearer {SECRET}", "accept": "application/ld+json", "accept-language": "fr"}
        assert wanted.items() <= seen.headers.items()
        assert "content-type" not in seen.headers
        assert seen.headers["x-request-id"]


class _Page:
    """What somebody who asks has in its context, as a page of the screen has itself."""


_PAGE: ContextVar[_Page] = ContextVar("page")


async def test_a_call_that_is_over_keeps_nothing_of_who_asked() -> None:
    async def ask(client: KorusClient) -> weakref.ref[_Page]:
        page = _Page()
        _PAGE.set(page)
        await read(client)
        return weakref.ref(page)

    async with WireServer(answering(json_reply(PRODUCTS))) as server, line_to(server.url) as client:
        ticker = asyncio.get_running_loop().call_later(1.0, lambda: None)  # before it, no timer is looked at
        gone = await asyncio.create_task(ask(client))
        await asyncio.sleep(0)
        gc.collect()
        assert gone() is None
        ticker.cancel()


async def test_an_order_is_written_as_the_tutorial_writes_it() -> None:
    async with WireServer(answering(json_reply(ORDERED))) as server, line_to(server.url) as client:
        assert await write(client) == "KT-ORD-6799E80128885"
        (seen,) = server.seen
        assert seen.headers["content-type"] == "application/ld+json"
        assert seen.json() == {
            "reservations": [RESERVATION],
            "customer": {"firstname": "Ada", "lastname": "Lovelace", "email": "ada@example.org"},
            "externalReference": "KT-REF-1",
        }


@pytest.mark.parametrize("call", [read, write])
async def test_f01_a_refused_connection_was_never_sent(call: object) -> None:
    naps, told = Naps(), list[Retry]()
    async with line_to(refused_url(), sleep=naps, on_retry=told.append) as client:
        with pytest.raises(NotSent) as caught:
            await (read(client) if call is read else write(client))
    assert caught.value.status is None
    assert len(naps.taken) == 2
    assert [retry.attempt for retry in told] == [2, 3]
    assert [retry.wait for retry in told] == naps.taken
    assert 0 < naps.taken[0] < naps.taken[1] < 2


async def test_f01_a_name_that_does_not_resolve_was_never_sent() -> None:
    async with line_to("http://no-such-host.invalid") as client:
        with pytest.raises(NotSent):
            await write(client)


@pytest.mark.parametrize("lose", [drop, cut])
async def test_f04_f05_f07_a_lost_answer_to_a_write_is_unknown_and_asked_once(lose: Script) -> None:
    async with WireServer(lose) as server, line_to(server.url) as client:
        with pytest.raises(OutcomeUnknown) as caught:
            await write(client)
        assert len(server.seen) == 1
        assert caught.value.operation == "orders.create_bulk"
        assert caught.value.request_id == server.seen[0].headers["x-request-id"]


@pytest.mark.parametrize("lose", [drop, cut])
async def test_a_lost_answer_to_a_read_is_asked_for_again(lose: Script) -> None:
    async with WireServer(lose) as server, line_to(server.url) as client:
        with pytest.raises(ConnectionLost):
            await read(client)
        assert len(server.seen) == 3


async def test_f03_a_slow_answer_times_out_by_kind_of_call() -> None:
    async def slow(seen: Seen, writer: asyncio.StreamWriter) -> None:
        await server.hold()

    async with WireServer(slow) as server, line_to(server.url) as client:
        with pytest.raises(TimedOut):
            await read(client)
        assert len(server.seen) == 3
        with pytest.raises(OutcomeUnknown):
            await write(client)
        assert len(server.seen) == 4


async def test_f21_a_trickle_without_end_is_cut_by_the_total_deadline() -> None:
    async def trickle(seen: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        tick = asyncio.Event()
        while not writer.is_closing():
            writer.write(b"1\r\n \r\n")
            await writer.drain()
            asyncio.get_running_loop().call_later(0.05, tick.set)
            await tick.wait()
            tick.clear()

    async with WireServer(trickle) as server, line_to(server.url) as client:
        with pytest.raises(OutcomeUnknown) as caught:
            await write(client)
        assert caught.value.status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"<html>hello</html>",
        b"",
        b"{}",
        b"[]",
        b'{"orders": 5}',
        b"null",
        b'{"orders":[],"failedOrders":[]}',
        b"\xff\xfe",
    ],
)
async def test_f07_an_order_answered_with_nonsense_is_unknown(body: bytes) -> None:
    async with WireServer(answering(reply(200, body))) as server, line_to(server.url) as client:
        with pytest.raises(OutcomeUnknown):
            await write(client)
        assert len(server.seen) == 1


async def test_f08_a_read_is_retried_after_what_the_server_asks() -> None:
    naps = Naps()
    script = answering(
        json_reply({}, 429, Retry_After="4"), reply(502, b"<html>", Content_Type="text/html"), json_reply(PRODUCTS)
    )
    async with WireServer(script) as server, line_to(server.url, sleep=naps) as client:
        assert await read(client) == 2
    assert naps.taken[0] >= 4
    assert naps.taken[1] < 2


async def test_f08_an_absurd_wait_is_not_waited_for() -> None:
    naps = Naps()
    async with (
        WireServer(answering(json_reply({}, 503, Retry_After="999999"))) as server,
        line_to(server.url, sleep=naps) as client,
    ):
        with pytest.raises(NotNow) as caught:
            await read(client)
        assert caught.value.retry_after == 86_400
        assert caught.value.may_have_happened is False
    assert naps.taken == []
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("status", "kind"), [(408, NotNow), (429, NotNow), (503, NotNow), (500, OutcomeUnknown), (504, OutcomeUnknown)]
)
async def test_f08_a_write_is_never_sent_again(status: int, kind: type[ApiError]) -> None:
    async with WireServer(answering(json_reply({}, status, Retry_After="1"))) as server, line_to(server.url) as client:
        with pytest.raises(kind):
            await write(client)
        assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (reply(502, b"<html>Bad gateway</html>"), ProxyAnswer),
        (json_reply({"title": "x"}, 502), ServerFailed),
        (reply(403, b"<html>Blocked by policy</html>"), ProxyAnswer),
        (reply(200, b"<html>Sign in to the hotel's network</html>"), Malformed),
        (json_reply({"title": "x"}, 404), NotFound),
    ],
)
async def test_a_read_says_who_answered(answer: bytes, kind: type[ApiError]) -> None:
    async with WireServer(answering(answer)) as server, line_to(server.url) as client:
        with pytest.raises(kind):
            await read(client)


async def test_f11_an_expired_reservation_is_told_by_its_path() -> None:
    body = example("expired_reservation_422.json")
    async with WireServer(answering(json_reply(body, 422))) as server, line_to(server.url) as client:
        with pytest.raises(Invalid) as caught:
            await write(client)
    assert [violation.path for violation in caught.value.violations] == ["reservations[0].expired"]


async def test_f21_a_gzip_bomb_is_never_unpacked() -> None:
    bomb = gzip.compress(b" " * 200_000_000, 9)
    answer = reply(200, bomb, Content_Type="application/ld+json", Content_Encoding="gzip")
    async with WireServer(answering(answer)) as server, line_to(server.url) as client:
        with pytest.raises(TooLarge) as caught:
            await read(client)
        assert caught.value.limit == 8 * 1024 * 1024
        with pytest.raises(OutcomeUnknown):
            await write(client)


async def test_f21_an_endless_answer_is_cut_off() -> None:
    async def endless(seen: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/ld+json\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" " * 1_000_000)
            await writer.drain()

    async with WireServer(endless) as server, line_to(server.url) as client:
        with pytest.raises(TooLarge):
            await read(client)


async def test_packed_answers_are_read_and_damaged_ones_named() -> None:
    import json

    packed = gzip.compress(json.dumps(PRODUCTS).encode())
    for body, good in ((packed, True), (packed[:-9], False), (b"not gzip at all", False)):
        answer = reply(200, body, Content_Encoding="gzip")
        async with WireServer(answering(answer)) as server, line_to(server.url) as client:
            if good:
                assert await read(client) == 2
            else:
                with pytest.raises(Malformed):
                    await read(client)


async def test_f21_the_token_never_goes_to_another_origin() -> None:
    async with WireServer(answering(json_reply(PRODUCTS))) as elsewhere:
        away = reply(302, b"", Location=f"{elsewhere.url}/v1/anything")
        async with WireServer(answering(away)) as server, line_to(server.url) as client:
            with pytest.raises(RedirectRefused):
                await read(client)
            with pytest.raises(OutcomeUnknown):
                await write(client)
        assert elsewhere.seen == []


@pytest.mark.parametrize(
    "place", ["//evil.invalid/x", "http://user:pw@127.0.0.1:{port}/x", "ftp://x/y", "http://[", ""]
)
async def test_f21_odd_redirects_are_refused(place: str) -> None:
    async def away(seen: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(302, b"", Location=place.format(port=server.port)))

    async with WireServer(away) as server, line_to(server.url) as client:
        with pytest.raises(RedirectRefused):
            await read(client)


async def test_a_redirect_on_the_same_origin_is_followed_by_a_read_and_not_for_ever_f21() -> None:
    async def script(seen: Seen, writer: asyncio.StreamWriter) -> None:
        onward = {"/v1/here": "/v1/there", "/v1/loop": "/v1/loop"}.get(seen.target.partition("?")[0])
        writer.write(json_reply(PRODUCTS["member"][0]) if onward is None else reply(307, b"", Location=onward))

    async with WireServer(script) as server, line_to(server.url) as client:
        assert (await client.ticketing.product(Iri("/v1/here"))).name == "Puy du Fou 1 jour Adulte"
        assert server.seen[1].headers["authorization"] == f"Bearer {SECRET}"
        with pytest.raises(RedirectRefused):
            await client.ticketing.product(Iri("/v1/loop"))
        assert len(server.seen) == 5


async def test_no_cookie_is_kept() -> None:
    answer = json_reply(PRODUCTS, Set_Cookie="session=very-secret; Path=/")
    async with WireServer(answering(answer)) as server, line_to(server.url) as client:
        await read(client)
        await read(client)
        assert ["cookie" in seen.headers for seen in server.seen] == [False, False]


async def test_what_no_encoding_can_carry_is_sent_as_a_question() -> None:
    async with WireServer(answering(json_reply({"member": []}))) as server, line_to(server.url) as client:
        await client.booking.orders("lone \ud83d surrogate")
        await client.ticketing.products("\ud83d")
        assert "external_reference=lone+%3F+surrogate" in server.seen[0].target
        assert "/catalogs/%3F/products" in server.seen[1].target


async def test_a_ready_token_that_is_refused_is_not_tried_again() -> None:
    answer = json_reply({"code": 401, "message": "Expired JWT Token"}, 401)
    async with WireServer(answering(answer)) as server, line_to(server.url) as client:
        with pytest.raises(SignInRefused):
            await read(client)
        assert len(server.seen) == 1


_NO_PROOF = {
    "403 of a proxy": reply(403, b"<html>Blocked by policy</html>"),
    "422 of a proxy": reply(422, b"<html>Unprocessable</html>"),
    "422 without violations": json_reply({"@type": "ConstraintViolationList", "violations": []}, 422),
    "422 of another form": json_reply({"violations": [{"propertyPath": "reservations[0].expired"}]}, 422),
    "422 about something else": json_reply(
        {"@type": "ConstraintViolationList", "violations": [{"propertyPath": "items[0].offer", "message": "no"}]}, 422
    ),
    "nothing ordered, nothing failed": json_reply({"orders": [], "failedOrders": []}),
} | {str(status): json_reply({"title": "no"}, status) for status in (400, 401, 403, 404, 405, 407, 409, 410, 415, 500)}


@pytest.mark.parametrize("name", _NO_PROOF)
async def test_what_is_no_refusal_of_this_very_order_is_doubt_f82(name: str) -> None:
    async with WireServer(answering(_NO_PROOF[name])) as server, line_to(server.url) as client:
        with pytest.raises(OutcomeUnknown) as caught:
            await write(client)
        assert not surely_not_done(caught.value)
        assert len(server.seen) == 1


_BLAMED = {"propertyPath": "reservations[0].expired", "message": "Expirée", "code": None}
_REFUSALS: list[dict[str, Any]] = [
    {"@type": "ConstraintViolationList", "violations": [_BLAMED]},
    {"@type": "ConstraintViolation", "hydra:title": "An error occurred", "violations": [_BLAMED]},
    {"@type": ["hydra:Error", "ConstraintViolationList"], "violations": {"1": _BLAMED}},
    {"type": "/validation_errors/d53a91b0", "title": "An error occurred", "status": 422, "violations": [_BLAMED]},
]


@pytest.mark.parametrize("body", _REFUSALS)
async def test_the_api_s_own_422_is_a_refusal_however_it_is_spelled_f82(body: dict[str, Any]) -> None:
    async with WireServer(answering(json_reply(body, 422))) as server, line_to(server.url) as client:
        with pytest.raises(Invalid) as caught:
            await write(client)
    assert [one.path for one in caught.value.violations] == ["reservations[0].expired"]


async def test_a_redirected_order_is_doubt_f82() -> None:
    answer = reply(307, b"", Location="/v1/booking/orders/_bulk")
    async with WireServer(answering(answer)) as server, line_to(server.url) as client:
        with pytest.raises(OutcomeUnknown):
            await write(client)
        assert len(server.seen) == 1


async def test_f18_the_servers_date_is_told_with_when_it_was_asked() -> None:
    samples: list[DateSample] = []
    answer = json_reply(PRODUCTS, Date="Wed, 29 Jan 2025 07:55:53 GMT")
    async with WireServer(answering(answer)) as server, line_to(server.url, on_date=samples.append) as client:
        await read(client)
    (sample,) = samples
    assert sample.server.isoformat() == "2025-01-29T07:55:53+00:00"
    assert sample.sent < sample.received


async def test_reads_are_bounded_and_no_booking_waits_behind_them() -> None:
    busy = asyncio.Event()

    async def script(seen: Seen, writer: asyncio.StreamWriter) -> None:
        if seen.method == "POST":
            writer.write(json_reply(ORDERED))
            return
        if len(server.seen) == 2:
            busy.set()
        await server.hold()

    async with WireServer(script) as server, line_to(server.url, max_in_flight=2) as client:
        reads = [asyncio.create_task(read(client)) for _ in range(6)]
        await busy.wait()
        assert await write(client) == "KT-ORD-6799E80128885"
        assert [seen.method for seen in server.seen] == ["GET", "GET", "POST"]
        for task in reads:
            task.cancel()
        await asyncio.gather(*reads, return_exceptions=True)


async def test_f36_the_log_names_calls_and_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    page = {"totalItems": 0, "member": []}
    script = answering(json_reply(ORDERED), json_reply(page), json_reply(page), reply(200, b"%PDF-"))
    async with WireServer(script) as server, line_to(server.url) as client:
        await write(client)
        await client.booking.orders(external_reference="KT-REF-1")
        await client.booking.orders_by_reference("KT-REF-1")
        await client.booking.fetch_file(f"{server.url}/files/x.pdf?signature=very-secret")
    assert "POST /v1/booking/orders/_bulk: 200" in caplog.text
    for secret in (SECRET, "ada@example.org", "Lovelace", "KT-REF-1", "very-secret"):
        assert secret not in caplog.text


@pytest.mark.parametrize(
    "answer", [reply(500, b"s3cr3t ada@example.org"), json_reply({"detail": "ada@example.org"}, 422)]
)
async def test_f36_no_error_shows_a_secret(answer: bytes) -> None:
    async with WireServer(answering(answer)) as server, line_to(server.url) as client:
        with pytest.raises(ApiError) as caught:
            await write(client)
        error: BaseException | None = caught.value
        while error is not None:
            assert not any(word in f"{error!s}{error!r}" for word in (SECRET, "s3cr3t", "ada", "Lovelace"))
            error = error.__cause__ or error.__context__


async def test_f22_a_file_is_fetched_without_the_token() -> None:
    async with WireServer(answering(reply(200, b"%PDF-1.7 body"))) as storage, line_to("http://127.0.0.1:9") as client:
        assert await client.booking.fetch_file(f"{storage.url}/files/a.pdf?sig=1") == b"%PDF-1.7 body"
        (seen,) = storage.seen
        assert seen.target == "/files/a.pdf?sig=1"
        assert "authorization" not in seen.headers
        with pytest.raises(TooLarge):
            await client.booking.fetch_file(f"{storage.url}/files/a.pdf", limit=5)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (reply(403, b"<Error>Request has expired</Error>"), Forbidden),
        (reply(401, b""), Forbidden),
        (reply(204, b""), Malformed),
        (reply(404, b""), NotFound),
        (reply(302, b"", Location="https://elsewhere.invalid/"), RedirectRefused),
        (reply(500, b""), ServerFailed),
    ],
)
async def test_f22_a_file_that_is_not_given(answer: bytes, kind: type[ApiError]) -> None:
    async with WireServer(answering(answer)) as storage, line_to("http://127.0.0.1:9") as client:
        with pytest.raises(kind) as caught:
            await client.booking.fetch_file(f"{storage.url}/a.pdf?sig=1")
        assert "sig" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://files.example/a.pdf", "not https"),
        ("file:///etc/passwd", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("https://user:pw@files.example/a", "credentials"),
        ("https://files.example:8443/a", "port"),
        ("https://files.example/a b", "characters"),
        ("https://files.example/a\x1b[31m", "characters"),
        ("https://files.example/é", "characters"),
        ("https://files.example\\@evil.invalid/", "characters"),
        ("", "characters"),
        ("https://[bad", "scheme"),
        ("https://files.example:99999/a", "scheme"),
    ],
)
async def test_f23_unsafe_links_are_not_followed(url: str, reason: str) -> None:
    async with line_to("http://127.0.0.1:9") as client:
        with pytest.raises(LinkRefused) as caught:
            await client.booking.fetch_file(url)
        assert caught.value.reason == client.booking.link_refusal(url) == reason


async def test_f23_a_distant_api_does_not_point_to_this_machine() -> None:
    async with line_to("https://api.example") as client:
        with pytest.raises(LinkRefused) as caught:
            await client.booking.fetch_file("http://127.0.0.1:8080/admin")
        assert caught.value.reason == "this machine"


THIS_MACHINE = [
    "127.1", "127.0.0.1", "0x7f000001", "0x7f.1", "017700000001", "2130706433", "0", "0.0.0.0", "127.0.0.1.",
    "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:1]", "[::127.0.0.1]",
    "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::ffff:0:127.0.0.1]", "localhost", "LOCALHOST", "localhost.",
    "api.localhost",
]  # fmt: skip
PRIVATE = [
    "10.0.0.1", "10.1", "0x0a000001", "172.16.3.4", "192.168.1.1", "192.168.257", "169.254.169.254", "100.64.0.1",
    "3232235777", "198.18.0.1", "224.0.0.1", "255.255.255.255", "[fc00::1]", "[fe80::1]", "[::ffff:10.0.0.1]",
    "[ff02::1]", "[64:ff9b::a00:1]", "[fec0::1]", "[::ffff:0:10.0.0.1]",
]  # fmt: skip


@pytest.mark.parametrize("host", [*THIS_MACHINE, *PRIVATE])
async def test_f93_an_address_is_judged_however_it_is_spelled(host: str) -> None:
    reason = "this machine" if host in THIS_MACHINE else "private net"
    async with line_to("https://api.example") as client:
        for url in (f"https://{host}/a.pdf", f"https://{host}:443/a.pdf"):
            assert await client.booking.unsafe_link(url) == reason
            with pytest.raises(LinkRefused) as caught:
                await client.booking.fetch_file(url)
            assert caught.value.reason == reason


def _names(monkeypatch: pytest.MonkeyPatch, **addresses: list[str]) -> list[str]:
    """A resolver that knows these names, `_` for a dot, and no other; the names that it was asked for."""
    asked: list[str] = []
    known = {name.replace("_", "."): found for name, found in addresses.items()}

    def resolve(host: str, port: int, *_given: object, **_named: object) -> list[tuple[object, ...]]:
        asked.append(host)
        if host in known:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in known[host]]
        raise socket.gaierror("unknown")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["93.184.216.34", "10.0.0.8"], ["169.254.169.254"], ["::1"]])
async def test_f93_a_name_is_judged_by_where_it_leads(addresses: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    _names(monkeypatch, files_example=addresses)
    url = "https://files.example/a.pdf?sig=1"
    async with line_to("https://api.example") as client:
        assert client.booking.link_refusal(url) is None
        assert await client.booking.unsafe_link(url) in {"this machine", "private net"}
        with pytest.raises(LinkRefused):
            await client.booking.fetch_file(url)


async def test_f93_what_was_judged_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is asked for once: what it says a moment later leads nowhere."""
    async with WireServer(answering(reply(200, b"%PDF-"))) as storage, line_to("http://127.0.0.1:9") as client:
        asked = _names(monkeypatch, files_localhost=["127.0.0.1"])
        assert await client.booking.fetch_file(f"http://files.localhost:{storage.port}/a.pdf?sig=1") == b"%PDF-"
        assert asked.count("files.localhost") == 1
        assert storage.seen[0].headers["host"] == f"files.localhost:{storage.port}"


async def test_f93_a_name_that_nobody_knows_is_not_gone_to(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _names(monkeypatch)
    for variable in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    async with line_to("https://api.example") as client:
        assert await client.booking.unsafe_link("https://files.example/a.pdf") is None
        with pytest.raises(NotSent):
            await client.booking.fetch_file("https://files.example/a.pdf")
    assert set(asked) == {"files.example"}


@pytest.mark.parametrize("url", ["", "ftp://x", "https://", "https://a:b@host", "https://host/?q=1", "https://ho st"])
async def test_a_bad_base_address_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        async with line_to(url):
            pass


def _self_signed(folder: Path) -> ssl.SSLContext:
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    subprocess.run([*command, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


async def test_f25_a_certificate_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    context = _self_signed(tmp_path)
    served = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    naps = Naps()
    async with served, line_to(f"https://127.0.0.1:{served.sockets[0].getsockname()[1]}", sleep=naps) as client:
        with pytest.raises(TlsRefused) as caught:
            await write(client)
    assert "certificate" in caught.value.reason
    assert naps.taken == []
