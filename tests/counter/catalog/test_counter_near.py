"""What a page of offers tells of the days around one, and what is asked where a list is not as it is hoped to be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sandbox_process import CATALOG
from till import DAY, SHOW_PRODUCT, Till, product

from korus_tui.counter.catalog.offers import Days
from korus_tui.counter.core.abilities import Ability

SHOW = product(SHOW_PRODUCT)


def asked(till: Till, call: str = "offers") -> int:
    return int(till.sandbox.state()["calls"].get(call, 0))


async def month(till: Till, number: int) -> Days:
    return await till.services.offers.month(CATALOG, SHOW, 2025, number, lambda _days: None, DAY)


def sold(days: Days) -> dict[date | None, set[str]]:
    return {day: {one.id for one in offers} for day, offers in days.items()}


async def by_day(till: Till, number: int) -> Days:
    """The month as it is told when each day is asked for."""
    till.services.offers._lists_by_day = False
    found = await month(till, number)
    till.services.offers._lists_by_day = True
    till.services.offers._near.clear()
    return found


async def test_two_months_of_the_tutorial_s_list_are_a_few_pages(tutorial_till: Till) -> None:
    truth = [await by_day(tutorial_till, number) for number in (6, 7)]
    before = asked(tutorial_till)
    near = await tutorial_till.services.offers.around(CATALOG, SHOW, DAY, DAY)
    assert near.tells(DAY)
    assert [sold(await month(tutorial_till, number)) for number in (6, 7)] == [sold(days) for days in truth]
    assert asked(tutorial_till) - before <= 4  # the list begins in winter


UNLIKELY: dict[str, Callable[[dict[str, Any]], None]] = {
    "a day out of order": lambda edits: edits.update(path="member.0.date", value="2031-01-01"),
    "it says that there is more": lambda edits: edits.update(path="totalItems", value=100_000),
}


@pytest.mark.parametrize("name", UNLIKELY)
async def test_a_list_that_is_not_by_day_is_not_believed(name: str, tutorial_till: Till) -> None:
    truth = await by_day(tutorial_till, 6)
    edit: dict[str, Any] = {}
    UNLIKELY[name](edit)
    tutorial_till.sandbox.fault("replace", route="offers", edits=[edit], count=1)
    found = await month(tutorial_till, 6)
    assert sold(found) == sold(truth)


async def test_a_list_that_begins_before_today_tells_what_it_has_of_later_days(tutorial_till: Till) -> None:
    truth = await by_day(tutorial_till, 7)
    before = asked(tutorial_till)
    later = date(2025, 7, 1)
    near = await tutorial_till.services.offers.around(CATALOG, SHOW, later, later)
    assert near.tells(later)
    assert min(day for day in near.days if day is not None) >= later
    assert sold(await month(tutorial_till, 7)) == sold(truth)
    assert asked(tutorial_till) - before <= 4


async def test_a_page_tells_a_day_and_those_after_it_in_the_newest_generation(release_till: Till) -> None:
    truth = sold(await month(release_till, 6))
    before = asked(release_till)
    near = await release_till.services.offers.around(CATALOG, SHOW, DAY, DAY)
    assert asked(release_till) == before + 1
    assert near.last is not None
    told = {day: ids for day, ids in truth.items() if day is not None and near.tells(day)}
    assert len(told) > 20
    assert {day: ids for day, ids in sold(near.days).items() if day in told} == told
    assert near.first == DAY


async def test_answers_that_were_asked_ahead_serve_once_and_not_for_long(till: Till) -> None:
    offer = await till.offer()
    offers = till.services.offers
    await offers.tickets.ask_ahead([offer])
    calls = asked(till, "tickets"), asked(till, "availability")
    tickets = await offers.tickets.of(offer)
    live = await offers.tickets.live(offer)
    assert (asked(till, "tickets"), asked(till, "availability")) == calls
    assert (await offers.tickets.of(offer), await offers.tickets.live(offer)) == (tickets, live)
    assert (asked(till, "tickets"), asked(till, "availability")) == (calls[0] + 1, calls[1] + 1)
    await offers.tickets.ask_ahead([offer])
    till.pass_time(20)
    await offers.tickets.of(offer)
    assert asked(till, "tickets") == calls[0] + 3


async def test_a_call_that_was_answered_once_is_not_taken_for_missing(release_till: Till) -> None:
    abilities = release_till.services.abilities
    await abilities.learn(Ability.FORMS, True)
    assert not await abilities.missed(Ability.FORMS)
    assert abilities.known(Ability.FORMS) is True
    assert await abilities.missed(Ability.DOCUMENTS)
    assert abilities.known(Ability.DOCUMENTS) is False
    abilities.look_again()
    assert (abilities.known(Ability.FORMS), abilities.known(Ability.DOCUMENTS)) == (True, None)


async def test_a_day_that_is_not_told_is_asked_for(release_till: Till) -> None:
    offers = release_till.services.offers
    await offers.around(CATALOG, SHOW, DAY, DAY)
    far = DAY + timedelta(days=100)
    assert offers.near(CATALOG, SHOW, far) is None
    assert (await offers.around(CATALOG, SHOW, far, DAY)).tells(far)
