"""HTTP: the only import of httpx. Sends a `Call` with its token, time-outs and caps, and says what did not arrive."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import random as _random
import socket
import ssl
import uuid
from collections.abc import Awaitable, Callable
from contextvars import Context
from dataclasses import dataclass, field, replace
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from korus_tui.api import errors, hydra
from korus_tui.api.auth import Auth
from korus_tui.api.body import Body, TooMuch, Unreadable
from korus_tui.api.calls import LASTING, Answer, Call, Kind, decipher, facts, request_id_of, server_time
from korus_tui.api.exchange import LONGEST_SECRET, SHOWN, Exchange
from korus_tui.api.links import Address, address_of, address_refusal, base_address, is_loopback, link_refusal, origin
from korus_tui.api.retry import Retry, RetryPolicy
from korus_tui.api.secrets import Secrets
from korus_tui.api.slots import Slots
from korus_tui.api.timing import DateSample, Deadlines, Timeouts
from korus_tui.api.unchanged import Unchanged

log = logging.getLogger("korus_tui.api")
# These two write whole addresses and headers into logs: signed links, customers' references, tokens.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

JSON_LIMIT = 8 * 1024 * 1024
"""Bytes of one JSON answer, unpacked; a page of 50 offers is well under one tenth of it."""
HOPS = 3
RESOLVING = 5.0
"""Seconds for the addresses of a name."""
KEPT = 55.0
"""Seconds an idle connection is kept for reads: gateways keep it for 60; one that they closed is asked on again."""
KEPT_FOR_MONEY = 3.0
"""The same for what moves places or money: a connection that dies under it is an unknown outcome (5 s is usual)."""


@dataclass(frozen=True)
class _Request:
    """A call as it goes on the line."""

    call: Call
    url: str
    headers: dict[str, str] = field(repr=False)
    content: bytes | None = field(default=None, repr=False)
    limit: int = JSON_LIMIT
    to_api: bool = True
    signs_in: bool = False
    extensions: dict[str, str] = field(default_factory=dict)
    attempt: int = 1


@dataclass
class _Progress:
    """How far one exchange came: what decides between never sent and unknown."""

    sent: bool = False
    status: int | None = None
    request_id: str = ""

    async def trace(self, event: str, info: dict[str, Any]) -> None:
        """Called by the HTTP library at every step; the first byte of a request is the point of no return."""
        if event.endswith("send_request_headers.started"):
            self.sent = True


class Transport:
    """One line to one API for the life of the program; `boot_clock` gives seconds that no one can set."""

    def __init__(
        self,
        base_url: str,
        auth: Auth,
        *,
        user_agent: str,
        boot_clock: Callable[[], float],
        timeouts: Timeouts | None = None,
        max_in_flight: int = 4,
        language: Callable[[], str] | None = None,
        on_date: Callable[[DateSample], None] | None = None,
        on_retry: Callable[[Retry], None] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random: Callable[[], float] = _random.random,
        ssl_context: ssl.SSLContext | None = None,
        unchanged: Unchanged | None = None,
        on_exchange: Callable[[Exchange], None] | None = None,
    ) -> None:
        """ValueError for a bad base address; `max_in_flight` bounds reads, a booking never queues behind them.

        `language` is asked for where a call names none: whoever reads what goes wrong with it, reads that.
        """
        self.base_url = base_address(base_url)
        self.boot_clock = boot_clock
        self._origin = origin(self.base_url)
        self._auth = auth
        self._user_agent = user_agent
        self._timeouts = timeouts or Timeouts()
        self._slots = Slots(max_in_flight)
        self._language = language
        self._on_date = on_date
        self._on_retry = on_retry
        self._sleep = sleep
        self._policy = RetryPolicy(random)
        self._ssl_context = ssl_context
        self._unchanged = unchanged
        self._on_exchange = on_exchange
        self._clients: dict[float, httpx.AsyncClient] = {}
        self._secrets = Secrets()
        self._rejected: str | None = None  # the token of the last booking that was answered 401

    def __repr__(self) -> str:
        return f"Transport({self.base_url!r})"

    async def send(self, call: Call) -> Any:
        """The JSON that answers `call`; an ApiError that says what its absence means.

        A 401 renews the token. A call that moves places or money is not repeated then: it is looked up first, and
        what sends it again does so with another token.
        """
        rejected, self._rejected = (self._rejected, None) if call.moves else (None, self._rejected)
        token = await self._token(call, rejected)
        ask = self._ask if self._unchanged is None or call.operation not in LASTING else self._ask_what_changed
        answer = await ask(self._request(call, token))
        if answer.status == 401 and call.moves:
            self._rejected = token
        elif answer.status == 401 and answer.is_from_the_api():
            token = await self._token(call, rejected=token)
            answer = await ask(self._request(call, token))
        return decipher(call, answer)

    async def _ask_what_changed(self, request: _Request) -> Answer:
        """The answer, sent whole only where it is another one than that which is kept."""
        assert self._unchanged is not None
        where = request.url, request.call.language
        kept = await asyncio.to_thread(self._unchanged.recall, *where)
        if kept is not None:
            request = replace(request, headers={**request.headers, "If-None-Match": kept.etag})
        answer = await self._ask(request)
        if kept is not None and answer.status == 304:
            return replace(answer, status=200, body=kept.body)
        if answer.status == 200 and (etag := answer.headers.get("etag", "")):
            body = self._secrets.taken_out(answer.body.decode("utf-8", "replace")).encode()
            await asyncio.to_thread(self._unchanged.keep, *where, etag, body)
        return answer

    async def sign_in(self) -> None:
        """Have a token at hand: whoever asks first then waits for the answer alone. Raises as `send`."""
        await self._auth.token(self)

    async def post_form(self, url: str, fields: dict[str, str]) -> Answer:
        """A sign-in's answer, also a refusal by 400, 401 or 403; raises if it is not the endpoint's word."""
        call = Call("sign_in", "POST", urlsplit(url).path, repeatable=True)
        headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        self._secrets.learn(fields.get("client_secret", ""), fields.get("refresh_token", ""))
        sent = urlencode(fields).encode()
        answer = await self._ask(_Request(call, url, headers, sent, to_api=False, signs_in=True))
        if answer.status not in {200, 400, 401, 403} or not answer.is_from_the_api():
            decipher(call, answer)
        return answer

    async def fetch_file(self, url: str, limit: int) -> bytes:
        """The file behind a temporary address, at most `limit` bytes; no token goes there, no redirect is followed.

        The name is resolved, the addresses are judged, and one of those is connected to: no name leads elsewhere
        between the two.
        """
        reason = self.link_refusal(url)
        if reason is not None:
            raise errors.LinkRefused(reason, operation="files.fetch", method="GET")
        scheme, host, port = origin(url)
        call = Call("files.fetch", "GET", f"{scheme}://{host}:{port}/…", kind=Kind.DOCUMENT)
        addresses = await self._resolved(host, port)
        if refused := self._refusal_of(addresses):
            raise errors.LinkRefused(refused, operation="files.fetch", method="GET")
        if not addresses and not _behind_a_proxy(url):
            raise errors.NotSent(**facts(call))
        request = _Request(call, url, {"Accept": "application/pdf, */*"}, limit=limit, to_api=False)
        answer = await self._ask_one_of(request, addresses)
        if answer.status in {401, 403}:
            raise errors.Forbidden(**facts(call, answer.status, answer.request_id))
        if answer.status != 200:
            decipher(call, replace(answer, body=b""))  # a storage has no words for an agent
        return answer.body

    def link_refusal(self, url: str) -> str | None:
        """Why a file's address must be neither followed nor offered, by its spelling, in a fixed word; else None."""
        return link_refusal(url, local_api=self._is_local)

    async def unsafe_link(self, url: str) -> str | None:
        """Why a file's address must not be offered, also by where its name leads; None if it may, or nobody knows."""
        reason = self.link_refusal(url)
        if reason is None:
            _scheme, host, port = origin(url)
            reason = self._refusal_of(await self._resolved(host, port))
        return reason

    @property
    def _is_local(self) -> bool:
        """Whether the API is on this machine: then its files may be too."""
        return is_loopback(self._origin[1])

    def _refusal_of(self, addresses: list[Address]) -> str | None:
        """Why one of a name's addresses must not be gone to."""
        reasons = [reason for one in addresses if (reason := address_refusal(one))]
        return next((one for one in reasons if not (self._is_local and one == "this machine")), None)

    @staticmethod
    async def _resolved(host: str, port: int) -> list[Address]:
        """The addresses of a name, or the one that it spells; none where nobody says so in time."""
        try:
            async with asyncio.timeout(RESOLVING):
                found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):  # a time-out is an OSError
            return []
        known = (address_of(str(place[4][0]).partition("%")[0]) for place in found)
        return list(dict.fromkeys(one for one in known if one is not None))

    async def _ask_one_of(self, request: _Request, addresses: list[Address]) -> Answer:
        """The answer of the first address that can be reached, asked by the name that the link has."""
        tried = [_at(request, one) for one in addresses[:3]] or [request]
        for last in tried[:-1]:
            with contextlib.suppress(errors.NotSent):
                return await self._ask(last)
        return await self._ask(tried[-1])

    async def aclose(self) -> None:
        for client in self._clients.values():
            await client.aclose()

    async def _token(self, call: Call, rejected: str | None = None) -> str:
        """A token for `call`; whatever keeps us from asking for one, the call itself was never sent."""
        try:
            return await self._auth.token(self, rejected)
        except (errors.SignInRefused, errors.NotSent, errors.NotNow, errors.Refused) as error:
            error.never_sent = True
            raise
        except errors.ApiError as error:
            if not call.writes:
                raise
            raise errors.NotSent(**facts(call)) from error

    def _request(self, call: Call, token: str) -> _Request:
        self._secrets.learn(token)
        query = f"?{urlencode(call.query, errors='replace')}" if call.query else ""
        url = self.base_url + quote(call.path, safe="/%:@!$&'()*+,;=~", errors="replace") + query
        content = None if call.body is None else json.dumps(call.body).encode()
        if call.language is None and self._language is not None:
            call = replace(call, language=self._language())
        return _Request(call, url, {**call.headers(), "Authorization": f"Bearer {token}"}, content)

    async def _ask(self, request: _Request) -> Answer:
        """The last answer to `request`, sent again only as the policy allows."""
        attempt = 1
        while True:
            try:
                answer = await self._once(replace(request, attempt=attempt))
                wait = self._policy.after_answer(request.call, answer, attempt)
                if wait is None:
                    return answer
            except errors.ApiError as error:
                wait = self._policy.after_error(request.call, error, attempt)
                if wait is None:
                    raise
            if self._on_retry is not None:
                self._on_retry(Retry(request.call.operation, attempt + 1, wait))
            await self._sleep(wait)
            attempt += 1

    async def _once(self, request: _Request) -> Answer:
        """One try, with the few redirects that a read may follow on its own origin."""
        if request.call.writes or request.call.repeatable:
            return await self._exchange(request)
        async with self._slots.one():
            for _ in range(HOPS):
                answer = await self._exchange(request)
                onward = answer.headers.get("location") if request.to_api and 300 <= answer.status < 400 else None
                if onward is None:
                    return answer
                request = replace(request, url=self._same_origin(request, onward, answer))
        raise errors.RedirectRefused(**facts(request.call, answer.status, answer.request_id))

    def _same_origin(self, request: _Request, location: str, answer: Answer) -> str:
        """Where a redirect leads, if that is still the API: the token goes nowhere else."""
        try:
            target = urljoin(request.url, location)
            if origin(target) == self._origin and "@" not in urlsplit(target).netloc:
                return target
        except ValueError:
            pass
        raise errors.RedirectRefused(**facts(request.call, answer.status, answer.request_id))

    async def _exchange(self, request: _Request) -> Answer:
        """One request and its whole answer, within the total deadline; every way of losing it has its class."""
        progress = _Progress(request_id=str(uuid.uuid4()))
        deadlines = self._timeouts.of(request.call.kind)
        started = self.boot_clock()
        outcome = "cut off"
        answer: Answer | None = None
        try:
            # A timer that ran for nothing is kept until its time, and with it the context that it was set in: the
            # caller's would keep a page that is long gone.
            answer = await asyncio.create_task(self._in_time(request, deadlines, progress), context=Context())
            outcome = str(answer.status)
            return answer
        except TooMuch as error:
            raise self._too_large(request, progress) from error
        except (httpx.HTTPError, httpx.InvalidURL, Unreadable, OSError) as error:
            lost = _lost(request.call, error, progress)
            outcome = type(lost).__name__
            raise lost from error
        finally:
            elapsed = (self.boot_clock() - started) * 1000
            call = request.call
            log.info("%s %s: %s in %.0f ms, request %s", call.method, call.path, outcome, elapsed, progress.request_id)
            if self._on_exchange is not None:
                self._on_exchange(self._seen(request, answer, outcome, elapsed, progress))

    def _seen(
        self, request: _Request, answer: Answer | None, outcome: str, elapsed: float, progress: _Progress
    ) -> Exchange:
        """An exchange without our secrets; of a sign-in, and of a file, no body."""
        bodies = request.to_api and not request.signs_in

        def text(body: bytes | None) -> str:
            said = (body or b"")[: SHOWN + LONGEST_SECRET].decode("utf-8", "replace") if bodies else ""
            return self._secrets.taken_out(said)[:SHOWN]

        call = request.call
        sent = {name: value for name, value in request.headers.items() if name != "Authorization"}
        return Exchange(
            operation=call.operation,
            method=call.method,
            url=self._secrets.taken_out(request.url if request.to_api else call.path),
            status=answer.status if answer is not None else progress.status,
            outcome=outcome,
            milliseconds=round(elapsed),
            attempt=request.attempt,
            request_id=progress.request_id,
            moves=call.moves,
            body=call.body if bodies else None,
            headers=sent if request.to_api else {},
            sent=text(request.content),
            answered=text(answer.body if answer is not None else None),
            length=len(answer.body) if answer is not None else 0,
        )

    async def _in_time(self, request: _Request, deadlines: Deadlines, progress: _Progress) -> Answer:
        async with asyncio.timeout(deadlines.total):
            return await self._stream(request, deadlines, progress)

    async def _stream(self, request: _Request, deadlines: Deadlines, progress: _Progress) -> Answer:
        """Send, look at the headers, then read the body piece by piece under its cap."""
        sent = self.boot_clock()
        async with self._http(request.call).stream(
            request.call.method,
            request.url,
            headers={**request.headers, "X-Request-Id": progress.request_id},
            content=request.content,
            timeout=httpx.Timeout(
                connect=deadlines.connect, read=deadlines.read, write=deadlines.write, pool=deadlines.pool
            ),
            extensions={"trace": progress.trace, **request.extensions},
        ) as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            progress.status = response.status_code
            if request.to_api or request.signs_in:  # a storage is sent nothing but the link, which is secret too
                progress.request_id = self._secrets.taken_out(request_id_of(headers, progress.request_id))
            if request.to_api:
                self._take_date(headers, sent)
            body = Body(request.limit, headers.get("content-encoding", ""))
            try:
                async for piece in response.aiter_raw():
                    body.feed(piece)
            except TooMuch:
                if response.status_code < 300:
                    raise
                return self._answer(response.status_code, headers, b"\0", progress)  # refused, too wordy to read
            if request.signs_in:
                self._secrets.learn(*_tokens(body.whole()))
            return self._answer(response.status_code, headers, body.whole(), progress)

    def _answer(self, status: int, headers: dict[str, str], body: bytes, progress: _Progress) -> Answer:
        """What came, without our secrets: nothing behind this door quotes them."""
        progress.request_id = self._secrets.taken_out(progress.request_id)
        safe = {name: self._secrets.taken_out(value) for name, value in headers.items()}
        return Answer(status, safe, body, progress.request_id, self._secrets, self.base_url)

    def _take_date(self, headers: dict[str, str], sent: float) -> None:
        server = server_time(headers)
        if server is not None and self._on_date is not None:
            self._on_date(DateSample(server, sent, self.boot_clock()))

    def _too_large(self, request: _Request, progress: _Progress) -> errors.ApiError:
        known = facts(request.call, progress.status, progress.request_id)
        return errors.OutcomeUnknown(**known) if request.call.writes else errors.TooLarge(limit=request.limit, **known)

    def _http(self, call: Call) -> httpx.AsyncClient:
        """The connections of such a call. Made at the first: reading certificates takes longer than a first frame."""
        kept = KEPT_FOR_MONEY if call.writes and call.kind is Kind.BOOKING else KEPT
        if kept not in self._clients:
            if self._ssl_context is None:
                self._ssl_context = httpx.create_ssl_context()
            self._clients[kept] = httpx.AsyncClient(
                headers={"User-Agent": self._user_agent, "Accept-Encoding": "gzip"},
                follow_redirects=False,
                verify=self._ssl_context,
                limits=httpx.Limits(max_connections=None, max_keepalive_connections=8, keepalive_expiry=kept),
                # Cookies know no ports and no schemes: what the API sets could reach a document's storage.
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                mounts={"all://localhost": None, "all://127.0.0.1": None, "all://[::1]": None},
            )
        return self._clients[kept]


