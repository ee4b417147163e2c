"""Sign-in: renewed in time, once for all who wait, and never told to anybody else (F14)."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qs

import pytest
from api_lines import CATALOG, example, line_to
from wire_server import Seen, WireServer, json_reply, reply

from korus_tui.api.auth import BearerToken, ClientCredentials
from korus_tui.api.client import KorusClient
from korus_tui.api.errors import ApiError, Malformed, NotFound, NotSent, ProxyAnswer, SignInRefused
from korus_tui.api.models.base import Iri
from korus_tui.api.models.requests import CustomerRequest

CLIENT_SECRET = "cl13nt-s3cret"


class Realm:
    """A token endpoint and an API on one server; `valid` is the token that the API accepts."""

    def __init__(self) -> None:
        self.grants: list[dict[str, str]] = []
        self.valid = ""
        self.life = 1800
        self.refresh_refused = False
        self.token_answer: bytes | None = None
        self.at_the_gate = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, seen: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(await self._token(seen) if seen.target.startswith("/token") else self._api(seen))

    async def _token(self, seen: Seen) -> bytes:
        form = {name: values[0] for name, values in parse_qs(seen.body.decode()).items()}
        self.grants.append(form)
        self.at_the_gate.set()
        await self.gate.wait()
        if self.token_answer is not None:
            return self.token_answer
        if form["grant_type"] == "refresh_token" and self.refresh_refused:
            return json_reply({"error": "invalid_grant"}, 400)
        if form.get("client_secret") != CLIENT_SECRET:
            return json_reply({"error": "invalid_client", "error_description": "bad \x1b secret"}, 401)
        self.valid = f"token-{len(self.grants)}"
        lives = {"expires_in": self.life, "refresh_expires_in": self.life * 2}
        return json_reply({"access_token": self.valid, "refresh_token": f"refresh-{len(self.grants)}", **lives})

    def _api(self, seen: Seen) -> bytes:
        if seen.headers["authorization"] != f"Bearer {self.valid}":
            return json_reply({"title": "An error occurred", "detail": "Invalid token", "status": 401}, 401)
        return json_reply(example("products.json") | {"totalItems": 2})

    @property
    def kinds(self) -> list[str]:
        return [form["grant_type"] for form in self.grants]


class Dial:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


async def read(client: KorusClient) -> int:
    return len((await client.ticketing.products(CATALOG)).members)


async def write(client: KorusClient) -> Any:
    return await client.booking.order([Iri("/v1/booking/reservations/r")], CustomerRequest("A", "B", "a@b.fr"), "KT-1")


def credentials(server: WireServer, secret: str = CLIENT_SECRET) -> ClientCredentials:
    return ClientCredentials(f"{server.url}/token", "till-7", secret)


async def test_a_token_is_asked_for_once_and_renewed_before_its_end() -> None:
    realm, dial = Realm(), Dial()
    async with WireServer(realm) as server, line_to(server.url, credentials(server), boot_clock=dial) as client:
        assert [await read(client), await read(client)] == [2, 2]
        assert realm.grants == [
            {"grant_type": "client_credentials", "client_id": "till-7", "client_secret": CLIENT_SECRET}
        ]
        dial.seconds += 1800 - 61
        await read(client)
        assert len(realm.grants) == 1
        dial.seconds += 2
        await read(client)
        assert realm.kinds == ["client_credentials", "refresh_token"]
        assert realm.grants[1]["refresh_token"] == "refresh-1"


async def test_a_token_is_renewed_at_an_address_of_its_own() -> None:
    realm, dial = Realm(), Dial()
    async with WireServer(realm) as server:
        auth = ClientCredentials(f"{server.url}/token", "till-7", CLIENT_SECRET, f"{server.url}/token/renew")
        async with line_to(server.url, auth, boot_clock=dial) as client:
            await read(client)
            dial.seconds += 1800 - 59
            await read(client)
            asked = [seen.target for seen in server.seen if seen.method == "POST"]
            assert list(zip(asked, realm.kinds, strict=True)) == [
                ("/token", "client_credentials"),
                ("/token/renew", "refresh_token"),
            ]


async def test_a_renewal_address_that_fails_keeps_nobody_from_signing_in() -> None:
    realm, dial = Realm(), Dial()
    async with WireServer(realm) as server:
        auth = ClientCredentials(f"{server.url}/token", "till-7", CLIENT_SECRET, "http://127.0.0.1:1/nobody")
        async with line_to(server.url, auth, boot_clock=dial) as client:
            await read(client)
            dial.seconds += 1800 - 59
            assert await read(client) == 2
            assert realm.kinds == ["client_credentials", "client_credentials"]


async def test_f14_a_401_renews_once_and_the_call_goes_on() -> None:
    realm = Realm()
    async with WireServer(realm) as server, line_to(server.url, credentials(server)) as client:
        await read(client)
        realm.valid = "revoked elsewhere"
        realm.refresh_refused = True
        assert await read(client) == 2
        assert realm.kinds == ["client_credentials", "refresh_token", "client_credentials"]


async def test_f14_one_renewal_serves_all_calls_that_wait() -> None:
    realm = Realm()
    async with WireServer(realm) as server, line_to(server.url, credentials(server), max_in_flight=8) as client:
        realm.gate.clear()
        calls = [asyncio.create_task(read(client)) for _ in range(8)]
        await realm.at_the_gate.wait()
        realm.gate.set()
        assert await asyncio.gather(*calls) == [2] * 8
        assert len(realm.grants) == 1
        realm.valid = "revoked elsewhere"
        assert await asyncio.gather(*(read(client) for _ in range(8))) == [2] * 8
        assert len(realm.grants) == 2


async def test_f14_a_token_refused_right_after_renewal_is_a_refused_sign_in() -> None:
    async def never_pleased(seen: Seen, writer: asyncio.StreamWriter) -> None:
        token = json_reply({"access_token": f"t{len(server.seen)}", "expires_in": 1800})
        writer.write(token if seen.target.startswith("/token") else json_reply({"detail": "no"}, 401))

    async with WireServer(never_pleased) as server, line_to(server.url, credentials(server)) as client:
        with pytest.raises(SignInRefused) as caught:
            await read(client)
        assert caught.value.detail == "no"
        assert [seen.target for seen in server.seen].count("/token") == 2


async def test_f14_a_wrong_secret_is_refused_in_words_and_shown_nowhere() -> None:
    realm = Realm()
    async with WireServer(realm) as server:
        auth = credentials(server, "wr0ng-secret")
        async with line_to(server.url, auth) as client:
            with pytest.raises(SignInRefused) as caught:
                await read(client)
    assert caught.value.code == "invalid_client"
    assert "\x1b" not in caught.value.detail
    assert "wr0ng" not in f"{caught.value}{caught.value!r}{auth!r}{client!r}"
    assert "wr0ng" not in repr(BearerToken("wr0ng-secret"))


async def test_a_renewal_that_fails_before_the_end_does_not_stop_a_sale() -> None:
    realm, dial = Realm(), Dial()
    async with WireServer(realm) as server, line_to(server.url, credentials(server), boot_clock=dial) as client:
        await read(client)
        realm.token_answer = reply(503, b"")
        dial.seconds += 1790
        assert await read(client) == 2
        dial.seconds += 20
        with pytest.raises(ApiError) as caught:
            await read(client)
        assert caught.value.operation == "sign_in"


@pytest.mark.parametrize(
    ("answer", "of_read", "of_write"),
    [
        (reply(200, b"<html>"), ProxyAnswer | Malformed, NotSent),
        (json_reply({"token_type": "Bearer"}), Malformed, NotSent),
        (json_reply({"access_token": "two words"}), Malformed, NotSent),
        (json_reply({"title": "Realm does not exist"}, 404), NotFound, NotFound),
        (reply(401, b"<html>proxy</html>"), ProxyAnswer, NotSent),
    ],
)
async def test_without_a_token_an_order_was_never_sent(answer: bytes, of_read: Any, of_write: Any) -> None:
    realm = Realm()
    realm.token_answer = answer
    async with WireServer(realm) as server, line_to(server.url, credentials(server)) as client:
        for call, kind in ((read, of_read), (write, of_write)):
            with pytest.raises(ApiError) as caught:
                await call(client)
            assert isinstance(caught.value, kind)
        assert {seen.target for seen in server.seen} == {"/token"}


async def test_the_secret_goes_to_the_token_endpoint_alone() -> None:
    realm = Realm()
    async with WireServer(realm) as server, WireServer(realm) as elsewhere:
        realm.token_answer = reply(307, b"", Location=f"{elsewhere.url}/token")
        async with line_to(server.url, credentials(server)) as client:
            with pytest.raises(ApiError):
                await read(client)
        assert elsewhere.seen == []
        realm.token_answer = None
        async with line_to(elsewhere.url, credentials(server)) as client:
            await read(client)
        assert all(CLIENT_SECRET not in f"{seen.target}{seen.headers}{seen.body!r}" for seen in elsewhere.seen)


@pytest.mark.parametrize("life", [None, "1800", "soon", -5, 0, 10**12, [1]])
async def test_any_life_a_server_states_is_survived(life: object) -> None:
    realm = Realm()
    realm.life = 1
    async with WireServer(realm) as server, line_to(server.url, credentials(server)) as client:
        realm.token_answer = json_reply({"access_token": "fixed", "expires_in": life, "refresh_expires_in": life})
        realm.valid = "fixed"
        assert await read(client) == 2


@pytest.mark.parametrize("token", ["", " ", "two words", "line\nbreak", "é"])
def test_a_token_that_fits_no_header_is_refused_at_once(token: str) -> None:
    with pytest.raises(ValueError, match="token"):
        BearerToken(token)
