"""The program's settings: defaults < site file < user file < environment < command line."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from korus_tui.paths import Paths, private_folder

SECRET_VARIABLE = "KORUS_CLIENT_SECRET"
TOKEN_VARIABLE = "KORUS_TOKEN"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class WalkIn(_Part):
    """The customer of an anonymous counter sale; the API requires one, and the program never invents it."""

    first_name: str = Field(min_length=1)
    last_name: str = Field(min_length=1)
    email: str = Field(min_length=3)
    phone: str = ""
    country: str = ""


class Limits(_Part):
    """Limits of the counter, in seconds where they are times."""

    gate_cash: int = Field(default=180, ge=0)
    gate_card: int = Field(default=300, ge=0)
    renewals: int = Field(default=2, ge=0)


class Profile(_Part):
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
    mode: Literal["live", "training", "demo"] = "live"
    walk_in: WalkIn | None = None

    @field_validator("server", "token_endpoint")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        local = parts.hostname in ("127.0.0.1", "localhost", "::1")
        if parts.scheme != "https" and not (parts.scheme == "http" and local):
            raise ValueError("must be an https address")
        if not parts.hostname or parts.username or parts.query or parts.fragment:
            raise ValueError("must be a plain address such as https://api.korusticket.com")
        return value.rstrip("/")


class Settings(_Part):
    """Everything that can be set."""

    language: Literal["en"] = "en"
    theme: Literal["korus-dark", "korus-light"] = "korus-dark"
    profile: str | None = None
    profiles: dict[str, Profile] = Field(default_factory=dict)
    limits: Limits = Field(default_factory=Limits)
    save_folder: Path = Path("~/tickets")

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


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a profile signs in with; shown nowhere."""

    client_secret: SecretStr | None = None
    token: SecretStr | None = None


def load(paths: Paths, *, profile: str | None = None) -> tuple[Settings, tuple[Note, ...]]:
    """The effective settings, and what was wrong on the way; a wrong key costs only itself.

    `profile` is the command line's choice and goes before KORUS_PROFILE, which goes before the files'.
    """
    notes: list[Note] = []
    merged: dict[str, Any] = {}
    places: dict[str, Path] = {}
    files = [paths.site / "settings.toml"] if paths.site else []
    for file in (*files, paths.settings_file):
        data = _read(file, notes)
        _merge(merged, data)
        places |= dict.fromkeys(data, file)
    chosen = profile or os.environ.get("KORUS_PROFILE")
    if chosen:
        merged["profile"] = chosen
    return _validated(merged, places, paths.settings_file, notes), tuple(notes)


def _read(file: Path, notes: list[Note]) -> dict[str, Any]:
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        notes.append(Note(file, None, f"cannot be read: {error}"))
        return {}
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        notes.append(Note(file, int(line[1]) if line else None, f"is not valid TOML: {error}"))
        return {}


def _merge(base: dict[str, Any], more: dict[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            _merge(base[key], value)
        else:
            base[key] = value


def _validated(data: dict[str, Any], places: dict[str, Path], user: Path, notes: list[Note]) -> Settings:
    """The settings with wrong keys taken out one by one, each of them named."""
    for unknown in _unknown_keys(data, Settings):
        file = places.get(unknown[0], user)
        notes.append(Note(file, _line_of(file, unknown[-1]), f"unknown key {'.'.join(unknown)}; it has no effect"))
    while True:
        try:
            return Settings.model_validate(data)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            path = tuple(str(part) for part in first["loc"])
            file = places.get(path[0], user)
            words = f"{'.'.join(path)}: {first['msg'].removeprefix('Value error, ')}; the key is left out"
            notes.append(Note(file, _line_of(file, path[-1]), words))
            _remove(data, path)


_TABLES: dict[str, type[_Part]] = {"limits": Limits, "walk_in": WalkIn}


def _unknown_keys(
    data: dict[str, Any], model: type[BaseModel], path: tuple[str, ...] = ()
) -> Iterable[tuple[str, ...]]:
    for key, value in data.items():
        field = model.model_fields.get(key)
        if field is None:
            yield (*path, key)
        elif key == "profiles" and isinstance(value, dict):
            for name, inner in value.items():
                if isinstance(inner, dict):
                    yield from _unknown_keys(inner, Profile, (*path, key, name))
        elif isinstance(value, dict):
            inner_model = _TABLES.get(key)
            if inner_model is not None:
                yield from _unknown_keys(value, inner_model, (*path, key))


def _remove(data: dict[str, Any], path: tuple[str, ...]) -> None:
    """Take the wrong key out; where it is required, what contains it goes, so that the loop above always ends."""
    parents = [data]
    for part in path[:-1]:
        inner = parents[-1].get(part)
        if not isinstance(inner, dict):
            break
        parents.append(inner)
    for depth in range(len(parents) - 1, -1, -1):
        if parents[depth].pop(path[depth], None) is not None:
            return
    data.clear()


def _line_of(file: Path, key: str) -> int | None:
    try:
        lines = file.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError:
        return None
    pattern = re.compile(rf"""^\s*\[*[\w."' -]*\b{re.escape(key)}\b""")
    return next((number for number, line in enumerate(lines, 1) if pattern.match(line)), None)


class CredentialsOpen(Exception):
    """The credentials file is readable by others, or not ours; it is not used."""


def secrets_of(name: str, paths: Paths) -> Secrets:
    """What the profile signs in with: the environment, else the private file. Raises CredentialsOpen, OSError."""
    secret, token = os.environ.get(SECRET_VARIABLE), os.environ.get(TOKEN_VARIABLE)
    if not secret and not token:
        entry = _credentials(paths.credentials_file).get(name, {})
        secret, token = entry.get("client_secret"), entry.get("token")
    return Secrets(SecretStr(secret) if secret else None, SecretStr(token) if token else None)


def _credentials(file: Path) -> dict[str, dict[str, str]]:
    try:
        status = file.stat()
    except FileNotFoundError:
        return {}
    if stat.S_IMODE(status.st_mode) & 0o077 or status.st_uid != os.getuid():
        raise CredentialsOpen(f"{file} must belong to you and be readable by you alone (chmod 600)")
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CredentialsOpen(f"{file} cannot be read: {type(error).__name__}") from error


def save_profile(paths: Paths, name: str, profile: Profile, secrets: Secrets) -> None:
    """Write a profile and its secrets, keeping what else the user wrote in the files. Raises OSError."""
    import tomlkit

    private_folder(paths.config)
    file = paths.settings_file
    document = tomlkit.parse(file.read_text(encoding="utf-8-sig")) if file.exists() else tomlkit.document()
    profiles = document.setdefault("profiles", tomlkit.table(is_super_table=True))
    profiles[name] = profile.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    document["profile"] = name
    _write_private(file, tomlkit.dumps(document))
    kept: dict[str, dict[str, str]] = {**_credentials(paths.credentials_file)}
    entry = {"client_secret": secrets.client_secret, "token": secrets.token}
    kept[name] = {key: value.get_secret_value() for key, value in entry.items() if value}
    _write_private(paths.credentials_file, tomlkit.dumps(kept))


def _write_private(file: Path, text: str) -> None:
    """Replace the file whole, never half, readable by its owner alone."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    os.replace(fresh, file)
