"""The checkout's part about a paid sale that cannot be had as it was: another place, money back, or borne by us."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from functools import partial

from textual import work

from korus_tui.counter.basket.models import Pick
from korus_tui.counter.booking.replacement import offer_of, product_of
from korus_tui.counter.booking.settling import credit_without
from korus_tui.counter.core.problems import Doing, Problem
from korus_tui.counter.paper.slips import Kind
from korus_tui.counter.services import Services
from korus_tui.i18n import _
from korus_tui.sale import events as e
from korus_tui.sale.differences import undecided
from korus_tui.sale.money import Money
from korus_tui.sale.state import GivenBack, LineState, Sale
from korus_tui.sale.values import Line
from korus_tui.screens.checkout import text as say
from korus_tui.screens.checkout.give_back import Ask, SettleScreen
from korus_tui.screens.checkout.payment import PaymentPart
from korus_tui.screens.checkout.stage import Stage
from korus_tui.screens.checkout.tickets_back import another_way, handed_words
from korus_tui.screens.common import formats as words
from korus_tui.screens.documents.slip import SlipScreen

_SETTLES = (Stage.LAPSED, Stage.BOOK, Stage.GIVE_BACK)


class SettlePart(PaymentPart):
    """Everything here is asked by a key, named in words, and recorded; nothing happens by itself."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._line: str | None = None

    # What can be done

    @property
    def stuck_line(self) -> LineState | None:
        """The line that cannot be had and that the keys are about."""
        sale = self.sale
        stuck = sale.stuck if sale is not None and sale.may_change and sale.taken else ()
        return next((one for one in stuck if one.line.id == self._line), stuck[0] if stuck else None)

    def settle_allowed(self, sale: Sale, action: str) -> bool:
        """Whether a key of this part does something now."""
        settles = self.stage in _SETTLES and sale.attempt is None and bool(sale.taken)
        if action in ("other_session", "other_date"):
            return settles and self.stuck_line is not None
        if action == "another_line":
            return settles and len(sale.stuck) > 1
        if action == "give_back":
            return settles and bool(sale.stuck or sale.credit)
        if action == "give_all_back":
            return settles and bool(sale.stuck) and len(_unordered(sale)) > len(sale.stuck)
        if action == "bear":
            due = sale.due
            asks = self.stage in (Stage.COLLECT, Stage.DECIDE) and sale.attempt is None
            return asks and sale.asked and bool(sale.taken) and due is not None and due.amount > 0
        if action == "documents":
            return bool(sale.orders)
        return bool(sale.payments)  # the slip

    def action_another_line(self) -> None:
        """The next of the lines that cannot be had."""
        sale, here = self.sale, self.stuck_line
        if sale is None or here is None or not self.allowed("another_line"):
            return
        place = sale.stuck.index(here)
        self._line = sale.stuck[(place + 1) % len(sale.stuck)].line.id
        self.tick()

    # Another place for the money

    def on_screen_resume(self) -> None:
        """Back from choosing: the page is as new."""
        self.guard.arm()
        super().on_screen_resume()

    def action_other_session(self) -> None:
        """Another session of the same offer, for as many people."""
        state = self.stuck_line
        if state is None or not self.allowed("other_session"):
            return
        if not any(ticket.session for ticket in state.line.tickets):
            what = _("{name} has no sessions to choose from.").format(name=state.line.name)
            self.show_problem(
                Problem(what, _("Nothing was changed."), _("‹checkout.other_date› another date")), tone="warn"
            )
            return
        self._choose_session(state)

    @work(group="elsewhere", exclusive=True, exit_on_error=False)
    async def _choose_session(self, state: LineState) -> None:
        from korus_tui.screens.sessions.screen import SessionsScreen

        try:
            content, product = await product_of(self.services.catalogs, self._catalog, state.line)
            offer = await offer_of(self.services.offers, content, product, state.line)
            pick = Pick(product, offer, state.line.quantity)
            quotes = await self.services.basket.quotes(content).ask([pick])
        except Exception as error:
            self.show_error(error, Doing.READ)
            return
        if self._still_wanted(state):
            self.app.push_screen(SessionsScreen(self.services, quotes, replacing=(state.line.id,)))

    def action_other_date(self) -> None:
        """Another date of the same product, for as many people."""
        state = self.stuck_line
        if state is not None and self.allowed("other_date"):
            self._choose_date(state)

    @work(group="elsewhere", exclusive=True, exit_on_error=False)
    async def _choose_date(self, state: LineState) -> None:
        from korus_tui.counter.catalog.families import family_of
        from korus_tui.screens.dates.offers import OffersScreen

        try:
            content, product = await product_of(self.services.catalogs, self._catalog, state.line)
        except Exception as error:
            self.show_error(error, Doing.READ)
            return
        found = family_of(content, product.id)
        if found is not None and self._still_wanted(state):
            page = OffersScreen(
                self.services,
                content,
                found[0],
                product=product.id,
                quantity=state.line.quantity,
                prefer=self._start_of(state.line),
                replacing=(state.line.id,),
            )
            self.app.push_screen(page)

    def _start_of(self, line: Line) -> datetime | None:
        """The line's first session; for full-day access the beginning of its day, so that the page opens there."""
        if line.starts_at is not None or line.day is None:
            return line.starts_at
        return datetime.combine(line.day, time(), self.services.zone(line.zone))

    @property
    def _catalog(self) -> str:
        return self.sale.catalog if self.sale else ""

    def _still_wanted(self, state: LineState) -> bool:
        """Whether the line still cannot be had and the agent still waits here."""
        sale = self.sale
        if not self.is_current or sale is None or state not in sale.stuck or self.services.desk.sale is not sale:
            return False
        self.clear_problem()
        return True

    # Money back

    def action_give_back(self) -> None:
        """The money for what cannot be had, or what was paid too much."""
        sale = self.sale
        if sale is not None and self.allowed("give_back"):
            self._ask_back(sale, [state.line.id for state in sale.stuck])

    def action_give_all_back(self) -> None:
        """The money for everything that is not ordered."""
        sale = self.sale
        if sale is not None and self.allowed("give_all_back"):
            self._ask_back(sale, _unordered(sale))

    def _ask_back(self, sale: Sale, gone: Sequence[str]) -> None:
        most = credit_without(sale, gone)
        if most is None:
            what = _("Nothing was paid for these lines.")
            then = (
                _("‹checkout.take› books")
                if self.stage is Stage.BOOK
                else _("‹app.cart› opens the cart, ‹cart.remove› takes a line out")
            )
            self.show_problem(Problem(what, _("Nothing is to be given back."), then), tone="warn")
            return
        named = ", ".join(f"{one.line.quantity} × {one.line.name}" for one in sale.lines if one.line.id in gone)
        meaning = _("For {lines}.").format(lines=named) if gone else _("More was paid than the places cost now.")
        if not sale.orders and set(gone) == {one.line.id for one in sale.lines}:
            meaning += " " + _("The sale ends with it; nothing is ordered.")
        reason = _("the places cannot be had") if gone else _("the places cost less")
        title = _("Give back {amount}").format(amount=words.money(most))

        def answered(back: GivenBack | str | None) -> None:
            if isinstance(back, GivenBack):
                self.write(self._give_back(back, gone), money=True, asks=bool(gone))

        self.clear_problem()
        hint = partial(another_way, sale)
        ask = Ask(title, meaning, most, reason, handed=handed_words(sale), another_way=hint)
        self.app.push_screen(SettleScreen(ask, self.services.clock), answered)

    async def _give_back(self, back: GivenBack, gone: Sequence[str]) -> None:
        ended = await self.services.settling.give_back(self.reference, back, gone)
        if not self.is_current:
            return
        if ended:
            self.app.push_screen(
                SlipScreen(self.services, self.reference, Kind.REFUND), lambda _closed: self.leave_for_next()
            )
        else:
            given = _("Given back: {amount} {how}.").format(amount=words.money(back.amount), how=say.how(back.method))
            self.show_problem(Problem(given, _("It is recorded."), _("‹checkout.slip› shows the slip")), tone="good")

    def leave_for_next(self) -> None:
        """Back to the first screen, for the next customer."""
        while len(self.app.screen_stack) > 1:
            self.app.pop_screen()

    # Borne by the house

    def action_bear(self) -> None:
        """The difference is not collected: a person decides it, with a reason."""
        sale = self.sale
        due = sale.due if sale is not None else None
        if sale is None or due is None or not self.allowed("bear"):
            return
        title = _("The house bears {amount}").format(amount=words.money(due))
        meaning = _(
            "{owed} is the price now, {paid} was paid. The difference is recorded, and never collected."
        ).format(owed=words.money(sale.to_collect), paid=words.money(sale.taken))

        def answered(reason: GivenBack | str | None) -> None:
            if isinstance(reason, str):
                self.write(self._bear(reason, due), money=True)

        self.clear_problem()
        self.app.push_screen(SettleScreen(Ask(title, meaning, due, bears=True), self.services.clock), answered)

    async def _bear(self, reason: str, due: Money) -> None:
        sale = self.sale
        if sale is None or sale.due != due:
            return  # another difference than the one that was decided on
        decided = [e.DifferenceAccepted(one.key, say.difference_words(sale, one)) for one in undecided(sale)]
        await self.services.settling.absorb(self.reference, reason, *decided)

    # On paper, and what is done already

    def action_slip(self) -> None:
        """The sale's slip as it stands."""
        sale = self.sale
        if sale is not None and self.allowed("slip"):
            self.app.push_screen(SlipScreen(self.services, self.reference))

    def action_documents(self) -> None:
        """Documents of what is ordered already; Esc comes back here."""
        sale = self.sale
        if sale is not None and self.allowed("documents"):
            from korus_tui.screens.documents.screen import DocumentsScreen

            self.app.push_screen(DocumentsScreen(self.services, self.reference))


def _unordered(sale: Sale) -> list[str]:
    return [state.line.id for state in sale.lines if not state.order]
