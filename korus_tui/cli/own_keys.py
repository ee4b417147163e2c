"""The agent's own keys, for every command that names one."""

from __future__ import annotations

from korus_tui.config.layers import Note
from korus_tui.config.paths import Paths


def use(paths: Paths) -> tuple[Note, ...]:
    """Use those of keys.toml where there is one, before a screen binds its keys; what is wrong with them."""
    if not any((folder / paths.keys_file.name).exists() for folder in (paths.site, paths.config) if folder):
        return ()
    from korus_tui.config import keymap  # first frame

    return keymap.load(paths)
