from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sites.keyring.fields import LastingLine, LastingText
from sites.people import roles
from sites.people.models import Staff
from sites.places.models import SiteRow
from sites.registers.terms import Consequence, Course, Likelihood, Paper, Rhythm, Sensitivity

ONLY_ADDED = {"scs_app": "SELECT, INSERT"}
EDIT = {"scs_app": "SELECT, INSERT, UPDATE"}


class ConfidentialityIncident(SiteRow):
    """What is stated of one confidentiality incident: the eight items of Québec’s regulation (A-2.1, r. 3.1).

    Only added: an amendment is the next version, with its reason. The newest holds, the others stay readable.
    """

    number = models.PositiveIntegerField()
    version = models.PositiveSmallIntegerField()
    stated_at = models.DateTimeField()
    stated_by = models.CharField(max_length=80)
    why = LastingLine(_("pourquoi cette modification"), max_length=300, blank=True)

    information = LastingText(_("1. Les renseignements touchés"), max_length=2000)
    circumstances = LastingText(_("2. Ce qui s’est passé"), max_length=2000)
    cause = LastingText(_("La cause, si on la connaît"), max_length=2000, blank=True)
    occurred_from = models.DateField(_("3. Arrivé le (ou depuis le)"), null=True, blank=True)
    occurred_until = models.DateField(_("jusqu’au"), null=True, blank=True)
    occurred_words = LastingLine(_("ou à peu près quand"), max_length=200, blank=True)
    discovered_on = models.DateField(_("4. Découvert le"))
    persons = models.PositiveIntegerField(_("5. Nombre de personnes touchées"), null=True, blank=True)
    persons_in_quebec = models.PositiveIntegerField(_("dont au Québec"), null=True, blank=True)
    persons_words = LastingLine(_("ou à peu près combien"), max_length=200, blank=True)
    sensitivity = models.CharField(
        _("Ce qui est touché est-il sensible?"), max_length=8, choices=Sensitivity.choices, blank=True
    )
    consequences = ArrayField(
        models.CharField(max_length=12, choices=Consequence.choices),
        verbose_name=_("Que peut-il arriver à une personne?"), default=list, blank=True,
    )  # fmt: skip
    likelihood = models.CharField(
        _("Quelqu’un peut-il s’en servir pour nuire?"), max_length=8, choices=Likelihood.choices, blank=True
    )
    risk = LastingText(_("6. Ce qui fait conclure au risque, ou à son absence"), max_length=2000, blank=True)
    officer_consulted_on = models.DateField(
        _("Responsable de la protection des renseignements consulté le"), null=True, blank=True
    )
    serious = models.BooleanField(_("Risque qu’un préjudice sérieux soit causé"), null=True, blank=True)
    commission_told_on = models.DateField(_("7. Commission d’accès avisée le"), null=True, blank=True)
    minister_told_on = models.DateField(_("Ministre de la Santé avisé le"), null=True, blank=True)
    persons_told_on = models.DateField(_("Personnes touchées avisées le"), null=True, blank=True)
    persons_told_how = LastingLine(_("comment, ou pourquoi pas encore"), max_length=300, blank=True)
    public_notice_on = models.DateField(_("Avis public donné le"), null=True, blank=True)
    public_notice_why = LastingLine(_("pourquoi un avis public"), max_length=300, blank=True)
    others_told = LastingLine(
        _("Autres personnes ou organismes avisés pour diminuer le risque"), max_length=300, blank=True
    )
    measures = LastingText(_("8. Mesures prises"), max_length=2000, blank=True)
    measures_coming = LastingText(_("Mesures à prendre, et quand"), max_length=2000, blank=True)

    GRANTS = ONLY_ADDED
    PRIVACY = {
        "open": ["id", "site", "number", "version"],
        "never": [
            "stated_at", "stated_by", "why", "information", "circumstances", "cause", "occurred_from",
            "occurred_until", "occurred_words", "discovered_on", "persons", "persons_in_quebec",
            "persons_words", "sensitivity", "consequences", "likelihood", "risk", "officer_consulted_on",
            "serious", "commission_told_on", "minister_told_on", "persons_told_on", "persons_told_how",
            "public_notice_on", "public_notice_why", "others_told", "measures", "measures_coming",
        ],
    }  # fmt: skip

    class Meta:
        ordering = ["-number", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["site", "number", "version"], name="one_version_a_statement"),
            models.CheckConstraint(condition=Q(version=1) | ~Q(why=""), name="an_amendment_says_why"),
        ]


