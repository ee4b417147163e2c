"""Whether a customer is one that the order call takes (docs/api.md, Booking), in words for the agent."""

from __future__ import annotations

from collections.abc import Callable

from korus_tui.i18n import _
from korus_tui.sale.values import Customer
from korus_tui.text.countries import countries, country_code, country_name

LONGEST = 255  # characters of a text field of the API
TITLES = ("mr", "mrs", "mx")
REQUIRED = ("first_name", "last_name", "email")
_NAMED = 4  # countries that are named where several can be meant
Check = Callable[[str], str | None]


def check_text(text: str) -> str | None:
    """A name or a phone number: any text of a length that the API takes."""
    return _("At most {count} characters.").format(count=LONGEST) if len(text) > LONGEST else None


def check_email(text: str) -> str | None:
    """An address that can be one, judged without asking the network."""
    address = text.strip()
    if len(address) > LONGEST:
        return check_text(address)
    if address.count("@") != 1:
        return _("One @ is needed, as in name@example.org.")
    if "." not in address.partition("@")[2]:
        return _("After the @, a name with a point, as in example.org.")
    from email_validator import EmailNotValidError, validate_email  # first frame

    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        return _("This cannot be an e-mail address: check its spelling.")
    return None


def check_country(text: str) -> str | None:
    """A country by its name, or by its two letters."""
    found = countries(text)
    if len(found) == 1:
        return None
    if not found:
        return _("No country is called “{text}”: type its name, or two letters such as DE.").format(text=text.strip())
    names = ", ".join(country_name(code) for code in found[:_NAMED])
    return _("Which one: {countries}?").format(countries=names + (", …" if len(found) > _NAMED else ""))


def check_language(text: str) -> str | None:
    """Two letters of ISO 639."""
    code = text.strip()
    good = len(code) == 2 and code.isascii() and code.isalpha()
    return None if good else _("Two letters, such as fr, en or de.")


def check_title(text: str) -> str | None:
    """One of the titles that the API knows."""
    return None if text.strip().lower() in TITLES else _("One of {titles}.").format(titles=", ".join(TITLES))


CHECKS: dict[str, Check] = {
    "first_name": check_text,
    "last_name": check_text,
    "email": check_email,
    "phone": check_text,
    "country": check_country,
    "language": check_language,
    "title": check_title,
}


def tidy(customer: Customer) -> Customer:
    """The customer without stray spaces, codes in the case that the API writes them."""
    return Customer(
        first_name=customer.first_name.strip(),
        last_name=customer.last_name.strip(),
        email=customer.email.strip(),
        phone=customer.phone.strip(),
        country=country_code(customer.country) or customer.country.strip(),
        language=customer.language.strip().lower(),
        title=customer.title.strip().lower(),
        opt_in=customer.opt_in,
        walk_in=customer.walk_in,
    )


def faults(customer: Customer | None) -> dict[str, str]:
    """What is wrong with a customer, by field; empty for one that an order can be for."""
    found: dict[str, str] = {}
    for name, check in CHECKS.items():
        value = getattr(customer, name).strip() if customer else ""
        if not value and name in REQUIRED:
            found[name] = _("The order needs it.")
        elif value and (sentence := check(value)):
            found[name] = sentence
    return found
