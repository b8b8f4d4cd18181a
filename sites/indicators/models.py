from django.db import models

from sites.places.models import SiteRow


class CountedDay(SiteRow):
    """When a service day was last counted, what its counts hash to, and which counts were reported.

    A closed day whose two hashes differ has a report to build: the index holds those days alone.
    """

    service_date = models.DateField()
    counted_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    reported_sha256 = models.CharField(max_length=64, default="", blank=True)
    # Whether it was looked over for what is odd since it was counted.
    looked_over = models.BooleanField(default=False, db_default=False)

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE", "scs_seal": "SELECT"}
    PRIVACY = {
        "open": ["id", "site", "service_date", "counted_at", "sha256", "reported_sha256", "looked_over"]
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "service_date"], name="one_count_a_day")]
        indexes = [
            models.Index(
                fields=["site", "service_date"],
                name="report_due",
                condition=~models.Q(sha256=models.F("reported_sha256")),
            ),
            models.Index(
                fields=["site", "service_date"], name="look_due", condition=models.Q(looked_over=False)
            ),
        ]


class CountedSpan(SiteRow):
    """From which to which service day a site was counted through, each day since it closed.

    So that asking what is due costs one row, however long the history is.
    """

    first = models.DateField()
    last = models.DateField()

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE, DELETE"}
    PRIVACY = {"open": ["id", "site", "first", "last"]}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site"], name="one_span_a_site")]


class FrozenCounts(SiteRow):
    """From the first to the last day of these, facts were destroyed: their counts stay as they are."""

    first = models.DateField()
    last = models.DateField()

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE"}
    PRIVACY = {"open": ["id", "site", "first", "last"]}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site"], name="one_frozen_span_a_site")]


class DailyCount(SiteRow):
    """Exact, inside only: one number of one service day."""

    service_date = models.DateField()
    indicator = models.CharField(max_length=40)
    category = models.CharField(max_length=40, default="ALL")
    value = models.DecimalField(max_digits=12, decimal_places=2, null=True)

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE, DELETE", "scs_seal": "SELECT"}
    PRIVACY = {
        "open": ["id", "site", "indicator", "category"],
        "coarsened": ["service_date", "value"],
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "service_date", "indicator", "category"], name="one_value_a_cell"
            )
        ]
        indexes = [models.Index(fields=["site", "indicator", "service_date"], name="count_series")]
