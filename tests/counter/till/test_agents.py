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
from korus_tui.counter.till.agents import AgentRefused, Agents, AgentsUnreadable
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


def test_tries_from_before_a_start_of_the_host_do_not_come_back_later(kept: Agents, now: list[float]) -> None:
    for _try in range(people.FREE_TRIES):
        wrong(kept)
    now[0] = 20.0
    kept._started = 20.0
    assert "Wait" in wrong(kept)
    now[0] = 10_001.0  # the second of the last try, of another boot
    assert kept.check("Léa", PIN)


def test_a_wall_clock_that_is_set_back_shortens_no_wait(kept: Agents, monkeypatch: pytest.MonkeyPatch) -> None:
    for _try in range(people.FREE_TRIES):
        wrong(kept)
    for there in (0.0, 4e9):
        monkeypatch.setattr("time.time", lambda there=there: there)
        assert "Wait" in wrong(kept)


def test_the_right_pin_of_one_is_not_that_of_another_who_waits(kept: Agents, now: list[float]) -> None:
    kept.reset("Bob", "975319")
    for _try in range(people.FREE_TRIES):
        wrong(kept)
    now[0] += 3.1
    assert kept.check("Bob", "975319").name == "Bob"
    with pytest.raises(AgentRefused, match="Wait"):
        kept.check("Léa", "975319")


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


@pytest.mark.parametrize(
    "other",
    [
        *(
            "ADA",
            "Аda",
            "аdа",
            "Ada ",
            "A\u200bda",
            "Ａｄａ",
            "Αda",
            "A da",
            " ada",
            "Ada\u00a0",
            "Ad\u00ada",
            "Ad\u202ea",
        ),
        *(
            "Ad\u2800a",
            "Ada\u20d0",
            "A\u1ab0da",
            "Ada\u064b",
            "Ada\u0e31",
            "ᎪᎠᎪ",
            "ꓮꓓꓮ",
            "ⲁda",
            "Ad\u034fa",
            "Ad\u200fa",
        ),
        *("𝐀da", "Ⓐda", "Ada\ufeff", "Ad\u2060a", "Ad\u0430", "Ad\u200da", "Ada\u3164", "ᴀda", "Ad\ufe0fa"),
    ],
)
def test_names_that_look_alike_are_the_same(other: str) -> None:
    assert alike("Ada", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("Bill", "BiIl"), ("Bill", "Bi1l"), ("Olga", "0lga"), ("Léa", "Le\u0301a"), ("Anna", "Αηηа"), ("Kim", "Κіm")),
        *(("Max", "Мах"), ("Rose", "Rоѕе"), ("Mio", "Міο"), ("O'Hara", "O’Hara"), ("Jean-Luc", "Jean‑Luc")),
        *(("Weiß", "WEISS"), ("Ilya", "llya"), ("İlya", "ilya"), ("Lou", "ⅼou"), ("HANS", "ΗΑΝS")),
    ],
)
def test_other_letters_that_look_the_same_are_the_same(one: str, other: str) -> None:
    assert alike(one, other)


# Marks are letters there: Hindi, Thai, Hebrew.
OTHERS = [("Ada", "Eda"), ("Léa", "Lea"), ("Jean Paul", "Jean Pol"), ("कि", "कु"), ("กิ", "กุ"), ("שָ", "שֵ")]


@pytest.mark.parametrize(("one", "other"), [*OTHERS, ("Max", "Mia")])
def test_names_that_differ_are_two(one: str, other: str) -> None:
    assert not alike(one, other)


def test_the_files_are_their_owners_alone(kept: Agents, tmp_path: Path) -> None:
    assert {file.name for file in tmp_path.iterdir()} == {people.FILE, people.LOCK}
    assert all(os.stat(file).st_mode & 0o077 == 0 for file in tmp_path.iterdir())


def gone(folder: Path) -> None:
    (folder / people.FILE).unlink()


def link(folder: Path) -> None:
    (folder / people.FILE).rename(folder / "elsewhere")
    (folder / people.FILE).symlink_to(folder / "elsewhere")


def hanging(folder: Path) -> None:
    gone(folder)
    (folder / people.FILE).symlink_to(folder / "nowhere")


def open_to_all(folder: Path) -> None:
    (folder / people.FILE).chmod(0o644)


def text(said: str) -> Callable[[Path], object]:
    return lambda folder: (folder / people.FILE).write_text(said)


def with_(field: str, value: object) -> Callable[[Path], object]:
    """As the program wrote it but for one value."""

    def spoil(folder: Path) -> None:
        file = folder / people.FILE
        first, *others = json.loads(file.read_text())
        file.write_text(json.dumps([{**first, field: value}, *others]))

    return spoil


def a_folder(folder: Path) -> None:
    gone(folder)
    (folder / people.FILE).mkdir(0o700)


def a_pipe(folder: Path) -> None:
    gone(folder)
    os.mkfifo(folder / people.FILE, 0o600)


SPOILT = {
    "gone": gone,
    "a link": link,
    "a link to nothing": hanging,
    "open to all": open_to_all,
    "empty": text(""),
    "nobody in it": text("[]"),
    "no list": text("null"),
    "cut off": text('[{"name": "L'),
    "of another kind": text('[{"name": 1}]'),
    "without end": text("[" * 100_000),
    "a name that is none": with_("name", 5),
    "a name of half a sign": with_("name", "\ud800"),
    "a salt that is none": with_("salt", "zz"),
    "a hash that is none": with_("hash", 7),
    "a cost that is none": with_("cost", 3),
    "a cost beyond memory": with_("cost", 2**24),
    "tries that are none": with_("wrong", "3"),
    "a time that is none": with_("tried_at", 10**400),
    "no time at all": with_("tried_at", float("nan")),
    "a role that is none": with_("supervisor", "no"),
    "not text": lambda folder: (folder / people.FILE).write_bytes(b"\xff\xfe\x00"),
    "a folder": a_folder,
    "a pipe": a_pipe,
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_file_of_agents_lets_nobody_in_f83(kept: Agents, tmp_path: Path, how: str) -> None:
    """F83: neither with a PIN nor as the first one; and nothing of it is overwritten."""
    assert kept.there
    SPOILT[how](tmp_path)
    assert kept.there
    for attempt in (
        lambda: kept.check("Léa", PIN),
        lambda: kept.add_first("Eve", PIN),
        lambda: kept.add("Eve", PIN, supervisor=True),
        lambda: kept.reset("Léa", "135713"),
        kept.all,
    ):
        with pytest.raises((AgentsUnreadable, AgentRefused)):
            attempt()
    again = Agents(tmp_path, boot_seconds)
    again.expect()
    assert again.there
    with pytest.raises(AgentsUnreadable):
        again.add_first("Eve", PIN)


def test_the_settings_let_somebody_be_the_first_again(kept: Agents, tmp_path: Path) -> None:
    again = Agents(tmp_path, boot_seconds, begin_anew=True)
    again.expect()
    with pytest.raises(AgentRefused, match="by now"):
        again.add_first("Eve", PIN)
    gone(tmp_path)
    assert not again.there
    assert again.add_first("Eve", PIN).supervisor
    assert again.there


def test_two_who_come_first_at_once_are_one(tmp_path: Path) -> None:
    said = eight(first, tmp_path)
    assert said.count(True) == 1
    assert len(Agents(tmp_path, boot_seconds).all()) == 1


def first(folder: Path, number: int) -> bool:
    try:
        return Agents(folder, boot_seconds).add_first(f"Agent {'ABCDEFGH'[number]}", PIN).supervisor
    except AgentRefused:
        return False
