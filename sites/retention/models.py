from django.db import models

from sites.places.models import SiteQuerySet


class RetentionSchedule(models.Model):
    """The periods an organisation signed. The newest counts; without one nothing is destroyed.

    `periods`: {"all": {rule: months}, "sites": {site code: {rule: months}}}.
    """

    organisation = models.ForeignKey("scs.Organisation", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField()
    periods = models.JSONField()
    signed_at = models.DateTimeField()
    signed_by = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    function = models.CharField(max_length=80)

    GRANTS = {"scs_app": "SELECT, INSERT"}
    PRIVACY = {
        "open": ["id", "organisation", "version", "periods", "signed_at"],
        "never": ["signed_by", "name", "function"],
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "version"], name="one_schedule_a_version")
        ]


class Destruction(models.Model):
    """One run of destruction at a site, or of what no site has; finished, it is a certificate.

    `counts`: {rule: {table: rows}}, grown with each batch; `cutoffs`: {rule: first day kept}.
    """

    site = models.ForeignKey("scs.Site", null=True, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    began_at = models.DateTimeField()
    by = models.CharField(max_length=40)
    schedule = models.ForeignKey(RetentionSchedule, on_delete=models.PROTECT, related_name="+")
    cutoffs = models.JSONField()
    counts = models.JSONField(default=dict)
    keys = models.JSONField(default=list)
    vacuumed = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True)
    before = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    public_key = models.CharField(max_length=64, blank=True)
    signature = models.CharField(max_length=100, blank=True)

    objects = SiteQuerySet.as_manager()

    SITE_ROWS = "site_id is null or {mine}"
    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE"}
    PRIVACY = {
        "open": [
            "id", "site", "number", "began_at", "schedule", "cutoffs", "counts", "keys", "vacuumed",
            "finished_at", "before", "sha256", "public_key", "signature",
        ],
        "never": ["by"],
    }  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "number"], name="one_destruction_a_number", nulls_distinct=False
            ),
            models.UniqueConstraint(
                fields=["site"], name="one_destruction_at_a_time", nulls_distinct=False,
                condition=models.Q(finished_at=None),
            ),
        ]  # fmt: skip


class DryRun(models.Model):
    """What a run at a site would destroy, counted by the worker: as far as it is, then as it was found.

    `due`: {rule: [what goes, what a hold keeps]}; `counts` and `cutoffs` as in a Destruction.
    """

    site = models.ForeignKey("scs.Site", null=True, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    cutoffs = models.JSONField(default=dict)
    due = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    step = models.PositiveSmallIntegerField(default=0)
    day = models.DateField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = SiteQuerySet.as_manager()

    SITE_ROWS = "site_id is null or {mine}"
    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE, DELETE"}
    PRIVACY = {
        "open": ["id", "site", "asked_at", "cutoffs", "due", "counts", "step", "day", "finished_at"],
        "never": ["by"],
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site"], name="one_dry_run_a_site", nulls_distinct=False)
        ]
