"""From what was chosen on a page to its hold: forms first, then the hold, then the cart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual.app import App

from korus_tui.counter.basket.add import Chosen, forms
from korus_tui.counter.basket.models import Answers, Quote
from korus_tui.counter.core.problems import Problem
from korus_tui.i18n import _
from korus_tui.sale.money import Money
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.form import FormScreen
from korus_tui.screens.common.till_screen import TillScreen


def new_price(quotes: Sequence[Quote], shown: Sequence[Money | None]) -> Problem | None:
    """A price is above the one in `shown`: both figures, and a second Enter decides."""
    for quote, before in zip(quotes, shown, strict=True):
        now = quote.price
        if now is None or before is None or (now.currency == before.currency and now <= before):
            continue
        what = _("The price is {now} now; {before} was shown.").format(now=words.money(now), before=words.money(before))
        what = words.about(quote.product.name, what) if len(quotes) > 1 else what
        return Problem(what, _("No place is held."), _("Enter goes on at this price."))
    return None


async def answered(app: App[Any], chosen: Chosen) -> Answers | None:
    """What the tickets ask before the hold; None where a form was left."""
    answers: Answers = {}
    for place, ticket in forms(chosen):
        given = await app.push_screen_wait(FormScreen(ticket.name, ticket.fields))
        if given is None:
            return None
        answers[place, ticket.iri] = given
    return answers


async def hold(screen: TillScreen, chosen: Chosen, replacing: Sequence[str]) -> None:
    """Hold all of it in one call, in the place of the lines `replacing`, and go to the cart; nothing where a form was
    left. Returns once the intent is durable. Raises CounterError and the journal's errors."""
    basket = screen.services.basket
    basket.check(chosen, replacing)
    answers = await answered(screen.app, chosen)
    if answers is not None:
        await basket.add(chosen, answers, replacing=replacing)
        screen.app.call_later(_to_cart, screen)


def _to_cart(screen: TillScreen) -> None:
    if screen.app.screen is screen:  # else the agent is elsewhere by now: nothing is taken from under the hands
        screen.flow.chosen()
