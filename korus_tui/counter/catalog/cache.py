"""Catalog content kept on disk, so that the next start shows it at once (the issuer asks for 24 hours)."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from korus_tui.config.paths import write_private
from korus_tui.counter.catalog.models import Base, Catalog, CatalogContent, Product

FRESH = timedelta(hours=24)
_VERSION = 2
log = logging.getLogger("korus_tui.counter")


def read(file: Path, server: str) -> CatalogContent | None:
    """What was kept of this server, however old; None where there is nothing usable: the catalog is read again."""
    try:
        data = json.loads(file.read_bytes())
        return _content(data) if data["version"] == _VERSION and data["server"] == server else None
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("the catalog cache cannot be used: %s", type(error).__name__)
        return None


def latest(folder: Path, profile: str, server: str, language: str = "*") -> CatalogContent | None:
    """Of the catalogs kept for a profile (a safe name) the one that was shown last; None where none is usable."""
    kept = folder.glob(f"catalog~{profile}~*~{language}.json")
    files = sorted(kept, key=lambda file: file.stat().st_mtime, reverse=True)
    return next((one for file in files if (one := read(file, server)) is not None), None)


def _content(data: dict[str, Any]) -> CatalogContent:
    return CatalogContent(
        catalog=Catalog(**data["catalog"]),
        catalogs=tuple(Catalog(**one) for one in data["catalogs"]),
        bases=tuple(Base(**one) for one in data["bases"]),
        products=tuple(
            Product(**{**one, "options": tuple((code, label) for code, label in one["options"])})
            for one in data["products"]
        ),
        fetched_at=datetime.fromisoformat(data["fetched_at"]),
        language=data["language"],
        incomplete=data["incomplete"],
        unreadable=data["unreadable"],
    )


def write(file: Path, server: str, content: CatalogContent) -> None:
    """Replace what was kept, whole or not at all; a cache that cannot be written costs only time."""
    data = {"version": _VERSION, "server": server, **asdict(content), "fetched_at": content.fetched_at.isoformat()}
    try:
        write_private(file, json.dumps(data, ensure_ascii=False).encode(errors="surrogatepass"))
    except OSError as error:
        log.warning("the catalog cache cannot be written: %s", error.strerror)
