"""Who sits where: told at the hold, before money, on the slip and after a restart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from till import SHOW_PRODUCT, Till

from korus_tui.counter.paper.seats import party, places
from korus_tui.counter.paper.slips import SlipKind
from korus_tui.sale.seats import Together, parties, seats_of
from korus_tui.sale.state import Sale
from world.server import World


def seat(world: World, *seats: Any, arrangement: str | None = None) -> None:
    """The next reservations' places with a session get these seats, one after the other."""
    left = list(seats)

    def change(body: dict[str, Any]) -> dict[str, Any]:
        for reservation in body["reservations"]:
            if arrangement:
                reservation["seatsArrangement"] = arrangement
            for item in reservation["items"]:
                for ticket in item["offerTickets"]:
                    if ticket["session"] and left:
                        ticket["seating"] = left.pop(0)
        return body

    world.edit("reserve", change)


async def held(till: Till, *people: int) -> Sale:
    return await till.hold(*[await till.line(SHOW_PRODUCT, quantity=one) for one in people])


def rows(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"row": row, "seat": number} for row, number in pairs]


@pytest.mark.parametrize(
    ("people", "seats", "arrangement", "said"),
    [
        ((4,), rows(("12", "4"), ("12", "5"), ("14", "1"), ("14", "2")), "NON_ADJACENT",
         "Your 4 seats are not together: rows 12 and 14."),
        ((4,), (), "NON_ADJACENT", "Your 4 seats are not together."),
        ((4,), (), "UNKNOWN", "Korus does not say whether your 4 seats are together."),
        ((2, 2), rows(("12", "4"), ("12", "5"), ("14", "1"), ("14", "2")), "ADJACENT",
         "Your 4 seats are not together: rows 12 and 14."),
        ((2, 2), rows(("12", "4"), ("12", "5"), ("12", "6"), ("12", "7")), "ADJACENT",
         "Your 4 seats are together: row 12: seats 4, 5, 6, 7."),
        ((2, 2), rows(("12", "4"), ("12", "5"), ("12", "20"), ("12", "21")), "ADJACENT",
         "Your 4 seats are not together: row 12: seats 4, 5, 20, 21."),
        ((2,), ["Balcon", "Balcon"], "UNKNOWN", "Korus does not say whether your 2 seats are together: Balcon."),
    ],
)  # fmt: skip
async def test_a_family_learns_whether_it_sits_together(
    tmp_path: Path, people: tuple[int, ...], seats: Any, arrangement: str, said: str
) -> None:
    with World("release") as world:
        seat(world, *seats, arrangement=arrangement)
        async with Till(world, tmp_path, generation="release") as till:  # type: ignore[arg-type]
            sale = await held(till, *people)
            assert [party(one) for one in parties(sale)] == [said]
            await till.restart()
            assert [party(one) for one in parties(till.sale(sale.reference))] == [said]


@pytest.mark.parametrize(
    ("people", "seats", "arrangement"), [((1,), rows(("12", "4")), "UNKNOWN"), ((2,), ({}, {}), "ADJACENT")]
)
async def test_nothing_is_said_where_there_is_nothing_to_say(
    tmp_path: Path, people: tuple[int, ...], seats: Any, arrangement: str
) -> None:
    with World("release") as world:
        seat(world, *seats, arrangement=arrangement)
        async with Till(world, tmp_path, generation="release") as till:  # type: ignore[arg-type]
            assert parties(await held(till, *people)) == ()


async def test_the_slip_says_the_seats(tmp_path: Path) -> None:
    with World("release") as world:
        seat(world, *rows(("12", "4"), ("14", "1")), arrangement="NON_ADJACENT")
        async with Till(world, tmp_path, generation="release") as till:  # type: ignore[arg-type]
            sale = await held(till, 2)
            assert parties(sale)[0].together is Together.NO
            said = places(seats_of(sale, sale.lines[0]))
            assert said == "row 12: seat\N{NO-BREAK SPACE}4 · row 14: seat\N{NO-BREAK SPACE}1"
            for kind in (SlipKind.RECEIPT, SlipKind.NOT_CONFIRMED):
                text = " ".join((await till.services.slips.of(sale.reference, kind)).text.split())
                assert "rang 12 : place 4 · rang 14 : place 1" in text
                assert "Vos 2 places ne sont pas côte à côte : rangs 12 et 14." in text
