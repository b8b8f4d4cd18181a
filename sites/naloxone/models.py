from django.db import models

from sites.naloxone.terms import Move, ProductKind, Stock
from sites.places.models import EDIT, INSIDE, Named, SiteRow

ADDED = {"scs_app": "SELECT, INSERT"}
FOLDED = {"scs_app": "SELECT, INSERT, UPDATE, DELETE"}


class ProductQuerySet(models.QuerySet):
    def naloxone(self):
        """What a dose is given from; no kit, no supply."""
        return self.filter(kind=ProductKind.NALOXONE)

    def kits(self):
        return self.filter(kind=ProductKind.KIT)


class Product(Named):
    """What is kept in stock, as a dated row. Strength in mg a unit, doses a unit (a kit holds several)."""

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=8, choices=ProductKind.choices, default=ProductKind.NALOXONE)
    route = models.CharField(max_length=4, blank=True)
    strength_mg = models.DecimalField(max_digits=6, decimal_places=2, default=0)
    doses = models.PositiveSmallIntegerField(default=1)
    din = models.CharField(max_length=8, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    objects = ProductQuerySet.as_manager()

    GRANTS = EDIT
    PRIVACY = {
        "open": [
            "id", "code", "name_fr", "name_en", "kind", "route", "strength_mg", "doses", "din", "valid_from",
            "valid_to",
        ]
    }  # fmt: skip

    class Meta:
        ordering = ["kind", "-strength_mg", "code"]


class Lot(SiteRow):
    """One number of one product in one stock of one site. A batch of kits is a lot of its kit."""

    ref = models.UUIDField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="lots")
    stock = models.CharField(max_length=9, choices=Stock.choices, default=Stock.CLINICAL)
    lot_code = models.CharField(max_length=40, blank=True)
    expiry = models.DateField(null=True)
    serial_from = models.CharField(max_length=20, blank=True)
    serial_to = models.CharField(max_length=20, blank=True)
    first_received_at = models.DateTimeField()

    GRANTS = FOLDED
    PRIVACY = {
        "open": [
            "id", "site", "ref", "product", "stock", "lot_code", "expiry", "serial_from", "serial_to",
            "first_received_at",
        ]
    }  # fmt: skip

    class Meta:
        ordering = ["expiry", "lot_code"]
        constraints = [models.UniqueConstraint(fields=["site", "ref"], name="one_lot_a_ref")]


class StockMovement(SiteRow):
    """Units in or out of a lot. Insert-only; on hand is the sum; a cancel is the reverse row.

    The lot is named by its ref: a dose may be recorded before its lot is.
    """

    lot_ref = models.UUIDField()
    record_id = models.UUIDField()
    move = models.CharField(max_length=14, choices=Move.choices)
    units = models.IntegerField()
    at = models.DateTimeField()
    service_date = models.DateField()

    GRANTS = ADDED
    PRIVACY = {
        "open": ["id", "site", "lot_ref", "move", "units"],
        "coarsened": ["service_date"],
        "never": ["record_id", "at"],
    }

    class Meta:
        indexes = [
            models.Index(fields=["site", "lot_ref"], name="movement_lot"),
            models.Index(fields=["site", "record_id"], name="movement_record"),
            models.Index(fields=["site", "service_date"], name="movement_day"),
        ]


class KitComponent(SiteRow):
    """Units of a lot in each kit of a batch: which lots a kit holds, whoever has it now."""

    batch_ref = models.UUIDField()
    lot_ref = models.UUIDField()
    units = models.PositiveSmallIntegerField()

    GRANTS = FOLDED
    PRIVACY = {"open": ["id", "site", "batch_ref", "lot_ref", "units"]}

    class Meta:
        indexes = [
            models.Index(fields=["site", "batch_ref"], name="component_batch"),
            models.Index(fields=["site", "lot_ref"], name="component_lot"),
        ]


class InTransit(SiteRow):
    """Units on their way between two sites. Insert-only; what is on its way is the sum.

    Each end has its own copy of every row, so that neither site needs to see the other's.
    """

    class What(models.TextChoices):
        SENT = "sent"
        ARRIVED = "arrived"
        LOST = "lost"

    transfer = models.UUIDField()
    outgoing = models.BooleanField()
    other = models.ForeignKey("scs.Site", on_delete=models.PROTECT, related_name="+")
    record_id = models.UUIDField()
    what = models.CharField(max_length=7, choices=What.choices)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    stock = models.CharField(max_length=9, choices=Stock.choices)
    lot_code = models.CharField(max_length=40, blank=True)
    expiry = models.DateField(null=True)
    units = models.IntegerField()
    at = models.DateTimeField()

    GRANTS = ADDED
    PRIVACY = {
        "open": ["id", "site", "transfer", "outgoing", "other", "what", "product", "stock", "lot_code",
                 "expiry", "units"],
        "never": ["record_id", "at"],
    }  # fmt: skip

    class Meta:
        indexes = [models.Index(fields=["site", "transfer"], name="transit_transfer")]


class KitGiven(SiteRow):
    """Kits or single doses handed out at once. Who took them is said in general terms only."""

    record_id = models.UUIDField()
    at = models.DateTimeField()
    service_date = models.DateField()
    kit_kind = models.CharField(max_length=12)
    form = models.CharField(max_length=8)
    count = models.PositiveIntegerField()
    doses = models.PositiveIntegerField()
    trained = models.PositiveIntegerField(default=0)
    resupply_reason = models.CharField(max_length=20, blank=True)
    recipient = models.CharField(max_length=20, blank=True)
    lot_ref = models.UUIDField(null=True)

    GRANTS = FOLDED
    PRIVACY = {
        "open": ["id", "site", "kit_kind", "form", "count", "doses", "trained", "lot_ref"],
        "coarsened": ["service_date", "resupply_reason", "recipient"],
        "never": ["record_id", "at"],
    }

    class Meta:
        indexes = [
            models.Index(fields=["site", "service_date"], name="kit_given_day"),
            models.Index(fields=["site", "record_id"], name="kit_given_record"),
            models.Index(fields=["site", "lot_ref"], name="kit_given_lot"),
        ]


class KitUsed(SiteRow):
    """Naloxone used in the community, as someone told it afterwards: coarse answers, no date, no text."""

    record_id = models.UUIDField()
    service_date = models.DateField()
    kit_kind = models.CharField(max_length=12, blank=True)
    doses = models.PositiveSmallIntegerField(default=0)
    survived = models.CharField(max_length=8)
    place = models.CharField(max_length=20, blank=True)
    ems_called = models.CharField(max_length=8, blank=True)

    GRANTS = FOLDED
    PRIVACY = {
        "open": ["id", "site", "kit_kind"],
        "coarsened": ["service_date", "doses", "survived", "place", "ems_called"],
        "never": ["record_id"],
    }

    class Meta:
        indexes = [
            models.Index(fields=["site", "service_date"], name="kit_used_day"),
            models.Index(fields=["site", "record_id"], name="kit_used_record"),
        ]


class ShelfRule(SiteRow):
    """What a site wants of one product in one stock: told under `minimum`, asked why over `tolerance`."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    stock = models.CharField(max_length=9, choices=Stock.choices)
    minimum = models.PositiveIntegerField()
    tolerance = models.PositiveIntegerField()

    GRANTS = INSIDE
    PRIVACY = {"open": ["id", "site", "product", "stock", "minimum", "tolerance"]}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "product", "stock"], name="one_rule_a_shelf")]
