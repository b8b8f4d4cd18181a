from datetime import date, time

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sites.places.terms import RoomKind, Weekday

READ = {"scs_app": "SELECT", "scs_seal": "SELECT", "scs_release": "SELECT"}
EDIT = READ | {"scs_app": "SELECT, INSERT, UPDATE"}
INSIDE = {"scs_app": "SELECT, INSERT, UPDATE"}
CALENDAR = READ | {"scs_app": "SELECT, INSERT, UPDATE, DELETE"}


class SiteQuerySet(models.QuerySet):
    def at(self, site):
        """Only the rows of this site."""
        return self.filter(site=site)


class SiteRow(models.Model):
    """A row that belongs to one site; the database hides it from every other one."""

    site = models.ForeignKey("scs.Site", on_delete=models.PROTECT, related_name="+")

    objects = SiteQuerySet.as_manager()

    class Meta:
        abstract = True


class BusySiteRow(SiteRow):
    """A row of a table that every save writes to: its site is not looked up once more for each.

    Row security lets through only sites of the scope, and no site is ever deleted: a trigger refuses.
    """

    site = models.ForeignKey(
        "scs.Site", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        abstract = True


class Named(models.Model):
    """Something with a French name and an English one, which may be left out."""

    name_fr = models.CharField(_("nom en français"), max_length=120)
    name_en = models.CharField(_("nom en anglais"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        english = (get_language() or "fr").startswith("en")
        return (self.name_en if english else "") or self.name_fr


class Organisation(Named):
    GRANTS = EDIT
    PRIVACY = {"open": ["id", "name_fr", "name_en"]}


class Region(Named):
    code = models.CharField(_("code"), max_length=20, unique=True)

    GRANTS = EDIT
    PRIVACY = {"open": ["id", "code", "name_fr", "name_en"]}


class Site(Named):
    code = models.CharField(_("code"), max_length=20, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sites")
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="sites", verbose_name=_("région")
    )
    zone = models.CharField(_("fuseau horaire"), max_length=60, default="America/Toronto")
    cutover = models.TimeField(_("changement de jour de service"), default=time(6))
    opened_on = models.DateField(_("ouvert depuis le"), null=True, blank=True)
    closed_on = models.DateField(_("fermé depuis le"), null=True, blank=True)
    observe_minutes = models.PositiveSmallIntegerField(_("observation après naloxone (minutes)"), default=60)
    agreement_version = models.CharField(_("version de l’entente"), max_length=20, default="1", blank=True)

    death_notice_hours = models.PositiveSmallIntegerField(
        _("délai pour déclarer un décès aux autorités (heures)"), null=True, blank=True
    )

    # The last day of any warning issued for it: the board asks for none after that.
    warned_until = models.DateField(null=True, blank=True, editable=False)

    GRANTS = EDIT
    PRIVACY = {
        "open": [
            "id", "code", "name_fr", "name_en", "organisation", "region", "zone", "cutover", "warned_until",
            "opened_on", "closed_on", "observe_minutes", "agreement_version",
            "death_notice_hours",
        ]
    }  # fmt: skip

    class Meta:
        ordering = ["code"]


class Room(SiteRow, Named):
    kind = models.CharField(_("genre"), max_length=12, choices=RoomKind.choices, default=RoomKind.INJECTION)
    routes = ArrayField(
        models.CharField(max_length=12), verbose_name=_("voies permises"), default=list, blank=True
    )
    check_minutes = models.PositiveSmallIntegerField(_("vérifier toutes les (minutes)"), default=15)
    airing_minutes = models.PositiveSmallIntegerField(_("aération après usage (minutes)"), default=0)
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)

    GRANTS = INSIDE
    PRIVACY = {
        "open": [
            "id", "site", "name_fr", "name_en", "kind", "routes", "check_minutes", "airing_minutes",
            "position",
        ]
    }  # fmt: skip

    class Meta:
        ordering = ["position", "id"]


class Booth(SiteRow):
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="booths", verbose_name=_("salle"))
    label = models.CharField(_("numéro"), max_length=8)
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)
    out_since = models.DateTimeField(null=True, blank=True)
    out_reason = models.CharField(_("raison"), max_length=60, blank=True)
    retired = models.BooleanField(_("retirée"), default=False)
    # Service days: the first one, none when it was always there, and the first one without it.
    in_use_from = models.DateField(null=True)
    retired_on = models.DateField(null=True)

    GRANTS = INSIDE
    PRIVACY = {
        "open": [
            "id", "site", "room", "label", "position", "out_since", "out_reason", "retired", "in_use_from",
            "retired_on",
        ]
    }  # fmt: skip

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["site", "label"], name="one_booth_a_label"),
            models.CheckConstraint(
                condition=Q(out_since__isnull=False) | Q(out_reason=""), name="reason_only_when_out"
            ),
        ]

    def __str__(self):
        return self.label

    def in_use(self, day: date) -> bool:
        """Whether it was one of the site's booths on a service day."""
        begun = self.in_use_from is None or self.in_use_from <= day
        gone = self.retired and (self.retired_on is None or self.retired_on <= day)
        return begun and not gone


class OpeningHours(SiteRow):
    """Hours of one weekday of the service week; closing at or before opening means the next day."""

    weekday = models.PositiveSmallIntegerField(_("jour"), choices=Weekday.choices)
    opens = models.TimeField(_("ouvre à"))
    closes = models.TimeField(_("ferme à"))
    valid_from = models.DateField(null=True, blank=True)

    GRANTS = CALENDAR
    PRIVACY = {"open": ["id", "site", "weekday", "opens", "closes", "valid_from"]}

    class Meta:
        ordering = ["weekday", "opens"]


class OpeningException(SiteRow):
    """Another opening, or none, on one service day."""

    day = models.DateField(_("jour de service"))
    opens = models.TimeField(_("ouvre à"), null=True, blank=True)
    closes = models.TimeField(_("ferme à"), null=True, blank=True)
    reason = models.CharField(_("raison"), max_length=120)

    GRANTS = CALENDAR
    PRIVACY = {"open": ["id", "site", "day", "opens", "closes", "reason"]}

    class Meta:
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(fields=["site", "day"], name="one_exception_a_day"),
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True)
                | Q(opens__isnull=False, closes__isnull=False) & ~Q(opens=F("closes")),
                name="both_hours_or_none",
            ),
        ]

    @property
    def closed(self) -> bool:
        return self.opens is None


class DirtyMark(BusySiteRow):
    """A fact of this service day was written; the day must be counted again. Appended, never contended."""

    service_date = models.DateField()
    at = models.DateTimeField(default=timezone.now, db_default=Now())

    GRANTS = {"scs_app": "SELECT, INSERT, DELETE"}
    PRIVACY = {"open": ["id", "site", "service_date"], "never": ["at"]}

    class Meta:
        indexes = [models.Index(fields=["site", "service_date"], name="dirty_day")]
