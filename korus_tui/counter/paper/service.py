"""Receipts and refund slips of a sale, open or ended: shown, saved as text, printed by the counter's own command."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from korus_tui.config.paths import write_private
from korus_tui.counter.core.desk import Desk
from korus_tui.counter.core.problems import CounterError, Problem
from korus_tui.counter.paper import pdf as slip_pdf
from korus_tui.counter.paper import printing
from korus_tui.counter.paper.jobs import why_not
from korus_tui.counter.paper.layout import WIDTH
from korus_tui.counter.paper.slips import SlipKind, Venue, kind_of, slip, written_at
from korus_tui.i18n import _, speaking
from korus_tui.journal.errors import JournalProblem
from korus_tui.sale import events as e
from korus_tui.sale.apply import fold
from korus_tui.text.files import safe_name


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip as it is on paper, and the name of its file."""

    reference: str
    kind: SlipKind
    copy: int
    text: str
    name: str
    pdf: bytes | None = None


class Slips:
    """`venue` names the venue of a catalog, `zone` is the time zone by name, else the counter's own."""

    def __init__(  # noqa: PLR0913 - made in one place, of all that it works with
        self,
        desk: Desk,
        folder: Path,
        print_command: tuple[str, ...],
        venue: Callable[[str], str],
        zone: Callable[[str | None], tzinfo],
        *,
        columns: int = WIDTH,
        pdf: bool = False,
        at_desk: bool = False,
    ) -> None:
        """`columns` a line; with `pdf`, every slip is also made as one; `at_desk`: terminals may have printers."""
        self._desk = desk
        self._folder = folder
        self._print_command = print_command
        self._venue = venue
        self._zone = zone
        self._columns = columns
        self._pdf = pdf
        self._on_paper = bool(print_command) or at_desk
        self._one_at_a_time = asyncio.Lock()

    async def of(self, reference: str, kind: SlipKind | None = None) -> Slip:
        """The next copy of a sale's slip, of the kind that it needs now unless told.

        From the second on it says so, and so does its file. Raises CounterError and the journal's errors.
        """
        self._desk.gate.must_be_somebody()
        rows = await (await self._desk.ledger.journal()).read(reference)
        sale = fold(row.event for row in rows)
        if sale is None:
            meaning = _("It was sold at another till: its receipt is there.")
            raise CounterError(Problem(_("This till has no record of the sale."), meaning))
        zone = next((state.line.zone for state in sale.lines), None)
        chosen = kind or kind_of(sale)
        venue = Venue(self._venue(sale.catalog), self._zone(zone))
        copy = 1 + max((one.copy for one in sale.slips if one.document == chosen), default=0)
        with speaking(sale.language):
            codes = not self._desk.gate.asks_pins  # a slip counts as no ticket, and so is none
            text = slip(chosen, rows, venue, self._columns, copy, codes=codes)
        name = safe_name(f"{reference}-{chosen}" + (f"-COPY-{copy}" if copy > 1 else "")) + ".txt"
        pdf = await asyncio.to_thread(slip_pdf.render, text, written_at(rows), self._columns) if self._pdf else None
        return Slip(reference, chosen, copy, text, name, pdf)

    async def save(self, made: Slip) -> Path:
        """Save the slip in the counter's folder; the same copy has the same name. Raises CounterError.

        Where there is no printer the file is what the customer gets: it counts as a copy.
        """
        self._desk.gate.must_be_somebody()
        if self._on_paper:
            return await self._write(made)
        async with self._one_at_a_time, self._recorded(made, "saved"):
            return await self._write(made)

    async def _write(self, made: Slip) -> Path:
        file = self._folder.expanduser() / made.name
        try:
            await asyncio.to_thread(write_private, file, made.text.encode())
            if made.pdf is not None:
                await asyncio.to_thread(write_private, file.with_suffix(".pdf"), made.pdf)
        except OSError as error:
            what = _("The slip cannot be saved in {folder}.").format(folder=file.parent)
            raise CounterError(Problem(what, error.strerror or "", _("It can still be read here"))) from error
        return file

    @property
    def can_print(self) -> bool:
        """Whether a print command is configured."""
        return bool(self._print_command)

    async def at_terminal(self, reference: str, kind: SlipKind | None, write: Callable[[str], None]) -> Slip:
        """Write the next copy to a terminal that has a printer of its own. Raises CounterError."""
        async with self._one_at_a_time:
            made = await self.of(reference, kind)
            async with self._recorded(made, "printed"):
                write(printing.at_terminal(made.text))
            return made

    async def print(self, reference: str, kind: SlipKind | None = None) -> Slip:
        """Print the next copy of the slip with the configured command. Raises CounterError."""
        self._desk.gate.must_be_somebody()
        if not self._print_command:
            raise CounterError(printing.not_configured())
        async with self._one_at_a_time:
            made = await self.of(reference, kind)
            async with self._recorded(made, "printed"):
                await self._write(made)
                await printing.print_file(self._print_command, made.name, made.text.encode())
            return made

    @asynccontextmanager
    async def _recorded(self, made: Slip, how: str) -> AsyncIterator[None]:
        """That the slip was asked for, and how it ended, is on record."""
        await self._desk.record_after(made.reference, e.PaperAsked(made.kind, how, made.copy))
        try:
            yield
        except BaseException as error:
            with suppress(JournalProblem):
                await self._desk.record_after(made.reference, e.PaperFailed(made.kind, how, made.copy, why_not(error)))
            raise
        await self._desk.record_after(made.reference, e.SlipHandedOver(made.kind, how, made.copy))
