"""The customer's side beside a till: what is shown of a sale, in whose language, and what never is."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from program import Program
from sandbox_process import SandboxProcess
from till import BEFORE_SEASON, DAY_PRODUCT, WALK_IN, Stage, Till

from korus_tui import i18n
from korus_tui.counter.facing import follow
from korus_tui.counter.services import Services
from korus_tui.display.app import DisplayApp
from korus_tui.journal.place import place_of
from korus_tui.sale import events as e
from korus_tui.sale.money import Money
from korus_tui.sale.values import SHOWN, Customer, Method, Payment, Refusal

SANDBOX = {"now": BEFORE_SEASON}
SIZES = ((40, 12), (80, 24), (200, 60), (24, 5), (9, 2))


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A display speaks its customer's language to the whole process."""
    yield
    i18n.use("en")


@pytest.fixture
async def till(sandbox: SandboxProcess, tmp_path: Path) -> AsyncIterator[Till]:
    async with Till(sandbox, tmp_path, customer_language="en", till="till 1") as opened:
        yield opened


def beside(till: Till, name: str = "till 1") -> Services:
    """The services of a display: the till's profile and folders, and nothing else in common."""
    return Till(till.sandbox, till.home, customer_language="en", till=name).services


@asynccontextmanager
async def display(
    till: Till, size: tuple[int, int] = (80, 24), services: Services | None = None
) -> AsyncIterator[Program]:
    found = services or beside(till)
    app = DisplayApp(lambda: found, found.profile.till, log_file=till.paths.log_file, theme="korus-dark")
    async with app.run_test(size=size) as pilot:
        yield Program(pilot)


async def pay(till: Till, reference: str, given: str) -> None:
    due = till.sale(reference).due
    assert due is not None
    cash = Payment(secrets.token_hex(8), Method.CASH, due, tendered=Money.of(given, due.currency))
    await till.services.checkout.take(reference, cash)


async def test_a_sale_is_followed_from_the_first_line_to_the_change_and_the_thanks(till: Till) -> None:
    async with display(till, (200, 60)) as shown:
        await shown.until(lambda: "Welcome" in shown.text or "test" in shown.text)
        sale = await till.hold(await till.line(quantity=2))
        await shown.until(lambda: "2 × a product" in shown.text and "Total" in shown.text)
        assert "sam. 7 juin" in shown.text  # as the sale was opened
        await till.services.desk.record(sale.reference, e.LanguageChosen("en"))
        await shown.until(lambda: "Sat 7 Jun" in shown.text)
        await till.start_payment(sale.reference)
        await shown.until(lambda: "To pay" in shown.text)
        await pay(till, sale.reference, "500")
        ordered = await till.until(sale.reference, lambda one: one.all_ordered)
        await shown.until(lambda: "Your change" in shown.text and "Paid" in shown.text)
        await shown.until(lambda: "Scan the code" in shown.text)
        assert "█" in shown.text
        await till.services.desk.record(ordered.reference, e.SaleFinished())
        await shown.until(lambda: "Thank you, and goodbye!" in shown.text)
        await till.hold(await till.line(DAY_PRODUCT))
        await shown.until(lambda: "Total" in shown.text and "Merci" not in shown.text)
        assert "█" not in shown.text


async def test_it_speaks_the_customers_language_and_follows_a_switch(till: Till) -> None:
    async with display(till) as shown:
        sale = await till.hold(await till.line())  # opened in French
        await till.start_payment(sale.reference)
        await shown.until(lambda: "À payer" in shown.text)
        assert "sam. 7 juin" in shown.text
        await till.services.desk.record(sale.reference, e.LanguageChosen("en"))
        await shown.until(lambda: "To pay" in shown.text)
        await till.services.desk.record(sale.reference, e.LanguageChosen("sv"))  # no catalogue: English
        await shown.until(lambda: "To pay" in shown.text)


