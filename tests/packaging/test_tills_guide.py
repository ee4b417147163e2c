"""The commands of docs/tills.md on this very host, in a mount namespace that ends with the test."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from korus_tui.journal.entry import Head

GUIDE = Path(__file__).parents[2] / "docs/tills.md"
CHANGED = ("/etc", "/usr/local", "/home", "/var")  # what the commands write to
NEEDED = ("unshare", "useradd", "su", "sudo", "visudo", "awk")
APART = """
set -e
mount -t tmpfs none {folder}
for place in {places}; do
    mkdir -p {folder}/$place/new {folder}/$place/work
    mount -t overlay overlay -o lowerdir=$place,upperdir={folder}/$place/new,workdir={folder}/$place/work $place
done
"""


def commands(*beginnings: str) -> str:
    """The blocks of the guide that begin so."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return "".join(next(one for one in blocks if one.startswith(start)) for start in beginnings)


class Host:
    """Runs a script as root where nothing that it changes stays."""

    def __init__(self, folder: Path) -> None:
        (folder / "layers").mkdir()
        self._begin = APART.format(folder=folder / "layers", places=" ".join(CHANGED))
        self._folder = folder

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        found = shutil.which("unshare")
        assert found is not None
        whole = f"{self._begin}\nexport PATH=$PATH:/usr/sbin:/sbin\n{script}"
        return subprocess.run(
            [found, "--mount", "sh", "-c", whole], capture_output=True, text=True, check=False, cwd=self._folder
        )


@pytest.fixture
def host(tmp_path: Path) -> Host:
    path = os.environ["PATH"] + ":/usr/sbin:/sbin"
    if os.getuid() != 0 or not all(shutil.which(one, path=path) for one in NEEDED):
        pytest.skip(f"needs root, and {', '.join(NEEDED)}")
    found = Host(tmp_path)
    if found.run("true").returncode:
        pytest.skip("needs a mount namespace with overlays")
    return found


def head(seq: int) -> str:
    return str(Head(seq, f"{seq:064x}", datetime(2025, 1, 29, 8, seq, tzinfo=UTC)))


def test_what_keeps_heads_with_another_account_keeps_them_from_the_tills_f89(host: Host) -> None:
    """F89: each account reads back what it said, of one journal; it can take nothing away, nor speak for another."""
    long = "x" * 500
    ran = host.run(
        "touch agents.pub\n"
        + commands("useradd --create-home --shell /bin/sh till3\n", "useradd --system --create-home audit\n").replace(
            "<agents.pub", "</dev/null"
        )
        + f"""
useradd --create-home --shell /bin/sh till4
keep() {{ su $1 -c "printf '%s\\n' '$2' | keep-head"; }}
set -x
keep till3 'till-1 {head(1)}'
keep till3 'till-11 {head(2)}'
keep till4 'till-1 {head(3)}'
su till3 -c "printf 'till-1 {head(4)}\\ntill-1 {head(5)}\\n' | keep-head"
su till3 -c "printf '{long}' | keep-head"
keep till3 'till-1 {head(6)}'
set +x
echo SHOWN
su till3 -c 'keep-head show till-1'
echo NOTHING
su till3 -c 'keep-head show till-2'
echo REFUSED
for attempt in 'rm -f ~audit/till3.heads' 'echo >~audit/till3.heads' 'cat ~audit/till4.heads' \\
    'sudo -n -u audit sh -c true' 'sudo -n -u audit rm ~audit/till3.heads' \\
    'SUDO_USER=till4 sudo -n -u audit SUDO_USER=till4 /usr/local/lib/keep-head-as-audit show till-1'; do
    su till3 -c "$attempt" && echo "went through: $attempt"
done
wc -l ~audit/till3.heads
"""
    )
    said = ran.stdout
    assert "SHOWN" in said, ran.stderr
    shown = [line for line in said.partition("SHOWN\n")[2].partition("NOTHING")[0].splitlines() if line]
    assert shown == [head(1), head(4), head(6)], ran.stderr
    assert [Head.read(line) for line in shown] != [None] * 3
    assert said.partition("NOTHING\n")[2].startswith("REFUSED")
    assert "went through" not in said
    assert re.search(r"^5 \S+/till3\.heads$", said, re.MULTILINE), said
    assert "parsed OK" in said
    assert "bad permissions" not in ran.stderr


def test_a_till_that_is_added_is_its_accounts_alone(host: Host) -> None:
    ran = host.run(
        commands("useradd --create-home --shell /bin/sh till3\n").replace("<agents.pub", "</dev/null")
        + "stat -c '%a %U' ~till3/.config/korus-tui ~till3/.config/korus-tui/*.toml ~till3/.ssh/*\n"
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == ["700", "till3", "600", "till3", "644", "till3", "600", "till3"], ran.stdout
