"""What a profile signs in with: from the environment, else from a file that only its owner can read."""

from __future__ import annotations

import os
import stat
import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from korus_tui.paths import Paths, private_folder
from korus_tui.secret import Secret
from korus_tui.settings import Profile

SECRET_VARIABLE = "KORUS_CLIENT_SECRET"
TOKEN_VARIABLE = "KORUS_TOKEN"


class CredentialsOpen(Exception):
    """The credentials file is readable by others, not ours, or not readable; it is not used."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """A client secret or a ready token; shown nowhere."""

    client_secret: Secret | None = None
    token: Secret | None = None


def secrets_of(name: str, paths: Paths) -> Secrets:
    """The secrets of a profile; the environment goes before the file. Raises CredentialsOpen."""
    secret, token = os.environ.get(SECRET_VARIABLE), os.environ.get(TOKEN_VARIABLE)
    if not secret and not token:
        entry = _read(paths.credentials_file).get(name, {})
        secret, token = entry.get("client_secret"), entry.get("token")
    return Secrets(Secret(secret) if secret else None, Secret(token) if token else None)


def _read(file: Path) -> dict[str, dict[str, str]]:
    try:
        status = file.stat()
        if stat.S_IMODE(status.st_mode) & 0o077 or status.st_uid != os.getuid():
            raise CredentialsOpen(f"{file} must belong to you and be readable by you alone (chmod 600)")
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise CredentialsOpen(f"{file} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        # The parser's own words may quote the line that holds the secret.
        raise CredentialsOpen(f"{file} cannot be read: it is not valid TOML") from error.__cause__


def save_profile(paths: Paths, name: str, profile: Profile, secrets: Secrets) -> None:
    """Write a profile and its secrets, keeping what else the user wrote. Raises OSError, CredentialsOpen."""
    import tomlkit

    private_folder(paths.config)
    file = paths.settings_file
    document = tomlkit.parse(file.read_text(encoding="utf-8-sig")) if file.exists() else tomlkit.document()
    profiles = document.setdefault("profiles", tomlkit.table(is_super_table=True))
    profiles[name] = _said(profile)
    if "profile" in document:
        document["profile"] = name
    else:
        document = _with_first(document, "profile", name)
    kept: dict[str, dict[str, str]] = {**_read(paths.credentials_file)}
    pairs = {"client_secret": secrets.client_secret, "token": secrets.token}
    kept[name] = {key: value.reveal() for key, value in pairs.items() if value}
    _write_private(paths.credentials_file, tomlkit.dumps(kept))
    _write_private(file, tomlkit.dumps(document))


def _said(profile: Profile) -> dict[str, Any]:
    """What differs from the defaults: a file should say only what somebody chose."""
    values = asdict(profile)
    return {one.name: values[one.name] for one in fields(profile) if values[one.name] not in (None, one.default)}


def _with_first(document: Any, key: str, value: str) -> Any:
    """The document with a plain key before its tables: after them it would belong to the last one."""
    import tomlkit

    return tomlkit.parse(f"{key} = {tomlkit.item(value).as_string()}\n" + tomlkit.dumps(document))


def _write_private(file: Path, text: str) -> None:
    """Replace the file whole, never half, readable by its owner alone."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    os.replace(fresh, file)
