"""Every row of the table in docs/rules.md (Who may), by keys through a real OpenSSH server.

Two accounts on one host: at the first an agent works, at the other a supervisor.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from orders_kit import finished
from pseudo_terminal import Terminal
from sandbox_process import SandboxProcess
from ssh_server import SshServer
from test_ssh_who import AGENT, CHIEF, OTHER, PIN, give_pin, login, pytestmark, server, sign_in, take_over
from till import DAY_PRODUCT, Stage, Till

from korus_tui.config.paths import Paths
from korus_tui.counter.core.clock import boot_seconds
from korus_tui.counter.core.gate import act_words
from korus_tui.counter.till.agents import Agents
from korus_tui.journal.place import place_of
from korus_tui.journal.store import Journal
from korus_tui.sale import events as e
from korus_tui.sale import till_events as t
from korus_tui.sale.acts import Act
from korus_tui.sale.money import Money
from korus_tui.sale.state import Sale
from korus_tui.sale.values import SHOWN

__all__ = ["pytestmark", "server"]
RULES = Path(__file__).parents[2] / "docs/rules.md"
NOBODY = "Whatever is a customer's or a sale's bears a name"
EVENTS: dict[Act, type] = {
    Act.REFUND: e.CancellationAsked,
    Act.CANCELLATION: e.CancellationAsked,
    Act.VOID: e.SaleVoided,
    Act.COPIES: e.DocumentHandedOver,
    Act.GIVEN_BACK: e.DocumentHandedOver,
    Act.DIFFERENCE_BORNE: e.DifferenceAbsorbed,
    Act.CLOSE_BY_HAND: e.SaleClosedByHand,
    Act.CASH_OUT: t.CashTakenOut,
    Act.AGENTS: t.RoleChanged,
    Act.Z_DIFFERENCE: t.TillClosed,
    Act.TAKE_OVER: t.TillTakenOver,
}


def table() -> list[str]:
    """The acts of the table, as the rules name them."""
    return re.findall(r"^\| `(\w+)` \| .+ \| supervisor \|$", RULES.read_text(encoding="utf-8"), re.MULTILINE)


# What a row is done to, made by the program itself before anybody had a PIN


async def handed(till: Till, copies: int = 1) -> Sale:
    """A finished sale, its document handed over so often."""
    sale = await finished(till, None, await till.line(DAY_PRODUCT))
    document = (await till.services.documents.of(sale))[0].documents[0].iri
    for copy in range(1, copies + 1):
        await till.services.desk.record_after(sale.reference, e.DocumentHandedOver(document, "printed", copy))
    return sale


async def given_back(till: Till) -> Sale:
    """The same, and Korus was asked to cancel it."""
    sale = await handed(till)
    await till.services.cancelling.ask(sale.reference, sale.orders[0].order, "ill")
    return sale


async def taken_along(till: Till) -> Sale:
    """A parked sale whose document was seen, and whose order Korus knows no more."""
    held = await till.hold(await till.line(DAY_PRODUCT))
    gone = e.DocumentHandedOver("/orders/gone/documents/1", "printed", 1)
    return await till.services.desk.record(held.reference, gone, e.SaleParked())


async def dearer(till: Till) -> Sale:
    """Paid, lapsed before it was booked, and held again for more."""
    sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
    line, reservation = sale.lines[0].line, sale.holds[0].reservation.rpartition("/")[2]
    till.sandbox.control("expire", reservation=reservation)
    await till.pay(sale.reference)
    await till.settled(sale.reference)
    till.sandbox.fault("price", route="reservations_bulk", offer=line.offer, amount="90.00")
    await till.services.settling.hold_again(sale.reference)
    sale = await till.settled(sale.reference)
    till.sandbox.control("price", offer=line.offer, amount=str(line.quoted.amount))
    till.services.desk.set_aside()
    return sale


MADE: dict[Act, Callable[[Till], Any]] = {
    Act.REFUND: handed,
    Act.CANCELLATION: handed,
    Act.COPIES: lambda till: handed(till, 2),
    Act.GIVEN_BACK: given_back,
    Act.VOID: taken_along,
    Act.DIFFERENCE_BORNE: dearer,
    Act.CLOSE_BY_HAND: dearer,
}


def settle_in(home: Path, sandbox: SandboxProcess, act: Act) -> str:
    """An account's till: open, with what the act is done to, and three people with PINs. The sale's reference."""

    async def before() -> str:
        async with Till(sandbox, home, till="till 1", mode="training") as till:
            await till.open_till()
            await till.services.till.open(Money.of(100, "EUR"))
            return (await MADE[act](till)).reference if act in MADE else ""

    reference = asyncio.run(before())
    agents = Agents(Paths.below(home).data, boot_seconds)
    for name in (CHIEF, AGENT, OTHER):
        agents.add(name, PIN, supervisor=False)
    return reference


class Desk:
    """Who sits at the terminal, and each row's keys up to the act itself."""

    def __init__(self, terminal: Terminal, home: Path, act: Act, reference: str) -> None:
        self.at = terminal
        self._home = home
        self._act = act
        self._reference = reference

    def arrives(self, server: SshServer, words: str = "Nobody is signed in") -> None:
        """Wait for what a new login shows; from then on the program behind it is waited for, not ssh alone."""
        self.sees(words)
        self.at.program = max(server.sessions())
        self.at.settle()

    def press(self, *keys: str) -> None:
        """Keys, once the page has been seen."""
        self.at.settle()
        self.at.press(*keys)

    def sees(self, words: str) -> None:
        """Wait for words that stand in one line."""
        self.at.wait_for(words)

    def says(self, words: str) -> None:
        """Wait for words, however they are broken into lines."""
        self.at.wait_until(lambda text: words in " ".join(text.replace("▌", " ").split()), words)

    @property
    def records(self) -> list[tuple[str, Any]]:
        """All that is in the journal: who, and what."""

        async def read() -> list[tuple[str, Any]]:
            with Journal.open(place_of(Paths.below(self._home).data, "till 1"), read_only=True) as journal:
                return [(row.agent, row.event) for row in await journal.entries()]

        return asyncio.run(read())

    @property
    def done(self) -> list[str]:
        """Who did the act until now."""
        shown = {SHOWN}  # a code that stood on the screen is no copy
        found = [one for one in self.records if isinstance(one[1], EVENTS[self._act])]
        return [who for who, event in found if getattr(event, "how", "") not in shown]

    def will_have_done(self, who: list[str]) -> None:
        """Wait until this is on record."""
        self.at.wait_until(lambda _text: self.done == who, f"{self._act} is on record, by {who}")

    @property
    def words(self) -> list[tuple[str, str, str]]:
        """Words given on record: who was signed in, the act, whose word it was."""
        given = e.ActAuthorised | t.TillActAuthorised
        return [(who, event.act, event.supervisor) for who, event in self.records if isinstance(event, given)]

    def insists(self, key: str, gone: str) -> None:
        """Press a key until these words are gone: what was too new to be read takes it not at once."""
        self.sees(gone)
        for _press in range(5):
            self.press(key)
            self.at.settle()
            if gone not in self.at.text:
                return
        raise AssertionError(self.at.text)

    def yes(self, question: str) -> None:
        """Answer a question."""
        self.insists("y", question)

    # The rows

    def does(self) -> None:
        """The row's keys, from any page."""
        getattr(self, self._act)()

    def order(self) -> None:
        self.press("ctrl+f")
        self.sees("our reference")
        self.press(self._reference)
        self.press("enter")
        self.sees("as Korus shows it")

    def refund_after_handover(self, money: bool = True) -> None:
        self.order()
        self.press("c")
        self.sees("Tickets back")
        self.at.press("ill", "enter", *(["1", "enter", "cash", "enter"] if money else ["enter", "enter"]), "n")
        self.press("ctrl+s")
        self.yes("Record the cancellation asked for")

    def cancellation_after_handover(self) -> None:
        self.refund_after_handover(money=False)

    def void_after_handover(self) -> None:
        if f"Sale {self._reference}" not in self.at.text:  # it waits
            self.press("ctrl+k")
            self.sees("Sales that wait")
            self.press("enter")
            self.sees(f"Sale {self._reference}")
        self.press("v")
        self.yes("Void sale")
        self.insists("n", "Did the tickets come back")

    def more_copies(self) -> None:
        self.order()
        self.press("enter")
        self.sees("ready")
        self.press("y")

    documents_given_back = more_copies

    def cash_out(self) -> None:
        self.press("ctrl+e")
        self.sees("The till is open")
        self.press("u")
        self.sees("Cash that leaves the drawer")
        self.at.press("500", "enter", "stamps")
        self.insists("f10", "Cash that leaves the drawer")

    def on_the_board(self) -> None:
        self.press("ctrl+f")
        self.sees("PAID – NOT CONFIRMED")
        self.sees(self._reference)

    def difference_borne(self) -> None:
        self.on_the_board()
        self.press("b")
        self.sees("the house bears")
        self.press("b")
        self.sees("The house bears")
        self.at.press("kind")
        self.insists("f10", "The house bears")

    def close_by_hand(self) -> None:
        self.on_the_board()
        self.press("x")
        self.sees("by hand:")
        self.at.press("phoned")
        self.press("ctrl+s")
        self.yes("It leaves the board.")

    def agents(self) -> None:
        self.press("ctrl+e")
        self.sees("The till is open")
        self.press("g")
        self.sees("Who has a PIN here")
        self.sees(OTHER)
        self.press("down", "down")
        self.press("v")
        self.yes(f"Make {OTHER} a supervisor?")

    def z_difference(self) -> None:
        self.press("ctrl+e")
        self.sees("The till is open")
        self.press("z")
        self.sees("count the drawer")
        self.at.press("99900")
        self.insists("f10", "count the drawer")
        self.yes("Close the till with")

    def signed_out(self) -> None:
        """The row's first keys while nobody is signed in: refused in words, nothing of the sale is seen."""
        at_the_till = {Act.CASH_OUT: "u", Act.AGENTS: "g", Act.Z_DIFFERENCE: "z"}
        if self._act in at_the_till:
            self.press("ctrl+e")
            self.sees("The till is open")
            self.press(at_the_till[self._act])
            self.says(NOBODY)
            for opened in ("Cash that leaves", "count the drawer", "Who has a PIN here"):
                assert opened not in self.at.text
            self.press("esc")
            self.at.settle()
            return
        for keys in ("ctrl+f", "ctrl+k", "ctrl+o"):
            self.press(keys)
            self.says(NOBODY)
            assert not self._reference or self._reference not in self.at.text
        self.press("c", "v", "y", "b", "x", "enter", "esc")
        self.at.settle()
        assert not self._reference or self._reference not in self.at.text


