"""Signing in with secrets that may be changed while the till sells: where one is refused, they are read again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from korus_tui.api.auth import Auth, BearerToken, ClientCredentials, SignInLine
from korus_tui.api.errors import NotSent, SignInRefused
from korus_tui.config.credentials import Secrets
from korus_tui.config.settings import Profile

log = logging.getLogger("korus_tui.counter")

Where = Callable[[], Awaitable[tuple[Profile, Secrets]]]
SignIn = tuple[str | None, str | None, str | None, Secrets]


class Rotating:
    """An `Auth` that lives as long as the line: a call that waits for an answer never loses its connection to it."""

    def __init__(self, where: Where, profile: Profile, secrets: Secrets) -> None:
        """NotSent where there is nothing to sign in with."""
        self._where = where
        self._known = _sign_in(profile, secrets)
        self._auth = _auth(self._known)
        self._lock = asyncio.Lock()

    def __repr__(self) -> str:
        return f"Rotating({self._auth!r})"

    async def token(self, line: SignInLine, rejected: str | None = None) -> str:
        """A token that is not `rejected`; SignInRefused where the newest secrets are refused too."""
        asked = self._auth
        try:
            return await asked.token(line, rejected)
        except SignInRefused:
            async with self._lock:
                if self._auth is asked and not await self._read_again():
                    raise
        return await self._auth.token(line, rejected)

    async def _read_again(self) -> bool:
        """Whether the profile signs in otherwise by now."""
        try:
            known = _sign_in(*await self._where())
            if known == self._known:
                return False
            self._auth = _auth(known)
        except Exception as error:  # whatever keeps them from being read, the refusal is what the agent is told
            log.warning("the credentials cannot be read again: %s", type(error).__name__)
            return False
        self._known = known
        log.info("signing in with the credentials as they are now")
        return True


def _sign_in(profile: Profile, secrets: Secrets) -> SignIn:
    return profile.token_endpoint, profile.refresh_endpoint, profile.client_id, secrets


def _auth(known: SignIn) -> Auth:
    token_endpoint, refresh_endpoint, client_id, secrets = known
    if secrets.token is not None:
        return BearerToken(secrets.token.reveal())
    if token_endpoint and client_id and secrets.client_secret:
        return ClientCredentials(token_endpoint, client_id, secrets.client_secret.reveal(), refresh_endpoint)
    raise NotSent(operation="sign-in")
