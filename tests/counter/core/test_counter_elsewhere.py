"""A sale belongs to one mode at one server: what another profile of the till left is shown, and never touched (F81)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from orders_kit import finished, not_understood
from sandbox_process import SandboxProcess
from till import BEFORE_SEASON, EAGER, Stage, Till

from korus_tui.cli import report_command
from korus_tui.config.settings import origin_of
from korus_tui.config.tables import Wrong
from korus_tui.counter.booking.lost_orders import Patience
from korus_tui.counter.core.elsewhere import NotHere, waits_in
from korus_tui.counter.orders.models import Standing
from korus_tui.counter.orders.query import read as query
from korus_tui.counter.till import export, report
from korus_tui.journal.file import JournalFile
from korus_tui.journal.place import place_of
from korus_tui.sale import events as e
from korus_tui.sale.apply import fold
from korus_tui.sale.home import Home
from korus_tui.sale.money import Money
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Method, Mode

ASKS_MUCH_LATER = Patience(server_limit=60.0, first_wait=60.0, longest_wait=60.0)


@pytest.fixture(scope="module")
def other_server() -> Iterator[SandboxProcess]:
    with SandboxProcess(now=BEFORE_SEASON) as other:
        yield other


@pytest.fixture
async def trained(sandbox: SandboxProcess, tmp_path: Path) -> AsyncIterator[Till]:
    """A counter in training, which looks nothing up; the next start of it is with another profile."""
    async with Till(sandbox, tmp_path, mode="training", patience=ASKS_MUCH_LATER) as opened:
        yield opened
        opened.sandbox.no_faults()


async def start_as(till: Till, **profile: Any) -> None:
    """End the program, and start the same till with another profile, which asks at once."""
    till.profile = replace(till.profile, **profile)
    till.patience = EAGER
    await till.restart()


async def rows_of(till: Till, reference: str) -> int:
    return len(await (await till.services.desk.ledger.journal()).read(reference))


async def in_doubt(till: Till) -> Sale:
    """A paid sale whose order call dropped, before its effect."""
    sale = await till.sell_until(Stage.PAYING)
    till.sandbox.fault("drop_before", route="orders_bulk")
    await till.pay(sale.reference)
    return await till.until(sale.reference, lambda one: one.attempt and one.attempt.unknown)


async def assert_untouchable(till: Till, reference: str) -> None:
    """Every way by which a sale is worked on refuses this one, and nothing of it is recorded."""
    services = till.services
    await till.open_till()  # a drawer that is closed would refuse first
    desk, before = services.desk, await rows_of(till, reference)
    with pytest.raises(NotHere):
        await desk.recall(reference)
    with pytest.raises(NotHere):
        desk.bring(reference)
    with pytest.raises(NotHere):
        await desk.park(reference)
    with pytest.raises(NotHere):
        await services.holding.hold(reference, ())
    with pytest.raises(NotHere):
        await services.checkout.start(reference, Method.CASH)
    with pytest.raises(NotHere):
        await services.cancelling.close_by_hand(reference, "why not")
    with pytest.raises(NotHere):
        await services.cancelling.ask(reference, "/orders/1", "why not", Money.of("1", "EUR"), Method.CASH)
    with pytest.raises(NotHere):
        await desk.record(reference, e.SaleVoided("why not"))
    with pytest.raises(NotHere):
        await desk.record_after(reference, e.DocumentHandedOver("/documents/1", "link", 1))
    with pytest.raises(NotHere):
        await desk.ahead(reference, e.DocumentHandedOver("/documents/1", "printed", 1))
    with pytest.raises(NotHere):
        await services.search.file(reference, "fr")
    assert await rows_of(till, reference) == before


async def test_a_sale_says_from_its_birth_where_it_belongs_f81(till: Till) -> None:
    sale = await till.services.desk.open("/catalogs/1", "fr")
    assert sale.home == Home(Mode.LIVE, origin_of(till.profile.server))
    assert sale.catalog == "/catalogs/1"


@pytest.mark.parametrize("stage", [Stage.HELD, Stage.PAYING, Stage.ORDERED])
async def test_a_training_sale_left_open_is_not_taken_up_by_live_selling_f81(trained: Till, stage: Stage) -> None:
    sale = await trained.sell_until(stage)
    await start_as(trained, mode="live")
    services = trained.services
    assert (services.desk.sale, services.desk.sales, services.resume.resumed) == (None, (), ())
    assert [reference for reference, _home in services.elsewhere] == [sale.reference]
    await assert_untouchable(trained, sale.reference)
    await start_as(trained, mode="training")
    assert trained.services.desk.sale == sale
    assert trained.services.elsewhere == ()


async def test_a_training_sale_in_doubt_is_neither_asked_nor_sent_by_live_selling_f81(trained: Till) -> None:
    sale = await in_doubt(trained)
    calls = trained.sandbox.state()["calls"]
    await start_as(trained, mode="live")
    services = trained.services
    await services.late_orders.look()
    await services.cancelling.look()
    await services.background.stop(1)
    assert services.recovery.asking == {}
    now = trained.sandbox.state()["calls"]
    assert {one: now.get(one, 0) for one in ("orders", "orders_bulk", "reservation", "reservations")} == {
        one: calls.get(one, 0) for one in ("orders", "orders_bulk", "reservation", "reservations")
    }
    assert trained.orders(sale.reference) == []
    await start_as(trained, mode="training")
    await trained.until(sale.reference, lambda one: one.all_ordered)


async def test_a_live_sale_is_not_finished_under_training_f81(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with Till(sandbox, tmp_path) as till:
        sale = await till.sell_until(Stage.PAYING)
        await start_as(till, mode="training")
        assert till.services.desk.sales == ()
        await assert_untouchable(till, sale.reference)


async def test_another_server_is_not_asked_for_a_lost_order_f81(
    sandbox: SandboxProcess, other_server: SandboxProcess, tmp_path: Path
) -> None:
    async with Till(sandbox, tmp_path, patience=ASKS_MUCH_LATER) as till:
        sale = await in_doubt(till)
        await start_as(till, server=other_server.base_url, token_endpoint=other_server.token_endpoint)
        assert till.services.desk.sales == ()
        await till.services.late_orders.look()
        await assert_untouchable(till, sale.reference)
        await till.services.background.stop(1)
        asked = other_server.state()["calls"]
        assert not any(one in asked for one in ("orders", "reservation", "reservations", "orders_bulk"))
        await start_as(till, server=sandbox.base_url, token_endpoint=sandbox.token_endpoint)
        done = await till.until(sale.reference, lambda one: one.all_ordered)
        assert done.taken == sale.taken


async def test_an_ended_sale_of_another_mode_is_listed_and_not_opened_f81(trained: Till) -> None:
    sale = await finished(trained)
    order = sale.orders[0].order
    await trained.services.cancelling.ask(sale.reference, order, "came twice")
    await start_as(trained, mode="live")
    await trained.open_till()
    search = trained.services.search
    listed = {one.key: one for one in await search.latest()}
    assert listed[sale.reference].standing is Standing.ELSEWHERE
    assert "TRAINING" in listed[sale.reference].what
    assert await search.to_be_looked_at() == ()
    assert await trained.services.cancelling.waiting() == ()
    before = await rows_of(trained, sale.reference)
    with pytest.raises(NotHere):
        await trained.services.cancelling.ask(sale.reference, order, "came again", Money.of("1", "EUR"), Method.CASH)
    with pytest.raises(NotHere):
        await trained.services.desk.record_after(sale.reference, e.DocumentHandedOver("/documents/1", "link", 1))
    with pytest.raises(NotHere):
        await trained.services.search.file(sale.reference, "fr")
    assert await rows_of(trained, sale.reference) == before
    found = await search.ask(query(sale.reference, trained.services.today()), lambda _text, _texts: True)
    assert [(one.key, one.standing) for one in found.sales] == [(sale.reference, Standing.ELSEWHERE)]


async def test_a_sale_that_is_not_understood_stays_where_it_belongs_f81(trained: Till) -> None:
    reference = await not_understood(trained)
    await start_as(trained, mode="live")
    desk = trained.services.desk
    assert desk.unreadable == ()
    assert [one.reference for one in desk.elsewhere] == [reference]
    with pytest.raises(NotHere):
        await trained.services.search.file(reference, "fr")
    before = await rows_of(trained, reference)
    await trained.services.cancelling.close_unreadable(reference, "why not")
    assert await rows_of(trained, reference) == before


async def test_the_close_lists_what_waits_elsewhere_and_counts_by_mode_f81(trained: Till) -> None:
    sale = await trained.sell_until(Stage.PAYING)
    await trained.pay(sale.reference)
    await start_as(trained, mode="live")
    await trained.open_till()
    services = trained.services
    x = await services.till.read()
    z = await services.till.close(Money.of(0, "EUR"))
    for reading in (x, z):
        (waits,) = reading.elsewhere
        assert (waits.reference, waits.mode, waits.server) == (
            sale.reference,
            Mode.TRAINING,
            origin_of(trained.profile.server),
        )
        assert waits.amount
        assert reading.unresolved == ()
        assert not reading.live.takings
        assert sale.reference in report.as_text([reading])
        assert "TRAINING" in report.as_text([reading])
        assert sale.reference in export.as_csv([reading])
        assert f'"reference": "{sale.reference}"' in export.as_json([reading])
    file = JournalFile.read(place_of(trained.paths.data, trained.profile.till))
    (printed,) = report_command.read(file, trained.profile.till, trained.profile, None)
    assert printed.elsewhere == z.elsewhere


async def test_practice_of_one_mode_is_not_counted_in_theother_server_f81(trained: Till) -> None:
    await trained.sell_until(Stage.ORDERED)
    await start_as(trained, mode="demo")
    assert (await trained.services.till.read()).practice.sales == 0
    await start_as(trained, mode="training")
    assert (await trained.services.till.read()).practice.sales == 1


async def test_a_sale_from_before_servers_were_kept_goes_by_its_mode_f81(trained: Till) -> None:
    reference = "K7-OLD-1"
    journal = await trained.services.desk.ledger.journal()
    old = e.SaleOpened(reference, "/catalogs/1", Mode.TRAINING, "fr")
    line = e.LineAdded(await trained.line())
    counter = trained.services.desk.counter
    await journal.append(reference, [old, line], at=trained.services.clock.now(), agent="", till=counter.till)
    await start_as(trained, mode="live")
    assert trained.services.desk.sales == ()
    await start_as(trained, mode="training")
    assert [one.reference for one in trained.services.desk.sales] == [reference]


def test_the_profile_that_goes_on_with_it_is_named_f81() -> None:
    from korus_tui.config.settings import Profile

    training = Profile("https://API.example:443/", mode="training", till="till 1")
    home = Home(Mode.TRAINING, "https://api.example")
    assert waits_in(home, "till 1", {"school": training}) == "the profile school (TRAINING at api.example)"
    assert waits_in(home, "till 2", {"school": training}) == "TRAINING at api.example"
    assert waits_in(Home(Mode.LIVE), "till 1", {"school": training}) == "live selling"


def test_a_new_sale_folds_to_its_home_f81() -> None:
    sale = fold([e.SaleOpened("A", "/catalogs/1", Mode.LIVE, "fr", "https://a.example")])
    assert sale is not None
    assert [Home(Mode.LIVE, one).has(sale.home) for one in ("https://a.example", "https://b.example", "")] == [
        True,
        False,
        True,
    ]


async def test_a_sale_from_before_a_servers_path_counted_waits_and_says_what_to_do(till: Till) -> None:
    """An earlier version recorded the bare address; whether that was this server, a person says."""
    sale = await till.hold(await till.line())
    bare_address = origin_of(till.profile.server)
    till.profile = replace(till.profile, server=f"{till.profile.server}/api")
    till.settings = replace(till.settings, profiles={"park": till.profile})
    await till.restart()
    ((reference, where),) = till.services.elsewhere
    assert reference == sale.reference
    assert f'if the profile park sold it, earlier_server = "{bare_address}" in it' in where
    till.profile = replace(till.profile, earlier_server=bare_address)
    till.settings = replace(till.settings, profiles={"park": till.profile})
    await till.restart()
    assert till.services.elsewhere == ()
    assert till.sale(sale.reference).lines
    with pytest.raises(Wrong):
        replace(till.profile, earlier_server="https://elsewhere.example").check()
