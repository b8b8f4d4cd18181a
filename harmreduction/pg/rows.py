"""New rows of one table or several in one statement, however many: their values travel as JSON.

A statement that names every value is built, sent and read value by value, which costs more than to keep them.
"""

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from uuid import UUID

from django.db import connection
from django.db.models import AutoField, DateField, DateTimeField, Field, Model


def insert(rows: Iterable[Model]) -> None:
    """Write rows that nothing refers to yet: what the database numbers stays unknown."""
    tables: dict[type[Model], list[dict]] = {}
    for row in rows:
        tables.setdefault(type(row), []).append(_told(row))
    if not tables:
        return
    parts = [f"part{n} as ({_statement(model)})" for n, model in enumerate(tables)]
    with connection.prepared_cursor() as cursor:
        cursor.execute(f"with {', '.join(parts)} select", list(map(_as_json, tables.values())))  # noqa: S608


def change(row: Model) -> None:
    """Write a row that is there as it is now."""
    with connection.prepared_cursor() as cursor:
        cursor.execute(_changing(type(row)), [_as_json(_told(row)), row.pk])


@cache
def _fields(model: type[Model]) -> list[Field]:
    return [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]


@cache
def _statement(model: type[Model]) -> str:
    table = model._meta.db_table
    columns = ", ".join(f'"{field.column}"' for field in _fields(model))
    return (
        f'insert into "{table}" ({columns})'  # noqa: S608 - names of our own models
        f' select {columns} from json_populate_recordset(null::"{table}", %s::json)'
    )


@cache
def _changing(model: type[Model]) -> str:
    table = model._meta.db_table
    columns = ", ".join(f'"{field.column}"' for field in _fields(model))
    return (
        f'update "{table}" set ({columns}) = (select {columns}'  # noqa: S608 - names of our own models
        f' from json_populate_record(null::"{table}", %s::json)) where "{model._meta.pk.column}" = %s::bigint'
    )


@cache
def _told_as(model: type[Model]) -> list[tuple[str, str, Field | None]]:
    """Of each column its name, its attribute, and the field where that has something to say of the value."""
    return [(field.column, field.attname, None if _as_it_is(field) else field) for field in _fields(model)]


def _as_it_is(field: Field) -> bool:
    plain = {kind.pre_save for kind in (Field, DateField, DateTimeField)}
    by_itself = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    return type(field).pre_save in plain and not by_itself


def _told(row: Model) -> dict:
    """Values as JSON or `_written` writes them, which is how PostgreSQL reads each type from text."""
    return {
        column: getattr(row, attname) if field is None else field.pre_save(row, True)
        for column, attname, field in _told_as(type(row))
    }


def _written(value) -> object:
    """What JSON has no word for, as PostgreSQL reads it."""
    if isinstance(value, date):  # a datetime too
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return f"\\x{bytes(value).hex()}"


_as_json = json.JSONEncoder(default=_written, ensure_ascii=False, separators=(",", ":")).encode
