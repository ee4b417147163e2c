"""Refusals turned into answers, in the caller's language."""

from __future__ import annotations

import logging

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from korus_tui.sandbox.problems import Problem, Violations
from korus_tui.sandbox.web import language_of, write

PROBLEM_TYPE = "application/problem+json"
log = logging.getLogger("korus_tui.sandbox")


async def problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return write(error.body(language_of(request)), error.status, PROBLEM_TYPE, error.headers)


async def violations(request: Request, error: Exception) -> Response:
    """A list of violations, status 422."""
    assert isinstance(error, Violations)
    return write(error.body(language_of(request)), 422, PROBLEM_TYPE)


async def routing(request: Request, error: Exception) -> Response:
    """404 and 405 of the router as problem documents."""
    assert isinstance(error, HTTPException)
    known = Problem(
        error.status_code, None if error.status_code in (404, 405) else "p400", method=request.method, why=error.detail
    )
    return write(known.body(language_of(request)), error.status_code, PROBLEM_TYPE, dict(error.headers or {}))


async def failure(request: Request, error: Exception) -> Response:
    """An error of the sandbox itself: logged whole, answered as 500."""
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return write(Problem(500).body(language_of(request)), 500, PROBLEM_TYPE)
