"""Server time: narrowed by every answer, carried by a clock that nobody sets (F18, F33)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from korus_tui.counter.core import clock as module
from korus_tui.counter.core.clock import ServerClock

TRUE_START = datetime(2025, 1, 29, 8, 0, tzinfo=UTC).timestamp()


class Machine:
    """A machine whose boot clock runs, whose wall clock is `host_error` seconds ahead, beside a right server."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, host_error: float = 0.0) -> None:
        self.boot = 1000.0
        self.host_error = host_error
        monkeypatch.setattr(module.time, "clock_gettime", self._read)
        self.clock = ServerClock()

    def _read(self, which: int) -> float:
        return self.boot if which == module.time.CLOCK_BOOTTIME else self.true + self.host_error

    @property
    def true(self) -> float:
        """The right time, in POSIX seconds."""
        return TRUE_START + self.boot - 1000.0

    def ask(self, there: float = 0.05, back: float = 0.05, server_error: float = 0.0) -> None:
        """One request: its way there and back in seconds; the server writes whole seconds."""
        sent = self.boot
        self.boot += there
        date = datetime.fromtimestamp(int(self.true + server_error), UTC)
        self.boot += back
        self.clock.learn(date, sent, self.boot)

    @property
    def error(self) -> float:
        """How far the estimate is off, in seconds."""
        return self.clock.now().timestamp() - self.true


def test_before_the_first_answer_the_host_is_all_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, host_error=3600)
    assert machine.error == pytest.approx(3600)
    assert not machine.clock.known
    assert machine.clock.host_error is None


@pytest.mark.parametrize("host_error", [3600.0, -3600.0, 40 * 86_400.0])
def test_one_answer_corrects_a_wrong_host(monkeypatch: pytest.MonkeyPatch, host_error: float) -> None:
    machine = Machine(monkeypatch, host_error)
    machine.ask()
    assert machine.clock.known
    assert abs(machine.error) < 0.6
    assert machine.clock.host_error == pytest.approx(host_error, abs=0.6)


def test_a_wall_clock_that_is_set_moves_nothing_f33(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch)
    machine.ask()
    before = machine.clock.now()
    machine.host_error = -3600
    assert machine.clock.now() == before
    machine.boot += 3600  # asleep for an hour
    assert machine.clock.now() == before + timedelta(hours=1)


def test_answers_narrow_the_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch)
    for _ in range(40):
        machine.ask()
        machine.boot += 0.37
    assert abs(machine.error) < 0.12


def test_a_slow_answer_does_not_spoil_a_good_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch)
    for _ in range(20):
        machine.ask()
        machine.boot += 0.37
    good = machine.error
    machine.ask(there=0.0, back=30.0)
    machine.ask(there=30.0, back=0.0)
    assert machine.error == pytest.approx(good, abs=0.05)


def test_a_server_whose_clock_was_set_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch)
    machine.ask()
    machine.ask(server_error=-7200)
    assert machine.error == pytest.approx(-7200, abs=0.6)
    machine.ask()
    assert abs(machine.error) < 0.6


@given(
    ways=st.lists(st.tuples(st.floats(0, 5), st.floats(0, 5), st.floats(0, 60)), min_size=1, max_size=30),
    host_error=st.floats(-1e6, 1e6),
)
def test_the_right_time_is_never_outside_what_was_learned(
    ways: list[tuple[float, float, float]], host_error: float
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        machine = Machine(patch, host_error)
        for there, back, pause in ways:
            machine.ask(there, back)
            machine.boot += pause
        best = min(there + back for there, back, _ in ways)
        assert abs(machine.error) <= (1.0 + best) / 2 + 1e-3
