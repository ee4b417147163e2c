"""Slips: what stands on paper, in 42 columns whatever names hold, and the same again on a reprint (F72, F75)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from shutil import which
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from korus_tui import i18n
from korus_tui.counter.core.problems import CounterError
from korus_tui.counter.paper.layout import WIDTH, cells
from korus_tui.counter.paper.pdf import render
from korus_tui.counter.paper.slips import SlipKind, Venue, kind_of, slip, written_at
from korus_tui.sale import events as e
from korus_tui.sale.apply import fold
from korus_tui.sale.money import Money
from korus_tui.sale.values import Customer, Hold, Line, Method, Mode, Payment, PlacedOrder, Refusal, TicketChoice

NOON = datetime(2025, 6, 7, 10, 0, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
VENUE = Venue("Puy du Fou · CSE", PARIS)
CUSTOMER = Customer("Zébulon", "Wintermann", "zebulon@example.org")


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


def rows_of(*events: e.Event, agent: str = "Léa") -> list[e.Recorded]:
    return [
        e.Recorded(seq, "KTWS-YP6C-ML3C", NOON + timedelta(minutes=seq), agent, "till 3", event)
        for seq, event in enumerate(events)
    ]


def paid(name: str = "1 jour Adulte", *payments: Payment, mode: Mode = Mode.LIVE) -> list[e.Event]:
    tickets = (TicketChoice("t", "Cinéscénie", "s", datetime(2025, 6, 7, 22, 0, tzinfo=PARIS)),)
    line = Line("l", "offer", "product", name, date(2025, 6, 7), 2, eur("43.50"), tickets)
    return [
        e.SaleOpened("KTWS-YP6C-ML3C", "catalog", mode, "fr"),
        e.LineAdded(line),
        e.HoldRequested("a", ("l",)),
        e.HoldPlaced("a", Hold("r", ("l",), eur("87"), None, None, NOON + timedelta(hours=1))),
        e.CustomerEntered(CUSTOMER),
        e.PaymentStarted(),
        *(e.PaymentTaken(one) for one in payments or (Payment("p", Method.CASH, eur("87"), tendered=eur("100")),)),
        e.OrderRequested("o", ("r",)),
    ]


def ordered(name: str = "1 jour Adulte", *payments: Payment, mode: Mode = Mode.LIVE) -> list[e.Event]:
    order = PlacedOrder("/orders/1", "KT-ORD-6799E80128885", "r", eur("87"), eur("79.09"))
    return [*paid(name, *payments, mode=mode), e.OrderPlaced("o", order)]


def refunded() -> list[e.Event]:
    return [
        *paid(),
        e.OrderRefused("o", ("r",), Refusal("expired")),
        e.LineRemoved("l"),
        e.MoneyGivenBack("b", eur("87"), Method.CARD, "sold out"),
        e.SaleVoided("sold out"),
    ]


def text(kind: SlipKind, events: Sequence[e.Event]) -> str:
    return slip(kind, rows_of(*events), VENUE)


def test_a_receipt_says_what_was_sold_and_how_it_was_paid() -> None:
    lines = text(SlipKind.RECEIPT, ordered()).splitlines()
    said = [" ".join(line.split()) for line in lines]
    for words in (
        "RECEIPT",
        "Puy du Fou · CSE",
        "Sale KTWS-YP6C-ML3C",
        "Date 7 juin 2025 12:08",
        "till 3 · Léa",
        "2 × 1 jour Adulte 87.00",
        "7 juin 2025 22:00",
        "Total EUR 87.00",
        "of which tax 7.91",
        "paid, cash 87.00",
        "given 100.00",
        "change 13.00",
        "KT-ORD-6799E80128885",
    ):
        assert words in said, words
    assert not any(CUSTOMER.last_name in line or CUSTOMER.email in line for line in lines)


@pytest.mark.parametrize(
    ("language", "day"),
    [("fr", "7 juin 2025"), ("en", "7 Jun 2025"), ("de", "07.06.2025"), ("nl-BE", "7 jun 2025"), ("??", "2025-06-07")],
)
def test_dates_are_as_the_customers_language_writes_them(language: str, day: str) -> None:
    opened, *rest = ordered()
    assert isinstance(opened, e.SaleOpened)
    events = [replace(opened, language=language), *rest]
    for agents in ("en", "fr"):  # whatever the agent's is
        with i18n.speaking(agents):
            said = [" ".join(line.split()) for line in text(SlipKind.RECEIPT, events).splitlines()]
        assert f"Date {day} 12:08" in said
        assert f"{day} 22:00" in said


@pytest.mark.parametrize("kind", SlipKind)
def test_a_printer_gets_plain_spaces_only(kind: SlipKind) -> None:
    events = refunded() if kind is SlipKind.REFUND else ordered("1\u00a0jour\u202fAdulte\u3000日")
    with i18n.speaking("fr"):
        said = slip(kind, rows_of(*events), Venue("Puy\u00a0du\u202fFou", PARIS))
    assert {sign for sign in said if unicodedata.category(sign) == "Zs"} == {" "}
    assert "Puy du Fou" in said


def test_a_card_is_on_paper_by_its_last_digits_only() -> None:
    card = Payment("k", Method.CARD, eur("87"), brand="Visa", authorisation="A12345", last_four="4242")
    receipt = text(SlipKind.RECEIPT, ordered("a ticket", card))
    assert "Visa **4242 A12345" in receipt


def test_tax_is_left_out_where_the_api_did_not_say_it() -> None:
    order = PlacedOrder("/orders/1", "KT-ORD-1", "r", eur("87"), None)
    assert "tax" not in text(SlipKind.RECEIPT, [*paid(), e.OrderPlaced("o", order)])


def test_paid_and_not_confirmed_tells_the_customer_what_to_ask_for() -> None:
    said = text(SlipKind.NOT_CONFIRMED, paid())
    assert "PAID – NOT CONFIRMED" in said
    assert "Ask for reference KTWS-YP6C-ML3C." in said
    assert "87.00" in said


def test_a_refund_names_what_was_not_sold_and_why() -> None:
    said = text(SlipKind.REFUND, refunded())
    for words in ("REFUND", "1 jour Adulte", "Given back EUR", "given back, card", "Reason: sold out"):
        assert words in said
    assert kind_of(fold(refunded())) is SlipKind.REFUND  # type: ignore[arg-type]


def test_the_same_records_give_the_same_slip_and_later_ones_without_money_change_nothing() -> None:
    first = text(SlipKind.RECEIPT, ordered())
    later = [*ordered(), e.DocumentHandedOver("/d/1", "printed", 2), e.SaleFinished(), e.TicketNamed("t")]
    assert text(SlipKind.RECEIPT, later) == first == text(SlipKind.RECEIPT, ordered())


@pytest.mark.parametrize(("mode", "word"), [(Mode.DEMO, "DEMO"), (Mode.TRAINING, "TRAINING")])
def test_practice_is_marked(mode: Mode, word: str) -> None:
    assert f"*** {word} ***" in text(SlipKind.RECEIPT, ordered(mode=mode))
    assert "***" not in text(SlipKind.RECEIPT, ordered())


_HOSTILE = st.text(st.sampled_from("ab c") | st.characters(codec="utf-8"), max_size=120) | st.sampled_from(
    ["\x1b[31mred", "[b]x[/]", "‮evil", "日本語" * 30, "W" * 300, "é" * 60, "\n\n0.00"]
)


@given(_HOSTILE, _HOSTILE, st.sampled_from(SlipKind))
def test_whatever_names_hold_the_columns_stay(name: str, venue: str, kind: SlipKind) -> None:
    events = refunded() if kind is SlipKind.REFUND else ordered(name)
    said = slip(kind, rows_of(*events, agent=name), Venue(venue, PARIS))
    for line in said.splitlines():
        assert cells(line) <= WIDTH
        assert {unicodedata.category(sign) for sign in line}.isdisjoint({"Cc", "Cf", "Cs"})
    amounts = [line for line in said.splitlines() if line.endswith("87.00")]
    assert all(cells(line) == WIDTH for line in amounts)
    assert amounts


@pytest.mark.parametrize("width", [32, 42, 80])
@given(st.text(max_size=400))
def test_f72_every_width_of_paper_holds_and_amounts_stand_at_its_edge(width: int, name: str) -> None:
    lines = slip(SlipKind.RECEIPT, rows_of(*ordered(name)), VENUE, width).splitlines()
    assert all(cells(line) <= width for line in lines)
    total = next(line for line in lines if line.startswith("Total EUR"))
    assert cells(total) == width
    assert total.endswith("87.00")


@pytest.mark.parametrize("width", [32, 42, 80])
def test_a_pdf_has_the_slips_lines_and_is_the_same_on_a_reprint(width: int) -> None:
    pytest.importorskip("fpdf")
    rows = rows_of(*ordered("Cinéscénie – 日本 Łódź [b]"))
    made = slip(SlipKind.RECEIPT, rows, VENUE, width)
    pdf = render(made, written_at(rows), width)
    assert pdf.startswith(b"%PDF-")
    assert pdf == render(made, written_at(rows), width)
    if which("pdftotext") is None:
        assert "KORUS_TESTS_NEED_ALL" not in os.environ, "pdftotext is missing"
        pytest.skip("pdftotext is not installed: what the PDF says is not read back")
    said = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    words = " ".join(said.split())
    for part in ("RECEIPT", "KTWS-YP6C-ML3C", "Cinéscénie -", "????", "?ódz [b]", "87.00", "KT-ORD-6799E80128885"):
        assert part in words


def test_without_the_library_a_pdf_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fpdf", None)
    with pytest.raises(CounterError) as refused:
        render("x", NOON, 42)
    assert "korus-tui[demo]" in refused.value.problem.meaning


def test_a_receipt_writes_amounts_as_its_language_does_c24() -> None:
    with i18n.speaking("fr"):
        said = slip(SlipKind.RECEIPT, rows_of(*ordered("Adulte")), VENUE)
    assert not re.search(r"\d\.\d\d$", said, re.MULTILINE)
    assert re.search(r"\d,\d\d$", said, re.MULTILINE)
