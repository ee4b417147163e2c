"""A paid sale that cannot be had as it was: held again, another place, money back, or borne by us."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, time
from functools import partial
from typing import Any

from korus_tui.counter.basket.models import Pick
from korus_tui.counter.booking.replacement import offer_of, product_of
from korus_tui.counter.booking.settling import accepted, credit_without
from korus_tui.counter.catalog.families import family_of
from korus_tui.counter.core.problems import Doing, Problem
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.sale.differences import undecided
from korus_tui.sale.money import Money
from korus_tui.sale.stage import Stage
from korus_tui.sale.state import GivenBack, LineState, Sale
from korus_tui.sale.values import Line
from korus_tui.screens.checkout import text as say
from korus_tui.screens.checkout.give_back import Ask, SettleScreen
from korus_tui.screens.checkout.writes import Writes
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.differences import decided
from korus_tui.screens.common.money_guard import MoneyGuard
from korus_tui.screens.common.tickets_back import another_way, handed_words
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.screens.common.waiting import looked_for

_SETTLES = (Stage.LAPSED, Stage.BOOK, Stage.GIVE_BACK)


class Settlement:
    """What a person decides about it: asked by a key, named in words, and recorded; nothing happens by itself."""

    def __init__(self, page: TillScreen, writes: Writes, guard: MoneyGuard, stage: Callable[[], Stage | None]) -> None:
        self._page = page
        self._services: Services = page.services
        self._writes = writes
        self._guard = guard
        self._stage = stage
        self._line: str | None = None
        self._does: dict[str, Callable[[Sale], None]] = {
            "hold_again": self._hold_again,
            "accept": self._accept,
            "another_line": self._another_line,
            "other_session": self._other_session,
            "other_date": self._other_date,
            "give_back": lambda sale: self._ask_back(sale, [state.line.id for state in sale.stuck]),
            "give_all_back": lambda sale: self._ask_back(sale, _unordered(sale)),
            "bear": self._ask_bear,
            "documents": self._documents,
            "slip": self._slip,
        }

    # What can be done

    @property
    def stuck_line(self) -> LineState | None:
        """The line that cannot be had and that the keys are about."""
        sale = self._page.sale
        stuck = sale.stuck if sale is not None and sale.may_change and sale.taken else ()
        return next((one for one in stuck if one.line.id == self._line), stuck[0] if stuck else None)

    def knows(self, action: str) -> bool:
        """Whether this is a key of this part."""
        return action in self._does

    def allowed(self, sale: Sale, action: str) -> bool:
        """Whether a key of this part does something now."""
        stage = self._stage()
        settles = stage in _SETTLES and sale.attempt is None and bool(sale.taken)
        due = sale.due
        asks = stage in (Stage.COLLECT, Stage.DECIDE) and sale.attempt is None and sale.asked
        return {
            "hold_again": stage is Stage.LAPSED or (stage is Stage.BOOK and bool(sale.stuck)),
            "accept": stage is Stage.DECIDE,
            "other_session": settles and self.stuck_line is not None,
            "other_date": settles and self.stuck_line is not None,
            "another_line": settles and len(sale.stuck) > 1,
            "give_back": settles and bool(sale.stuck or sale.credit),
            "give_all_back": settles and bool(sale.stuck) and len(_unordered(sale)) > len(sale.stuck),
            "bear": asks and bool(sale.taken) and due is not None and due.amount > 0,
            "documents": bool(sale.orders),
            "slip": bool(sale.payments),
        }[action]

    def do(self, action: str) -> None:
        """A key of this part, where it does something."""
        sale = self._page.sale
        if sale is not None and self._page.allowed(action):
            self._does[action](sale)

    def _hold_again(self, sale: Sale) -> None:
        """Hold what lapsed, at today's price."""
        if not self._guard.busy:
            self._writes.run(self._services.settling.hold_again(sale.reference), money=True, asks=True)

    def _accept(self, sale: Sale) -> None:
        """The agent saw both amounts and goes on."""
        if self._guard.meant(self._page.show_notice):
            said = decided(undecided(sale), sale, self._services)
            self._writes.run(self._services.settling.accept(sale.reference, said))

    def _another_line(self, sale: Sale) -> None:
        """The next of the lines that cannot be had."""
        here = self.stuck_line
        if here is not None:
            place = sale.stuck.index(here)
            self._line = sale.stuck[(place + 1) % len(sale.stuck)].line.id
            self._page.tick()

    # Another place for the money

    def _other_session(self, sale: Sale) -> None:
        """Another session of the same offer, for as many people."""
        state = self.stuck_line
        if state is None:
            return
        if any(ticket.session for ticket in state.line.tickets):
            self._read(self._choose_session(sale, state))
            return
        what = _("{name} has no sessions to choose from.").format(name=state.line.name)
        then = _("‹checkout.other_date› another date")
        self._page.show_problem(Problem(what, _("Nothing was changed."), then), tone="warn")

    def _other_date(self, sale: Sale) -> None:
        """Another date of the same product, for as many people."""
        state = self.stuck_line
        if state is not None:
            self._read(self._choose_date(sale, state))

    def _read(self, work: Coroutine[Any, Any, None]) -> None:
        self._page.run_worker(work, group="elsewhere", exclusive=True, exit_on_error=False)

    async def _choose_session(self, sale: Sale, state: LineState) -> None:
        try:
            content, product = await product_of(self._services.catalogs, sale.catalog, state.line)
            offer = await offer_of(self._services.offers, content, product, state.line)
            pick = Pick(product, offer, state.line.quantity)
            quotes = await self._services.basket.quotes(content).ask([pick])
        except Exception as error:
            self._page.show_error(error, Doing.READ)
            return
        if self._still_wanted(state):
            self._page.flow.sessions(quotes, replacing=(state.line.id,))

    async def _choose_date(self, sale: Sale, state: LineState) -> None:
        try:
            content, product = await product_of(self._services.catalogs, sale.catalog, state.line)
        except Exception as error:
            self._page.show_error(error, Doing.READ)
            return
        found = family_of(content, product.id)
        if found is not None and self._still_wanted(state):
            self._page.flow.dates(
                content,
                found[0],
                product=product.id,
                quantity=state.line.quantity,
                prefer=self._start_of(state.line),
                replacing=(state.line.id,),
            )

    def _start_of(self, line: Line) -> datetime | None:
        """The line's first session; for full-day access the beginning of its day, so that the page opens there."""
        if line.starts_at is not None or line.day is None:
            return line.starts_at
        return datetime.combine(line.day, time(), self._services.zone(line.zone))

    def _still_wanted(self, state: LineState) -> bool:
        """Whether the line still cannot be had and the agent still waits here."""
        sale = self._page.sale
        if not self._page.is_current or sale is None or state not in sale.stuck or self._services.desk.sale is not sale:
            return False
        self._page.clear_problem()
        return True

    # Money back

    def _ask_back(self, sale: Sale, gone: Sequence[str]) -> None:
        most = credit_without(sale, gone)
        if most is None:
            what = _("Nothing was paid for these lines.")
            then = (
                _("‹checkout.take› books")
                if self._stage() is Stage.BOOK
                else _("‹app.cart› opens the cart, ‹cart.remove› takes a line out")
            )
            self._page.show_problem(Problem(what, _("Nothing is to be given back."), then), tone="warn")
            return
        named = ", ".join(f"{one.line.quantity} × {one.line.name}" for one in sale.lines if one.line.id in gone)
        meaning = _("More was paid than the places cost now.") if sale.lines else _("No line of the sale is left.")
        if gone:
            meaning = _("For {lines}.").format(lines=named)
        if not sale.orders and set(gone) == {one.line.id for one in sale.lines}:
            meaning += " " + _("The sale ends with it; nothing is ordered.")
        reason = _("the places cost less") if sale.lines and not gone else _("the places cannot be had")
        title = _("Give back {amount}").format(amount=words.money(most))

        def answered(back: GivenBack | str | None) -> None:
            if isinstance(back, GivenBack):
                self._writes.run(self._give_back(sale.reference, back, gone), money=True, asks=True)

        self._page.clear_problem()
        hint = partial(another_way, sale)
        ask = Ask(title, meaning, most, reason, handed=handed_words(sale), another_way=hint)
        self._page.app.push_screen(SettleScreen(ask, self._services.clock, self._services.cash_rounding), answered)

    async def _give_back(self, reference: str, back: GivenBack, gone: Sequence[str]) -> None:
        ended = await self._services.settling.give_back(reference, back, gone)
        if not self._page.is_current:
            return
        if ended:
            self._page.flow.last_slip(reference)
        else:
            given = _("Given back: {amount} {how}.").format(amount=words.money(back.paid_out), how=say.how(back.method))
            said = (_("It is recorded."), looked_for(self._services, reference))
            meaning = " ".join(filter(None, said))
            self._page.show_problem(Problem(given, meaning, _("‹checkout.slip› shows the slip")), tone="good")

    # Borne by the house

    def _ask_bear(self, sale: Sale) -> None:
        """The difference is not collected: a person decides it, with a reason."""
        due = sale.due
        if due is None:
            return
        title = _("The house bears {amount}").format(amount=words.money(due))
        meaning = _(
            "{owed} is the price now, {paid} was paid. The difference is recorded, and never collected."
        ).format(owed=words.money(sale.to_collect), paid=words.money(sale.taken))

        def answered(reason: GivenBack | str | None) -> None:
            if isinstance(reason, str):
                self._writes.run(self._bear(sale.reference, reason, due), money=True)

        self._page.clear_problem()
        ask = Ask(title, meaning, due, bears=True)
        self._page.app.push_screen(SettleScreen(ask, self._services.clock, self._services.cash_rounding), answered)

    async def _bear(self, reference: str, reason: str, due: Money) -> None:
        sale = self._page.sale
        if sale is not None and sale.due == due:  # else another difference than the one that was decided on
            said = decided(undecided(sale), sale, self._services)
            await self._services.settling.absorb(reference, reason, *accepted(said))

    # On paper, and what is done already

    def _slip(self, sale: Sale) -> None:
        """The sale's slip as it stands."""
        self._page.flow.slip(sale.reference)

    def _documents(self, sale: Sale) -> None:
        """Documents of what is ordered already; Esc comes back here."""
        self._page.flow.documents(sale.reference)


def _unordered(sale: Sale) -> list[str]:
    return [state.line.id for state in sale.lines if not state.order]
