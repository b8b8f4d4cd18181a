from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sites.overdoses.terms import DEATHS, EventClass, Severity
from sites.places.models import SiteRow

ADDED_ONLY = {"scs_app": "SELECT, INSERT"}
DERIVED = {"scs_app": "SELECT, INSERT, UPDATE, DELETE"}


class OverdoseEvent(SiteRow):
    """Where a suspected overdose stands, folded from its records. Never edited by hand."""

    ref = models.UUIDField()
    visit_ref = models.UUIDField(null=True)
    opened_at = models.DateTimeField()
    service_date = models.DateField()
    location = models.CharField(max_length=40)
    booth = models.CharField(max_length=8, blank=True)
    outside = models.BooleanField()
    person = models.CharField(max_length=40, blank=True)
    presentation = models.CharField(max_length=40, blank=True)
    event_class = models.CharField(max_length=20, choices=EventClass.choices, blank=True)
    believed = ArrayField(models.CharField(max_length=40), default=list)
    outcome = models.CharField(max_length=40, blank=True)
    ems_called = models.CharField(max_length=10, blank=True)
    endpoint_rr = models.CharField(max_length=12, blank=True)
    endpoint_spo2 = models.CharField(max_length=12, blank=True)
    endpoint_awake = models.CharField(max_length=12, blank=True)
    ended_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    severity = models.PositiveSmallIntegerField(choices=Severity.choices, default=Severity.MONITORED)
    doses = models.PositiveSmallIntegerField(default=0)
    doses_staff = models.PositiveSmallIntegerField(default=0)
    mg_staff = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    oxygen = models.BooleanField(default=False)
    oxygen_after_s = models.IntegerField(null=True)
    naloxone_after_s = models.IntegerField(null=True)
    last_dose_at = models.DateTimeField(null=True)
    ems_calls = models.PositiveSmallIntegerField(default=0)
    reversal = models.BooleanField(default=False)

    GRANTS = DERIVED
    PRIVACY = {
        "open": ["id", "site"],
        "coarsened": [
            "service_date", "outside", "event_class", "severity", "doses", "doses_staff",
            "ems_calls", "reversal",
        ],
        "never": [
            "ref", "visit_ref", "opened_at", "location", "booth", "person", "presentation",
            "believed", "outcome", "ems_called", "endpoint_rr", "endpoint_spo2", "endpoint_awake", "ended_at",
            "closed_at",
            "mg_staff", "oxygen", "oxygen_after_s", "naloxone_after_s",
            "last_dose_at",
        ],
    }  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "ref"], name="one_event_a_ref"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, presentation="", outcome="")
                | Q(closed_at__isnull=False) & ~Q(presentation="") & ~Q(outcome=""),
                name="closed_has_an_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["site", "service_date"], name="event_day"),
            models.Index(fields=["site", "visit_ref"], name="event_visit"),
            models.Index(
                fields=["site", "opened_at"], name="event_open", condition=Q(closed_at__isnull=True)
            ),
            models.Index(
                fields=["site", "closed_at"], name="event_death", condition=Q(outcome__in=sorted(DEATHS))
            ),
        ]


class ResponseStep(SiteRow):
    event = models.ForeignKey(OverdoseEvent, on_delete=models.CASCADE, related_name="steps")
    record_id = models.UUIDField()
    step = models.CharField(max_length=40)
    at = models.DateTimeField()
    measure = models.CharField(max_length=12, blank=True)
    value = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    choice = models.CharField(max_length=40, blank=True)
    by = models.CharField(max_length=40, blank=True)

    GRANTS = DERIVED
    PRIVACY = {
        "open": ["id", "site"],
        "coarsened": ["step"],
        "never": ["event", "record_id", "at", "measure", "value", "choice", "by"],
    }

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["site", "record_id"], name="one_step_a_record")]


class NaloxoneDose(SiteRow):
    event = models.ForeignKey(OverdoseEvent, on_delete=models.CASCADE, related_name="dose_rows")
    record_id = models.UUIDField()
    at = models.DateTimeField()
    product = models.CharField(max_length=40)
    route = models.CharField(max_length=4)
    dose_mg = models.DecimalField(max_digits=5, decimal_places=2)
    given_by = models.CharField(max_length=40)
    lot_ref = models.UUIDField(null=True)
    by = models.CharField(max_length=40, blank=True)

    GRANTS = DERIVED
    PRIVACY = {
        "open": ["id", "site", "product", "route"],
        "coarsened": ["given_by"],
        "never": ["event", "record_id", "at", "dose_mg", "lot_ref", "by"],
    }

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["site", "record_id"], name="one_dose_a_record"),
            models.CheckConstraint(condition=Q(dose_mg__gt=0), name="dose_above_zero"),
        ]
        indexes = [
            models.Index(fields=["site", "at"], name="dose_without_lot", condition=Q(lot_ref__isnull=True))
        ]


class Protocol(SiteRow):
    """One version of the site's protocol for overdoses. Insert-only: a change is a new version.

    `intervals`: seconds between two doses, by product code and route. `breath_s`: seconds a breath.
    """

    version = models.CharField(
        _("version"),
        max_length=12,
        validators=[RegexValidator(r"^[0-9A-Za-z][0-9A-Za-z.-]*\Z", _("Un numéro, comme 2 ou 2.1."))],
        help_text=_("Le numéro que porte le document, comme 2."),
    )
    valid_from = models.DateField(_("en vigueur dès le"))
    director = models.CharField(
        _("médecin responsable"),
        max_length=120,
        help_text=_("Le nom ou la fonction, comme elle sera lue sur les tablettes."),
    )
    goal_fr = models.CharField(
        _("le but, en français"),
        max_length=80,
        blank=True,
        help_text=_("Une phrase courte, comme « Le but : respirer, pas s’éveiller. »"),
    )
    goal_en = models.CharField(_("le but, en anglais"), max_length=80, blank=True)
    text_fr = models.TextField(_("texte du protocole, en français"), max_length=10_000)
    text_en = models.TextField(_("texte du protocole, en anglais"), max_length=10_000, blank=True)
    intervals = models.JSONField(default=dict)
    breath_s = models.PositiveSmallIntegerField(
        _("une insufflation aux (secondes)"),
        null=True,
        blank=True,
        help_text=_("Vide : le rythme n’est pas offert."),
    )
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=40)

    GRANTS = ADDED_ONLY
    PRIVACY = {
        "open": [
            "id", "site", "version", "valid_from", "director", "goal_fr", "goal_en", "text_fr", "text_en",
            "intervals", "breath_s", "entered_at",
        ],
        "never": ["entered_by"],
    }  # fmt: skip

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "version"], name="one_protocol_a_version")]

    @property
    def text(self) -> str:
        return (self.text_en if english() else "") or self.text_fr

    @property
    def goal(self) -> str:
        return (self.goal_en if english() else "") or self.goal_fr


def english() -> bool:
    return (get_language() or "fr").startswith("en")


class AuthorityNotice(SiteRow):
    """Someone told the authority of a death. Insert-only; without one, the death is still to declare."""

    event_ref = models.UUIDField()
    told_at = models.DateTimeField()
    told_by = models.CharField(max_length=40)
    reference = models.CharField(max_length=60, blank=True)

    GRANTS = ADDED_ONLY
    PRIVACY = {"open": ["id", "site"], "never": ["event_ref", "told_at", "told_by", "reference"]}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "event_ref"], name="one_notice_a_death")]
