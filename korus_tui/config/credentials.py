"""What a profile signs in with: from the environment, a file that only its owner can read, or the keyring."""

from __future__ import annotations

import os
import stat
import tomllib
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Literal

from korus_tui.config import keyring_store
from korus_tui.config.paths import Paths, write_private
from korus_tui.config.secret import Secret
from korus_tui.config.settings import Profile

SECRET_VARIABLE = "KORUS_CLIENT_SECRET"
TOKEN_VARIABLE = "KORUS_TOKEN"
VARIABLES: Final = {"client_secret": SECRET_VARIABLE, "token": TOKEN_VARIABLE}


class CredentialsOpen(Exception):
    """The credentials are not used: others can read the file, it is not ours, or the keyring does not open.

    `advice` says what to do; neither text quotes a secret.
    """

    def __init__(self, words: str, advice: str) -> None:
        super().__init__(words)
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Secrets:
    """A client secret or a ready token; shown nowhere. `kept_in` says where they are kept, in words."""

    client_secret: Secret | None = None
    token: Secret | None = None
    kept_in: str = field(default="", compare=False)


def secrets_of(name: str, paths: Paths, kept: Literal["file", "keyring"] = "file") -> Secrets:
    """The secrets of a profile; the environment goes before file and keyring. Raises CredentialsOpen."""
    found = {key: os.environ.get(variable, "") for key, variable in VARIABLES.items()}
    place = "environment"
    if not any(found.values()):
        place = "keyring" if kept == "keyring" else "credentials file"
        found = _from_keyring(name) if kept == "keyring" else _read(paths.credentials_file).get(name, {})
    secret, token = found.get("client_secret"), found.get("token")
    return Secrets(Secret(secret) if secret else None, Secret(token) if token else None, place)


def _from_keyring(name: str) -> dict[str, str]:
    try:
        return keyring_store.read(name, tuple(VARIABLES))
    except keyring_store.NoKeyring as error:
        raise _no_keyring(name, error) from None


def _no_keyring(name: str, error: keyring_store.NoKeyring) -> CredentialsOpen:
    advice = f'Mend that, or take secrets = "keyring" out of the profile {name!r} to use the credentials file.'
    return CredentialsOpen(f"the keyring is not used: {error}", advice)


def _read(file: Path) -> dict[str, dict[str, str]]:
    """All profiles' secrets. What is looked at and what is read are the same file, whatever is renamed meanwhile."""
    try:
        with open(os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as opened:
            status = os.fstat(opened.fileno())
            if stat.S_IMODE(status.st_mode) & 0o077 or status.st_uid != os.getuid():
                words = f"{file} must belong to you and be readable by you alone (chmod 600)"
                raise CredentialsOpen(words, "Let it belong to you, with chmod 600; until then nobody can sign in.")
            if not stat.S_ISREG(status.st_mode):
                raise CredentialsOpen(f"{file} cannot be read: it is not a file", "Put a file in its place.")
            table = tomllib.loads(opened.read().decode())
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise CredentialsOpen(f"{file} cannot be read: {error.strerror}", "Let it belong to you.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        # The parser's own words may quote the line that holds the secret.
        raise CredentialsOpen(f"{file} cannot be read: it is not valid TOML", "Mend it.") from error.__cause__
    for name, entry in table.items():
        if not isinstance(entry, dict) or not all(isinstance(value, str) for value in entry.values()):
            raise CredentialsOpen(f"{file}: [{name}] must be a table of texts in quotes", "Mend it.")
    return table


def save_profile(paths: Paths, name: str, profile: Profile, secrets: Secrets) -> None:
    """Write a profile and its secrets, keeping what else the user wrote. Raises OSError, CredentialsOpen."""
    import tomlkit  # first frame

    file = paths.settings_file
    document = tomlkit.parse(file.read_text(encoding="utf-8-sig")) if file.exists() else tomlkit.document()
    profiles = document.setdefault("profiles", tomlkit.table(is_super_table=True))
    _put(profiles, name, profile)
    if "profile" in document:
        document["profile"] = name
    else:
        document = _with_first(document, "profile", name)
    _keep(paths, name, profile, secrets)
    write_private(file, tomlkit.dumps(document).encode())


def _put(profiles: Any, name: str, profile: Profile) -> None:
    """The profile in the document: what it says anew, beside what the user says in it of other things."""
    said = _said(profile)
    if not isinstance(profiles.get(name), dict):
        profiles[name] = {}
    for one in fields(profile):
        if one.name in said:
            profiles[name][one.name] = said[one.name]
        else:
            profiles[name].pop(one.name, None)


def _keep(paths: Paths, name: str, profile: Profile, secrets: Secrets) -> None:
    """Keep the secrets where the profile says."""
    import tomlkit  # first frame

    pairs = {"client_secret": secrets.client_secret, "token": secrets.token}
    plain = {key: value.reveal() for key, value in pairs.items() if value}
    if profile.secrets == "keyring":
        try:
            keyring_store.write(name, {key: plain.get(key) for key in pairs})
        except keyring_store.NoKeyring as error:
            raise _no_keyring(name, error) from None
    else:
        write_private(paths.credentials_file, tomlkit.dumps({**_read(paths.credentials_file), name: plain}).encode())


def _said(profile: Profile) -> dict[str, Any]:
    """What differs from the defaults: a file should say only what somebody chose."""
    values = asdict(profile)
    return {one.name: values[one.name] for one in fields(profile) if values[one.name] not in (None, one.default)}


def _with_first(document: Any, key: str, value: str) -> Any:
    """The document with a plain key before its tables: after them it would belong to the last one."""
    import tomlkit  # first frame

    return tomlkit.parse(f"{key} = {tomlkit.item(value).as_string()}\n" + tomlkit.dumps(document))
