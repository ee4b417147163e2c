"""Who may: nobody signed in, and a till that is closed, by every way in which money moves or a sale is changed."""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from orders_kit import finished
from sandbox_process import SandboxProcess
from till import DAY_PRODUCT, Stage, Till

from korus_tui.counter.core.problems import CounterError
from korus_tui.counter.till import agents as people
from korus_tui.counter.till.agents import AgentRefused, AgentsUnreadable
from korus_tui.counter.till.till import stream_of
from korus_tui.journal.errors import JournalLocked
from korus_tui.sale import events as e
from korus_tui.sale import till_events as t
from korus_tui.sale.acts import Act
from korus_tui.sale.money import Money
from korus_tui.sale.state import GivenBack, Sale
from korus_tui.sale.values import Method, Mode, Payment

CHIEF, AGENT, PIN = "Léa", "Bob", "246824"


async def staffed(till: Till) -> None:
    await till.services.till.staff.add_agent(CHIEF, PIN)
    await till.open_till()


async def rows(till: Till) -> int:
    return len(await till.services.resume.journal.entries())


async def signed_out(till: Till) -> None:
    await till.services.till.staff.sign_out()


async def closed(till: Till) -> None:
    await till.services.till.close(Money.of(0, "EUR"))


async def partly_paid(till: Till) -> Sale:
    sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
    return await till.pay(sale.reference, Money.of("1.00", "EUR"))


async def lapsed(till: Till) -> Sale:
    """Paid, and then its places could not be had."""
    sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
    due = sale.due
    assert due is not None
    await till.services.checkout.take(
        sale.reference, Payment(secrets.token_hex(8), Method.CASH, Money.of("1.00", "EUR"), Money.of("1.00", "EUR"))
    )
    till.sandbox.control("expire", reservation=sale.holds[0].reservation.rpartition("/")[2])
    return await till.services.desk.record(sale.reference, e.HoldExpired(sale.holds[0].reservation))


async def undo(till: Till, sale: Sale) -> None:
    await till.services.checkout.undo(sale.reference)


async def give_back(till: Till, sale: Sale) -> None:
    back = GivenBack("b", Money.of("1.00", "EUR"), Method.CASH, "gone")
    await till.services.settling.give_back(sale.reference, back, [one.line.id for one in sale.lines])


async def close_by_hand(till: Till, sale: Sale) -> None:
    await till.services.cancelling.close_by_hand(sale.reference, "the manager knows")


async def cancel(till: Till, sale: Sale) -> None:
    order = sale.orders[0].order
    await till.services.cancelling.ask(sale.reference, order, "ill", Money.of("1.00", "EUR"), Method.CASH)


async def take(till: Till, sale: Sale) -> None:
    await till.pay(sale.reference, Money.of("1.00", "EUR"))


Made = Callable[[Till], Awaitable[Sale]]
MONEY: tuple[tuple[Made, Callable[[Till, Sale], Awaitable[None]]], ...] = (
    (partly_paid, undo),
    (partly_paid, take),
    (lapsed, give_back),
    (lapsed, close_by_hand),
    (finished, cancel),
)


@pytest.mark.parametrize("away", [signed_out, closed])
@pytest.mark.parametrize(("made", "moves"), MONEY, ids=lambda one: getattr(one, "__name__", ""))
async def test_no_money_moves_signed_out_or_after_the_z_f83(
    till: Till, made: Made, moves: Callable[[Till, Sale], Awaitable[None]], away: Callable[[Till], Awaitable[None]]
) -> None:
    """F83: by any of the counter's ways; and once somebody stands at an open till, it moves."""
    await staffed(till)
    sale = await made(till)
    await away(till)
    before = await rows(till)
    with pytest.raises(CounterError) as refused:
        await moves(till, sale)
    assert "Ctrl+E" in refused.value.problem.next
    assert await rows(till) == before
    if away is signed_out:
        await till.services.till.staff.sign_in(CHIEF, PIN)
    else:
        await till.open_till()
    await moves(till, sale)
    assert await rows(till) > before


@pytest.mark.parametrize("away", [signed_out, closed])
async def test_a_price_difference_is_not_borne_by_nobody_f83(
    till: Till, away: Callable[[Till], Awaitable[None]]
) -> None:
    """F83."""
    await staffed(till)
    sale = await partly_paid(till)
    await away(till)
    with pytest.raises(CounterError):
        await till.services.settling.absorb(sale.reference, "kind")


