"""Every word can be translated, longer words fit, and a switch of language loses nothing."""

from __future__ import annotations

import calendar
import dataclasses
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import pseudo_language
import pytest
from families import some
from sandbox_process import SandboxProcess
from textual.screen import ModalScreen
from textual.widgets import Input
from walking import NOW, STEPS, Walk, walking

from korus_tui import i18n
from korus_tui.app.korus_app import KorusApp
from korus_tui.config.paths import Paths
from korus_tui.config.settings import Settings
from korus_tui.screens.checkout.customer import CustomerForm
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.screens.connect.screen import ConnectScreen
from korus_tui.widgets.lists.row_list import RowList

SIZES = [(80, 24), (120, 40)]
TIGHT = some(1, [(size,) for size in SIZES])  # where a third more has to find room
# What can be opened from the catalog by keys alone.
PAGES = [("ctrl+g",), ("ctrl+d",), ("ctrl+y",), ("colon",), ("colon", "2", "a"), ("ctrl+p",), ("ctrl+f",), ("ctrl+e",),
         ("ctrl+e", "i"), ("ctrl+e", "f"), ("ctrl+e", "s")]  # fmt: skip
# Where a hint in grey is as long as the line lets it be, in every language.
HINTS = [("colon",), ("ctrl+p",)]
_NUMBERS = count(1)
_WORD = re.compile(r"[^\W\d_]{3,}")
_FOREIGN = re.compile(r"\S*[\d/?&=@]\S*|\w+…")  # addresses, references, and what is left of a name that was cut
_KEYS = {"Ctrl", "Esc", "Enter", "PgDn", "Del", "Tab", "korus", "tui", "Korus", "Ticket", "API"}
_MONTHS = {*calendar.month_name, *calendar.month_abbr, *calendar.day_name, *calendar.day_abbr}
SANDBOX = {"now": NOW.isoformat(), "freeze": True}


@pytest.fixture(scope="module")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The language that nobody speaks, compiled."""
    folder = tmp_path_factory.mktemp("locales")
    pseudo_language.build(folder)
    return folder


@pytest.fixture
def pseudo(catalogues: Path) -> Iterator[None]:
    """English and the language that nobody speaks are there."""
    with pseudo_language.known(catalogues):
        yield


@pytest.fixture(autouse=True)
def _english_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """References count up, and what one test speaks is not spoken in the next."""
    monkeypatch.setattr("korus_tui.sale.reference.mint", lambda: f"KTWS-YP6C-M{next(_NUMBERS):03}")
    yield
    i18n.use(i18n.SOURCE)


@pytest.fixture
def _still_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer times of two looks differ; what is compared does not."""
    monkeypatch.setattr(TillScreen, "_connection", lambda *_: ("", ""))


def _texts(value: object) -> Iterable[str]:
    """Every text in a value, whatever it is made of; names of fields are not in it."""
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _texts(getattr(value, field.name))
    elif isinstance(value, tuple | list | set | frozenset):
        for one in value:
            yield from _texts(one)


def _data(walk: Walk) -> set[str]:
    """The words that are not ours: the catalog's, the sale's, the profile's."""
    services = walk.till.services
    told = (services.catalogs.content, services.desk.sales, services.profile, services.name, "Léa till", "ORD")
    return {word for text in _texts(told) for word in _WORD.findall(text)}


def said(walk: Walk) -> str:
    """What can be read on the page on top: under a dialog, half a name is no word."""
    screen = walk.app.screen
    if not isinstance(screen, ModalScreen):
        return walk.text
    box = next(one for one in screen.children if not (one.id or "").startswith("textual-")).region
    return "\n".join(line[box.x : box.right] for line in walk.text.split("\n")[box.y : box.bottom])


def hard_coded(walk: Walk) -> set[str]:
    """Plain words on the screen that are neither data nor names of keys and days."""
    known = _data(walk) | _KEYS | _MONTHS
    words = set(_WORD.findall(_FOREIGN.sub(" ", said(walk))))
    return {word for word in words if word.isascii() and word not in known}


