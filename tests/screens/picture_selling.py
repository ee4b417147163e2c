"""How to come to each state of the pages on which a sale is put together: catalog, dates, day, today."""

from __future__ import annotations

from typing import Any

from picture_kit import State, Studio, place

from korus_tui.widgets.lists.states import Empty, Failed, Loading, Ready, Stale

FAMILY = "adulte + argent"  # has a price type for everyone, and a session to choose
TOUR = "visite des coulisses adulte"  # is asked for its price, and is sold out on some days
CATALOG_DOWN = {"kind": "status", "route": "products", "status": 503, "count": None}
OFFERS_DOWN = {"kind": "status", "route": "offers", "status": 503, "count": None}
NOTHING = [{"path": "member", "value": []}, {"path": "totalItems", "value": 0}]
OLD = 130.0  # seconds since the last answer
NEVER = 600.0  # seconds that an answer takes which is not awaited


def slow(route: str) -> dict[str, Any]:
    """A fault: this call's answer does not come while the picture is taken."""
    return {"kind": "latency", "route": route, "latency": NEVER, "count": None}


# Catalog


@place
async def catalog(one: Studio) -> None:
    await one.until(lambda: one.at("catalog") and one.list("#products").rows)
    await one.until(lambda: str(one.screen.query_one("#about-title").content))  # the highlight rests


async def catalog_in(one: Studio, state: type, *faults: dict[str, Any]) -> None:
    if faults:
        await one.meet(*faults)
        await one.press("ctrl+r")
    await one.until(lambda: one.at("catalog") and isinstance(one.list("#products").state, state))


async def catalog_filtered(one: Studio) -> None:
    await catalog(one)
    await one.type("enfant or")
    await one.until(lambda: "Enfant" in str(one.screen.query_one("#about-title").content))


async def catalog_stale(one: Studio) -> None:
    await one.meet()
    await one.press("ctrl+r")
    await catalog(one)
    await one.fault(CATALOG_DOWN)
    await one.press("ctrl+r")
    await catalog_in(one, Stale)


async def catalog_no_match(one: Studio) -> None:
    await catalog(one)
    await one.type("zzz")
    await catalog_in(one, Empty)


@place
async def catalog_favourites(one: Studio) -> None:
    await catalog(one)
    keep(one, "Puy du Fou 1 jour + Cinéscénie", "Visite des coulisses Enfant", "Parking")
    one.screen.show_favourites()


def keep(one: Studio, *names: str) -> None:
    """Put bases or products on the first keys."""
    content = one.services.catalogs.content
    assert content is not None
    for key, name in zip(("f2", "f3", "f4"), names, strict=False):
        item = next(found.id for found in (*content.bases, *content.products) if found.name == name)
        one.screen.favourites.put(key, item)


async def favourites(one: Studio) -> None:
    await catalog_favourites(one)
    await one.press("down", "ctrl+y")
    await one.until(lambda: one.at("FavouritesScreen"))


# Dates of one product


@place
async def offers(one: Studio, product: str = FAMILY) -> None:
    """Who looks on has both months before them."""
    await one.meet()
    await open_offers(one, product)
    await one.until(lambda: one.screen.pane.offer)
    await offers_in(one, Ready)
    await one.until(lambda: one.screen.months.offers(one.screen.months.query_one("#following").selected) is not None)


async def open_offers(one: Studio, product: str = FAMILY) -> None:
    await catalog(one)
    await one.fill("#filter", product)
    await one.press("enter")
    await one.until(lambda: one.at("offers"))


@place
async def offers_of_two(one: Studio) -> None:
    await offers(one)
    await one.press("2", "down", "2")


async def offers_in(one: Studio, state: type) -> None:
    await one.until(lambda: isinstance(one.screen.months.state, state))


async def offers_loading(one: Studio) -> None:
    await catalog(one)
    await one.meet(slow("offers"))
    await open_offers(one)
    await offers_in(one, Loading)


async def offers_failed(one: Studio) -> None:
    await catalog(one)
    await one.meet(OFFERS_DOWN)
    await open_offers(one)
    await offers_in(one, Failed)


