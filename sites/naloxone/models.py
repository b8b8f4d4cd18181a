from django.db import models

from sites.naloxone.terms import Move
from sites.places.models import EDIT, Named, SiteRow


class Product(Named):
    """A naloxone product, as a dated row. Strength in mg a unit (ampoule or device)."""

    code = models.CharField(max_length=40, unique=True)
    route = models.CharField(max_length=4)
    strength_mg = models.DecimalField(max_digits=6, decimal_places=2)
    din = models.CharField(max_length=8, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    GRANTS = EDIT
    PRIVACY = {
        "open": [
            "id", "code", "name_fr", "name_en", "route", "strength_mg", "din", "valid_from",
            "valid_to",
        ]
    }  # fmt: skip

    class Meta:
        ordering = ["-strength_mg"]


class Lot(SiteRow):
    ref = models.UUIDField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="lots")
    lot_code = models.CharField(max_length=40)
    expiry = models.DateField()
    first_received_at = models.DateTimeField()

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE, DELETE"}
    PRIVACY = {"open": ["id", "site", "ref", "product", "lot_code", "expiry", "first_received_at"]}

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

    GRANTS = {"scs_app": "SELECT, INSERT"}
    PRIVACY = {
        "open": ["id", "site", "lot_ref", "move", "units"],
        "coarsened": ["service_date"],
        "never": ["record_id", "at"],
    }

    class Meta:
        indexes = [
            models.Index(fields=["site", "lot_ref"], name="movement_lot"),
            models.Index(fields=["site", "record_id"], name="movement_record"),
        ]
