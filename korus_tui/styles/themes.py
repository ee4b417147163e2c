"""The two themes: one accent, one colour for what is owed, three greys; red, amber and green for state only."""

from __future__ import annotations

from textual.theme import Theme


def _variables(palette: dict[str, str]) -> dict[str, str]:
    """Textual's variables in our colours, all opaque, so that contrast is what the test computed."""
    return {
        "foreground-muted": palette["muted"],
        "foreground-disabled": palette["faint"],
        "text": palette["text"],
        "text-muted": palette["muted"],
        "text-disabled": palette["faint"],
        "text-primary": palette["accent"],
        "text-accent": palette["accent"],
        "text-warning": palette["warn"],
        "text-error": palette["bad"],
        "text-success": palette["good"],
        "money": palette["money"],
        "block-cursor-background": palette["fill"],
        "block-cursor-foreground": palette["ink"],
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": palette["raised"],
        "block-cursor-blurred-foreground": palette["text"],
        "block-hover-background": palette["raised"],
        "border": palette["accent"],
        "border-blurred": palette["rule"],
        "input-cursor-background": palette["text"],
        "input-cursor-foreground": palette["page"],
        "input-selection-background": palette["fill"],
        "input-selection-foreground": palette["ink"],
        "footer-background": palette["band"],
        "footer-foreground": palette["text"],
        "footer-key-foreground": palette["accent"],
        "footer-description-foreground": palette["muted"],
        "scrollbar": palette["rule"],
        "scrollbar-hover": palette["faint"],
        "scrollbar-active": palette["accent"],
        "scrollbar-background": palette["page"],
        "scrollbar-background-hover": palette["page"],
        "scrollbar-background-active": palette["page"],
        "scrollbar-corner-color": palette["page"],
        "button-color-foreground": palette["ink"],
        "button-foreground": palette["text"],
        "button-focus-text-style": "bold reverse",
    }


DARK = {
    "page": "#12161c", "band": "#1b212a", "raised": "#242c37", "rule": "#39434f",
    "text": "#e3e7ec", "muted": "#a0aab6", "faint": "#8c97a5",
    "accent": "#7fb8f5", "fill": "#2c5f94", "ink": "#ffffff",
    "warn": "#e9b45c", "bad": "#f58f88", "good": "#84cf9c", "alarm": "#a8312b", "money": "#5fe0d0",
}  # fmt: skip
LIGHT = {
    "page": "#fafaf8", "band": "#eff0ee", "raised": "#e6e8e7", "rule": "#c6cacd",
    "text": "#1d2329", "muted": "#515b66", "faint": "#5b6671",
    "accent": "#155a9c", "fill": "#1d5f9f", "ink": "#ffffff",
    "warn": "#7f4d00", "bad": "#a92a22", "good": "#1d6a3c", "alarm": "#a8312b", "money": "#00615a",
}  # fmt: skip


def _theme(name: str, palette: dict[str, str], dark: bool) -> Theme:
    return Theme(
        name=name,
        primary=palette["fill"],
        secondary=palette["muted"],
        accent=palette["accent"],
        warning=palette["warn"],
        error=palette["alarm"],
        success=palette["good"],
        foreground=palette["text"],
        background=palette["page"],
        surface=palette["band"],
        panel=palette["raised"],
        boost=palette["raised"],
        dark=dark,
        variables=_variables(palette),
    )


KORUS_DARK = _theme("korus-dark", DARK, True)
KORUS_LIGHT = _theme("korus-light", LIGHT, False)
THEMES: tuple[Theme, ...] = (KORUS_DARK, KORUS_LIGHT)

PAGES = ("page", "band", "raised")
USED_PAIRS: tuple[tuple[str, str], ...] = (
    *(
        (ink, ground)
        for ink in ("text", "muted", "faint", "accent", "warn", "bad", "good", "money")
        for ground in PAGES
    ),
    ("ink", "fill"),
    ("ink", "alarm"),
    ("page", "text"),
)
"""Every pair of text and ground that the style sheets put together, as (text, ground) names of a palette."""
