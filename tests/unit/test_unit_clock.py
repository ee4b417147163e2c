"""Server time: narrowed by every answer, carried by a clock that nobody sets (F18, F33)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from korus_tui.counter.core import clock as module
from korus_tui.counter.core.clock import ServerClock
from korus_tui.sale.money import Money
from korus_tui.sale.values import Hold

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
        date = datetime.fromtimestamp(int(min(self.true + server_error, 2.5e11)), UTC)
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
def test_answers_correct_a_wrong_host(monkeypatch: pytest.MonkeyPatch, host_error: float) -> None:
    """One answer alone may be as wrong as the host: it is told, and believed once there are three."""
    machine = Machine(monkeypatch, host_error)
    for believed in (False, False, True, True):
        machine.ask()
        assert machine.clock.known is believed
        assert abs(machine.error) < 0.6
    assert machine.clock.host_error == pytest.approx(host_error, abs=0.6)


@pytest.mark.parametrize("host_error", [0.0, 200.0, -200.0])
def test_one_answer_that_the_host_bears_out_is_believed(monkeypatch: pytest.MonkeyPatch, host_error: float) -> None:
    machine = Machine(monkeypatch, host_error)
    machine.ask()
    assert machine.clock.known
    assert abs(machine.error) < 0.6


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


def test_a_server_whose_clock_was_trimmed_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch)
    machine.ask()
    machine.ask(server_error=-20)
    assert machine.error == pytest.approx(-20, abs=0.6)
    machine.ask()
    assert abs(machine.error) < 0.6


def test_a_server_whose_clock_was_set_is_followed_once_it_has_said_so_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine = Machine(monkeypatch)
    for _ in range(3):
        machine.ask()
    for _ in range(4):
        machine.ask(server_error=-7200)
        assert abs(machine.error) < 0.6
        assert machine.clock.unsure
        machine.boot += 16
    machine.ask(server_error=-7200)
    assert machine.error == pytest.approx(-7200, abs=0.6)
    assert not machine.clock.unsure


@pytest.mark.parametrize("host_error", [0.0, 3 * 365 * 86_400.0])
@pytest.mark.parametrize(
    "wrong", [3600.0, -3600.0, -365 * 86_400.0, 365 * 86_400.0, 40 * 86_400.0, 8_900 * 365 * 86_400.0]
)
def test_one_wrong_date_between_right_ones_moves_nothing_f90(
    monkeypatch: pytest.MonkeyPatch, host_error: float, wrong: float
) -> None:
    machine = Machine(monkeypatch, host_error)
    for _ in range(3):
        machine.ask()
    for _ in range(20):
        machine.ask(server_error=wrong)
        assert abs(machine.error) < 0.6
        assert machine.clock.known
        machine.ask()
        assert abs(machine.error) < 0.6
        machine.boot += 30


@pytest.mark.parametrize("host_error", [0.0, 7200.0])
def test_a_first_date_that_is_wrong_is_forgotten_f90(monkeypatch: pytest.MonkeyPatch, host_error: float) -> None:
    machine = Machine(monkeypatch, host_error)
    machine.ask(server_error=-365 * 86_400)
    assert not machine.clock.known
    machine.ask()
    machine.ask()
    assert abs(machine.error) < 0.6
    machine.ask()
    assert machine.clock.known


def test_what_begins_wrong_for_seconds_is_corrected_by_the_host_f90(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch)
    for _ in range(10):
        machine.ask(server_error=40 * 86_400)
        machine.boot += 1
        assert not machine.clock.settled
    machine.ask()
    machine.ask()
    assert abs(machine.error) < 0.6


def test_a_wrong_time_settles_only_when_it_lasts_f90(monkeypatch: pytest.MonkeyPatch) -> None:
    """Customers' data is erased by it: the host's clock or an hour has to bear it out."""
    machine = Machine(monkeypatch, host_error=-40 * 86_400)
    for _ in range(59):
        machine.ask()
        machine.boot += 60
        assert not machine.clock.settled
    machine.boot += 120
    machine.ask()
    assert machine.clock.settled
    machine.ask(server_error=7200)
    assert not machine.clock.settled


def _hold(machine: Machine, *, ahead: float = 0.0, life: float = 900.0, took: float = 2.0) -> Hold:
    """A hold that the server made, its clock `ahead`, a moment before the answer came."""
    asked = machine.boot
    machine.boot += took
    made = datetime.fromtimestamp(int(machine.true + ahead), UTC)
    euros = Money.of("40", "EUR")
    hold = Hold("/reservations/a", ("a",), euros, euros, made, made + timedelta(seconds=life))
    machine.clock.anchor(hold, asked)
    return hold


@pytest.mark.parametrize("ahead", [0.0, 3600.0, -3600.0, -365 * 86_400.0])
def test_a_hold_runs_by_its_own_times_whatever_the_server_says_f90(
    monkeypatch: pytest.MonkeyPatch, ahead: float
) -> None:
    machine = Machine(monkeypatch)
    hold = _hold(machine)
    for _ in range(5):
        machine.ask(server_error=ahead)
    left = machine.clock.left(hold)
    assert left is not None
    assert left.total_seconds() == pytest.approx(897.5, abs=0.1)
    machine.boot += 898
    assert (machine.clock.left(hold) or timedelta(1)) < timedelta(0)


def test_a_hold_of_a_server_that_tells_no_time_f90(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, host_error=-3600)
    hold = _hold(machine)
    assert machine.clock.anchored(hold)
    assert not machine.clock.known
    assert machine.clock.unsure
    assert machine.clock.left(hold) == timedelta(seconds=898)


def test_a_hold_of_an_earlier_run_is_unknown_where_the_api_and_the_clock_contradict_each_other_f90(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine = Machine(monkeypatch)
    hold = _hold(machine)
    machine.clock = ServerClock()
    for _ in range(3):
        machine.ask(server_error=3600)
    assert (machine.clock.left(hold) or timedelta(1)) < timedelta(0)
    machine.clock.lives(hold)
    assert machine.clock.left(hold) is None
    assert machine.clock.may_be_over(hold)


@given(
    ways=st.lists(st.tuples(st.floats(0, 5), st.floats(0, 5), st.floats(0, 60)), min_size=3, max_size=30),
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
        assert machine.clock.known
        assert -(1.0 + best) / 2 - 1e-3 <= machine.error <= 1.0 + best


@given(
    before=st.integers(3, 8),
    wrong=st.lists(st.tuples(st.floats(-4e7, 1e8), st.floats(0, 8)), min_size=1, max_size=7),
    host_error=st.floats(-1e6, 1e6),
)
def test_no_wrong_dates_of_a_minute_move_what_was_agreed_on_f90(
    before: int, wrong: list[tuple[float, float]], host_error: float
) -> None:
    """Whatever they say, each something else or all the same: nothing is over and nothing erased by them."""
    with pytest.MonkeyPatch.context() as patch:
        machine = Machine(patch, host_error)
        for _ in range(before):
            machine.ask()
        for error, pause in wrong:
            if abs(error) <= 60 or abs(error - host_error) <= 600:
                continue
            machine.ask(server_error=error)
            assert abs(machine.error) < 0.6
            machine.boot += pause
        machine.ask()
        assert abs(machine.error) < 0.6
        assert machine.clock.known
