from django.db import models

from sites.context.models import ContextEvent
from sites.places.models import SiteRow


class SegmentedFit(SiteRow):
    """What the days before and after something say of it, fitted by the worker and again when they change.

    `found`: see `regression`. `through`: the last day that was reckoned with.
    """

    event = models.OneToOneField(ContextEvent, on_delete=models.PROTECT, related_name="+")
    fitted_at = models.DateTimeField()
    through = models.DateField()
    found = models.JSONField()

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE"}
    PRIVACY = {"open": ["id", "site", "event", "fitted_at", "through"], "never": ["found"]}
