"""Reads the values of a request's body strictly, noting a violation at the path of each one that is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from korus_tui.sandbox.problems import Findings

LONGEST = 255  # characters of any short text; the documents name this limit for externalReference
_EMAIL = re.compile(
    r"[^@\s\x00-\x1f,;<>()]+@[^@\s\x00-\x1f,;<>()._-][^@\s\x00-\x1f,;<>()]*\.[^@\s.\x00-\x1f,;<>()]{2,}"
)
_COUNTRY_CODES = (  # ISO 3166 alpha-2
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY "
    "BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK "
    "FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR "
    "IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK "
    "ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM "
    "PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF "
    "TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)
_COUNTRIES = frozenset(_COUNTRY_CODES.split())
TITLES = ("mr", "mrs", "mx")
CUSTOMER = ("firstname", "lastname", "email", "phone", "country", "language", "title")  # all but `optin` are text
BENEFICIARY = ("firstname", "lastname", "title", "nationality", "dateOfBirth", "placeOfBirth", "email", "phone")


def only(body: dict[str, Any], known: Iterable[str], at: str, findings: Findings) -> None:
    """Notes every field that the documents do not name."""
    for name in body.keys() - set(known):
        findings.add(f"{at}{name[:60]}", "unknown")


def objects(body: dict[str, Any], name: str, at: str, findings: Findings) -> list[tuple[str, dict[str, Any]]]:
    """The objects of a list that must not be empty, each with its path; what is no object is noted and left out."""
    value = body.get(name)
    if not isinstance(value, list):
        findings.add(at + name, "type" if value is not None else "blank", expected="array")
        return []
    if not value:
        findings.add(at + name, "empty")
    found = []
    for number, one in enumerate(value):
        if isinstance(one, dict):
            found.append((f"{at}{name}[{number}]", one))
        else:
            findings.add(f"{at}{name}[{number}]", "type", expected="object")
    return found


def text(body: dict[str, Any], name: str, at: str, findings: Findings, *, needed: bool = False) -> str | None:
    """A short text; None if it is absent, null or wrong. One that is needed must hold more than spaces."""
    value = body.get(name)
    if value is None:
        if needed:
            findings.add(at + name, "blank")
        return None
    if not isinstance(value, str):
        findings.add(at + name, "type", expected="string")
        return None
    if needed and not value.strip():
        findings.add(at + name, "blank")
        return None
    if len(value) > LONGEST:
        findings.add(at + name, "long", limit=LONGEST)
        return None
    return value


def quantity(body: dict[str, Any], at: str, findings: Findings) -> int | None:
    """A whole number of at least 1."""
    value = body.get("quantity")
    if value is None:
        findings.add(f"{at}.quantity", "blank")
    elif not isinstance(value, int) or isinstance(value, bool):
        findings.add(f"{at}.quantity", "type", expected="int")
    elif value < 1:
        findings.add(f"{at}.quantity", "least", limit=1)
    else:
        return value
    return None


def _person(
    body: dict[str, Any], at: str, findings: Findings, needed: Iterable[str], names: Iterable[str]
) -> dict[str, Any]:
    required = set(needed)
    found = {name: text(body, name, at, findings, needed=name in required) for name in names}
    if found.get("email") and not _EMAIL.fullmatch(found["email"] or ""):
        findings.add(f"{at}email", "email")
    for name in ("country", "nationality"):
        if found.get(name) is not None and found[name] not in _COUNTRIES:
            findings.add(at + name, "country")
    if found.get("title") is not None and found["title"] not in TITLES:
        findings.add(f"{at}title", "choice", choices=", ".join(TITLES))
    return {name: value for name, value in found.items() if value is not None}


def customer(body: dict[str, Any], findings: Findings) -> dict[str, Any]:
    """The order's customer; first name, last name and e-mail are required."""
    value = body.get("customer")
    if not isinstance(value, dict):
        findings.add("customer", "blank" if value is None else "type", expected="object")
        return {}
    only(value, (*CUSTOMER, "optin"), "customer.", findings)
    found = _person(value, "customer.", findings, ("firstname", "lastname", "email"), CUSTOMER)
    if "language" in found and not re.fullmatch("[a-z]{2}", found["language"]):
        findings.add("customer.language", "language")
    optin = value.get("optin")
    if optin is not None:
        if isinstance(optin, bool):
            found["optin"] = optin
        else:
            findings.add("customer.optin", "type", expected="bool")
    return found


def beneficiary(body: dict[str, Any], required: Iterable[str], findings: Findings) -> dict[str, str]:
    """Who a ticket is for; first and last name are always required, other fields by product."""
    only(body, ("beneficiary",), "", findings)
    value = body.get("beneficiary")
    if not isinstance(value, dict):
        findings.add("beneficiary", "blank" if value is None else "type", expected="object")
        return {}
    only(value, BENEFICIARY, "beneficiary.", findings)
    found = _person(value, "beneficiary.", findings, {"firstname", "lastname", *required}, BENEFICIARY)
    try:
        date.fromisoformat(found.get("dateOfBirth", "2000-01-01"))
    except ValueError:
        findings.add("beneficiary.dateOfBirth", "date")
    return found
