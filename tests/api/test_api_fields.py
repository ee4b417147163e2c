"""The table of docs/api.md says for every field that the models read what happens without it."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from korus_tui.api.models import booking, ticketing
from korus_tui.api.models.base import Model

PAGE = (Path(__file__).parents[2] / "docs/api.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([^|]+) \| ([^|]+) \| [^|]+ \|$", PAGE.partition("## What happens without a field")[2], re.M)
MODELS = [
    found
    for module in (ticketing, booking)
    for _name, found in inspect.getmembers(module, inspect.isclass)
    if issubclass(found, Model) and found.__module__ == module.__name__
]


def rows_of(model: type[Model]) -> set[str]:
    """The fields that have a row under the model's name, or the name of a model of ours that it is made from."""
    names = {one.__name__ for one in model.__mro__ if issubclass(one, Model)} | {"every resource"}
    return {
        field
        for resource, fields in ROWS
        if names & {resource, *re.findall(r"[A-Z]\w+", resource)}
        for field in re.findall(r"`([@\w]+)`", fields)
    }


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_that_is_read_has_a_row(model: type[Model]) -> None:
    read = {field.alias or name for name, field in model.model_fields.items()}
    assert read - rows_of(model) == set()
