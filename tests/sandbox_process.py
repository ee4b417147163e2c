"""A sandbox in a child process, for every test that needs a real Korus Ticket API over real HTTP."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import httpx

TUTORIAL_NOW = "2025-01-29T07:55:53Z"
CATALOG = "0194abdc-3a71-72b0-a9b9-89d4be0cd73e"
CATALOG_PATH = f"/v1/ticketing/catalogs/{CATALOG}"


def flags(options: dict[str, Any]) -> list[str]:
    """Command-line flags from keywords: `hold_seconds=3` is `--hold-seconds 3`, `freeze=True` is `--freeze`."""
    found: list[str] = []
    for name, value in options.items():
        flag = f"--{name.replace('_', '-')}"
        if value is True:
            found.append(flag)
        elif value is not None and value is not False:
            found += [flag, str(value)]
    return found


class SandboxProcess:
    """One running sandbox with its control endpoint open. `with SandboxProcess(generation="tutorial") as sandbox:`

    Options are those of `python -m korus_tui.sandbox`. The child ends with this process, however that ends.
    Tokens end by the sandbox's clock too: give `token_seconds` where a test moves it far.
    """

    def __init__(self, **options: Any) -> None:
        options = {"port": 0, "faults": "on", "document_delay": 0, "listing_seconds": 0} | options
        command = [sys.executable, "-m", "korus_tui.sandbox", "--watch-parent", *flags(options)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the sandbox did not start: exit code {self.process.wait()}")
        self.ready: dict[str, str] = json.loads(line)
        self.base_url = self.ready["base_url"]
        self.token_endpoint = self.ready["token_endpoint"]
        self.client_id = self.ready["client_id"]
        self.client_secret = self.ready["client_secret"]
        self._control = httpx.Client(base_url=self.base_url, timeout=10)

    @classmethod
    def start(cls, **options: Any) -> Self:
        """A running sandbox; end it with `stop()`."""
        return cls(**options)

    def stop(self) -> int:
        """Ends the sandbox as its user would, and gives its exit code."""
        self._control.close()
        if self.process.poll() is None:
            self.process.terminate()
        try:
            code = self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        return code

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def control(self, lever: str, **wanted: Any) -> dict[str, Any]:
        """Pulls a lever of /_control: clock, expire, cancel, sell, price, disable, revoke."""
        return self._answer(self._control.post(f"/_control/{lever}", json=wanted))

    def fault(self, kind: str, **fields: Any) -> None:
        """What the next calls meet, e.g. `fault("drop_after", route="orders_bulk", count=2)`; see sandbox/faults.py."""
        body = json.dumps({"kind": kind, **fields})  # in ASCII: a lone surrogate has no other form on a line
        self._answer(self._control.post("/_control/faults", content=body))

    def no_faults(self) -> None:
        """Forgets the faults that wait."""
        self._answer(self._control.delete("/_control/faults"))

    def advance(self, seconds: float) -> None:
        """Moves the sandbox's clock."""
        self.control("clock", advance=seconds)

    def sell(self, pool: str, quantity: int) -> None:
        """Sells places of an offer or session (id or IRI) elsewhere."""
        self.control("sell", offer=pool, quantity=quantity)

    def make_room(self, places: int = 0) -> None:
        """Gives back every place that was taken, and that many more of the same kind."""
        for pool, taken in self.state()["taken"].items():
            self.sell(pool, -taken - places)

    def state(self) -> dict[str, Any]:
        """What is true at the server: reservations, orders, places taken, calls by route, faults left."""
        return self._answer(self._control.get("/_control/state"))

    def token(self) -> str:
        """A fresh access token."""
        form = {"grant_type": "client_credentials", "client_id": self.client_id, "client_secret": self.client_secret}
        answer = self._control.post(self.token_endpoint, data=form)
        answer.raise_for_status()
        return str(answer.json()["access_token"])

    @contextmanager
    def http(self, **headers: str) -> Iterator[httpx.Client]:
        """A raw HTTP client of the API that bears a fresh token."""
        kind = "application/ld+json"
        standard = {"Authorization": f"Bearer {self.token()}", "Accept": kind, "Content-Type": kind}
        with httpx.Client(base_url=self.base_url, headers=standard | headers, timeout=10) as client:
            yield client

    @staticmethod
    def _answer(answer: httpx.Response) -> dict[str, Any]:
        if answer.is_error:
            raise RuntimeError(f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text}")
        return dict(answer.json())
