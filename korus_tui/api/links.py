"""Which addresses may be followed: the API's own, and a document's temporary one (docs/faults.md, F21 and F23)."""

from __future__ import annotations

import ipaddress
import re
import socket
from typing import Any
from urllib.parse import urlsplit

_PRINTABLE = re.compile(r"[!-~]{1,4096}\Z")
DOCUMENTED = ("api.korusticket.com", "api.demo.korusticket.com")
"""Hosts that the API calls itself by."""
_DEFAULT_PORTS = {"https": 443, "http": 80}

_TRANSLATORS = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "::/96", "::ffff:0:0:0/96")))

Origin = tuple[str, str, int]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def origin(url: str) -> Origin:
    """Scheme, host and port of an http(s) address; ValueError for anything else."""
    parts = urlsplit(url)
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError("not an http or https address")
    return parts.scheme, parts.hostname.lower(), parts.port or _DEFAULT_PORTS[parts.scheme]


def address_of(host: str) -> Address | None:
    """The address that a host's spelling is, as the system's resolver reads it: `127.1`, `0x7f000001`, `017700000001`.

    One that carries another (IPv4 in IPv6, by mapping or through a translator) is the one that it carries.
    """
    try:
        return _carried(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def _carried(address: Address) -> Address:
    if isinstance(address, ipaddress.IPv4Address) or address.is_loopback:
        return address
    through = [network for network in _TRANSLATORS if address in network]
    inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if through else None
    return inside or address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else address)


def address_refusal(address: Address) -> str | None:
    """Why a file's address must not lead there, in a fixed word: this machine, or a net that is nobody else's."""
    if address.is_loopback or address.is_unspecified:
        return "this machine"
    local = not address.is_global or address.is_multicast or getattr(address, "is_site_local", False)
    return "private net" if local else None


def is_loopback(host: str) -> bool:
    """Whether `host` can only be this machine."""
    name = host.removesuffix(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = address_of(name)
    return address is not None and address_refusal(address) == "this machine"


def base_address(url: str) -> str:
    """The API's root without a trailing slash; ValueError if it has credentials, a query or a fragment."""
    if not _PRINTABLE.match(url):
        raise ValueError("not a printable address")
    origin(url)
    parts = urlsplit(url)
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("an address of a server has no credentials, query or fragment")
    return url.rstrip("/")


def link_refusal(url: str, *, local_api: bool) -> str | None:  # noqa: PLR0911 - one reason a line
    """Why a file's address must not be followed, in a fixed word; None if it may, as far as its spelling says.

    Only an API on this machine may point to this machine: a distant one has no business behind our firewall. Where a
    name leads is judged once it is resolved (`address_refusal`).
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
    if "%" in host:  # of a zone, or of signs that are unquoted later
        return "characters"
    if is_loopback(host):
        return None if local_api else "this machine"
    address = address_of(host.removesuffix("."))
    if address is not None and address_refusal(address):
        return address_refusal(address)
    if scheme != "https":
        return "not https"
    return None if port == 443 else "port"


def from_root(said: Any, root: str, body: bytes) -> Any:
    """JSON whose addresses below the API's root are paths from it, as most versions write them (docs/api.md, Basics).

    An API behind a gateway may write its own name, or the scheme that the gateway asked it by. A document's link is no
    address of a resource, and stays. `body`: the JSON as it came.
    """
    parts = urlsplit(root)
    named = [(one, "") for one in DOCUMENTED] + ([(parts.netloc, parts.path)] if parts.netloc else [])
    here = [(host, path) for host, path in named if host.encode() in body]
    below = [f"{re.escape(host)}(?::443|:80)?{re.escape(path)}" for host, path in here]  # re's; noqa: house
    return _paths(said, re.compile(f"https?://(?:{'|'.join(below)})(?=/)")) if below else said


def _paths(said: Any, root: re.Pattern[str]) -> Any:
    if isinstance(said, list):
        return [_paths(one, root) for one in said]
    if isinstance(said, dict):
        return {name: one if name == "temporaryUrl" else _paths(one, root) for name, one in said.items()}
    return said[found.end() :] if isinstance(said, str) and (found := root.match(said)) else said
