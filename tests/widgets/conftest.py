"""One environment for all pictures of the widgets, set before Textual is imported."""

from __future__ import annotations

import os

os.environ.pop("NO_COLOR", None)
os.environ["TEXTUAL_ANIMATIONS"] = "none"
os.environ["COLORTERM"] = "truecolor"
