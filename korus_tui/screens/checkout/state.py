"""What stands in the middle of the checkout when there is nothing to type: booking, unknown, lapsed, to be decided."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from korus_tui import commands
from korus_tui.counter.services import Services
from korus_tui.i18n import _, ngettext
from korus_tui.sale.differences import undecided
from korus_tui.sale.holds import soonest
from korus_tui.sale.stage import Stage
from korus_tui.sale.state import Sale
from korus_tui.screens.checkout import text as say
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.differences import difference_words, product_names
from korus_tui.widgets.hanging import Hanging
from korus_tui.widgets.signs import signs
from korus_tui.widgets.text import clean, cut

_Part = str | tuple[str, str]
_KEY = "bold $text-accent"
_MOST_SAID = 150  # cells of what Korus or a look-up said: two lines where the terminal is narrow


def state_content(services: Services, sale: Sale, stage: Stage, chosen: str | None = None) -> Hanging:
    """The words of a stage; `chosen` is the line that keys are about. Foreign text is cleaned, never read as markup."""
    parts = {
        Stage.BOOKING: _booking,
        Stage.UNKNOWN: _unknown,
        Stage.HOLDING: _holding,
        Stage.LAPSED: _lapsed,
        Stage.DECIDE: _decide,
        Stage.BOOK: _book,
        Stage.GIVE_BACK: _give_back,
    }[stage](services, sale, chosen)
    return Hanging(Content.assemble(*parts))


def _keys(*pairs: tuple[str, str], gap: str = "\n\n") -> list[_Part]:
    found: list[_Part] = [gap]
    for number, (command, label) in enumerate(pairs):
        found += ["   " if number else "", (commands.keys(command), _KEY), f" {label}"]
    return found


def _kept(sale: Sale) -> str:
    if not sale.payments:
        return _("No money was taken.")
    return _("{paid} was taken and stays recorded on this sale.").format(paid=say.paid_words(sale))


def _booking(_services: Services, sale: Sale, _chosen: str | None) -> list[_Part]:
    return [
        (_("Booking…"), "bold"),
        "\n" + _kept(sale),
        "\n" + _("The answer usually comes within seconds. You need not wait for it."),
        *_keys(("checkout.next", _("next customer (the booking goes on)"))),
    ]


def _unknown(services: Services, sale: Sale, _chosen: str | None) -> list[_Part]:
    title = _("PAID – NOT CONFIRMED") if sale.payments else _("NOT CONFIRMED")
    paid = f"   {say.paid_words(sale)}" if sale.payments else ""
    what = _("We do not know yet whether the booking went through.")
    if sale.loose:
        names = ", ".join(one.reference or one.order for one in sale.loose)
        what = _("Korus has {orders}; which of our lines it is of is not known yet.").format(orders=_short(names))
    tell = _("Your payment is recorded; your tickets will be confirmed in a moment, reference {reference}.")
    return [
        (f" {title} ", "bold reverse $text-error"),
        (paid, "bold"),
        (f"   {sale.reference}", "bold"),
        "\n\n" + what,
        (" " + _("Do not charge again."), "bold"),
        " " + _places(services, sale),
        "\n\n" + "\n".join(_steps(services, sale)),
        "\n\n" + _("Tell the customer:") + " ",
        words.quoted(tell.format(reference=sale.reference)),
        *_keys(
            ("checkout.next", _("next customer (we keep asking)")),
            ("checkout.slip", _("slip")),
            ("checkout.ask_now", _("ask now")),
        ),
    ]


def _short(text: str) -> str:
    """Two lines of it: however much there is to say, what to do with the money stays on the board."""
    return cut(clean(text), _MOST_SAID)


def _places(services: Services, sale: Sale) -> str:
    hold = soonest(sale)
    if hold is None or hold.expires_at is None:
        return ""
    local = services.local(hold.expires_at, sale.lines[0].line.zone)
    return _("The places are held until {time}.").format(time=words.time(local))


def _steps(services: Services, sale: Sale) -> list[str]:
    """What was done and when, as far as this run of the program saw it."""
    progress, mark = services.checkout.progress.get(sale.reference), signs()
    zone = sale.lines[0].line.zone

    def at(moment: datetime | None) -> str:
        return f"{services.local(moment, zone):%H:%M:%S}  " if moment else ""

    steps = []
    if sale.payments:
        steps.append(f"{mark.ok} {at(progress.paid_at if progress else None)}" + _("payment recorded"))
    steps.append(f"{mark.ok} {at(progress.sent_at if progress else None)}" + _("booking sent"))
    attempt = sale.attempt
    met = attempt.reason if attempt and attempt.unknown else progress.met if progress else ""
    reason = _short(met or _("No answer came back."))
    steps.append(f"{mark.waiting} {at(progress.lost_at if progress else None)}{reason}")
    asking = services.recovery.asking.get(sale.reference)
    if asking is not None:
        steps.append(f"{mark.waiting} " + _asking(asking.times, asking.next_at - services.clock.boot()))
        if asking.met:
            steps.append(f"{mark.waiting} " + _short(asking.met))
    return steps


def _asking(times: int, wait: float) -> str:
    asked = ngettext("asked {count} time", "asked {count} times", times).format(count=times)
    if wait <= 0:
        return asked + ", " + _("asking now")
    return asked + ", " + _("asking again in {seconds} s").format(seconds=int(wait) + 1)


def _holding(_services: Services, sale: Sale, _chosen: str | None) -> list[_Part]:
    return [(_("Asking for the places again…"), "bold"), "\n" + _kept(sale)]


def _lapsed(_services: Services, sale: Sale, chosen: str | None) -> list[_Part]:
    said = _stuck_lines(sale, chosen)
    if not sale.taken:
        keys = _keys(
            ("checkout.hold_again", _("holds again at today's price")), ("checkout.back", _("back to the cart"))
        )
        return [*said, "\n\n" + _kept(sale) + " " + _do_not_take(), *keys]
    return [
        *said,
        "\n\n" + _kept(sale) + " " + _("It stays a credit until you settle it.") + " " + _do_not_take(),
        *_ways(sale, ("checkout.hold_again", _("holds again at today's price"))),
    ]


def _do_not_take() -> str:
    return _("Do not take money before the places are held again.")


def _stuck_lines(sale: Sale, chosen: str | None) -> list[_Part]:
    """Each line that cannot be had; a sign at the one that the keys are about, where there are several."""
    several = len(sale.stuck) > 1
    parts: list[_Part] = []
    for state, words_ in say.stuck_words(sale):
        here = several and state.line.id == chosen
        mark = (signs().bar if here else " ") + " " if several else ""
        parts += ["\n" if parts else "", (mark + clean(words_), "bold $text-error" + (" reverse" if here else ""))]
    return parts


def _ways(sale: Sale, *first: tuple[str, str]) -> list[_Part]:
    """What can be done about lines that cannot be had: the same again, another place, money back, later."""
    here, back = [*first], [("checkout.give_back", _("gives the money back"))]
    if sale.stuck:
        here += [("checkout.other_session", _("another session")), ("checkout.other_date", _("another date"))]
    if len(sale.stuck) < sum(not state.order for state in sale.lines):
        back = [
            ("checkout.give_back", _("gives back what cannot be had")),
            ("checkout.give_all_back", _("gives all back")),
        ]
    later = [("checkout.next", _("next customer (it stays in the red count)"))]
    if sale.orders:
        later.append(("checkout.documents", _("documents of what is ordered")))
    later.append(("checkout.slip", _("slip")))
    return [part for keys in (here, back, later) for part in _keys(*keys, gap="\n\n" if keys is here else "\n")]


def _decide(services: Services, sale: Sale, _chosen: str | None) -> list[_Part]:
    names = product_names(services)
    found = [clean(difference_words(sale, one, names)) for one in undecided(sale)]
    due = sale.due
    then, keys = _("No money moves before you decide."), []
    if sale.taken and due is not None and due.amount > 0:
        then = _("{amount} more is to be collected if you go on.").format(amount=words.money(due))
        if sale.asked:
            keys = [("checkout.bear", _("the house bears {amount}").format(amount=words.money(due)))]
    elif sale.taken and due is not None and due.amount < 0:
        then = _("{amount} is to be given back if you go on.").format(amount=words.money(-due))
    return [
        ("\n".join(found), "bold $text-warning"),
        "\n\n" + _kept(sale) + " " + then,
        *_keys(("checkout.accept", _("goes on at {amount}").format(amount=words.money(sale.to_collect))), *keys),
    ]


def _book(_services: Services, sale: Sale, chosen: str | None) -> list[_Part]:
    done = sum(state.order is not None for state in sale.lines)
    paid = (
        _("Everything is paid; the rest is to be booked.") if done else _("Everything is paid; nothing is booked yet.")
    )
    parts: list[_Part] = [(paid, "bold"), "\n" + _kept(sale)]
    if sale.stuck:
        title = _("{done} of {all} lines are ordered.") if done else _("The order was refused.")
        parts = [
            (title.format(done=done, all=len(sale.lines)) + "\n", "bold"),
            *_stuck_lines(sale, chosen),
            "\n" + _kept(sale),
            *_ways(sale, ("checkout.take", _("orders it again")), ("checkout.hold_again", _("holds it again"))),
        ]
    if sale.credit:
        parts.append(
            "\n" + _("After the booking, {amount} is to be given back.").format(amount=words.money(sale.credit))
        )
    return parts


def _give_back(_services: Services, sale: Sale, _chosen: str | None) -> list[_Part]:
    credit = words.money(sale.credit)
    title = (
        _("Booked. Give {amount} back: the places cost less than was paid.") if sale.lines else _("Give {amount} back.")
    )
    keys = [("checkout.give_back", _("gives {amount} back").format(amount=credit))]
    keys += (
        [("checkout.documents", _("documents"))]
        if sale.orders
        else [("checkout.next", _("next customer (it stays in the red count)"))]
    )
    return [
        (title.format(amount=credit), "bold $text-warning"),
        "\n" + _kept(sale) + " " + _("It stays a credit until it is recorded as given back."),
        *_keys(*keys, ("checkout.slip", _("slip"))),
    ]