async def offers_stale(one: Studio) -> None:
    await offers_of_two(one)
    await one.fault(OFFERS_DOWN)
    one.clock.stop(OLD)
    await one.press("ctrl+r")
    await offers_in(one, Stale)


async def offers_live(one: Studio) -> None:
    await offers(one, TOUR)


async def typed_date(one: Studio, date: str) -> None:
    await one.press("slash")
    await one.type(date)
    await one.press("enter")


async def offers_sold_out(one: Studio) -> None:
    await offers(one, TOUR)
    await typed_date(one, "12/6")
    await one.until(lambda: one.screen.months.day.day == 12)


async def offers_wrong_date(one: Studio) -> None:
    await offers(one)
    await typed_date(one, "31/6")


async def offers_too_many(one: Studio) -> None:
    await offers(one, TOUR)
    await one.type(str(one.screen.pane.offer.left + 1))


# All that is sold on one day; today's sessions


async def day(one: Studio) -> None:
    await catalog(one)
    await one.press("ctrl+d")
    await one.until(lambda: one.at("day") and one.list("#day-rows").rows)
    await one.press(*"argent", "2", "down", "1")


async def day_loading(one: Studio) -> None:
    await catalog(one)
    await one.meet(slow("offers"))
    await one.to("day", "ctrl+d")


async def day_failed(one: Studio) -> None:
    await catalog(one)
    await one.meet(OFFERS_DOWN)
    await one.press("ctrl+d")
    await one.until(lambda: one.at("day") and isinstance(one.list("#day-rows").state, Failed))


@place
async def today(one: Studio) -> None:
    await catalog(one)
    keep(one, "Puy du Fou 1 jour + Cinéscénie", "Visite des coulisses", "Parking")
    await open_today(one)
    await one.until(lambda: one.list("#shows").rows)


async def open_today(one: Studio) -> None:
    await one.press("ctrl+g")
    await one.until(lambda: one.at("today"))


async def today_in(one: Studio, state: type) -> None:
    await one.until(lambda: isinstance(one.list("#shows").state, state))


async def today_loading(one: Studio) -> None:
    await catalog(one)
    await one.meet(slow("offers"))
    await open_today(one)


async def today_empty(one: Studio) -> None:
    await catalog(one)
    keep(one, "Parking")
    await one.meet({"kind": "replace", "route": "offers", "edits": NOTHING, "count": None})
    await open_today(one)
    await today_in(one, Empty)


async def today_failed(one: Studio) -> None:
    await catalog(one)
    await one.meet(OFFERS_DOWN)
    await open_today(one)
    await today_in(one, Failed)


async def today_stale(one: Studio) -> None:
    await today(one)
    await one.fault(OFFERS_DOWN)
    one.clock.stop(OLD)
    await one.press("ctrl+r")
    await today_in(one, Stale)


SELLING: dict[str, State] = {
    "catalog": State(catalog),
    "catalog-loading": State(lambda one: catalog_in(one, Loading), faults=(slow("products"),), quiet=False),
    "catalog-empty": State(
        lambda one: catalog_in(
            one,
            Empty,
            *({"kind": "replace", "route": route, "edits": NOTHING, "count": None} for route in ("products", "bases")),
        )
    ),
    "catalog-failed": State(lambda one: catalog_in(one, Failed), faults=(CATALOG_DOWN,)),
    "catalog-stale": State(catalog_stale),
    "catalog-filtered": State(catalog_filtered),
    "catalog-no-match": State(catalog_no_match),
    "catalog-favourites": State(catalog_favourites),
    "favourites": State(favourites),
    "offers": State(offers_of_two),
    "offers-loading": State(offers_loading, quiet=False),
    "offers-failed": State(offers_failed),
    "offers-stale": State(offers_stale),
    "offers-live-price": State(offers_live),
    "offers-sold-out": State(offers_sold_out),
    "offers-wrong-date": State(offers_wrong_date),
    "offers-too-many": State(offers_too_many),
    "day": State(day),
    "day-loading": State(day_loading, quiet=False),
    "day-failed": State(day_failed),
    "today": State(today),
    "today-loading": State(today_loading, quiet=False),
    "today-empty": State(today_empty),
    "today-failed": State(today_failed),
    "today-stale": State(today_stale),
}
