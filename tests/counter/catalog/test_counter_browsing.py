"""Reading what is for sale, from both generations of the API, and keeping it on disk."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sandbox_process import CATALOG, SandboxProcess
from till import DAY, SHOW_PRODUCT, Till, product

from korus_tui.api.errors import ApiError, Malformed, NotFound
from korus_tui.counter.catalog.offer_models import CatalogContent, Ticket
from korus_tui.counter.core.problems import CounterError

Shown = tuple[str, bool, tuple[tuple[str, str], ...]]


async def _both_catalogs(*tills: Till) -> list[CatalogContent]:
    return [await till.services.catalogs.read(CATALOG) for till in tills]


async def test_the_catalog_reads_the_same_products_in_both_generations(tutorial_till: Till, release_till: Till) -> None:
    old, new = await _both_catalogs(tutorial_till, release_till)
    assert old.bases == ()
    assert len(new.bases) > 10
    assert {one.id: one.name for one in old.products}.items() <= {one.id: one.name for one in new.products}.items()
    assert len(old.products) == 65
    assert [one.incomplete for one in (old, new)] == [False, False]
    assert [one.unreadable for one in (old, new)] == [0, 0]


async def test_a_base_gives_its_products_zone_and_limit(release_till: Till) -> None:
    content = await release_till.services.catalogs.read(CATALOG)
    show = content.product(SHOW_PRODUCT)
    assert show is not None
    base = content.base_of(show)
    assert base is not None
    assert base.zone == "Europe/Paris"
    assert [label for _code, label in show.options] == ["Adulte", "Argent"]
    assert any(one.most_per_order == 10 for one in content.bases)


async def test_what_was_kept_on_disk_is_read_back_equal(till: Till) -> None:
    content = await till.services.catalogs.read(CATALOG)
    await till.restart()
    assert till.services.catalogs.recall(CATALOG) == content
    assert till.services.catalogs.recall(None) == content
    await till.offer()  # any answer tells the server's time
    assert not till.services.catalogs.stale


async def test_the_catalog_is_stale_after_24_hours_f02(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    content = await till.services.catalogs.read(CATALOG)
    clock = till.services.clock
    for hours, stale in ((23.9, False), (24.1, True), (-23.9, False), (-24.1, True)):
        moment = content.fetched_at + timedelta(hours=hours)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        assert till.services.catalogs.stale is stale, hours


async def test_what_another_profile_kept_is_not_shown(till: Till) -> None:
    """Its name begins with ours: a glob must not take it for ours."""
    till.services.catalogs._profile = "test-and-more"
    await till.services.catalogs.read(CATALOG)
    till.services.catalogs._profile = "test"
    assert till.services.catalogs.recall(None) is None


async def test_what_another_server_answered_is_not_shown(till: Till) -> None:
    """Two profiles whose names come to the same file name, or one whose server was changed."""
    content = await till.services.catalogs.read(CATALOG)
    till.profile = replace(till.profile, server="http://127.0.0.1:1")
    elsewhere = till._build().catalogs
    assert elsewhere.recall(CATALOG) is None
    assert elsewhere.recall(None) is None
    assert till.services.catalogs.recall(CATALOG) == content


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"version": 99}', '{"version": 2}'])
async def test_a_damaged_cache_is_read_anew(till: Till, damage: str) -> None:
    content = await till.services.catalogs.read(CATALOG)
    (file,) = till.paths.cache.glob("catalog~*.json")
    file.write_text(damage, encoding="utf-8")
    assert till.services.catalogs.recall(CATALOG) is None
    assert till.services.catalogs.stale
    assert (await till.services.catalogs.read(CATALOG)).products == content.products
    assert json.loads(file.read_text(encoding="utf-8"))["version"] == 2


async def test_a_cache_that_cannot_be_written_costs_nothing_else(till: Till, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be", encoding="utf-8")
    content = await till.services.catalogs.read(CATALOG)
    assert len(content.products) >= 65
    assert till.services.catalogs.content == content


async def test_a_catalog_that_the_account_cannot_see_is_named(till: Till) -> None:
    with pytest.raises(CounterError) as refused:
        await till.services.catalogs.read("0194abdc-3a71-72b0-a9b9-000000000000")
    assert refused.value.problem.next


async def test_no_catalog_at_all_says_whom_to_ask(till: Till) -> None:
    empty = {"@type": "Collection", "totalItems": 0, "member": []}
    till.sandbox.fault("wrong_shape", route="catalogs", value=empty)
    with pytest.raises(CounterError) as refused:
        await till.services.catalogs.read()
    assert "Korus contact" in refused.value.problem.next


async def test_one_bad_product_does_not_hide_the_others_f20(tutorial_till: Till, till: Till) -> None:
    """F20; what one list could not show, another may have: only what is nowhere is missing."""
    edits = [{"path": "member.3.id", "value": 7}, {"path": "member.3.@id", "remove": True}]
    for one, missing in ((tutorial_till, 1), (till, 0)):
        one.sandbox.fault("replace", route="products", edits=edits)
        content = await one.services.catalogs.read(CATALOG)
        assert content.unreadable == missing
        assert len(content.products) >= 65 - missing


async def test_a_month_is_equal_in_both_generations(tutorial_till: Till, release_till: Till) -> None:
    """The tutorial's API is asked day by day, the newest one for the whole month at once."""
    months = []
    for till in (tutorial_till, release_till):
        days: set[date | None] = set()
        read = await till.services.offers.month(CATALOG, product(SHOW_PRODUCT), 2025, 6, days.update, DAY)
        assert days == set(read)
        months.append({day: [(one.id, one.price, one.day) for one in offers] for day, offers in read.items()})
        assert till.services.offers.known_month(product(SHOW_PRODUCT), 2025, 6) == read
    assert months[0] == months[1]
    assert len(months[0]) > 20
    assert min(day for day in months[0] if day) == DAY


