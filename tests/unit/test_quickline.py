"""The one-line sale, read and written: its words, what they share, what they leave open, what they cannot be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product as combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from korus_tui.counter.catalog.events import Show
from korus_tui.counter.catalog.offer_models import Base, Catalog, CatalogContent, Offer, Product
from korus_tui.counter.quickline.parse import At, Index, Parse, Pay, TokenKind, Wanted, parse, picked
from korus_tui.counter.quickline.printer import line_of, wanted_of
from korus_tui.sale.money import Money
from korus_tui.sale.state import LineState, Sale
from korus_tui.sale.values import Line, Method, Mode, TicketChoice

TODAY = date(2026, 6, 3)  # a Wednesday
SATURDAY = date(2026, 6, 6)
PRICES = (("adult", "Adulte"), ("child", "Enfant"), ("reduced", "Réduit"), ("family", "Famille (2+2)"))
SEATS = (("or", "Or"), ("argent", "Argent"), ("bronze", "Bronze"))


def _products(base: str, name: str, *options: tuple[tuple[str, str], ...]) -> list[Product]:
    found = []
    for values in combinations(*options):
        key = "-".join((base, *(code for code, _label in values)))
        found.append(
            Product(key, f"/p/{key}", name.format(*(label for _code, label in values)), "", base, False, values)
        )
    return found


def _content(bases: dict[str, str], products: list[Product]) -> CatalogContent:
    catalog = Catalog("c", "Puy du Fou")
    known = tuple(Base(key, name) for key, name in bases.items())
    return CatalogContent(catalog, (catalog,), known, tuple(products), datetime(2026, 6, 3, tzinfo=UTC), "fr")


PARK = _content(
    {
        "day": "Puy du Fou 1 jour",
        "day-show": "Puy du Fou 1 jour + Cinéscénie",
        "stay": "Puy du Fou plusieurs jours",
        "show": "Cinéscénie",
        "parking": "Parking",
        "locker": "Consigne à bagages",
        "audio": "Audioguide",
        "winter": "Le Grand Noël",
    },
    [
        *_products("day", "Puy du Fou 1 jour {}", PRICES),
        *_products("day-show", "Puy du Fou 1 jour {} + Cinéscénie {}", PRICES, SEATS),
        *_products("stay", "Puy du Fou {} {}", (("2", "2 jours"), ("3", "3 jours")), PRICES),
        *_products("show", "Cinéscénie {} {}", PRICES[:3], SEATS),
        *_products("parking", "Parking {}", (("car", "voiture"), ("camper", "camping-car"))),
        *_products("locker", "Consigne {}", (("s", "S"), ("m", "M"), ("l", "L"))),
        *_products("audio", "Audioguide"),
        *(Product(f"{one.id}", one.iri, one.name, "", "winter", True) for one in _products("winter", "Le Grand Noël")),
    ],
)
FLAT = _content({}, [Product(one.id, one.iri, one.name) for one in PARK.products])
INDEX, FLAT_INDEX = Index(PARK), Index(FLAT)
FAVOURITES = {"F1": "day-adult", "F2": "day-show", "F3": "day-show-child-argent"}


def read(line: str, index: Index = INDEX, preferred: tuple[str, ...] = ()) -> Parse:
    return parse(line, index, TODAY, favourites=FAVOURITES, preferred=preferred)


def people(line: str, index: Index = INDEX, preferred: tuple[str, ...] = ()) -> list[tuple[int, str]]:
    """Who the line is about; it must be read without mistake or open question."""
    found = read(line, index, preferred)
    assert found.good, (found.mistakes, found.questions)
    return [(one.quantity, one.product.id) for one in found.wanted]


def test_words_between_the_words_of_a_name_say_nothing_c18() -> None:
    evening = _content(
        {"fire": "Les Noces de Feu", "lunch": "Déjeuner au Relais de Poste"},
        [
            *_products("fire", "Les Noces de Feu {}", PRICES[:2]),
            *_products("lunch", "Déjeuner au Relais de Poste {}", PRICES[:2]),
        ],
    )
    for line in ("2 adulte 21:30 noces de feu", "2 adultes pour les noces de feu à 21h30", "2a the noces at 21:30"):
        found = read(line, Index(evening))
        assert found.good, (line, found.mistakes)
        assert [(one.quantity, one.product.id, one.at) for one in found.wanted] == [(2, "fire-adult", At(21, 30))]
    kinds = [(one.text, one.kind) for one in read("2 noces à 21:30", Index(evening)).tokens]
    assert ("à", TokenKind.SMALL) in kinds
    assert people("2 de adulte", Index(evening)) == [(2, "lunch-adult")]
    assert people("2 en noces", Index(evening)) == [(2, "fire-child")]


FAMILY = [(2, "day-show-adult-argent"), (2, "day-show-child-argent")]


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ('2 adulte argent "1 jour"', FAMILY[:1]),
        ("2 jour argent a", None),
        ("2a2c F3", FAMILY),
        ("F3 2a2c", FAMILY),
        ("2a F2 arg + 2c", FAMILY),
        ("2a + 2c F2 arg", FAMILY),
        ("2A2E f2 ARG", FAMILY),
        ("2x adulte F2 arg, 2× enfant", FAMILY),
        ("3 F1", [(3, "day-adult")]),
        ("3F1", [(3, "day-adult")]),
        ("2a 2c F1", [(2, "day-adult"), (2, "day-child")]),
        ("2 consigne m", [(2, "locker-m")]),
        ("m consigne 2", [(2, "locker-m")]),
        ("1 parking voit", [(1, "parking-car")]),
        ("parking camping-car", [(1, "parking-camper")]),
        ("park voi + 2a2c F2 arg", [(1, "parking-car"), *FAMILY]),
        ("2a2c F2 arg; 1 audio", [*FAMILY, (1, "audio")]),
        ('1 "Puy du Fou 2 jours Adulte"', [(1, "stay-2-adult")]),
        ("1 2 jours enfant", [(1, "stay-2-child")]),
        ("4 @day-show-child-or", [(4, "day-show-child-or")]),
        ("2a @day-show-child-or", [(2, "day-show-adult-or")]),
        ("1 cinescenie adulte bronze F2", [(1, "day-show-adult-bronze")]),
    ],
)
def test_people_as_typed(line: str, meant: list[tuple[int, str]] | None) -> None:
    if meant is None:
        assert read(line).open_question is None
    else:
        assert people(line) == meant


def test_a_price_that_the_named_product_has_not_belongs_to_somebody_else() -> None:
    assert people("2a + 1 parking voiture", preferred=("day",)) == [(2, "day-adult"), (1, "parking-car")]


@pytest.mark.parametrize(
    ("line", "days", "times"),
    [
        ("2a2c F3", [None, None], [None, None]),
        ("2a2c F3 sam", [SATURDAY] * 2, [None] * 2),
        ("2a2c F3 demain 20h", [date(2026, 6, 4)] * 2, [At(20)] * 2),
        ("2a2c F3 +2 20:00", [date(2026, 6, 5)] * 2, [At(20, 0)] * 2),
        ("2a2c F3+2 22h30", [date(2026, 6, 5)] * 2, [At(22, 30)] * 2),
        ("2a2c20h F3", [None] * 2, [At(20)] * 2),
        ("sam 2a + 2c F3", [SATURDAY] * 2, [None] * 2),
        ("2a F3 sam + 2c 7/6", [SATURDAY, date(2026, 6, 7)], [None] * 2),
        ("2a F3 20h + 1c 17h sat", [SATURDAY] * 2, [At(20), At(17)]),
        ("2a F3 2026-07-01; 2c F3", [date(2026, 7, 1), None], [None] * 2),
        ("sam + 2a + 2c F3", [SATURDAY] * 2, [None] * 2),
        ("2a F3 + 2c + tomorrow", [date(2026, 6, 4)] * 2, [None] * 2),
    ],
)
def test_days_and_times_hold_for_neighbours_that_have_none(
    line: str, days: list[date | None], times: list[At | None]
) -> None:
    found = read(line)
    assert found.good, found.mistakes
    assert [one.day for one in found.wanted] == days
    assert [one.at for one in found.wanted] == times


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("!", Pay()),
        ("!$=", Pay(Method.CASH, exact=True)),
        ("!=", Pay(Method.CASH, exact=True)),
        ("!c", Pay(Method.CASH)),
        ("!€=", Pay(Method.CASH, exact=True)),
        ("!k", Pay(Method.CARD)),
        ("!K=", Pay(Method.CARD)),
        ("!v", Pay(Method.VOUCHER)),
    ],
)
def test_what_follows_the_exclamation_mark_is_the_payment(typed: str, meant: Pay) -> None:
    assert read(f"3 F1 {typed}").pay == meant
    assert read(f"3 F1{typed}").pay == meant
    assert people(f"3 F1{typed}") == [(3, "day-adult")]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("2 adulte argnet F2", "argnet"),
        ("2a2c F2 arg 25h", "25h"),
        ("2a F3 20h61", "20h61"),
        ("2a F3 31/2", "31/2"),
        ("2a F3 2/6/26", "2/6/26"),
        ("2a F3 sam dim", "dim"),
        ("2a F3 20h 21h", "21h"),
        ("0 F1", "0"),
        ("1000 F1", "1000"),
        ("99999999999999999999 F1", "99999999999999999999"),
        ("3 F9", "F9"),
        ("3 F1 !x", "!x"),
        ("3 F1 !kc", "!kc"),
        ("3 F1 !$ 20h", "20h"),
        ("3 F1 #", "#"),
        ("2 7 F1", "7"),
        ("2 adulte parking", "adulte"),
        ("2 parking argent", "argent"),
        ('2 "nothing like it"', '"nothing like it"'),
        ("2 @nobody", "@nobody"),
        ("2 noel", "noel"),
        ("3", "3"),
        ("sam; 2 F1", "sam"),
    ],
)
def test_a_mistake_names_the_word_and_where_it_stands(line: str, word: str) -> None:
    found = read(line)
    assert not found.good
    mistake = found.mistakes[0]
    assert (mistake.word, line[mistake.start : mistake.end]) == (word, word)
    assert word.strip('"') in mistake.sentence


def test_each_word_says_what_it_was_read_as() -> None:
    line = 'sam 2a2c F3 arg + 1 "Parking voiture" 20h!$='
    kinds = [(line[one.start : one.end], one.kind, one.item) for one in read(line).tokens]
    assert kinds == [
        ("sam", TokenKind.DAY, 0),
        ("2", TokenKind.NUMBER, 0),
        ("a", TokenKind.PRICE, 0),
        ("2", TokenKind.NUMBER, 1),
        ("c", TokenKind.PRICE, 1),
        ("F3", TokenKind.FAVOURITE, 1),
        ("arg", TokenKind.PRODUCT, 1),
        ("+", TokenKind.AND, None),
        ("1", TokenKind.NUMBER, 2),
        ('"Parking voiture"', TokenKind.PRODUCT, 2),
        ("20h", TokenKind.TIME, 2),
        ("!$=", TokenKind.PAY, None),
    ]


# What is left open


@pytest.mark.parametrize("index", [INDEX, FLAT_INDEX], ids=["bases", "flat"])
@pytest.mark.parametrize(
    "line",
    ["2a2c 20h!$=", "2a2c arg 20h", "2 adulte argent + 2 enfant argent sam 22:00", "argent 2a 2e dem", "2 parking"],
)
def test_every_pick_of_a_question_leads_to_a_line_that_means_it(line: str, index: Index) -> None:
    asked = read(line, index)
    question = asked.open_question
    assert question is not None
    for number, pick in enumerate(question.picks):
        again = read(picked(asked, question, number, index, TODAY, FAVOURITES), index)
        found = dict(enumerate(again.items))
        assert [one and one.id for one in (found[place].product for place in question.items)] == list(pick.products)
        assert [(one.quantity, one.day, one.at) for one in again.items] == [
            (one.quantity, one.day, one.at) for one in asked.items
        ]
        assert again.pay == asked.pay


def test_the_same_words_about_several_people_are_asked_once() -> None:
    found = read("2 adulte argent + 2 enfant argent")
    (question,) = found.questions
    assert question.items == (0, 1)
    assert question.word == "adulte argent enfant"
    assert [pick.label for pick in question.picks] == [
        "Puy du Fou 1 jour + Cinéscénie · Argent",
        "Cinéscénie · Argent",
    ]


@pytest.mark.parametrize("index", [INDEX, FLAT_INDEX], ids=["bases", "flat"])
def test_what_is_preferred_is_meant_and_the_others_are_offered_beside_it(index: Index) -> None:
    found = read("2a2c", index, ("day-show-adult-argent",))
    assert people("2a2c", index, ("day-show-adult-argent",)) == FAMILY
    (question,) = found.questions
    assert question.chosen == 0
    assert question.picks[0].products == ("day-show-adult-argent", "day-show-child-argent")
    assert question.more == 18 - len(question.picks) or question.more >= 0
    line = picked(found, question, 1, index, TODAY)
    assert people(line, index, ("day-show-adult-argent",)) != FAMILY


def test_a_number_alone_is_about_what_is_looked_at() -> None:
    assert people("2", preferred=("day-adult",)) == [(2, "day-adult")]
    assert people("2 sam", preferred=("day-adult",)) == [(2, "day-adult")]
    assert read("2").mistakes[0].word == "2"


def test_a_base_without_a_price_type_asks_for_it() -> None:
    found = read("2 F2 arg")
    question = found.open_question
    assert question is not None
    assert {pick.products[0] for pick in question.picks} == {
        f"day-show-{price}-argent" for price in ("adult", "child", "reduced", "family")
    }


def test_a_disabled_product_cannot_be_typed() -> None:
    assert "winter" not in {product.id for product in INDEX.products}


# Written


def test_a_sale_is_written_as_an_agent_would_type_it() -> None:
    family = [Wanted(2, INDEX.products[INDEX.number[key]], TODAY, At(20, 0)) for _count, key in FAMILY]
    assert line_of(family, INDEX, TODAY, Pay(Method.CASH, exact=True)) == "2a2c argent fou 3/6 20:00 !$="
    assert line_of([Wanted(1, INDEX.products[INDEX.number["audio"]])], INDEX, TODAY) == "1 audioguide"


def test_a_sale_at_the_counter_is_written_and_reads_back() -> None:
    start = datetime(2026, 6, 6, 20, 0, tzinfo=UTC)
    lines = tuple(
        LineState(
            Line(
                key,
                "/o/1",
                f"/v1/ticketing/catalogs/c/products/{key}",
                key,
                SATURDAY,
                count,
                Money.of("1", "EUR"),
                tickets,
            )
        )
        for count, key, tickets in (
            (2, "day-show-adult-argent", (TicketChoice("/t/1", "t", "/s/1", start),)),
            (1, "parking-car", ()),
        )
    )
    wanted = wanted_of(Sale("R", "c", Mode.LIVE, "fr", lines), INDEX)
    assert wanted is not None
    line = line_of(wanted, INDEX, TODAY)
    assert line is not None
    assert [(one.quantity, one.product.id, one.day, one.at) for one in read(line).wanted] == [
        (2, "day-show-adult-argent", SATURDAY, At(20, 0)),
        (1, "parking-car", SATURDAY, None),
    ]
    assert wanted_of(Sale("R", "c", Mode.LIVE, "fr", lines), Index(_content({}, []))) is None


def test_a_day_that_cannot_be_typed_is_not_written() -> None:
    assert line_of([Wanted(1, INDEX.products[0], TODAY - timedelta(days=1))], INDEX, TODAY) is None


_ATS = st.none() | st.builds(At, st.integers(0, 23), st.none() | st.integers(0, 59))
_DAYS = st.none() | st.dates(TODAY, TODAY + timedelta(days=399))
_PAYS = st.sampled_from(
    [None, Pay(), Pay(Method.CASH), Pay(Method.CASH, exact=True), Pay(Method.CARD), Pay(Method.VOUCHER)]
)
_INDEXES = st.sampled_from([INDEX, FLAT_INDEX])


@st.composite
def _sales(draw: st.DrawFn, indexes: st.SearchStrategy[Index] = _INDEXES) -> tuple[Index, list[Wanted]]:
    index = draw(indexes)
    assume(index.products)
    products = st.sampled_from(index.products)
    return index, draw(st.lists(st.builds(Wanted, st.integers(1, 999), products, _DAYS, _ATS), min_size=1, max_size=5))


@given(_sales(), _PAYS)
def test_every_line_that_is_written_reads_back_to_its_sale(sale: tuple[Index, list[Wanted]], pay: Pay | None) -> None:
    index, wanted = sale
    line = line_of(wanted, index, TODAY, pay)
    assert line is not None
    for preferred in ((), ("day-show-adult-argent", "day")):
        found = parse(line, index, TODAY, favourites=FAVOURITES, preferred=preferred)
        assert found.good
        assert found.wanted == tuple(wanted)
        assert found.pay == pay


_WORDS = st.sampled_from(
    [
        "Adulte",
        "enfant",
        "Argent",
        "1",
        "jour",
        "2+2",
        "F1",
        "sam",
        "20h",
        '"',
        "é",
        "l'été",
        "été.",
        "3D",
        "!",
        "@",
        ";",
        "x",
        "年票",
        "ｆｕｌｌ",
    ]
)
_NAMES = st.lists(_WORDS | st.text(max_size=6), max_size=5).map(" ".join)


@st.composite
def _catalogs(draw: st.DrawFn) -> Index:
    bases = {f"b{number}": draw(_NAMES) for number in range(draw(st.integers(0, 3)))}
    options = st.lists(st.tuples(_NAMES, _NAMES), max_size=2).map(tuple)
    products = [
        Product(
            f"p{number}",
            f"/p/{number}",
            draw(_NAMES),
            "",
            draw(st.sampled_from([None, *bases])),
            False,
            draw(options),
        )
        for number in range(draw(st.integers(1, 6)))
    ]
    return Index(_content(bases, products))


@given(_sales(_catalogs()), _PAYS)
def test_a_sale_of_any_catalog_is_written_and_reads_back(sale: tuple[Index, list[Wanted]], pay: Pay | None) -> None:
    index, wanted = sale
    line = line_of(wanted, index, TODAY, pay)
    assert line is not None
    found = parse(line, index, TODAY)
    assert (found.good, found.wanted, found.pay) == (True, tuple(wanted), pay)


_TYPED = st.lists(
    st.sampled_from([*"0123456789acevF+;!$=@\"'., :/hx×", "sam", "argent", "adulte", "20h", "7/6", "jour", " "])
    | st.characters(),
    max_size=40,
).map("".join)


@given(_TYPED | st.text(), st.sampled_from([(), ("day-show",), ("nobody",)]))
def test_no_text_makes_it_fail_and_every_word_is_accounted_for(text: str, preferred: tuple[str, ...]) -> None:
    for index in (INDEX, FLAT_INDEX):
        found = read(text, index, preferred)
        assert found.text == text
        for token in found.tokens:
            assert text[token.start : token.end] == token.text
            assert token.item is None or 0 <= token.item < len(found.items)
        for mistake in found.mistakes:
            assert text[mistake.start : mistake.end] == mistake.word or mistake.word.isdigit()
            assert mistake.sentence
        for question in found.questions:
            assert isinstance(picked(found, question, 0, index, TODAY), str)
        unread = set(range(len(text))) - {at for token in found.tokens for at in range(token.start, token.end)}
        assert all(text[at].isspace() for at in unread)


def test_a_line_beyond_all_measure_is_a_mistake_and_not_read_on() -> None:
    found = read("2 F1 " * 2_000)
    assert found.mistakes
    assert len(found.tokens) < 4_000


# Events, where the API has them


def offer(product_id: str) -> Offer:
    return Offer(f"/o/{product_id}", product_id, product_id, TODAY, Money.of("87.00", "EUR"), None, 5, False, False)


def with_shows() -> Index:
    """A show that no product is called by, and one that some are."""
    index = Index(PARK)
    index.learn_shows((Show("Bal des Oiseaux", ("/e/1", "/e/2")), Show("Cinéscénie", ("/e/3",))))
    return index


def test_a_show_that_no_product_is_called_by_is_asked_for() -> None:
    index = with_shows()
    found = read("20h oiseaux 2", index)
    (asked,) = found.asks
    assert (asked.shows, asked.day, asked.at) == (0b01, None, At(20))
    assert [one.kind for one in found.tokens] == [TokenKind.TIME, TokenKind.EVENT, TokenKind.NUMBER]
    index.learn_offers(asked, TODAY, (offer("day-adult"), offer("day-child")))
    again = read("20h oiseaux 2", index)
    assert again.asks == ()
    assert again.open_question is not None
    assert {pick.products for pick in again.open_question.picks} == {("day-adult",), ("day-child",)}
    assert people("20h oiseaux 2a", index) == [(2, "day-adult")]
    assert people("2a2c oiseaux 20h", index) == [(2, "day-adult"), (2, "day-child")]


def test_what_is_sold_for_a_show_narrows_a_word_that_products_have_too() -> None:
    index = with_shows()
    (asked,) = read("ce soir cinéscénie 2a", index).asks
    assert (asked.shows, asked.day, asked.at) == (0b10, TODAY, At(18, None, 24, "soir"))
    index.learn_offers(asked, TODAY, (offer("day-show-adult-or"), offer("stay-2-child")))
    assert people("ce soir cinéscénie 2a", index) == [(2, "day-show-adult-or")]


def test_a_show_for_which_nothing_is_sold_is_said_so_and_hides_no_product() -> None:
    index = with_shows()
    for line in ("20h oiseaux 2", "20h cinéscénie 2a"):
        (asked,) = read(line, index).asks
        index.learn_offers(asked, TODAY, ())
    (mistake,) = read("20h oiseaux 2", index).mistakes
    assert mistake.sentence == "“oiseaux” has no session then for which something can be bought."
    assert read("20h cinéscénie 2a", index).open_question is not None


def test_a_line_that_is_clear_asks_for_no_show() -> None:
    assert read("2a2c F2 argent 20h", with_shows()).asks == ()


@pytest.mark.parametrize(
    ("line", "hours"),
    [
        ("ce soir 2a F2 argent", (18, 24)),
        ("2a F2 argent tonight", (18, 24)),
        ("cet après-midi 2a F2 argent", (12, 18)),
        ("this morning 2a F2 argent", (0, 12)),
    ],
)
def test_a_part_of_today(line: str, hours: tuple[int, int]) -> None:
    (item,) = read(line).items
    assert item.day == TODAY
    assert item.at is not None
    assert (item.at.hour, item.at.until) == hours


def test_a_part_of_another_day() -> None:
    (item,) = read("2a F2 argent sam soir").items
    assert item.day == SATURDAY
    assert item.at is not None
    assert item.at.fits(datetime(2026, 6, 6, 21, 30, tzinfo=UTC))
    assert not item.at.fits(datetime(2026, 6, 6, 17, tzinfo=UTC))


def test_words_between_people_and_people_make_no_day_of_them() -> None:
    found = read("argent F2 2+2")
    assert found.open_question is not None
    line = picked(found, found.open_question, 0, INDEX, TODAY, FAVOURITES)
    assert [(item.quantity, item.day) for item in read(line).items] == [(2, None), (2, None)]
    assert "@" not in line


def test_people_and_people_are_no_day() -> None:
    assert [(item.quantity, item.day) for item in read("ce soir cinéscénie 2+2").items] == [(2, TODAY), (2, TODAY)]
    assert [(item.quantity, item.day) for item in read("2 F1 +2").items] == [(2, date(2026, 6, 5))]
