from django.db import models


class Instant(models.Model):
    """The latest instant that history was replayed to with --as-of; one row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    as_of = models.DateTimeField()

    GRANTS = {
        "scs_app": "SELECT, INSERT, UPDATE",
        "scs_seal": "SELECT, INSERT, UPDATE",
        "scs_release": "SELECT",
    }
    PRIVACY = {"open": ["id", "as_of"]}


class Heartbeat(models.Model):
    """When something that must keep going last went."""

    name = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField()

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE"}
    PRIVACY = {"open": ["name", "at"]}
