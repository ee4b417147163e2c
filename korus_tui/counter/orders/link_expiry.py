"""Until when a signed address is good, as far as the address itself says so: the API does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

_AMZ_MOMENT = "%Y%m%dT%H%M%SZ"
_ENDS = ("x-expires", "expires", "exp")  # seconds since 1970, as several storages write them
_LONGEST = timedelta(days=3650)  # what claims to live longer is not read as an end


def valid_until(url: str) -> datetime | None:
    """The moment at which the address's own signature ends; None where it bears none that we can read."""
    try:
        query = {name.lower(): value for name, value in parse_qsl(urlsplit(url).query)}
        found = _amazon(query) or _azure(query) or _epoch(query)
    except (ValueError, OverflowError, OSError):
        return None
    return found


def _amazon(query: dict[str, str]) -> datetime | None:
    """`X-Amz-Date` and `X-Amz-Expires`, a start and a life in seconds."""
    for vendor in ("amz", "goog"):
        start, life = query.get(f"x-{vendor}-date"), query.get(f"x-{vendor}-expires")
        if start and life:
            lasts = timedelta(seconds=int(life))
            return datetime.strptime(start, _AMZ_MOMENT).replace(tzinfo=UTC) + lasts if lasts < _LONGEST else None
    return None


def _azure(query: dict[str, str]) -> datetime | None:
    """`se`, a moment, beside its signature."""
    if "se" not in query or "sig" not in query:
        return None
    moment = datetime.fromisoformat(query["se"])
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _epoch(query: dict[str, str]) -> datetime | None:
    for name in _ENDS:
        value = query.get(name, "")
        if value.isascii() and value.isdigit():
            return datetime.fromtimestamp(int(value), UTC)
    return None
