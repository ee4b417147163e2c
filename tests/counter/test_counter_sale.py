"""A sale from the choice to its documents, over real HTTP."""

from __future__ import annotations

from till import Stage, Till


async def test_a_cash_sale_ends_with_an_order_and_documents(till: Till) -> None:
    sale = await till.sell_until(Stage.ORDERED)
    assert len(till.orders(sale.reference)) == 1
    assert sale.orders[0].total == sale.taken == sale.to_collect
    (order,) = await till.services.documents.of(sale)
    assert [document.link is not None for document in order.documents] == [True]
