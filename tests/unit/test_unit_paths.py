"""Where the program's files are, and names that mean nothing to a shell."""

from __future__ import annotations

import asyncio
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from korus_tui.config.paths import HOME_VARIABLE, Paths, private_folder
from korus_tui.journal import Journal
from korus_tui.journal.place import place_of
from korus_tui.sale.events import SaleOpened
from korus_tui.sale.values import Mode
from korus_tui.text.files import safe_name


def test_one_variable_moves_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    paths = Paths.standard()
    files = [paths.settings_file, paths.credentials_file, place_of(paths.data, "till 1"), paths.log_file, paths.cache]
    assert all(tmp_path in file.parents for file in files)
    assert paths.site is None
    assert list(tmp_path.iterdir()) == []


def test_without_it_the_platform_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(HOME_VARIABLE)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "etc"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    paths = Paths.standard()
    assert paths.config == tmp_path / "etc" / "korus-tui"
    assert paths.data == tmp_path / "share" / "korus-tui"
    assert paths.site is not None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("till 1", "till-1"),
        ("../../etc/passwd", "etc-passwd"),
        ("-rf", "rf"),
        ("$(reboot);`id`|&<>", "reboot---id"),
        ("", "unnamed"),
        ("...", "unnamed"),
        ("guichet é", "guichet"),
    ],
)
def test_a_safe_name_f74(text: str, name: str) -> None:
    """F74"""
    assert safe_name(text) == name


@given(st.text())
def test_any_text_makes_a_plain_file_name(text: str) -> None:
    name = safe_name(text)
    assert 1 <= len(name) <= 80
    assert name.isascii()
    assert name[0] not in "-."
    assert all(sign.isalnum() or sign in "._-" for sign in name)
    assert Path(name).name == name


@given(st.lists(st.text(alphabet="ab1 -._é窓", max_size=6), min_size=2, max_size=2, unique=True))
def test_no_two_tills_share_a_journal(tills: list[str]) -> None:
    first, second = (place_of(Paths.below(Path("/nowhere")).data, till) for till in tills)
    assert first != second


def _journal_as_before(file: Path, till: str) -> None:
    """A journal under the name that it had when several tills' names could come to the same."""
    with Journal.open(file) as journal:
        opened = SaleOpened("KT11-1111-1111", "/catalogs/1", Mode.LIVE, "en")
        asyncio.run(journal.append("KT11-1111-1111", [opened], at=datetime.now(UTC), agent="Ada", till=till))


@pytest.mark.parametrize(("mine", "other"), [("till 1", "till-1"), ("till-1", "till 1"), ("guichet é", "guichet à")])
def test_a_journal_from_before_is_found_by_its_own_till_alone(tmp_path: Path, mine: str, other: str) -> None:
    paths = Paths.below(tmp_path)
    old = paths.data / f"{safe_name(mine)}.journal"
    _journal_as_before(old, mine)
    assert place_of(paths.data, mine) == old
    assert place_of(paths.data, other) != old
    Journal.open(place_of(paths.data, other)).close()
    assert place_of(paths.data, mine) == old
    assert place_of(paths.data, other) != old


def test_a_journal_that_cannot_say_whose_it_is_is_not_passed_over(tmp_path: Path) -> None:
    paths = Paths.below(tmp_path)
    old = paths.data / f"{safe_name('till-1')}.journal"
    old.parent.mkdir()
    old.write_bytes(b"no journal" * 1000)
    assert place_of(paths.data, "till-1") == old


def test_a_private_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    made = private_folder(tmp_path / "data")
    assert stat.S_IMODE(os.stat(made).st_mode) == 0o700
    assert private_folder(made) == made
