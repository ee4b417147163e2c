"""Every citation opens: the paper exists, and the heading, the row or the name that is cited stands in it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "tests" / "README.md"])
_PAPER = re.compile(r"(?<![\w/.-])((?:[\w-]+/)*[\w-]+\.md)\b(?:, ([A-Z][^\n]*))?")
_ROWS = re.compile(r"F\d\d(?:(?:, | and )F\d\d)*")
_HEADING = re.compile(r"^#+ (?:\d+\. )?(.+)$", re.MULTILINE)
_LINK = re.compile(r"\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)")
_STEP = re.compile(r"^\| `(korus_tui/[\w/]+\.py)` \| (.+) \|$", re.MULTILINE)


@cache
def headings(paper: Path) -> tuple[str, ...]:
    """What may be cited of a paper: its headings without their numbers, and what stands before a colon in one."""
    found = _HEADING.findall(paper.read_text(encoding="utf-8"))
    return tuple(name for heading in found for name in dict.fromkeys((heading, heading.partition(":")[0])))


def closed(text: str) -> list[str]:
    """The citations in a text that open nothing."""
    wrong = []
    for name, rest in _PAPER.findall(text):
        paper = ROOT / name
        if not paper.is_file():
            wrong.append(name)
        elif rows := _ROWS.match(rest):
            known = paper.read_text(encoding="utf-8")
            wrong += [f"{name}, {row}" for row in re.findall(r"F\d\d", rows[0]) if f"| {row} |" not in known]
        elif rest and not any(re.match(rf"{re.escape(heading)}(?!\w)", rest) for heading in headings(paper)):
            wrong.append(f"{name}, {rest}")
    return wrong


def test_every_citation_in_the_code_opens() -> None:
    files = [file for folder in ("korus_tui", "tests") for file in sorted((ROOT / folder).rglob("*.py"))]
    wrong = {
        str(file.relative_to(ROOT)): found
        for file in files
        if file != Path(__file__) and (found := closed(file.read_text(encoding="utf-8")))
    }
    assert wrong == {}


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_every_link_between_the_papers_opens(paper: Path) -> None:
    for target, anchor in _LINK.findall(paper.read_text(encoding="utf-8")):
        there = (paper.parent / target).resolve() if target else paper
        assert there.exists(), target
        if anchor:
            slugs = {re.sub(r"[^\w -]", "", name).strip().lower().replace(" ", "-") for name in headings(there)}
            assert anchor in slugs or f'<a id="{anchor}">' in there.read_text(encoding="utf-8"), anchor


def test_the_walks_are_true() -> None:
    """Each file on a walk exists and defines the first name that is said of it; the events are the sale's."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    steps = _STEP.findall(text)
    assert len(steps) > 30
    for file, what in steps:
        name = what.partition("`")[2].partition("`")[0]
        code = (ROOT / file).read_text(encoding="utf-8")
        assert re.search(rf"\b(?:def|class) {name}\b", code), f"{file} has no {name}"
    for place in re.findall(r"`(korus_tui/[\w/.]*)`", text):
        assert (ROOT / place).exists(), place
    events = (ROOT / "korus_tui" / "sale" / "events.py").read_text(encoding="utf-8")
    for event in re.findall(r"^\| `([A-Z]\w+)` \|", text, re.MULTILINE):
        assert f"class {event}:" in events, event


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("(docs/rules.md, Holds).", []),
        ("(docs/rules.md, Law 3), and docs/faults.md, F21 and F23", []),
        ("docs/keys.md says how", []),
        ("(counter-rules.md, Holds)", ["counter-rules.md"]),
        ("docs/rules.md, Holdings", ["docs/rules.md, Holdings"]),
        ("(docs/faults.md, F21, F99)", ["docs/faults.md, F99"]),
    ],
)
def test_a_citation_that_opens_nothing_is_found(text: str, wrong: list[str]) -> None:
    assert closed(text) == wrong
