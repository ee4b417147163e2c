"""Sign-in: a ready token, or OpenID Connect client credentials renewed in time (docs/api.md, Sign-in)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from korus_tui.api import errors, hydra
from korus_tui.api.calls import Answer
from korus_tui.api.links import base_address

MARGIN = 60.0
"""Seconds before its end at which a token is renewed, or a fifth of a shorter life."""
UNSAID_LIFE = 300
"""Seconds a token is trusted for if the server does not say."""

_TOKEN = re.compile(r"[!-~]{1,16384}\Z")
_CODE = re.compile(r"[a-z_]{1,40}\Z")


class SecretLike(Protocol):
    """A value that shows itself only when asked by name, such as pydantic's SecretStr."""

    def get_secret_value(self) -> str: ...


class SignInLine(Protocol):
    """How an Auth reaches the token endpoint: the transport."""

    def boot_clock(self) -> float:
        """Seconds on a clock that no one can set."""
        ...

    async def post_form(self, url: str, fields: dict[str, str]) -> Answer:
        """The endpoint's answer, also a refusal; an ApiError if there is none."""
        ...


class Auth(Protocol):
    """Where the token of a call comes from."""

    async def token(self, line: SignInLine, rejected: str | None = None) -> str:
        """A token that is not `rejected`; SignInRefused if there is none, or why it cannot be asked for."""
        ...


def _reveal(secret: SecretLike | str) -> str:
    return secret if isinstance(secret, str) else secret.get_secret_value()


class BearerToken:
    """A token that somebody else renews."""

    def __init__(self, token: SecretLike | str) -> None:
        """ValueError for what cannot stand in a header."""
        self._token = _reveal(token).strip()
        if not _TOKEN.match(self._token):
            raise ValueError("a token is one word of printable ASCII")

    def __repr__(self) -> str:
        return "BearerToken(…)"

    async def token(self, line: SignInLine, rejected: str | None = None) -> str:
        """The one token there is, unless the API has just refused it."""
        if rejected == self._token:
            raise errors.SignInRefused(operation="sign_in", status=401)
        return self._token


@dataclass(frozen=True)
class _Grant:
    """Tokens and their ends, in seconds of the boot clock."""

    access: str = field(repr=False)
    renew_at: float
    ends_at: float
    refresh: str = field(default="", repr=False)
    refresh_ends_at: float = 0.0


class ClientCredentials:
    """Tokens asked for with a client's id and secret; one renewal serves all calls that wait for it."""

    def __init__(
        self,
        token_endpoint: str,
        client_id: str,
        client_secret: SecretLike | str,
        refresh_endpoint: str | None = None,
    ) -> None:
        """ValueError for an endpoint that is no http(s) address; the secret is sent to these two and nowhere else.

        `refresh_endpoint` is where a refresh token is taken, the token endpoint unless said.
        """
        self._endpoint = base_address(token_endpoint)
        self._refresh_endpoint = base_address(refresh_endpoint or token_endpoint)
        self._client_id = client_id
        self._client_secret = client_secret
        self._grant: _Grant | None = None
        self._lock = asyncio.Lock()

    def __repr__(self) -> str:
        return f"ClientCredentials({self._endpoint!r}, …)"

    async def token(self, line: SignInLine, rejected: str | None = None) -> str:
        """The token in hand while it is good, else a new one; see `Auth.token`."""
        async with self._lock:
            now, grant = line.boot_clock(), self._grant
            if grant is not None and grant.access != rejected and now < grant.renew_at:
                return grant.access
            try:
                self._grant = await self._renewed(line, now)
            except errors.SignInRefused:
                self._grant = None
                raise
            except errors.ApiError:
                # A token that is near its end is still a token: a sale does not stop for a renewal that can wait.
                if grant is None or grant.access == rejected or now >= grant.ends_at:
                    raise
                return grant.access
            return self._grant.access

    async def _renewed(self, line: SignInLine, now: float) -> _Grant:
        """By refresh token where there is one, and by the client's secret where that is refused."""
        grant = self._grant
        if grant is not None and grant.refresh and now < grant.refresh_ends_at:
            renewal = {"grant_type": "refresh_token", "refresh_token": grant.refresh}
            try:
                answer = await self._ask(line, self._refresh_endpoint, renewal)
                if answer.status == 200:
                    return self._read(answer, now)
            except errors.ApiError:
                if self._refresh_endpoint == self._endpoint:
                    raise
        answer = await self._ask(line, self._endpoint, {"grant_type": "client_credentials"})
        return self._read(answer, now)

    async def _ask(self, line: SignInLine, endpoint: str, fields: dict[str, str]) -> Answer:
        credentials = {"client_id": self._client_id, "client_secret": _reveal(self._client_secret)}
        return await line.post_form(endpoint, {**fields, **credentials})

    def _read(self, answer: Answer, now: float) -> _Grant:
        """The grant in an answer; life counts from when it was asked for, so that it is never overestimated."""
        facts = errors.Facts(operation="sign_in", method="POST", status=answer.status, request_id=answer.request_id)
        if answer.status != 200:
            problem = hydra.parse_problem(_object(answer.json))
            code = problem.code if _CODE.match(problem.code) else ""
            raise errors.SignInRefused(code=code, detail=problem.detail, **facts)
        data = _object(answer.granted)
        access = data.get("access_token")
        if not isinstance(access, str) or not _TOKEN.match(access):
            raise errors.Malformed(resource="Token", field="access_token", **facts)
        life = _seconds(data.get("expires_in"), UNSAID_LIFE)
        refresh = data.get("refresh_token")
        return _Grant(
            access=access,
            renew_at=now + life - min(MARGIN, life / 5),
            ends_at=now + life,
            refresh=refresh if isinstance(refresh, str) else "",
            refresh_ends_at=now + _seconds(data.get("refresh_expires_in"), 0),
        )


def _object(read: Callable[[], Any]) -> dict[str, Any]:
    try:
        data = read()
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _seconds(value: object, unsaid: int) -> float:
    """A life in seconds, between nothing and a day."""
    if isinstance(value, str) and value.isdecimal() and len(value) < 10:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return float(unsaid)
    return float(min(max(value, 0), 86_400))
