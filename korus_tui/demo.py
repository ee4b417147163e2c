"""The demo: a sandbox as a child process, a profile that needs no settings, and a home that is gone afterwards."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import logging
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any

from korus_tui import __version__, terminal
from korus_tui.config.credentials import Secrets
from korus_tui.config.paths import Paths, private_folder, write_private
from korus_tui.config.secret import Secret
from korus_tui.config.settings import Profile, Settings, WalkIn
from korus_tui.counter.catalog.favourites import Favourites
from korus_tui.counter.core.rehearsing import Fault, NotArmed
from korus_tui.counter.core.sign_in import Where
from korus_tui.counter.services import build
from korus_tui.journal.place import place_of
from korus_tui.rehearsal import SECONDS, SandboxControl, SandboxRehearsals

if TYPE_CHECKING:
    from korus_tui.counter.services import Services
    from korus_tui.past import Past

log = logging.getLogger("korus_tui.demo")

# The demo's own walk-in customer: like every profile's, it is set here and never invented at the counter.
_WALK_IN = WalkIn(first_name="Walk-in", last_name="Customer", email="walk-in@example.org", country="FR")
TILL = "till 1"
LATE = 16  # o'clock at the venue: from then on too little is left of a day to be shown
STORY_BEGINS = "2026-06-03T08:20:00Z"  # a Wednesday on which the park sells: where the story's sandbox has its clock
_VENUE = "Europe/Paris"  # where the sandbox's park is
_HOME = "korus-tui-demo-"  # how the folders of demos begin, in the system's folder for what is gone afterwards
_NAME = "demo"  # the profile's
_WHERE = "sandbox.json"
_KEPT = "KORUS_TUI_DEMO"  # what a demo that goes on after a power cut finds of itself
_PROFILE = Profile(
    server="http://127.0.0.1", till=TILL, agent="Demo", customer_language="fr", mode="demo", walk_in=_WALK_IN
)


def begins(now: datetime) -> str | None:
    """When a demo's sandbox has its clock begin: in the morning of the same day where little is left of it, else now.

    `now` is aware; None is now.
    """
    from zoneinfo import ZoneInfo  # first frame

    there = now.astimezone(ZoneInfo(_VENUE))
    if there.hour < LATE:
        return None
    return there.replace(hour=10, minute=30, second=0, microsecond=0).isoformat()


class SandboxFailed(Exception):
    """The sandbox did not start; the text is what it said last."""


class Demo:
    """A running sandbox and the services that sell on it.

    The child watches its standard input: when this process ends, however it ends, the pipe closes and so does it.
    """

    def __init__(self, child: subprocess.Popen[bytes] | _Kept, home: Path, errors: IO[bytes], slowly: float) -> None:
        self._child = child
        self._home = home
        self._errors = errors
        self._slowly = slowly
        self._ready: dict[str, str] | None = None
        self._rehearsed = False  # a power cut, before this start
        self.told: Callable[[], bool] = lambda: True  # whether the story that it was started with is told still
        self.tells = True  # whether it was when a power cut ended the program before this one
        self._before: _Before | None = None  # what its till has sold before
        self.cuts = False  # whether it may be ended and started again: only the demo's own command can be

    @classmethod
    def start(cls, arguments: Sequence[str], slowly: float = SECONDS, *, past: bool = False) -> Demo:
        """Start the sandbox with these arguments, and do not wait for it.

        `slowly` is for how many seconds what heals in a rehearsal is held up. With a `past` the till has sold before.

        Raises ImportError where the extra `demo` is not installed.
        """
        for needed in ("starlette", "uvicorn", "fpdf"):
            if importlib.util.find_spec(needed) is None:
                raise ImportError(f"{needed} is missing", name=needed)
        home = Path(tempfile.mkdtemp(prefix=_HOME))
        errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the demo
        command = [sys.executable, "-m", "korus_tui.sandbox", "--watch-parent", "--port=0", "--faults=on", *arguments]
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, start_new_session=True
        )
        demo = cls(child, home, errors, slowly)
        demo._before = _Before(home, demo._control) if past else None
        return demo

    @classmethod
    def gone_on(cls) -> Demo | None:
        """The demo whose program a power cut has just ended; None for a start of its own."""
        kept = os.environ.pop(_KEPT, "")
        if not kept:
            return None
        said = json.loads(kept)
        demo = cls(_Kept(said["pid"], said["pipe"]), Path(said["home"]), tempfile.TemporaryFile(), said["slowly"])  # noqa: SIM115
        demo._ready, demo._rehearsed, demo.tells = said["ready"], True, said["told"]
        return demo

    def services(self) -> Services:
        """The services that sell on the sandbox, once it is ready."""
        private_folder(Paths.below(self._home).data)
        made = _services(self._home, self.where)
        rehearsals = SandboxRehearsals(self._control, self._slowly, self.cut if self.cuts else None)
        if self._rehearsed:
            rehearsals.went_on(Fault.POWER)
        made.rehearsals = rehearsals
        if self._before is not None:
            made.before = self._before.write
        return made

    async def truth(self) -> dict[str, Any]:
        """Everything that is true at the sandbox now, by its own word. Raises NotArmed where none comes."""
        return await SandboxControl(self._control).call("GET", "state")

    async def _control(self) -> str:
        return (await asyncio.to_thread(self._wait))["control_url"]

    def cut(self) -> None:
        """End this program as a power cut does: at once, whatever it is doing; and start it again on what is left."""
        assert self._ready is not None
        assert self._child.stdin is not None
        pipe = self._child.stdin.fileno()
        os.set_inheritable(pipe, True)  # while it is open the sandbox lives
        kept = {"pid": self._child.pid, "pipe": pipe, "home": str(self._home), "ready": self._ready}
        os.environ[_KEPT] = json.dumps({**kept, "slowly": self._slowly, "told": self.told()})
        terminal.give_back()
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])

    async def where(self) -> tuple[Profile, Secrets]:
        """The sandbox's address and credentials, once it has said them. Raises SandboxFailed."""
        ready = await asyncio.to_thread(self._wait)
        if self._before is not None:
            await self._before.asked()  # nothing is shown before the favourites are there
        return _reached(ready)

    def _wait(self) -> dict[str, str]:
        if self._ready is None:
            assert isinstance(self._child, subprocess.Popen)
            assert self._child.stdout is not None
            line = self._child.stdout.readline()
            if not line:
                self._errors.seek(0)
                last = self._errors.read().decode(errors="replace").strip().splitlines()
                raise SandboxFailed(last[-1] if last else "it ended without a word")
            self._ready = json.loads(line)
            write_private(self._home / _WHERE, line)  # for a display beside it
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
        shutil.rmtree(self._home, ignore_errors=True)


