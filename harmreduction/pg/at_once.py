"""Several querysets read in one statement: a page asks for many small things, each a round trip by itself.

Rows come back as JSON, as they go in `rows`, and become what each queryset would have given.
"""

from collections.abc import Callable
from copy import copy
from datetime import date, datetime, time
from functools import cache
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models import Field, QuerySet

# What JSON would change on the way is told as text.
AS_TEXT = (models.JSONField, models.DecimalField)
LOADED: list[tuple[type[Field], Callable]] = [
    (models.DateTimeField, datetime.fromisoformat),
    (models.DateField, date.fromisoformat),
    (models.TimeField, time.fromisoformat),
    (models.UUIDField, UUID),
    (models.DecimalField, models.DecimalField().to_python),
    (models.BinaryField, lambda told: bytes.fromhex(told.removeprefix("\\x"))),
]
AS_IT_IS = (models.IntegerField, models.BooleanField, models.FloatField, models.CharField, models.TextField,
            models.JSONField)  # fmt: skip


def read(*querysets: QuerySet) -> list[list]:
    """What each of them gives, in their order. One statement a database; whatever a column may hold, but
    ranges: TypeError.
    """
    return Composed(*querysets).read()


class Composed:
    """Querysets that are asked often: Django composes them once, which takes longer than to answer them.

    Every value in them stays as it is, a day or an instant too; what is read is read anew each time.
    """

    def __init__(self, *querysets: QuerySet):
        self.asked = [_Asked(queryset) for queryset in querysets]

    def read(self) -> list[list]:
        told: dict[_Asked, list] = {}
        for alias in {one.alias for one in self.asked}:
            told |= _ask(alias, [one for one in self.asked if one.alias == alias and one.sql])
        return [one.answer(told.get(one, [])) for one in self.asked]


def _ask(alias: str, asked: list["_Asked"]) -> dict["_Asked", list]:
    if not asked:
        return {}
    with connections[alias].cursor() as cursor:
        cursor.execute(
            f"select {', '.join(one.sql for one in asked)}",  # noqa: S608 - made by querysets
            [param for one in asked for param in one.params],
        )
        return {one: told or [] for one, told in zip(asked, cursor.fetchone(), strict=True)}


class _Asked:
    """One queryset: its statement as a column of JSON. Threads may share it."""

    def __init__(self, queryset: QuerySet):
        self.queryset, self.alias = queryset.all(), queryset.db
        self.compiler = self.queryset.query.get_compiler(using=self.alias)
        try:
            inner, self.params = self.compiler.as_sql()
        except EmptyResultSet:
            self.sql, self.params, self.loads = "", (), []
            return
        self.loads = [_load_of(_field_of(selected[0])) for selected in self.compiler.select]
        names = [f"c{n}" for n in range(len(self.loads))]
        columns = ", ".join(
            f"{name}::text" if isinstance(_field_of(selected[0]), AS_TEXT) else name
            for name, selected in zip(names, self.compiler.select, strict=True)
        )
        self.sql = f"(select json_agg(r) from (select {columns} from ({inner}) q({', '.join(names)})) r)"  # noqa: S608

    def answer(self, told: list[dict]) -> list:
        """The queryset goes on with these rows as if it had asked for them itself."""
        rows = [
            [
                load(value) if value is not None else None
                for load, value in zip(self.loads, row.values(), strict=True)
            ]
            for row in told
        ]
        queryset, compiler = self.queryset.all(), copy(self.compiler)
        compiler.connection = connections[self.alias]
        compiler.execute_sql = lambda *_given, **_named: [rows]
        queryset.query.get_compiler = lambda *_given, **_named: compiler
        return list(queryset)


def _field_of(selected) -> Field:
    return selected.output_field


def _load_of(field: Field) -> Callable:
    if isinstance(field, ArrayField):
        load = _load_of(field.base_field)
        return lambda told: [load(one) if one is not None else None for one in told]
    return _load_of_kind(type(field.target_field if isinstance(field, models.ForeignKey) else field))


@cache
def _load_of_kind(kind: type[Field]) -> Callable:
    for known, load in LOADED:
        if issubclass(kind, known):
            return load
    if issubclass(kind, AS_IT_IS):
        return lambda told: told
    raise TypeError(f"{kind.__name__} is not read at once with others")
