"""How to come to each state of the till's page: closed, open, cash in and out, X, Z, past closes, sign-in."""

from __future__ import annotations

from orders_kit import finished
from picture_after import line
from picture_kit import State, Studio, place
from picture_selling import catalog
from till import DAY_PRODUCT


@place
async def page(one: Studio) -> None:
    await catalog(one)
    await one.until(lambda: one.services.till._journal is not None)
    await one.press("ctrl+e")
    await one.until(lambda: one.at("till"))


async def amount(one: Studio, key: str, cents: str, reason: str = "") -> None:
    """A dialog of the page, typed in and not yet recorded."""
    await one.press(key)
    await one.until(lambda: one.at("AmountScreen"))
    await one.press(*cents)
    if reason:
        await one.press("enter", *reason)
    dialog = one.screen
    await one.until(lambda: dialog._guard.ready)


async def record(one: Studio) -> None:
    await one.press("f10")
    await one.until(lambda: one.at("till") or one.at("ConfirmScreen"))


@place
async def opening(one: Studio) -> None:
    await page(one)
    await amount(one, "o", "10000")


@place
async def begun(one: Studio) -> None:
    """The float is counted."""
    await opening(one)
    await record(one)


@place
async def opened(one: Studio) -> None:
    """Open, with cash put in, taken out, and one sale."""
    await begun(one)
    await finished(one.till, None, await line(one, DAY_PRODUCT, "Puy du Fou 1 jour Adulte"))
    for key, cents, reason in (("i", "2000", "coins"), ("minus", "550", "stamps")):
        await amount(one, key, cents, reason)
        await record(one)
    await one.until(lambda: "5.50" in one.text or "5,50" in one.text)


async def cash_in(one: Studio) -> None:
    await begun(one)
    await amount(one, "i", "2000", "coins")


async def no_reason(one: Studio) -> None:
    await begun(one)
    await amount(one, "minus", "550")
    await one.press("f10")
    await one.complains("#reason")


async def reading(one: Studio) -> None:
    await opened(one)
    await one.press("x")


@place
async def counting(one: Studio) -> None:
    await opened(one)
    await amount(one, "z", "11450")


@place
async def question(one: Studio) -> None:
    await counting(one)
    await record(one)
    await one.until(lambda: one.at("ConfirmScreen") and one.screen.armed)


@place
async def closed(one: Studio) -> None:
    await question(one)
    await one.press("y")
    await one.until(lambda: one.at("till") and not one.services.till.shift.is_open)


async def past(one: Studio) -> None:
    await closed(one)
    await one.press("escape", "f")
    await one.until(lambda: one.list("RowList").rows)


async def no_past(one: Studio) -> None:
    await page(one)
    await one.press("f")


async def sign_in(one: Studio) -> None:
    await page(one)
    await one.press("s")
    await one.until(lambda: one.at("SignInScreen"))


async def wrong_pin(one: Studio) -> None:
    await sign_in(one)
    one.screen.query_one("#name").entry.value = "Léa"
    one.screen.query_one("#pin").entry.focus()
    await one.press(*"246824", "enter", *"246924", "enter")
    await one.complains("#again")


TILL: dict[str, State] = {
    name: State(reach, opened=False, quiet=quiet)
    for name, reach, quiet in (
        ("till-closed", page, True),
        ("till-opening", opening, False),
        ("till-open", opened, True),
        ("till-cash-in", cash_in, False),
        ("till-no-reason", no_reason, False),
        ("till-x", reading, True),
        ("till-z-count", counting, False),
        ("till-z-question", question, False),
        ("till-z", closed, True),
        ("till-past", past, True),
        ("till-no-past", no_past, True),
        ("sign-in", sign_in, False),
        ("sign-in-wrong", wrong_pin, False),
    )
}
