"""What the API's documents say of headers and real-time calls, on the second world."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sandbox_process import CATALOG
from till import DAY, SHOW_PRODUCT, Stage, Till

from korus_tui import i18n
from korus_tui.counter.basket.models import At, Wanted
from korus_tui.counter.basket.proposals import proposals
from korus_tui.counter.catalog.offer_models import TicketDocument
from korus_tui.counter.core.problems import CounterError
from world.answers import NONE, Answer, dropped
from world.server import World

EARLIER = datetime(2025, 1, 1, tzinfo=UTC)
OF_THE_CUSTOMER = {"catalogs", "products", "product_bases", "offers", "offer_tickets", "ticket_sessions"}


async def test_every_call_says_who_reads_its_answer(world: World, tmp_path: Path) -> None:
    """What is shown to the customer comes in the customer's language, what is refused in the agent's."""
    i18n.use("en")
    async with Till(world, tmp_path, customer_language="fr") as till:  # type: ignore[arg-type]
        await till.services.catalogs.read(CATALOG)
        sale = await till.sell_until(Stage.ORDERED)
        (order,) = sale.orders
        for document in order.documents:
            last = document.rpartition("/")[2]
            await till.services.documents.fresh(sale, TicketDocument(order.order, last, document, EARLIER))
    spoken = {(one.route, one.headers.get("accept-language")) for one in world.calls if one.route != "token"}
    assert {route for route, language in spoken if language == "fr"} <= OF_THE_CUSTOMER | {"patch_document"}
    assert {("reserve", "en"), ("order_bulk", "en"), ("patch_document", "fr"), ("offers", "fr")} <= spoken
    assert None not in {language for _route, language in spoken}


async def _quick(till: Till, people: int) -> None:
    content = await till.services.catalogs.read(CATALOG)
    show = content.product(SHOW_PRODUCT)
    assert show is not None
    await till.open_till()
    basket, wanted = till.services.basket, [Wanted(people, show, DAY, At(20))]
    known = await basket.quotes(content).read(wanted, DAY)
    (one,) = proposals(content, None, wanted, known, till.services.clock.now())
    assert one.quote is not None
    await basket.add([(one.quote, one.choices)], {})


async def test_a_session_is_asked_in_real_time_before_the_hold(world: World, tmp_path: Path) -> None:
    """The list says that there is room, the session itself that there is none: nothing is held, and it is said."""
    world.edit("session_availability", lambda body: {**body, "availableQuantity": 1})
    async with Till(world, tmp_path, generation="tutorial") as till:  # type: ignore[arg-type]
        with pytest.raises(CounterError) as refused:
            await _quick(till, 2)
    assert refused.value.problem.what == "Only 1 left at 20:00, 2 asked for."
    assert refused.value.problem.meaning == "No place is held."
    assert not any(one.route == "reserve" for one in world.calls)


@pytest.mark.parametrize("answer", [Answer(NONE, 500), Answer(NONE, 404), Answer(NONE, 200, body="[]"), dropped(NONE)])
async def test_a_session_that_cannot_be_asked_is_left_to_the_hold(world: World, tmp_path: Path, answer: Answer) -> None:
    world.always("session_availability", answer)
    async with Till(world, tmp_path, generation="tutorial") as till:  # type: ignore[arg-type]
        await _quick(till, 2)
        (sale,) = till.services.desk.sales
        assert (await till.settled(sale.reference)).holds