async def test_a_month_that_is_over_has_no_offers_and_asks_nothing(till: Till) -> None:
    before = till.sandbox.state()["calls"].get("offers", 0)
    later = date(2025, 7, 1)
    assert await till.services.offers.month(CATALOG, product(SHOW_PRODUCT), 2025, 6, lambda _days: None, later) == {}
    assert till.sandbox.state()["calls"].get("offers", 0) == before


def _shown(tickets: tuple[Ticket, ...]) -> list[Shown]:
    return [
        (one.id, one.full_day, tuple((session.id, str(session.starts_at)) for session in one.sessions))
        for one in tickets
    ]


async def test_tickets_have_the_same_sessions_in_both_generations(tutorial_till: Till, release_till: Till) -> None:
    old = await tutorial_till.services.offers.tickets.of(await tutorial_till.offer())
    new = await release_till.services.offers.tickets.of(await release_till.offer())
    assert _shown(old) == _shown(new)
    assert [one.full_day for one in old] == [True, False]
    assert [session.starts_at and session.starts_at.hour for session in old[1].sessions] == [17, 20]
    # Each generation has its own address for a session; what is sent back is what was read.
    assert "/events/" in old[1].sessions[0].iri
    assert "/tickets/" in new[1].sessions[0].iri


async def test_an_offer_with_a_ticket_that_cannot_be_read_is_not_sold_without_it_f20(till: Till) -> None:
    """F20: in a list of tickets the others are not enough."""
    offer = await till.offer()
    till.sandbox.fault("replace", route="tickets", edits=[{"path": "member.1", "value": "?"}])
    with pytest.raises(ApiError):
        await till.services.offers.tickets.of(offer)
    assert len(await till.services.offers.tickets.of(offer)) == 2


async def test_an_offer_that_is_gone_does_not_cost_the_others_their_sessions_f15(release_till: Till) -> None:
    """F15: once the newer call for sessions has worked, 404 is about this offer, not about the API."""
    offer = await release_till.offer()
    before = await release_till.services.offers.tickets.of(offer)
    release_till.sandbox.fault("status", route="ticket_sessions", status=404)
    with pytest.raises(NotFound):
        await release_till.services.offers.tickets.of(offer)
    assert await release_till.services.offers.tickets.of(offer) == before


