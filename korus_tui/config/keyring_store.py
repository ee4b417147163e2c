"""The system's keyring, where a host has one: an extra, and asked for only by a profile that says so."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterator, Mapping
from typing import Any

SERVICE = "korus-tui"
_RECOMMENDED = 1  # the library's own measure: below it a backend keeps nothing, or keeps it in plain text


class NoKeyring(Exception):
    """There is no keyring to use here, or it does not open; the text says which, and never a secret."""


@contextlib.contextmanager
def _library() -> Iterator[Any]:
    """The library with a backend worth its name. Raises NoKeyring."""
    try:
        keyring = importlib.import_module("keyring")
        trouble: type[Exception] = importlib.import_module("keyring.errors").KeyringError
    except ImportError:
        raise NoKeyring("the extra 'keyring' is not installed (pip install 'korus-tui[keyring]')") from None
    if keyring.get_keyring().priority < _RECOMMENDED:
        raise NoKeyring("this host has no keyring, as most servers have none")
    try:
        yield keyring
    except trouble as error:
        raise NoKeyring(f"the keyring does not open ({type(error).__name__})") from None


def read(name: str, keys: tuple[str, ...]) -> dict[str, str]:
    """A profile's secrets that are there. Raises NoKeyring."""
    with _library() as keyring:
        found = {key: keyring.get_password(SERVICE, f"{name}:{key}") for key in keys}
    return {key: value for key, value in found.items() if value}


def write(name: str, secrets: Mapping[str, str | None]) -> None:
    """Keep a profile's secrets; what is None is taken out. Raises NoKeyring."""
    with _library() as keyring:
        for key, value in secrets.items():
            account = f"{name}:{key}"
            if value:
                keyring.set_password(SERVICE, account, value)
            elif keyring.get_password(SERVICE, account):
                keyring.delete_password(SERVICE, account)
