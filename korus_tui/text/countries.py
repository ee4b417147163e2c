"""Countries as an agent types them: a code of ISO 3166, or the name in any language of the interface."""

from __future__ import annotations

from functools import cache

from korus_tui.i18n import language, languages, territories
from korus_tui.locales.words import every
from korus_tui.text.search import fold

_NONE = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}  # what Babel names beside countries
_LEAST = 3  # letters that begin a name


@cache
def _names() -> dict[str, frozenset[str]]:
    """Codes by the names that mean them, folded."""
    found: dict[str, frozenset[str]] = {}
    for spoken in languages():
        for code, name in territories(spoken).items():
            if code not in _NONE:
                found[fold(name)] = found.get(fold(name), frozenset()) | {code}
    return found


def countries(text: str) -> list[str]:
    """The codes that what was typed can mean: one where it is plain, none for what is no country."""
    word = text.strip()
    code = word.upper()
    if len(word) == 2 and code in territories("en") and code not in _NONE:
        return [code]
    folded = fold(word)
    for words in every().values():
        if folded in words.countries:
            return [words.countries[folded]]
    names = _names()
    if folded in names:
        return sorted(names[folded])
    begin = [names[name] for name in names if len(folded) >= _LEAST and name.startswith(folded)]
    return sorted(frozenset[str]().union(*begin))


def country_code(text: str) -> str | None:
    """The code of the one country that is meant."""
    found = countries(text)
    return found[0] if len(found) == 1 else None


def country_name(code: str) -> str:
    """The country in the agent's language; the code itself where Babel does not know it."""
    return territories(language()).get(code.upper(), code)
