"""Settings and credentials: whatever is wrong is named with its file and line, and costs only itself (F38)."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from korus_tui.config.credentials import (
    SECRET_VARIABLE,
    TOKEN_VARIABLE,
    CredentialsOpen,
    Secrets,
    save_profile,
    secrets_of,
)
from korus_tui.config.paths import Paths
from korus_tui.config.secret import Secret
from korus_tui.config.settings import Limits, Note, Profile, Settings, WalkIn, address_refusal, load, origin_of

GOOD = """\
# the box office at the north gate
theme = "korus-light"
profile = "north"

[limits]
gate_cash = 120  # the manager's wish

[profiles.north]
server = "https://api.example.org"
token_endpoint = "https://auth.example.org/token"
client_id = "north-gate"
till = "till 3"

[profiles.north.walk_in]
first_name = "Walk-in"
last_name = "Customer"
email = "walk-in@example.org"
"""


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    made = Paths.below(tmp_path)
    made.config.mkdir()
    return made


@contextlib.contextmanager
def plain_user() -> Iterator[None]:
    """Root may read everything: give its rights up, so that permissions count."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def _load(paths: Paths, text: str) -> tuple[Settings, tuple[Note, ...]]:
    paths.settings_file.write_text(text, encoding="utf-8")
    return load(paths)


def test_no_file_is_the_defaults_and_nothing_is_wrong(paths: Paths) -> None:
    assert load(paths) == (Settings(), ())
    assert Settings().chosen() is None


def test_what_is_written_is_read(paths: Paths) -> None:
    settings, notes = _load(paths, GOOD)
    assert notes == ()
    assert settings.theme == "korus-light"
    assert settings.limits == Limits(gate_cash=120)
    chosen = settings.chosen()
    assert chosen is not None
    name, profile = chosen
    assert (name, profile.till) == ("north", "till 3")
    assert profile.walk_in == WalkIn("Walk-in", "Customer", "walk-in@example.org")