@pytest.mark.parametrize("size", SIZES)
async def test_at_every_size_the_amount_is_there_and_nothing_of_the_agent_or_the_customer(
    till: Till, size: tuple[int, int]
) -> None:
    sale = await till.hold(await till.line(quantity=3), await till.line(DAY_PRODUCT))
    who = Customer("Jeanne", "Durand-Person", "jeanne@private.example", "+33612345678", "FR")
    await till.services.checkout.enter_customer(sale.reference, who)
    await till.services.desk.record(sale.reference, e.NotesEntered("beware of the dog"), e.LanguageChosen("en"))
    total = till.sale(sale.reference).to_collect
    assert total is not None
    async with display(till, size) as shown:
        await shown.until(lambda: shown.text.strip())
        if size[1] >= 5:
            await shown.until(lambda: "Total" in shown.text)
            if size[1] < 12:
                assert str(total.amount) in shown.text
        for words in ("Ada", "Jeanne", "Durand", "@", "0612", "612345", "dog", WALK_IN.last_name, sale.reference):
            assert words not in shown.text, words


async def test_only_the_sale_the_agent_touched_last_is_shown_and_a_parked_one_never(till: Till) -> None:
    async with display(till) as shown:
        first = await till.hold(await till.line(quantity=2))
        await shown.until(lambda: "2 × a product" in shown.text)
        await till.services.desk.park(first.reference)
        await shown.until(lambda: "a product" not in shown.text)
        second = await till.hold(await till.line(DAY_PRODUCT, quantity=4))
        await shown.until(lambda: "4 × a product" in shown.text)
        await till.services.desk.record(first.reference, e.HoldExpired(first.holds[0].reservation))  # by itself
        await till.services.desk.record(second.reference, e.SaleVoided("changed their mind"))
        await shown.until(lambda: "a product" not in shown.text)
        assert "changed" not in shown.text
        await till.services.desk.recall(first.reference)
        await shown.until(lambda: "2 × a product" in shown.text and "non disponible" in shown.text)
        assert "Total" not in shown.text  # nothing can be had of it


async def test_places_that_are_not_had_are_not_in_the_total(till: Till) -> None:
    sale = await till.hold(await till.line(quantity=2))
    line = await till.line(DAY_PRODUCT)
    await till.services.desk.record(
        sale.reference, e.LineAdded(line), e.HoldRequested("x", (line.id,)), e.LanguageChosen("en")
    )
    await till.services.desk.record(sale.reference, e.HoldRefused("x", (line.id,), Refusal("gone", "sold to Mr X")))
    total = till.sale(sale.reference).to_collect
    assert total is not None
    async with display(till, (80, 8)) as shown:
        await shown.until(lambda: "not available" in shown.text)
        assert str(total.amount) in shown.text
        assert "Mr X" not in shown.text


async def test_what_is_being_booked_says_so_and_shows_the_change(till: Till) -> None:
    sale = await till.sell_until(Stage.PAYING)
    await till.services.desk.record(sale.reference, e.LanguageChosen("en"))
    till.sandbox.fault("drop_after", route="orders_bulk")
    async with display(till) as shown:
        await shown.until(lambda: "To pay" in shown.text)
        await pay(till, sale.reference, "500")
        assert await shown.until(lambda: "Your change" in shown.text)


async def test_a_till_that_never_began_is_waited_for_and_those_that_are_here_are_named(till: Till) -> None:
    await till.hold(await till.line())
    async with display(till, services=beside(till, "till 9")) as shown:
        assert await shown.until(lambda: "Waiting for till 9" in shown.text and "here are: till-1" in shown.text)


async def test_the_display_may_begin_before_the_till_and_outlives_it(sandbox: SandboxProcess, tmp_path: Path) -> None:
    before = Till(sandbox, tmp_path, customer_language="en", till="till 1")
    async with display(before) as shown:
        await shown.until(lambda: "Waiting for till 1" in shown.text)
        async with before as till:
            await shown.until(lambda: "Waiting" not in shown.text)
            await till.hold(await till.line(quantity=5))
            await shown.until(lambda: "5 × a product" in shown.text)
        await shown.until(lambda: "a product" not in shown.text and "This counter is closed." in shown.text)
        async with Till(sandbox, tmp_path, customer_language="en", till="till 1"):
            assert await shown.until(lambda: "5 × a product" in shown.text)


