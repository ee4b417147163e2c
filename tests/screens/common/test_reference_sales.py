"""The five reference sales by keys alone: what they sell, what they cost, and that the README says so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest
from keystrokes_table import END, HEAD, README, START, row, written
from reference_sales import SALES, SUMMER, Agent, Tally, at_the_counter
from sandbox_process import SandboxProcess

from korus_tui.sale.state import Sale
from korus_tui.sale.values import Method

ADULT, CHILD = "Puy du Fou 1 jour Adulte + Cinéscénie Argent", "Puy du Fou 1 jour Enfant + Cinéscénie Argent"
TODAY, TOMORROW, SATURDAY = date(2026, 6, 3), date(2026, 6, 4), date(2026, 6, 6)
FAMILY_KEYS, FAMILY_SECONDS, LINE_SECONDS = 12, 10.0, 8.0  # README.md, How fast it is

Lines = list[tuple[int, str, date | None, str]]


@asynccontextmanager
async def sold(name: str, home: Path) -> AsyncIterator[tuple[Agent, Sale]]:
    """The sale, booked and at its documents; its row in the README must be what it cost."""
    with SandboxProcess(now=SUMMER) as sandbox:
        async with at_the_counter(sandbox, home) as agent:
            await SALES[name](agent)
            sale = agent.one.sale
            assert sale is not None
            assert sale.all_ordered
            assert len(sandbox.state()["orders"]) == len(sale.orders) >= 1
            assert row(name, agent.tally) in written(), "stale: python tests/keystrokes_table.py"
            yield agent, sale


def lines(sale: Sale) -> Lines:
    """Who goes where and when."""
    found = [state.line for state in sale.lines]
    return [(line.quantity, line.name, line.day, f"{line.starts_at:%H:%M}" if line.starts_at else "") for line in found]


async def test_the_family_by_keys(tmp_path: Path) -> None:
    async with sold("walk-up family, by keys", tmp_path) as (agent, sale):
        assert lines(sale) == [(2, ADULT, TODAY, "17:00"), (2, CHILD, TODAY, "17:00")]
        assert [one.method for one in sale.payments] == [Method.CASH]
        assert sale.customer is not None
        assert sale.customer.walk_in
        assert len(agent.tally.keys) <= FAMILY_KEYS
        assert agent.tally.seconds < FAMILY_SECONDS
        assert agent.tally.data == 0


async def test_the_family_by_the_quick_line(tmp_path: Path) -> None:
    async with sold("walk-up family, by the quick line", tmp_path) as (agent, sale):
        assert lines(sale) == [(2, ADULT, TODAY, "17:00"), (2, CHILD, TODAY, "17:00")]
        assert [one.method for one in sale.payments] == [Method.CASH]
        assert len(agent.tally.keys) <= FAMILY_KEYS
        assert agent.tally.seconds < LINE_SECONDS


async def test_a_group_of_thirty(tmp_path: Path) -> None:
    async with sold("group of 30, one session", tmp_path) as (_agent, sale):
        assert lines(sale) == [(30, ADULT, TODAY, "20:00")]
        assert [(one.method, one.authorisation) for one in sale.payments] == [(Method.CARD, "A40917")]


async def test_two_dates_in_one_sale(tmp_path: Path) -> None:
    async with sold("two dates in one sale", tmp_path) as (_agent, sale):
        assert [line[:3] for line in lines(sale)] == [(2, ADULT, TODAY), (2, ADULT, TOMORROW)]


async def test_a_session_that_is_sold_out_on_the_way_f17(tmp_path: Path) -> None:
    """The whole family goes to the next session, and nothing of the old one is ordered."""
    async with sold("session sold out on the way", tmp_path) as (_agent, sale):
        assert lines(sale) == [(2, ADULT, TODAY, "20:00"), (2, CHILD, TODAY, "20:00")]


async def test_a_booking_by_telephone(tmp_path: Path) -> None:
    async with sold("by telephone, full customer", tmp_path) as (agent, sale):
        assert [line[:3] for line in lines(sale)] == [(2, ADULT, SATURDAY), (2, CHILD, SATURDAY)]
        customer = sale.customer
        assert customer is not None
        assert not customer.walk_in
        assert (customer.first_name, customer.last_name) == ("Marie", "Lefebvre")
        assert (customer.email, customer.phone) == ("marie.lefebvre@example.org", "0612345678")
        assert agent.tally.data == len("MarieLefebvremarie.lefebvre@example.org0612345678A40918")


def test_the_readme_has_one_row_a_sale_and_no_other() -> None:
    assert README.read_text(encoding="utf-8").count(START) == 1
    assert END in README.read_text(encoding="utf-8")
    assert written().startswith(HEAD)
    names = [one.split("|")[1].strip() for one in written().removeprefix(HEAD).splitlines()]
    assert names == list(SALES)


@pytest.mark.parametrize(("keys", "steps", "seconds"), [(0, 0, 0.0), (11, 5, 9.83), (12, 0, 3.36), (0, 2, 2.7)])
def test_the_model(keys: int, steps: int, seconds: float) -> None:
    assert Tally(["x"] * keys, 100, ["?"] * steps).seconds == pytest.approx(seconds)
