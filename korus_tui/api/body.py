"""The body of an answer as it arrives: unpacked and capped piece by piece, so that no bomb is ever unpacked (F21)."""

from __future__ import annotations

import zlib


class TooMuch(Exception):
    """The body passed its limit; what was kept is dropped."""


class Unreadable(Exception):
    """The body is not what its Content-Encoding says."""


class Body:
    """Collects at most `limit` bytes of a body that is plain, gzip or deflate."""

    def __init__(self, limit: int, encoding: str = "") -> None:
        self._limit = limit
        self._kept = bytearray()
        packed = encoding.strip().lower() in {"gzip", "x-gzip", "deflate"}
        self._unpacker = zlib.decompressobj(wbits=47) if packed else None

    def feed(self, piece: bytes) -> None:
        """Take one piece from the line; TooMuch or Unreadable."""
        room = self._limit - len(self._kept)
        self._kept += piece if self._unpacker is None else self._unpack(piece, room + 1)
        if len(self._kept) > self._limit:
            raise TooMuch

    def _unpack(self, piece: bytes, most: int) -> bytes:
        assert self._unpacker is not None
        try:
            return self._unpacker.decompress(piece, most)
        except zlib.error as error:
            raise Unreadable from error

    def whole(self) -> bytes:
        """All of it; Unreadable if the packed body was cut."""
        if self._unpacker is not None and self._kept and not self._unpacker.eof:
            raise Unreadable
        return bytes(self._kept)
