"""Every row of the table in docs/rules.md (Who may), by keys through a real OpenSSH server."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Callable
from pathlib import Path

from orders_kit import finished
from pseudo_terminal import Terminal
from sandbox_process import SandboxProcess
from ssh_server import SshServer
from test_ssh_who import AGENT, CHIEF, OTHER, PIN, give_pin, login, pytestmark, server
from till import DAY_PRODUCT, Stage, Till

from korus_tui.config.paths import Paths
from korus_tui.counter.core.clock import boot_seconds
from korus_tui.counter.core.gate import act_words
from korus_tui.counter.till.agents import Agents
from korus_tui.journal import Journal
from korus_tui.journal.place import place_of
from korus_tui.sale import events as e
from korus_tui.sale import till_events as t
from korus_tui.sale.acts import Act
from korus_tui.sale.apply import EXPIRED
from korus_tui.sale.money import Money
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Hold, Method, Payment, Refusal

__all__ = ["pytestmark", "server"]
RULES = Path(__file__).parents[2] / "docs/rules.md"
PASSES = 2  # an agent with a supervisor's word, and a supervisor


def table() -> list[str]:
    """The acts of the table, as the rules name them."""
    return re.findall(r"^\| `(\w+)` \| .+ \| supervisor \|$", RULES.read_text(encoding="utf-8"), re.MULTILINE)


Made = dict[Act, list[str]]  # the sales that a row is done to, one for each pass


async def handed(till: Till, copies: int = 1) -> Sale:
    """A finished sale, its document handed over so often."""
    sale = await finished(till, None, await till.line(DAY_PRODUCT))
    found = await till.services.documents.of(sale)
    document = found[0].documents[0].iri
    for copy in range(1, copies + 1):
        await till.services.desk.record_after(sale.reference, e.DocumentHandedOver(document, "printed", copy))
    return sale


async def dearer(till: Till) -> Sale:
    """Paid, lapsed before it was booked, and held again for five euros more."""
    sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
    hold, due = sale.holds[0], sale.due
    assert due is not None
    refused = e.OrderRefused("a", (hold.reservation,), Refusal(EXPIRED, "over"))
    again = Hold(f"{hold.reservation}-2", hold.lines, due + Money.of(5, "EUR"), None, None, None)
    payment = e.PaymentTaken(payment_of(due))
    requested = e.OrderRequested("a", (hold.reservation,))
    lines = tuple(one.line.id for one in sale.lines)
    events = (payment, requested, refused, e.HoldRequested("b", lines), e.HoldPlaced("b", again), e.SaleParked())
    return await till.services.desk.record(sale.reference, *events)


def payment_of(due: Money) -> Payment:
    return Payment(secrets.token_hex(8), Method.CASH, due, due)


async def prepare(till: Till) -> Made:
    """What the rows need, made by the program itself before anybody had a PIN."""
    made: Made = {act: [] for act in Act}
    await till.services.till.open(Money.of(100, "EUR"))
    for _pass in range(PASSES):
        made[Act.REFUND].append((await handed(till)).reference)
        made[Act.CANCELLATION].append((await handed(till)).reference)
        made[Act.COPIES].append((await handed(till, 2)).reference)
        given = await handed(till)
        await till.services.cancelling.ask(given.reference, given.orders[0].order, "ill")
        made[Act.GIVEN_BACK].append(given.reference)
        held = await till.hold(await till.line(DAY_PRODUCT))
        gone = e.DocumentHandedOver("/orders/gone/documents/1", "printed", 1)
        await till.services.desk.record(held.reference, gone, e.SaleParked())
        made[Act.VOID].append(held.reference)
        unpaid = await dearer(till)
        made[Act.DIFFERENCE_BORNE].append(unpaid.reference)
    made[Act.CLOSE_BY_HAND] = made[Act.DIFFERENCE_BORNE]
    return made


class Desk:
    """Who sits at the terminal, and the row's keys up to the act itself."""

    def __init__(self, terminal: Terminal, made: Made) -> None:
        self.at = terminal
        self.made = made

    def press(self, *keys: str) -> None:
        self.at.settle()
        self.at.press(*keys)
        self.at.settle()

    def sees(self, words: str) -> None:
        self.at.wait_for(words)

    def sign_in(self, name: str) -> None:
        self.press("s")
        give_pin(self.at, name, known=True)
        self.at.wait_until(lambda text: "PIN required" not in text and "Nobody" not in text, f"{name} is signed in")

    def first_page(self) -> None:
        """Back to the catalog, from wherever the last row ended."""
        for _step in range(8):
            self.at.settle()
            if "type to find a product" in self.at.text:
                return
            self.at.press("esc")
        raise AssertionError(self.at.text)

    def choose(self, reference: str) -> None:
        """Move to the row of the list that names it."""
        self.sees(reference)
        below = self.at.text.partition("\n")[2]  # the header names one, too
        shown = re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", below)
        self.press(*["down"] * list(dict.fromkeys(shown)).index(reference))

    def order(self, reference: str) -> None:
        self.press("ctrl+f")
        self.sees("our reference")
        if "PAID – NOT CONFIRMED" in self.at.text:
            self.press("tab")
        self.press(reference)
        self.press("enter")
        self.sees("as Korus shows it")

    def yes(self) -> None:
        self.at.settle()
        self.at.press("y")

    # The rows

    def refund_after_handover(self, reference: str, money: bool = True) -> None:
        self.order(reference)
        self.press("c")
        self.sees("Tickets back")
        self.at.press("ill", "enter", *(["1", "enter", "cash", "enter"] if money else ["enter", "enter"]), "n")
        self.press("ctrl+s")
        self.sees("The tickets did not come back.")
        self.yes()

    def cancellation_after_handover(self, reference: str) -> None:
        self.refund_after_handover(reference, money=False)

    def void_after_handover(self, reference: str) -> None:
        self.press("ctrl+o")
        if f"Sale {reference}" not in self.at.text:  # it waits
            self.first_page()
            self.press("ctrl+k")
            self.choose(reference)
            self.press("enter")
            self.press("ctrl+o")
        self.sees(f"Sale {reference}")
        self.press("v")
        self.sees("Void sale")
        self.yes()

    def more_copies(self, reference: str) -> None:
        self.order(reference)
        self.press("enter")
        self.sees("ready")
        self.press("y")

    documents_given_back = more_copies

    def cash_out(self, _reference: str) -> None:
        self.press("ctrl+e")
        self.press("u")
        self.sees("Cash that leaves the drawer")
        self.at.press("500", "enter", "stamps")
        self.press("f10")

    def on_the_board(self, reference: str) -> None:
        self.press("ctrl+f")
        self.sees("PAID – NOT CONFIRMED")
        self.choose(reference)

    def difference_borne(self, reference: str) -> None:
        self.on_the_board(reference)
        self.press("b")
        self.sees("house bears it")
        self.press("b")
        self.sees("The house bears")
        self.at.press("kind")
        self.press("f10")

    def close_by_hand(self, reference: str) -> None:
        self.on_the_board(reference)
        self.press("x")
        self.sees("by hand")
        self.at.press("phoned")
        self.press("ctrl+s")
        self.sees("It leaves the board.")
        self.yes()

    def agents(self, _reference: str) -> None:
        self.press("ctrl+e")
        self.press("g")
        self.sees("Who has a PIN here")
        while f"{OTHER}" not in self.at.text:
            self.at.settle()
        self.press("down", "down")
        self.press("v")
        self.sees("supervisor")
        self.yes()

    def z_difference(self, _reference: str) -> None:
        self.press("ctrl+e")
        self.at.settle()
        if "The till is not open" in self.at.text:
            self.press("o")
            self.sees("Count the float")
            self.at.press("10000")
            self.press("f10")
            self.sees("The till is open")
        self.press("z")
        self.sees("Count")
        self.at.press("99900")
        self.press("f10")
        self.sees("Close the till with")
        self.yes()


