from django.db import models


class TrailEntry(models.Model):
    """Who did what and who looked at what. Text only: it follows no row and blocks no deletion."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    device = models.CharField(max_length=36, blank=True)
    site_id = models.IntegerField(null=True)
    action = models.CharField(max_length=60)
    about = models.CharField(max_length=60, blank=True)
    about_id = models.CharField(max_length=60, blank=True)
    why = models.CharField(max_length=200, blank=True)

    GRANTS = {
        "scs_app": "SELECT, INSERT",
        "scs_seal": "SELECT (id), INSERT",
        "scs_release": "SELECT (id), INSERT",
    }
    SITE_ROWS = "site_id is null or {mine}"
    PRIVACY = {
        "open": ["id"],
        "never": ["at", "actor", "device", "site_id", "action", "about", "about_id", "why"],
    }

    class Meta:
        indexes = [models.Index(fields=["site_id", "-at"], name="trail_by_site")]
