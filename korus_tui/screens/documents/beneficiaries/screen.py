"""Holders of tickets: for each ticket that asks for one, a form of exactly the fields that it asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, Static

from korus_tui import commands
from korus_tui.counter.core.problems import Doing, of
from korus_tui.counter.orders.beneficiaries import HolderTicket
from korus_tui.counter.orders.holder_fields import HolderField, fault, fields_of
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.sale.state import Sale
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.till_screen import TillScreen, joined
from korus_tui.screens.documents.beneficiaries import text as say
from korus_tui.text.countries import country_code, country_name
from korus_tui.widgets.inputs.entry import Entry
from korus_tui.widgets.inputs.field import Field, RequiredNote
from korus_tui.widgets.lists.row_list import Column, Row, RowHighlighted, RowList
from korus_tui.widgets.lists.states import Empty, Failed, Loading, Ready
from korus_tui.widgets.place import Place
from korus_tui.widgets.text import paragraph


class HolderForm(Vertical):
    """The fields of one ticket, whose address is `ticket`."""

    def __init__(self, ticket: str, fields: Iterable[Field]) -> None:
        super().__init__(*fields, RequiredNote())
        self.ticket = ticket
        self.taken = False

    @property
    def typed(self) -> dict[str, str]:
        """What is typed, by the API's names of the fields."""
        return {(field.id or "").removeprefix("h-"): field.value for field in self.query(Field)}


