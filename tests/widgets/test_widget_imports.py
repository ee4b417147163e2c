"""The kit loads nothing that the first frame does not need."""

from __future__ import annotations

import subprocess
import sys

LATE = ("babel", "segno", "httpx", "sqlite3", "textual.widgets._data_table", "korus_tui.counter", "korus_tui.api")


def test_babel_segno_and_the_table_are_imported_late() -> None:
    code = (
        "import sys, pkgutil, importlib, korus_tui.widgets as kit\n"
        "for found in pkgutil.walk_packages(kit.__path__, 'korus_tui.widgets.'): importlib.import_module(found.name)\n"
        f"print([name for name in {LATE!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
