"""The calls that hold, order and hand over (docs/api.md, Booking). Their errors: see `KorusClient`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from korus_tui.api import hydra
from korus_tui.api.calls import Call, Kind
from korus_tui.api.errors import Malformed
from korus_tui.api.hydra import Page
from korus_tui.api.models.base import Iri
from korus_tui.api.models.booking import Document, DocumentLink, Order, OrderTicket, Reservation, ReservationNow
from korus_tui.api.models.bulk import OrderBulkResult, ReservationBulkResult
from korus_tui.api.models.requests import BeneficiaryRequest, CustomerRequest, ReservationItemRequest
from korus_tui.api.paging import Listing
from korus_tui.api.section import Section, id_of, numbered, under

RESERVATIONS = "/v1/booking/reservations"
ORDERS = "/v1/booking/orders"
FILE_LIMIT = 20 * 1024 * 1024
"""Bytes: a ticket's PDF is well under one hundredth of it."""

Direction = Literal["asc", "desc"]


class Booking(Section):
    """Reservations, orders, their tickets and documents. `language` is sent as Accept-Language."""

    async def reserve(
        self, items: Sequence[ReservationItemRequest], *, language: str | None = None
    ) -> ReservationBulkResult:
        """`POST reservations/_bulk`: hold places; some lines may fail. Invalid: nothing at all is held."""
        body = {"items": [item.to_json() for item in items]}
        call = self._booking("reservations.create_bulk", f"{RESERVATIONS}/_bulk", body, language)
        result = await self._call(call, hydra.parse_reservations)
        return replace(result, rejected=numbered(call, result.rejected))

    def reservations(self, *, newest_first: bool = True, language: str | None = None) -> Listing[Reservation]:
        """`GET reservations`: all holds of the organization."""
        query = (("order[createdAt]", _direction(newest_first)),)
        return self._list("reservations.list", RESERVATIONS, Reservation, language, query)

    async def reservation(self, reservation: Iri | str, *, language: str | None = None) -> Reservation:
        """`GET reservations/{r}`: its `order` says whether it was ordered; NotFound."""
        return await self._get("reservations.get", under(RESERVATIONS, id_of(reservation)), Reservation, language)

    async def reservation_now(self, reservation: Iri | str, *, language: str | None = None) -> ReservationNow:
        """`GET reservations/{r}`, of which only what ties it to its order is read; NotFound.

        Malformed where the answer is of another reservation: it says nothing of this one.
        """
        path = under(RESERVATIONS, id_of(reservation))
        found = await self._get_in_part("reservations.get", path, ReservationNow, language)
        if found.id.casefold() != id_of(reservation).casefold():
            raise Malformed(resource="Reservation", field="id")
        return found

    async def order(
        self,
        reservations: Sequence[Iri],
        customer: CustomerRequest,
        external_reference: str,
        notes: str | None = None,
        *,
        language: str | None = None,
    ) -> OrderBulkResult:
        """`POST orders/_bulk`: only after payment. Invalid with `reservations[i].expired`: nothing is ordered.

        `external_reference` groups orders and finds them again; it does not make the call safe to repeat.
        """
        body: dict[str, Any] = {
            "reservations": list(reservations),
            "customer": customer.to_json(),
            "externalReference": external_reference,
        }
        if notes is not None:
            body["notes"] = notes
        call = self._booking("orders.create_bulk", f"{ORDERS}/_bulk", body, language)
        result = await self._call(call, hydra.parse_orders)
        return replace(result, rejected=numbered(call, result.rejected))

    def orders(
        self,
        external_reference: str | None = None,
        created_after: datetime | None = None,
        created_before: datetime | None = None,
        *,
        newest_first: bool = True,
        language: str | None = None,
    ) -> Listing[Order]:
        """`GET orders`: by our reference (1 to 50 characters) and by the time they were made (both inclusive)."""
        query: list[tuple[str, str]] = [("order[createdAt]", _direction(newest_first))]
        if external_reference is not None:
            query.append(("external_reference", external_reference))
        for name, moment in (("createdAt[after]", created_after), ("createdAt[before]", created_before)):
            if moment is not None:
                query.append((name, moment.isoformat()))
        return self._list("orders.list", ORDERS, Order, language, tuple(query), hydra.parse_in_part)

    async def orders_by_reference(self, external_reference: str) -> Page[Order]:
        """The orders of one sale: where a lost order call is looked up. A member that cannot be read hides no other.

        Those with another reference are left out: a server may not know the filter. References are compared without
        regard to case; an order that has none may be tied by its reservation, and stays. `rejected` says what keeps the
        list from telling that there is no other: without a total it may have been cut short.
        """
        page = await self.orders(external_reference)
        ours = ("", external_reference.casefold())
        members = tuple(one for one in page.members if one.external_reference.strip().casefold() in ours)
        rejected = page.rejected
        if page.total is None:  # there may be some that did not come
            rejected += (Malformed(resource="Order", field="totalItems", count=0),)
        if page.more:  # it stopped at the total, and says that there is a next page
            rejected += (Malformed(resource="Order", field="view"),)
        if any(one.model_fields_set <= {"iri", "id"} for one in page.members):  # an address alone: it may be ours
            rejected += (Malformed(resource="Order", field="externalReference"),)
        return replace(page, members=members, rejected=rejected)

    async def order_by_id(self, order: Iri | str, *, language: str | None = None) -> Order:
        """`GET orders/{o}`; NotFound."""
        return await self._get_in_part("orders.get", _order(order), Order, language)

    async def order_ticket(self, ticket: Iri, *, language: str | None = None) -> OrderTicket:
        """`GET orders/{o}/items/{i}/tickets/{t}`: its status, and the details it waits for."""
        return await self._get_in_part("order_tickets.get", ticket, OrderTicket, language)

    async def set_beneficiary(
        self, ticket: Iri, beneficiary: BeneficiaryRequest, *, language: str | None = None
    ) -> OrderTicket:
        """`PATCH orders/{o}/items/{i}/tickets/{t}`: who the ticket is for. Invalid when it is too late to say."""
        body = {"beneficiary": beneficiary.to_json()}
        call = Call("order_tickets.set_beneficiary", "PATCH", ticket, (), body, language, Kind.BOOKING)
        return await self._call(call, lambda data: hydra.parse_in_part(OrderTicket, data))

    def documents(self, order: Iri | str, *, language: str | None = None) -> Listing[Document]:
        """`GET orders/{o}/documents`: they may become downloadable later than the order."""
        path = under(_order(order), "documents")
        return self._list("documents.list", path, Document, language, read=hydra.parse_in_part)

    async def document(self, order: Iri | str, document: Iri | str, *, language: str | None = None) -> Document:
        """`GET orders/{o}/documents/{d}`; NotFound."""
        return await self._get_in_part("documents.get", _document(order, document), Document, language)

    async def document_link(self, order: Iri | str, document: Iri | str, language: str | None = None) -> DocumentLink:
        """`PATCH orders/{o}/documents/{d}`: a temporary address of the file in `language`; once stale, ask again."""
        call = Call("documents.link", "PATCH", _document(order, document), (), {}, language, Kind.DOCUMENT)
        return await self._call(call, lambda data: hydra.parse(DocumentLink, data))

    async def fetch_file(self, url: str, limit: int = FILE_LIMIT) -> bytes:
        """The file behind a temporary address, at most `limit` bytes; LinkRefused, TooLarge, Forbidden when stale.

        Not of the API: it is another host, and gets no token.
        """
        return await self._transport.fetch_file(url, limit)

    def link_refusal(self, url: str) -> str | None:
        """Why a temporary address must be neither followed nor offered, in a fixed word (docs/faults.md, F23)."""
        return self._transport.link_refusal(url)

    async def unsafe_link(self, url: str) -> str | None:
        """The same, also by where the address's name leads (F93)."""
        return await self._transport.unsafe_link(url)

    @staticmethod
    def _booking(operation: str, path: str, body: dict[str, Any], language: str | None) -> Call:
        return Call(operation, "POST", path, (), body, language, Kind.BOOKING)


def _direction(newest_first: bool) -> Direction:
    return "desc" if newest_first else "asc"


def _order(order: Iri | str) -> str:
    return under(ORDERS, id_of(order))


def _document(order: Iri | str, document: Iri | str) -> str:
    return under(_order(order), "documents", id_of(document))
