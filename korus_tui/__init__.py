"""korus-tui: the till of a box office, selling through the Korus Ticket API."""

__version__ = "0.1.0"
