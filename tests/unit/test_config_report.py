"""`korus-tui config` as it is called: each value with its origin, what is wrong with its place, and no secret (F38)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SITE = """\
theme = "korus-light"
keep_customer_days = 90

[limits]
gate_cash = 60

[profiles.north]
server = "https://api.example.org"
client_id = "north-gate"
mode = "training"
"""
USER = """\
# what this account says
language = "en"

[profiles.north]
till = "till 3"
print_command = [
    "lp", "-d", "north",
]

[profiles.north.limits]
gate_card = 240

[profiles.south]
server = "https://api.example.org"
theme = "korus-light"
"""


class Host:
    """A host with a site's settings and one account."""

    def __init__(self, root: Path) -> None:
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(root),
            "LANG": "C.UTF-8",
            "XDG_CONFIG_DIRS": str(root / "xdg"),
            "XDG_CONFIG_HOME": str(root / "config"),
        }
        self.site = root / "xdg" / "korus-tui" / "settings.toml"
        self.user = root / "config" / "korus-tui" / "settings.toml"
        self.credentials = self.user.with_name("credentials.toml")
        for file, text in ((self.site, SITE), (self.user, USER)):
            file.parent.mkdir(parents=True)
            file.write_text(text, encoding="utf-8")

    def config(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        """What `korus-tui config` answers, without a terminal."""
        command = [sys.executable, "-m", "korus_tui", *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, check=False, env=self.env | env, stdin=subprocess.DEVNULL
        )

    def row(self, name: str, *arguments: str, **env: str) -> str:
        """The row of a key, its columns one space apart."""
        ran = self.config(*(arguments or ("config", "--profile", "north")), **env)
        found = [line for line in ran.stdout.splitlines() if line.startswith(f"{name}  ")]
        assert len(found) == 1, ran.stdout + ran.stderr
        return " ".join(found[0].split())


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def test_every_value_says_its_layer(host: Host) -> None:
    assert host.row("limits.renewals") == "limits.renewals 2 default"
    assert host.row("keep_customer_days") == f"keep_customer_days 90 site file, {host.site}, line 2"
    assert host.row("limits.gate_cash") == f"limits.gate_cash 60 site file, {host.site}, line 5"
    assert host.row("profiles.north.till") == f'profiles.north.till "till 3" user file, {host.user}, line 5'
    assert host.row("profiles.north.mode") == f'profiles.north.mode "training" site file, {host.site}, line 10'
    assert host.row("profile") == 'profile "north" command line, --profile'
    assert host.row("profile", "config", KORUS_PROFILE="north") == 'profile "north" environment, KORUS_PROFILE'


def test_the_environment_goes_before_files_and_the_command_line_before_it(host: Host) -> None:
    name, env = "profiles.north.till", {"KORUS_TILL": "till 9", "KORUS_THEME": "korus-dark"}
    assert host.row(name, **env) == f'{name} "till 9" environment, KORUS_TILL'
    assert host.row("theme", **env) == 'theme "korus-dark" environment, KORUS_THEME'
    typed = ("config", "--profile", "north", "--till", "till 10")
    assert host.row(name, *typed, **env) == f'{name} "till 10" command line, --till'
    before = ("--agent", "Ada", "--profile", "north", "config")
    assert host.row("profiles.north.agent", *before) == 'profiles.north.agent "Ada" command line, --agent'


def test_a_profile_says_the_programs_own_settings_otherwise(host: Host) -> None:
    assert host.row("print_command") == f'print_command ["lp", "-d", "north"] user file, {host.user}, line 6'
    assert host.row("limits.gate_card") == f"limits.gate_card 240 user file, {host.user}, line 11"
    assert host.row("limits.gate_cash").startswith("limits.gate_cash 60 site file")
    assert host.row("print_command", "config", "--profile", "south") == "print_command [] default"
    assert "north" in host.row("other profiles", "config", "--profile", "south")


def test_a_wrong_value_falls_back_to_the_layer_below_and_is_named(host: Host) -> None:
    host.user.write_text('theme = "pink"\n' + USER)
    ran = host.config("config", "--profile", "north", KORUS_THEME="blue")
    assert ran.returncode == 1
    assert f"theme{' ' * 15}" in ran.stdout
    assert "korus-light" in ran.stdout
    places = ran.stderr.splitlines()
    assert places[0].startswith(f"{host.user}, line 1: theme: must be one of korus-dark")
    assert places[1].startswith("KORUS_THEME (environment): must be one of korus-dark")


def test_the_line_named_is_that_of_the_right_table(host: Host) -> None:
    host.user.write_text(USER + 'till = 7\n[profiles.west]\nclient_id = """\ntill = 1\n"""\ncurrency = "euro"\n')
    stderr = host.config("config", "--profile", "north").stderr
    assert f"{host.user}, line 16: profiles.south.till: must be a text in quotes" in stderr
    assert f"{host.user}, line 17: profiles.west: needs server; profiles.west is left out" in stderr
    assert len(stderr.splitlines()) == 2


@pytest.mark.parametrize("by", ["--profile", "KORUS_PROFILE"])
def test_a_profile_that_is_not_there(host: Host, by: str) -> None:
    ran = host.config("config", by, "west") if by.startswith("-") else host.config("config", **{by: "west"})
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert ran.stderr == f"korus-tui: there is no profile 'west' in {host.user}\n"


def test_a_file_that_names_a_missing_profile_is_noted(host: Host) -> None:
    host.user.write_text('profile = "west"\n' + USER)
    ran = host.config("config")
    assert ran.returncode == 1
    assert f"{host.user}, line 1: profile: there is no profile 'west'" in ran.stderr
    assert "profile to sell with" in ran.stdout


def test_of_secrets_only_their_place_is_shown(host: Host) -> None:
    assert host.row("client secret") == "client secret not set"
    host.credentials.write_text('[north]\nclient_secret = "planted-secret"\n')
    host.credentials.chmod(0o600)
    assert host.row("client secret") == "client secret set credentials file"
    ran = host.config("config", "--profile", "north", KORUS_TOKEN="planted-token")
    assert ran.returncode == 0
    assert "planted" not in ran.stdout + ran.stderr
    assert host.row("token", KORUS_TOKEN="planted-token") == "token set environment"
    host.credentials.chmod(0o640)
    refused = host.config("config", "--profile", "north")
    assert refused.returncode == 1
    assert "chmod 600" in refused.stderr
    assert "planted" not in refused.stdout + refused.stderr


def test_a_keyring_that_is_not_there_is_said_with_what_to_do(host: Host) -> None:
    host.user.write_text(USER.replace('till = "till 3"', 'till = "till 3"\nsecrets = "keyring"'))
    ran = host.config("config", "--profile", "north", DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent")
    assert ran.returncode == 1
    assert "the keyring is not used: " in ran.stderr
    assert "take secrets = \"keyring\" out of the profile 'north' to use the credentials file" in ran.stderr


def test_the_paths_are_said(host: Host) -> None:
    ran = host.config("config", "--path", "--profile", "north")
    assert ran.returncode == 0
    lines = {line[:13].strip(): line[13:].strip() for line in ran.stdout.splitlines()}
    assert lines["your settings"] == str(host.user)
    assert lines["site settings"] == str(host.site)
    assert lines["credentials"] == f"{host.credentials}  not there yet"
    assert "till-3.journal" in lines["journal"]


def test_what_a_terminal_would_obey_is_shown_harmless(host: Host) -> None:
    host.user.write_text(USER.replace('"till 3"', '"a\\u001b[31m\\u202eb"'))
    assert host.row("profiles.north.till").startswith('profiles.north.till "a\\u001b[31m\\u202eb" user file')


def test_it_needs_no_screen_library() -> None:
    code = "import sys, korus_tui.cli.config_command\nprint(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"textual", "rich", "pydantic", "httpx"} & set(ran.stdout.split()) == set()