class _Before:
    """What a demo's till has sold before it is opened. Where that cannot be had, it sells all the same."""

    def __init__(self, home: Path, control: Callable[[], Awaitable[str]]) -> None:
        self._paths = Paths.below(home)
        self._control = SandboxControl(control)
        self._asking: asyncio.Task[Past | None] | None = None
        self._written = False

    async def asked(self) -> Past | None:
        """The past, once the sandbox has it; whoever asks first has it made. None where that failed."""
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask(), name="the demo's past")
        return await asyncio.shield(self._asking)

    def _made(self) -> Past:
        from korus_tui.past import Past  # first frame

        return Past(self._control.call, _PROFILE)

    async def _ask(self) -> Past | None:
        past = await asyncio.to_thread(self._made)
        try:
            keys = await past.ask()
        except (NotArmed, SandboxFailed, KeyError) as error:
            log.warning("the demo has no past: %s", error)
            return None
        favourites = Favourites(self._paths.data, _NAME)
        for key, item in keys.items():
            favourites.put(key, item)
        return past

    async def write(self) -> None:
        """Into the till's journal, once, before the till opens it."""
        past, written, self._written = await self.asked(), self._written, True
        if past is None or written:
            return
        try:
            await past.write(await asyncio.to_thread(place_of, self._paths.data, TILL))
        except Exception:
            log.exception("the demo's past cannot be written")


class _Kept:
    """The sandbox of a program that is no more; it is this one's child all the same."""

    def __init__(self, pid: int, pipe: int) -> None:
        os.set_inheritable(pipe, False)
        self.pid = pid
        self.stdin = os.fdopen(pipe, "wb", buffering=0)

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code. Raises TimeoutExpired."""
        until = time.monotonic() + (timeout or 0.0)
        while timeout is None or time.monotonic() < until:
            pid, status = os.waitpid(self.pid, 0 if timeout is None else os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.01)
        raise subprocess.TimeoutExpired("the sandbox", timeout)

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)


class Beside:
    """The services of the demo that runs here, for a display beside it; of several the one that was started last."""

    def __init__(self) -> None:
        self._home: Path | None = None
        self._found: Services | None = None

    def __call__(self) -> Services | None:
        """The same ones as long as it is the same demo; None while none runs."""
        homes = [one for one in Path(tempfile.gettempdir()).glob(f"{_HOME}*") if _is_ours(one)]
        home = max(homes, key=_begun, default=None)
        if home is None or not (home / _WHERE).exists():
            return None
        if home != self._home:
            ready = json.loads((home / _WHERE).read_bytes())

            async def where() -> tuple[Profile, Secrets]:
                return _reached(ready)

            self._home, self._found = home, _services(home, where)
        return self._found


def _is_ours(home: Path) -> bool:
    """Whether it is a folder of this user's, which nobody else can have filled."""
    try:
        found = home.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077


def _begun(home: Path) -> float:
    try:
        return (home / _WHERE).stat().st_mtime
    except OSError:
        return 0.0


def _services(home: Path, where: Where) -> Services:
    return build(_NAME, _PROFILE, Settings(save_folder=home / "tickets"), Paths.below(home), where, __version__)


def _reached(ready: dict[str, str]) -> tuple[Profile, Secrets]:
    """The demo's profile and secrets at the sandbox that said this when it was ready."""
    profile = replace(
        _PROFILE, server=ready["base_url"], token_endpoint=ready["token_endpoint"], client_id=ready["client_id"]
    )
    return profile, Secrets(client_secret=Secret(ready["client_secret"]))
