"""The application: routes, the token check, headers that every answer bears."""

from __future__ import annotations

import uuid
from email.utils import format_datetime

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from korus_tui.sandbox import auth, booking, errors_view, order_documents, ticketing
from korus_tui.sandbox.context import Context
from korus_tui.sandbox.problems import Problem, Violations
from korus_tui.sandbox.web import check_accept

TOKEN_ROUTE = Route(auth.TOKEN_PATH, auth.token, methods=["POST"], name="token")
API_ROUTES = [*ticketing.ROUTES, *booking.ROUTES, *order_documents.ROUTES]


class Gate:
    """Refuses /v1 without a token and JSON-LD's refusal, gives holds back that have ended, and dates each answer."""

    def __init__(self, app: ASGIApp, box: Context) -> None:
        self._app, self._box = app, box

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self._box.state.sweep()
        request = Request(scope)
        answer: ASGIApp = self._app
        try:
            if scope["path"].startswith("/v1"):
                if not self._box.tokens.accepts(request.headers.get("authorization", "")):
                    raise Problem(401, headers={"WWW-Authenticate": "Bearer"})
                check_accept(request)
        except Problem as refusal:
            answer = await errors_view.problem(request, refusal)

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = format_datetime(self._box.clock.now(), usegmt=True).encode()
                message["headers"] = [
                    *message["headers"],
                    (b"date", date),
                    (b"x-request-id", uuid.uuid4().hex.encode()),
                ]
            await send(message)

        await answer(scope, receive, dated)


async def health(_: Request) -> Response:
    """GET /: says what this is."""
    return Response("Korus Ticket sandbox\n", media_type="text/plain")


def build_app(box: Context) -> ASGIApp:
    """The API's application; the document storage is `build_storage`."""
    known = [route for route in API_ROUTES if box.generation.has(route.name)]
    app = Starlette(
        routes=[Route("/", health, name="health"), TOKEN_ROUTE, *known],
        exception_handlers={
            Problem: errors_view.problem,
            Violations: errors_view.violations,
            HTTPException: errors_view.routing,
            Exception: errors_view.failure,
        },
    )
    app.router.redirect_slashes = False
    app.state.box = box
    return Gate(app, box)


def build_storage(box: Context) -> ASGIApp:
    """The document storage's application."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await box.storage.serve(Request(scope))(scope, receive, send)

    return serve
