from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sites.places.models import SiteRow
from sites.signals.terms import Method, Subject

ADDED_ONLY = {"scs_app": "SELECT, INSERT"}
KEPT = {"scs_app": "SELECT, INSERT, UPDATE"}


class Watch(SiteRow):
    """How a site is watched: its own threshold, and the last closed day that was judged."""

    threshold_24h = models.PositiveSmallIntegerField(_("seuil en 24 heures"), null=True, blank=True)
    judged_day = models.DateField(null=True)
    judged_sha256 = models.CharField(max_length=64, blank=True)

    GRANTS = KEPT
    PRIVACY = {"open": ["id", "site", "threshold_24h", "judged_day"], "never": ["judged_sha256"]}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site"], name="one_watch_a_site")]


class Signal(SiteRow):
    """Something unusual, from when it began until it has been quiet: one at a time of each subject."""

    subject = models.CharField(max_length=12, choices=Subject.choices)
    since = models.DateTimeField()
    raised_at = models.DateTimeField()
    last_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=40, blank=True)

    GRANTS = KEPT
    PRIVACY = {
        "open": ["id", "site"],
        "never": ["subject", "since", "raised_at", "last_at", "acknowledged_at", "acknowledged_by"],
    }

    class Meta:
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["site", "subject", "raised_at"], name="one_signal_a_moment"),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by="")
                | Q(acknowledged_at__isnull=False) & ~Q(acknowledged_by=""),
                name="acknowledged_by_someone",
            ),
        ]


class SignalFinding(SiteRow):
    """What one method said of a signal, as it was then. `false_alarms`: how often it would have raised in the
    `watched_days` before, of this site. Insert-only.
    """

    signal = models.ForeignKey(Signal, on_delete=models.PROTECT, related_name="findings")
    method = models.CharField(max_length=16, choices=Method.choices)
    since = models.DateTimeField()
    found_at = models.DateTimeField()
    data_cutoff = models.DateTimeField()
    observed = models.FloatField()
    expected = models.FloatField()
    p = models.FloatField(null=True)
    parameters = models.JSONField()
    false_alarms = models.PositiveSmallIntegerField()
    watched_days = models.PositiveSmallIntegerField()

    GRANTS = ADDED_ONLY
    PRIVACY = {
        "open": ["id", "site", "method"],
        "never": ["signal", "since", "found_at", "data_cutoff", "observed", "expected", "p", "parameters",
                  "false_alarms", "watched_days"],
    }  # fmt: skip

    class Meta:
        ordering = ["found_at", "id"]
        constraints = [models.UniqueConstraint(fields=["signal", "method"], name="one_finding_a_method")]


class SupplyWarning(SiteRow):
    """What circulates, told on the boards of one site or, without one, of its whole organisation."""

    site = models.ForeignKey("scs.Site", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    organisation = models.ForeignKey("scs.Organisation", on_delete=models.PROTECT, related_name="+")
    text_fr = models.CharField(_("texte en français"), max_length=240)
    text_en = models.CharField(_("texte en anglais"), max_length=240)
    ends_on = models.DateField(_("jusqu’au"))
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=40)
    issued_from = models.CharField(max_length=20)
    withdrawn_at = models.DateTimeField(null=True)

    GRANTS = KEPT
    # A site sees its own and those of its organisation.
    SITE_ROWS = (
        "{mine} or (site_id is null and organisation_id in"
        " (select s.organisation_id from scs_site s where s.id = any((select string_to_array("
        "nullif(current_setting('app.sites', true), ''), ',')::bigint[])::bigint[])))"
    )
    PRIVACY = {
        "open": ["id", "site", "organisation", "text_fr", "text_en", "ends_on", "issued_at", "withdrawn_at"],
        "never": ["issued_by", "issued_from"],
    }

    class Meta:
        ordering = ["-issued_at", "-id"]
        indexes = [
            models.Index(fields=["ends_on"], name="warning_running", condition=Q(withdrawn_at__isnull=True))
        ]

    @property
    def text(self) -> str:
        return self.text_en if (get_language() or "fr").startswith("en") else self.text_fr


class WarningRead(SiteRow):
    """Someone has read a warning: it folds to one line for them. Insert-only."""

    warning = models.ForeignKey(SupplyWarning, on_delete=models.PROTECT, related_name="readings")
    staff = models.CharField(max_length=40)
    at = models.DateTimeField()

    GRANTS = ADDED_ONLY
    PRIVACY = {"open": ["id", "site"], "never": ["warning", "staff", "at"]}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["warning", "staff"], name="read_once")]


class SignalMessage(SiteRow):
    """What a person sent of a signal, word for word, without any count under ten. Insert-only."""

    signal = models.ForeignKey(Signal, on_delete=models.PROTECT, related_name="messages")
    recipient = models.CharField(max_length=120)
    to_person = models.CharField(_("à qui"), max_length=120)
    from_person = models.CharField(_("de la part de"), max_length=120)
    text_fr = models.TextField(_("texte en français"), max_length=1200)
    text_en = models.TextField(_("texte en anglais"), max_length=1200, blank=True)
    sha256 = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=40)

    GRANTS = ADDED_ONLY
    PRIVACY = {
        "open": ["id", "site", "recipient", "text_fr", "text_en", "sha256", "sent_at"],
        "never": ["signal", "to_person", "from_person", "sent_by"],
    }

    class Meta:
        ordering = ["-sent_at", "-id"]
