from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sites.context.terms import Happening
from sites.places.models import SiteRow


class ContextEvent(SiteRow):
    """Something dated that happened around a site: by the day, in a coarse place, with its source."""

    kind = models.CharField(_("genre"), max_length=12, choices=Happening.choices)
    first = models.DateField(_("jour"))
    last = models.DateField(_("jusqu’au"), null=True, blank=True)
    words = models.CharField(_("en quelques mots"), max_length=120)
    place = models.CharField(_("où, en gros"), max_length=60, blank=True)
    source = models.CharField(_("source"), max_length=160)
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=40)
    removed_at = models.DateTimeField(null=True)

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE"}
    PRIVACY = {
        "open": [
            "id",
            "site",
            "kind",
            "first",
            "last",
            "words",
            "place",
            "source",
            "entered_at",
            "removed_at",
        ],
        "never": ["entered_by"],
    }

    class Meta:
        ordering = ["-first", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last__isnull=True) | Q(last__gte=F("first")), name="context_in_its_order"
            )
        ]

    @property
    def until(self):
        return self.last or self.first
