"""The parts of one running sandbox, handed to every call."""

from __future__ import annotations

from dataclasses import dataclass

from korus_tui.sandbox.auth import Tokens
from korus_tui.sandbox.clock import SandboxClock
from korus_tui.sandbox.generations import GENERATIONS, Generation
from korus_tui.sandbox.options import SandboxOptions
from korus_tui.sandbox.state import State
from korus_tui.sandbox.stock import Stock
from korus_tui.sandbox.storage import Storage
from korus_tui.sandbox.tutorial import held_before, replays
from korus_tui.sandbox.world import World


@dataclass
class Context:
    """One sandbox: options, clock, catalog, state, tokens and document storage."""

    options: SandboxOptions
    clock: SandboxClock
    world: World
    state: State
    stock: Stock
    tokens: Tokens
    storage: Storage
    base_url: str = ""

    @property
    def generation(self) -> Generation:
        """The documented version that is spoken."""
        return GENERATIONS[self.options.generation]

    @property
    def replays_tutorial(self) -> bool:
        """Whether the tutorial's own identifiers and amounts are answered."""
        return replays(self.clock.start)


def build(options: SandboxOptions) -> Context:
    """A sandbox that is ready to be served."""
    clock = SandboxClock(options.now, options.freeze)
    world = World(options.seed, clock)
    state = State(clock, options.listing_seconds, options.state_file)
    box = Context(options, clock, world, state, Stock(world, state), Tokens(options, clock), Storage(options, clock))
    if box.replays_tutorial and not state.reservations:
        state.hold(held_before(options.hold_seconds))
    return box
