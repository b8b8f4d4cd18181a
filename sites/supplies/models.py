from django.db import models
from django.utils.translation import gettext_lazy as _

from sites.places.models import INSIDE, Named, SiteRow
from sites.supplies.terms import Direction

DERIVED = {"scs_app": "SELECT, INSERT, UPDATE, DELETE"}


class SupplyAct(SiteRow):
    """One hand-out, return or pick-up, folded from its record."""

    record_id = models.UUIDField()
    direction = models.CharField(max_length=10, choices=Direction.choices)
    at = models.DateTimeField()
    service_date = models.DateField()
    for_whom = models.CharField(max_length=40, blank=True)
    location_kind = models.CharField(max_length=40, blank=True)
    partner = models.CharField(max_length=40, blank=True)
    area = models.CharField(max_length=40, blank=True)
    people = models.PositiveIntegerField(null=True)
    visit_ref = models.UUIDField(null=True)

    GRANTS = DERIVED
    PRIVACY = {
        "open": ["id", "site", "direction", "location_kind", "partner", "area"],
        "coarsened": ["service_date", "for_whom", "people"],
        "never": ["record_id", "at", "visit_ref"],
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "record_id"], name="one_supply_act_a_record")]
        indexes = [models.Index(fields=["site", "service_date"], name="supply_act_day")]


class SupplyLine(SiteRow):
    """What one act held of one item. `quantity` in pieces, grams or containers, as `method` says.

    `syringes`: how many that is, counted or converted by version `conversion` of the site's table.
    """

    act = models.ForeignKey(SupplyAct, on_delete=models.CASCADE, related_name="lines")
    service_date = models.DateField()
    direction = models.CharField(max_length=10, choices=Direction.choices)
    item = models.CharField(max_length=40)
    quantity = models.PositiveIntegerField()
    method = models.CharField(max_length=40)
    syringes = models.PositiveIntegerField(default=0)
    conversion = models.PositiveSmallIntegerField(null=True)

    GRANTS = DERIVED
    PRIVACY = {
        "open": ["id", "site", "direction", "item", "method", "conversion"],
        "coarsened": ["service_date", "quantity", "syringes"],
        "never": ["act"],
    }

    class Meta:
        indexes = [models.Index(fields=["site", "service_date"], name="supply_line_day")]


class ReturnConversion(SiteRow):
    """How many syringes a site takes one kilogram, or one full container, for. Insert-only, by version."""

    version = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=40)
    syringes = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    source = models.CharField(max_length=200)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()

    GRANTS = {"scs_app": "SELECT, INSERT"}
    PRIVACY = {
        "open": ["id", "site", "version", "unit", "syringes", "valid_from"],
        "never": ["source", "made_by", "made_at"],
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "version", "unit"], name="one_conversion_a_unit")
        ]


class Basket(SiteRow, Named):
    """A usual basket of a site: what one tap puts together. `lines`: [{"item", "quantity"}]."""

    lines = models.JSONField(_("contenu"), default=list)
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)
    retired = models.BooleanField(_("retiré"), default=False)

    GRANTS = INSIDE
    PRIVACY = {"open": ["id", "site", "name_fr", "name_en", "lines", "position", "retired"]}

    class Meta:
        ordering = ["position", "id"]
