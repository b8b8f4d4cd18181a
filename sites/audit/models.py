from django.db import models

from sites.places.models import SiteRow


class AuditState(SiteRow):
    """What the last looks at a site's own figures found. One row a site; the trail of facts is elsewhere.

    `faults`: [{"check", "day", "what", "expected", "found"}].
    """

    looked_at = models.DateTimeField()
    since = models.DateField()
    through = models.DateField(null=True)
    faults = models.JSONField(default=list)

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE"}
    PRIVACY = {"open": ["id", "site", "looked_at", "since", "through"], "never": ["faults"]}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site"], name="one_audit_a_site")]
