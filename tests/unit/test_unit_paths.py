"""Where the program's files are, and names that mean nothing to a shell."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from korus_tui.paths import HOME_VARIABLE, Paths, private_folder, safe_name


def test_one_variable_moves_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    paths = Paths.standard()
    files = [paths.settings_file, paths.credentials_file, paths.journal_file("till 1"), paths.log_file, paths.cache]
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


def test_a_private_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    made = private_folder(tmp_path / "data")
    assert stat.S_IMODE(os.stat(made).st_mode) == 0o700
    assert private_folder(made) == made
