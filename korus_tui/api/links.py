"""Which addresses may be followed: the API's own, and a document's temporary one (docs/faults.md, F21 and F23)."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

_PRINTABLE = re.compile(r"[!-~]{1,4096}\Z")
_DEFAULT_PORTS = {"https": 443, "http": 80}

Origin = tuple[str, str, int]


def origin(url: str) -> Origin:
    """Scheme, host and port of an http(s) address; ValueError for anything else."""
    parts = urlsplit(url)
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError("not an http or https address")
    return parts.scheme, parts.hostname.lower(), parts.port or _DEFAULT_PORTS[parts.scheme]


def is_loopback(host: str) -> bool:
    """Whether `host` can only be this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def base_address(url: str) -> str:
    """The API's root without a trailing slash; ValueError if it has credentials, a query or a fragment."""
    if not _PRINTABLE.match(url):
        raise ValueError("not a printable address")
    origin(url)
    parts = urlsplit(url)
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("an address of a server has no credentials, query or fragment")
    return url.rstrip("/")


def link_refusal(url: str, *, local_api: bool) -> str | None:
    """Why a file's address must not be followed, in a fixed word; None if it may.

    Only an API on this machine may point to this machine: a distant one has no business behind our firewall.
    """
    if not _PRINTABLE.match(url) or any(sign in url for sign in "\\<>\"'`{}|^"):
        return "characters"
    try:
        parts = urlsplit(url)
        scheme, host, port = origin(url)
    except ValueError:
        return "scheme"
    if "@" in parts.netloc:
        return "credentials"
    if is_loopback(host):
        return None if local_api else "this machine"
    if scheme != "https":
        return "not https"
    return None if port == 443 else "port"
