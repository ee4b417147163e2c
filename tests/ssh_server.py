"""A real OpenSSH server on the loopback, as a box office's host runs one: key login, and a command for every key."""

from __future__ import annotations

import getpass
import os
import shlex
import shutil
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

SSHD = shutil.which("sshd", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
SSH, KEYGEN = shutil.which("ssh"), shutil.which("ssh-keygen")

_CONFIG = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
PidFile {folder}/sshd.pid
AuthorizedKeysFile {folder}/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
MaxStartups 100
AcceptEnv LANG LC_*
LogLevel ERROR
"""


def make_separation_folder() -> None:
    """What an sshd of root's wants before it does anything; it is gone after each start of the machine."""
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)


class SshServer:
    """A running sshd; `with SshServer(folder) as server: server.agent("ada", "command of hers")`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()

    def __enter__(self) -> Self:
        folder = self.folder
        self._key("host_key")
        (folder / "authorized_keys").touch(0o600)
        (folder / "sshd_config").write_text(_CONFIG.format(port=self.port, folder=folder))
        host = (folder / "host_key.pub").read_text()
        (folder / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {host}")
        make_separation_folder()
        assert SSHD is not None
        self._errors = (folder / "sshd.log").open("wb")
        self.process = subprocess.Popen(
            [SSHD, "-D", "-e", "-f", str(folder / "sshd_config")], stdin=subprocess.DEVNULL, stderr=self._errors
        )
        self._wait()
        return self

    def _wait(self) -> None:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
        raise RuntimeError(f"sshd did not start: {(self.folder / 'sshd.log').read_text()}")

    def _key(self, name: str) -> Path:
        file = self.folder / name
        assert KEYGEN is not None
        subprocess.run([KEYGEN, "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(file)], check=True)
        return file

    def agent(self, name: str, command: list[str]) -> list[str]:
        """A key that runs this command and nothing else; returns what the agent types at home."""
        key = self._key(name)
        words = shlex.join(command).replace("\\", "\\\\").replace('"', '\\"')
        with (self.folder / "authorized_keys").open("a") as file:
            file.write(f'restrict,pty,command="{words}" {key.with_suffix(".pub").read_text()}')
        return self.login(key)

    def login(self, key: Path) -> list[str]:
        """The client's command line for a key, with no settings of this machine's user."""
        assert SSH is not None
        options = {
            "IdentitiesOnly": "yes",
            "UserKnownHostsFile": str(self.folder / "known_hosts"),
            "StrictHostKeyChecking": "yes",
            "SendEnv": "LANG LC_*",
            "LogLevel": "ERROR",
        }
        given = [part for key_, value in options.items() for part in ("-o", f"{key_}={value}")]
        who = f"{getpass.getuser()}@127.0.0.1"
        return [SSH, "-tt", "-F", "/dev/null", "-i", str(key), "-p", str(self.port), *given, who]

    def sessions(self) -> list[int]:
        """The server's processes that serve one login each."""
        return children(self.process.pid)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        self.process.wait(10)
        self._errors.close()


def children(pid: int) -> list[int]:
    """The processes that this one started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == pid:
                found.append(int(entry.name))
    return found


def below(pid: int) -> list[int]:
    """All processes below this one, nearest first."""
    found = children(pid)
    return found + [deeper for child in found for deeper in below(child)]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
