"""The guides tell the truth: what they show is read by the programs it is for."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from ssh_server import make_separation_folder

from korus_tui.cli import parser as arguments
from korus_tui.config import settings
from korus_tui.config.paths import Paths

ROOT = Path(__file__).parents[2]
GUIDES = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "SECURITY.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]


def blocks(kind: str) -> list[str]:
    """Every block of a kind in the guides."""
    return [
        one for file in GUIDES for one in re.findall(rf"^```{kind}\b.*?\n(.*?)^```$", file.read_text(), re.M | re.S)
    ]


_CALL = re.compile(r"(?:^|['`]|bin/|ForceCommand |exec )(korus-tui(?: [^'`\n>]*)?)(?=['`\n]| >)", re.M)


def _commands() -> list[str]:
    """Every call of the program that is shown."""
    shown = "\n".join(line for file in GUIDES for line in file.read_text().splitlines() if not line.startswith("ln "))
    return sorted({one.strip() for one in _CALL.findall(shown)})


def test_every_call_that_is_shown_is_understood() -> None:
    commands = _commands()
    assert {"korus-tui --kiosk", "korus-tui config", "korus-tui doctor", "korus-tui demo"} <= set(commands)
    for command in commands:
        words = shlex.split(command)[1:]
        if words not in (["--help"], ["--version"]):
            assert arguments.parser().parse_args(words).command


@pytest.mark.parametrize("text", blocks("toml"))
def test_settings_that_are_shown_are_right(text: str, tmp_path: Path) -> None:
    paths = Paths.below(tmp_path)
    paths.config.mkdir()
    paths.settings_file.write_text(text, encoding="utf-8")
    chosen, notes = settings.load(paths)
    assert notes == ()
    assert chosen.chosen() is not None


@pytest.mark.parametrize("text", blocks("sshd_config"))
def test_the_ssh_servers_settings_are_read_by_the_ssh_server(text: str, tmp_path: Path) -> None:
    server = shutil.which("sshd") or "/usr/sbin/sshd"
    if not Path(server).exists():
        pytest.skip("there is no OpenSSH server here")
    make_separation_folder()
    key, file = tmp_path / "key", tmp_path / "sshd_config"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    file.write_text(f"HostKey {key}\n{text}")
    asked = ["-T", "-C", "user=till3,host=counter,addr=192.0.2.1", "-f", str(file)]
    ran = subprocess.run([server, *asked], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    said = ran.stdout.lower().splitlines()
    for line in (
        'forcecommand trap "" int; exec korus-tui --kiosk',
        "permittty yes",
        "disableforwarding yes",
        "permituserrc no",
    ):
        assert line in said
    assert [line for line in said if line.startswith("acceptenv")] == [
        "acceptenv colorterm", "acceptenv no_color", "acceptenv korus_agent",
    ]  # fmt: skip


def test_variables_and_files_that_are_named_are_the_programs() -> None:
    known = {*settings.VARIABLES, "KORUS_TUI_HOME", "KORUS_CLIENT_SECRET", "KORUS_TOKEN"}
    for file in GUIDES:
        assert set(re.findall(r"\bKORUS_(?!TESTS_)[A-Z_]*[A-Z]", file.read_text())) <= known
    assert all(
        (file.parent / link).exists() for file in GUIDES for link in re.findall(r"\]\(([\w./-]+)\)", file.read_text())
    )
