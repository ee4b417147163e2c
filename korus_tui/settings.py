"""The program's settings: defaults < site file < user file < environment < command line."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from korus_tui.paths import Paths
from korus_tui.typed_tables import Place, Wrong, read

PROFILE_VARIABLE = "KORUS_PROFILE"


@dataclass(frozen=True)
class WalkIn:
    """The customer of an anonymous counter sale; the API requires one, and the program never invents it."""

    first_name: str
    last_name: str
    email: str
    phone: str = ""
    country: str = ""

    def check(self) -> None:
        """All three that the API requires are there. Raises Wrong."""
        if not (self.first_name.strip() and self.last_name.strip() and "@" in self.email):
            raise Wrong("needs a first name, a last name and an e-mail address")


@dataclass(frozen=True)
class Limits:
    """Limits of the counter: the payment gates in seconds, and how often a hold is renewed (counter-rules.md)."""

    gate_cash: int = 180
    gate_card: int = 300
    renewals: int = 2


@dataclass(frozen=True)
class Profile:
    """One server to sell through, and the counter that sells."""

    server: str
    token_endpoint: str | None = None
    client_id: str | None = None
    catalog: str | None = None
    generation: Literal["auto", "tutorial", "release"] = "auto"
    till: str = "till 1"
    agent: str = ""
    customer_language: str = "fr"
    zone: str = "Europe/Paris"
    currency: str = "EUR"
    mode: Literal["live", "training", "demo"] = "live"
    walk_in: WalkIn | None = None

    def check(self) -> None:
        """Both addresses are safe to send a secret to, and the drawer's currency is one. Raises Wrong."""
        for name, address in (("server", self.server), ("token_endpoint", self.token_endpoint)):
            if address is not None:
                reason = address_refusal(address)
                if reason:
                    raise Wrong(f"{name} {reason}")
        if not re.fullmatch("[A-Z]{3}", self.currency):
            raise Wrong("currency must be an ISO 4217 code such as EUR")


@dataclass(frozen=True)
class Settings:
    """Everything that can be set."""

    language: Literal["en"] = "en"
    theme: Literal["korus-dark", "korus-light"] = "korus-dark"
    profile: str | None = None
    profiles: dict[str, Profile] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    save_folder: Path = Path("~/tickets")
    keep_customer_days: int = 30  # after which a customer's data is erased from the journal
    sticky_date: bool = True  # within a sale, the next product opens at the date that was used last
    start_screen: Literal["catalog", "today"] = "catalog"
    print_command: tuple[str, ...] = ()  # such as ["lp", "-d", "counter", "--"]: the file's name comes last, no shell

    def chosen(self) -> tuple[str, Profile] | None:
        """The profile to sell with: the named one, or the only one."""
        if self.profile and self.profile in self.profiles:
            return self.profile, self.profiles[self.profile]
        if self.profile is None and len(self.profiles) == 1:
            return next(iter(self.profiles.items()))
        return None


@dataclass(frozen=True, slots=True)
class Note:
    """Something wrong in a settings file, said with its place."""

    file: Path
    line: int | None
    words: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else str(self.file)
        return f"{place}: {self.words}"


def address_refusal(address: str) -> str | None:
    """Why a server's address cannot be used, or None: https, or http on this very machine, and nothing else in it."""
    try:
        parts = urlsplit(address)
        local = parts.hostname in ("127.0.0.1", "localhost", "::1")
        plain = parts.hostname and not (parts.username or parts.password or parts.query or parts.fragment)
        _port = parts.port
    except ValueError:
        return "is not an address"
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        return "must be an https address"
    return None if plain else "must be a plain address such as https://api.korusticket.com"


def load(paths: Paths, *, profile: str | None = None) -> tuple[Settings, tuple[Note, ...]]:
    """The effective settings, and what was wrong on the way; a wrong key costs only itself.

    `profile` is the command line's choice and goes before KORUS_PROFILE, which goes before the files'.
    """
    notes: list[Note] = []
    merged: dict[str, Any] = {}
    files = [paths.site / "settings.toml"] if paths.site else []
    files.append(paths.settings_file)
    texts: dict[Path, str] = {}
    for file in files:
        text = _text(file, notes)
        if text is not None:
            texts[file] = text
            _merge(merged, _parsed(file, text, notes))
    chosen = profile or os.environ.get(PROFILE_VARIABLE)
    if chosen:
        merged["profile"] = chosen

    def complain(place: Place, words: str) -> None:
        notes.append(_note(place, words, texts, paths.settings_file))

    return read(Settings, merged, complain), tuple(notes)


def _text(file: Path, notes: list[Note]) -> str | None:
    try:
        return file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        return None
    except OSError as error:
        notes.append(Note(file, None, f"cannot be read: {error.strerror}"))
    except UnicodeDecodeError:
        notes.append(Note(file, None, "cannot be read: it is not UTF-8 text"))
    return None


def _parsed(file: Path, text: str, notes: list[Note]) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        notes.append(Note(file, int(line[1]) if line else None, f"is not valid TOML: {error}"))
        return {}


def _merge(base: dict[str, Any], more: Mapping[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            _merge(base[key], value)
        else:
            base[key] = value


_KEYS = re.compile(r"""[^\s\[\].="']+""")


def _note(place: Place, words: str, texts: dict[Path, str], default: Path) -> Note:
    """The complaint with the file and line where its key stands; the user's file is looked at first."""
    for file, text in reversed(texts.items()):
        for number, line in enumerate(text.splitlines(), 1):
            if place[-1] in _KEYS.findall(line.partition("=")[0].partition("#")[0]):
                return Note(file, number, f"{'.'.join(place)}: {words}")
    return Note(default, None, f"{'.'.join(place)}: {words}")
