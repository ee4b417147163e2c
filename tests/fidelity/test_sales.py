"""Whole sales in each generation, with the description between client and sandbox."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from counter_home import SELL, settle_in
from pseudo_terminal import Terminal
from reference_sales import SALES, SUMMER, at_the_counter
from sandbox_process import SandboxProcess
from selling import booked, leave, next_customer, sell, sell_two_dates, to_the_money, two_dates_to_the_cart
from till import BEFORE_SEASON, SHOW_PRODUCT, Stage, Till

from fidelity.description import GENERATIONS
from fidelity.watched import WatchedSandbox
from korus_tui.sale.values import Customer, Method

each_generation = pytest.mark.parametrize("generation", GENERATIONS)


@each_generation
async def test_a_sale_by_the_program_s_own_services(generation: str, tmp_path: Path) -> None:
    with WatchedSandbox(generation, now=BEFORE_SEASON) as sandbox:
        async with Till(sandbox, tmp_path) as till:
            await till.services.catalogs.read(None)
            sale = await till.sell_until(Stage.ORDERED, await till.line(SHOW_PRODUCT, quantity=2))
            assert len(till.orders(sale.reference)) == 1
            (found,) = await till.services.documents.of(sale)
            assert [one.problem for one in (found,)] == [""]
            assert all(one.link for one in found.documents)
            assert len(found.documents) == 1


@each_generation
async def test_a_customer_is_told_as_far_as_the_generation_documents(generation: str, tmp_path: Path) -> None:
    """The proxy refuses what is not documented: a title and consent in the tutorial's, notes but for the release's."""
    with WatchedSandbox(generation, now=BEFORE_SEASON) as sandbox:
        async with Till(sandbox, tmp_path) as till:
            services = till.services
            await services.catalogs.read(None)
            sale = await till.sell_until(Stage.HELD, await till.line(SHOW_PRODUCT))
            customer = Customer("Ada", "Byron", "ada@example.org", title="mrs", opt_in=True)
            await services.checkout.enter_customer(sale.reference, customer)
            await services.checkout.enter_notes(sale.reference, "Wheelchair")
            await till.services.checkout.start(sale.reference, Method.CASH)
            await till.pay(sale.reference)
            await till.until(sale.reference, lambda one: one.all_ordered)
        sent = next(one for one in sandbox.seen if one.url.endswith("/orders/_bulk"))
    told = json.loads(sent.sent)
    newer = generation != "tutorial"
    assert ("title" in told["customer"], told["customer"].get("optin")) == (newer, True if newer else None)
    assert ("notes" in told) == (generation == "release")


# The tutorial's products stand alone: nobody buys for adults and children on one page there. In least no session tells
# how many places it has: what does not fit is refused at the hold, and nothing is chosen for the places that are left.
UNSELLABLE = {
    "tutorial": {"walk-up family, by keys", "session sold out on the way", "by telephone, full customer"},
    "least": {"group of 30, one session", "session sold out on the way"},
}
USUAL = dict.fromkeys(GENERATIONS, "walk-up family, by keys") | {"tutorial": "two dates in one sale"}


@pytest.mark.parametrize(
    ("generation", "name"),
    [
        pytest.param(one, name, marks=[] if name == USUAL[one] else pytest.mark.long)
        for one in GENERATIONS
        for name in SALES
        if name not in UNSELLABLE.get(one, ())
    ],
)
async def test_a_reference_sale_by_keys(generation: str, name: str, tmp_path: Path) -> None:
    with WatchedSandbox(generation, now=SUMMER) as sandbox:
        async with at_the_counter(sandbox, tmp_path) as agent:
            await SALES[name](agent)
            sale = agent.one.sale
            assert sale is not None
            assert sale.all_ordered
            assert len(sandbox.state()["orders"]) == len(sale.orders) >= 1
            await agent.one.until(lambda: "ready" in agent.one.text)
            await agent.one.press("down")  # past the row that stands for all of several documents
            await agent.one.until(lambda: "http://127.0.0.1" in agent.one.text)


@pytest.mark.long
@each_generation
def test_two_reference_sales_by_keys_in_a_real_terminal(generation: str, tmp_path: Path) -> None:
    with WatchedSandbox(generation, now=BEFORE_SEASON) as sandbox:
        with Terminal(SELL, env=settle_in(tmp_path, sandbox)) as terminal:
            sell(terminal)
            sell_two_dates(terminal)
            leave(terminal)
        orders = [one["external_reference"] for one in sandbox.state()["orders"]]
        assert [orders.count(one) for one in dict.fromkeys(orders)] == [1, 2]


def test_a_lost_order_of_two_reservations_is_healed_in_a_real_terminal_f05(tmp_path: Path) -> None:
    """In 1.0.7, whose orders do not name their reservations: the agent sees the doubt, and that it is over."""
    with SandboxProcess(generation="1.0.7", now=BEFORE_SEASON) as sandbox:
        with Terminal(SELL, env=settle_in(tmp_path, sandbox)) as terminal:
            two_dates_to_the_cart(terminal)
            to_the_money(terminal)
            sandbox.fault("drop_after", route="orders_bulk")
            sandbox.fault("status", route="order*", method="GET", status=503, count=2)
            terminal.press("f10")
            terminal.wait_for("PAID – NOT CONFIRMED")
            booked(terminal)
            next_customer(terminal)
            leave(terminal)
        state = sandbox.state()
        assert len({one["reservation"] for one in state["orders"]}) == len(state["orders"]) == 2
        assert state["calls"]["orders_bulk"] == 1
