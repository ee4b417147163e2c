"""Taking a line out of the sale: the one that was added last by one key, or any in the cart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from korus_tui.counter.core.problems import Problem
from korus_tui.i18n import _
from korus_tui.sale.rule import NotAllowed
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.screens.common.waiting import asking, beside_keys

if TYPE_CHECKING:
    from korus_tui.counter.services import Services
    from korus_tui.sale.state import LineState, Sale


@runtime_checkable
class TakesBack(Protocol):
    """A page that can take back what it did last itself."""

    async def undone(self) -> bool:
        """Whether it did."""


async def take_out(services: Services, sale: Sale, state: LineState) -> Problem:
    """Take the line out, and say until when its places stay blocked: no call releases them.

    Raises NotAllowed, and the journal's errors.
    """
    hold = sale.hold_of(state)
    await services.holding.leave_out(sale.reference, (state.line.id,))
    name = f"{state.line.quantity} × {state.line.name}"
    said = _("{name} is out of the sale.").format(name=name)
    if hold is None or hold.expires_at is None or state.lapsed:
        return Problem(said, "", _("‹app.cart›, ‹cart.restore› brings it back"))
    until = words.time(services.local(hold.expires_at, state.line.zone))
    meaning = _("Its places stay blocked until {time}; no call releases them.").format(time=until)
    return Problem(said, meaning, _("‹app.cart›, ‹cart.restore› brings it back"))


async def take_out_last(services: Services, top: TillScreen) -> None:
    """Take the line that was added last out of the sale at the counter; or back what the page itself did last."""
    sale = services.desk.sale
    if services.asks and (problem := services.till.nobody):
        top.show_problem(problem)
    elif isinstance(top, TakesBack) and await top.undone():
        return
    elif sale is None or not sale.lines:
        top.show_problem(Problem(_("There is no line to take out."), _("Nothing was changed.")), tone="warn")
    else:
        await beside_keys(services, sale, _take_last(services, top, sale), "take the last line out")


async def _take_last(services: Services, top: TillScreen, sale: Sale) -> None:
    try:
        with asking(top, sale):
            said = await take_out(services, sale, sale.lines[-1])
    except NotAllowed:
        said = Problem(
            _("The last line cannot be taken out now."),
            _("An answer is awaited for it, or its payment has begun; nothing was changed."),
            _("‹app.cart› opens the cart."),
        )
    except Exception as error:
        if top.is_attached:
            top.show_error(error)
        return
    if top.is_current:
        top.show_problem(said, tone="warn")
