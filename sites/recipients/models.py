from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sites.places.models import SiteRow
from sites.recipients.terms import Kind, Schedule, Way
from sites.releases.terms import release_id

EDIT = {"scs_app": "SELECT, INSERT, UPDATE"}
ONLY_ADDED = {"scs_app": "SELECT, INSERT"}
BUILT = {"scs_app": "SELECT", "scs_release": "SELECT, INSERT"}


class Recipient(models.Model):
    """Who receives releases: why, by what right, in which forms, and whose rows.

    `regions` and `sites` hold codes, or ALL; `formats` empty means every one there is.
    """

    kind = models.CharField(_("genre"), max_length=20, choices=Kind.choices)
    name = models.CharField(_("nom"), max_length=120)
    purpose = models.CharField(_("finalité"), max_length=200)
    basis = models.CharField(_("fondement"), max_length=200)
    contact = models.CharField(_("personne à joindre"), max_length=200, blank=True)
    schedule = models.CharField(_("rythme"), max_length=12, choices=Schedule.choices, default=Schedule.DAILY)
    formats = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    regions = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    sites = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    # Where releases are pushed to, and from which day of release on; empty: they are pulled.
    push_url = models.URLField(_("adresse où pousser"), max_length=200, blank=True)
    push_since = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    GRANTS = EDIT
    PRIVACY = {
        "open": [
            "id", "kind", "name", "purpose", "basis", "schedule", "formats", "regions", "sites",
            "created_at", "revoked_at",
        ],
        "never": ["contact", "push_url", "push_since"],
    }  # fmt: skip

    class Meta:
        ordering = ["revoked_at", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=Q(kind=Kind.PUBLIC), name="one_public"),
        ]

    def __str__(self):
        return self.name


class RecipientToken(models.Model):
    """A key to the API, told once and kept only as a digest."""

    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    # Uses since `window_began_at`, to slow down a script gone wrong.
    window_began_at = models.DateTimeField(null=True, blank=True)
    window_uses = models.PositiveIntegerField(default=0)

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE"}
    PRIVACY = {
        "open": ["id", "recipient", "made_at", "expires_at", "revoked_at", "last_used_at", "window_began_at",
                 "window_uses"],
        "never": ["digest", "made_by"],
    }  # fmt: skip

    class Meta:
        ordering = ["-made_at", "-id"]


class Push(models.Model):
    """One file to push to one recipient, until it is taken or given up."""

    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="pushes")
    release_date = models.DateField()
    part = models.PositiveSmallIntegerField(default=1)
    file_format = models.CharField(max_length=20)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    answer = models.CharField(max_length=60, blank=True)
    delivered_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE"}
    PRIVACY = {
        "open": ["id", "recipient", "release_date", "part", "file_format", "attempts", "due_at", "answer",
                 "delivered_at", "given_up_at"]
    }  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "release_date", "part", "file_format"], name="one_push_a_file"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="push_waiting",
                condition=Q(delivered_at__isnull=True, given_up_at__isnull=True),
            )
        ]  # fmt: skip


class EditionFile(models.Model):
    """One file of a release with only the rows that some recipients get, as it was built. Insert-only."""

    edition = models.CharField(max_length=20)
    release_date = models.DateField()
    part = models.PositiveSmallIntegerField(default=1)
    published_at = models.DateTimeField()
    name = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()

    GRANTS = BUILT
    PRIVACY = {"open": ["id", "edition", "release_date", "part", "published_at", "name", "sha256", "body"]}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "release_date", "part", "name"], name="one_file_an_edition"
            )
        ]

    @property
    def release_id(self) -> str:
        return release_id(self.release_date, self.part)


class Disclosure(models.Model):
    """One transmission: when, to whom, what, why, by what right, by whom (domain.md §4.3). Insert-only.

    Text, so that it says for ever what was true then.
    """

    at = models.DateTimeField()
    recipient = models.CharField(max_length=120)
    recipient_ref = models.BigIntegerField(null=True)
    what = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    purpose = models.CharField(max_length=200)
    why = models.CharField(max_length=200, blank=True)
    basis = models.CharField(max_length=200)
    by = models.CharField(max_length=80)
    way = models.CharField(max_length=8, choices=Way.choices)

    GRANTS = ONLY_ADDED
    PRIVACY = {
        "open": ["id", "at", "recipient", "recipient_ref", "what", "sha256", "purpose", "basis", "way"],
        "never": ["by", "why"],
    }

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["-at"], name="disclosure_newest")]


class SitePublicity(SiteRow):
    """A site's own say on whether its rows are public, from a day on. Only added: the newest holds."""

    public = models.BooleanField()
    from_day = models.DateField()
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=80)

    GRANTS = ONLY_ADDED | {"scs_release": "SELECT (id, site_id, public, from_day)"}
    PRIVACY = {"open": ["id", "site", "public", "from_day", "said_at"], "never": ["said_by"]}

    class Meta:
        ordering = ["from_day", "id"]


class RiskAnalysis(models.Model):
    """An analysis of the risk of re-identification, signed by a competent person (domain.md §4.2).

    `body` is the register as it read then, in both languages: {"fr": [[title, [line]]], "en": …}. Only added.
    """

    signed_at = models.DateTimeField()
    signed_by = models.CharField(max_length=80)
    name = models.CharField(_("nom"), max_length=120)
    function = models.CharField(_("fonction"), max_length=120)
    plan_versions = ArrayField(models.CharField(max_length=20))
    individualization = models.TextField(_("individualisation"), max_length=2000, blank=True)
    correlation = models.TextField(_("corrélation"), max_length=2000, blank=True)
    inference = models.TextField(_("inférence"), max_length=2000, blank=True)
    very_low = models.BooleanField()
    next_review = models.DateField()
    body = models.JSONField()
    sha256 = models.CharField(max_length=64)

    GRANTS = ONLY_ADDED
    PRIVACY = {
        "open": ["id", "signed_at", "plan_versions", "individualization", "correlation", "inference",
                 "very_low", "next_review", "body", "sha256"],
        "never": ["signed_by", "name", "function"],
    }  # fmt: skip

    class Meta:
        ordering = ["-signed_at", "-id"]
