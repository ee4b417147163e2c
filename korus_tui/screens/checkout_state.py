"""What stands in the middle of the checkout when there is nothing to type: booking, unknown, lapsed, to be decided."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from korus_tui.counter.services import Services
from korus_tui.i18n import _, ngettext
from korus_tui.sale.differences import undecided
from korus_tui.sale.holds import soonest
from korus_tui.sale.state import Sale
from korus_tui.screens import checkout_words as say
from korus_tui.screens import words
from korus_tui.screens.checkout_stage import Stage
from korus_tui.widgets.signs import signs
from korus_tui.widgets.text import clean

_Part = str | tuple[str, str]
_KEY = "bold $text-accent"


def state_content(services: Services, sale: Sale, stage: Stage) -> Content:
    """The words of a stage; text from outside is cleaned and never read as markup."""
    parts = {
        Stage.BOOKING: _booking,
        Stage.UNKNOWN: _unknown,
        Stage.HOLDING: _holding,
        Stage.LAPSED: _lapsed,
        Stage.DECIDE: _decide,
        Stage.BOOK: _book,
    }[stage](services, sale)
    return Content.assemble(*parts)


def _keys(*pairs: tuple[str, str]) -> list[_Part]:
    found: list[_Part] = ["\n\n"]
    for number, (key, label) in enumerate(pairs):
        found += ["   " if number else "", (key, _KEY), f" {label}"]
    return found


def _kept(sale: Sale) -> str:
    if not sale.payments:
        return _("No money was taken.")
    return _("{paid} was taken and stays recorded on this sale.").format(paid=say.paid_words(sale))


def _booking(_services: Services, sale: Sale) -> list[_Part]:
    return [
        (_("Booking…"), "bold"),
        "\n" + _kept(sale),
        "\n" + _("The answer usually comes within seconds. You need not wait for it."),
        *_keys(("n", _("next customer (the booking goes on)"))),
    ]


def _unknown(services: Services, sale: Sale) -> list[_Part]:
    title = _("PAID – NOT CONFIRMED") if sale.payments else _("NOT CONFIRMED")
    paid = f"   {say.paid_words(sale)}" if sale.payments else ""
    tell = _("Your payment is recorded; your tickets will be confirmed in a moment, reference {reference}.")
    return [
        (f" {title} ", "bold reverse $text-error"),
        (paid, "bold"),
        (f"   {sale.reference}", "bold"),
        "\n\n" + _("We do not know yet whether the booking went through."),
        (" " + _("Do not charge again."), "bold"),
        " " + _places(services, sale),
        "\n\n" + "\n".join(_steps(services, sale)),
        "\n\n" + _("Tell the customer:") + " ",
        "“" + tell.format(reference=sale.reference) + "”",
        *_keys(("n", _("next customer (we keep asking)")), ("↵", _("ask now"))),
    ]


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
    reason = clean(attempt.reason) if attempt and attempt.reason else _("No answer came back.")
    steps.append(f"{mark.waiting} {at(progress.lost_at if progress else None)}{reason}")
    asking = services.recovery.asking.get(sale.reference)
    if asking is not None:
        steps.append(
            f"{mark.waiting} " + _asking(asking.times, asking.next_at - services.clock.boot(), asking.reachable)
        )
    return steps


def _asking(times: int, wait: float, reachable: bool) -> str:
    asked = ngettext("asked {count} time", "asked {count} times", times).format(count=times)
    line = "" if reachable else _("the server cannot be reached") + "; "
    if wait <= 0:
        return line + asked + ", " + _("asking now")
    return line + asked + ", " + _("asking again in {seconds} s").format(seconds=int(wait) + 1)


def _holding(_services: Services, sale: Sale) -> list[_Part]:
    return [(_("Asking for the places again…"), "bold"), "\n" + _kept(sale)]


def _lapsed(_services: Services, sale: Sale) -> list[_Part]:
    return [
        ("\n".join(clean(line) for line in say.lapsed_words(sale)), "bold $text-error"),
        "\n\n" + _kept(sale) + " " + _("Do not take money before the places are held again."),
        *_keys(("h", _("holds again at today's price")), ("Esc", _("back to the cart"))),
    ]


def _decide(_services: Services, sale: Sale) -> list[_Part]:
    found = [clean(say.difference_words(sale, one)) for one in undecided(sale)]
    due = sale.due
    then = _("No money moves before you decide.")
    if sale.payments and due is not None and due.amount > 0:
        then = _("{amount} more is to be collected if you go on.").format(amount=words.money(due))
    elif sale.payments and due is not None and due.amount < 0:
        then = _("{amount} is to be given back if you go on.").format(amount=words.money(-due))
    return [
        ("\n".join(found), "bold $text-warning"),
        "\n\n" + _kept(sale) + " " + then,
        *_keys(("y", _("goes on at {amount}").format(amount=words.money(sale.to_collect)))),
    ]


def _book(_services: Services, sale: Sale) -> list[_Part]:
    due = sale.due
    parts: list[_Part] = [(_("Everything is paid; nothing is booked yet."), "bold"), "\n" + _kept(sale)]
    if due is not None and due.amount < 0:
        parts.append("\n" + _("Give {amount} back; the order costs less.").format(amount=words.money(-due)))
    return parts
