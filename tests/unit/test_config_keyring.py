"""Secrets in the system's keyring: where there is one, where it does not open, and where there is none."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from korus_tui.config.credentials import CredentialsOpen, Secrets, save_profile, secrets_of
from korus_tui.config.paths import Paths
from korus_tui.config.secret import Secret
from korus_tui.config.settings import Profile, load

PROFILE = Profile("https://api.example.org", client_id="north-gate", secrets="keyring")


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.below(tmp_path)


@pytest.fixture
def vault() -> Iterator[dict[tuple[str, str], str]]:
    """What a keyring in memory keeps, by service and account; it is the library's chosen one meanwhile."""
    keyring = pytest.importorskip("keyring")
    backend = pytest.importorskip("keyring.backend")
    kept: dict[tuple[str, str], str] = {}

    class Memory(backend.KeyringBackend):  # type: ignore[misc, name-defined]
        priority: ClassVar[float] = 5

        def get_password(self, service: str, username: str) -> str | None:
            return kept.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            kept[service, username] = password

        def delete_password(self, service: str, username: str) -> None:
            del kept[service, username]

    before = keyring.get_keyring()
    keyring.set_keyring(Memory())
    yield kept
    keyring.set_keyring(before)


def test_a_profile_is_saved_to_the_keyring_and_read_from_it(paths: Paths, vault: dict[tuple[str, str], str]) -> None:
    vault["korus-tui", "north:token"] = "an old token"
    save_profile(paths, "north", PROFILE, Secrets(client_secret=Secret("s3cr3t")))
    assert vault == {("korus-tui", "north:client_secret"): "s3cr3t"}
    assert not paths.credentials_file.exists()
    assert "s3cr3t" not in paths.settings_file.read_text(encoding="utf-8")
    found = secrets_of("north", paths, "keyring")
    assert found == Secrets(client_secret=Secret("s3cr3t"))
    assert found.kept_in == "keyring"
    assert secrets_of("south", paths, "keyring") == Secrets()


def test_the_environment_goes_before_the_keyring(
    paths: Paths, vault: dict[tuple[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    vault["korus-tui", "north:client_secret"] = "s3cr3t"
    monkeypatch.setenv("KORUS_TOKEN", "t0k3n")
    assert secrets_of("north", paths, "keyring") == Secrets(token=Secret("t0k3n"))


def test_a_keyring_that_does_not_open_is_named_without_what_it_said(
    paths: Paths, vault: dict[tuple[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring = pytest.importorskip("keyring")
    errors = pytest.importorskip("keyring.errors")

    def locked(*_: object) -> None:
        raise errors.KeyringLocked("the password was s3cr3t")

    monkeypatch.setattr(keyring.get_keyring(), "get_password", locked)
    with pytest.raises(CredentialsOpen) as refused:
        secrets_of("north", paths, "keyring")
    assert "KeyringLocked" in str(refused.value)
    assert "s3cr3t" not in str(refused.value) + refused.value.advice
    assert refused.value.__cause__ is None


def test_a_headless_host_has_none(paths: Paths) -> None:
    keyring = pytest.importorskip("keyring")
    fail = pytest.importorskip("keyring.backends.fail")
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    try:
        for use in _uses(paths):
            with pytest.raises(CredentialsOpen, match="this host has no keyring"):
                use()
    finally:
        keyring.set_keyring(before)
    assert not paths.settings_file.exists()


def test_without_the_extra_it_says_how_to_have_it(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    for use in _uses(paths):
        with pytest.raises(CredentialsOpen, match=r"pip install 'korus-tui\[keyring\]'") as refused:
            use()
        assert "credentials file" in refused.value.advice
    assert not paths.settings_file.exists()


def _uses(paths: Paths) -> tuple[Any, Any]:
    """Reading secrets, and keeping them."""
    return (
        lambda: secrets_of("north", paths, "keyring"),
        lambda: save_profile(paths, "north", PROFILE, Secrets(client_secret=Secret("s3cr3t"))),
    )


def test_a_profile_saved_again_keeps_what_else_its_table_says(paths: Paths) -> None:
    paths.config.mkdir()
    text = '[profiles.north]\nserver = "https://old.example.org"\ntill = "till 3"  # the door\ntheme = "korus-light"\n'
    paths.settings_file.write_text(text, encoding="utf-8")
    save_profile(paths, "north", Profile("https://api.example.org", till="till 3"), Secrets(token=Secret("t")))
    saved = paths.settings_file.read_text(encoding="utf-8")
    assert 'theme = "korus-light"' in saved
    settings, notes = load(paths)
    assert notes == ()
    assert settings.theme == "korus-light"
    assert settings.chosen() == ("north", Profile("https://api.example.org", till="till 3"))


@pytest.mark.parametrize("entry", ['north = "s3cr3t"', "[north]\nclient_secret = 73", "[north]\ntoken = ['s3cr3t']"])
def test_credentials_of_another_shape_are_refused_without_quoting_them(paths: Paths, entry: str) -> None:
    paths.config.mkdir()
    paths.credentials_file.write_text(entry + "\n", encoding="utf-8")
    paths.credentials_file.chmod(0o600)
    with pytest.raises(CredentialsOpen, match="must be a table of texts") as refused:
        secrets_of("north", paths)
    assert "s3cr3t" not in str(refused.value)
