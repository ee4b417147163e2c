"""Sign-in: the OpenID Connect token endpoint, and the token that every call must bear."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from urllib.parse import parse_qs, unquote

from starlette.requests import Request
from starlette.responses import JSONResponse

from korus_tui.sandbox.clock import SandboxClock
from korus_tui.sandbox.options import SandboxOptions

TOKEN_PATH = "/realms/korusticket/protocol/openid-connect/token"


class Tokens:
    """The tokens given out and when they end, in POSIX seconds of the sandbox's clock."""

    def __init__(self, options: SandboxOptions, clock: SandboxClock) -> None:
        self._options, self._clock = options, clock
        self._access: dict[str, float] = {}
        self._refresh: dict[str, float] = {}

    def issue(self) -> dict[str, object]:
        """A new pair of tokens, as the endpoint answers it."""
        now, life = self._clock.now().timestamp(), self._options.token_seconds
        for known in (self._access, self._refresh):
            for token in [token for token, end in known.items() if end <= now]:
                del known[token]
        access, refresh = secrets.token_urlsafe(48), secrets.token_urlsafe(48)
        self._access[access] = self._refresh[refresh] = now + life
        return {
            "access_token": access,
            "expires_in": int(life),
            "refresh_expires_in": int(life),
            "refresh_token": refresh,
            "token_type": "Bearer",
            "not-before-policy": 0,
            "scope": "profile email",
        }

    def accepts(self, header: str) -> bool:
        """Whether an Authorization header bears a token that has not ended."""
        scheme, _, token = header.partition(" ")
        return scheme.lower() == "bearer" and self._access.get(token.strip(), 0) > self._clock.now().timestamp()

    def renew(self, refresh: str) -> bool:
        """Uses up a refresh token; False if it is unknown or has ended."""
        return self._refresh.pop(refresh, 0) > self._clock.now().timestamp()

    def revoke(self) -> None:
        """Ends every token, refresh tokens too."""
        self._access.clear()
        self._refresh.clear()

    def knows(self, client_id: str, client_secret: str) -> bool:
        """Whether this is the client's id and secret."""
        right = f"{self._options.client_id}\0{self._options.client_secret}".encode()
        return hmac.compare_digest(right, f"{client_id}\0{client_secret}".encode())


def _refused(status: int, error: str, description: str) -> JSONResponse:
    return JSONResponse({"error": error, "error_description": description}, status, {"Cache-Control": "no-store"})


def _credentials(request: Request, form: dict[str, str]) -> tuple[str, str]:
    """The client's id and secret, from the form or from a Basic header."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return unquote(name), unquote(secret)
    return form.get("client_id", ""), form.get("client_secret", "")


async def token(request: Request) -> JSONResponse:
    """POST of the token endpoint: `client_credentials` or `refresh_token`, form-encoded."""
    tokens: Tokens = request.app.state.box.tokens
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        return _refused(400, "invalid_request", "The body must be form-encoded")
    text = (await request.body()).decode(errors="replace")
    form = {name: values[0] for name, values in parse_qs(text).items() if len(values) == 1}
    if not tokens.knows(*_credentials(request, form)):
        return _refused(401, "invalid_client", "Invalid client or Invalid client credentials")
    grant = form.get("grant_type")
    if grant == "refresh_token":
        if not tokens.renew(form.get("refresh_token", "")):
            return _refused(400, "invalid_grant", "Token is not active")
    elif grant != "client_credentials":
        return _refused(400, "unsupported_grant_type", "Unsupported grant_type")
    return JSONResponse(tokens.issue(), headers={"Cache-Control": "no-store", "Pragma": "no-cache"})
