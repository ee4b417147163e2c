"""The agents' file: one for all programs of an account, whatever they do at once."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from korus_tui.counter.core.clock import boot_seconds
from korus_tui.counter.till import agents as people
from korus_tui.counter.till.agents import AgentRefused, Agents
from korus_tui.counter.till.names import alike

PIN, WRONG = "246824", "000000"


@pytest.fixture
def now() -> list[float]:
    return [10_000.0]


@pytest.fixture
def kept(tmp_path: Path, now: list[float]) -> Agents:
    agents = Agents(tmp_path, lambda: now[0])
    for name in ("Léa", "Bob"):
        agents.add(name, PIN, supervisor=False)
    return agents


def wrong(agents: Agents, name: str = "Léa") -> str:
    with pytest.raises(AgentRefused) as refused:
        agents.check(name, WRONG)
    return str(refused.value)


def eight(work: Callable[[Path, int], Any], folder: Path) -> list[Any]:
    """The same work in eight programs that begin at one moment."""
    with multiprocessing.get_context("fork").Pool(8) as pool:
        return pool.starmap(work, [(folder, number) for number in range(8)], chunksize=1)


def guess(folder: Path, _number: int) -> list[str]:
    agents, said = Agents(folder, boot_seconds), []
    for _try in range(3):
        try:
            agents.check("Léa", WRONG)
        except AgentRefused as refused:
            said.append(str(refused))
    return said


def add(folder: Path, number: int) -> str:
    return Agents(folder, boot_seconds).add(f"Agent {'ABCDEFGH'[number]}", PIN, supervisor=False).name


def test_eight_programs_that_guess_at_once_have_the_tries_of_one(tmp_path: Path) -> None:
    Agents(tmp_path, boot_seconds).add("Léa", PIN, supervisor=True)
    said = [one for tries in eight(guess, tmp_path) for one in tries]
    assert len(said) == 24
    assert said.count("Name and PIN do not fit.") == people.FREE_TRIES
    (lea,) = json.loads((tmp_path / people.FILE).read_text())
    assert lea["wrong"] == people.FREE_TRIES


def test_agents_who_are_added_at_once_are_all_there(tmp_path: Path) -> None:
    added = eight(add, tmp_path)
    names = {one.name for one in Agents(tmp_path, boot_seconds).all()}
    assert names == set(added)
    assert len(names) == 8
    assert sum(one.supervisor for one in Agents(tmp_path, boot_seconds).all()) == 1


def test_a_colleagues_mistakes_lock_nobody_else_out_for_more_than_seconds(kept: Agents, now: list[float]) -> None:
    for _try in range(12):
        assert "Wait" not in wrong(kept, "Bob")
        now[0] += 301
    assert "Wait" not in wrong(kept, "Bob")
    now[0] += 3.1
    assert kept.check("Léa", PIN).name == "Léa"
    with pytest.raises(AgentRefused, match="Wait"):
        kept.check("Bob", PIN)


def test_wrong_pins_are_forgotten_with_time_and_by_a_supervisor(kept: Agents, now: list[float]) -> None:
    for _try in range(people.FREE_TRIES):
        wrong(kept)
    assert kept.all()[0].wait > 0
    kept.unlock("Léa")
    assert kept.all()[0].wait == 0
    assert kept.check("Léa", PIN)
    for _try in range(people.FREE_TRIES):
        wrong(kept)
    now[0] += 3 * 900
    assert [wrong(kept) for _ in range(2)] == ["Name and PIN do not fit."] * 2
    assert kept.check("Léa", PIN)


def test_a_start_of_the_host_shortens_no_wait(kept: Agents, now: list[float], tmp_path: Path) -> None:
    for _try in range(people.FREE_TRIES):
        wrong(kept)
    now[0] = 20.0  # its seconds begin anew
    again = Agents(tmp_path, lambda: now[0])
    assert "Wait" in wrong(again)
    now[0] += 5.1
    assert again.check("Léa", PIN)


def test_a_pin_of_an_older_version_is_hashed_anew_when_it_is_right(tmp_path: Path) -> None:
    agents = Agents(tmp_path, boot_seconds)
    agents.add("Léa", PIN, supervisor=True)
    file = tmp_path / people.FILE
    (lea,) = json.loads(file.read_text())
    old = {"name": "Léa", "supervisor": True, "salt": lea["salt"], "wrong": 0}
    old["hash"] = people._hash("2468", lea["salt"], 2**14)
    file.write_text(json.dumps([old]))
    assert agents.check("Léa", "2468").supervisor
    (new,) = json.loads(file.read_text())
    assert new["cost"] > 2**14
    assert agents.check("léa", "2468").name == "Léa"


def test_people_come_change_and_leave(kept: Agents) -> None:
    kept.make("Bob", supervisor=True)
    kept.make("Léa", supervisor=False)
    with pytest.raises(AgentRefused, match="last supervisor"):
        kept.make("Bob", supervisor=False)
    with pytest.raises(AgentRefused, match="last supervisor"):
        kept.leave("Bob")
    assert kept.rename("Léa", "Léa Martin") == "Léa Martin"
    with pytest.raises(AgentRefused, match="looks like"):
        kept.rename("Léa Martin", "bоb")  # with a Cyrillic letter
    kept.leave("Léa Martin")
    with pytest.raises(AgentRefused, match="do not fit"):
        kept.check("Léa Martin", PIN)
    with pytest.raises(AgentRefused, match="looks like"):
        kept.add("Léa Martin", PIN, supervisor=False)
    kept.reset("Léa Martin", "135713")
    assert kept.check("léa martin", "135713").name == "Léa Martin"
    with pytest.raises(AgentRefused, match="6 to 12"):
        kept.reset("Bob", "1234")


@pytest.mark.parametrize("other", ["ADA", "Аda", "аdа", "Ada ", "A\u200bda", "Ａｄａ", "Αda", "A da"])
def test_names_that_look_alike_are_the_same(other: str) -> None:
    assert alike("Ada", other)


@pytest.mark.parametrize(("one", "other"), [("Ada", "Eda"), ("Léa", "Lea"), ("Jean Paul", "Jean Pol"), ("Max", "Mia")])
def test_names_that_differ_are_two(one: str, other: str) -> None:
    assert not alike(one, other)


def test_the_files_are_their_owners_alone(kept: Agents, tmp_path: Path) -> None:
    assert {file.name for file in tmp_path.iterdir()} == {people.FILE, people.LOCK}
    assert all(os.stat(file).st_mode & 0o077 == 0 for file in tmp_path.iterdir())