def cut(walk: Walk) -> list[str]:
    """Lines on which a text of ours was cut, with the sign that says so."""
    return re.findall(rf"{pseudo_language.BEGIN}[^{pseudo_language.END}│\n]*…", said(walk))


def lost(walk: Walk) -> int:
    """How many texts of ours begin on the screen and do not end on it."""
    return said(walk).count(pseudo_language.BEGIN) - said(walk).count(pseudo_language.END)


@asynccontextmanager
async def _at(sandbox: SandboxProcess, home: Path, size: tuple[int, int], step: str) -> AsyncIterator[Walk]:
    async with walking(sandbox, home, size) as walk:
        for one in STEPS[: STEPS.index(step) + 1]:
            await walk.go(one)
        yield walk


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize("size", TIGHT, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_a_whole_sale_in_a_language_a_third_longer(
    size: tuple[int, int], sandbox: SandboxProcess, tmp_path: Path
) -> None:
    i18n.use(pseudo_language.NAME)
    async with walking(sandbox, tmp_path, size) as walk:
        for step in STEPS:
            await walk.go(step)
            assert hard_coded(walk) == set(), f"{step}\n{walk.text}"
            assert cut(walk) == [], f"{step}\n{walk.text}"
            assert lost(walk) == 0 or step == "help", f"{step}\n{walk.text}"  # help scrolls
            if step in ("cart", "checkout"):
                assert "160.00" in walk.text
                assert walk.till.services.desk.sales[0].reference in walk.text


@pytest.mark.usefixtures("pseudo", "_still_line")
async def test_every_screen_changes_its_language_and_comes_back(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with walking(sandbox, tmp_path, (120, 40)) as walk:
        for step in STEPS:
            await walk.go(step)
            before, focus = await walk.still(), walk.app.screen.focused
            await walk.pilot.press("ctrl+x")
            await walk.until(lambda: i18n.language() == pseudo_language.NAME)
            assert hard_coded(walk) == set(), f"{step}\n{walk.text}"
            await walk.pilot.press("ctrl+x")
            await walk.until(lambda before=before: walk.text == before)
            assert walk.app.screen.focused is focus


@pytest.mark.usefixtures("pseudo", "_still_line")
@pytest.mark.parametrize("size", TIGHT, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("keys", some(5, [(one,) for one in PAGES]), ids=lambda keys: "-".join(keys))
async def test_every_other_page_too(
    keys: tuple[str, ...], size: tuple[int, int], sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with _at(sandbox, tmp_path, size, "catalog") as walk:
        for key in keys:
            here = walk.text
            await walk.pilot.press(key)
            await walk.until(lambda here=here: walk.text != here)
            await walk.still()
        before = await walk.still()
        await walk.pilot.press("ctrl+x")
        await walk.until(lambda: i18n.language() == pseudo_language.NAME)
        assert hard_coded(walk) == set(), walk.text
        if keys not in HINTS:
            assert (cut(walk), lost(walk)) == ([], 0), walk.text
        await walk.pilot.press("ctrl+x")
        await walk.until(lambda: walk.text == before)


@pytest.mark.usefixtures("pseudo")
async def test_the_first_start_too_with_what_was_typed(tmp_path: Path) -> None:
    first = ConnectScreen(Paths.below(tmp_path), Settings())
    app = KorusApp(None, first, log=tmp_path / "log", theme="korus-dark")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        walk = Walk(None, pilot)
        server = first.query_one("#field-server Input", Input)
        before = await walk.still()
        await pilot.press("end", *"/x", "ctrl+x")
        await walk.until(lambda: i18n.language() == pseudo_language.NAME)
        plain = {word for word in _WORD.findall(_FOREIGN.sub(" ", walk.text)) if word.isascii()} - _KEYS
        assert plain == {"main", "till"}
        assert server.value.endswith("/x")
        await pilot.press("backspace", "backspace", "ctrl+x")
        await walk.until(lambda: walk.text == before)


@pytest.mark.usefixtures("_still_line")
async def test_a_sale_goes_on_in_french_where_it_was_in_english(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with _at(sandbox, tmp_path, (80, 24), "checkout") as walk:
        given = walk.app.screen.query_one("#given Input", Input)
        assert given.value == "40000"
        await walk.pilot.press("ctrl+x", "ctrl+x")
        await walk.until(lambda: "F10 encaisse 160,00 € en espèces et commande" in walk.text.replace("\u00a0", " "))
        assert (given.value, given.has_focus) == ("40000", True)
        await walk.pilot.press("f10")
        await walk.until(lambda: walk.screen == "documents" and "La commande est complète." in walk.text)


async def test_nothing_typed_in_the_customers_form_is_lost(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with _at(sandbox, tmp_path, (80, 24), "cart") as walk:
        await walk.pilot.press("enter")
        await walk.until(lambda: walk.screen == "checkout")
        await walk.pilot.press("e", *"Zoé", "enter", *"Pluma", "enter", *"zoe@", "left")
        form = walk.app.screen.query_one(CustomerForm)
        form.field("opt_in").entry.value = "y"
        email = form.field("email").entry
        await walk.pilot.press("ctrl+x", "ctrl+x")
        await walk.until(lambda: "Prénom" in walk.text)
        assert (form.field("first_name").value, form.field("last_name").value) == ("Zoé", "Pluma")
        assert (email.value, email.cursor_position, email.has_focus) == ("zoe@", 3, True)
        assert form.customer is not None
        assert form.customer.opt_in
        await walk.pilot.press("end", *"example.org")
        assert email.value == "zoe@example.org"


async def test_numbers_and_the_highlight_stay_over_a_switch(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with _at(sandbox, tmp_path, (80, 24), "offers") as walk:
        await walk.pilot.press("down", "down", "3")
        rows = walk.app.screen.query_one("#day-offers", RowList)
        typed, here = dict(rows.quantities), rows.highlighted
        await walk.pilot.press("ctrl+x", "ctrl+x")
        await walk.until(lambda: "par billet" in walk.text and "mardi 2 juin 2026" in walk.text)
        assert (dict(rows.quantities), rows.highlighted, rows.has_focus) == (typed, here, True)
        assert sorted(typed.values()) == [2, 3]


async def test_the_customers_language_is_another_key(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with _at(sandbox, tmp_path, (120, 40), "cart") as walk:
        services = walk.till.services
        reference = services.desk.sales[0].reference
        assert services.language == "fr"
        await walk.pilot.press("enter")
        await walk.until(lambda: walk.screen == "checkout" and walk.app.screen.guard.ready)
        await walk.pilot.press("w", "ctrl+u")
        await walk.until(lambda: "The customer's language is English now." in walk.text)
        sale = services.desk.get(reference)
        assert (sale.language, sale.customer and sale.customer.language) == ("en", "en")
        await walk.pilot.press("c", *"16000")
        await walk.until(lambda: walk.app.screen.query_one("#given Input", Input).value and walk.app.screen.guard.ready)
        await walk.pilot.press("f10")
        await walk.until(lambda: walk.screen == "documents")
        assert i18n.language() == "en"
        made = await services.slips.of(reference)
        assert "RECEIPT" in made.text
        await walk.until(lambda: walk.app.screen.armed)
        await walk.pilot.press("enter")
        await walk.until(lambda: walk.screen == "catalog")
        assert services.language == "fr"  # the next customer has the profile's again


async def test_the_catalog_is_read_in_the_customers_language(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with _at(sandbox, tmp_path, (80, 24), "catalog") as walk:
        catalogs = walk.till.services.catalogs
        assert catalogs.content is not None
        assert catalogs.content.language == "fr"
        await walk.pilot.press("ctrl+u")
        await walk.until(lambda: catalogs.content and catalogs.content.language == "en")
        await walk.until(lambda: "en · " in walk.text)
        await walk.pilot.press("ctrl+u", "ctrl+u")
        await walk.until(lambda: catalogs.content and catalogs.content.language == "fr")
