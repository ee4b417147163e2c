"""The story of a demo: by hand and by itself, left, lost and found again, in both languages; and what it proves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from typing import Any

import pytest
from demo_kit import AtDemo
from story_kit import FRAMES, HANDS, PICTURES, stored, told

from korus_tui import i18n
from korus_tui.cli import main
from korus_tui.counter.core.rehearsing import Fault, NotArmed
from korus_tui.rehearsal import SandboxControl
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.documents.screen import DocumentsScreen
from korus_tui.screens.orders.screen import OrdersScreen
from korus_tui.story.proof import ProofPage
from korus_tui.story.script import STEPS


@pytest.fixture
def french() -> Iterator[None]:
    with i18n.speaking("fr"):
        yield


def proved(program: AtDemo) -> None:
    """The proof page says what is true at the sandbox, and nothing of it is doubted."""
    (order,) = program.state()["orders"]
    (held,) = program.state()["reservations"]
    said = program.said("#proof-said")
    assert [line[0] for line in said.splitlines()] == ["✓", "✓", "✓"]
    assert order["reference"] in said
    assert order["external_reference"] in program.said("#proof-title")
    amount = held["total"].replace(".", i18n.decimal_sign())
    assert said.count(amount) == 2
    assert len(program.said("#proof-events").splitlines()) > 8


async def test_each_step_by_hand_to_the_proof_as_the_picture_of_the_readme_shows_it() -> None:
    sums, frames = stored()
    assert sums == [f"{name} {sha256((FRAMES.parent / name).read_bytes()).hexdigest()}" for name in PICTURES]
    async with told(plays=False, slowly=1.5) as story:
        program = story.program

        async def as_shown(number: int) -> None:
            with suppress(AssertionError):
                await program.until(lambda: story.frame == frames[number])
            assert story.frame == frames[number], (
                f"an older picture, which python assets/make_recording.py makes anew; shown is\n{story.program.text}"
            )

        await story.by_hand(12, as_shown)
        assert program.services.rehearsals.armed is Fault.LOST
        await as_shown(12)
        await program.press("f10")
        await as_shown(14)
        await story.by_hand(17, as_shown)
        await program.on(ProofPage)
        await program.until(lambda: "✓" in program.said("#proof-said"))
        await as_shown(17)
        proved(program)
        await program.press("enter")
        await program.on(CatalogScreen)
        await program.until(lambda: not story.bars)
        assert "The story is over." in program.problem


async def test_a_partner_who_wanders_is_told_the_way_back() -> None:
    async with told(plays=False) as story:
        program = story.program
        await story.by_hand(6)
        await program.press("ctrl+f")
        await program.on(OrdersScreen)
        await program.until(lambda: "Ctrl+O opens it" in story.said)
        assert "press" not in story.said
        await program.press("escape")  # the till's own here: back
        await story.come_to(6)
        await program.press("f1")
        await program.until(lambda: "Something is asked here first" in story.said)
        await program.press("escape")
        await story.come_to(6)
        await program.press("ctrl+k")
        await program.until(lambda: "waits for its turn" in story.said)
        await program.press("ctrl+k")
        await program.until(lambda: getattr(program.app.screen, "NAME", "") == "parked")
        await program.press("enter")
        await program.press("ctrl+o")
        await story.by_hand(8)
        await program.press("ctrl+o")  # who goes back is told the way, and finds what was done as it was left
        await program.until(lambda: "at the payment" in story.said and program.app.screen.armed)
        await program.press("enter")
        await story.come_to(8)


@pytest.mark.long
async def test_it_plays_itself_to_the_proof_in_french(french: None) -> None:
    async with told(plays=True, size=(120, 40)) as story:
        program, seen = story.program, set[str]()

        def at_the_proof() -> bool:
            seen.add(story.said)
            return isinstance(program.app.screen, ProofPage) and "✓" in program.said("#proof-said")

        await program.until(at_the_proof)
        proved(program)
        for words in ("tapez", "sam", "la ligne tombe"):
            assert any(words in one for one in seen), words
        await program.press("x")
        await program.on(CatalogScreen)
        assert "La visite guidée est finie." in program.problem
        assert program.app.screen.query_one("#filter").value == ""  # the key that ended it did nothing else


async def test_escape_leaves_it_and_the_demo_goes_on_as_usual() -> None:
    async with told(plays=False) as story:
        program = story.program
        await story.by_hand(2)
        await program.press("escape")
        await program.until(lambda: not story.bars)
        assert program.app.screen.query_one("#filter").value == "famille argent"
        await program.press("escape")
        assert program.app.screen.query_one("#filter").value == ""
        await program.to_the_cart()
        await program.pay()
        await program.on(DocumentsScreen)
        assert not story.bars


async def test_whoever_goes_ahead_is_followed_and_another_product_is_as_good() -> None:
    async with told(plays=False) as story:
        program = story.program
        await story.come_to(1)
        await program.to_the_cart()
        await story.come_to(6)
        await program.press("delete")
        await program.press("delete")
        assert await program.until(lambda: story.number < 6)


async def test_what_is_not_so_is_not_proved() -> None:
    async with told(plays=False) as story:
        program = story.program
        await story.by_hand(15)
        sale = program.services.desk.sale
        real = program.state()

        async def twice() -> dict[str, Any]:
            (order,) = real["orders"]
            return {**real, "orders": [order, {**order, "reference": "KT-ORD-AGAIN"}]}

        async def nothing() -> dict[str, Any]:
            raise NotArmed("it is gone")

        await program.app.push_screen(ProofPage(program.services, sale.reference, twice))
        await program.until(lambda: "KT-ORD-AGAIN" in program.said("#proof-said"))
        said = program.said("#proof-said").splitlines()
        assert [line[0] for line in said] == ["✗", "✓", "✗"]
        assert "2 orders" in said[0]
        await program.press("escape")
        await program.app.push_screen(ProofPage(program.services, sale.reference, nothing))
        await program.until(lambda: "nothing is proved" in program.said("#proof-said"))


async def test_no_other_server_is_ever_asked_for_its_truth() -> None:
    async def control() -> str:
        return "https://api.korusticket.com/_control"

    with pytest.raises(NotArmed):
        await SandboxControl(control).call("GET", "state")


@pytest.mark.parametrize(
    ("typed", "words"),
    [(["demo", "--story", "--seed", "2"], "leave out --seed"), (["--story"], "unrecognized arguments")],
)
def test_it_is_told_in_its_own_world_and_only_in_a_demo(
    typed: list[str], words: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("korus_tui.terminal.unusable", lambda: "")
    with pytest.raises(SystemExit) as ended:
        main(typed)
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


def test_every_step_but_the_waiting_ones_names_keys() -> None:
    assert [number for number, step in enumerate(STEPS, 1) if not step.keys] == [13, 14, 17]
    assert [number for number, _keys in HANDS] == [number for number, step in enumerate(STEPS, 1) if step.keys]
