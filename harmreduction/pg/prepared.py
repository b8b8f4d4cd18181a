"""Statements that every save asks: written once, prepared by the server, their rows read without a queryset.

A queryset is composed by Django and planned by PostgreSQL anew each time, which costs more than its answer.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import TypeVar

from django.db import connection
from django.db.models import Model

M = TypeVar("M", bound=Model)


def ask(statement: str, **values) -> list[tuple]:
    """The rows. Values are named in the statement as %(name)s, with a cast where their type is not plain."""
    with connection.prepared_cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def listed(values: Iterable) -> str:
    """Numbers or UUIDs as an array is written: the driver would look at each of them twice."""
    return f"{{{','.join(map(str, values))}}}"


@cache
def columns(model: type[Model], table: str) -> str:
    """Every column of a model, to be read from `table` as the statement calls it."""
    return ", ".join(f'{table}."{field.column}"' for field in model._meta.concrete_fields)


def made(model: type[M], values: Iterator) -> M:
    """The object of the next values of a row, which were read by `columns`."""
    names, converters = _reading(model)
    read = list(islice(values, len(names)))
    for place, convert in converters:
        read[place] = convert(read[place], None, connection)
    return model.from_db(connection.alias, names, read)


@cache
def _reading(model: type[Model]) -> tuple[list[str], list[tuple]]:
    fields = list(enumerate(model._meta.concrete_fields))
    converters = [(place, f.from_db_value) for place, f in fields if hasattr(f, "from_db_value")]
    return [field.attname for _place, field in fields], converters
