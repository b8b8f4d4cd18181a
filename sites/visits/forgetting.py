"""Whose visit it was is forgotten on schedule (privacy.md H8)."""

from datetime import date

from sites.holds.services import LINKS, held_clients, held_days, outside
from sites.places.models import Site
from sites.visits.models import Visit


def cut_client_links(site: Site, last: date) -> int:
    """Forget whose visits they were, up to this service day; how many."""
    linked = Visit.objects.at(site).filter(client__isnull=False, service_date__lte=last)
    linked = linked.filter(outside(held_days(site, LINKS), "service_date"))
    linked = linked.exclude(client__in=held_clients(site, LINKS))
    return linked.update(client=None)
