"""Who may stand at this counter: names with hashed PINs, in a file that only its owner can read.

A PIN tells colleagues at one counter apart; it is no lock against whoever owns the files.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import stat
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from korus_tui.api.text import clean_line
from korus_tui.config.paths import private_folder
from korus_tui.i18n import _

FILE = "agents.json"
PIN_DIGITS = range(4, 13)
NAME_LENGTH = 28  # characters; what the header has room for
FREE_TRIES = 3  # wrong PINs before the first wait
_FIRST_WAIT, _LONGEST_WAIT = 5.0, 300.0  # seconds
_COST = {"n": 2**14, "r": 8, "p": 1}  # 16 MiB and some 50 ms a try (RFC 7914, interactive use)


class AgentRefused(Exception):
    """A sign-in or a new agent was refused; the text says why, to the agent. `field` is name, pin or again."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


class AgentsUnreadable(Exception):
    """The file of agents is not ours, open to others, or damaged; it is not used. The text names file and remedy."""


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who signed in."""

    name: str
    supervisor: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    """An agent as the file keeps them; `wrong` counts the wrong PINs since the last right one."""

    name: str
    supervisor: bool
    salt: str
    hash: str
    wrong: int = 0


class Agents:
    """The agents of one data folder. Every call reads or writes the disk and hashes: call it in a thread."""

    def __init__(self, folder: Path, boot: Callable[[], float]) -> None:
        """`boot` gives seconds on a clock that nobody can set."""
        self._file = folder / FILE
        self._boot = boot
        self._started = boot()
        self._tried_at: dict[str, float] = {}

    @property
    def there(self) -> bool:
        """Whether anybody has a PIN here. A file that cannot be read is there: nobody is let through without one."""
        return os.path.lexists(self._file)

    def names(self) -> tuple[str, ...]:
        """Who has a PIN here. Raises AgentsUnreadable."""
        return tuple(one.name for one in self._read())

    def add(self, name: str, pin: str, *, supervisor: bool) -> Agent:
        """A new agent; the first one is a supervisor. Raises AgentRefused, AgentsUnreadable, OSError."""
        name = clean_line(name, NAME_LENGTH).strip()
        if not name:
            raise AgentRefused("name", _("Please give a name."))
        known = self._read()
        if any(_same(one.name, name) for one in known):
            raise AgentRefused("name", _("Somebody of that name is here already."))
        if not (pin.isascii() and pin.isdigit() and len(pin) in PIN_DIGITS):
            raise AgentRefused("pin", _("A PIN is 4 to 12 digits."))
        salt = secrets.token_hex(16)
        added = _Kept(name, supervisor or not known, salt, _hash(pin, salt))
        self._write((*known, added))
        return Agent(added.name, added.supervisor)

    def check(self, name: str, pin: str) -> Agent:
        """Who signs in with this name and PIN. Raises AgentRefused, AgentsUnreadable, OSError.

        After the third wrong PIN each try waits, longer every time; starting the program again does not shorten it.
        """
        known = self._read()
        found = next((one for one in known if _same(one.name, name)), None)
        wait = self._wait(found)
        if wait > 0:
            raise AgentRefused("pin", _("Too many wrong PINs. Wait {seconds} s.").format(seconds=int(wait) + 1))
        right = hmac.compare_digest(_hash(pin, found.salt if found else "00"), found.hash if found else "")
        if found is None or not right:
            if found is not None:
                self._tried_at[found.name] = self._boot()
                self._keep(known, replace(found, wrong=found.wrong + 1))
            raise AgentRefused("pin", _("Name and PIN do not fit."))
        if found.wrong:
            self._keep(known, replace(found, wrong=0))
        return Agent(found.name, found.supervisor)

    def _wait(self, one: _Kept | None) -> float:
        """Seconds until this agent's PIN is looked at again."""
        if one is None or one.wrong < FREE_TRIES:
            return 0.0
        pause = min(_LONGEST_WAIT, _FIRST_WAIT * 2.0 ** min(20, one.wrong - FREE_TRIES))
        return self._tried_at.get(one.name, self._started) + pause - self._boot()

    def _keep(self, known: Iterable[_Kept], changed: _Kept) -> None:
        self._write(tuple(changed if one.name == changed.name else one for one in known))

    def _read(self) -> tuple[_Kept, ...]:
        try:
            status = self._file.stat()
            if stat.S_IMODE(status.st_mode) & 0o077 or status.st_uid != os.getuid():
                raise AgentsUnreadable(f"{self._file} must belong to you and be readable by you alone (chmod 600)")
            return tuple(_Kept(**one) for one in json.loads(self._file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, TypeError) as error:
            raise AgentsUnreadable(f"{self._file} cannot be read; put a copy of it back") from error

    def _write(self, agents: tuple[_Kept, ...]) -> None:
        """Replace the file whole, never half."""
        private_folder(self._file.parent)
        fresh = self._file.with_name(f".{FILE}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
            json.dump([asdict(one) for one in agents], handle, ensure_ascii=False, indent=1)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(fresh, self._file)


def _same(one: str, other: str) -> bool:
    return one.casefold() == clean_line(other, NAME_LENGTH).strip().casefold()


def _hash(pin: str, salt: str) -> str:
    return hashlib.scrypt(pin.encode("utf-8", "replace"), salt=bytes.fromhex(salt), dklen=32, **_COST).hex()
