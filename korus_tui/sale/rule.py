"""What a rule of the fold says where it forbids an event."""

from __future__ import annotations


class NotAllowed(ValueError):
    """The event cannot happen to this sale as it stands; nothing was changed."""


def need(condition: bool, otherwise: str) -> None:
    """Forbid the event unless `condition`. Raises NotAllowed with the reason."""
    if not condition:
        raise NotAllowed(otherwise)
