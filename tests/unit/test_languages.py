"""Every catalogue is whole: nothing missing, nothing left over, nothing guessed, and compiled as it is written."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from korus_tui import commands, i18n
from korus_tui.counter.orders.models import Standing
from korus_tui.locales import update
from korus_tui.locales import words as typed
from korus_tui.sale.money import Money
from korus_tui.screens.common import formats as words
from korus_tui.screens.orders import text as orders_words
from korus_tui.text.dates import parse_day
from korus_tui.text.search import fold
from korus_tui.widgets.text import width_of

LANGUAGES = sorted(update.catalogues())
_PLACEHOLDERS = re.compile(r"%\([a-z]+\)[ds]|\{[a-z]*(?::[^}]*)?\}")
_KEYS = re.compile(r"‹[^›]+›|\b(?:Ctrl\+[A-Z]|F1?[0-9]|Esc|Enter|Del|Tab|PgDn)\b|[↵↑↓←→]")
_BY_HAND = re.compile(
    r"\b(?:Ctrl\+[A-Z]|F1?[0-9]|Esc|Del|Ins|PgDn)\b|[←→]|(?:^|[,·;:—.] |   |and |or )[b-z](?= [a-z]|[,:]|$)"
)
_NO_COMMAND = (  # what is typed as an answer or in the quick line, what no key map moves, and what a key can be
    "y", "n", "y or n", "y or n: it stays in the record", "y or n; a supervisor adds agents",
    "2a2c 20h   ·   2 adult + 1 child sat 22:00   ·   3 F2 +1   ·   !$= cash, exact",
    "“%(word)s”: after ! comes $ cash, k card or v voucher, and = for exact.", "Type y for yes or n for no.",
    "{key} is no key that every terminal sends; F1 to F12, Ctrl and a letter, and signs are",
)  # fmt: skip


@pytest.fixture(scope="module")
def source() -> Catalog:
    """The program's sentences."""
    return update.extract()


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """Each language that there is a catalogue for."""
    return str(request.param)


@pytest.fixture
def catalogue(language: str) -> Catalog:
    """Its catalogue."""
    return update.read(language, update.catalogues()[language])


@pytest.fixture
def french() -> Iterator[None]:
    """French, for the length of one test."""
    with i18n.speaking("fr"):
        yield


def _sentences(catalogue: Catalog) -> set[tuple[object, str | None]]:
    return {(one.id, one.context) for one in catalogue if one.id}


def _pairs(message: Message) -> Iterator[tuple[str, str]]:
    """Each form with the source sentence that it stands for."""
    said = update.texts(message.id)
    for number, text in enumerate(update.texts(message.string)):
        yield said[min(number, len(said) - 1)], text


def test_nothing_is_missing_and_nothing_is_left_over(catalogue: Catalog, source: Catalog) -> None:
    assert _sentences(catalogue) == _sentences(source)
    assert not catalogue.obsolete
    assert [one.id for one in catalogue if one.id and not all(map(str.strip, update.texts(one.string)))] == []


def test_nothing_is_guessed(catalogue: Catalog) -> None:
    assert [one.id for one in catalogue if one.id and one.fuzzy] == []


def test_every_form_has_the_same_places_to_fill_in(catalogue: Catalog) -> None:
    wrong = [
        (said, text)
        for one in catalogue
        if one.id
        for said, text in _pairs(one)
        if sorted(_PLACEHOLDERS.findall(said)) != sorted(_PLACEHOLDERS.findall(text))
    ]
    assert wrong == []


def test_every_sentence_names_the_same_keys(catalogue: Catalog) -> None:
    wrong = [
        (said, text)
        for one in catalogue
        if one.id
        for said, text in _pairs(one)
        if sorted(_KEYS.findall(said)) != sorted(_KEYS.findall(text))
    ]
    assert wrong == []


def test_no_sentence_names_a_commands_key_by_hand(source: Catalog) -> None:
    """A key map would make it wrong: a sentence says ‹checkout.take›, which is F10 as long as the agent wants it so."""
    said = {text for one in source if one.id for text in update.texts(one.id)}
    assert sorted(text for text in said - set(_NO_COMMAND) if _BY_HAND.search(text)) == []


def test_every_command_that_a_sentence_names_exists(catalogue: Catalog) -> None:
    for one in catalogue:
        for text in (*update.texts(one.id), *update.texts(one.string)) if one.id else ():
            assert "‹" not in commands.in_words(text)


def test_french_signs_never_part_from_their_words() -> None:
    """A no-break space inside guillemets and before tall signs; keys that are typed (`:`, `!$=`) are no such signs."""
    loose = re.compile(r"« |[^\s]« ?\w| »|«\w|\w»|\w [:;!?](?=\s|$)|\w[;!?](?=\s|$)|[“”]")
    french = update.read("fr", update.catalogues()["fr"])
    assert [text for one in french if one.id for _said, text in _pairs(one) if loose.search(text)] == []


def test_plural_forms_are_as_many_as_the_language_has(catalogue: Catalog) -> None:
    assert {len(update.texts(one.string)) for one in catalogue if one.pluralizable} == {catalogue.num_plurals}


def test_what_the_program_reads_is_what_is_written(language: str, catalogue: Catalog, source: Catalog) -> None:
    file = update.catalogues()[language]
    assert file.read_bytes() == update.written(update.updated(catalogue, source))
    assert file.with_suffix(".mo").read_bytes() == update.compiled(update.updated(catalogue, source))


