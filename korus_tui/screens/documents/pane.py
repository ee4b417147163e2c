"""The pane of a finished sale: its orders, its documents, and the highlighted one with its link and code."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widgets import Static

from korus_tui.counter.catalog.offer_models import OrderDocuments, TicketDocument
from korus_tui.counter.core.problems import Problem
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.sale.acts import all_given_back, given_back
from korus_tui.sale.state import Sale
from korus_tui.screens.common.differences import product_names
from korus_tui.screens.common.till_screen import joined
from korus_tui.screens.documents import text as said
from korus_tui.screens.documents.qr import fits_alone
from korus_tui.widgets.lists.row_list import Column, Row, RowHighlighted, RowList, Tone
from korus_tui.widgets.lists.states import Failed, Loading, Ready
from korus_tui.widgets.panels import panel
from korus_tui.widgets.qr import Qr, qr_size
from korus_tui.widgets.said import Said
from korus_tui.widgets.text import cut, link, paragraph, styled

_ALL = "all"  # the key of the row that stands for every document
_LEAST = 46  # cells that the words need beside a code
_ABOVE = 16  # lines that orders, list and messages take
_HOST, _LANGUAGE = 60, 12  # cells, so that the address below is not pushed out of sight


@dataclass(frozen=True, slots=True)
class File:
    """A row of the list: a document, or the place of one that does not exist yet."""

    key: str
    name: str
    order: OrderDocuments
    document: TicketDocument | None


@dataclass
class FileHighlighted(Message):
    """Another document, or another state of it, is the one that keys act on."""


class DocumentsPane(Horizontal):
    """Shows a sale and what is known of its documents; posts FileHighlighted."""

    def __init__(self, services: Services) -> None:
        super().__init__(id="handover")
        self._services = services
        self._sale: Sale | None = None
        self.found: tuple[OrderDocuments, ...] = ()  # what is known of the documents
        self._seen: dict[str, object] = {}
        self._code: tuple[str, Size | None] = ("", None)
        self._told: set[str] = set()
        self._scanned: set[str] = set()  # documents whose code stood here, large enough for a telephone

    def compose(self) -> ComposeResult:
        """Orders, list and words in one column; the code beside them where there is room."""
        with VerticalScroll(id="said", can_focus=False):
            yield Static(id="standing", markup=False)
            yield panel(Static(id="orders", markup=False), _("Orders"))
            columns = (
                Column("name", _("document"), None, least=21, foreign=True),
                Column("state", _("state"), 18),
                Column("valid", _("link"), 17, priority=2),
                Column("handed", _("handed over"), 16),
            )
            yield panel(RowList(columns, id="files", state=Loading(_("Asking for the documents"))), _("Documents"))
            yield Said(id="done")
            yield panel(Static(id="chosen", markup=False), _("This document"))
        yield panel(Qr(id="code"), _("QR code"))

    # What the screen says to it

    def show_sale(self, sale: Sale, found: tuple[OrderDocuments, ...]) -> None:
        """Show the orders, and the documents as far as they are known."""
        self._sale, self.found = sale, found
        self._put("standing", said.standing(sale, product_names(self._services), self.size.height))
        self._put("orders", said.orders(sale, found, self._services, self.size.height))
        if found:
            rows = [Row(file.key, self._cells(file), tone=self._state(file)[1]) for file in self.files]
            self.query_one(RowList).set_rows([*self._all_row(), *rows], Ready())
        self._show_chosen()

    def show_times(self) -> None:
        """Times went on: repaint the cells that say something else now."""
        self._show_all_row()
        for file in self.files:
            self.query_one(RowList).update_row(file.key, self._cells(file), tone=self._state(file)[1])
        self._show_chosen()

    def fail(self, problem: Problem) -> None:
        """Nothing could be asked; the orders stay in sight."""
        self.query_one(RowList).set_rows(
            (), Failed(problem.what, problem.meaning, _("‹documents.ask|reprint.ask› asks again"))
        )

    def say(self, words: str) -> None:
        """What was done with a document, until something else is."""
        self.query_one("#done", Said).say(words)

    @property
    def files(self) -> list[File]:
        """The rows of the list, in the order of the orders."""
        several = len(self.found) > 1
        files = []
        for order in self.found:
            documents: list[TicketDocument | None] = [*order.documents]
            if order.problem or not documents:  # one that is not known yet, or perhaps one more
                documents.append(None)
            for number, document in enumerate(documents, 1):
                name = order.reference if several else _("Tickets")
                name += f" {number}" if len(documents) > 1 else ""
                files.append(File(document.iri if document else order.order, name, order, document))
        return files

    @property
    def chosen(self) -> File | None:
        """The one document that keys act on; None where that is all of them."""
        key = self.query_one(RowList).highlighted
        return next((file for file in self.files if file.key == key), None)

    @property
    def acted_on(self) -> list[TicketDocument]:
        """The documents that keys act on: all of the sale, or the chosen one."""
        chosen = self.chosen
        files = [chosen] if chosen is not None else self.files
        return [file.document for file in files if file.document is not None]

    def name_of(self, document: TicketDocument) -> str:
        return next((file.name for file in self.files if file.key == document.iri), document.id)

    def not_handed(self, sale: Sale, under_way: Collection[str]) -> tuple[int, int]:
        """How many documents of the sale nobody has yet, and of how many; those of cancelled orders need nobody."""
        if all_given_back(sale):
            return 0, 0
        gone = {one.order for one in given_back(sale)}
        got = {one.document for one in sale.handed} | sale.shown | self._scanned | set(under_way)
        if not self.found:  # not asked yet: each order has one at least
            orders = [one for one in sale.orders if one.order not in gone]
            left = [one for one in orders if not any(part.startswith(f"{one.order}/") for part in got)]
            return len(left), len(orders)
        files = [file for file in self.files if not file.order.cancelled and file.order.order not in gone]
        return sum(file.key not in got for file in files), len(files)

    def _all_row(self) -> list[Row]:
        """First of several: all of them at once."""
        files, sale = self.files, self._sale
        if len(files) < 2 or sale is None:
            return []
        states = [self._state(file) for file in files]
        ready = sum(tone == "good" for _said, tone in states)
        said = states[0][0] if len(set(states)) == 1 else ""
        state = said or _("{count} of {all} ready").format(count=ready, all=len(files))
        left, count = self.not_handed(sale, ())
        handed = _("{count} of {all}").format(count=count - left, all=count) if left < count else ""
        name = _("All {count} documents").format(count=len(files))
        return [Row(_ALL, (name, state, "", handed), tone="good" if ready == len(files) else "warn")]

    def _show_all_row(self) -> None:
        for row in self._all_row():
            self.query_one(RowList).update_row(row.key, row.cells, tone=row.tone)

    # Rows

    def _state(self, file: File) -> tuple[str, Tone]:
        if file.document is not None:
            return said.state(file.document, self._services)
        if file.order.problem:
            return _("not known"), "bad"
        if file.order.cancelled:
            return _("cancelled"), "muted"
        return (_("waits for names"), "warn") if file.order.waiting else (_("being made"), "warn")

    def _cells(self, file: File) -> tuple[str, ...]:
        sale, document = self._sale, file.document
        valid = said.validity(document, self._services) if document else ""
        under_way = sale is not None and sale.reference in self._services.jobs.running
        handed = said.handed(sale, document, under_way) if sale and document else ""
        return file.name, self._state(file)[0], valid, handed

    # The highlighted document

    @on(RowHighlighted, "#files")
    def _moved(self) -> None:
        self._show_chosen()

    def on_resize(self) -> None:
        """Another size: the code may fit now, or no longer; the orders stand closer where it is low."""
        if self._sale is not None:
            self.show_sale(self._sale, self.found)
        self.call_after_refresh(self._show_chosen)

    def _show_chosen(self) -> None:
        """Where the highlighted document's link leads, or why there is none; its code where it fits."""
        file = self.chosen
        document = file.document if file else None
        live = document.link if document and document.link and not self._services.documents.expired(document) else ""
        sale, documents = self._sale, self._services.documents
        closed = document is not None and sale is not None and documents.wants_word(sale, document)
        if live and sale is not None and document is not None and not documents.may_be_shown(sale, document):
            live = ""
            if not closed:
                self._show_soon(sale, document)
                document = None  # its words come with its link
        fits = bool(live) and self._fits(live)
        if closed:
            self._put(
                "chosen",
                paragraph(
                    _(
                        "Its link and QR code need a supervisor: ‹documents.copy›, ‹documents.qr›, "
                        "‹documents.save› and ‹documents.print› ask for one."
                    )
                ),
            )
        else:
            self._put("chosen", self._words(file, live, fits) if file and document else self._of_all(file))
        code = self.query_one(Qr)
        code.display = fits
        if fits and file is not None:
            code.show(live)
            if file.key not in self._scanned:
                self._scanned.add(file.key)
                self._show_all_row()
        self.post_message(FileHighlighted())

    def _of_all(self, file: File | None) -> Content:
        """What the keys do while no single document is chosen."""
        if file is not None or not self._all_row():
            return Content("")
        return paragraph(_("The keys act on all of them; ↑↓ choose one to act on it alone."))

    def _show_soon(self, sale: Sale, document: TicketDocument) -> None:
        """Have it on record that link and code are shown; with the record the sale changes, and they are."""
        if self._services.till.nobody is None and document.iri not in self._told:
            self._told.add(document.iri)
            self._services.background.start(self._telling(sale, document), "record what is shown")

    async def _telling(self, sale: Sale, document: TicketDocument) -> None:
        try:
            await self._services.documents.show(sale, document)
        except Exception:  # nothing is shown then, whatever fails; the bar says what the journal has
            self._told.discard(document.iri)

    def _fits(self, live: str) -> bool:
        """Whether the code of a link has room beside the words; it is made once a link."""
        if self._code[0] != live:
            self._code = live, qr_size(live)
        size, box = self._code[1], self.query_one(Qr).gutter
        if size is None:
            return False
        return size.width + box.width + _LEAST <= self.size.width and size.height + box.height <= self.size.height

    def _elsewhere(self) -> str:
        """Where its code can be seen, if there is no room for it here."""
        if fits_alone(self._code[1], self.screen.size):
            return _("no room here for its QR code: ‹documents.qr› shows it")
        return _("its QR code needs a larger window")

    def _words(self, file: File, live: str, fits: bool) -> Content:
        document = file.document
        if document is None:
            again = _("It is asked for again; the order is complete.")
            return paragraph(f"{file.order.problem}\n{again}" if file.order.problem else "")
        if document.address:
            return Content.assemble(styled(document.link_problem, "$text-error"), "\n", paragraph(document.address))
        if live:
            host, language = cut(said.host(live), _HOST), cut(document.language, _LANGUAGE)
            shown = joined((host, said.validity(document, self._services), language))
            note = "" if fits else "  " + self._elsewhere()
            return Content.assemble(styled(shown, "bold"), (note, "$text-muted"), "\n", link(live, self._address(live)))
        if document.link:
            return paragraph(
                _(
                    "The link has come to its end. ‹documents.ask|reprint.ask› "
                    "asks for a fresh one; the order is complete."
                )
            )
        return paragraph(said.later(document, self._services) or document.link_problem)

    def _address(self, live: str) -> str:
        """The address in as many lines as there is room for; the link behind it is whole."""
        column = self.query_one("#said").size
        return cut(live, max(20, column.width) * max(3, column.height - _ABOVE))

    def _put(self, place: str, content: Content) -> None:
        """Show a text where it is another than before: what did not change costs no bytes."""
        now = (content.plain, tuple(content.spans))
        if self._seen.get(place) != now:
            self._seen[place] = now
            widget = self.query_one(f"#{place}", Static)
            widget.display = bool(content.plain)  # no box around nothing
            widget.update(content)
