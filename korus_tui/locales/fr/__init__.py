"""French."""

from korus_tui.locales.words import Words

WORDS = Words(
    day="EEE d MMM",
    long_day="EEEE d MMMM y",
    relative={"aujourdhui": 0, "auj": 0, "demain": 1, "dem": 1},
    weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    parts={"matin": (0, 12), "après-midi": (12, 18), "soir": (18, 24), "soirée": (18, 24)},
    this=("ce", "cette", "cet"),
    tonight=(),
    price_types={
        "adult": ("adulte", "adultes"),
        "child": ("enfant", "enfants"),
        "reduced": ("reduit", "reduite"),
        "family": ("famille",),
        "senior": ("senior", "seniors"),
        "student": ("etudiant", "etudiants"),
        "youth": ("jeune", "jeunes"),
        "infant": ("bebe",),
    },
    small=("à", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "pour", "sur", "un", "une"),
    countries={"angleterre": "GB", "ecosse": "GB"},
)
