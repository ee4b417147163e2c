"""The Korus Ticket API as typed Python: knows HTTP and Hydra, no screen and no sale.

Names are loaded when they are first used: the first frame of the program waits neither for HTTP nor for the models.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from korus_tui.api.auth import (
        Auth as Auth,
    )
    from korus_tui.api.auth import (
        BearerToken as BearerToken,
    )
    from korus_tui.api.auth import (
        ClientCredentials as ClientCredentials,
    )
    from korus_tui.api.calls import (
        Answer as Answer,
    )
    from korus_tui.api.calls import (
        Call as Call,
    )
    from korus_tui.api.calls import (
        Kind as Kind,
    )
    from korus_tui.api.client import KorusClient as KorusClient
    from korus_tui.api.errors import (
        ApiError as ApiError,
    )
    from korus_tui.api.errors import (
        ConnectionLost as ConnectionLost,
    )
    from korus_tui.api.errors import (
        Forbidden as Forbidden,
    )
    from korus_tui.api.errors import (
        Invalid as Invalid,
    )
    from korus_tui.api.errors import (
        LinkRefused as LinkRefused,
    )
    from korus_tui.api.errors import (
        Malformed as Malformed,
    )
    from korus_tui.api.errors import (
        NotFound as NotFound,
    )
    from korus_tui.api.errors import (
        NotNow as NotNow,
    )
    from korus_tui.api.errors import (
        NotSent as NotSent,
    )
    from korus_tui.api.errors import (
        OutcomeUnknown as OutcomeUnknown,
    )
    from korus_tui.api.errors import (
        ProxyAnswer as ProxyAnswer,
    )
    from korus_tui.api.errors import (
        RedirectRefused as RedirectRefused,
    )
    from korus_tui.api.errors import (
        Refused as Refused,
    )
    from korus_tui.api.errors import (
        ServerFailed as ServerFailed,
    )
    from korus_tui.api.errors import (
        SignInRefused as SignInRefused,
    )
    from korus_tui.api.errors import (
        TimedOut as TimedOut,
    )
    from korus_tui.api.errors import (
        TlsRefused as TlsRefused,
    )
    from korus_tui.api.errors import (
        TooLarge as TooLarge,
    )
    from korus_tui.api.errors import (
        Violation as Violation,
    )
    from korus_tui.api.hydra import Page as Page
    from korus_tui.api.models import (
        Beneficiary as Beneficiary,
    )
    from korus_tui.api.models import (
        BeneficiaryRequest as BeneficiaryRequest,
    )
    from korus_tui.api.models import (
        Catalog as Catalog,
    )
    from korus_tui.api.models import (
        Customer as Customer,
    )
    from korus_tui.api.models import (
        CustomerRequest as CustomerRequest,
    )
    from korus_tui.api.models import (
        Document as Document,
    )
    from korus_tui.api.models import (
        DocumentLink as DocumentLink,
    )
    from korus_tui.api.models import (
        Event as Event,
    )
    from korus_tui.api.models import (
        FailedOrder as FailedOrder,
    )
    from korus_tui.api.models import (
        FailedReservation as FailedReservation,
    )
    from korus_tui.api.models import (
        Form as Form,
    )
    from korus_tui.api.models import (
        FormChoice as FormChoice,
    )
    from korus_tui.api.models import (
        FormData as FormData,
    )
    from korus_tui.api.models import (
        FormField as FormField,
    )
    from korus_tui.api.models import (
        FormValue as FormValue,
    )
    from korus_tui.api.models import (
        Iri as Iri,
    )
    from korus_tui.api.models import (
        ItemTicket as ItemTicket,
    )
    from korus_tui.api.models import (
        Medias as Medias,
    )
    from korus_tui.api.models import (
        Offer as Offer,
    )
    from korus_tui.api.models import (
        OfferAvailability as OfferAvailability,
    )
    from korus_tui.api.models import (
        OfferTicket as OfferTicket,
    )
    from korus_tui.api.models import (
        Option as Option,
    )
    from korus_tui.api.models import (
        OptionValue as OptionValue,
    )
    from korus_tui.api.models import (
        Order as Order,
    )
    from korus_tui.api.models import (
        OrderBulkResult as OrderBulkResult,
    )
    from korus_tui.api.models import (
        OrderItem as OrderItem,
    )
    from korus_tui.api.models import (
        OrderTicket as OrderTicket,
    )
    from korus_tui.api.models import (
        Price as Price,
    )
    from korus_tui.api.models import (
        Product as Product,
    )
    from korus_tui.api.models import (
        ProductBase as ProductBase,
    )
    from korus_tui.api.models import (
        Reservation as Reservation,
    )
    from korus_tui.api.models import (
        ReservationBulkResult as ReservationBulkResult,
    )
    from korus_tui.api.models import (
        ReservationItem as ReservationItem,
    )
    from korus_tui.api.models import (
        ReservationItemRequest as ReservationItemRequest,
    )
    from korus_tui.api.models import (
        Session as Session,
    )
    from korus_tui.api.models import (
        SessionAvailability as SessionAvailability,
    )
    from korus_tui.api.models import (
        TicketSession as TicketSession,
    )
    from korus_tui.api.models import (
        Venue as Venue,
    )
    from korus_tui.api.paging import Listing as Listing
    from korus_tui.api.retry import Retry as Retry
    from korus_tui.api.text import (
        clean as clean,
    )
    from korus_tui.api.text import (
        clean_line as clean_line,
    )
    from korus_tui.api.text import (
        html_to_text as html_to_text,
    )
    from korus_tui.api.timing import (
        DateSample as DateSample,
    )
    from korus_tui.api.timing import (
        Deadlines as Deadlines,
    )
    from korus_tui.api.timing import (
        Timeouts as Timeouts,
    )
    from korus_tui.api.transport import Transport as Transport

_HOMES = {
    "auth": "ClientCredentials",
    "calls": "Kind",
    "client": "KorusClient",
    "errors": "Violation",
    "hydra": "Page",
    "models": "Venue",
    "paging": "Listing",
    "retry": "Retry",
    "text": "html_to_text",
    "timing": "Timeouts",
    "transport": "Transport",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """Load the module that a public name lives in."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
