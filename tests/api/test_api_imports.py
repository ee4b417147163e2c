"""The room knows no screen, loads late, and imports the HTTP library in one place."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import korus_tui.api

ROOM = Path(korus_tui.api.__file__).parent


def _loaded_by(statement: str) -> set[str]:
    code = f"{statement}\nimport sys; print(' '.join(sys.modules))"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


def test_the_api_imports_without_textual() -> None:
    loaded = _loaded_by(
        "import importlib, pkgutil, korus_tui.api as room\n"
        "[importlib.import_module(one.name) for one in pkgutil.walk_packages(room.__path__, 'korus_tui.api.')]"
    )
    assert "httpx" in loaded
    assert "textual" not in loaded
    assert not any(name.startswith(("korus_tui.sale", "korus_tui.counter", "korus_tui.journal")) for name in loaded)


def test_errors_cost_neither_http_nor_models() -> None:
    assert not _loaded_by("from korus_tui.api.errors import OutcomeUnknown") & {"httpx", "pydantic"}
    assert "httpx" not in _loaded_by("from korus_tui.api.client import KorusClient")


def test_one_module_imports_httpx() -> None:
    importing = {
        path.name
        for path in ROOM.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (
            isinstance(node, ast.Import)
            and any(name.name.split(".")[0] in {"httpx", "httpcore"} for name in node.names)
        )
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in {"httpx", "httpcore"})
    }
    assert importing == {"transport.py"}