@pytest.mark.parametrize("change", [lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n")], ids=["BOM", "CRLF"])
def test_bom_and_crlf_are_no_fault_f38(paths: Paths, change: object) -> None:
    assert callable(change)
    paths.settings_file.write_bytes(change(GOOD).encode())
    settings, notes = load(paths)
    assert notes == ()
    assert settings.chosen() is not None


@pytest.mark.parametrize(
    ("old", "new", "line", "word"),
    [
        ("theme =", "them =", 2, "them"),
        ("gate_cash = 120", "gate_cahs = 120", 6, "limits.gate_cahs"),
        ('till = "till 3"', 'tilll = "till 3"', 12, "profiles.north.tilll"),
        ('first_name = "Walk-in"', 'first_name = "Walk-in"\nnick = "W"', 16, "profiles.north.walk_in.nick"),
    ],
)
def test_an_unknown_key_is_named_and_costs_nothing_f38(paths: Paths, old: str, new: str, line: int, word: str) -> None:
    settings, notes = _load(paths, GOOD.replace(old, new))
    assert [(note.file, note.line) for note in notes] == [(paths.settings_file, line)]
    assert word in notes[0].words
    assert str(notes[0]).startswith(f"{paths.settings_file}, line {line}: ")
    assert settings.chosen() is not None


@pytest.mark.parametrize(
    ("old", "new", "line", "word"),
    [
        ('theme = "korus-light"', 'theme = "pink"', 2, "theme"),
        ('theme = "korus-light"', "theme = 7", 2, "theme"),
        ("gate_cash = 120", 'gate_cash = "two minutes"', 6, "gate_cash"),
        ("gate_cash = 120", "gate_cash = -1", 6, "gate_cash"),
        ("gate_cash = 120", "gate_cash = true", 6, "gate_cash"),
        ('till = "till 3"', "till = 3", 12, "till"),
        ('email = "walk-in@example.org"', 'email = "nowhere"', 14, "walk_in"),
    ],
)
def test_a_wrong_value_is_named_and_costs_only_itself_f38(
    paths: Paths, old: str, new: str, line: int, word: str
) -> None:
    settings, notes = _load(paths, GOOD.replace(old, new))
    assert [(note.file, note.line) for note in notes] == [(paths.settings_file, line)]
    assert word in notes[0].words
    chosen = settings.chosen()
    assert chosen is not None
    assert chosen[1].server == "https://api.example.org"


@pytest.mark.parametrize(
    "server",
    [
        '"http://api.example.org"',
        '"ftp://api.example.org"',
        '"https://user:pw@api.example.org"',
        '"https://api.example.org?x=1"',
        '"https://"',
        "7",
    ],
)
def test_an_unsafe_server_costs_its_profile_alone(paths: Paths, server: str) -> None:
    more = '\n[profiles.south]\nserver = "https://api.example.org"\n'
    settings, notes = _load(paths, GOOD.replace('"https://api.example.org"', server) + more)
    assert notes
    assert all(note.file == paths.settings_file for note in notes)
    assert set(settings.profiles) == {"south"}
    assert "pw" not in " ".join(map(str, notes))


def test_a_broken_file_is_named_with_its_line_f38(paths: Paths) -> None:
    settings, notes = _load(paths, GOOD.replace('client_id = "north-gate"', "client_id = north-gate"))
    assert settings == Settings()
    assert [(note.file, note.line) for note in notes] == [(paths.settings_file, 11)]


def test_a_directory_in_place_of_the_file_is_named_f38(paths: Paths) -> None:
    paths.settings_file.mkdir()
    settings, (note,) = load(paths)
    assert settings == Settings()
    assert note.file == paths.settings_file
    assert "directory" in note.words


def test_a_file_that_is_not_text_is_named_f38(paths: Paths) -> None:
    paths.settings_file.write_bytes(b"theme = \xff\xfe")
    settings, (note,) = load(paths)
    assert settings == Settings()
    assert "UTF-8" in note.words


def test_a_file_that_cannot_be_read_is_named_f38() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        paths = Paths.below(Path(folder))
        paths.config.mkdir(mode=0o755)
        paths.settings_file.write_text(GOOD, encoding="utf-8")
        paths.settings_file.chmod(0o000)
        with plain_user():
            settings, (note,) = load(paths)
    assert settings == Settings()
    assert "ermission denied" in note.words


def test_the_users_file_goes_before_the_sites(paths: Paths, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "settings.toml").write_text('theme = "korus-light"\n[limits]\ngate_cash = 60\ngate_card = 61\n', "utf-8")
    both = Paths(paths.config, paths.data, paths.cache, paths.log, site)
    both.settings_file.write_text("[limits]\ngate_card = 99\n", encoding="utf-8")
    settings, notes = load(both)
    assert notes == ()
    assert settings.theme == "korus-light"
    assert settings.limits == Limits(gate_cash=60, gate_card=99)


def test_a_fault_of_the_sites_file_is_named_there(paths: Paths, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "settings.toml").write_text("\ncolour = 1\n", encoding="utf-8")
    both = Paths(paths.config, paths.data, paths.cache, paths.log, site)
    both.settings_file.write_text(GOOD, encoding="utf-8")
    _settings, (note,) = load(both)
    assert (note.file, note.line) == (site / "settings.toml", 2)


def test_the_profile_is_chosen_by_command_line_then_environment_then_file(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = GOOD + '\n[profiles.south]\nserver = "https://api.example.org"\n'
    assert _load(paths, text)[0].profile == "north"
    monkeypatch.setenv("KORUS_PROFILE", "south")
    assert load(paths)[0].profile == "south"
    assert load(paths, profile="north")[0].profile == "north"
    unknown, _notes = load(paths, profile="west")
    assert unknown.chosen() is None


@pytest.mark.parametrize("address", ["http://127.0.0.1:8900", "http://localhost:1", "http://[::1]:2", "https://a.b/c"])
def test_an_address_that_is_safe_to_send_a_secret_to(address: str) -> None:
    assert address_refusal(address) is None


@pytest.mark.parametrize("address", ["", "api.example.org", "https://a:99999", "https://[::1", "http://127.0.0.1.evil"])
def test_an_address_that_is_not(address: str) -> None:
    assert address_refusal(address)


# Secrets


def _credentials(paths: Paths, text: str, mode: int = 0o600) -> None:
    paths.credentials_file.write_text(text, encoding="utf-8")
    paths.credentials_file.chmod(mode)


def test_secrets_come_from_the_private_file(paths: Paths) -> None:
    assert secrets_of("north", paths) == Secrets()
    _credentials(paths, '[north]\nclient_secret = "s3cr3t"\n')
    assert secrets_of("north", paths) == Secrets(client_secret=Secret("s3cr3t"))
    assert secrets_of("south", paths) == Secrets()
    assert "s3cr3t" not in repr(secrets_of("north", paths)) + str(secrets_of("north", paths))


def test_the_environment_goes_before_the_file(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    _credentials(paths, '[north]\nclient_secret = "s3cr3t"\n')
    monkeypatch.setenv(TOKEN_VARIABLE, "t0k3n")
    assert secrets_of("north", paths) == Secrets(token=Secret("t0k3n"))
    monkeypatch.setenv(SECRET_VARIABLE, "other")
    assert secrets_of("north", paths) == Secrets(Secret("other"), Secret("t0k3n"))


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_credentials_that_others_can_read_are_refused_f38(paths: Paths, mode: int) -> None:
    _credentials(paths, '[north]\nclient_secret = "s3cr3t"\n', mode)
    with pytest.raises(CredentialsOpen) as refused:
        secrets_of("north", paths)
    assert str(paths.credentials_file) in str(refused.value)
    assert "chmod 600" in str(refused.value)


@pytest.mark.parametrize("text", ["[north", '[north]\nclient_secret = "s3cr3t\n', "client_secret = s3cr3t"])
def test_broken_credentials_are_refused_without_quoting_them_f38(paths: Paths, text: str) -> None:
    _credentials(paths, text)
    with pytest.raises(CredentialsOpen) as refused:
        secrets_of("north", paths)
    assert "s3cr3t" not in str(refused.value)
    assert str(paths.credentials_file) in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_directory_in_place_of_the_credentials_is_refused_f38(paths: Paths) -> None:
    paths.credentials_file.mkdir(mode=0o700)
    with pytest.raises(CredentialsOpen):
        secrets_of("north", paths)


# Writing a profile


def test_a_saved_profile_keeps_what_the_user_wrote(paths: Paths) -> None:
    paths.settings_file.write_text(GOOD, encoding="utf-8")
    _credentials(paths, '[north]\nclient_secret = "old"\n')
    profile = Profile("https://demo.example.org", client_id="south", walk_in=WalkIn("W", "C", "w@example.org"))
    save_profile(paths, "south", profile, Secrets(client_secret=Secret("s3cr3t")))
    text = paths.settings_file.read_text(encoding="utf-8")
    assert "# the box office at the north gate" in text
    assert "# the manager's wish" in text
    assert "s3cr3t" not in text
    settings, notes = load(paths)
    assert notes == ()
    assert settings.chosen() == ("south", profile)
    assert settings.profiles["north"].till == "till 3"
    assert settings.limits == Limits(gate_cash=120)
    assert secrets_of("north", paths) == Secrets(Secret("old"))
    assert secrets_of("south", paths) == Secrets(Secret("s3cr3t"))


def test_the_first_profile_makes_private_files(tmp_path: Path) -> None:
    paths = Paths.below(tmp_path / "new")
    save_profile(paths, "only", Profile("https://api.example.org"), Secrets(token=Secret("t0k3n")))
    for file in (paths.settings_file, paths.credentials_file):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(paths.config.stat().st_mode) == 0o700
    assert sorted(one.name for one in paths.config.iterdir()) == ["credentials.toml", "settings.toml"]
    settings, notes = load(paths)
    assert (settings.chosen(), notes) == (("only", Profile("https://api.example.org")), ())


def test_a_key_before_tables_stays_there(paths: Paths) -> None:
    """A plain key written after a table would belong to the table."""
    paths.settings_file.write_text("[limits]\ngate_cash = 60\n", encoding="utf-8")
    save_profile(paths, 'a "quoted" näme', Profile("https://api.example.org"), Secrets())
    settings, notes = load(paths)
    assert notes == ()
    assert settings.profile == 'a "quoted" näme'
    assert settings.limits.gate_cash == 60


def test_credentials_that_cannot_be_read_are_not_overwritten(paths: Paths) -> None:
    _credentials(paths, "[north\n")
    with pytest.raises(CredentialsOpen):
        save_profile(paths, "south", Profile("https://api.example.org"), Secrets(token=Secret("t")))
    assert paths.credentials_file.read_text(encoding="utf-8") == "[north\n"
    assert not paths.settings_file.exists()


@pytest.mark.parametrize("value", ["Ada\x1b[31m", "Ada\x07", "Ada\u202e", "Ada\x9b31m", "Ada\nBob"])
def test_a_variable_that_a_terminal_would_obey_is_left_out_f71(
    value: str, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KORUS_AGENT", value)
    loaded, notes = _load(paths, '[profiles.p]\nserver = "https://api.example"\nagent = "Léa"\n')
    assert loaded.profiles["p"].agent == "Léa"
    assert [("AGENT" in str(note), str(note).isprintable()) for note in notes] == [(True, True)]


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://API.example:443/", "https://api.example"),
        ("http://127.0.0.1:7400", "http://127.0.0.1:7400"),
        ("http://127.0.0.1:7400/demo/", "http://127.0.0.1:7400/demo"),
    ],
)
def test_two_apis_of_one_host_are_told_apart_by_their_paths_f81(address: str, origin: str) -> None:
    assert origin_of(address) == origin