class BeneficiariesScreen(TillScreen):
    """The tickets of a sale beside the form of the highlighted one. What is typed is kept until Korus takes it."""

    NAME = "beneficiaries"
    SHOWS_CART = False
    BINDINGS = commands.bindings("beneficiaries")

    def __init__(self, services: Services, sale: Sale) -> None:
        super().__init__(services)
        self._sale = sale
        self._tickets: dict[str, HolderTicket] = {}
        self._refused: dict[str, str] = {}
        self._shown: str | None = None
        self._sending: set[str] = set()

    def body(self) -> ComposeResult:
        """Tickets on the left, the form on the right."""
        yield Static(id="tickets-facts", markup=False)
        with Horizontal(id="both"):
            yield RowList(
                (
                    Column("number", "", 3, "right"),
                    Column("state", _("holder"), None, least=14),
                    Column("product", _("ticket"), None, priority=1, least=18, foreign=True),
                ),
                id="tickets",
                state=Loading(_("Asking which tickets wait")),
            )
            with VerticalScroll(id="person", can_focus=False):
                yield Static(id="person-title", markup=False)
                yield Place(id="person-fields")
                yield Static(id="person-note", markup=False)

    def on_mount(self) -> None:
        self.query_one(RowList).focus()
        self.action_ask()

    # Asking

    def action_ask(self) -> None:
        self.clear_problem()
        self._asking()

    @work(group="tickets", exclusive=True, exit_on_error=False)
    async def _asking(self) -> None:
        try:
            tickets = await self.services.beneficiaries.of(self._sale)
        except Exception as error:
            problem = of(error, Doing.DOCUMENT)
            if self._tickets:
                self.show_problem(problem, until="done")
            else:
                self.query_one(RowList).set_rows(
                    (), Failed(problem.what, problem.meaning, _("‹beneficiaries.ask› asks again"))
                )
            return
        self._tickets = {one.iri: one for one in tickets}
        self._show_tickets()
        await self._show_form(focus=True)

    # Showing

    def _show_tickets(self) -> None:
        tickets = tuple(self._tickets.values())
        rows = [self._row(one, number) for number, one in enumerate(tickets, 1)]
        empty = Empty(_("No ticket of this sale asks for its holder."), _("‹beneficiaries.back› back"))
        self.query_one(RowList).set_rows(rows, Ready() if rows else empty)
        self._put("#tickets-facts", say.facts(tickets, self.services))
        self.show_keys()

    def _row(self, ticket: HolderTicket, number: int) -> Row:
        said, tone = say.state(ticket, self.services, ticket.iri in self._sending, self._refused.get(ticket.iri))
        what = joined((ticket.product, words.day(ticket.day) if ticket.day else ""))
        return Row(ticket.iri, (str(number), said, what), tone=tone)

    def _put(self, selector: str, text: str) -> None:
        self.query_one(selector, Static).update(paragraph(text))

    @property
    def _chosen(self) -> HolderTicket | None:
        key = self.query_one(RowList).highlighted
        return self._tickets.get(key) if key else None

    @on(RowHighlighted)
    async def _moved(self) -> None:
        """Another ticket: its own form, with what was typed for it."""
        if self._chosen and self._chosen.iri != self._shown:
            await self._show_form(focus=self.focused is not self.query_one(RowList))

    async def _show_form(self, *, focus: bool) -> None:
        self._keep()
        ticket, place = self._chosen, self.query_one(Place)
        self._shown = ticket.iri if ticket else None
        fields = self._new_fields(ticket) if ticket else []
        if focus and fields:
            self.set_focus(None)  # else Textual gives it to another widget while the fields come
        else:
            self.query_one(RowList).focus()
        await place.show(*([HolderForm(ticket.iri, fields)] if ticket and fields else []))
        if self._shown != (ticket.iri if ticket else None):
            return  # another ticket was asked for meanwhile
        self._put("#person-title", self._title(ticket) if ticket else "")
        self._put("#person-note", say.note(ticket, self.services, self._refused.get(ticket.iri)) if ticket else "")
        if focus and fields:
            fields[0].entry.focus()
        self.show_keys()

    def _new_fields(self, ticket: HolderTicket) -> list[Field]:
        typed = self.services.beneficiaries.drafts.get(ticket.iri, {})
        asked = fields_of(ticket.required) if self._is_open(ticket) else ()
        return [self._field(one, typed.get(one.name, "")) for one in asked]

    def _number(self, ticket: HolderTicket) -> str:
        return say.number(list(self._tickets).index(ticket.iri) + 1, len(self._tickets))

    def _title(self, ticket: HolderTicket) -> str:
        return say.title(ticket, self._number(ticket))

    def _is_open(self, ticket: HolderTicket) -> bool:
        """Whether something can be typed: a ticket waits, or the API says that its holder can be changed."""
        return (ticket.waiting or ticket.amendable is True) and not self.services.beneficiaries.too_late(ticket)

    def _field(self, one: HolderField, typed: str) -> Field:
        check = partial(fault, one.name, today=self.services.today())
        entry = Entry(typed, max_length=one.longest)
        return Field(one.label, entry, one.hint, required=True, check=lambda text: check(text), id=f"h-{one.name}")

    def say_again(self) -> None:
        """The tickets and the fields of the highlighted one; what is typed stays."""
        super().say_again()
        self._show_tickets()
        ticket = self._chosen
        if ticket is not None:
            self._put("#person-title", self._title(ticket))
            self._put("#person-note", say.note(ticket, self.services, self._refused.get(ticket.iri)))
            for field, one in zip(self._fields, fields_of(ticket.required), strict=False):
                field.relabel(field, self._field(one, ""))

    # Typing

    @property
    def _fields(self) -> list[Field]:
        return list(self.query("#person-fields Field").results(Field))

    def _keep(self) -> None:
        """What is typed stays with its ticket, whatever is shown next."""
        for form in self.query(HolderForm):
            if not form.taken:
                self.services.beneficiaries.drafts[form.ticket] = form.typed

    def keep_typed(self) -> None:
        """The field with the cursor too, when the agent goes to another page."""
        self._keep()

    @property
    def in_form(self) -> bool:
        """Whether a holder is being typed."""
        return isinstance(self.focused, Entry)

    @on(Input.Blurred)
    def _left(self, event: Input.Blurred) -> None:
        """A country's name says which one is meant."""
        field = next((one for one in self._fields if one.entry is event.input), None)
        code = country_code(event.value) if field is not None and field.id == "h-nationality" else None
        if code is not None:
            event.input.value = country_name(code)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        """Enter goes on to the next field; it sends nothing."""
        here = next((field for field in self._fields if field.entry is event.input), None)
        if here and here.validate_now() and here is not self._fields[-1]:
            self.focus_next(Entry)

    def action_next(self) -> None:
        """The field below; in the list, the next ticket."""
        self._step("down", self.focus_next)

    def action_previous(self) -> None:
        self._step("up", self.focus_previous)

    def _step(self, key: str, move: object) -> None:
        if isinstance(self.focused, Entry) and callable(move):
            move(Entry)
        else:
            self.query_one(RowList).action_move(key)

    def action_ticket(self) -> None:
        self.query_one(RowList).action_move("down")

    def action_ticket_before(self) -> None:
        self.query_one(RowList).action_move("up")

    # Sending

    async def _good(self) -> HolderTicket | None:
        """The highlighted ticket, where what is typed for it can be sent; else the cursor is where it cannot."""
        await self._moved()  # a key may come before the news that another ticket is highlighted
        await self.query_one(Place).there()
        chosen, form = self._chosen, next(iter(self.query(HolderForm)), None)
        if chosen is None or form is None or form.ticket != chosen.iri or not self._is_open(chosen):
            return None
        wrong = [field for field in self._fields if not field.validate_now()]
        if wrong:
            wrong[0].entry.focus()
            return None
        self._keep()
        return chosen

    async def action_send(self) -> None:
        chosen = await self._good()
        if chosen is not None:
            self._send([chosen])

    async def action_same(self) -> None:
        """The same holder for every ticket that waits and asks for no more than this one."""
        if await self._good() is None:
            return
        typed = self.query_one(HolderForm).typed
        waiting = [one for one in self._tickets.values() if one.waiting and self._is_open(one)]
        same = [one for one in waiting if {field.name for field in fields_of(one.required)} <= set(typed)]
        for one in same:
            names = [field.name for field in fields_of(one.required)]
            self.services.beneficiaries.drafts[one.iri] = {name: typed[name] for name in names}
        self._send(same)

    def _send(self, tickets: list[HolderTicket]) -> None:
        fresh = [one for one in tickets if one.iri not in self._sending]
        self._sending |= {one.iri for one in fresh}
        for one in fresh:
            self._refused.pop(one.iri, None)
        self.clear_problem()
        self._show_tickets()
        self.services.background.start(self._sending_all(fresh), "name the holders of tickets")

    async def _sending_all(self, tickets: list[HolderTicket]) -> None:
        """One after the other: a refusal of the first is seen before the others are sent in vain."""
        for ticket in tickets:
            typed = self.services.beneficiaries.drafts.get(ticket.iri, {})
            try:
                named = await self.services.beneficiaries.name(self._sale, ticket, typed, self.services.today())
            except Exception as error:
                self._sending -= {one.iri for one in tickets}
                if self.is_attached:
                    await self._not_taken(ticket, error, tickets)
                return
            self._sending.discard(ticket.iri)
            self._tickets[ticket.iri] = named
            for form in self.query(HolderForm):
                form.taken = form.taken or form.ticket == ticket.iri
        if self.is_attached:
            await self._taken(tickets)

    def _gone_on(self, sent: list[HolderTicket]) -> bool:
        """Whether the agent is at another ticket meanwhile: its form stays as it is."""
        return self._shown not in [one.iri for one in sent]

    async def _taken(self, sent: list[HolderTicket]) -> None:
        """On to the next ticket that waits."""
        self._show_tickets()
        if self._gone_on(sent):
            return
        waiting = [one for one in self._tickets.values() if one.waiting and self._is_open(one)]
        following = next((one for one in waiting if one.iri not in self._sending), None)
        if following is not None and following is not self._chosen:
            self.query_one(RowList).highlight(following.iri)
        await self._show_form(focus=following is not None)

    async def _not_taken(self, ticket: HolderTicket, error: Exception, sent: list[HolderTicket]) -> None:
        """The API's words under the fields that they are about; what was typed stays."""
        problem = of(error, Doing.DOCUMENT)
        self._refused[ticket.iri] = problem.words or problem.what
        self._show_tickets()
        if self._gone_on(sent):
            self.show_problem(replace(problem, what=words.about(self._number(ticket), problem.what)), until="done")
            return
        if self._chosen is not ticket:
            self.query_one(RowList).highlight(ticket.iri)
        await self._show_form(focus=True)
        said = {path.rpartition(".")[2]: message for path, message in problem.fields}
        fields = [field for field in self._fields if (field.id or "").removeprefix("h-") in said]
        for field in fields:
            field.show_error(
                _("Korus does not take it: “{words}”").format(words=said[(field.id or "").removeprefix("h-")])
            )
        if fields:
            fields[0].entry.focus()
        else:
            self.show_problem(problem, until="done")

    def action_back(self) -> None:
        """Back; what was typed is kept."""
        self._keep()
        self.dismiss()

    def allowed(self, action: str) -> bool:
        """Sending, only where something can be typed."""
        chosen = self._chosen
        if action == "send":
            return bool(chosen and self._is_open(chosen))
        if action == "same":
            return sum(one.waiting for one in self._tickets.values()) > 1
        return len(self._tickets) > 1 if action == "ticket" else True
