"""What is printed on a ticket, apart from the PDF library that prints it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Page:
    """What one ticket says; `start` is in the venue's time."""

    product: str
    ticket: str
    day: date | None
    start: datetime | None
    reference: str
    holder: str
    barcode: str
