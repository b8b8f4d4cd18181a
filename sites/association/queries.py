from collections.abc import Iterable
from datetime import date

from django.db.models import DateField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Least

from sites.association.models import SegmentedFit
from sites.association.shaping import AFTER, BEFORE, Day, Segments
from sites.context.models import ContextEvent
from sites.indicators.models import CountedDay
from sites.indicators.queries import series
from sites.places.models import Site
from sites.places.queries import last_closed_day

EVENTS, EXPOSURE = "overdose_events", "consumptions"


def fit_of(event: ContextEvent) -> SegmentedFit | None:
    return SegmentedFit.objects.at(event.site).filter(event=event).first()


def due_events(sites: Iterable[Site]) -> list[ContextEvent]:
    """What happened and was not fitted yet, or not with the newest day, or not with the newest counts."""
    of_day: dict[date, list[int]] = {}
    for site in sites:
        of_day.setdefault(last_closed_day(site), []).append(site.pk)
    return [event for closed, pks in of_day.items() for event in _due(pks, closed)]


def _due(pks: list[int], closed: date) -> QuerySet[ContextEvent]:
    """Of the sites whose last closed day this is."""
    until = ExpressionWrapper(Coalesce("last", "first") + AFTER, output_field=DateField())
    since = ExpressionWrapper(F("first") - BEFORE, output_field=DateField())
    events = ContextEvent.objects.filter(site__in=pks, removed_at=None, first__lte=closed)
    fits = SegmentedFit.objects.filter(event=OuterRef("pk"))
    whole = fits.filter(through__gte=OuterRef("through"))
    counted = CountedDay.objects.filter(
        site=OuterRef("site"),
        service_date__range=(OuterRef("since"), OuterRef("through")),
        counted_at__gt=OuterRef("fitted_at"),
    )
    fitted_at = fits.values("fitted_at")
    events = events.annotate(through=Least(until, closed), since=since, fitted_at=fitted_at)
    return events.filter(~Exists(whole) | Q(Exists(counted))).select_related("site").order_by("-first")


def segments_of(site: Site, event: ContextEvent, closed: date) -> tuple[Segments, date]:
    """The days around it on which something was consumed, and the last day reckoned with."""
    through = min(event.until + AFTER, closed)
    found = series(site, [EVENTS, EXPOSURE], event.first - BEFORE, through)
    days = [
        Day(day, int(found[EVENTS].get(day) or 0), int(exposure))
        for day, exposure in found[EXPOSURE].items()
        if exposure
    ]
    return Segments(days, event.first, event.until), through
