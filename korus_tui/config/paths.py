"""Where settings, journal, cache and log live: four folders, by the platform's own rules."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path

import platformdirs

APP = "korus-tui"
HOME_VARIABLE = "KORUS_TUI_HOME"


@dataclass(frozen=True, slots=True)
class Paths:
    """The program's folders. Nothing is created by naming them."""

    config: Path
    data: Path
    cache: Path
    log: Path
    site: Path | None = None

    @classmethod
    def standard(cls) -> Paths:
        """The user's folders, or those below KORUS_TUI_HOME where it is set (tests, a till on a stick)."""
        home = os.environ.get(HOME_VARIABLE)
        if home:
            return cls.below(Path(home))

        return cls(
            config=platformdirs.user_config_path(APP),
            data=platformdirs.user_data_path(APP),
            cache=platformdirs.user_cache_path(APP),
            log=platformdirs.user_log_path(APP),
            site=platformdirs.site_config_path(APP),
        )

    @classmethod
    def below(cls, home: Path) -> Paths:
        """All four folders in one place of their own."""
        return cls(home / "config", home / "data", home / "cache", home / "log")

    @property
    def settings_file(self) -> Path:
        """The user's settings, in TOML."""
        return self.config / "settings.toml"

    @property
    def keys_file(self) -> Path:
        """The agent's own keys, in TOML (keymap.py)."""
        return self.config / "keys.toml"

    @property
    def credentials_file(self) -> Path:
        """Secrets of the profiles, in TOML, readable by the user alone."""
        return self.config / "credentials.toml"

    @property
    def log_file(self) -> Path:
        """What the program did, without secrets or customers."""
        return self.log / "korus-tui.log"


def private_folder(folder: Path) -> Path:
    """The folder, made for its owner alone where it was missing. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def is_strangers_link(folder: Path) -> bool:
    """Whether the folder's name is a link that neither we nor the administrator made. Raises OSError."""
    place = os.lstat(folder)
    return stat.S_ISLNK(place.st_mode) and place.st_uid not in (0, os.geteuid())


def write_private(file: Path, content: bytes) -> None:
    """Write the file whole or not at all, for its owner alone, and never through a link that stands there.

    The folder may be shared: its name may be a link only where we or the administrator made it. Raises OSError.
    """
    folder = private_folder(file.parent)
    if is_strangers_link(folder):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(folder))
    inside = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    fresh = f".{file.name}.{os.urandom(4).hex()}"
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=inside)
        try:
            with os.fdopen(descriptor, "wb") as handle:
                handle.write(content)
                handle.flush()
                os.fsync(handle.fileno())
            os.replace(fresh, file.name, src_dir_fd=inside, dst_dir_fd=inside)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(fresh, dir_fd=inside)
            raise
    finally:
        os.close(inside)
