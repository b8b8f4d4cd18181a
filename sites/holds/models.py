import uuid

from django.db import models

from sites.keyring.fields import LastingLine
from sites.places.models import SiteQuerySet


class LegalHold(models.Model):
    """Nothing in its scope is destroyed while it stands: an order, a claim, an investigation.

    Without a site: every site. Without a category, days or a client: all of them.
    """

    ref = models.UUIDField(default=uuid.uuid4, unique=True)
    site = models.ForeignKey("scs.Site", null=True, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=20, blank=True)
    first = models.DateField(null=True)
    last = models.DateField(null=True)
    # The client's number at the site, not their code: it says nothing once the client is destroyed.
    client_ref = models.BigIntegerField(null=True)
    reason = LastingLine(max_length=200)
    placed_by = models.CharField(max_length=40)
    placed_at = models.DateTimeField()
    until = models.DateField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=40, blank=True)
    lifted_why = LastingLine(max_length=200, blank=True)

    objects = SiteQuerySet.as_manager()

    SITE_ROWS = "site_id is null or {mine}"
    GRANTS = {
        "scs_app": "SELECT, INSERT, UPDATE (lifted_at, lifted_by, lifted_why)",
        "scs_seal": "SELECT (id, site_id, category, first, last, until, lifted_at)",
        "scs_purge": "SELECT",
    }
    PRIVACY = {
        "open": ["id", "ref", "site", "category", "first", "last", "until", "placed_at", "lifted_at"],
        "never": ["client_ref", "reason", "placed_by", "lifted_by", "lifted_why"],
    }
