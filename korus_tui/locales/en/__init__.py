"""English, the source: it has no catalogue."""

from korus_tui.locales.words import Words

WORDS = Words(
    day="EEE d MMM",
    long_day="EEEE d MMMM y",
    relative={"today": 0, "tod": 0, "tomorrow": 1, "tom": 1},
    weekdays=("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    parts={"morning": (0, 12), "afternoon": (12, 18), "evening": (18, 24), "night": (18, 24), "tonight": (18, 24)},
    this=("this",),
    tonight=("tonight",),
    price_types={
        "adult": ("adult", "adults"),
        "child": ("child", "children", "kid", "kids"),
        "reduced": ("reduced",),
        "family": ("family",),
        "senior": ("senior", "seniors"),
        "student": ("student", "students"),
        "youth": ("youth",),
        "infant": ("infant", "baby"),
    },
    small=("a", "and", "at", "for", "in", "of", "on", "s", "the", "to"),
    countries={"uk": "GB", "usa": "US", "england": "GB", "scotland": "GB", "holland": "NL"},
)
