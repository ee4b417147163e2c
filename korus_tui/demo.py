"""The demo: a sandbox as a child process, a profile that needs no settings, and a home that is gone afterwards."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING

from korus_tui import __version__
from korus_tui.config.credentials import Secrets
from korus_tui.config.paths import Paths, private_folder
from korus_tui.config.secret import Secret
from korus_tui.config.settings import Profile, Settings, WalkIn
from korus_tui.counter.services import build

if TYPE_CHECKING:
    from korus_tui.counter.services import Services

# The demo's own walk-in customer: like every profile's, it is set here and never invented at the counter.
_WALK_IN = WalkIn(first_name="Walk-in", last_name="Customer", email="walk-in@example.org", country="FR")
_PROFILE = Profile(
    server="http://127.0.0.1", till="till 1", agent="Demo", customer_language="fr", mode="demo", walk_in=_WALK_IN
)


class SandboxFailed(Exception):
    """The sandbox did not start; the text is what it said last."""


class Demo:
    """A running sandbox and the services that sell on it.

    The child watches its standard input: when this process ends, however it ends, the pipe closes and so does it.
    """

    def __init__(
        self, child: subprocess.Popen[bytes], home: tempfile.TemporaryDirectory[str], errors: IO[bytes]
    ) -> None:
        self._child = child
        self._home = home
        self._errors = errors
        self._ready: dict[str, str] | None = None

    @classmethod
    def start(cls, arguments: Sequence[str]) -> Demo:
        """Start the sandbox with these arguments, and do not wait for it.

        Raises ImportError where the extra `demo` is not installed.
        """
        for needed in ("starlette", "uvicorn", "fpdf"):
            if importlib.util.find_spec(needed) is None:
                raise ImportError(f"{needed} is missing", name=needed)
        home = tempfile.TemporaryDirectory(prefix="korus-tui-demo-")
        errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the demo
        command = [sys.executable, "-m", "korus_tui.sandbox", "--watch-parent", "--port=0", *arguments]
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, start_new_session=True
        )
        return cls(child, home, errors)

    def services(self) -> Services:
        """The services that sell on the sandbox, once it is ready."""
        paths = Paths.below(Path(self._home.name))
        private_folder(paths.data)
        settings = Settings(save_folder=Path(self._home.name) / "tickets")
        return build("demo", _PROFILE, settings, paths, self.where, __version__)

    async def where(self) -> tuple[Profile, Secrets]:
        """The sandbox's address and credentials, once it has said them. Raises SandboxFailed."""
        ready = await asyncio.to_thread(self._wait)
        profile = replace(
            _PROFILE, server=ready["base_url"], token_endpoint=ready["token_endpoint"], client_id=ready["client_id"]
        )
        return profile, Secrets(client_secret=Secret(ready["client_secret"]))

    def _wait(self) -> dict[str, str]:
        if self._ready is None:
            assert self._child.stdout is not None
            line = self._child.stdout.readline()
            if not line:
                self._errors.seek(0)
                last = self._errors.read().decode(errors="replace").strip().splitlines()
                raise SandboxFailed(last[-1] if last else "it ended without a word")
            self._ready = json.loads(line)
        return self._ready

    def __enter__(self) -> Demo:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the sandbox and remove the demo's home."""
        if self._child.stdin is not None:
            self._child.stdin.close()
        try:
            self._child.wait(2)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._errors.close()
        self._home.cleanup()