def test_every_sentence_can_be_found_in_the_program() -> None:
    """A sentence put together at run time, or inside an f-string, is in no catalogue."""
    found = []
    for file in Path(i18n.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                found += [f"{file.name}:{one.lineno}" for one in ast.walk(node) if _asks(one) and _constant(one)]
            elif _asks(node) and not _constant(node) and not _of_a_table(node):
                found.append(f"{file.name}:{getattr(node, 'lineno', 0)}")
    assert found == []


def _asks(node: ast.AST) -> bool:
    names = ("_", "ngettext", "pgettext")
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names


def _constant(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and all(
        isinstance(one, ast.Constant) for one in node.args[: 1 if getattr(node.func, "id", "") == "_" else 2]
    )


def _of_a_table(node: ast.AST) -> bool:
    """A row of a table whose words are marked: `_(command.label)`."""
    return isinstance(node, ast.Call) and isinstance(node.args[0], ast.Attribute | ast.Name)


def test_a_session_speaks_its_own_language(monkeypatch: pytest.MonkeyPatch) -> None:
    for said, spoken in (("fr_FR.UTF-8", "fr"), ("fr", "fr"), ("C.UTF-8", "en"), ("xx_XX", "en"), ("", "en")):
        monkeypatch.setenv("LC_ALL", said)
        monkeypatch.setenv("LANG", "")
        assert i18n.of_environment() == spoken
    monkeypatch.setenv("LC_ALL", "")
    monkeypatch.setenv("LANG", "fr_BE.UTF-8")
    assert i18n.of_environment() == "fr"


@pytest.mark.parametrize(
    ("options", "environment", "spoken"),
    [
        ([], {}, "fr"),
        ([], {"KORUS_LANGUAGE": "en"}, "en"),
        (["--language", "en"], {"KORUS_LANGUAGE": "fr"}, "en"),
    ],
)
def test_the_command_line_goes_before_the_environment_before_the_locale(
    options: list[str], environment: dict[str, str], spoken: str, tmp_path: Path
) -> None:
    told = {**os.environ, "KORUS_TUI_HOME": str(tmp_path), "LC_ALL": "fr_FR.UTF-8", **environment}
    ran = subprocess.run(
        [sys.executable, "-m", "korus_tui", *options, "config"], capture_output=True, text=True, env=told, check=False
    )
    assert next(line.split()[1] for line in ran.stdout.splitlines() if line.startswith("language")) == f'"{spoken}"'


@pytest.mark.usefixtures("french")
def test_french_writes_money_days_and_counts_as_french_does() -> None:
    assert words.money(Money(Decimal("1294.50"), "EUR")).replace("\u202f", " ") == "1 294,50\u00a0€"
    assert words.figure(Money(Decimal("294"), "EUR")) == "294,00"
    assert words.day(date(2025, 6, 7)) == "sam. 7 juin"
    assert words.long_day(date(2025, 6, 7)) == "samedi 7 juin 2025"
    said = i18n.ngettext("{count} ticket", "{count} tickets", 0).format(count=0)
    assert said == "0 billet"  # French counts nothing as one


def test_german_writes_money_and_days_as_german_does() -> None:
    with i18n.speaking("de"):
        assert words.money(Money(Decimal("1294.50"), "EUR")) == "1.294,50\u00a0€"
        assert words.day(date(2025, 6, 7)) == "Sa. 7. Juni"
        assert words.long_day(date(2025, 6, 7)) == "Samstag, 7. Juni 2025"
        assert i18n.ngettext("{count} ticket", "{count} tickets", 0).format(count=0) == "0 Tickets"


def test_german_quotes_stand_low_and_high() -> None:
    german = update.read("de", update.catalogues()["de"])
    loose = re.compile(r"„[^“]*$|^[^„]*“|[”«»]| [:;?](?=\s|$)")
    assert [text for one in german if one.id for _said, text in _pairs(one) if loose.search(text)] == []


def test_every_language_has_words_that_agents_type() -> None:
    """A catalogue without them would say `di` in its sentences and not understand it."""
    assert tuple(typed.every()) == i18n.languages()
    for one in typed.every().values():
        folded = [
            *one.relative,
            *one.weekdays,
            *one.countries,
            *(word for said in one.price_types.values() for word in said),
        ]
        assert [word for word in folded if fold(word).replace(" ", "") != word] == []
        assert len(set(one.weekdays)) == 7
    kinds = [(word, name) for one in typed.every().values() for name, said in one.price_types.items() for word in said]
    assert len(dict(kinds)) == len(set(kinds))  # no word is two price types


@pytest.mark.parametrize(
    ("spoken", "word", "meant"), [("de", "di", 9), ("fr", "di", 7), ("de", "mar", 9), ("fr", "don", 4)]
)
def test_a_word_means_first_what_it_means_in_the_agents_language(spoken: str, word: str, meant: int) -> None:
    with i18n.speaking(spoken):
        assert parse_day(word, date(2026, 6, 3)) == date(2026, 6, meant)


@pytest.mark.parametrize("spoken", i18n.languages())
def test_words_of_fixed_columns_fit(spoken: str) -> None:
    with i18n.speaking(spoken):
        days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
        assert max(width_of(words.day(one)) for one in days) <= words.widest_day()
        assert max(width_of(orders_words.standing(one)[0]) for one in Standing) <= 18


def test_another_language_inside_a_slip_changes_nothing_outside() -> None:
    with i18n.speaking("fr"):
        assert (i18n.language(), i18n._("cart")) == ("fr", "panier")
        with i18n.speaking("xx"):
            assert i18n._("cart") == "cart"
        assert i18n._("cart") == "panier"
    assert (i18n.language(), i18n._("cart")) == ("en", "cart")
    assert i18n.everywhere("y") == ("y", "j", "o")