BY_KEYS: dict[Act, Callable[[Desk, str], None]] = {
    Act(name): getattr(Desk, name) for name in (act.value for act in Act) if hasattr(Desk, name)
}
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
}
ROWS = [act for act in Act if act is not Act.TAKE_OVER]  # it is another login's: test_ssh_who.py


def records(home: Path) -> list[tuple[str, object]]:
    """All that is in the journal: who, and what."""

    async def read() -> list[tuple[str, object]]:
        with Journal.open(place_of(Paths.below(home).data, "till 1"), read_only=True) as journal:
            return [(row.agent, row.event) for row in await journal.entries()]

    return asyncio.run(read())


def done(home: Path, act: Act) -> int:
    """How often the act's event is on record."""
    return sum(isinstance(event, EVENTS[act]) for _name, event in records(home))


def test_the_table_the_acts_and_the_walks_have_the_same_rows() -> None:
    assert table() == [act.value for act in Act]
    assert set(BY_KEYS) == set(EVENTS) == set(ROWS)


def test_every_row_signed_out_as_agent_authorised_and_as_supervisor_f83(
    server: SshServer, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """F83."""
    home = tmp_path / "one"
    command = login(server, home, sandbox, "rows")

    async def before() -> Made:
        async with Till(sandbox, home, till="till 1", mode="training") as till:
            return await prepare(till)

    made = asyncio.run(before())
    agents = Agents(Paths.below(home).data, boot_seconds)
    for name in (CHIEF, AGENT, OTHER):
        agents.add(name, PIN, supervisor=False)
    with Terminal(command) as terminal:
        desk = Desk(terminal, made)
        desk.sees("Nobody is signed in")
        start = records(home)
        for keys in ("ctrl+f", "ctrl+k", "ctrl+o", "c", "v", "y", "b", "x", "ctrl+p", "ctrl+z"):
            desk.press(keys)
            assert not any(one in terminal.text for refs in made.values() for one in refs)
        desk.press("ctrl+e")
        desk.sees("The till is open")
        for keys in ("u", "z", "g", "i", "x", "p"):
            desk.press(keys)
            desk.sees("Nobody is signed in")
        desk.press("esc")
        assert records(home) == start
        desk.sign_in(AGENT)
        for act in ROWS:
            before_it = done(home, act)
            for word in (False, True):
                desk.first_page()
                BY_KEYS[act](desk, (made[act] or [""])[0])
                desk.sees("A supervisor's word")
                assert done(home, act) == before_it, act
                if not word:
                    give_pin(terminal, AGENT)
                    desk.sees("is no supervisor")
                    desk.press("esc")
                    desk.sees("That needs a supervisor")
                    assert act_words(act).split()[0] in terminal.text
                else:
                    give_pin(terminal, CHIEF)
                    terminal.wait_until(lambda _text: done(home, act) > before_it, f"{act} is on record")  # noqa: B023
            who = {name for name, event in records(home)[len(start) :] if isinstance(event, EVENTS[act])}
            assert who == {AGENT}
        by = [event for _name, event in records(home) if isinstance(event, e.ActAuthorised | t.TillActAuthorised)]
        assert sorted(one.act for one in by) == sorted(act.value for act in ROWS)
        assert {one.supervisor for one in by} == {CHIEF}
        desk.first_page()
        desk.press("ctrl+e")
        desk.press("s")
        if "Sign out now?" in terminal.text:
            desk.yes()
        desk.sees("Nobody is signed in")
        desk.press("esc")
        desk.sign_in(CHIEF)
        for act in ROWS:
            before_it = done(home, act)
            desk.first_page()
            BY_KEYS[act](desk, (made[act] or [""])[-1])
            terminal.wait_until(lambda _text: done(home, act) > before_it, f"{act} is on record")  # noqa: B023
            assert "A supervisor's word" not in terminal.text
        last = {type(event): name for name, event in records(home)}
        assert {last[EVENTS[act]] for act in ROWS} == {CHIEF}
