"""Each rule of the fold by itself: what is allowed, what is not, and what it leaves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from samples import CUSTOMER, OPENED, cash, euro, held, hold, line, order, ordering, paid, sale_of, then

from korus_tui.sale import events as e
from korus_tui.sale.apply import apply, fold
from korus_tui.sale.money import Money
from korus_tui.sale.rule import NotAllowed
from korus_tui.sale.state import EXPIRED, Ending, LineStatus, Sale
from korus_tui.sale.values import Doubt, Line, Method, Payment, Refusal

NO = Refusal("not-held", "complet")


def card(**fields: str) -> Payment:
    return Payment("k", Method.CARD, euro(10), **fields)


def _in_yen(one: Line) -> Line:
    return replace(one, quoted=Money.of("10", "JPY"))


def _lapsed() -> Sale:
    """Paid, and its one hold lapsed before the order."""
    return then(ordering("a"), e.OrderRefused("o", ("/reservations/a",), Refusal(EXPIRED)))


def _sold_out() -> Sale:
    """The same, held no more: 10.00 of credit and no line."""
    sale = then(_lapsed(), e.HoldRequested("2", ("a",)), e.HoldRefused("2", ("a",), NO))
    return then(sale, e.LineRemoved("a"))


def _half_back() -> Sale:
    return then(_sold_out(), e.MoneyGivenBack("b", euro(5), Method.CASH, "sold out"))


def _held_again(total: str) -> Sale:
    """Paid 10.00, lapsed, and held again at another total."""
    return then(_lapsed(), e.HoldRequested("2", ("a",)), e.HoldPlaced("2", hold("again", ["a"], total)))


FORBIDDEN: dict[str, tuple[Sale, e.Event]] = {
    "opened twice": (held("a"), OPENED),
    "a line twice": (held("a"), e.LineAdded(line("a"))),
    "a line for nobody": (held("a"), e.LineAdded(line("b", quantity=0))),
    "a line in another currency": (held("a"), e.LineAdded(_in_yen(line("b")))),
    "a line while payment runs": (then(held("a"), e.PaymentStarted()), e.LineAdded(line("b"))),
    "removing what is not there": (held("a"), e.LineRemoved("b")),
    "removing while payment runs": (then(held("a"), e.PaymentStarted()), e.LineRemoved("a")),
    "removing what is asked for": (then(held("a"), e.HoldRequested("2", ("a",))), e.LineRemoved("a")),
    "holding nothing": (held("a"), e.HoldRequested("2", ())),
    "holding an unknown line": (held("a"), e.HoldRequested("2", ("b",))),
    "two calls at once": (then(held("a"), e.HoldRequested("2", ("a",))), e.HoldRequested("3", ("a",))),
    "a hold nobody asked for": (held("a"), e.HoldPlaced("h", hold("z", ["a"]))),
    "a hold of another call": (then(held("a"), e.HoldRequested("2", ("a",))), e.HoldPlaced("h", hold("z", ["a"]))),
    "a hold of other lines": (then(held("a", "b"), e.HoldRequested("2", ("a",))), e.HoldPlaced("2", hold("z", ["b"]))),
    "a hold of no lines": (then(held("a"), e.HoldRequested("2", ("a",))), e.HoldPlaced("2", hold("z", []))),
    "a hold twice": (then(held("a"), e.HoldRequested("2", ("a",))), e.HoldPlaced("2", hold("a", ["a"]))),
    "a refusal of other lines": (then(held("a", "b"), e.HoldRequested("2", ("a",))), e.HoldRefused("2", ("b",), NO)),
    "paying for nothing": (sale_of(), e.PaymentStarted()),
    "paying for what is not held": (then(held("a"), e.LineAdded(line("b"))), e.PaymentStarted()),
    "paying for what has lapsed": (then(held("a"), e.HoldExpired("/reservations/a")), e.PaymentStarted()),
    "paying while an answer is awaited": (then(held("a"), e.HoldRequested("2", ("a",))), e.PaymentStarted()),
    "giving up what has not started": (held("a"), e.PaymentGivenUp()),
    "giving up with money taken": (paid("a"), e.PaymentGivenUp()),
    "money before payment started": (held("a"), e.PaymentTaken(cash("p", euro(10)))),
    "no money": (then(held("a"), e.PaymentStarted()), e.PaymentTaken(cash("p", euro(0)))),
    "money taken back as a payment": (then(held("a"), e.PaymentStarted()), e.PaymentTaken(cash("p", euro(-1)))),
    "more than is owed": (then(held("a"), e.PaymentStarted()), e.PaymentTaken(cash("p", euro("10.01")))),
    "another currency": (then(held("a"), e.PaymentStarted()), e.PaymentTaken(cash("p", Money.of("1", "JPY")))),
    "less given than taken": (then(held("a"), e.PaymentStarted()), e.PaymentTaken(cash("p", euro(10), euro(9)))),
    "change from a card": (
        then(held("a"), e.PaymentStarted()),
        e.PaymentTaken(Payment("p", Method.CARD, euro(10), tendered=euro(20))),
    ),
    "a payment twice": (
        then(held("a", "b"), e.PaymentStarted(), e.PaymentTaken(cash("p", euro(5)))),
        e.PaymentTaken(cash("p", euro(5))),
    ),
    "money while an answer is awaited": (
        then(held("a"), e.PaymentStarted(), e.HoldRequested("2", ("a",))),
        e.PaymentTaken(cash("p", euro(10))),
    ),
    "a card number as a brand": (
        then(held("a"), e.PaymentStarted()),
        e.PaymentTaken(card(brand="4111 1111 1111 1111")),
    ),
    "a card number as a voucher": (
        then(held("a"), e.PaymentStarted()),
        e.PaymentTaken(card(voucher="5500-0000-0000-0004")),
    ),
    "a card number as an authorisation": (
        then(held("a"), e.PaymentStarted()),
        e.PaymentTaken(card(authorisation="378282246310005")),
    ),
    "more than four digits": (then(held("a"), e.PaymentStarted()), e.PaymentTaken(card(last_four="41111"))),
    "undoing an unknown payment": (paid("a"), e.PaymentUndone("q")),
    "undoing while the order is on its way": (ordering("a"), e.PaymentUndone("p")),
    "an order before payment": (
        then(held("a"), e.CustomerEntered(CUSTOMER), e.PaymentStarted()),
        e.OrderRequested("o", ("/reservations/a",)),
    ),
    "an order for nobody": (
        then(held("a"), e.PaymentStarted(), e.PaymentTaken(cash("p", euro(10)))),
        e.OrderRequested("o", ("/reservations/a",)),
    ),
    "an order of nothing": (paid("a"), e.OrderRequested("o", ())),
    "an order of an unknown reservation": (paid("a"), e.OrderRequested("o", ("/reservations/z",))),
    "an order of a lapsed hold": (
        then(paid("a"), e.HoldExpired("/reservations/a")),
        e.OrderRequested("o", ("/reservations/a",)),
    ),
    "two orders at once": (ordering("a"), e.OrderRequested("2", ("/reservations/a",))),
    "an order of a reservation that was not asked for": (
        ordering("a"),
        e.OrderPlaced("o", order("1", "/reservations/z")),
    ),
    "an order known already": (
        then(ordering("a", "b"), e.OrderPlaced("o", order("1", "/reservations/a"))),
        e.OrderPlaced("o", order("1", "/reservations/b")),
    ),
    "an order twice": (
        then(ordering("a", "b"), e.OrderPlaced("o", order("1", "/reservations/a"))),
        e.OrderPlaced("o", order("2", "/reservations/a")),
    ),
    "a refusal of other reservations": (ordering("a"), e.OrderRefused("o", ("/reservations/z",), NO)),
    "doubt about no call": (held("a"), e.OutcomeUnknown("x", Doubt.HOLD, "lost")),
    "doubt of another kind": (ordering("a"), e.OutcomeUnknown("o", Doubt.HOLD, "lost")),
    "settling no call": (held("a"), e.OutcomeSettled("x", "found")),
    "voiding with money taken": (paid("a"), e.SaleVoided("no")),
    "voiding while the order is on its way": (ordering("a"), e.SaleVoided("no")),
    "voiding what is ordered": (
        then(ordering("a"), e.OrderPlaced("o", order("1", "/reservations/a"))),
        e.SaleVoided("no"),
    ),
    "finishing what is not ordered": (paid("a"), e.SaleFinished()),
    "finishing nothing": (sale_of(), e.SaleFinished()),
    "a line of a paid sale that can be had": (paid("a"), e.LineRemoved("a")),
    "another line in a paid sale that can be had": (paid("a"), e.LineAdded(line("b"))),
    "giving back what is not credit": (paid("a"), e.MoneyGivenBack("b", euro(1), Method.CASH, "why")),
    "giving back more than the credit": (_sold_out(), e.MoneyGivenBack("b", euro("10.01"), Method.CASH, "why")),
    "giving back nothing": (_sold_out(), e.MoneyGivenBack("b", euro(0), Method.CASH, "why")),
    "giving back without a reason": (_sold_out(), e.MoneyGivenBack("b", euro(10), Method.CASH, " ")),
    "giving back in another currency": (
        _sold_out(),
        e.MoneyGivenBack("b", Money.of("1", "JPY"), Method.CASH, "why"),
    ),
    "giving back twice": (_half_back(), e.MoneyGivenBack("b", euro(5), Method.CASH, "why")),
    "undoing a payment of which money went back": (_half_back(), e.PaymentUndone("p")),
    "voiding with some of the money here": (_half_back(), e.SaleVoided("no")),
    "bearing more than the difference": (_held_again("13"), e.DifferenceAbsorbed(euro("3.01"), "why")),
    "bearing without a reason": (_held_again("13"), e.DifferenceAbsorbed(euro(3), "")),
    "bearing what is not owed": (_held_again("10"), e.DifferenceAbsorbed(euro(1), "why")),
    "bearing a price that was never paid whole": (
        then(held("a"), e.PaymentStarted(), e.PaymentTaken(cash("p", euro(4)))),
        e.DifferenceAbsorbed(euro(6), "why"),
    ),
    "finishing with credit": (
        then(
            _held_again("8"),
            e.OrderRequested("o2", ("/reservations/again",)),
            e.OrderPlaced("o2", order("1", "/reservations/again", "8")),
        ),
        e.SaleFinished(),
    ),
    "anything after the end": (then(held("a"), e.SaleVoided("no")), e.LineAdded(line("b"))),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_not_allowed(what: str) -> None:
    sale, event = FORBIDDEN[what]
    before = repr(sale)
    with pytest.raises(NotAllowed):
        apply(sale, event)
    assert repr(sale) == before


def test_nothing_happens_before_a_sale_is_open() -> None:
    assert fold([]) is None
    with pytest.raises(NotAllowed):
        fold([e.LineAdded(line("a"))])


def test_a_renewal_makes_before_it_breaks() -> None:
    sale = then(held("a"), e.HoldRequested("2", ("a",)))
    assert [sale.status(one) for one in sale.lines] == [LineStatus.HOLDING]
    assert sale.lines[0].hold == "/reservations/a"
    refused = then(sale, e.HoldRefused("2", ("a",), NO))
    assert [refused.status(one) for one in refused.lines] == [LineStatus.HELD]
    renewed = then(sale, e.HoldPlaced("2", hold("b", ["a"])))
    assert [one.reservation for one in renewed.let_go] == ["/reservations/a"]
    assert len((*renewed.running_holds, *renewed.let_go)) == 2


def _shared() -> Sale:
    """Two lines in one reservation of 20.00."""
    sale = sale_of(e.LineAdded(line("a")), e.LineAdded(line("b")), e.HoldRequested("h", ("a", "b")))
    return then(sale, e.HoldPlaced("h", hold("ab", ["a", "b"], "20")))


def test_a_shared_reservation_is_never_used_in_part() -> None:
    """Holding one line of it anew, or removing one, lets it go whole: its total is owed once, or not at all."""
    one_renewed = then(_shared(), e.HoldRequested("2", ("a",)), e.HoldPlaced("2", hold("a", ["a"])))
    one_removed = then(_shared(), e.LineRemoved("a"))
    assert one_renewed.to_collect == euro(10)
    assert one_removed.to_collect == euro(0)
    for sale in (one_renewed, one_removed):
        rest = sale.line("b")
        assert rest is not None
        assert sale.status(rest) is LineStatus.CHOSEN
        assert [one.reservation for one in sale.let_go] == ["/reservations/ab"]
        with pytest.raises(NotAllowed):
            apply(sale, e.PaymentStarted())


def test_partial_success_keeps_what_is_held_and_locks_payment() -> None:
    sale = sale_of(e.LineAdded(line("a")), e.LineAdded(line("b")), e.HoldRequested("h", ("a", "b")))
    sale = then(sale, e.HoldPlaced("h", hold("a", ["a"])), e.HoldRefused("h", ("b",), NO))
    assert [sale.status(one) for one in sale.lines] == [LineStatus.HELD, LineStatus.REFUSED]
    assert sale.attempt is None
    with pytest.raises(NotAllowed):
        apply(sale, e.PaymentStarted())
    assert then(sale, e.LineRemoved("b"), e.PaymentStarted()).paying


def test_an_expired_order_refusal_lapses_its_line_alone_and_keeps_the_money() -> None:
    sale = then(
        ordering("a", "b"),
        e.OrderRefused("o", ("/reservations/a",), Refusal(EXPIRED, "expiré")),
        e.OrderRefused("o", ("/reservations/b",), Refusal("not-ordered")),
    )
    assert [sale.status(one) for one in sale.lines] == [LineStatus.LAPSED, LineStatus.HELD]
    assert [one.line.id for one in sale.stuck] == ["a"]
    assert sale.taken == sale.to_collect == euro(20)
    assert sale.paid_not_confirmed


@pytest.mark.parametrize(("total", "due"), [("8", "-2"), ("10", "0"), ("13", "3")])
def test_holding_again_after_payment_moves_what_is_due(total: str, due: str) -> None:
    """Same or lower is ordered, the rest given back; dearer is collected first."""
    sale = then(ordering("a"), e.OrderRefused("o", ("/reservations/a",), Refusal(EXPIRED)))
    sale = then(sale, e.HoldRequested("2", ("a",)), e.HoldPlaced("2", hold("again", ["a"], total)))
    assert sale.due == euro(due)
    request = e.OrderRequested("o2", ("/reservations/again",))
    if sale.due.amount > 0:
        with pytest.raises(NotAllowed):
            apply(sale, request)
        sale = then(sale, e.PaymentTaken(cash("q", sale.due)))
    ordered = then(sale, request, e.OrderPlaced("o2", order("1", "/reservations/again", total)))
    assert ordered.all_ordered
    assert not ordered.paid_not_confirmed


def test_what_was_paid_stays_a_credit_until_it_is_given_back() -> None:
    sale = _sold_out()
    assert sale.credit == euro(10)
    assert sale.paid_not_confirmed
    half = _half_back()
    assert (half.credit, half.taken) == (euro(5), euro(5))
    assert half.paid_not_confirmed
    settled = then(half, e.MoneyGivenBack("c", euro(5), Method.CARD, "sold out"))
    assert (settled.credit, settled.taken) == (None, euro(0))
    assert not settled.paid_not_confirmed
    assert then(settled, e.SaleVoided("sold out")).ending is Ending.VOIDED


def test_what_cannot_be_had_is_replaced_and_the_credit_pays_for_it() -> None:
    other = then(_lapsed(), e.LineRemoved("a"), e.LineAdded(line("b", price="12")), e.HoldRequested("2", ("b",)))
    held_other = then(other, e.HoldPlaced("2", hold("b", ["b"], "12")))
    assert held_other.due == euro(2)
    assert not held_other.may_change
    paid_other = then(held_other, e.PaymentTaken(cash("q", euro(2))))
    ordered = then(
        paid_other,
        e.OrderRequested("o2", ("/reservations/b",)),
        e.OrderPlaced("o2", order("1", "/reservations/b", "12")),
    )
    assert then(ordered, e.SaleFinished()).ending is Ending.FINISHED


def test_an_order_that_failed_in_part_may_be_given_back_in_part() -> None:
    half = then(
        ordering("a", "b"),
        e.OrderPlaced("o", order("1", "/reservations/a")),
        e.OrderRefused("o", ("/reservations/b",), Refusal("refused")),
    )
    assert [one.line.id for one in half.stuck] == ["b"]
    back = then(half, e.LineRemoved("b"), e.MoneyGivenBack("x", euro(10), Method.CASH, "not to be had"))
    assert back.all_ordered
    assert back.taken == back.to_collect == euro(10)
    assert then(back, e.SaleFinished()).ending is Ending.FINISHED


def test_what_the_house_bears_is_never_owed_and_never_given_back() -> None:
    borne = then(_held_again("13"), e.DifferenceAbsorbed(euro(3), "the line was down"))
    assert (borne.due, borne.house_bears, borne.taken) == (euro(0), euro(3), euro(10))
    gone = then(borne, e.HoldExpired("/reservations/again"), e.LineRemoved("a"))
    assert (gone.credit, gone.house_bears) == (euro(10), euro(0))
    cheaper = then(borne, e.HoldRequested("3", ("a",)), e.HoldPlaced("3", hold("third", ["a"], "11")))
    assert (cheaper.due, cheaper.house_bears) == (euro(0), euro(1))
    undone = then(borne, e.PaymentUndone("p"))
    assert undone.due == euro(13)


def test_a_part_that_was_paid_counts_once_its_hold_has_lapsed() -> None:
    part = then(held("a"), e.PaymentStarted(), e.PaymentTaken(cash("p", euro(4))))
    assert not part.paid_not_confirmed
    assert then(part, e.HoldExpired("/reservations/a")).paid_not_confirmed


def test_a_refused_renewal_before_payment_is_not_paid_and_unconfirmed() -> None:
    sale = then(held("a"), e.HoldRequested("2", ("a",)), e.HoldRefused("2", ("a",), NO))
    part = then(sale, e.PaymentStarted(), e.PaymentTaken(cash("p", euro(4))))
    assert not part.paid_not_confirmed
    assert not part.may_change


def test_an_order_that_is_found_after_its_hold_lapsed_counts() -> None:
    sale = then(ordering("a"), e.OutcomeUnknown("o", Doubt.ORDER, "lost"), e.HoldExpired("/reservations/a"))
    assert sale.paid_not_confirmed
    found = then(sale, e.OrderPlaced("o", order("1", "/reservations/a")))
    assert [found.status(one) for one in found.lines] == [LineStatus.ORDERED]
    assert not found.lines[0].lapsed
    assert found.attempt is None


def test_the_end_clears_the_customer_and_lets_documents_go_out() -> None:
    done = then(
        ordering("a"), e.NotesEntered("wheelchair"), e.OrderPlaced("o", order("1", "/reservations/a")), e.SaleFinished()
    )
    assert done.ending is Ending.FINISHED
    assert (done.customer, done.notes) == (None, "")
    handed = then(done, e.DocumentHandedOver("/documents/1", "qr", 1))
    assert len(handed.handed) == 1


def test_parking_is_said_and_taken_back() -> None:
    parked = then(held("a"), e.SaleParked())
    assert parked.parked
    assert parked.running_holds
    assert not then(parked, e.SaleRecalled()).parked
