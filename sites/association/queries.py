from datetime import date

from django.db.models import DateField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import Coalesce, Least

from sites.association.models import SegmentedFit
from sites.association.shaping import AFTER, BEFORE, Day, Segments
from sites.context.models import ContextEvent
from sites.indicators.models import CountedDay
from sites.indicators.queries import series
from sites.places.models import Site

EVENTS, EXPOSURE = "overdose_events", "consumptions"


def fit_of(event: ContextEvent) -> SegmentedFit | None:
    return SegmentedFit.objects.at(event.site).filter(event=event).first()


def due_events(site: Site, closed: date) -> list[ContextEvent]:
    """What happened and was not fitted yet, or not with the newest day, or not with the newest counts."""
    until = ExpressionWrapper(Coalesce("last", "first") + AFTER, output_field=DateField())
    since = ExpressionWrapper(F("first") - BEFORE, output_field=DateField())
    events = ContextEvent.objects.at(site).filter(removed_at=None, first__lte=closed)
    whole = SegmentedFit.objects.at(site).filter(event=OuterRef("pk"), through__gte=OuterRef("through"))
    counted = CountedDay.objects.at(site).filter(
        service_date__range=(OuterRef("since"), OuterRef("through")), counted_at__gt=OuterRef("fitted_at")
    )
    fitted_at = SegmentedFit.objects.at(site).filter(event=OuterRef("pk")).values("fitted_at")
    events = events.annotate(through=Least(until, closed), since=since, fitted_at=fitted_at)
    return list(events.filter(~Exists(whole) | Q(Exists(counted))).order_by("-first"))


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
