"""A difference in words: what only an id tells is named, or said not to be known here."""

from __future__ import annotations

import pytest
from samples import ordering

from korus_tui.sale.differences import Between, Difference
from korus_tui.screens.common.differences import difference_said

ID = "0194abfe-1bdb-7b12-af59-ad81ae443689"
OTHER = "0194abfe-1bdb-7b12-af59-000000000000"


@pytest.mark.parametrize("between", [Between.PRODUCT_ORDERED, Between.OFFER_ORDERED, Between.SESSION_ORDERED])
def test_no_id_stands_in_it(between: Between) -> None:
    said = difference_said(ordering("a"), Difference(between, "/r/1", ID, f"{OTHER}, {ID}"), {ID: "Adult"})
    assert ID not in said
    assert OTHER not in said
    assert "one that is not known here, Adult" in said
