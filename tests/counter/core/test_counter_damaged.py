"""A journal that is not what was written sells nothing on any page, and every reading says so (docs/faults.md, F89)."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sandbox_process import CATALOG
from till import Stage, Till

from korus_tui.cli import report_command
from korus_tui.counter.core.problems import CounterError
from korus_tui.counter.till import export, report
from korus_tui.journal.errors import JournalBroken, JournalOlder, JournalProblem
from korus_tui.journal.file import JournalFile
from korus_tui.journal.place import place_of
from korus_tui.sale import events as e
from korus_tui.sale.money import Money

FREE = ("DROP TRIGGER events_stay", "DROP TRIGGER events_stand")


def tamper(till: Till, *statements: str) -> None:
    """Change the journal's file behind the till's back."""
    with closing(sqlite3.connect(place_of(till.paths.data, till.profile.till), isolation_level=None)) as other:
        for statement in (*FREE, *statements):
            other.execute(statement)


async def a_finished_sale(till: Till) -> str:
    """A sale of one ticket that has ended; its reference."""
    sale = await till.sell_until(Stage.ORDERED)
    await till.services.desk.record(sale.reference, e.SaleFinished())
    return sale.reference


CHANGED: dict[str, str] = {
    "amount": "UPDATE events SET payload = replace(payload, '\"87.00\"', '\"8.70\"') WHERE kind = 'PaymentTaken'",
    "row": "DELETE FROM events WHERE kind = 'PaymentTaken'",
    "beginning": "DELETE FROM events WHERE kind = 'SaleOpened'",
    "middle": "DELETE FROM events WHERE kind IN ('SaleOpened', 'LineAdded', 'HoldConfirmed', 'TillOpened')",
    "name": "UPDATE events SET agent = 'Eve' WHERE kind = 'PaymentTaken'",
    "customer": "DELETE FROM personal",
    "index": "UPDATE sales SET state = 'voided'",
    "index row": "DELETE FROM sales",
    "structure": "DROP INDEX events_of_kind",
}


@pytest.mark.parametrize("how", [one for one in CHANGED if one not in ("structure", "middle")])
async def test_a_changed_journal_takes_no_money_and_no_order_on_any_page_f89(till: Till, how: str) -> None:
    await a_finished_sale(till)
    await till.services.close(0)
    tamper(till, CHANGED[how])
    await till.restart()
    desk, services = till.services.desk, till.services
    await desk.ledger.examine()
    assert isinstance(desk.ledger.trouble, JournalBroken)
    with pytest.raises(JournalBroken):
        await desk.open(CATALOG, "fr")
    with pytest.raises(JournalBroken):
        await services.till.put_in(Money.of("1", "EUR"), "change")
    with pytest.raises(JournalBroken):
        await services.till.close(Money.of("1", "EUR"))
    with pytest.raises(JournalBroken):
        await desk.ledger.must_sell()
    await desk.ledger.check()
    assert isinstance(desk.ledger.trouble, JournalBroken)  # nothing that works by itself takes the verdict back


@pytest.mark.parametrize("how", ["amount", "row", "index"])
async def test_what_was_begun_is_refused_and_what_korus_answers_is_kept_f89(till: Till, how: str) -> None:
    await a_finished_sale(till)
    sale = await till.sell_until(Stage.PAYING)
    tamper(till, CHANGED[how])
    await till.services.desk.ledger.examine()
    with pytest.raises(JournalBroken):
        await till.pay(sale.reference)
    assert till.sale(sale.reference).payments == ()
    with pytest.raises(JournalBroken):  # nothing is printed that could not be recorded
        await till.services.desk.ahead(sale.reference, e.DocumentHandedOver("/documents/1", "printed", 1))
    held = sale.holds[0].reservation
    after = await till.services.desk.record(sale.reference, e.HoldExpired(held))
    assert after.running_holds == ()
    assert isinstance(till.services.desk.ledger.trouble, JournalBroken)


async def test_the_first_money_waits_for_the_walk_f89(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    await a_finished_sale(till)
    sale = await till.sell_until(Stage.PAYING)
    await till.services.close(0)
    tamper(till, CHANGED["amount"])
    await till.restart()
    await till.services.offers.tickets.live(await till.offer())  # any answer tells the server's time
    with pytest.raises(JournalBroken):
        await till.pay(sale.reference)


@pytest.mark.parametrize("how", ["amount", "row", "name", "beginning", "middle"])
async def test_x_past_z_and_report_say_the_break_f89(till: Till, how: str) -> None:
    await a_finished_sale(till)
    z = await till.services.till.close(Money.of("87", "EUR"))
    await till.services.till.open(Money.of("10", "EUR"))
    whole = await till.services.till.x()
    assert whole.broken == ""
    assert "DAMAGED" not in report.as_text([whole, z])
    tamper(till, CHANGED[how])
    broken = await till.services.till.x()
    old = await till.services.till.read(till.services.till.past[0])
    for reading in (broken, old):
        assert "event" in reading.broken
        assert "RECORDS DAMAGED" in report.as_text([reading])
        assert "broken" in export.as_csv([reading])
    file = JournalFile.read(place_of(till.paths.data, till.profile.till))
    printed = report_command.read(file, till.profile.till, till.profile, None)
    assert all("RECORDS DAMAGED" in report.as_text([one]) for one in printed)


async def test_a_close_bears_the_mark_of_its_own_record(till: Till) -> None:
    await a_finished_sale(till)
    z = await till.services.till.close(Money.of("87", "EUR"))
    head = (await till.services.desk.ledger.journal()).head
    assert head is not None
    assert z.record == f"{head.seq}-{head.hash[-4:]}"
    assert z.record in report.as_text([z])


async def test_a_receipt_bears_the_mark_of_its_last_money(till: Till) -> None:
    reference = await a_finished_sale(till)
    rows = await (await till.services.desk.ledger.journal()).read(reference)
    last = next(row for row in reversed(rows) if isinstance(row.event, e.OrderPlaced))
    assert f"{last.seq}-{last.hash[-4:]}" in (await till.services.slips.of(reference)).text


async def test_an_older_file_is_not_gone_on_with_f87(till: Till, tmp_path: Path) -> None:
    await a_finished_sale(till)
    await till.services.close(0)
    file = place_of(till.paths.data, till.profile.till)
    old = file.read_bytes()
    await till.restart()
    await a_finished_sale(till)
    await till.services.close(0)
    newest = file.read_bytes()
    file.write_bytes(old)
    with pytest.raises(JournalOlder, match="written at"):
        await till.restart()
    assert isinstance(till.services.desk.ledger.trouble, JournalOlder)
    file.write_bytes(newest)
    await till.restart()
    assert till.services.desk.ledger.trouble is None
    await till.services.close(0)
    file.write_bytes(old)  # somebody who answers for it goes on with the older one
    file.with_name(file.name + ".lock").unlink()
    await till.restart()
    assert till.services.desk.ledger.trouble is None


async def test_whatever_kind_of_record_is_gone_the_rest_is_read_f89(till: Till) -> None:
    """X, the list of sales and a sale's page tell what is left, or refuse in words; none fails on what is missing."""
    reference = await a_finished_sale(till)
    await till.services.till.put_in(Money.of("5", "EUR"), "coins")
    await till.services.till.close(Money.of("92", "EUR"))
    await till.services.till.open(Money.of("10", "EUR"))
    await till.sell_until(Stage.PAYING)
    await till.services.close(0)
    file = place_of(till.paths.data, till.profile.till)
    whole = file.read_bytes()
    with closing(sqlite3.connect(file)) as other:
        kinds = [kind for (kind,) in other.execute("SELECT DISTINCT kind FROM events ORDER BY kind")]
    assert len(kinds) > 8
    for kind in kinds:
        file.write_bytes(whole)
        tamper(till, f"DELETE FROM events WHERE kind = '{kind}'")
        try:
            await till.restart()
        except JournalProblem:
            continue
        services = till.services
        await services.desk.ledger.examine()
        assert isinstance(services.desk.ledger.trouble, JournalProblem), kind
        with suppress(JournalProblem):
            await services.till.read()
        with suppress(JournalProblem, CounterError):
            await services.search.latest()
        with suppress(JournalProblem, CounterError):
            await services.search.file(reference, "fr")
        for past in services.till.past:
            assert "RECORDS DAMAGED" in report.as_text([await services.till.read(past)])
        await services.close(0)