async def test_a_damaged_journal_shows_no_figure_of_it_and_asks_to_the_counter(till: Till) -> None:
    await till.hold(await till.line(quantity=2))
    async with display(till) as shown:
        await shown.until(lambda: "2 × a product" in shown.text)
        file = place_of(till.paths.data, "till 1")
        os.replace(file, file.with_suffix(".aside"))
        file.write_bytes(b"no journal at all" * 300)
        await shown.until(lambda: "please ask at the counter" in shown.text or "demandez au guichet" in shown.text)
        assert "a product" not in shown.text
        os.replace(file.with_suffix(".aside"), file)
        await shown.until(lambda: "2 × a product" in shown.text)


async def test_where_agents_have_pins_a_code_waits_until_it_is_on_record(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale = await till.sell_until(Stage.ORDERED)
    services = beside(till)
    _known = services.till
    monkeypatch.setattr(services.desk.gate, "has_pins", lambda: True)
    async with display(till, (200, 60), services) as shown:
        await shown.until(lambda: "booked" in shown.text or "réservés" in shown.text)
        assert "█" not in shown.text
        document = sale.orders[0].documents[0]
        await till.services.desk.record_after(sale.reference, e.DocumentHandedOver(document, SHOWN, 0))
        await shown.until(lambda: "█" in shown.text)


async def test_what_changed_is_on_the_display_within_a_second(till: Till) -> None:
    """The follower's look is what takes the time: every change is there at the first look after it."""
    services = beside(till)
    home = till.services.desk.counter
    sale = await till.hold(await till.line())
    follower = follow.Follower(till.paths.data, "till 1", sale.home, services.clock.boot)
    assert home.till == "till 1"
    for _ in range(3):
        await till.services.desk.record(sale.reference, e.LanguageChosen(secrets.token_hex(4)))
        found = follower.look().sale
        assert found is not None
        assert found.language == till.sale(sale.reference).language


async def test_foreign_text_moves_nothing(till: Till) -> None:
    line = replace(await till.line(), name="\x1b[2J[bold]\u202eevil\u202c\nname " + "x" * 300)
    await till.hold(line)
    async with display(till, (60, 14)) as shown:
        await shown.until(lambda: "evil" in shown.text)
        assert "\x1b" not in shown.text
        assert all(len(row) <= 60 for row in shown.text.splitlines())


async def test_on_a_large_screen_what_is_said_has_a_frame_and_the_code_stands_beside_it(till: Till) -> None:
    async with display(till, (200, 60)) as shown:
        await shown.until(lambda: "╭" in shown.text and "╯" in shown.text)
        sale = await till.hold(await till.line())
        await till.services.desk.record(sale.reference, e.LanguageChosen("en"))
        await till.start_payment(sale.reference)
        await shown.until(lambda: "To pay" in shown.text)
        edges = {line.rstrip().rfind("│") for line in shown.text.splitlines() if "│" in line}
        assert len(edges) == 1
        await pay(till, sale.reference, "500")
        await shown.until(lambda: "Scan the code" in shown.text)
        rows = [number for number, line in enumerate(shown.text.splitlines()) if "█" in line]
        assert rows[0] > 5
        await shown.pilot.resize_terminal(80, 24)
        await shown.until(lambda: "╭" not in shown.text)


async def test_a_name_that_a_line_has_no_room_for_goes_on_below(till: Till) -> None:
    line = replace(await till.line(), name="Puy du Fou 1 jour Famille (2+2) + Cinéscénie")
    await till.hold(line)
    async with display(till, (40, 14)) as shown:
        await shown.until(lambda: "Cinéscénie" in shown.text)
        assert "…" not in shown.text
