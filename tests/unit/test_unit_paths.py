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

from korus_tui.config.paths import HOME_VARIABLE, Paths, private_folder, write_private
from korus_tui.journal.place import place_of
from korus_tui.journal.store import Journal
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


@pytest.mark.parametrize("there", ["a link", "a dangling link", "a hard link", "nothing"])
def test_a_file_in_a_shared_folder_is_written_through_no_link(tmp_path: Path, there: str) -> None:
    """Also whatever the umask is: the file is its owner's alone."""
    shared, theirs = tmp_path / "shared", tmp_path / "theirs"
    shared.mkdir()
    file = shared / "ticket.pdf"
    if there != "a dangling link":
        theirs.write_bytes(b"theirs")
    if there in {"a link", "a dangling link"}:
        file.symlink_to(theirs)
    elif there == "a hard link":
        file.hardlink_to(theirs)
    before = os.umask(0)
    try:
        write_private(file, b"ours")
    finally:
        os.umask(before)
    assert (file.is_symlink(), file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (False, b"ours", 0o600)
    assert not theirs.exists() if there == "a dangling link" else theirs.read_bytes() == b"theirs"
    assert list(shared.iterdir()) == [file]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_folder_that_somebody_else_turned_into_a_link_is_refused(
    tmp_path: Path,
) -> None:
    (tmp_path / "private").mkdir()
    link = tmp_path / "tickets"
    link.symlink_to(tmp_path / "private")
    write_private(link / "mine.pdf", b"ours")  # who makes a link of their own folder means it
    os.chown(link, 12345, 12345, follow_symlinks=False)
    with pytest.raises(OSError, match="symbolic links"):
        write_private(link / "theirs.pdf", b"ours")
    assert [one.name for one in (tmp_path / "private").iterdir()] == ["mine.pdf"]
