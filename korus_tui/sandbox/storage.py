"""The document storage: another listener than the API's, signed addresses that end, and no token accepted."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import parse_qs, urlencode

from starlette.requests import Request
from starlette.responses import Response

from korus_tui.sandbox.clock import SandboxClock
from korus_tui.sandbox.options import SandboxOptions

FOLDER = "/kt-documents/"


class Storage:
    """Files by name, given out by signed address only."""

    def __init__(self, options: SandboxOptions, clock: SandboxClock) -> None:
        self._life, self._clock = options.url_seconds, clock
        self._key = secrets.token_bytes(32)
        self._files: dict[str, bytes] = {}
        self.base_url = ""

    def has(self, name: str) -> bool:
        """Whether a file of this name is stored."""
        return name in self._files

    def put(self, name: str, content: bytes) -> None:
        """Stores a file; an old one of the same name is replaced."""
        self._files[name] = content

    def _sign(self, path: str, expires: str) -> str:
        return hmac.new(self._key, f"{path}\n{expires}".encode(), hashlib.sha256).hexdigest()

    def address(self, name: str) -> str:
        """A temporary address of a stored file."""
        path, expires = FOLDER + name, str(int(self._clock.now().timestamp() + self._life))
        return f"{self.base_url}{path}?{urlencode({'X-Expires': expires, 'X-Signature': self._sign(path, expires)})}"

    def serve(self, request: Request) -> Response:
        """GET of a file: 400 with a token, 403 with a wrong or ended signature, 404 without a file."""
        path = request.url.path
        query = {name: values[0] for name, values in parse_qs(request.url.query).items()}
        expires, signature = query.get("X-Expires", ""), query.get("X-Signature", "")
        if "authorization" in request.headers:
            return _page(400, "InvalidArgument", "Only one auth mechanism allowed")
        if request.method not in ("GET", "HEAD"):
            return _page(405, "MethodNotAllowed", "The specified method is not allowed against this resource")
        if not hmac.compare_digest(self._sign(path, expires).encode(), signature.encode()):
            return _page(403, "SignatureDoesNotMatch", "The request signature does not match")
        if int(expires) <= self._clock.now().timestamp():
            return _page(403, "AccessDenied", "Request has expired")
        name = path.removeprefix(FOLDER)
        if name not in self._files:
            return _page(404, "NoSuchKey", "The specified key does not exist")
        disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(self._files[name], media_type="application/pdf", headers=disposition)


def _page(status: int, code: str, message: str) -> Response:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return Response(body, status, media_type="application/xml")