class Authorisation(SiteRow):
    """A paper that lets the site work, or an agreement: from whom, from when, until when."""

    kind = models.CharField(_("genre"), max_length=12, choices=Paper.choices)
    number = models.CharField(_("numéro"), max_length=60)
    issuer = models.CharField(_("donnée par"), max_length=120)
    starts_on = models.DateField(_("en vigueur depuis le"))
    ends_on = models.DateField(_("jusqu’au"), null=True, blank=True)
    kept_where = models.CharField(_("où est le document"), max_length=200, blank=True)
    entered_at = models.DateTimeField()
    withdrawn_on = models.DateField(_("ne vaut plus depuis le"), null=True, blank=True)

    GRANTS = EDIT
    PRIVACY = {
        "open": [
            "id", "site", "kind", "number", "issuer", "starts_on", "ends_on", "kept_where", "entered_at",
            "withdrawn_on",
        ]
    }  # fmt: skip

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="authorisation_in_order",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.number}"


class Condition(SiteRow):
    """What an authorisation asks for, who answers for it, and how often somebody looks."""

    authorisation = models.ForeignKey(Authorisation, on_delete=models.PROTECT, related_name="conditions")
    words = models.CharField(_("condition"), max_length=400)
    role = models.CharField(_("qui en répond"), max_length=20, choices=roles.CHOICES)
    rhythm = models.CharField(_("vérifiée"), max_length=8, choices=Rhythm.choices)
    since = models.DateField()
    retired_on = models.DateField(null=True, blank=True)

    GRANTS = EDIT
    PRIVACY = {"open": ["id", "site", "authorisation", "words", "role", "rhythm", "since", "retired_on"]}

    class Meta:
        ordering = ["id"]


class ConditionCheck(SiteRow):
    """Somebody looked whether a condition is kept. Only added."""

    condition = models.ForeignKey(Condition, on_delete=models.PROTECT, related_name="checks")
    on = models.DateField(_("vérifiée le"))
    kept = models.BooleanField(_("respectée"))
    evidence = models.CharField(_("ce qui le montre"), max_length=400)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    GRANTS = ONLY_ADDED
    PRIVACY = {"open": ["id", "site", "condition", "on", "kept", "evidence", "at"], "never": ["by"]}

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["condition", "-on"], name="condition_checked")]


class CourseRule(SiteRow):
    """A course that the site asks of roles, for how many months it holds (None: for good). Newest holds."""

    course = models.CharField(max_length=12, choices=Course.choices)
    roles = ArrayField(models.CharField(max_length=20, choices=roles.CHOICES), default=list)
    months = models.PositiveSmallIntegerField(null=True)
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=80)

    GRANTS = ONLY_ADDED
    PRIVACY = {"open": ["id", "site", "course", "roles", "months", "said_at"], "never": ["said_by"]}

    class Meta:
        ordering = ["-id"]


class TrainingDone(SiteRow):
    """Someone followed a course; the paper says until when it holds, None when for good."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    course = models.CharField(_("formation"), max_length=12, choices=Course.choices)
    done_on = models.DateField(_("suivie le"))
    expires_on = models.DateField(_("échoit le"), null=True, blank=True)
    evidence = models.CharField(_("attestation : où elle est"), max_length=200, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True)

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE (withdrawn_at)"}
    PRIVACY = {
        "open": ["id", "site", "course"],
        "never": ["staff", "done_on", "expires_on", "evidence", "entered_at", "entered_by", "withdrawn_at"],
    }

    class Meta:
        ordering = ["-done_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("done_on")),
                name="training_in_order",
            )
        ]
        indexes = [models.Index(fields=["site", "staff"], name="training_of_staff")]
