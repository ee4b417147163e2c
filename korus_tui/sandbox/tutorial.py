"""What the API's tutorial fixes: identifiers, quantities and amounts of its one walk through a sale.

Source: the tutorial "Book a ticket with a specific Product Workflow". It contradicts itself on amounts (87.00 offered,
80.00 and 42.32 held); that contradiction is replayed only when the clock starts on the tutorial's own morning.
"""

from __future__ import annotations

from datetime import UTC, datetime

from korus_tui.sandbox.state import Item, Reservation, Seat

CATALOG = "0194abdc-3a71-72b0-a9b9-89d4be0cd73e"
OTHER_CATALOG = "0194d07e-aa37-7171-820c-712e91552451"
ORGANIZATION = "0194abdc-3a79-7ec3-b1b9-a1f291de587d"
DAY_PRODUCT = "0194abfe-1bdb-7b12-af59-ad81ae443689"
SHOW_PRODUCT = "0194abfe-1c04-7ade-9bc3-dbcfefb12652"
OFFER = "0194ac40-fda7-78c1-8fcb-26fc2df25894"
OFFER_DAY = "2025-06-07"
EVENT = "2aa6ca51-5193-47db-9e27-0aeefdc0d381"
EARLY_SESSION = "ff23a5a2-a53f-43b9-a530-d84a61386449"
LATE_SESSION = "337177bc-e513-444f-bcee-49a3e25b48a3"

# The identifiers that documents fix, by what they name; every other identifier is made from the seed.
FIXED_IDS: dict[tuple[str, ...], str] = {
    ("catalog", "park"): CATALOG,
    ("catalog", "museum"): OTHER_CATALOG,
    ("product", "day", "adult"): DAY_PRODUCT,
    ("product", "day-show", "adult", "argent"): SHOW_PRODUCT,
    ("offer", SHOW_PRODUCT, OFFER_DAY): OFFER,
    ("ticket", OFFER, "0"): "0194ac40-fda7-78c1-8fcb-26fc2e2612d4",
    ("ticket", OFFER, "1"): "7522b8de-37a2-458d-b099-6d515b0739be",
    ("listed-ticket", OFFER, "1"): "0194ac40-fda8-739e-8d03-57f30adf4660",
    ("event", SHOW_PRODUCT, "1"): EVENT,
    ("session", EVENT, OFFER_DAY, "17:00"): EARLY_SESSION,
    ("session", EVENT, OFFER_DAY, "20:00"): LATE_SESSION,
}
FIXED_PLACES = {OFFER: 1500, EARLY_SESSION: 24, LATE_SESSION: 56}

START = datetime(2025, 1, 29, 7, 55, 53, tzinfo=UTC)
FIRST_RESERVATION = "35e72d9b-0fdc-44e3-869c-e1781c14418e"
ORDERED_RESERVATION = "0194b10f-3ddd-70a5-a96a-d1026cd42746"
ORDER = "0194b132-448c-7d1b-bb13-f8e09ae5c18f"
ORDER_REFERENCE = "KT-ORD-6799E80128885"
ORDERED_AT = datetime(2025, 1, 29, 8, 34, 9, tzinfo=UTC)
DOCUMENT = "0194b132-449c-79cd-9da1-50be439b6e9d"

_ORDERED_CATALOG = f"/v1/ticketing/catalogs/{OTHER_CATALOG}"
_ORDERED_OFFER = f"{_ORDERED_CATALOG}/offers/0194ac3f-7bdd-7175-a275-30c865618283"


def replays(start: datetime) -> bool:
    """Whether a sandbox that starts at `start` replays the tutorial: in the 15 minutes of its first hold."""
    return 0 <= (start - START).total_seconds() < 900


def held_before(hold_seconds: float) -> Reservation:
    """The reservation that the tutorial's order request names; the tutorial never shows how it was made."""
    seat = Seat(
        ticket=f"{_ORDERED_OFFER}/tickets/0194ac3f-7be0-7f34-aa3f-7f22e2aa6285",
        name="Puy du Fou Adulte",
        session=f"{_ORDERED_CATALOG}/events/0195f1a2-6de6-78bc-aef4-d6dca86cd207/sessions/0195f1a2-6de9-716f-b9f5-f908391de21c",
    )
    item = Item(
        offer=_ORDERED_OFFER,
        product=f"{_ORDERED_CATALOG}/products/{DAY_PRODUCT}",
        product_name="Puy du Fou 1 jour Adulte",
        day=OFFER_DAY,
        quantity=1,
        unit="42.32",
        tax="5.5",
        seats=[seat],
    )
    created = START.timestamp()
    return Reservation(
        id=ORDERED_RESERVATION,
        created=created,
        expires=created + hold_seconds,
        catalog=f"/v1/ticketing/catalogs/{OTHER_CATALOG}",
        total="42.32",
        currency="EUR",
        item=item,
        scripted=True,
    )
