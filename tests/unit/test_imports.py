"""What imports what, seen from a fresh interpreter, and words that have no place in this code."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "korus_tui").rglob("*.py"))


def _modules_after(*statements: str) -> set[str]:
    """The top-level packages that a fresh interpreter has imported after these statements."""
    code = "\n".join([*statements, "import sys", "print(*{name.partition('.')[0] for name in sys.modules})"])
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(ran.stdout.splitlines()[-1].split())


def _import_all(room: str) -> str:
    """A statement that imports every module of a room, not only its front door."""
    walk = f"pkgutil.walk_packages(room.__path__, '{room}.')"
    return f"import importlib, pkgutil, {room} as room\n[importlib.import_module(one.name) for one in {walk}]"


@pytest.mark.parametrize("room", ["api", "sale", "journal", "counter"])
def test_the_rooms_below_the_screens_import_without_textual(room: str) -> None:
    assert "textual" not in _modules_after(_import_all(f"korus_tui.{room}"))


@pytest.mark.parametrize("room", ["sale", "journal"])
def test_sale_and_journal_know_no_http_and_no_payloads(room: str) -> None:
    assert _modules_after(_import_all(f"korus_tui.{room}")) & {"httpx", "pydantic"} == set()


def test_the_sandbox_stands_alone() -> None:
    code = f"{_import_all('korus_tui.sandbox')}\nimport sys\nprint(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {name.split(".")[1] for name in ran.stdout.split() if name.startswith("korus_tui.")} == {"sandbox"}


_VERSION = """\
import contextlib
from korus_tui.cli import main
with contextlib.suppress(SystemExit):
    main(["--version"])
"""


def test_the_version_is_said_without_the_heavy_libraries() -> None:
    loaded = _modules_after(_VERSION)
    assert "korus_tui" in loaded
    assert loaded & {"textual", "rich", "httpx", "pydantic", "starlette", "uvicorn", "sqlite3"} == set()


def test_importing_the_package_imports_nothing_else_of_ours() -> None:
    assert _modules_after("import korus_tui") & {"textual", "httpx", "pydantic", "platformdirs"} == set()


FORBIDDEN = {
    r"(?<!\bre\.)\bescape\(": "escape() is no protection against markup: Content, Text or markup=False",
    r"\.suspend\(": "acts on the server, not on the agent's desk",
    r"\b(?:import|from) (?:webbrowser|pyperclip)\b|open_url\(": "acts on the server, not on the agent's desk",
    r"type=[\"']number[\"']": "Input(type=number) turns 1,5 into 15",
    r"\bNotImplementedError\b|\bTODO\b|\bFIXME\b": "unfinished",
    r"datetime\.now\(|\.utcnow\(|time\.time\(|date\.today\(": "the clock is a service (counter/clock.py)",
    r"\bfloat\([^)]*(?:amount|price|total)": "money is Decimal",
    r"except\s*:": "catches what it cannot know",
    r"\.loading\s*=\s*True": "takes the keyboard away",
    r"verify\s*=\s*False": "no switch turns certificate checks off",
}


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_the_house_rules_hold_everywhere(pattern: str) -> None:
    found = [
        f"{source.relative_to(ROOT)}:{number}: {line.strip()}"
        for source in SOURCES
        for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ]
    assert found == [], FORBIDDEN[pattern]


def test_only_the_transport_imports_httpx() -> None:
    users = [source for source in SOURCES if re.search(r"^\s*(?:import|from) httpx\b", source.read_text("utf-8"), re.M)]
    assert [str(source.relative_to(ROOT)) for source in users] == ["korus_tui/api/transport.py"]


_SEAMS = ("cli/", "app/flow.py", "counter/services.py", "__main__.py")
"""Where imports inside functions are what the module is for: one command, page or service at a time."""


def test_an_import_inside_a_function_says_that_the_first_frame_must_not_load_it() -> None:
    found = []
    for source in SOURCES:
        if str(source.relative_to(ROOT / "korus_tui")).startswith(_SEAMS):
            continue
        text = source.read_text(encoding="utf-8")
        lines = text.splitlines()
        for function in ast.walk(ast.parse(text)):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                late = {node.lineno for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)}
                found += [f"{source}:{line}" for line in late if "# first frame" not in lines[line - 1]]
    assert found == []
