"""What machines share that run one after the other: the sandbox, the offers on it, and what was covered."""

from __future__ import annotations

from machine_faults import Coverage
from sandbox_process import SandboxProcess
from till import BEFORE_SEASON

from korus_tui.api import retry
from korus_tui.sale.values import Line

STALE = 250  # reservations at a sandbox after which a fresh one is started: each step reads them all


class World:
    """The sandbox that several machines use one after the other, and what was covered so far."""

    def __init__(self) -> None:
        self.coverage = Coverage()
        self._first_wait, retry.FIRST_WAIT = retry.FIRST_WAIT, 0.02  # seconds: what is read again is read soon
        self.templates: list[Line] = []
        self.failures: list[Exception] = []
        self._sandbox: SandboxProcess | None = None

    def sandbox(self) -> SandboxProcess:
        """A running one; offers that were sold out or dearer are as at first in a fresh one."""
        if self._sandbox is not None and len(self._sandbox.state()["reservations"]) > STALE:
            self._stop()
        if self._sandbox is None:
            self._sandbox = SandboxProcess(now=BEFORE_SEASON)
        return self._sandbox

    def close(self) -> None:
        """End the sandbox and leave the pace of reads as it was."""
        retry.FIRST_WAIT = self._first_wait
        self._stop()

    def _stop(self) -> None:
        if self._sandbox is not None:
            self._sandbox.stop()
            self._sandbox = None
