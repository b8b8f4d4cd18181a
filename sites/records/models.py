from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from sites.codes.queries import is_code
from sites.keyring.fields import SealedJSON
from sites.places.models import BusySiteRow, SiteRow
from sites.records.terms import CHANGES, FREE_TEXT, IMPORT_FLAG, TO_CONFIRM_FLAG, Status


class Record(BusySiteRow):
    """One thing that happened, as it was sent. Once `created` it never changes (a trigger refuses).

    What it means now, corrections and voids applied, is folded from the records
    about the same visit, overdose event or lot (`subject`).
    """

    record_id = models.UUIDField()
    kind = models.CharField(max_length=30)
    subject = models.UUIDField(null=True)
    target = models.UUIDField(null=True)
    occurred_at = models.DateTimeField()
    sent_occurred_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    received_at = models.DateTimeField()
    service_date = models.DateField()
    seq = models.BigIntegerField(default=0)
    by = models.CharField(max_length=40, blank=True)
    device = models.CharField(max_length=36, blank=True)
    data = SealedJSON()
    content_mac = models.BinaryField(max_length=32)
    status = models.CharField(max_length=12, choices=Status.choices)
    errors = models.JSONField(default=dict)
    waits_for = models.UUIDField(null=True)
    flags = ArrayField(models.CharField(max_length=20), default=list)
    settled_at = models.DateTimeField(null=True)

    def seals(self, name: str, text: str) -> bool:
        """Whether a text of its data is sealed. Of what was not applied nobody looked at what it holds:
        everything is, but for what is plainly a code.
        """
        if self.status != Status.CREATED:
            return not is_code(text)
        # The reason of a change is free text, that of a departure is a code.
        return name in FREE_TEXT or (name == "reason" and self.kind in CHANGES)

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE"}
    PRIVACY = {
        "open": ["id", "kind", "status", "site"],
        "coarsened": ["service_date"],
        "never": [
            "record_id", "subject", "target", "occurred_at", "sent_occurred_at", "entered_at",
            "received_at", "seq", "by", "device", "data", "content_mac", "errors", "waits_for",
            "flags", "settled_at",
        ],
    }  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "record_id"], name="one_row_a_record"),
            models.CheckConstraint(
                condition=~Q(status=Status.HELD) | Q(waits_for__isnull=False), name="held_waits_for"
            ),
        ]
        indexes = [
            models.Index(fields=["site", "subject"], name="record_subject"),
            models.Index(fields=["site", "target"], name="record_target", condition=Q(target__isnull=False)),
            models.Index(
                fields=["site", "waits_for"],
                name="record_waits",
                condition=Q(waits_for__isnull=False),
            ),
            models.Index(
                fields=["site", "status"],
                name="record_kept",
                condition=~Q(status=Status.CREATED) & Q(settled_at__isnull=True),
            ),
            models.Index(fields=["site", "service_date"], name="record_day"),
            models.Index(
                fields=["site", "occurred_at"],
                name="record_to_confirm",
                condition=Q(flags__contains=[TO_CONFIRM_FLAG]),
            ),
            models.Index(
                fields=["site", "device", "subject"],
                name="record_of_import",
                condition=Q(flags__contains=[IMPORT_FLAG]),
            ),
        ]


class Authorship(SiteRow):
    """Who is said, and by whom, to have written a record that was to confirm. Only added; the last counts."""

    record_id = models.UUIDField()
    author = models.CharField(max_length=40, blank=True)  # nobody of ours when empty
    said_by = models.CharField(max_length=40)
    said_at = models.DateTimeField()
    device = models.CharField(max_length=36, blank=True)

    GRANTS = {"scs_app": "SELECT, INSERT"}
    PRIVACY = {"open": ["id", "site"], "never": ["record_id", "author", "said_by", "said_at", "device"]}

    class Meta:
        indexes = [models.Index(fields=["site", "record_id"], name="authorship_of")]