async def test_nobody_binds_a_sale_and_answers_are_recorded_all_the_same_f83(till: Till) -> None:
    """F83: signed out nothing is held, parked, voided, named or finished; a hold that ends is recorded by the till."""
    await staffed(till)
    sale = await till.hold(await till.line(DAY_PRODUCT))
    line = await till.line(DAY_PRODUCT)
    await signed_out(till)
    services, reference = till.services, sale.reference
    for attempt in (
        lambda: services.holding.add(reference, [line]),
        lambda: services.holding.hold(reference, [sale.lines[0].line.id]),
        lambda: services.holding.leave_out(reference, [sale.lines[0].line.id]),
        lambda: services.desk.park(reference),
        lambda: services.desk.record(reference, e.SaleVoided("")),
        lambda: services.desk.record(reference, e.NotesEntered("x")),
        lambda: services.checkout.start(reference, Method.CASH),
    ):
        with pytest.raises(CounterError, match="Nobody is signed in"):
            await attempt()
    await services.desk.record(reference, e.HoldExpired(sale.holds[0].reservation))
    (*_, last) = await services.resume.journal.read(reference)
    assert (last.event, last.agent) == (e.HoldExpired(sale.holds[0].reservation), "(till)")


async def test_an_order_that_never_arrived_is_sent_again_with_nobody_there(till: Till) -> None:
    """It is paid, and asked for by name: the till goes on with it, or the customer would lose the places."""
    await staffed(till)
    sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
    till.sandbox.fault("drop_before", method="POST", route="orders_bulk")
    await till.pay(sale.reference)
    await signed_out(till)
    assert (await till.until(sale.reference, lambda one: one.all_ordered)).all_ordered


