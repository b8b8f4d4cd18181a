"""While an upgrade goes on, and after one that was taken back, the release before runs on the new tables.

So a column or table goes one release after the code that named it, and a new column has a default that the
database itself knows: Django's own is gone once the column is there. A migration for which that is no matter
says why, as `OLD_CODE`.
"""

import pytest
from django.db import models
from django.db.migrations import (
    AddField,
    CreateModel,
    DeleteModel,
    RemoveField,
    RenameField,
    RenameModel,
    SeparateDatabaseAndState,
)
from django.db.migrations.loader import MigrationLoader

from tests.migrations import steps

FLOOR = "0047_lasting_texts_are_sealed"
GONE = (RemoveField, RenameField, DeleteModel, RenameModel)


def breaks(operation) -> bool:
    if isinstance(operation, SeparateDatabaseAndState):
        return any(map(breaks, operation.database_operations))
    if isinstance(operation, AddField):
        field = operation.field
        return not (field.many_to_many or field.null or field.has_db_default())
    return isinstance(operation, GONE)


def test_old_code_runs_on_new_tables():
    migrations = MigrationLoader(None).disk_migrations
    names = steps.names()
    for name in names[names.index(FLOOR) + 1 :]:
        migration = migrations[steps.APP, name]
        broken = [one.describe() for one in migration.operations if breaks(one)]
        assert not broken or getattr(migration, "OLD_CODE", ""), (name, broken)


@pytest.mark.parametrize(
    ("operation", "broken"),
    [
        (RemoveField("visit", "note"), True),
        (RenameField("visit", "note", "said"), True),
        (DeleteModel("Visit"), True),
        (RenameModel("Visit", "Stay"), True),
        (SeparateDatabaseAndState([RemoveField("visit", "note")]), True),
        (SeparateDatabaseAndState([], [RemoveField("visit", "note")]), False),
        (AddField("visit", "note", models.TextField()), True),
        (AddField("visit", "note", models.TextField(default="")), True),
        (AddField("visit", "note", models.TextField(default="", db_default="")), False),
        (AddField("visit", "note", models.TextField(null=True)), False),
        (AddField("visit", "codes", models.ManyToManyField("scs.CodeValue")), False),
        (CreateModel("Note", [("id", models.BigAutoField(primary_key=True))]), False),
    ],
)
def test_what_old_code_would_miss_is_seen(operation, broken):
    assert breaks(operation) is broken
