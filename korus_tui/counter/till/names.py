"""When two names are the same to the eye: a second "Ada" in other letters would sign another's sales."""

from __future__ import annotations

import unicodedata

from korus_tui.api.text import SIGN, clean_line

LONGEST = 28  # characters of a name; what the header has room for

# Small letters, digits and signs that a terminal draws as the first of their group, as such or as capitals (the common
# ones of Unicode Technical Standard 39: Cyrillic, Greek, Armenian, Coptic, Cherokee, Lisu, and of Latin itself).
_ALIKE = (
    "aаɑαᴀⲁᎪꓮ bвβʙᏴꓐ cсϲᴄⲥᏟꓚ dԁᴅᎠꓓ eеεҽᴇⲉᎬꓰ fꓝ gɡցɢᏀꓖ hнһʜⲏᎻꓧ iіιıӏɪⲓꓲ jјϳᴊᎫꓙ kкκᴋⲕᏦꓗ lɩʟᏞꓡ|1 mмμᴍⲙᎷꓟ nոνηɴⲛꓠ"
    " oоοօᴏⲟꓳ0 pрρᴘⲣᏢꓑ qԛ rʀгᎡꓣ sѕꜱᏚꓢ tтτᴛⲧᎢꓔ uսυᴜꓴ vѵᴠνᏙꓦ wԝѡᴡᎳꓪ xхχⲭꓫ yуγүʏⲩꓬ zζᴢⲍᏃꓜ"
    " '‘’ʼʹ´` -‐‑‒–—−"
)
_CAPITALS = str.maketrans("ΗΝΥ", "HNY")  # of Greek: their small ones are drawn as other letters
_UNMARKED = frozenset({"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "COPTIC", "CHEROKEE", "LISU", "DIGIT", "SPACE"})
_BLANK = "\u2800"  # a sign of Braille without a dot
_DRAWN_AS = {ord(one): group[0] for group in _ALIKE.split() for one in group[1:]}


def cleaned(name: str) -> str:
    """A name as it is kept: nothing that hides or moves, one space between words."""
    return " ".join(clean_line(unicodedata.normalize("NFKC", name), LONGEST).split())


def alike(one: str, other: str) -> bool:
    """Whether somebody could take one name for the other."""
    return not _shapes(one).isdisjoint(_shapes(other))


def _shapes(name: str) -> frozenset[str]:
    """What a name is drawn as; a capital i is an i, and looks like an l."""
    known = ""
    for sign in cleaned(name):
        if not _drawn_as_nothing(sign, known[-1:]):
            known += sign
    return frozenset(_drawn(form) for form in (known, known.replace("I", "l")))


def _drawn(form: str) -> str:
    small = form.translate(_CAPITALS).casefold().replace("i\u0307", "i")  # the capital i with a dot
    return small.translate(_DRAWN_AS).replace(" ", "")


def _drawn_as_nothing(sign: str, before: str) -> bool:
    """What is not drawn, only steers how others are, or is a mark that no letter `before` it is written with.

    An é is one sign by now; in other scripts marks are letters of the name.
    """
    if sign in (SIGN, _BLANK) or unicodedata.category(sign) in ("Cf", "Cc"):
        return True
    if unicodedata.category(sign) not in ("Mn", "Me"):
        return False
    return not before or unicodedata.name(before, "").partition(" ")[0] in _UNMARKED