async def test_practice_needs_a_name_as_well_and_a_demo_none(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with Till(sandbox, tmp_path) as live:
        await live.services.till.staff.add_agent(CHIEF, PIN)
    async with Till(sandbox, tmp_path, mode="training") as practice:
        with pytest.raises(CounterError, match="Nobody"):
            await practice.services.desk.open("c", "fr")
    async with Till(sandbox, tmp_path, mode="demo") as demo:
        assert (await demo.services.desk.open("c", "fr")).mode is Mode.DEMO


async def test_who_adds_the_first_pin_closes_the_other_programs_too(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """Two tills of one account share their agents: what one adds, the other asks for at once."""
    async with Till(sandbox, tmp_path) as one, Till(sandbox, tmp_path, till="till 2") as other:
        await one.services.till.staff.add_agent(CHIEF, PIN)
        with pytest.raises(CounterError, match="Nobody"):
            await other.services.desk.open("c", "fr")


# What another program changes


async def own(till: Till) -> list[tuple[str, t.TillEvent]]:
    rows = await till.services.resume.journal.read_stream(stream_of(till.profile.till))
    return [(row.agent, row.event) for row in rows]


def elsewhere(till: Till, change: str) -> None:
    """Change the agents in another process, as another till of the account does."""
    program = (
        "import sys; from pathlib import Path; from korus_tui.counter.core.clock import boot_seconds;"
        " from korus_tui.counter.till.agents import Agents;"
        " agents = Agents(Path(sys.argv[1]), boot_seconds); "
    )
    subprocess.run([sys.executable, "-c", program + change, str(till.paths.data)], check=True)


GONE = {
    f"agents.leave({AGENT!r})": "works here no more",
    f"agents.rename({AGENT!r}, 'Robert')": "or has another name",
    f"agents.reset({AGENT!r}, '135713')": "has another PIN now",
    f"agents.leave({AGENT!r}); agents.reset({AGENT!r}, '135713')": "has another PIN now",
}


@pytest.mark.parametrize("change", GONE)
async def test_who_is_let_go_by_another_program_stands_here_no_more_f83(till: Till, change: str) -> None:
    """F83: at the next act that needs a name, with words, and on record."""
    await staffed(till)
    await till.services.till.staff.add_agent(AGENT, PIN)
    await till.services.till.staff.sign_in(AGENT, PIN)
    sale = await till.hold(await till.line(DAY_PRODUCT))
    elsewhere(till, change)
    with pytest.raises(CounterError) as refused:
        await till.services.desk.record(sale.reference, e.NotesEntered("x"))
    assert GONE[change] in refused.value.problem.what
    assert till.services.till.staff.agent is None
    leaving = till.services.till.staff._leaving
    assert leaving is not None
    await leaving
    name, event = (await own(till))[-1]
    assert (name, type(event)) == (AGENT, t.AgentSignedOut)
    assert GONE[change] in getattr(event, "because", "")
    await till.services.till.staff.sign_in(CHIEF, PIN)
    await till.services.desk.record(sale.reference, e.NotesEntered("x"))
    assert till.services.desk.gate.nobody is None


async def test_rights_that_another_program_takes_or_gives_count_at_once_f83(till: Till) -> None:
    """F83."""
    await staffed(till)
    await till.services.till.staff.add_agent(AGENT, PIN)
    await till.services.till.staff.sign_in(AGENT, PIN)
    gate = till.services.desk.gate
    assert gate.wants(Act.CASH_OUT)
    elsewhere(till, f"agents.make({AGENT!r}, supervisor=True)")
    assert not gate.wants(Act.CASH_OUT)
    await till.services.till.take_out(Money.of(1, "EUR"), "stamps")
    elsewhere(till, f"agents.make({AGENT!r}, supervisor=False)")
    with pytest.raises(CounterError, match="needs a supervisor"):
        await till.services.till.take_out(Money.of(1, "EUR"), "stamps")
    assert gate.name == AGENT


async def test_what_concerns_somebody_else_disturbs_nobody(till: Till) -> None:
    """Nor wrong PINs that a colleague gives elsewhere, nor one's own changes here."""
    await staffed(till)
    await till.services.till.staff.add_agent(AGENT, PIN)
    elsewhere(till, f"agents.reset({AGENT!r}, '135713')")
    wrong = "".join(
        f"\ntry: agents.check({CHIEF!r}, '000000')\nexcept Exception: pass" for _try in range(people.FREE_TRIES)
    )
    elsewhere(till, wrong)
    assert till.services.till.nobody is None
    await till.services.till.staff.reset_pin(CHIEF, "975319")
    await till.services.till.staff.rename(CHIEF, "Léa Martin")
    await till.services.till.staff.change_pin("975319", PIN)
    assert till.services.till.nobody is None
    assert till.services.desk.gate.supervisor
    assert till.services.desk.counter.agent == "Léa Martin"
    assert not any(isinstance(event, t.AgentSignedOut) for _name, event in await own(till))


async def test_a_file_of_agents_that_is_taken_away_opens_no_till_f83(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F83: the running program goes on with who is there, lets nobody in, and the next start knows it too."""
    async with Till(sandbox, tmp_path) as till:
        await staffed(till)
        (till.paths.data / people.FILE).unlink()
        await till.services.till.put_in(Money.of(1, "EUR"), "coins")
        await till.services.till.staff.sign_out()
        for _start in range(2):
            assert till.services.till.staff.has_agents
            with pytest.raises(CounterError, match="Nobody is signed in"):
                await till.services.desk.open("c", "fr")
            with pytest.raises(AgentsUnreadable, match="is missing"):
                await till.services.till.staff.sign_in(CHIEF, PIN)
            with pytest.raises(CounterError):
                await till.services.till.staff.add_agent("Eve", PIN)
            await till.restart()


async def test_a_demo_on_the_same_files_changes_no_agents_f83(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F83: nobody proves there who they are."""
    async with Till(sandbox, tmp_path) as live:
        await staffed(live)
    async with Till(sandbox, tmp_path, mode="demo") as demo:
        await demo.services.till.staff.add_agent("Eve", PIN)
        assert [one.name for one in await demo.services.till.staff.everybody()] == ["Eve"]
    async with Till(sandbox, tmp_path) as live:
        assert [one.name for one in await live.services.till.staff.everybody()] == [CHIEF]
        with pytest.raises(AgentRefused):
            await live.services.till.staff.sign_in("Eve", PIN)


# One program in the place of another


async def test_an_agent_takes_over_their_own_dropped_program_and_no_others_f83(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """F83: the same agent stands there: their own PIN is enough. For anybody else's it takes a supervisor."""
    async with Till(sandbox, tmp_path) as first:
        await staffed(first)
        for name in (AGENT, "Eve"):
            await first.services.till.staff.add_agent(name, PIN)
        await first.services.till.staff.sign_in(AGENT, PIN)
        second = Till(sandbox, tmp_path)
        with pytest.raises(JournalLocked):
            await second.services.open_journal()
        with pytest.raises(CounterError, match="Nobody is signed in"):
            await second.services.open_journal(take_over=True)
        eve = await second.services.till.staff.prove("Eve", PIN)
        with pytest.raises(CounterError, match="needs a supervisor: taking the till over"):
            await second.services.open_journal(take_over=True, by=eve)
        bob = await second.services.till.staff.prove(AGENT, PIN)
        await second.services.open_journal(take_over=True, by=bob)
        name, event = (await own(second))[-1]
        assert (name, isinstance(event, t.TillTakenOver) and event.own) == (AGENT, True)
        await second.services.till.staff.sign_out()
        third = Till(sandbox, tmp_path)
        with pytest.raises(JournalLocked):
            await third.services.open_journal()
        with pytest.raises(CounterError, match="needs a supervisor"):  # they signed out there
            await third.services.open_journal(take_over=True, by=bob)
        chief = await third.services.till.staff.prove(CHIEF, PIN)
        await third.services.open_journal(take_over=True, by=chief)
        name, event = (await own(third))[-1]
        assert (name, isinstance(event, t.TillTakenOver) and event.own) == (CHIEF, False)
        for one in (third, second):
            await one.services.close(0)


async def test_what_was_done_at_a_program_that_only_reads_is_recorded_later_f83(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """F83: who looked on, who read X there, and wrong PINs, also before anything was open; by the writer that runs."""
    async with Till(sandbox, tmp_path) as writer:
        await staffed(writer)
        await writer.services.till.staff.add_agent(AGENT, PIN)
        looker = Till(sandbox, tmp_path)
        with pytest.raises(JournalLocked) as locked:
            await looker.services.open_journal()
        with pytest.raises(AgentRefused):
            await looker.services.till.staff.prove(CHIEF, "000000")
        await looker.services.open_journal(because=locked.value)
        before = await own(writer)
        await looker.services.till.staff.sign_in(AGENT, PIN)
        await looker.services.till.x()
        assert await own(writer) == before
        closed = await writer.services.till.close(Money.of(0, "EUR"))
        later = (await own(writer))[len(before) :]
        assert [(name, type(event)) for name, event in later] == [
            ("(till)", t.PinRefused),
            (AGENT, t.LookedOn),
            (AGENT, t.LookedOn),
            (CHIEF, t.TillClosed),
        ]
        assert [one.agent for one in closed.shift.readers] == [AGENT]
        await looker.services.till.staff.sign_in(AGENT, PIN)
        await looker.services.close(0)
    async with Till(sandbox, tmp_path) as again:
        assert [(name, type(event)) for name, event in (await own(again))[-1:]] == [(AGENT, t.LookedOn)]


async def test_a_supervisors_word_is_for_who_asked_for_it_f83(till: Till) -> None:
    """F83: somebody else signs in while it is waited for: it is not theirs."""
    await staffed(till)
    for name in (AGENT, "Eve"):
        await till.services.till.staff.add_agent(name, PIN)
    await till.services.till.staff.sign_in(AGENT, PIN)

    async def while_others_come(_act: Act, *_by: object) -> str:
        await till.services.till.staff.sign_in("Eve", PIN)
        return CHIEF

    till.services.desk.gate.ask = while_others_come
    with pytest.raises(CounterError, match="needs a supervisor"):
        await till.services.till.take_out(Money.of(1, "EUR"), "stamps")
    assert not any(isinstance(event, t.CashTakenOut) for _name, event in await own(till))


async def test_a_supervisors_word_is_for_one_act_f83(till: Till) -> None:
    """F83: neither for the next of its kind, nor beside one that waits at the same time."""
    await staffed(till)
    await till.services.till.staff.add_agent(AGENT, PIN)
    await till.services.till.staff.sign_in(AGENT, PIN)
    asked: list[Act] = []

    async def once(act: Act, *_by: object) -> str | None:
        asked.append(act)
        return CHIEF if len(asked) == 1 else None

    till.services.desk.gate.ask = once
    await till.services.till.take_out(Money.of(1, "EUR"), "stamps")
    with pytest.raises(CounterError, match="needs a supervisor"):
        await till.services.till.take_out(Money.of(1, "EUR"), "stamps")
    assert asked == [Act.CASH_OUT] * 2
