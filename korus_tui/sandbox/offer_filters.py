"""Which offers a list shows: the tutorial's filters, the newer ones, or both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from starlette.datastructures import QueryParams

from korus_tui.sandbox.context import Context
from korus_tui.sandbox.data.types import make_id
from korus_tui.sandbox.problems import Problem
from korus_tui.sandbox.world import Catalog, Offer, Product

_RANGES: dict[str, Callable[[date, date], bool]] = {
    "date[after]": lambda day, edge: day >= edge,
    "date[strictly_after]": lambda day, edge: day > edge,
    "date[before]": lambda day, edge: day <= edge,
    "date[strictly_before]": lambda day, edge: day < edge,
}


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Problem(400, why=f"{name}={text[:40]}: YYYY-MM-DD") from None


def _last_ids(texts: list[str]) -> set[str]:
    """Ids from ids or IRIs."""
    return {text.rstrip("/").rsplit("/", 1)[-1] for text in texts}


def filtered(box: Context, catalog: Catalog, query: QueryParams) -> list[Offer]:
    """The catalog's offers that pass every filter known here, by day (`order[date]`), undated ones last.

    Raises Problem 400 for a day that is none.
    """
    # A generation ignores the filters it does not know, as API Platform does.
    asked = {name: query.getlist(name) for name in box.generation.filters if query.getlist(name)}
    products = [one for one in box.world.products_of(catalog) if _product_passes(box, one, asked)]
    offers = [offer for product in products for offer in box.world.offers_of(product)]
    if "date" in asked:
        wanted = _day("date", asked["date"][-1])
        offers = [offer for offer in offers if offer.day == wanted]
    for name, passes in _RANGES.items():
        if name in asked:
            edge = _day(name, asked[name][-1])
            offers = [offer for offer in offers if offer.day is not None and passes(offer.day, edge)]
    if "session" in asked:
        sessions = _last_ids(asked["session"])
        days = {box.world.day_of_session(one) for one in sessions} - {None}
        offers = [offer for offer in offers if offer.day in days]
        offers = [offer for offer in offers if _has_session(box, offer, sessions)]
    direction = query.get("order[date]", "asc")
    if direction not in ("asc", "desc"):
        raise Problem(400, why="order[date]: asc|desc")
    offers.sort(key=lambda offer: offer.day or date.max, reverse=direction == "desc")
    return offers


def _product_passes(box: Context, product: Product, asked: dict[str, list[str]]) -> bool:
    if box.stock.is_disabled(product):
        return False
    wanted = asked.get("product", []) + asked.get("product[]", [])
    if wanted and product.id not in _last_ids(wanted):
        return False
    if "productBaseId" in asked and product.entry.id not in _last_ids(asked["productBaseId"]):
        return False
    values = {make_id(box.world.seed, "value", product.entry.id, code, one.code) for code, one in product.choices}
    return _last_ids(asked.get("optionValuesContext[]", [])) <= values


def _has_session(box: Context, offer: Offer, sessions: set[str]) -> bool:
    return any(one.id in sessions for ticket in box.world.tickets(offer) for one in box.world.sessions(ticket))
