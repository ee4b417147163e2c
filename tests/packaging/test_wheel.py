"""The wheel as a newcomer gets it: built, installed into an empty environment, and sold from."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from pseudo_terminal import Terminal
from selling import PRODUCT, leave, sell

import korus_tui

ROOT = Path(__file__).parents[2]
# Build and installation ask the package index; the slowest part of the whole suite.
pytestmark = pytest.mark.timeout(420)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    (built,) = folder.glob("*.whl")
    return built


def install(wheel: Path, home: Path) -> Path:
    """The folder of programs of an environment in which there is the wheel, with what it asks for and nothing else."""
    venv.create(home, with_pip=True)
    command = [str(home / "bin" / "python"), "-m", "pip", "install", "-q", "-c", str(ROOT / "constraints.txt")]
    subprocess.run([*command, f"{wheel}[demo]"], check=True, capture_output=True, text=True, timeout=300, cwd=home)
    return home / "bin"


def _run(installed: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed program from a folder where this checkout cannot be imported by chance."""
    env = {"PATH": f"{installed}:/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8", "KORUS_TUI_HOME": str(home)}
    command = [str(installed / "korus-tui"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=home, env=env)


def test_every_file_of_the_package_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
    package = ROOT / "korus_tui"
    ours = {
        str(file.relative_to(ROOT))
        for file in package.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts and not file.name.startswith(".")
    }
    assert {"korus_tui/journal/schema.sql", "korus_tui/styles/base.tcss", "korus_tui/py.typed"} <= ours
    assert ours - names == set()
    (meta,) = {name.partition("/")[0] for name in names} - {"korus_tui"}
    assert meta == f"korus_tui-{korus_tui.__version__}.dist-info"
    assert f"{meta}/licenses/LICENSE" in names


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        (name,) = (one for one in packed.namelist() if one.endswith(".dist-info/METADATA"))
        text = packed.read(name).decode()
    assert f"Version: {korus_tui.__version__}\n" in text
    assert "Provides-Extra: demo\n" in text
    assert "korus-tui demo" in text  # the README is its long description


def check_answers(installed: Path, home: Path) -> None:
    said = _run(installed, home, "--version")
    assert (said.returncode, said.stdout) == (0, f"korus-tui {korus_tui.__version__}\n")
    config = _run(installed, home, "config")
    assert config.returncode == 0, config.stderr
    assert "profile to sell with" in config.stdout
    doctor = _run(installed, home, "doctor", "--offline")
    assert doctor.returncode == 1  # there is no profile yet, and it says so
    assert "there is no profile to sell with" in doctor.stdout
    assert doctor.stderr == ""
    for shell in ("bash", "zsh", "fish"):
        assert "korus-tui" in _run(installed, home, "completion", shell).stdout


def check_sells(installed: Path, home: Path) -> None:
    env = {"PATH": f"{installed}:/usr/bin:/bin", "TMPDIR": str(home), "HOME": str(home)}
    with Terminal([str(installed / "korus-tui"), "demo", "--empty"], env=env) as terminal:
        terminal.wait_for(PRODUCT, 60)  # its modules are compiled at the first start
        sell(terminal)
        leave(terminal)
    assert list(home.iterdir()) == []  # the demo leaves nothing behind


def test_it_answers_and_sells_from_an_empty_environment(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = install(wheel, tmp_path / "installed")
    for check in (check_answers, check_sells):
        home = tmp_path / check.__name__
        home.mkdir()
        monkeypatch.chdir(home)  # from where this checkout cannot be imported by chance
        check(installed, home)