async def test_real_time_places_are_told_by_session(till: Till) -> None:
    offer = await till.offer()
    tickets = await till.services.offers.tickets.of(offer)
    live = await till.services.offers.tickets.live(offer)
    assert live.left_by_session.keys() == {session.id for session in tickets[1].sessions}


async def test_a_list_that_cannot_be_read_is_an_error_and_not_an_empty_list(till: Till) -> None:
    till.sandbox.fault("status", route="offers", status=500, count=None)
    with pytest.raises(ApiError):
        await till.services.offers.month(CATALOG, product(SHOW_PRODUCT), 2025, 6, lambda _days: None, DAY)
    assert till.services.offers.known_month(product(SHOW_PRODUCT), 2025, 6) is None


async def test_a_form_is_read_with_its_fields_and_none_is_sent_where_none_can_be_read(till: Till) -> None:
    content = await till.services.catalogs.read(CATALOG)
    dinner = next(one for one in content.products if one.name.startswith("Dîner"))
    days = await till.services.offers.month(CATALOG, dinner, 2025, 6, lambda _days: None, DAY)
    offer = next(iter(days.values()))[0]
    (ticket,) = await till.services.offers.tickets.of(offer)
    assert ticket.form
    assert any(field.required for field in ticket.fields)
    assert any(field.choices for field in ticket.fields)
    till.sandbox.fault("status", route="form", status=404)
    (without,) = await till.services.offers.tickets.of(offer)
    assert (without.form, without.fields) == (None, ())
    assert without.sessions == ticket.sessions


# What cannot be read


async def test_catalogs_of_which_none_can_be_read_are_not_no_access(till: Till) -> None:
    till.sandbox.fault("wrong_shape", route="catalogs", value={"totalItems": 1, "member": [{"name": 7}]})
    with pytest.raises(Malformed) as refused:
        await till.services.catalogs.read()
    assert refused.value.resource == "Catalog"


@pytest.mark.parametrize("route", ["bases", "base_products", "products"])
async def test_one_list_that_is_not_understood_leaves_the_others(release_till: Till, route: str) -> None:
    release_till.sandbox.fault("wrong_shape", route=route, value={"totalItems": 3}, count=None)
    content = await release_till.services.catalogs.read(CATALOG)
    assert content.product(SHOW_PRODUCT) is not None
    assert content.incomplete


async def test_products_of_which_none_can_be_read_are_not_an_empty_catalog(tutorial_till: Till) -> None:
    value = {"totalItems": 2, "member": [{"name": "a"}, {"name": "b"}]}
    tutorial_till.sandbox.fault("wrong_shape", route="products", value=value)
    with pytest.raises(Malformed):
        await tutorial_till.services.catalogs.read(CATALOG)


async def test_offers_of_which_none_can_be_read_are_not_a_day_without_any(till: Till) -> None:
    till.sandbox.fault("replace", route="offers", edits=[{"path": "member", "value": [{"id": 1}]}], count=None)
    with pytest.raises(Malformed):
        await till.services.offers.day(CATALOG, DAY, [product(SHOW_PRODUCT)])


async def test_real_time_places_that_are_not_understood_leave_the_lists_figures(till: Till) -> None:
    offer = await till.offer()
    till.sandbox.fault("wrong_shape", route="availability", value=[])
    assert (await till.services.offers.tickets.live(offer)).left is None


@pytest.mark.parametrize(("generation", "calls"), [("tutorial", 4), ("1.0.7", 12), ("release", 12), ("least", 22)])
async def test_a_catalog_is_a_few_calls_where_products_say_which_base_they_are_of(
    generation: str, calls: int, tmp_path: Path
) -> None:
    """By the addresses of their option values; a base that none names is asked for its products."""
    with SandboxProcess(generation=generation) as sandbox:
        async with Till(sandbox, tmp_path) as till:
            content = await till.services.catalogs.read(CATALOG)
            made = sandbox.state()["calls"]
            assert sum(made.values()) - made["token"] <= calls, made
            assert len(content.products) == 65
            if generation == "tutorial":
                assert content.bases == ()
            else:
                assert {one.base for one in content.products} <= {base.id for base in content.bases}
                assert max(Counter(one.base for one in content.products).values()) > 3
