"""Legal holds: what stands in the way of destruction, asked by everything that destroys or forgets."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from sites.holds.models import LegalHold
from sites.places.models import Site

# What forgets by itself; the other categories are the rules of retention.
LINKS, TOKENS, MARKS, SUSPENSIONS, BOXES = "links", "tokens", "marks", "suspensions", "boxes"


def standing() -> QuerySet[LegalHold]:
    """Those in force today, of the sites in sight and of all."""
    still = Q(until__isnull=True) | Q(until__gte=timezone.now().date())
    return LegalHold.objects.filter(still, lifted_at=None)


def holds_over(site: Site, category: str, first: date, last: date) -> QuerySet[LegalHold]:
    """Those that cover something of this category in these days, for whichever client."""
    return standing().filter(
        Q(site=None) | Q(site=site),
        Q(category="") | Q(category=category),
        Q(first=None) | Q(first__lte=last),
        Q(last=None) | Q(last__gte=first),
    )


def is_held(site: Site, category: str, first: date, last: date) -> bool:
    """Whether something of these days must stay: a hold on one client keeps what opens everyone’s."""
    return holds_over(site, category, first, last).exists()


def held_clients(site: Site, category: str) -> set[int]:
    """Clients of whom a hold speaks, whatever its days."""
    over = holds_over(site, category, date.min, date.max).exclude(client_ref=None)
    return {ref for ref in over.values_list("client_ref", flat=True) if ref is not None}


def held_days(site: Site, category: str) -> list[tuple[date | None, date | None]]:
    """First and last day of each hold that is not about one client alone."""
    over = holds_over(site, category, date.min, date.max).filter(client_ref=None)
    return list(over.values_list("first", "last"))


def outside(holds: Collection[tuple[date | None, date | None]], day: str) -> Q:
    """Rows whose `day` none of these covers."""
    free = Q()
    for first, last in holds:
        covered = Q(**{f"{day}__gte": first or date.min}) & Q(**{f"{day}__lte": last or date.max})
        free &= ~covered
    return free


def lapsed(hold: LegalHold) -> bool:
    return hold.lifted_at is not None or (hold.until is not None and hold.until < timezone.now().date())
