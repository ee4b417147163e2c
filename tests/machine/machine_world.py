"""What machines share that run one after the other: the server, the offers on it, and what was covered."""

from __future__ import annotations

from machine_faults import BY_THE_SHOP, EVERYTHING, Coverage
from machine_plain import PlainWorld
from sandbox_process import SandboxProcess
from till import BEFORE_SEASON

from korus_tui.api import retry
from korus_tui.sale.values import Line

STALE = 250  # reservations at a sandbox after which a fresh one is started: each step reads them all


Server = SandboxProcess | PlainWorld


class World:
    """The server that several machines use one after the other, and what was covered so far.

    `plain`: the second world in place of the sandbox. `elsewhere` is another server, at which nothing of ours is.
    """

    def __init__(self, *, plain: bool = False) -> None:
        self.plain = plain
        self.coverage = Coverage((*EVERYTHING, *BY_THE_SHOP) if plain else EVERYTHING)
        self.elsewhere = PlainWorld()
        self._first_wait, retry.FIRST_WAIT = retry.FIRST_WAIT, 0.02  # seconds: what is read again is read soon
        self.templates: list[Line] = []
        self.failures: list[Exception] = []
        self._sandbox: Server | None = None

    def sandbox(self) -> Server:
        """A running one; offers that were sold out or dearer are as at first in a fresh one."""
        if self._sandbox is not None and len(self._sandbox.state()["reservations"]) > STALE:
            self._stop()
        if self._sandbox is None:
            self._sandbox = PlainWorld() if self.plain else SandboxProcess(now=BEFORE_SEASON)
            self.templates = []  # another server's offers have other addresses
        return self._sandbox

    def close(self) -> None:
        """End the sandbox and leave the pace of reads as it was."""
        retry.FIRST_WAIT = self._first_wait
        self.elsewhere.stop()
        self._stop()

    def _stop(self) -> None:
        if self._sandbox is not None:
            self._sandbox.stop()
            self._sandbox = None
