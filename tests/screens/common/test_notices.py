"""A notice has a subject and goes with it, and speaks the language that is spoken (C17)."""

from __future__ import annotations

from pathlib import Path

from checkout_counter import at_documents, paid_exactly
from checkout_counter import counter as at_checkout
from offers_counter import at_catalog, counter
from sandbox_process import SandboxProcess
from till import BEFORE_SEASON, SHOW_PRODUCT, PassingClock

from korus_tui import i18n
from korus_tui.api.errors import NotSent
from korus_tui.sale.money import Money
from korus_tui.screens.cart.screen import CartScreen
from korus_tui.widgets.inputs.filter_input import FilterInput


async def test_nothing_is_on_a_key_until_something_is_c17(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as one:
        screen = await at_catalog(one)
        await one.press("f2")
        await one.until(lambda: "Nothing is on F2" in one.problem)
        screen.sale_changed()
        assert "Nothing is on F2" in one.problem
        await one.press("ctrl+x", "ctrl+x")
        await one.until(lambda: i18n.language() == "fr")
        assert "Nothing is on" not in one.problem
        assert "F2" in one.problem
        screen.favourites.put("f2", SHOW_PRODUCT)
        screen.sale_changed()
        assert one.problem == ""


async def test_what_waits_holds_no_places_once_they_lapsed_c17(tmp_path: Path) -> None:
    clock = PassingClock()
    with SandboxProcess(now="2026-06-03T08:00:00Z", token_seconds=100_000) as sandbox:
        async with counter(sandbox, tmp_path, "Parking", clock=clock) as one:
            await one.press("1", "enter")
            sale = await one.held()
            await one.press("ctrl+k")
            screen = await at_catalog(one)
            await one.until(lambda: f"{sale.reference} waits. Its holds run on." in one.problem)
            one.till.sandbox.advance(1000)
            clock.passed += 1000
            await one.until(lambda: "It holds no places any more." in one.problem)
            await one.press("ctrl+k")
            await one.press("enter")
            await one.until(lambda: not one.till.services.desk.others)
            screen.sale_changed()
            assert screen._notice is None


async def test_the_till_is_not_open_until_it_is_c17(tmp_path: Path) -> None:
    with SandboxProcess(now=BEFORE_SEASON) as sandbox:
        await _check_closed_and_opened(sandbox, tmp_path)


async def _check_closed_and_opened(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with at_checkout(sandbox, tmp_path, mode="live") as desk:
        drawer = desk.till.services.till
        await drawer.close(Money.of("0", "EUR"))
        await desk.press("w", "c")
        await desk.until(lambda: "The till is not open." in desk.problem)
        await desk.press("ctrl+x", "ctrl+x")
        await desk.until(lambda: "La caisse n" in desk.problem)
        await desk.press("ctrl+x")
        desk.till.services.desk.tell()
        assert "The till is not open." in desk.problem
        await drawer.open(Money.of("100", "EUR"))
        await desk.until(lambda: desk.problem == "")


async def test_an_answer_goes_with_the_page_and_stays_under_the_help_c17(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path, "Parking") as one:
        await one.press("1", "enter")
        await one.held()
        await one.press("b")
        await one.until(lambda: "No line of this sale was taken out." in one.problem)
        await one.press("f1")
        await one.press("escape")
        await one.until(lambda: isinstance(one.app.screen, CartScreen))
        assert "No line of this sale was taken out." in one.problem
        await one.press("ctrl+f")
        await one.until(lambda: not isinstance(one.app.screen, CartScreen))
        await one.press("escape")
        await one.until(lambda: isinstance(one.app.screen, CartScreen))
        assert one.problem == ""


async def test_what_was_said_of_the_line_goes_once_korus_answers_c17(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as one:
        screen = await at_catalog(one)
        line = one.till.services.line
        line._learned(False, None)
        screen.show_error(NotSent())
        assert "The server cannot be reached." in one.problem
        one.app.sale_changed()
        assert "The server cannot be reached." in one.problem
        line._learned(True, 0.1)
        await one.until(lambda: one.problem == "")


async def test_words_change_with_the_language_c17(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """Whatever page they stand on, with what is in them."""
    async with counter(sandbox, tmp_path, "Parking") as one:
        await one.press("5", "0", "0", "0", "enter")
        await one.until(lambda: "No place is held." in one.problem)
        said = one.problem
        await one.press("ctrl+x", "ctrl+x")
        await one.until(lambda: i18n.language() == "fr")
        assert "Aucune place n" in one.problem
        await one.press("ctrl+x")
        assert one.problem == said


async def test_what_is_wrong_in_a_field_changes_with_the_language_c17(tmp_path: Path) -> None:
    with SandboxProcess(now=BEFORE_SEASON) as sandbox:
        async with at_checkout(sandbox, tmp_path, size=(80, 24)) as desk:
            await desk.press("w", "s", "c", *"99999")
            await desk.take()
            await desk.until(lambda: "More than is owed" in desk.error("part-cash"))
            await desk.press("ctrl+x", "ctrl+x")
            await desk.until(lambda: i18n.language() == "fr")
            assert "More than" not in desk.error("part-cash")
            await desk.press("ctrl+x")
            assert "More than is owed" in desk.error("part-cash")


def test_a_sentence_is_known_by_its_own_words_c17() -> None:
    said = "Nothing is on F2 in this catalog."
    i18n.use("fr")
    again = i18n.said_again(said, "en")
    assert "F2" in again
    assert again != said
    i18n.use("en")
    assert i18n.said_again(again, "fr") == said
    assert i18n.said_again("words of nobody 17", "fr") == "words of nobody 17"


async def test_how_long_ago_it_was_read_is_said_anew_c17(sandbox: SandboxProcess, tmp_path: Path) -> None:
    clock = PassingClock()
    async with counter(sandbox, tmp_path, clock=clock) as one:
        screen = await at_catalog(one)
        await one.until(lambda: "read just now" in one.text)
        clock.passed += 200
        screen.grow_older()
        assert await one.until(lambda: "read 3 minutes ago" in one.text)


async def test_the_next_customer_begins_with_an_empty_filter_after_a_sale_is_parked_c17(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path) as one:
        await at_catalog(one)
        await one.press(*"parking")
        await one.press("enter")
        await one.until(lambda: "[" in one.text and "qty" in one.text)
        await one.press("1", "enter")
        await one.held()
        await one.press("ctrl+k")
        screen = await at_catalog(one)
        assert screen.query_one(FilterInput).value == ""


async def test_what_was_done_with_a_document_is_said_in_the_language_that_is_spoken_c17(tmp_path: Path) -> None:
    with SandboxProcess(now=BEFORE_SEASON, document_delay=0) as sandbox:
        async with at_checkout(sandbox, tmp_path, size=(80, 24)) as desk:
            await paid_exactly(desk)
            await at_documents(desk)
            await desk.until(lambda: "ready" in desk.text)
            await desk.press("s")
            await desk.until(lambda: "Saved: " in desk.said("#done"))
            saved = desk.said("#done")
            await desk.press("t")
            await desk.until(lambda: "Saved: " in desk.said("#slip-note"))
            await desk.press("ctrl+x", "ctrl+x")
            await desk.until(lambda: "Gardé" in desk.said("#slip-note"))
            await desk.press("escape")
            await desk.until(lambda: "Gardé" in desk.said("#done"))
            await desk.press("ctrl+x")
            assert desk.said("#done") == saved