def test_the_table_the_acts_and_the_keys_have_the_same_rows() -> None:
    assert table() == [act.value for act in Act]
    assert all(act is Act.TAKE_OVER or hasattr(Desk, act.value) for act in Act)


USUAL = (Act.REFUND, Act.CLOSE_BY_HAND)  # one that gives money back, one that ends a sale; the other rows are long


@pytest.mark.parametrize(
    "act",
    [pytest.param(act, marks=[] if act in USUAL else pytest.mark.long) for act in Act if act is not Act.TAKE_OVER],
)
def test_a_row_signed_out_as_an_agent_authorised_and_as_a_supervisor_f83(
    act: Act, server: SshServer, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """F83."""
    home, elsewhere = tmp_path / "one", tmp_path / "two"
    first, second = login(server, home, sandbox, act), login(server, elsewhere, sandbox, f"{act}-chief")
    here, there = settle_in(home, sandbox, act), settle_in(elsewhere, sandbox, act)
    with Terminal(first) as terminal:
        desk = Desk(terminal, home, act, here)
        before, known = desk.done, desk.records
        desk.arrives(server)
        desk.signed_out()
        assert desk.records == known
        sign_in(terminal, AGENT)
        desk.does()
        desk.sees("A supervisor's word")
        give_pin(terminal, AGENT)
        desk.sees("is no supervisor")
        assert desk.done == before
        desk.press("esc")
        desk.says(f"That needs a supervisor: {act_words(act)}")
        assert desk.done == before
        assert desk.words == []
        desk.does()
        desk.sees("A supervisor's word")
        give_pin(terminal, CHIEF)
        desk.will_have_done([*before, AGENT])
        assert desk.words == [(AGENT, act, CHIEF)]
    with Terminal(second) as terminal:
        desk = Desk(terminal, elsewhere, act, there)
        desk.arrives(server)
        sign_in(terminal, CHIEF)
        desk.does()
        desk.will_have_done([*before, CHIEF])
        assert desk.words == []


def test_the_row_of_the_take_over_f83(server: SshServer, sandbox: SandboxProcess, tmp_path: Path) -> None:
    """F83: it is another login's, and signs in who does it."""
    home, act = tmp_path / "one", Act.TAKE_OVER
    first, second = login(server, home, sandbox, "sells"), login(server, home, sandbox, "comes")
    settle_in(home, sandbox, act)
    with ExitStack() as stack:
        terminal = stack.enter_context(Terminal(first))
        Desk(terminal, home, act, "").arrives(server)
        sign_in(terminal, AGENT)
        other = stack.enter_context(Terminal(second))
        desk = Desk(other, home, act, "")
        desk.arrives(server, "This till is in use")
        take_over(other)
        desk.press("esc")
        assert desk.done == []
        take_over(other)
        give_pin(other, OTHER)
        desk.says(f"That needs a supervisor: {act_words(act)}")
        assert desk.done == []
        take_over(other)
        give_pin(other, CHIEF)
        desk.will_have_done([CHIEF])
        desk.sees(f"· {CHIEF}")
