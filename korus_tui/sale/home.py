"""Where sales belong: to one mode at one server. Elsewhere they are neither asked after, sold nor settled."""

from __future__ import annotations

from dataclasses import dataclass, field

from korus_tui.sale.values import Mode


@dataclass(frozen=True, slots=True)
class Home:
    """`server` is the API's origin; "" where nobody recorded it, as in journals from before it was.

    `earlier` is what the profile says that the same server was recorded as by versions that left its path out.
    """

    mode: Mode
    server: str = ""
    earlier: str = field(default="", compare=False)

    def has(self, other: Home) -> bool:
        """Whether what belongs to `other` may be worked on here; of a server that is not known, the mode decides."""
        known = bool(self.server and other.server)
        return self.mode is other.mode and (not known or other.server in (self.server, self.earlier))
