"""Catalog answers that their server gave an ETag, kept on the disk: where nothing changed they are not sent again."""

from __future__ import annotations

import hashlib
import logging
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

log = logging.getLogger("korus_tui.api")

MOST_BYTES = 2 * 1024 * 1024
MOST_FILES = 400
_ETAG = re.compile(r'(?:W/)?"[!#-~]{1,200}"')
Write = Callable[[Path, bytes], None]


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it came, and the name that the server gave it."""

    etag: str
    body: bytes = field(repr=False)


class Unchanged:
    """One file an address and language. What cannot be kept or read is asked for whole; `write` raises OSError."""

    def __init__(self, folder: Path, write: Write) -> None:
        self._folder = folder
        self._write = write

    def recall(self, url: str, language: str | None) -> Kept | None:
        """What was kept of an address; None where nothing was, or the file is damaged."""
        try:
            etag, _, packed = self._file(url, language).read_bytes().partition(b"\n")
            return Kept(etag.decode("ascii"), zlib.decompress(packed))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, zlib.error) as error:
            log.warning("an answer that was kept cannot be used: %s", type(error).__name__)
            return None

    def keep(self, url: str, language: str | None, etag: str, body: bytes) -> None:
        """Keep a whole answer that has a name."""
        if not _ETAG.fullmatch(etag) or len(body) > MOST_BYTES:
            return
        try:
            self._make_room()
            self._write(self._file(url, language), etag.encode("ascii") + b"\n" + zlib.compress(body))
        except OSError as error:
            log.warning("an answer cannot be kept: %s", error.strerror)

    def _file(self, url: str, language: str | None) -> Path:
        name = hashlib.sha256(f"{language}\n{url}".encode("utf-8", "replace")).hexdigest()[:32]
        return self._folder / f"{name}.answer"

    def _make_room(self) -> None:
        """Drop the oldest where there are too many."""
        files = sorted(self._folder.glob("*.answer"), key=lambda file: file.stat().st_mtime)
        for file in files[: max(0, len(files) + 1 - MOST_FILES)]:
            file.unlink(missing_ok=True)
