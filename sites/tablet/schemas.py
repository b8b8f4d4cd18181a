"""JSON schemas of what a form takes: the form says it, nothing is written twice."""

from collections.abc import Callable

from django import forms

from sites.codes.queries import values
from sites.naloxone.forms import ExpiryField, ProductField
from sites.records.forms import CodeField, CodesField, Flag, LinesField, ValueOrNotAssessed, YesNo
from sites.records.stories import CORRECTED, KINDS, VOIDED

UUID = {"type": "string", "format": "uuid"}
INSTANT = {"type": "string", "format": "date-time"}
CHANGES = {
    CORRECTED: {
        "type": "object",
        "additionalProperties": False,
        "required": ["target", "data", "reason"],
        "properties": {
            "target": {**UUID, "description": "id of the record to correct"},
            "data": {
                "type": "object",
                "minProperties": 1,
                "description": "Only the changed fields, and occurred_at if it changes; validated whole.",
            },
            "reason": {"type": "string", "minLength": 1, "maxLength": 200},
        },
    },
    VOIDED: {
        "type": "object",
        "additionalProperties": False,
        "required": ["target", "reason"],
        "properties": {
            "target": {**UUID, "description": "id of the record to void; its later records go first"},
            "reason": {"type": "string", "minLength": 1, "maxLength": 200},
        },
    },
}


def _codes(list_name: str) -> list[str]:
    return list(values(list_name))


def _number(field: forms.Field, kind: str) -> dict:
    schema: dict = {"type": kind}
    if getattr(field, "min_value", None) is not None:
        schema["minimum"] = float(field.min_value) if kind == "number" else field.min_value
    if getattr(field, "max_value", None) is not None:
        schema["maximum"] = float(field.max_value) if kind == "number" else field.max_value
    return schema


SCHEMAS: list[tuple[type, Callable[..., dict]]] = [
    (Flag, lambda f: {"type": "boolean"}),
    (YesNo, lambda f: {"type": "boolean"}),
    (CodesField, lambda f: {"type": "array", "minItems": 1, "items": {"enum": _codes(f.list_name)}}),
    (CodeField, lambda f: {"enum": _codes(f.list_name)}),
    (ProductField, lambda f: {"enum": list(f.queryset.values_list("code", flat=True))}),
    (
        LinesField,
        lambda f: {"type": "array", "minItems": 1, "maxItems": f.most, "items": form_schema(f.line)},
    ),
    (forms.ChoiceField, lambda f: {"enum": [value for value, _label in f.choices if value]}),
    (
        ValueOrNotAssessed,
        lambda f: {
            "oneOf": [
                {"type": "integer", "minimum": f.low, "maximum": f.high},
                {"type": "string", "pattern": r"^([0-9]{1,3}|not_assessed)$"},
            ]
        },
    ),
    (forms.UUIDField, lambda f: UUID),
    (
        ExpiryField,
        lambda f: {
            "type": "string",
            "pattern": r"^\d{4}-\d{2}(-\d{2})?$",
            "description": "A month alone means its last day.",
        },
    ),
    (forms.DateField, lambda f: {"type": "string", "format": "date"}),
    (forms.DecimalField, lambda f: _number(f, "number")),
    (forms.IntegerField, lambda f: _number(f, "integer")),
    (forms.RegexField, lambda f: {"type": "string", "pattern": f.regex.pattern}),
    (forms.CharField, lambda f: {"type": "string", "minLength": 1, "maxLength": f.max_length}),
]


def field_schema(field: forms.Field) -> dict:
    return next(make(field) for cls, make in SCHEMAS if isinstance(field, cls))


def form_schema(form: type[forms.Form]) -> dict:
    fields: dict[str, forms.Field] = form.base_fields
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name, field in fields.items() if field.required],
        "properties": {name: field_schema(field) for name, field in fields.items()},
    }


def kind_schemas() -> dict[str, dict]:
    """The data of every kind of record, by its name."""
    return {kind.name: form_schema(kind.form) for kind in KINDS.values()} | CHANGES
