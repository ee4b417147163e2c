"""Finding by typing, as the widgets use it; the rules are in korus_tui.folding, which the counter uses too."""

from __future__ import annotations

from korus_tui.folding import fold, matches, rank

__all__ = ["fold", "matches", "rank"]
