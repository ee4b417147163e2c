"""When two names are the same to the eye: a second "Ada" in other letters would sign another's sales."""

from __future__ import annotations

import unicodedata

from korus_tui.api.text import clean_line

LONGEST = 28  # characters of a name; what the header has room for

# Small letters, digits and signs that a terminal draws as the first of their group, as such or as capitals
# (the common ones of Unicode Technical Standard 39: Cyrillic, Greek, Armenian and look-alikes of Latin itself).
_ALIKE = (
    "aаɑα bвβʙ cсϲ dԁ eеεҽ gɡց hнһη iіιıӏ jјϳ kкκ lɩ|1 mмμ nոν oоοօ0 pрρ qԛ sѕꜱ tтτ uսυ vѵ wԝѡ xхχ yуγү zζᴢ"
    " '‘’ʼʹ´` -‐‑‒–—−"
)
_DRAWN_AS = {ord(one): group[0] for group in _ALIKE.split() for one in group[1:]}


def cleaned(name: str) -> str:
    """A name as it is kept: nothing that hides or moves, one space between words."""
    return " ".join(clean_line(unicodedata.normalize("NFKC", name), LONGEST).split())


def alike(one: str, other: str) -> bool:
    """Whether somebody could take one name for the other."""
    return not _shapes(one).isdisjoint(_shapes(other))


def _shapes(name: str) -> frozenset[str]:
    """What a name is drawn as; a capital i is an i, and looks like an l."""
    known = cleaned(name)
    return frozenset(form.casefold().translate(_DRAWN_AS).replace(" ", "") for form in (known, known.replace("I", "l")))
