"""The interface's language: the one place that turns a source sentence into what the agent reads.

English is the source. Every other language is one catalogue below locales/ (docs/languages.md).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gettext

    from babel import Locale

SOURCE = "en"
ENGLISH = "en_GB"
DOMAIN = "korus_tui"
LOCALES = Path(__file__).parent / "locales"
_UNSAID = (  # of Babel's data of a language
    "compound_unit_patterns", "currency_names", "currency_names_plural", "date_fields", "interval_formats",
    "meta_zones", "scripts", "territories", "time_zones", "unit_display_names", "unit_patterns", "variants",
)  # fmt: skip

_TELLING = 5  # letters of a sentence beside its values, from which it is known by them

_active: gettext.NullTranslations | None = None  # None is the source itself, which needs no catalogue
_language = SOURCE


def _(message: str) -> str:
    """The sentence in the agent's language, looked up when it is shown so that a switch needs no restart.

    Where it names a key, as ‹checkout.take›, it is the key that the command has now.
    """
    return _with_keys(message if _active is None else _active.gettext(message))


def ngettext(one: str, many: str, count: int) -> str:
    """The singular or plural sentence for `count`, by the rules of the agent's language."""
    if _active is None:
        return _with_keys(one if count == 1 else many)
    return _with_keys(_active.ngettext(one, many, count))


def _with_keys(sentence: str) -> str:
    if "‹" not in sentence:
        return sentence
    from korus_tui.commands.registry import in_words  # first frame: few sentences name keys, and none of its own

    return in_words(sentence)


def pgettext(context: str, message: str) -> str:
    """Like `_`, for a word that means different things in different places; `context` is for the translator."""
    return message if _active is None else _active.pgettext(context, message)


def language() -> str:
    """The language that is spoken now, such as `fr`."""
    return _language


@cache
def languages() -> tuple[str, ...]:
    """Every language there is a catalogue for, English first."""
    return (SOURCE, *sorted(file.parts[-3] for file in LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")))


def use(wanted: str) -> None:
    """Speak this language from now on; one without a catalogue is English."""
    global _active, _language
    _active = _catalogue(wanted)
    _language = wanted if wanted in languages() else SOURCE


@contextmanager
def speaking(wanted: str) -> Iterator[None]:
    """Speak another language inside: a customer's slip. Nothing may be awaited there, the screen is the agent's."""
    before = _language
    use(wanted)
    try:
        yield
    finally:
        use(before)


def of_environment() -> str:
    """The language that this session's locale asks for, where there is a catalogue for it; else English."""
    said = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    wanted = said.partition(".")[0].partition("_")[0].lower()
    return wanted if wanted in languages() else SOURCE


def everywhere(message: str) -> tuple[str, ...]:
    """A short answer such as `y` in every language: what was typed before a switch still means the same."""
    found = map(_catalogue, languages())
    return tuple(message if one is None else one.gettext(message) for one in found)


def said_again(text: str, before: str) -> str:
    """What was said in the language `before`, in the one that is spoken now; as it is where no one sentence says it."""
    if not text or before == _language:
        return text
    for was, now in sorted(_pairs(before, _language), key=lambda pair: -len(pair[0])):
        was = _with_keys(was)
        parts = [(fixed, name) for fixed, name, _spec, _how in Formatter().parse(was)]
        fixed = [part for part, _name in parts if part]
        if sum(map(len, fixed)) < _TELLING or not all(part in text for part in fixed):
            continue
        pattern = (re.escape(part) + ("(.+?)" if name is not None else "") for part, name in parts)  # re's; noqa: house
        found = re.fullmatch("".join(pattern), text, re.DOTALL)
        if found is not None:
            names = [name for _part, name in parts if name is not None]
            values = {name: said_again(one, before) for name, one in zip(names, found.groups(), strict=True)}
            return _with_keys(now).format(**values)
    return text


@cache
def _pairs(before: str, now: str) -> tuple[tuple[str, str], ...]:
    """Every sentence with values by name in two languages."""
    catalogues = [_catalogue(one) for one in (before, now)]
    # gettext has no other way to its sentences; without this one they stay in the language they were said in
    known: dict[object, str] = next((vars(one).get("_catalog", {}) for one in catalogues if one is not None), {})
    sources = [one for one in known if isinstance(one, str) and one and "%(" not in one and "\x04" not in one]
    was, then = ([one if to is None else to.gettext(one) for one in sources] for to in catalogues)
    return tuple(zip(was, then, strict=True))


def locale_name() -> str:
    """Babel's name for the language that is spoken now; the interface's English counts days before months."""
    return ENGLISH if _language == SOURCE else _language


def locale() -> Locale:
    """How the language that is spoken now writes dates, figures and money; Babel is imported with the first use."""
    return _locale(locale_name())


def decimal_sign() -> str:
    """What stands between units and cents; English needs no Babel for it."""
    if _language == SOURCE:
        return "."
    from babel.numbers import get_decimal_symbol  # first frame

    return get_decimal_symbol(locale())


def figure(plain: str) -> str:
    """A plain figure such as `12.00`, its decimals as the language that is spoken now writes them."""
    return plain.replace(".", decimal_sign())


@cache
def _locale(name: str) -> Locale:
    from babel import UnknownLocaleError  # first frame

    try:
        return written_in(name)
    except (ValueError, UnknownLocaleError):  # a catalogue of a language that Babel does not know
        return written_in(ENGLISH)


@cache
def written_in(name: str) -> Locale:
    """How a language writes dates, figures and money, by Babel's name for it, such as `fr` or `en_GB`.

    Raises ValueError or UnknownLocaleError where Babel does not know it. Of what Babel reads for a language, and would
    keep (4 MB), only what a till says is kept: every till on a host has its own.
    """
    from babel import Locale, core, localedata  # first frame

    core._global_data = None  # read whole for another language
    try:
        found = Locale.parse(name)
        for unsaid in _UNSAID:
            found._data[unsaid] = {}
    finally:
        localedata._cache.clear()
        core._global_data = {"currency_fractions": core.get_global("currency_fractions")}
    return found


@cache
def territories(name: str) -> dict[str, str]:
    """What a language calls countries, by their two letters. Nothing else of what Babel reads for it is kept."""
    from babel import Locale, UnknownLocaleError, core, localedata  # first frame

    core._global_data = None
    try:
        known = Locale.parse(name).territories
        return {code: said for code, said in known.items() if len(code) == 2 and code.isalpha()}
    except (ValueError, UnknownLocaleError):
        return {}
    finally:
        localedata._cache.clear()
        core._global_data = {"currency_fractions": core.get_global("currency_fractions")}


@cache
def _catalogue(wanted: str) -> gettext.NullTranslations | None:
    if wanted == SOURCE:
        return None
    import gettext  # first frame

    return gettext.translation(DOMAIN, LOCALES, [wanted], fallback=True)
