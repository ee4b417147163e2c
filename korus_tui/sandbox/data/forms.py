"""The one form of the catalog: what a guest of the dinner show is asked before places can be held."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from korus_tui.sandbox.data.types import Text, make_id


@dataclass(frozen=True)
class Field:
    """One question; `kind` is one of the API's field types."""

    code: str
    label: Text
    kind: str
    required: bool = False
    choices: tuple[str, ...] = ()


FORMS: dict[str, tuple[Field, ...]] = {
    "dinner": (
        Field("guest", Text("Nom du convive", "Guest's name"), "text", required=True),
        Field("menu", Text("Menu", "Menu"), "single_choice", True,
              ("Viande / Meat", "Poisson / Fish", "Végétarien / Vegetarian")),
        Field("allergies", Text("Allergies", "Allergies"), "multi_choice",
              choices=("Gluten", "Lactose", "Arachide / Peanut")),
        Field("wheelchair", Text("Fauteuil roulant", "Wheelchair"), "bool", required=True),
        Field("highchairs", Text("Chaises hautes", "High chairs"), "integer"),
        Field("birthday", Text("Anniversaire fêté", "Birthday celebrated"), "date"),
        Field("arrival", Text("Heure d'arrivée", "Time of arrival"), "time"),
    )
}  # fmt: skip


def form_iri(seed: int, code: str) -> str:
    return f"/v1/forms/{make_id(seed, 'form', code)}"


def field_iri(seed: int, code: str, field: Field) -> str:
    """Path that names a form's field in `formData`."""
    return f"{form_iri(seed, code)}/fields/{make_id(seed, 'field', code, field.code)}"


def render(seed: int, code: str, language: str) -> dict[str, Any]:
    iri = form_iri(seed, code)
    return {
        "@context": "/contexts/Form",
        "@id": iri,
        "@type": "Form",
        "id": iri.rsplit("/", 1)[1],
        "code": code,
        "fields": [
            {
                "@id": field_iri(seed, code, field),
                "@type": "FormField",
                "code": field.code,
                "label": field.label.say(language),
                "type": field.kind,
                "required": field.required,
                "choices": list(field.choices),
            }
            for field in FORMS[code]
        ],
    }


def accepts(field: Field, value: str) -> bool:
    """Whether `value` is written as the documents ask for this type (every value is a string)."""
    if field.kind in ("date", "time", "datetime"):
        return _moment(field.kind, value)
    if field.kind == "multi_choice":
        return all(part.strip() in field.choices for part in value.split(","))
    if field.kind == "single_choice":
        return value in field.choices
    pattern = {"bool": "true|false", "integer": "-?[0-9]{1,18}", "decimal": r"-?[0-9]{1,18}(\.[0-9]{1,9})?"}.get(
        field.kind
    )
    return bool(value.strip()) if pattern is None else re.fullmatch(pattern, value) is not None


def _moment(kind: str, value: str) -> bool:
    try:
        if kind == "date":
            return date.fromisoformat(value).isoformat() == value
        if kind == "time":
            return time.fromisoformat(value).strftime("%H:%M") == value
        return datetime.fromisoformat(value).isoformat(sep=" ") == value
    except ValueError:
        return False
