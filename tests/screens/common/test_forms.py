"""Forms: nothing that was typed is lost, countries are chosen by name, and keys of other subjects wait."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from checkout_counter import counter
from families import some
from sandbox_process import SandboxProcess
from till import BEFORE_SEASON

from korus_tui import i18n
from korus_tui.counter.booking.customer import check_country
from korus_tui.counter.orders.holder_fields import as_sent, birthday, fault
from korus_tui.screens.cart.screen import CartScreen
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.checkout.screen import CheckoutScreen
from korus_tui.text.countries import countries, country_code, country_name

SANDBOX = {"now": BEFORE_SEASON}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Germany", "DE"), ("germany ", "DE"), ("Allemagne", "DE"), ("de", "DE"), ("Germ", "DE"), ("Ge", "GE"),
        ("Georgia", "GE"), ("états-unis", "US"), ("Etats Unis", "US"), ("USA", "US"), ("UK", "GB"), ("Suisse", "CH"),
        ("Côte d’Ivoire", "CI"), ("Niger", "NE"), ("Guinea", "GN"),
    ],
)  # fmt: skip
def test_a_country_is_chosen_by_name_in_both_languages_c16(typed: str, code: str) -> None:
    assert country_code(typed) == code
    assert check_country(typed) is None


def test_what_is_no_country_or_several_is_said_c16() -> None:
    assert countries("Atlantis") == []
    assert "Atlantis" in (check_country("Atlantis") or "")
    assert len(countries("Guin")) > 1
    assert "Guinea" in (check_country("Guin") or "")
    with i18n.speaking("fr"):
        assert country_name("DE") == "Allemagne"
        assert "Guinée" in (check_country("Guin") or "")


@pytest.mark.parametrize(
    ("typed", "born"),
    [
        ("12/3/88", date(1988, 3, 12)),
        ("12/3/12", date(2012, 3, 12)),
        ("12.3.1988", date(1988, 3, 12)),
        ("1/1/27", None),
    ],
)
def test_a_birthday_with_two_digits_of_its_year_c16(typed: str, born: date | None) -> None:
    today = date(2026, 7, 1)
    assert birthday(typed, today) == (born or date(1927, 1, 1))
    assert fault("dateOfBirth", typed, today) is None
    assert as_sent({"dateOfBirth": typed, "nationality": "Germany"}, today)["nationality"] == "DE"


@pytest.mark.parametrize("key", some(2, ["ctrl+o", "ctrl+k", "ctrl+f", "ctrl+e"]))
async def test_the_field_with_the_cursor_is_kept_whatever_page_comes_c16(
    sandbox: SandboxProcess, tmp_path: Path, key: str
) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await desk.press("e", *"Anna", "enter", *"Bell", key)
        await desk.until(lambda: not isinstance(desk.app.screen, CheckoutScreen))
        await desk.until(lambda: desk.sale.customer and desk.sale.customer.last_name == "Bell")
        assert desk.sale.customer is not None
        assert desk.sale.customer.first_name == "Anna"


async def test_the_customers_language_is_left_alone_while_a_form_is_filled_in_c16(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async with counter(sandbox, tmp_path) as desk:
        before = desk.till.services.language
        await desk.press("e", *"Anna", "ctrl+u")
        await desk.until(lambda: "A form is being filled in." in desk.problem)
        assert desk.till.services.language == before
        assert desk.screen.customer.form.field("first_name").value == "Anna"
        await desk.press("escape", "ctrl+u")
        await desk.until(lambda: desk.till.services.language != before)


async def test_a_walk_in_stays_until_the_other_is_complete_c16(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, size=(80, 24)) as desk:
        await desk.press("w")
        await desk.until(lambda: desk.sale.customer and desk.sale.customer.walk_in)
        await desk.press("e", *"Anna", "escape")
        await desk.until(lambda: not desk.screen.customer.form.display)
        assert desk.sale.customer is not None
        assert desk.sale.customer.walk_in
        await desk.until(lambda: "Anna is not complete" in " ".join(desk.text.split()))
        await desk.press("e")
        assert desk.screen.customer.form.field("first_name").value == "Anna"
        await desk.press("enter", *"Bell", "enter", *"anna@example.org", "enter", "enter", *"Germany", "enter")
        await desk.until(lambda: desk.sale.customer and desk.sale.customer.country == "DE")
        assert desk.screen.customer.form.field("country").value == "Germany"
        await desk.press("escape")
        await desk.until(lambda: "Anna Bell" in desk.text)
        assert not desk.sale.customer.walk_in


async def test_a_country_is_named_where_two_letters_were_typed_c16(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await desk.press("e", *"Anna", "enter", "enter", "enter", "enter", *"Ge", "enter")
        assert await desk.until(lambda: desk.screen.customer.form.field("country").value == "Georgia")


async def test_the_form_is_there_again_after_the_cart_c16(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path) as desk:
        await desk.press("e", *"Anna", "enter", *"Bell", "ctrl+o")
        await desk.on(CartScreen)
        await desk.press("escape")
        await desk.on(CheckoutScreen)
        assert desk.screen.customer.form.field("last_name").value == "Bell"
        await desk.press("escape", "escape", "escape")
        await desk.until(lambda: isinstance(desk.app.screen, CartScreen | CatalogScreen))
        await desk.until(lambda: desk.sale.customer and desk.sale.customer.last_name == "Bell")


async def test_the_foot_offers_the_key_that_works_in_a_field_c22(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with counter(sandbox, tmp_path, size=(80, 24)) as desk:
        assert "? all keys" in desk.text
        await desk.press("e")
        await desk.until(lambda: "F1 all keys" in desk.text)
        assert "? all keys" not in desk.text
        assert "w walk-in" not in desk.text  # a letter that the field would take
        await desk.press("down", "down", "up", *"Bell", "up")
        assert desk.screen.customer.form.field("last_name").value == "Bell"
        await desk.press("question_mark")
        assert desk.screen.customer.form.field("first_name").value == "?"
        await desk.press("f1")
        await desk.until(lambda: not isinstance(desk.app.screen, CheckoutScreen))
        await desk.press("escape", "escape")
        await desk.until(lambda: "? all keys" in desk.text)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_what_is_required_has_a_sign_and_the_form_uses_the_room(
    sandbox: SandboxProcess, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with counter(sandbox, tmp_path, size=size) as desk:
        await desk.press("e")
        await desk.until(lambda: "* required" in desk.text)
        for label in ("First name *", "Last name *", "E-mail *", "Phone", "Offers by e-mail", "Notes"):
            assert label in desk.text
        assert "Phone *" not in desk.text
        form = desk.screen.customer.form
        assert form.max_scroll_y == 0, "something is cut"
        beside = form.field("first_name").region.y == form.field("last_name").region.y
        assert beside == (size[0] >= 120)
