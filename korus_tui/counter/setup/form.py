"""What is typed on the first start, and whether a profile can be made of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from korus_tui.config.credentials import Secrets
from korus_tui.config.secret import Secret
from korus_tui.config.settings import Profile, WalkIn, address_refusal
from korus_tui.counter.booking.customer import check_email, check_language, check_text
from korus_tui.i18n import _

PRODUCTION = "https://api.korusticket.com"
PRODUCTION_TOKENS = "https://auth.korusticket.com/realms/korusticket/protocol/openid-connect/token"
_LIVE_NOT = ("api.demo.korusticket.com", "127.0.0.1", "localhost", "::1")
_ADDRESSES = ("server", "token_endpoint", "refresh_endpoint")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}\Z")
_TOKEN = re.compile(r"[!-~]{1,16384}\Z")


@dataclass(frozen=True)
class Typed:
    """The form's fields as typed; both secrets stay out of its repr."""

    server: str
    token_endpoint: str = ""
    refresh_endpoint: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    name: str = ""
    till: str = ""
    agent: str = ""
    language: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Typed:
        """The fields without the blanks around them; addresses get their scheme where it was left out."""
        found = {name: value.strip() for name, value in values.items()}
        for name in _ADDRESSES:
            address = found.get(name, "")
            if address and "://" not in address:
                found[name] = f"https://{address}"
        return cls(**found)

    @classmethod
    def known(cls, name: str, profile: Profile) -> Typed:
        """The fields as a profile says them; its secrets are shown to nobody."""
        walk_in = profile.walk_in
        return cls(
            server=profile.server,
            token_endpoint=profile.token_endpoint or "",
            refresh_endpoint=profile.refresh_endpoint or "",
            client_id=profile.client_id or "",
            name=name,
            till=profile.till,
            agent=profile.agent,
            language=profile.customer_language,
            first_name=walk_in.first_name if walk_in else "",
            last_name=walk_in.last_name if walk_in else "",
            email=walk_in.email if walk_in else "",
        )

    @property
    def has_secret(self) -> bool:
        return bool(self.client_secret or self.token)

    def wrong(self, *, keeps_secret: bool = False) -> dict[str, str]:
        """A sentence for each field that cannot stay as it is; empty where a profile can be made.

        `keeps_secret`: the secrets that are there stay, where none is typed.
        """
        credentials = {} if keeps_secret and not self.has_secret else self._credentials()
        return {**self._addresses(), **credentials, **self._counter(), **self._walk_in()}

    def _addresses(self) -> dict[str, str]:
        found = {}
        if not self.server:
            found["server"] = _("The API's address is needed.")
        for name in _ADDRESSES:
            address = getattr(self, name)
            if address and not (address.isascii() and address.isprintable() and " " not in address):
                found[name] = _("An address has no blanks and no special letters.")
            elif address and address_refusal(address):
                found[name] = _("It must be a plain https address (http only on this machine).")
        return found

    def _credentials(self) -> dict[str, str]:
        if self.token:
            if self.client_id or self.client_secret:
                return {"token": _("Either a token, or a client id and secret: empty the others.")}
            return {} if _TOKEN.match(self.token) else {"token": _("A token is one word without blanks.")}
        said = {
            "token_endpoint": _("Where tokens come from; your Korus contact knows it."),
            "client_id": _("The client id, or a token below, is needed."),
            "client_secret": _("The client secret is needed."),
        }
        return {name: words for name, words in said.items() if not getattr(self, name)}

    def _counter(self) -> dict[str, str]:
        found = {}
        if not _NAME.match(self.name):
            found["name"] = _("Letters, digits, blanks, points and dashes, up to 40.")
        if not self.till:
            found["till"] = _("Each till has a name, and a journal under it.")
        language = check_language(self.language) if self.language else _("Two letters, such as fr, en or de.")
        return {**found, **({"language": language} if language else {})}

    def _walk_in(self) -> dict[str, str]:
        """All three or none: the API requires them together."""
        names = ("first_name", "last_name", "email")
        if not any(getattr(self, name) for name in names):
            return {}
        found = {name: _("All three, or none.") for name in names if not getattr(self, name)}
        for name in names[:2]:
            if words := check_text(getattr(self, name)):
                found[name] = words
        if self.email and (words := check_email(self.email)):
            found["email"] = words
        return found

    def profile(self) -> Profile:
        """The profile; only a server that is known to be the real one sells live."""
        host = urlsplit(self.server).hostname or ""
        walk_in = WalkIn(self.first_name, self.last_name, self.email) if self.email else None
        return Profile(
            server=self.server.rstrip("/"),
            token_endpoint=None if self.token else self.token_endpoint,
            refresh_endpoint=None if self.token else self.refresh_endpoint or None,
            client_id=None if self.token else self.client_id,
            till=self.till,
            agent=self.agent,
            customer_language=self.language.lower(),
            mode="demo" if host in _LIVE_NOT else "live",
            walk_in=walk_in,
        )

    def changed(self, profile: Profile) -> Profile:
        """A profile with what was typed in it; what the form does not ask stays as it was."""
        typed = self.profile()
        kept = profile.walk_in
        walk_in = typed.walk_in
        if kept is not None and walk_in is not None:
            walk_in = replace(kept, first_name=walk_in.first_name, last_name=walk_in.last_name, email=walk_in.email)
        new = replace(
            profile,
            server=typed.server,
            till=typed.till,
            agent=typed.agent,
            customer_language=typed.customer_language,
            walk_in=walk_in,
            mode=profile.mode if typed.server == profile.server.rstrip("/") else typed.mode,
        )
        if not self.has_secret and profile.client_id is None:
            return new  # it signs in by a token
        return replace(
            new,
            token_endpoint=typed.token_endpoint,
            refresh_endpoint=typed.refresh_endpoint,
            client_id=typed.client_id,
        )

    def secrets(self) -> Secrets:
        if self.token:
            return Secrets(token=Secret(self.token))
        return Secrets(client_secret=Secret(self.client_secret))
