"""When two names are the same to the eye: a second "Ada" in other letters would sign another's sales."""

from __future__ import annotations

import unicodedata

from korus_tui.api.text import SIGN, clean_line

LONGEST = 28  # characters of a name; what the header has room for

# Small letters, digits and signs that a terminal draws as the first of their group, as such or as capitals
# (the common ones of Unicode Technical Standard 39: Cyrillic, Greek, Armenian and look-alikes of Latin itself).
_ALIKE = (
    "aаɑαᴀ bвβʙ cсϲᴄ dԁᴅ eеεҽᴇ gɡցɢ hнһʜ iіιıӏɪ jјϳᴊ kкκᴋ lɩʟ|1 mмμᴍ nոνηɴ oоοօᴏ0 pрρᴘ qԛ rʀг sѕꜱ tтτᴛ uսυᴜ vѵᴠν wԝѡᴡ"
    " xхχ yуγүʏ zζᴢ"
    " '‘’ʼʹ´` -‐‑‒–—−"
)
_CAPITALS = str.maketrans("ΗΝΥ", "HNY")  # of Greek: their small ones are drawn as other letters
_DRAWN_AS = {ord(one): group[0] for group in _ALIKE.split() for one in group[1:]}


def cleaned(name: str) -> str:
    """A name as it is kept: nothing that hides or moves, one space between words."""
    return " ".join(clean_line(unicodedata.normalize("NFKC", name), LONGEST).split())


def alike(one: str, other: str) -> bool:
    """Whether somebody could take one name for the other."""
    return not _shapes(one).isdisjoint(_shapes(other))


def _shapes(name: str) -> frozenset[str]:
    """What a name is drawn as; a capital i is an i, and looks like an l."""
    known = "".join(one for one in cleaned(name) if not _drawn_as_nothing(one))
    return frozenset(_drawn(form) for form in (known, known.replace("I", "l")))


def _drawn(form: str) -> str:
    small = form.translate(_CAPITALS).casefold().replace("i\u0307", "i")  # the capital i with a dot
    return small.translate(_DRAWN_AS).replace(" ", "")


def _drawn_as_nothing(sign: str) -> bool:
    """Marks that no letter is written with (an é is one sign by now), and what only steers how others are drawn."""
    marks = "\u0300" <= sign <= "\u036f" or "\ufe00" <= sign <= "\ufe0f" or sign == SIGN
    return marks or unicodedata.category(sign) in ("Cf", "Cc")
