"""New rows of one table or several in one statement, however many: their values travel as JSON.

A statement that names every value is built, sent and read value by value, which costs more than to keep them.
"""

import json
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from uuid import UUID

from django.db import connection
from django.db.models import AutoField, Field, Model
from psycopg.types.json import Jsonb


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


def _told(row: Model) -> dict:
    return {
        field.column: field.get_db_prep_save(field.pre_save(row, True), connection)
        for field in _fields(type(row))
    }


def _as_json(rows: list[dict]) -> str:
    return json.dumps(rows, default=_written, ensure_ascii=False, separators=(",", ":"))


def _written(value) -> object:
    """What JSON has no word for, as PostgreSQL reads it."""
    match value:
        case datetime() | date():
            return value.isoformat()
        case UUID():
            return str(value)
        case Jsonb():
            return value.obj
    return f"\\x{bytes(getattr(value, 'obj', value)).hex()}"