def _at(request: _Request, address: Address) -> _Request:
    """The request to this very address, for the host that the link names: its certificate is of that name."""
    parts = urlsplit(request.url)
    port = f":{parts.port}" if parts.port else ""
    where = f"[{address}]" if address.version == 6 else str(address)
    named = parts.hostname or ""
    headers = {**request.headers, "Host": parts.netloc}
    sni = {} if address_of(named) is not None else {"sni_hostname": named.removesuffix(".")}
    return replace(request, url=parts._replace(netloc=where + port).geturl(), headers=headers, extensions=sni)


def _behind_a_proxy(url: str) -> bool:
    """Whether somebody else resolves names for us."""
    parts = urlsplit(url)
    return parts.scheme in getproxies() and not proxy_bypass(parts.hostname or "")


def _tokens(body: bytes) -> list[str]:
    """The tokens of a sign-in's answer, as far as it can be read."""
    try:
        data = hydra.loads(body)
    except ValueError:
        return []
    names = ("access_token", "refresh_token", "id_token")
    found = [data.get(name) for name in names] if isinstance(data, dict) else []
    return [one for one in found if isinstance(one, str)]


def _lost(call: Call, error: Exception, progress: _Progress) -> errors.ApiError:
    """What an exchange without a whole answer means (docs/rules.md, What a failed call means)."""
    known = facts(call, progress.status, progress.request_id)
    reason = _tls_reason(error)
    if reason is not None and isinstance(error, httpx.ConnectError):
        return errors.TlsRefused(reason, **known)
    never = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
    if isinstance(error, never) or not progress.sent:
        return errors.NotSent(**known)
    if call.writes:
        return errors.OutcomeUnknown(**known)
    if isinstance(error, (TimeoutError, httpx.TimeoutException)):
        return errors.TimedOut(**known)
    if isinstance(error, Unreadable):
        return errors.Malformed(resource="body", field="Content-Encoding", **known)
    return errors.ConnectionLost(**known)


def _tls_reason(error: BaseException | None) -> str | None:
    """The TLS library's short word for its refusal, if there was one."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return str(getattr(error, "verify_message", "") or error.reason or "TLS")
        error = error.__cause__ or error.__context__
    return None
