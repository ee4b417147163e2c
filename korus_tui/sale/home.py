"""Where sales belong: to one mode at one server. Elsewhere they are neither asked after, sold nor settled."""

from __future__ import annotations

from dataclasses import dataclass

from korus_tui.sale.values import Mode


@dataclass(frozen=True, slots=True)
class Home:
    """`server` is the API's origin; "" where nobody recorded it, as in journals from before it was."""

    mode: Mode
    server: str = ""

    def has(self, other: Home) -> bool:
        """Whether what belongs to `other` may be worked on here; of a server that is not known, the mode decides."""
        return self.mode is other.mode and (self.server == other.server or not (self.server and other.server))
