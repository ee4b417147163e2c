"""The Korus Ticket API as typed Python: knows HTTP and Hydra, no screen and no sale.

Names are loaded when they are first used: the first frame of the program waits neither for HTTP nor for the models.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from korus_tui.api.auth import Auth, BearerToken, ClientCredentials
    from korus_tui.api.calls import Answer, Call, Kind
    from korus_tui.api.client import KorusClient
    from korus_tui.api.errors import (
        ApiError,
        ConnectionLost,
        Forbidden,
        Invalid,
        LinkRefused,
        Malformed,
        NotFound,
        NotNow,
        NotSent,
        OutcomeUnknown,
        ProxyAnswer,
        RedirectRefused,
        Refused,
        ServerFailed,
        SignInRefused,
        TimedOut,
        TlsRefused,
        TooLarge,
        Violation,
    )
    from korus_tui.api.hydra import Page
    from korus_tui.api.models import (
        Beneficiary,
        BeneficiaryRequest,
        Catalog,
        Customer,
        CustomerRequest,
        Document,
        DocumentLink,
        Event,
        FailedOrder,
        FailedReservation,
        Form,
        FormChoice,
        FormData,
        FormField,
        FormValue,
        Iri,
        ItemTicket,
        Medias,
        Offer,
        OfferAvailability,
        OfferTicket,
        Option,
        OptionValue,
        Order,
        OrderBulkResult,
        OrderItem,
        OrderTicket,
        Price,
        Product,
        ProductBase,
        Reservation,
        ReservationBulkResult,
        ReservationItem,
        ReservationItemRequest,
        ReservationNow,
        Session,
        SessionAvailability,
        TicketSession,
        Venue,
    )
    from korus_tui.api.paging import Listing
    from korus_tui.api.retry import Retry
    from korus_tui.api.text import clean, clean_line, html_to_text
    from korus_tui.api.timing import DateSample, Deadlines, Timeouts
    from korus_tui.api.transport import Transport

_HOMES = (
    "errors",
    "text",
    "calls",
    "timing",
    "retry",
    "models",
    "hydra",
    "paging",
    "auth",
    "client",
    "transport",
)
"""Where public names live, the quickest to load first."""

__all__ = [
    "Answer",
    "ApiError",
    "Auth",
    "BearerToken",
    "Beneficiary",
    "BeneficiaryRequest",
    "Call",
    "Catalog",
    "ClientCredentials",
    "ConnectionLost",
    "Customer",
    "CustomerRequest",
    "DateSample",
    "Deadlines",
    "Document",
    "DocumentLink",
    "Event",
    "FailedOrder",
    "FailedReservation",
    "Forbidden",
    "Form",
    "FormChoice",
    "FormData",
    "FormField",
    "FormValue",
    "Invalid",
    "Iri",
    "ItemTicket",
    "Kind",
    "KorusClient",
    "LinkRefused",
    "Listing",
    "Malformed",
    "Medias",
    "NotFound",
    "NotNow",
    "NotSent",
    "Offer",
    "OfferAvailability",
    "OfferTicket",
    "Option",
    "OptionValue",
    "Order",
    "OrderBulkResult",
    "OrderItem",
    "OrderTicket",
    "OutcomeUnknown",
    "Page",
    "Price",
    "Product",
    "ProductBase",
    "ProxyAnswer",
    "RedirectRefused",
    "Refused",
    "Reservation",
    "ReservationBulkResult",
    "ReservationItem",
    "ReservationItemRequest",
    "ReservationNow",
    "Retry",
    "ServerFailed",
    "Session",
    "SessionAvailability",
    "SignInRefused",
    "TicketSession",
    "TimedOut",
    "Timeouts",
    "TlsRefused",
    "TooLarge",
    "Transport",
    "Venue",
    "Violation",
    "clean",
    "clean_line",
    "html_to_text",
]


def __getattr__(name: str) -> Any:
    """Find a public name in the modules of this package."""
    if name in __all__:
        for home in _HOMES:
            module = import_module(f"{__name__}.{home}")
            if name in vars(module):
                return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
