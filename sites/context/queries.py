from datetime import date

from django.db.models import F
from django.db.models.functions import Coalesce

from sites.context.models import ContextEvent
from sites.places.models import Site


def context_between(site: Site, first: date, last: date) -> list[ContextEvent]:
    """What happened in these days, the oldest first."""
    events = ContextEvent.objects.at(site).filter(removed_at=None, first__lte=last)
    ends = Coalesce(F("last"), F("first"))
    return list(events.annotate(ends=ends).filter(ends__gte=first).order_by("first", "id"))
