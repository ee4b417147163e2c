"""Customers' data out of what is shown of a call: by its place, and wherever the same words come back."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from typing import Any
from urllib.parse import unquote_plus, urlsplit

from korus_tui.text.redact import REDACTED, redact

_PERSONS = {"customer", "beneficiary", "holder", "contact", "formdata", "owner", "recipient"}  # all that is in them
_PERSONAL = {
    "firstname", "lastname", "fullname", "email", "mail", "phone", "telephone", "mobile", "notes", "dateofbirth",
    "birthdate", "placeofbirth", "nationality", "address", "street", "zipcode", "postalcode", "iban", "cardnumber",
}  # fmt: skip
_SECRET = {"authorization", "password", "secret", "clientsecret", "token", "accesstoken", "refreshtoken", "signature"}
_LINKS = {"temporaryurl"}
_TOLD = {"@type", "@context", "country", "language", "optin", "title"}  # of a person, what says nothing of them
_MEMBER = re.compile(
    r"""(?P<head>["'](?P<name>[^"'\n]{1,40})["']\s*:\s*)(?:"(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,}\]]+)""", re.S
)
_KNOWN = 200  # words of customers that are remembered
_LEAST = 3  # letters: what is shorter stands in many words


class Redacting:
    """Remembers what was redacted by its place, and takes it out of every later text as well."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, None] = OrderedDict()

    def learn(self, body: Any) -> None:
        """Remember the customer's data of a body that is sent."""
        self._walked(body, False)

    def pretty(self, text: str) -> str:
        """A body to be read: JSON with its lines indented, anything else as it is; nothing of a customer in either."""
        try:
            return self.plain(json.dumps(self._walked(json.loads(text), False), indent=2, ensure_ascii=False))
        except (ValueError, RecursionError):  # cut off, or never JSON
            return self.plain(_MEMBER.sub(self._loose, text))

    def compact(self, body: Any) -> str:
        """A body on one line of ASCII, as a command line takes it."""
        return self.plain(json.dumps(self._walked(body, False)))

    def address(self, url: str, *, readable: bool = True) -> str:
        """Path and query of an address; percent signs undone in the query where it is for reading."""
        parts = urlsplit(url)
        pairs = [one.partition("=") for one in parts.query.split("&") if one]
        said = "&".join(
            f"{self._part(name, readable)}{equals}"
            + (REDACTED if _folded(unquote_plus(name)) in _PERSONAL | _SECRET else self._part(value, readable))
            for name, equals, value in pairs
        )
        return self.plain(f"{parts.path}?{said}" if said else parts.path)

    @staticmethod
    def _part(text: str, readable: bool) -> str:
        return unquote_plus(text) if readable else text

    def plain(self, text: str) -> str:
        """Any text without what is known of customers, and without what the log leaves out."""
        for word in self._known:
            if word in text.casefold():
                text = re.sub(re.escape(word), REDACTED, text, flags=re.IGNORECASE)  # re's; noqa: house
        return redact(text)

    @staticmethod
    def _loose(found: re.Match[str]) -> str:
        """A member of JSON that cannot be read as a whole: where it stands is not known, its name is enough."""
        hidden = _folded(found["name"]) in _PERSONAL | _SECRET | _LINKS | {"value"}
        return f"{found['head']}{REDACTED}" if hidden else found[0]

    def _walked(self, data: Any, personal: bool) -> Any:
        if isinstance(data, dict):
            return {str(name): self._member(str(name), value, personal) for name, value in data.items()}
        if isinstance(data, list):
            return [self._walked(one, personal) for one in data]
        if not personal or data is None or isinstance(data, bool):
            return data
        if isinstance(data, str) and not data.startswith("/"):
            self._remember(data)
        return REDACTED

    def _member(self, name: str, value: Any, personal: bool) -> Any:
        folded = _folded(name)
        if folded in _SECRET | _LINKS:
            return REDACTED if value else value
        if personal and (folded in _TOLD or name.startswith("@")):
            return self._walked(value, False)
        return self._walked(value, personal or folded in _PERSONS | _PERSONAL)

    def _remember(self, word: str) -> None:
        word = word.strip().casefold()
        if len(word) >= _LEAST and word not in _PERSONS:  # a walk-in may be called Customer: it stands there anyway
            self._known[word] = None
            self._known.move_to_end(word)
            while len(self._known) > _KNOWN:
                self._known.popitem(last=False)


def _folded(name: str) -> str:
    return re.sub("[^a-z@]", "", name.lower())
