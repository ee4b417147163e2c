"""Who may sign in here, beside the field for a name: chosen by the arrows or by typing."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from korus_tui.i18n import _
from korus_tui.text.search import fold, matches, rank

_MOST = 6  # lines; of more the next ones are told by their number


class Colleagues(Static):
    """The names that what is typed finds, the typed one highlighted; absent while none is known."""

    def __init__(self) -> None:
        super().__init__(id="colleagues", markup=False)
        self.display = False
        self._names: tuple[str, ...] = ()

    def offer(self, names: Sequence[str], typed: str) -> None:
        """These may be chosen from now on."""
        self._names = tuple(sorted(names, key=fold))
        self.show(typed)

    def fitting(self, typed: str) -> tuple[str, ...]:
        """The names that may be meant, best first; all of them beside one that was chosen."""
        if not typed.strip() or typed in self._names:
            return self._names
        found = (one for one in self._names if matches(typed, fold(one)))
        return tuple(sorted(found, key=lambda one: (rank(typed, fold(one)), fold(one))))

    def meant(self, typed: str) -> str | None:
        """The only name that is meant; None where that is several, or none."""
        same = [one for one in self._names if one.casefold() == typed.strip().casefold()]
        found = same or (self.fitting(typed) if typed.strip() else ())
        return found[0] if len(found) == 1 else None

    def step(self, typed: str, by: int) -> str | None:
        """The name below or above the typed one; the first or the last where none was chosen."""
        names = self.fitting(typed)
        if not names:
            return None
        here = names.index(typed) if typed in names else -1 if by > 0 else len(names)
        return names[(here + by) % len(names)]

    def show(self, typed: str) -> None:
        names = self.fitting(typed)
        self.display = bool(self._names)
        first = max(0, min(names.index(typed) if typed in names else 0, len(names) - _MOST))
        lines = [Content.styled(f" {one} ", "reverse" if one == typed else "") for one in names[first : first + _MOST]]
        if len(names) > _MOST:
            more = _("{count} more: type the beginning of the name").format(count=len(names) - _MOST)
            lines.append(Content.styled(f" {more}", "$foreground-muted"))
        self.update(Content("\n").join(lines))
