"""Agent actions × faults × restarts at two tills of one account, in two worlds: nothing is lost, nothing sold twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from machine_counter import Counter
from machine_faults import Coverage
from machine_world import World

Record = Callable[[str, object], None]


def run_machines(examples: int, steps: int, number: int, *, plain: bool) -> Coverage:
    """Run `examples` pairs of tills of `steps` steps each, and return what was covered."""
    print(f"seed {number}, {'the plain world' if plain else 'the sandbox'}")  # noqa: T201
    world = World(plain=plain)
    try:
        _run(world, examples, steps, number)
        for more in range(1, 4):  # what was not met by chance is the rarest now: a few more tills meet it
            if world.coverage.never:
                _run(world, 2, steps, number + 100 * more)
    finally:
        world.close()
    return world.coverage


def _run(world: World, examples: int, steps: int, number: int) -> None:
    machine = type("Counter", (Counter,), {"world": world})
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    try:
        run_state_machine_as_test(seed(number)(machine), settings=chosen)
    except Exception as error:
        raise (world.failures or [error])[0] from error


def report(coverage: Coverage, record: Record) -> None:
    """Put into the test report what was done."""
    record("steps", coverage.steps)
    record("faults met", dict(sorted(coverage.met.items())))
    record("actions", dict(sorted(coverage.actions.items())))


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("number", "plain"), [(1, False), (2, True)], ids=["sandbox", "plain world"])
def test_nothing_is_lost_whatever_fails_f04_f05_f06_f07_f08_f09_f10_f13_f16_f18_f30_f80_f81_f82_f83(
    number: int, plain: bool, record_property: Record
) -> None:
    coverage = run_machines(12, 45, number, plain=plain)
    report(coverage, record_property)
    assert coverage.steps >= 800  # in each of the two worlds
    assert coverage.never == []


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("number", "plain"), [(3, False), (4, True)], ids=["sandbox", "plain world"])
def test_nothing_is_lost_in_many_thousand_steps_f30_f80_f82(number: int, plain: bool, record_property: Record) -> None:
    coverage = run_machines(100, 60, number, plain=plain)
    report(coverage, record_property)
    assert coverage.steps >= 10_000
    assert coverage.never == []
