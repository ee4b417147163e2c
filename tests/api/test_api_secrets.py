"""What we sent as a secret is taken out of all that comes back, in whatever form a server quotes it (F92)."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import textwrap
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from api_lines import CATALOG, SECRET, example, line_to
from hypothesis import given
from hypothesis import strategies as st
from wire_server import Seen, WireServer, json_reply, reply

from korus_tui.api.auth import BearerToken, ClientCredentials
from korus_tui.api.errors import ApiError
from korus_tui.api.secrets import Secrets

CLIENT_SECRET = "cl1ent s&cret/with+signs=é\"'"
REFRESH = "r3fresh.T0ken-of-this-very-till"
ACCESS = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJrb3J1cy10aWxsIiwiaWF0IjoxfQ.c2lnbmF0dXJlLXRoYXQtbXVzdC1ub3Qtc2hvdw"

FORMS: dict[str, Callable[[str], str]] = {
    "raw": lambda one: one,
    "in a sentence": lambda one: f"client {one} is unknown",
    "in a word": lambda one: f"secret={one}&x=1",
    "url": lambda one: quote(one, safe=""),
    "form": quote_plus,
    "url of url": lambda one: quote(quote(one, safe=""), safe=""),
    "every sign": lambda one: "".join(f"%{byte:02x}" for byte in one.encode()),
    "json": lambda one: json.dumps(one),
    "json in json": lambda one: json.dumps(json.dumps(one)),
    "every sign escaped": lambda one: "".join(f"\\u{ord(sign):04x}" for sign in one),
    "html": lambda one: one.replace("&", "&amp;").replace('"', "&quot;").replace("'", "&#39;"),
    "basic": lambda one: "Basic " + base64.b64encode(f"till:{one}".encode()).decode(),
    "basic of a longer name": lambda one: base64.b64encode(f"the-till:{one}:and more".encode()).decode(),
    "url-safe basic": lambda one: base64.urlsafe_b64encode(f"tills:{one}".encode()).decode(),
    "hex": lambda one: one.encode().hex(),
    "another case": str.upper,
    "its beginning": lambda one: f"unknown: {one[:20]}…",
    "with nothing between": lambda one: "\u200b".join(one),
    "backwards": lambda one: one[::-1],
    "backwards in a url": lambda one: quote(one[::-1], safe=""),
}

SPLIT: dict[str, Callable[[str], str]] = {
    "spaced": " ".join,
    "spaced and backwards": lambda one: " ".join(one[::-1]),
    "in two lines": lambda one: f"{one[:7]}\n{one[7:]}",
    "in two lines of JSON": lambda one: json.dumps(f"{one[:7]}\r\n\t{one[7:]}")[1:-1],
    "with entities for blanks": "&nbsp;".join,
    "with blanks as in a url": "%20".join,
    "in tags": lambda one: "".join(f"<b>{sign}</b>" for sign in one),
    "with a tag in it": lambda one: f'{one[:5]}<span class="x">{one[5:]}</span>',
    "with a comment in it": lambda one: f"{one[:5]}<!-- here -->{one[5:]}",
    "in tags that are escaped": lambda one: f"{one[:5]}&lt;wbr&gt;{one[5:]}",
    "hex, spaced": lambda one: " ".join(f"{byte:02x}" for byte in one.encode()),
    "base64 in lines": lambda one: "\n".join(textwrap.wrap(base64.b64encode(one.encode()).decode(), 7)),
    "with dashes": "-".join,
    "with dots, backwards": lambda one: " . ".join(one[::-1]),
}


def taken_out(secret: str, quoted: str) -> tuple[Secrets, str]:
    """Who learned it, and what is left of a text that quotes it: it is out."""
    secrets = Secrets()
    secrets.learn("another-one", secret)
    left = secrets.taken_out(f"before {quoted} after")
    assert quoted not in left
    assert "(secret)" in left
    return secrets, left


@pytest.mark.parametrize("secret", [CLIENT_SECRET, REFRESH, ACCESS, "s3cr3t"])
@pytest.mark.parametrize("form", FORMS)
def test_a_secret_is_known_in_every_form(form: str, secret: str) -> None:
    if secret == "s3cr3t" and form == "its beginning":
        secret += " and enough of it"
    _secrets, left = taken_out(secret, FORMS[form](secret))
    if " " not in secret:
        assert left.startswith("before ")


@pytest.mark.parametrize("secret", [CLIENT_SECRET, REFRESH, ACCESS])
@pytest.mark.parametrize("form", SPLIT)
def test_a_secret_is_known_that_is_taken_apart(form: str, secret: str) -> None:
    quoted = SPLIT[form](secret)
    secrets, _left = taken_out(secret, quoted)
    data = {"title": f"before {quoted} after", "detail": "innocent"}
    taken = secrets.taken_out_of(data, json.dumps(data))
    assert quoted not in taken["title"]
    assert taken["detail"] == "innocent"


def test_what_stands_around_a_secret_that_is_taken_apart_stays() -> None:
    secrets = Secrets()
    secrets.learn(REFRESH)
    split = " ".join(REFRESH)
    assert secrets.taken_out(f"No such token: <b>{split}</b>, sign in.") == "No such token: <b>(secret)</b>, sign in."
    assert secrets.taken_out(f"No {'-'.join(REFRESH[::-1])} here") == "No (secret) here"


@pytest.mark.parametrize(
    "text",
    [
        "The sandbox secret is none: sand box-se cret, sandbox secrets",
        "tercesxobdnas, pass word, k e y",
        "<b>Adult</b> <i>1 day</i> 12 345 678 901 234 567 890",
    ],
)
def test_words_that_are_like_a_secret_stay(text: str) -> None:
    """What is made of words alone is known again with nothing between its letters but blanks and tags."""
    secrets = Secrets()
    secrets.learn("sandboxsecrets-of-the-house", "password key")
    assert secrets.taken_out(text) == text


def test_looking_costs_a_little_of_reading() -> None:
    """Linear: a large answer is looked through in a part of the time that its reading takes."""
    secrets = Secrets()
    secrets.learn(CLIENT_SECRET, REFRESH, ACCESS)
    body = json.dumps([{"name": f"Entrée <b>{number}</b> jour", "at": "2025-01-01"} for number in range(40_000)])

    def spent(size: int) -> float:
        began = time.process_time()
        secrets.taken_out_of([], body[:size])
        return time.process_time() - began

    spent(len(body))
    whole, half = min(spent(len(body)) for _ in range(3)), min(spent(len(body) // 2) for _ in range(3))
    assert whole < 1.0
    assert whole < 4 * half + 0.01


@given(st.text(max_size=300))
def test_what_holds_no_secret_stays_as_it_is(text: str) -> None:
    secrets = Secrets()
    secrets.learn(ACCESS, REFRESH, "short")
    assert secrets.taken_out(text) == text


def echo(seen: Seen) -> dict[str, Any]:
    """Everything that came, in every field that words are read from."""
    came = f"{seen.headers.get('authorization', '')} {seen.body.decode()}"
    return {
        "title": came,
        "detail": came,
        "error": came,
        "error_description": came,
        "violations": [{"propertyPath": came, "message": came, "code": came}],
    }


def shown(error: BaseException | None) -> str:
    """All that an error could ever say."""
    words = []
    while error is not None:
        words.append(f"{error!r} {vars(error)}")
        error = error.__cause__ or error.__context__
    return "\n".join(words)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 500, 503])
async def test_f92_error_words_and_numbers_of_requests(status: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def script(seen: Seen, writer: asyncio.StreamWriter) -> None:
        token = seen.headers["authorization"].removeprefix("Bearer ")
        writer.write(json_reply(echo(seen), status, X_Request_Id=f"req-{token}"))

    async with WireServer(script) as server, line_to(server.url) as client:
        with pytest.raises(ApiError) as caught:
            await client.ticketing.products(CATALOG)
    assert SECRET not in shown(caught.value) + caplog.text
    assert "req-(secret)" in caplog.text or "request (secret)" in caplog.text


async def test_f92_words_of_a_model_and_its_addresses() -> None:
    product = example("products.json")["member"][0]

    async def script(seen: Seen, writer: asyncio.StreamWriter) -> None:
        token = seen.headers["authorization"].removeprefix("Bearer ")
        member = product | {"name": f"Pass {token}", "description": f"<p>{quote(token)}</p>", "id": token[:20]}
        writer.write(json_reply({"member": [member], "totalItems": 1}))

    async with WireServer(script) as server, line_to(server.url) as client:
        page = await client.ticketing.products(CATALOG)
    assert page.members[0].name == "Pass (secret)"
    assert SECRET not in repr(page)
    assert SECRET[:20] not in repr(page)


@pytest.mark.parametrize("granted", [True, False])
async def test_f92_a_sign_in_that_quotes_what_was_sent(granted: bool, caplog: pytest.LogCaptureFixture) -> None:
    """The grant itself is read, also where a token comes back that was sent; its headers are not."""
    caplog.set_level(logging.DEBUG)
    asked: list[Seen] = []

    async def script(seen: Seen, writer: asyncio.StreamWriter) -> None:
        if seen.method == "GET":
            writer.write(json_reply({"member": [], "totalItems": 0}))
            return
        asked.append(seen)
        grant = {"access_token": ACCESS, "refresh_token": REFRESH, "expires_in": 1, "refresh_expires_in": 999}
        answer = grant if granted or len(asked) == 1 else {"error": "invalid_grant", **echo(seen)}
        writer.write(json_reply(answer, 200 if answer is grant else 400, X_Request_Id=f"{ACCESS}.{REFRESH}"))

    async with WireServer(script) as server:
        auth = ClientCredentials(f"{server.url}/token", "till", CLIENT_SECRET)
        async with line_to(server.url, auth) as client:
            await client.ticketing.products(CATALOG)
            if granted:
                await client.ticketing.products(CATALOG)
            else:
                with pytest.raises(ApiError) as caught:
                    await client.ticketing.products(CATALOG)
                said = shown(caught.value) + caught.value.detail  # type: ignore[attr-defined]
                assert not [one for one in (CLIENT_SECRET, quote_plus(CLIENT_SECRET), REFRESH, ACCESS) if one in said]
    assert b"refresh_token" in asked[1].body
    assert not [one for one in (CLIENT_SECRET, REFRESH, ACCESS) if one in caplog.text]


async def test_f92_a_storage_that_quotes_the_link(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "korus_tui")

    async def script(seen: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(403, b"no", X_Request_Id=seen.target.rpartition("=")[2]))

    async with WireServer(script) as server, line_to(server.url, BearerToken(SECRET)) as client:
        with pytest.raises(ApiError) as caught:
            await client.booking.fetch_file(f"{server.url}/ticket.pdf?sig=4f9a77c1d2e3", 1000)
    assert "4f9a77c1d2e3" not in shown(caught.value) + caplog.text
