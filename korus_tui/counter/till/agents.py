"""Who may stand at this counter: names with hashed PINs, in a file that only its owner can read.

A PIN tells colleagues at one counter apart; it is no lock against whoever owns the files. Programs of one account share
the file: each change is made under a lock, so that no agent and no wrong PIN is lost between two of them.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import math
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TypedDict

from korus_tui.config.paths import private_folder, write_private
from korus_tui.counter.till.names import alike, cleaned
from korus_tui.i18n import _

FILE = "agents.json"
LOCK = "agents.lock"
LONGEST_PIN = 12  # digits
FREE_TRIES = 3  # wrong PINs before the first wait
_FIRST_WAIT, _LONGEST_WAIT = 5.0, 300.0  # seconds, of the agent whose PIN it is
_FOR_ALL = 3.0  # seconds that everybody waits after a wrong PIN, once there were FREE_TRIES of them
_FORGOTTEN = 900.0  # seconds after which one wrong PIN is forgotten
_COST = 2**15  # 32 MiB and some 100 ms a try (RFC 7914)
_COSTS = tuple(2**power for power in range(10, 20))  # that a PIN of this or another version may have been hashed with


class AgentRefused(Exception):
    """A sign-in or a change of the agents was refused; the text says why, to the agent.

    `field` is name, pin, again, or old: the PIN until now. `tried` is the agent whose PIN was wrong, where it was
    looked at.
    """

    def __init__(self, field: str, words: str, *, tried: str | None = None) -> None:
        super().__init__(words)
        self.field = field
        self.tried = tried


class AgentsUnreadable(Exception):
    """The file of agents is not ours, open to others, or damaged; it is not used. The text names file and remedy.

    `brief` says the same without the folder, for a line on the screen.
    """

    def __init__(self, words: str, file: Path) -> None:
        super().__init__(words.format(file=file))
        self.brief = words.format(file=file.name)


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody with a PIN; `left` says that they work here no more, `wait` for how many seconds no PIN is looked at.

    `key` is another for each PIN that they ever had; it tells nothing of it.
    """

    name: str
    supervisor: bool
    left: bool = False
    wait: float = 0.0
    key: str = ""


