"""What machines share that run one after the other: the server, the offers on it, and what was covered."""

from __future__ import annotations

from fidelity.description import GENERATIONS
from machine_faults import BY_THE_SHOP, EVERYTHING, Coverage
from machine_plain import PlainWorld
from sandbox_process import SandboxProcess
from till import BEFORE_SEASON

from korus_tui.api import retry
from korus_tui.sale.values import Line

PLAIN_GENERATIONS = ("tutorial", "1.0.4", "1.0.7", "1.0.19", "release")
STALE = 250  # reservations at a sandbox after which a fresh one is started: each step reads them all


Server = SandboxProcess | PlainWorld


class World:
    """The servers that several machines use one after the other, and what was covered so far.

    `plain`: the second world in place of the sandbox. `elsewhere` is another server, at which nothing of ours is.
    """

    def __init__(self, *, plain: bool = False) -> None:
        self.plain = plain
        self.generations = PLAIN_GENERATIONS if plain else GENERATIONS
        everything = (*EVERYTHING, *BY_THE_SHOP) if plain else EVERYTHING
        self.coverage = Coverage((*everything, *self.generations))
        self.elsewhere = PlainWorld()
        self._first_wait, retry.FIRST_WAIT = retry.FIRST_WAIT, 0.02  # seconds: what is read again is read soon
        self.templates: dict[str, list[Line]] = {}  # by generation: offers have other addresses at another server
        self.failures: list[Exception] = []
        self._servers: dict[str, Server] = {}

    def generation(self, choice: int) -> str:
        """One of those that were met least, so that a short run meets them all."""
        found = sorted(self.generations, key=lambda one: self.coverage.met[one])[choice % 2]
        self.coverage.met[found] += 1
        return found

    def server(self, generation: str) -> Server:
        """A running one; offers that were sold out or dearer are as at first in a fresh one."""
        found = self._servers.get(generation)
        if found is not None and len(found.state()["reservations"]) > STALE:
            self._stop(generation)
        if generation not in self._servers:
            made = PlainWorld(generation) if self.plain else SandboxProcess(now=BEFORE_SEASON, generation=generation)
            self._servers[generation] = made
        return self._servers[generation]

    def close(self) -> None:
        """End the servers and leave the pace of reads as it was."""
        retry.FIRST_WAIT = self._first_wait
        self.elsewhere.stop()
        for generation in list(self._servers):
            self._stop(generation)

    def _stop(self, generation: str) -> None:
        self._servers.pop(generation).stop()
        self.templates.pop(generation, None)
