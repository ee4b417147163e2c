"""A till's own folder with a profile that sells on a sandbox, for tests that start the program itself."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from sandbox_process import CATALOG, SandboxProcess
from till import Till

from korus_tui.config.paths import Paths

SELL = [sys.executable, "-m", "korus_tui"]


def settle_in(home: Path, sandbox: SandboxProcess, *, till: str = "till 1", **settings: object) -> dict[str, str]:
    """Write settings and credentials below `home`; the environment with which the program finds them."""
    paths = Paths.below(home)
    paths.config.mkdir(parents=True, mode=0o700, exist_ok=True)
    said = [f"{key} = {value!r}" for key, value in settings.items()]
    profile = {
        "server": sandbox.base_url,
        "token_endpoint": sandbox.token_endpoint,
        "client_id": sandbox.client_id,
        "catalog": CATALOG,
        "till": till,
        "agent": "Ada",
        "mode": "training",
    }
    walk_in = {"first_name": "Walk-in", "last_name": "Customer", "email": "walk-in@example.org", "country": "FR"}
    lines = [*said, "[profiles.counter]", *(f'{key} = "{value}"' for key, value in profile.items())]
    lines += ["[profiles.counter.walk_in]", *(f'{key} = "{value}"' for key, value in walk_in.items())]
    paths.settings_file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    secret = os.open(paths.credentials_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(secret, "w", encoding="utf-8") as file:
        file.write(f'[counter]\nclient_secret = "{sandbox.client_secret}"\n')
    return {"KORUS_TUI_HOME": str(home)}


def hold_one(home: Path, sandbox: SandboxProcess) -> str:
    """An open sale of one held ticket in this till's journal, as an earlier start left it; its reference.

    The sandbox's time is before the season (till.BEFORE_SEASON).
    """

    async def held() -> str:
        async with Till(sandbox, home, till="till 1", mode="training") as till:
            return (await till.hold(await till.line())).reference

    return asyncio.run(held())
