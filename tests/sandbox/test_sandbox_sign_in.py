"""Sign-in by client credentials and refresh token, and what happens without a token."""

from __future__ import annotations

import httpx
import pytest
from sandbox_caller import Caller

CATALOGS = "/v1/ticketing/catalogs"


def ask(caller: Caller, **form: str) -> httpx.Response:
    standard = {"client_id": caller.sandbox.client_id, "client_secret": caller.sandbox.client_secret}
    return httpx.post(caller.sandbox.token_endpoint, data=standard | form, timeout=10)


def status(caller: Caller, token: str) -> int:
    return httpx.get(caller.sandbox.base_url + CATALOGS, headers={"Authorization": token}, timeout=10).status_code


def test_client_credentials_give_a_bearer_token(caller: Caller) -> None:
    answer = ask(caller, grant_type="client_credentials")
    body = answer.json()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert body["token_type"] == "Bearer"
    assert {type(body["expires_in"]), type(body["refresh_expires_in"])} == {int}
    assert status(caller, f"Bearer {body['access_token']}") == 200
    assert caller.sandbox.token_endpoint.endswith("/realms/korusticket/protocol/openid-connect/token")


def test_wrong_credentials_and_grants_are_refused(caller: Caller) -> None:
    refusals = {
        "secret": ask(caller, grant_type="client_credentials", client_secret="no"),
        "client": ask(caller, grant_type="client_credentials", client_id="no"),
        "grant": ask(caller, grant_type="password"),
        "refresh": ask(caller, grant_type="refresh_token", refresh_token="no"),
        "json": httpx.post(caller.sandbox.token_endpoint, json={"grant_type": "client_credentials"}, timeout=10),
    }
    assert {name: (answer.status_code, answer.json()["error"]) for name, answer in refusals.items()} == {
        "secret": (401, "invalid_client"),
        "client": (401, "invalid_client"),
        "grant": (400, "unsupported_grant_type"),
        "refresh": (400, "invalid_grant"),
        "json": (400, "invalid_request"),
    }


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer nobody", "Basic abc"])
def test_without_a_valid_token_everything_is_a_401_problem(caller: Caller, token: str) -> None:
    headers = {"Authorization": token} if token else {}
    answer = httpx.get(caller.sandbox.base_url + CATALOGS, headers=headers, timeout=10)
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["status"] == 401


@pytest.mark.options(token_seconds=60)
def test_tokens_end_and_a_refresh_token_works_once(own_caller: Caller) -> None:
    first = ask(own_caller, grant_type="client_credentials").json()
    own_caller.sandbox.advance(59)
    renewed = ask(own_caller, grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
    own_caller.sandbox.advance(2)
    assert status(own_caller, f"Bearer {first['access_token']}") == 401
    assert status(own_caller, f"Bearer {renewed['access_token']}") == 200
    again = ask(own_caller, grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@pytest.mark.options
def test_tokens_can_be_revoked_in_the_middle_of_a_sale(own_caller: Caller) -> None:
    own_caller.sandbox.control("revoke")
    assert own_caller.http.get(CATALOGS).status_code == 401
