"""Each rehearsal: armed by keys, seen in the header, struck, healed, and told on the hand-over page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path

import pytest
from demo_kit import AtDemo, at_demo
from program import Program
from sandbox_process import SandboxProcess
from till import Till

from korus_tui import rehearsal
from korus_tui.app.korus_app import KorusApp
from korus_tui.counter.core.rehearsing import Fault, NotArmed
from korus_tui.counter.facing.seen import FacingStage, seen
from korus_tui.rehearsal import SandboxRehearsals
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.rehearse.screen import RehearseScreen


async def as_usual(program: AtDemo) -> None:
    """Nothing is in the way of the money."""
    await program.pay()


async def hold_again(program: AtDemo) -> None:
    """Korus refused; nothing was taken; the same places are asked for once more."""
    await program.until(lambda: "not held" in program.text)
    assert "Not enough places left" in program.text or "did not answer" in program.text
    while "not held" in program.text:
        left = program.text.count("not held")
        await program.press("h")
        await program.until(lambda left=left: program.text.count("not held") < left and "asking" not in program.text)
        await program.press("down")
    await program.pay()


async def accept(program: AtDemo) -> None:
    """Both prices are seen, and accepted."""
    await program.until(lambda: "quoted €14.40, now held at €16.12" in program.text)
    await program.press("y")
    await program.until(lambda: "now held at" not in program.text)
    await program.pay()


async def settle(program: AtDemo) -> None:
    """The money is on record; the places are held anew, and booked."""
    await program.pay()
    await program.until(lambda: program.services.rehearsals.struck is Fault.LAPSE)
    await program.until(lambda: "h hold again" in program.text)
    shown = seen(program.services.desk.sale, shown_only=False)  # the customer is asked for no money a second time
    assert shown is not None
    assert (shown.stage, shown.due) == (FacingStage.SETTLING, None)
    assert shown.paid
    await program.until(lambda: program.app.screen.armed)
    await program.press("h")
    await program.until(lambda: "F10 books" in program.text and program.app.screen.guard.ready)
    await program.press("f10")


CASES = [  # each way of selling on once in the usual run; what strikes is the sandbox's own, and tested there
    (Fault.LOST, as_usual, "looked its reference up and found the 2 orders", 1),
    (Fault.LATE, as_usual, "sent the order once", 1),
    (Fault.SOLD_OUT, hold_again, "No money had been taken", 1),
    (Fault.HALF, hold_again, "kept what was held", 1),
    (Fault.PRICE, accept, "took what was held", 1),
    (Fault.LAPSE, settle, "held places anew", 1),
    (Fault.OUTAGE, as_usual, "sent nothing twice", 1),
    (Fault.SIGN_IN, as_usual, "signed in anew", 1),
    (Fault.TICKETS, as_usual, "asks until they are here", 1),
]
USUAL = {Fault.LOST, Fault.SOLD_OUT, Fault.PRICE, Fault.LAPSE}


@pytest.mark.parametrize(
    ("fault", "way", "words", "calls"),
    [pytest.param(*case, marks=() if case[0] in USUAL else pytest.mark.long, id=str(case[0])) for case in CASES],
)
async def test_each_is_armed_strikes_heals_and_is_told(
    fault: Fault,
    way: Callable[[AtDemo], Awaitable[None]],
    words: str,
    calls: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rehearsal, "_LATE", 1.0)
    monkeypatch.setattr(rehearsal, "_OUTAGE", 2.0)
    async with at_demo() as program:
        if fault is not Fault.OUTAGE:
            await program.arm(fault)
        await program.to_the_cart()
        if fault is Fault.OUTAGE:
            await program.arm(fault)
        await way(program)
        await program.told(words)
        assert "REHEARSAL" not in program.text
        state = program.state()
        paid = sum(Decimal(one["total"]) for one in state["orders"]) if "total" in state["orders"][0] else None
        assert len(state["orders"]) == 2
        assert state["faults"] == [] or fault in (Fault.SIGN_IN, Fault.LOST)
        assert len({one["reservation"] for one in state["orders"]}) == 2
        assert paid is None or paid > 0


async def test_what_is_armed_can_be_taken_back_and_one_choice_replaces_another() -> None:
    async with at_demo() as program:
        await program.arm(Fault.LOST)
        await program.arm(Fault.PRICE)
        assert [one["kind"] for one in program.state()["faults"]] == ["price"]
        await program.press("ctrl+w", "d")
        await program.until(lambda: program.services.rehearsals.armed is None)
        assert program.state()["faults"] == []
        assert "REHEARSAL" not in program.text


async def test_it_is_found_by_its_words_in_the_palette() -> None:
    async with at_demo() as program:
        await program.press("ctrl+p", *"rehearse")
        await program.until(lambda: "Ctrl+W" in program.text)
        await program.press("enter")
        await program.on(RehearseScreen)
        assert "power cut" not in program.text  # this program was not started by the demo's own command


async def test_a_sandbox_that_has_ended_arms_nothing_and_says_so() -> None:
    async with at_demo() as program:
        program.demo._child.kill()
        program.demo._child.wait()
        await program.press("ctrl+w")
        await program.on(RehearseScreen)
        await program.press("enter")
        await program.until(lambda: "nothing will go wrong" in program.text)
        assert program.services.rehearsals.armed is None


async def test_a_till_that_is_no_demo_has_none(sandbox: SandboxProcess, tmp_path: Path) -> None:
    till = Till(sandbox, tmp_path, mode="training")
    app = KorusApp(till.services, CatalogScreen(till.services), log=till.paths.log_file, theme="korus-dark")
    async with app.run_test(size=(120, 40)) as pilot:
        program = Program(pilot)
        await program.on(CatalogScreen)
        await program.press("ctrl+w")
        assert isinstance(program.app.screen, CatalogScreen)
        await program.press("ctrl+p", *"rehearse")
        await program.until(lambda: "in a demo alone" in program.text or "Let something go wrong" in program.text)
        await program.press("enter")
        assert not isinstance(program.app.screen, RehearseScreen)


@pytest.mark.parametrize("address", ["https://api.korusticket.com/_control", "http://10.0.0.1/_control", ""])
async def test_no_other_server_is_ever_told_to_fail(address: str) -> None:
    async def control() -> str:
        return address

    with pytest.raises(NotArmed):
        await SandboxRehearsals(control).arm(Fault.LOST)
