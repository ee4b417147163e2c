"""Dates as an agent types them, as the widgets use them; the rules are in korus_tui.day_text."""

from __future__ import annotations

from korus_tui.day_text import FURTHEST, DayError, parse_day

__all__ = ["FURTHEST", "DayError", "parse_day"]
