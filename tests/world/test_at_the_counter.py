"""What stands on the agent's screen in the second world, at 80 × 24, and which keys lead on from there."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from counter_home import SELL, settle_in
from pseudo_terminal import Terminal
from selling import (
    at_the_catalog,
    leave,
    sell,
    take,
    to_cash,
    to_the_cart,
    to_the_money,
    to_the_offers,
    to_the_sessions,
)
from till import DAY_PRODUCT, Stage, Till

from korus_tui.config.paths import Paths
from korus_tui.journal.place import place_of
from korus_tui.sale.money import Money
from world.answers import BEFORE, HTML, NONE, Answer, Call, dropped, each, edited, missing, violations, without_fields
from world.kit import money_back
from world.server import World

TILL = "till 1"
NOTHING_SOLD = "Nothing is sold here"


class Desk:
    """A till's folder in this world, and the program on a terminal of 80 × 24."""

    def __init__(self, home: Path, world: World, mode: str = "training") -> None:
        self.home, self.world = home, world
        self.env = settle_in(home, world)
        self.turn(mode)

    def turn(self, mode: str) -> None:
        """The profile sells in this mode from now on."""
        file = Paths.below(self.home).settings_file
        text = file.read_text(encoding="utf-8")
        for other in ("training", "live"):
            text = text.replace(f'mode = "{other}"', f'mode = "{mode}"')
        file.write_text(text, encoding="utf-8")
        self.mode = mode

    @property
    def journal(self) -> Path:
        return place_of(Paths.below(self.home).data, TILL)

    @property
    def terminal(self) -> Terminal:
        return Terminal(SELL, env=self.env, size=(80, 24))

    def before(self, work: Callable[[Till], Any]) -> Any:
        """What an earlier start of the program did at this till."""

        async def done() -> Any:
            async with Till(self.world, self.home, till=TILL, mode=self.mode) as till:  # type: ignore[arg-type]
                return await work(till)

        return asyncio.run(done())

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, **self.env}
        return subprocess.run([*SELL, *words], env=env, capture_output=True, text=True)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Another tool keeps the journal to itself."""
        with contextlib.closing(sqlite3.connect(self.journal, isolation_level=None, timeout=5)) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield
            other.execute("ROLLBACK")


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    return Desk(tmp_path, world)


def answered(world: World, route: str, answer: Answer, terminal: Terminal, key: str) -> None:
    """A key that makes a call; it has come, and its answer waits for `world.let_go()`."""
    world.script(route, answer)
    terminal.press(key)
    terminal.wait_until(lambda _text: bool(world.calls_of(route)), f"a call of {route}")


def no_look_up(world: World) -> None:
    for route in ("orders", "reservation"):
        world.always(route, Answer(status=503, body=HTML))


# 2. A journal belongs to one mode and one server


def test_a_training_sale_waits_elsewhere_for_a_live_profile_f81(desk: Desk) -> None:
    async def paid_for(till: Till) -> str:
        sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
        return sale.reference

    reference = desk.before(paid_for)
    desk.turn("live")
    calls = len(desk.world.calls_of("order_bulk", "orders", "reservation", "reserve"))
    with desk.terminal as terminal:
        terminal.wait_for(f"{reference} waits in TRAINING")
        assert "1 waits elsewhere" in terminal.text
        terminal.settle()
        terminal.press("ctrl+o")
        terminal.wait_for("Nothing is in this sale yet.")
        terminal.press("ctrl+e")
        terminal.wait_for("Waits elsewhere")
        leave(terminal)
    assert len(desk.world.calls_of("order_bulk", "orders", "reservation", "reserve")) == calls


# 4. Till closed: no money moves, by any key


def test_after_the_z_no_key_gives_money_back_f83(desk: Desk) -> None:
    desk.turn("live")

    async def not_ordered(till: Till) -> str:
        sale = await till.sell_until(Stage.PAYING, await till.line(DAY_PRODUCT))
        desk.world.script("order_bulk", Answer(NONE, 422, violations(("customer.email", "Adresse non valide.", "x"))))
        await till.pay(sale.reference)
        await till.settled(sale.reference)
        await till.services.till.close(Money.of("40.00", "EUR"))
        return sale.reference

    reference = desk.before(not_ordered)
    with desk.terminal as terminal:
        terminal.wait_for("40.00")
        terminal.settle()
        if "undo" not in terminal.text:
            terminal.press("enter")
        terminal.wait_for("u undo")
        terminal.settle()
        terminal.press("u")
        terminal.wait_for("The till is not open.")
        assert "Ctrl+E" in terminal.text
    assert desk.before(lambda till: money_back(till, reference)) == []


# 6 and 9. Lapsed only when it is sure; every call has an end


def test_a_lost_order_is_found_by_its_reservations_word_alone_f85(desk: Desk) -> None:
    world = desk.world
    world.edit("orders", missing)
    world.edit("order", without_fields("reservation", "externalReference"))
    with desk.terminal as terminal:
        to_the_cart(terminal)
        to_the_money(terminal)
        no_look_up(world)
        world.script("order_bulk", dropped(BEFORE))
        terminal.press("f10")
        terminal.wait_for("PAID – NOT CONFIRMED")
        assert "Do not charge again." in terminal.text
        for route in ("orders", "reservation"):
            world.always(route)
        terminal.settle()
        terminal.press("enter")  # ask now
        terminal.wait_for("The order is complete", 20)
    assert len(world.orders) == len(world.calls_of("order_bulk")) == 1


def test_a_lock_while_a_hold_is_answered_leaves_every_key_alive_f88(desk: Desk) -> None:
    with desk.terminal as terminal:
        at_the_catalog(terminal)
        to_the_sessions(terminal)
        terminal.press("down")
        terminal.wait_for("chosen for 1")
        answered(desk.world, "reserve", Answer(hang=60), terminal, "enter")
        with desk.locked():
            desk.world.let_go()
            terminal.wait_for("Another tool keeps the till's journal locked.")
            terminal.wait_for("held 14:")
            assert NOTHING_SOLD in terminal.text
            terminal.settle()
            terminal.press("r")
            terminal.settle()
            assert NOTHING_SOLD in terminal.text
            assert len(desk.world.calls_of("reserve")) == 1
        terminal.wait_until(lambda text: "locked" not in text, "that the journal can be written")
        terminal.settle()
        terminal.press("r")
        terminal.wait_until(lambda _text: len(desk.world.calls_of("reserve")) == 2, "a second hold")
        terminal.wait_for("held 14:")
        terminal.settle()
        to_the_money(terminal)
        take(terminal)


def test_a_lock_while_an_order_is_answered_is_doubt_that_is_looked_up_f88(desk: Desk) -> None:
    with desk.terminal as terminal:
        to_the_cart(terminal)
        to_the_money(terminal)
        answered(desk.world, "order_bulk", Answer(hang=60), terminal, "f10")
        with desk.locked():
            desk.world.let_go()
            terminal.wait_for("PAID – NOT CONFIRMED", 10)
            assert "Do not charge again." in terminal.text
            terminal.settle()
            terminal.press("n")
            terminal.wait_for("Nothing in this sale yet.")
            assert "1 not confirmed" in terminal.text
        terminal.wait_until(lambda text: "not confirmed" not in text, "that the order was found", 20)
    assert len(desk.world.orders) == len(desk.world.calls_of("order_bulk")) == 1


# 7. What came that nobody asked for is shown


def test_more_people_than_were_paid_are_two_figures_and_a_decision_f86(desk: Desk) -> None:
    with desk.terminal as terminal:
        to_the_cart(terminal)
        to_the_money(terminal)
        desk.world.script("order_bulk", edited(each(lambda one: one["items"][0].update(quantity=3))))
        terminal.press("f10")
        terminal.wait_for("held for 1 people, ordered")
        assert "The order is complete" not in terminal.text
        terminal.settle()
        terminal.press("ctrl+f")
        terminal.wait_for("held for 1")
        assert "y " in terminal.text


# 8. An older copy


def test_an_older_copy_put_back_is_named_as_old_and_sells_nothing_f87(desk: Desk) -> None:
    copies = desk.home / "copies"
    with desk.terminal as terminal:
        at_the_catalog(terminal)
        sell(terminal)
        for _turn in range(3):  # while the till is open
            done = desk.command("backup", str(copies), "--keep", "2")
            assert done.returncode == 0, done.stderr
        kept = sorted(copies.rglob("*.journal"))
        assert len(kept) == 2
        sell(terminal)
        leave(terminal)
    shutil.copy(kept[-1], desk.journal)
    found = desk.command("doctor")
    assert found.returncode != 0
    assert "the journal ends with event 10, and event 20 was written" in found.stdout
    told = desk.command("report")
    assert told.returncode == 1
    assert "RECORDS DAMAGED" in told.stdout
    with desk.terminal as terminal:
        terminal.wait_for("older or shorter than what this till had")
        terminal.settle()
        terminal.press("ctrl+r")  # the same page comes anew: at once, or after a moment that shows what is beneath
        for _try in range(4):
            terminal.settle()
            terminal.press("l")
            terminal.settle()
            if "Nothing can be sold" not in terminal.text:
                break
        assert "Nothing can be sold" not in terminal.text
        assert desk.world.calls_of("reserve")[2:] == []


# 10. A damaged journal sells nothing


def test_a_changed_amount_is_one_verdict_on_every_page_f89(desk: Desk) -> None:
    with desk.terminal as terminal:
        at_the_catalog(terminal)
        sell(terminal)
        leave(terminal)
    with contextlib.closing(sqlite3.connect(desk.journal, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER events_stand")
        connection.execute("UPDATE events SET payload = replace(payload, '87', '88') WHERE kind = 'PaymentTaken'")
    with desk.terminal as terminal:
        terminal.wait_for("journal is damaged")
        assert NOTHING_SOLD in terminal.text
        at_the_catalog(terminal)
        to_the_offers(terminal)
        terminal.press("enter")
        terminal.wait_for("choose a session")
        assert NOTHING_SOLD in terminal.text
        terminal.settle()
        terminal.press("enter", "enter")
        terminal.settle()
        terminal.press("ctrl+e")
        terminal.wait_for("RECORDS DAMAGED")
        assert NOTHING_SOLD in terminal.text
    assert len(desk.world.calls_of("reserve")) == 1


# 11. One wrong Date is not the time


def test_a_date_that_is_wrong_then_missing_sells_on_the_holds_own_times_f90(desk: Desk) -> None:
    with desk.terminal as terminal:
        to_the_cart(terminal)
        desk.world.date_error = timedelta(days=-365)
        terminal.press("enter")
        terminal.wait_for("How is it paid?")
        assert "hold 14:" in terminal.text
        desk.world.date_error = None
        to_cash(terminal)
        assert "hold 14:" in terminal.text
        take(terminal)


# Secrets echoed by a server


def test_a_secret_that_a_server_repeats_stands_nowhere_f92(desk: Desk) -> None:
    world = desk.world
    asked: list[str] = []

    def echo(call: Call) -> dict[str, Any]:
        asked.append(call.token)
        words = f"no {call.token} for {world.client_secret}"
        return {"@type": "hydra:Error", "title": words, "detail": words, "status": 403}

    with desk.terminal as terminal:
        at_the_catalog(terminal)
        to_the_sessions(terminal)
        terminal.press("down")
        terminal.wait_for("chosen for 1")
        answer = Answer(NONE, 403, echo, {"X-Request-Id": world.client_secret})
        world.script("reserve", answer)
        terminal.press("enter")
        terminal.wait_for("(secret)")
        leave(terminal)
        seen = bytes(terminal.seen)
    kept = [file.read_bytes() for file in desk.home.rglob("*") if file.is_file() and "credentials" not in file.name]
    for secret in (world.client_secret, asked[0]):
        assert secret
        assert not any(secret.encode() in one for one in (seen, *kept))
