"""Answers that no healthy API gives."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from starlette.types import Receive, Send

Spec = dict[str, Any]
Headers = list[tuple[bytes, bytes]]
BLOCK = 1 << 20
_GATEWAY_PAGE = "<html><head><title>{status}</title></head><body><center><h1>{status}</h1></center></body></html>"


@dataclass(frozen=True)
class Answer:
    """A whole answer, ready to be sent or spoilt."""

    status: int
    headers: Headers
    body: bytes

    async def send(self, send: Send, part: int | None = None) -> None:
        """Sends it; with `part`, promises all of it and sends only so many bytes."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        body = self.body if part is None else self.body[:part]
        await send({"type": "http.response.body", "body": body, "more_body": part is not None})

    def dated(self, value: str | None) -> Answer:
        """With another Date header, or none."""
        others = [pair for pair in self.headers if pair[0] != b"date"]
        return replace(self, headers=others if value is None else [*others, (b"date", value.encode())])

    def with_body(self, body: bytes) -> Answer:
        others = [pair for pair in self.headers if pair[0] != b"content-length"]
        return replace(self, headers=[*others, (b"content-length", str(len(body)).encode())], body=body)


def _made(status: int, body: str, kind: str, headers: dict[str, str] | None = None) -> Answer:
    content = body.encode()
    listed = [(name.lower().encode(), value.encode("latin-1")) for name, value in (headers or {}).items()]
    length = str(len(content)).encode()
    return Answer(status, [*listed, (b"content-type", kind.encode()), (b"content-length", length)], content)


def _status(spec: Spec) -> Answer:
    status = spec.get("status", 500)
    problem = json.dumps({"@type": "Error", "title": "An error occurred", "detail": "Injected fault", "status": status})
    html = spec.get("content_type", "text/html" if status == 502 else "application/problem+json").startswith(
        "text/html"
    )
    kind = spec.get("content_type", "text/html" if html else "application/problem+json")
    body = spec.get("body", _GATEWAY_PAGE.format(status=status) if html else problem)
    return _made(status, body if isinstance(body, str) else json.dumps(body), kind, spec.get("headers"))


def _not_json(spec: Spec) -> Answer:
    return _made(200, spec.get("body", "<html><body>Welcome to the hotel's network</body></html>"), "text/html")


def _wrong_shape(spec: Spec) -> Answer:
    return _made(200, json.dumps(spec.get("value", {"hello": ["world"]})), "application/ld+json; charset=utf-8")


def _no_body(_: Spec) -> Answer:
    return _made(200, "", "application/ld+json; charset=utf-8")


def _redirect(spec: Spec) -> Answer:
    return _made(spec.get("status", 307), "", "text/plain", {"Location": spec["location"]})


@dataclass(frozen=True)
class Kind:
    """How a made answer is made, and whether the call takes effect first."""

    make: Callable[[Spec], Answer]
    after_effect: bool


ANSWERS = {
    "status": Kind(_status, False),
    "redirect": Kind(_redirect, False),
    "not_json": Kind(_not_json, True),
    "wrong_shape": Kind(_wrong_shape, True),
    "no_body": Kind(_no_body, True),
}


def _plain(most: int | None) -> Iterator[bytes]:
    yield b'{"@type": "Collection", "totalItems": 1, "member": ["'
    sent = 0
    while most is None or sent < most:
        yield b"x" * BLOCK
        sent += BLOCK
    yield b'"]}'


def _compressed(blocks: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    for block in blocks:
        yield packer.compress(block)
    yield packer.flush()


async def flood(kind: str, spec: Spec, receive: Receive, send: Send) -> None:
    """More than anyone can read: `bytes` of it, or without end until the caller hangs up."""
    blocks = _plain(None if kind == "endless" else int(spec.get("bytes", 60 * BLOCK)))
    headers: Headers = [(b"content-type", spec.get("content_type", "application/ld+json").encode())]
    if kind == "gzip_bomb":
        headers.append((b"content-encoding", b"gzip"))
        blocks = _compressed(blocks)
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    gone = asyncio.ensure_future(receive())  # after the body, the next message is the caller's hanging up
    for block in blocks:
        if gone.done():
            return
        await send({"type": "http.response.body", "body": block, "more_body": True})
        await asyncio.sleep(0)
    gone.cancel()
    await send({"type": "http.response.body", "body": b"", "more_body": False})
