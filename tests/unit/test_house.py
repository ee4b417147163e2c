"""The house rules that no linter knows (CONTRIBUTING.md): whole classes, folders for shards, one name a thing."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "korus_tui"
MOST_METHODS, MOST_LINES = 40, 450  # of a class with its bases of this project
APART = {"TillScreen", "TerminalApp"}  # Textual's own part of a page and of the application: they count for themselves


@dataclass(frozen=True)
class Found:
    """One class as it is written."""

    place: str
    node: ast.ClassDef

    @property
    def bases(self) -> list[str]:
        return [name for base in self.node.bases for name in re.findall(r"\w+", ast.unparse(base))]

    @property
    def methods(self) -> int:
        return sum(isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) for one in self.node.body)

    @property
    def lines(self) -> int:
        return (self.node.end_lineno or 0) - self.node.lineno + 1


def _modules() -> dict[str, ast.Module]:
    files = sorted(PACKAGE.rglob("*.py"))
    return {str(file.relative_to(PACKAGE)): ast.parse(file.read_text(encoding="utf-8")) for file in files}


MODULES = _modules()
ALL = [Found(place, node) for place, tree in MODULES.items() for node in tree.body if isinstance(node, ast.ClassDef)]
CLASSES = {one.node.name: one for one in reversed(ALL)}  # the sandbox, which stands alone, is of less weight


def _whole(name: str) -> set[str]:
    """The class and what it inherits here."""
    above = {base for base in CLASSES[name].bases if base in CLASSES and base not in APART and base != name}
    return {name}.union(*(_whole(base) for base in above))


def test_classes_are_whole_and_not_too_large() -> None:
    large = set()
    for one in ALL:
        parts = [one, *(CLASSES[part] for part in _whole(one.node.name) - {one.node.name})]
        if sum(part.methods for part in parts) > MOST_METHODS or sum(part.lines for part in parts) > MOST_LINES:
            large.add(one.node.name)
    assert large == set()


def test_no_class_is_cut_in_two_by_a_base_for_a_single_subclass() -> None:
    made = {node.func.id for tree in MODULES.values() for node in ast.walk(tree) if _calls_a_name(node)}
    below: dict[str, set[str]] = defaultdict(set)
    for name, one in CLASSES.items():
        for base in one.bases:
            below[base].add(name)
    cut = [
        name
        for name, one in CLASSES.items()
        if len(below[name]) == 1
        and name not in made | APART
        and not {"Protocol", "ABC"} & set(one.bases)
        and not re.search(r"Error|Problem|Exception", " ".join((name, *one.bases)))
    ]
    assert cut == []


def _calls_a_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


def test_a_folder_stands_in_place_of_shards() -> None:
    rooms: dict[Path, set[str]] = defaultdict(set)
    for place in map(Path, MODULES):
        rooms[place.parent].add(place.stem)
    shards = set()
    for room, stems in rooms.items():
        for stem in (one for one in stems if "_" in one and not one.startswith("_")):
            head = stem.split("_")[0]
            family = {one for one in stems if one == head or one.startswith(f"{head}_")}
            if head in stems or len(family) > 2:
                shards.add(str(room / stem))
    assert shards == set()


ROOMS = ("app/", "counter/", "display/", "journal/", "sale/", "screens/", "terminal/", "widgets/")


def test_a_name_is_of_one_class() -> None:
    places: dict[str, int] = defaultdict(int)
    for place, tree in MODULES.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and place.startswith(ROOMS):
                places[node.name] += 1
    assert {name for name, count in places.items() if count > 1} == set()


def test_screens_record_nothing() -> None:
    """What a page has written goes through a service of the counter, which knows the rule of it."""
    found = [
        place
        for place, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and re.search(r"desk\.record\w*$", ast.unparse(node.func))
        if place.startswith(("screens/", "app/", "display/", "widgets/"))
    ]
    assert found == []


NOT_OF_TEXTUAL = ("cli/kiosk", "i18n")  # argparse, the process and Babel have private names too


def test_private_names_of_textual_and_rich_stay_in_one_room() -> None:
    known = (PACKAGE.parent / "docs/architecture.md").read_text(encoding="utf-8").partition("## Private names")[2]
    ours = {name for tree in MODULES.values() for node in ast.walk(tree) for name in _named_here(node)}
    used: dict[str, set[str]] = defaultdict(set)
    for place, tree in MODULES.items():
        for node in ast.walk(tree):
            for name in _private_of_others(node):
                if name not in ours and not place.startswith((*NOT_OF_TEXTUAL, "terminal/__init__")):
                    used[name].add(place.split("/")[0])
    assert {name: rooms for name, rooms in used.items() if rooms != {"terminal"}} == {}
    assert [name for name in used if f"`{name}`" not in known] == []


def _named_here(node: ast.AST) -> list[str]:
    """What the project itself calls so: an attribute that it sets, a function, a class, a variable."""
    if isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Store):
        return [node.attr if isinstance(node, ast.Attribute) else node.id]
    return [node.name] if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else []


def _private_of_others(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Attribute):
        return [node.attr] if re.match(r"_[^_]", node.attr) else []
    if isinstance(node, ast.ImportFrom) and re.match(r"(textual|rich)\b", node.module or ""):
        names = [f"{node.module}.{one.name}" for one in node.names]
        return [name for name in names if re.search(r"\._", name)]
    return []