@dataclass(frozen=True, slots=True)
class _Kept:
    """An agent as the file keeps them.

    `wrong` counts the wrong PINs since the last right one, the last of them at `tried_at` (seconds of boot); `cost` is
    what the PIN was hashed with.
    """

    name: str
    supervisor: bool
    salt: str
    hash: str
    wrong: int = 0
    tried_at: float = 0.0
    cost: int = 2**14
    left: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError or TypeError for what this program never writes: others can write the file, too."""
        bytes.fromhex(self.salt)
        bytes.fromhex(self.hash)
        self.name.encode()
        roles = all(isinstance(one, bool) for one in (self.supervisor, self.left))
        numbers = all(type(one) is int for one in (self.wrong, self.cost))
        tries = numbers and self.wrong >= 0 and math.isfinite(self.tried_at)
        if not (self.name and roles and tries and self.cost in _COSTS):
            raise ValueError("no agent of ours")


class _Pin(TypedDict):
    """A PIN as it is kept."""

    salt: str
    hash: str
    cost: int


class Agents:
    """The agents of one data folder. Every call reads or writes the disk and hashes: call it in a thread."""

    def __init__(self, folder: Path, boot: Callable[[], float], digits: int = 6, *, begin_anew: bool = False) -> None:
        """`boot` gives seconds on a clock that nobody can set; a new PIN has at least so many `digits`.

        `begin_anew`: where there were PINs and the file is gone, somebody may be the first again.
        """
        self._file = folder / FILE
        self._lock = folder / LOCK
        self._boot = boot
        self._started = boot()
        self._digits = digits
        self._begin_anew = begin_anew
        self._were_there = False

    @property
    def there(self) -> bool:
        """Whether anybody has a PIN here. A file that cannot be read is there: nobody is let through without one.

        Nor by its being taken away: that it was there is remembered, by this program and by the till's records.
        """
        if os.path.lexists(self._file):
            self._were_there = True
        return self._were_there and (not self._begin_anew or os.path.lexists(self._file))

    def expect(self) -> None:
        """The till's records know of PINs."""
        self._were_there = True

    @property
    def mark(self) -> tuple[int, ...]:
        """Another one after each change of the file; () where there is none."""
        try:
            found = os.lstat(self._file)
        except OSError:
            return ()
        return found.st_ino, found.st_mtime_ns, found.st_ctime_ns, found.st_size

    def all(self) -> tuple[Agent, ...]:
        """Everybody who has or had a PIN here. Raises AgentsUnreadable."""
        known = self._read()
        return tuple(Agent(one.name, one.supervisor, one.left, self._wait(one, known), one.salt) for one in known)

    def still(self, agent: Agent) -> Agent:
        """Whoever once proved to be this agent, as the file knows them now.

        Raises AgentRefused where the same PIN would let them in no more, and AgentsUnreadable.
        """
        found = next((one for one in self._read() if one.name == agent.name), None)
        if found is None or found.left:
            words = _("{name} works here no more, or has another name.")
        elif found.salt != agent.key:
            words = _("{name} has another PIN now.")
        else:
            return Agent(found.name, found.supervisor, key=found.salt)
        raise AgentRefused("name", words.format(name=agent.name))

    # Who is it

    def check(self, name: str, pin: str) -> Agent:
        """Whose name and PIN these are. Raises AgentRefused, AgentsUnreadable, OSError.

        After the third wrong PIN each try waits, longer every time; starting the program again does not shorten it,
        nor does trying from another one. Everybody else waits for some seconds only.
        """
        with self._alone() as known:
            known = self._of_this_boot(known)
            found = _find(known, name)
            wait = self._wait(found, known)
            if wait > 0:
                raise AgentRefused("pin", _("Too many wrong PINs. Wait {seconds} s.").format(seconds=int(wait) + 1))
            if found is None or not _fits(pin, found):
                if found is None:
                    _hash(pin, "00", _COST)  # a name that is not known answers as slowly as another
                else:
                    self._put(known, found, wrong=self._wrong(found) + 1, tried_at=self._boot())
                raise AgentRefused("pin", _("Name and PIN do not fit."), tried=found.name if found else "")
            key = found.salt
            if found.cost != _COST:
                fresh = _hashed(pin)
                self._put(known, found, wrong=0, **fresh)
                key = fresh["salt"]
            elif found.wrong:
                self._put(known, found, wrong=0)
            return Agent(found.name, found.supervisor, key=key)

    def _of_this_boot(self, known: tuple[_Kept, ...]) -> tuple[_Kept, ...]:
        """Tries from before a start of the host are of this program's start from now on: their seconds began anew."""
        now = self._boot()
        if all(one.tried_at <= now for one in known):
            return known
        known = tuple(replace(one, tried_at=self._started) if one.tried_at > now else one for one in known)
        self._write(known)
        return known

    def _wait(self, one: _Kept | None, known: tuple[_Kept, ...]) -> float:
        """Seconds until a PIN is looked at again: this agent's, after wrong ones of theirs or of somebody else."""
        wait = 0.0
        if one is not None and (wrong := self._wrong(one)) >= FREE_TRIES:
            wait = self._since(one, min(_LONGEST_WAIT, _FIRST_WAIT * 2.0 ** min(20, wrong - FREE_TRIES)))
        others = [other for other in known if self._wrong(other)]
        if sum(self._wrong(other) for other in others) >= FREE_TRIES:
            wait = max(wait, *(self._since(other, _FOR_ALL) for other in others))
        return max(0.0, wait)

    def _since(self, one: _Kept, pause: float) -> float:
        """What is left of a pause after the last wrong PIN. After a start of the host its seconds begin anew."""
        now = self._boot()
        return (one.tried_at if one.tried_at <= now else self._started) + pause - now

    def _wrong(self, one: _Kept) -> int:
        """The wrong PINs that are not forgotten yet."""
        return max(0, one.wrong - int(max(0.0, -self._since(one, 0.0)) / _FORGOTTEN))

    # Who is here

    def add(self, name: str, pin: str, *, supervisor: bool) -> Agent:
        """A new agent; the first one is a supervisor. Raises AgentRefused, AgentsUnreadable, OSError."""
        with self._alone() as known:
            return self._added(known, name, pin, supervisor=supervisor or not known)

    def add_first(self, name: str, pin: str) -> Agent:
        """The first agent, a supervisor; refused where somebody else was faster. Raises as `add`."""
        with self._alone() as known:
            if known:
                raise AgentRefused("name", _("Somebody has a PIN here by now: go back and sign in."))
            return self._added(known, name, pin, supervisor=True)

    def _added(self, known: tuple[_Kept, ...], name: str, pin: str, *, supervisor: bool) -> Agent:
        added = _Kept(self._free_name(known, name), supervisor, **self._new(pin))
        self._write((*known, added))
        return Agent(added.name, added.supervisor, key=added.salt)

    def rename(self, name: str, to: str) -> str:
        """Another name for the same agent; what they signed keeps the old one. Raises as `add`."""
        with self._alone() as known:
            one = _named(known, name)
            to = self._free_name(tuple(other for other in known if other is not one), to)
            self._put(known, one, name=to)
            return to

    def leave(self, name: str) -> None:
        """The agent works here no more: kept, and not let in. Raises as `add`; the last supervisor stays."""
        with self._alone() as known:
            one = _named(known, name)
            _keeps_a_supervisor(known, one)
            self._put(known, one, left=True)

    def make(self, name: str, *, supervisor: bool) -> None:
        """A supervisor from now on, or one no more. Raises as `leave`."""
        with self._alone() as known:
            one = _named(known, name)
            if not supervisor:
                _keeps_a_supervisor(known, one)
            self._put(known, one, supervisor=supervisor)

    def reset(self, name: str, pin: str) -> str:
        """Another PIN, whatever the old one was, and its key; wrong ones are forgotten, who had left is back.

        Raises as `add`.
        """
        with self._alone() as known:
            new = self._new(pin)
            self._put(known, _named(known, name), wrong=0, left=False, **new)
            return new["salt"]

    def unlock(self, name: str) -> None:
        """Forget the wrong PINs of this agent. Raises as `add`."""
        with self._alone() as known:
            self._put(known, _named(known, name), wrong=0)

    def _free_name(self, known: tuple[_Kept, ...], name: str) -> str:
        name = cleaned(name)
        if not name or name.startswith("("):  # in brackets the till itself signs
            raise AgentRefused("name", _("Please give a name."))
        if found := next((one for one in known if alike(one.name, name)), None):
            raise AgentRefused("name", _("That looks like {name}, who is here already.").format(name=found.name))
        return name

    def _new(self, pin: str) -> _Pin:
        if words := self.pin_refused(pin):
            raise AgentRefused("pin", words)
        return _hashed(pin)

    def pin_refused(self, pin: str) -> str | None:
        """Why a new PIN cannot be this one, in words; None where it can."""
        if pin.isascii() and pin.isdigit() and self._digits <= len(pin) <= LONGEST_PIN:
            return None
        return self.pin_rule

    @property
    def pin_rule(self) -> str:
        """What a new PIN must be, in words."""
        return _("A PIN is {least} to {most} digits.").format(least=self._digits, most=LONGEST_PIN)

    # The file

    @contextmanager
    def _alone(self) -> Iterator[tuple[_Kept, ...]]:
        """The agents, while no other program reads or writes them."""
        private_folder(self._lock.parent)
        lock = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self._read()
        finally:
            os.close(lock)

    def _put(self, known: tuple[_Kept, ...], one: _Kept, **changes: object) -> None:
        self._write(tuple(replace(other, **changes) if other is one else other for other in known))  # type: ignore[arg-type]

    def _read(self) -> tuple[_Kept, ...]:
        try:
            found = os.open(self._file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError as error:
            if not self.there:
                return ()
            words = _(
                "{file} is missing, and there were PINs here: put a copy of it back, or have the settings say"
                " `begin_anew` in [agents]"
            )
            raise AgentsUnreadable(words, self._file) from error
        except OSError as error:
            raise self._damaged() from error
        status = os.fstat(found)
        if not stat.S_ISREG(status.st_mode):
            os.close(found)
            raise self._damaged()
        with os.fdopen(found, encoding="utf-8") as handle:
            if stat.S_IMODE(status.st_mode) & 0o077 or status.st_uid != os.getuid():
                words = _("{file} must belong to you and be readable by you alone (chmod 600)")
                raise AgentsUnreadable(words, self._file)
            try:
                known = tuple(_Kept(**one) for one in json.load(handle))
            except (OSError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
                raise self._damaged() from error
        if not known:  # nobody writes it so
            raise self._damaged()
        return known

    def _damaged(self) -> AgentsUnreadable:
        return AgentsUnreadable(_("{file} cannot be read; put a copy of it back"), self._file)

    def _write(self, agents: tuple[_Kept, ...]) -> None:
        """Replace the file whole, never half."""
        content = json.dumps([asdict(one) for one in agents], ensure_ascii=False, indent=1)
        write_private(self._file, content.encode())


def _find(known: tuple[_Kept, ...], name: str) -> _Kept | None:
    """Who works here under this name, or one that looks the same; the very name goes first."""
    here = [one for one in known if not one.left]
    same = (one for one in here if one.name.casefold() == cleaned(name).casefold())
    return next(same, None) or next((one for one in here if alike(one.name, name)), None)


def _named(known: tuple[_Kept, ...], name: str) -> _Kept:
    """The agent of the list with this very name."""
    found = next((one for one in known if one.name == name), None)
    if found is None:
        raise AgentRefused("name", _("Nobody of that name is here any more."))
    return found


def _keeps_a_supervisor(known: tuple[_Kept, ...], without: _Kept) -> None:
    if not any(one.supervisor and not one.left for one in known if one is not without):
        raise AgentRefused("name", _("The last supervisor stays one: make another first."))


def _fits(pin: str, one: _Kept) -> bool:
    return hmac.compare_digest(_hash(pin, one.salt, one.cost), one.hash)


def _hashed(pin: str) -> _Pin:
    salt = secrets.token_hex(16)
    return {"salt": salt, "hash": _hash(pin, salt, _COST), "cost": _COST}


def _hash(pin: str, salt: str, cost: int) -> str:
    given = pin.encode("utf-8", "replace")
    return hashlib.scrypt(given, salt=bytes.fromhex(salt), n=cost, r=8, p=1, maxmem=256 * 8 * cost, dklen=32).hex()
