"""What the methods are asked about, read in a few queries; and signals and warnings as they are shown."""

from datetime import date, datetime, timedelta

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet, Value

from sites.clockwork.services import now
from sites.indicators.queries import series
from sites.overdoses.models import OverdoseEvent
from sites.overdoses.terms import EventClass
from sites.places.models import Site
from sites.places.queries import ONE_DAY, day_bounds, opening_calendar, today
from sites.signals.history import QUIET, Day, History
from sites.signals.models import Signal, SupplyWarning, Watch

CONSUMPTIONS = "consumptions"
PROLONGED = "sedative_prolonged"
IS_SUSPECTED = Q(closed_at__isnull=True) | Q(event_class=EventClass.OVERDOSE)
COLUMNS = ("opened_at", "service_date", "doses", "presentation")


def suspected(site: Site, first: date, last: date) -> QuerySet[OverdoseEvent]:
    """Suspected overdoses, inside or outside: those that run, and those closed as one."""
    events = OverdoseEvent.objects.at(site).filter(service_date__range=(first, last))
    return events.filter(IS_SUSPECTED)


def history_of(site: Site, days: int, *, threshold: int | None = None) -> History:
    """The last `days` service days of a site and the one that runs."""
    last = today(site)
    first = last - timedelta(days=days)
    consumed = series(site, [CONSUMPTIONS], first, last)[CONSUMPTIONS]
    shown = _days(site, first, last, consumed)
    times = []
    events = suspected(site, first, last).order_by("opened_at")
    for opened_at, day, doses, presentation in events.values_list(*COLUMNS):
        times.append(opened_at)
        one = shown[day]
        one.events += 1
        one.doses += doses
        one.prolonged += presentation == PROLONGED
        if one.opening is None:  # someone was there, whatever the calendar says
            one.opening = (one.starts, one.ends)
    known = min((day for day in consumed), default=last)
    return History([day for day in shown.values() if day.day >= known], times, threshold)


def _days(site: Site, first: date, last: date, consumed: dict) -> dict[date, Day]:
    calendar, shown = opening_calendar(site, first, last), {}
    day = first
    while day <= last:
        starts, ends = day_bounds(site, day)
        spans = calendar[day]
        opening = (min(a for a, _b in spans), max(b for _a, b in spans)) if spans else None
        shown[day] = Day(day, starts, ends, opening, consumptions=int(consumed.get(day) or 0))
        day += ONE_DAY
    return shown


def watch_of(site: Site) -> Watch:
    return Watch.objects.at(site).first() or Watch(site=site)


# --- Signals -----------------------------------------------------------------------------
def running(site: Site, subject: str, at: datetime) -> Signal | None:
    """The signal of a subject that still goes on."""
    signals = Signal.objects.at(site).filter(subject=subject, last_at__gte=at - QUIET)
    return signals.order_by("-raised_at").first()


def signals_of(site: Site) -> QuerySet[Signal]:
    """With what each method said, the newest first."""
    return Signal.objects.at(site).prefetch_related("findings", "messages")


def waiting_signals(site: Site) -> QuerySet[Signal]:
    """Those that nobody acknowledged."""
    return Signal.objects.at(site).filter(acknowledged_at=None)


# --- Warnings ----------------------------------------------------------------------------
def all_warnings(site: Site) -> QuerySet[SupplyWarning]:
    return SupplyWarning.objects.filter(
        Q(site=site) | Q(site__isnull=True, organisation=site.organisation_id)
    )


def warnings_at(site: Site) -> QuerySet[SupplyWarning]:
    """Those in force on the site's boards, the newest first, each with `readers`: codes of who read it."""
    if site.warned_until is None or site.warned_until < today(site):
        return SupplyWarning.objects.none()
    running = all_warnings(site).filter(withdrawn_at=None, ends_on__gte=today(site))
    here = Q(readings__site=site)
    return running.annotate(readers=ArrayAgg("readings__staff", filter=here, default=Value([])))


def is_over(warning: SupplyWarning, site: Site) -> bool:
    return warning.withdrawn_at is not None or warning.ends_on < today(site)


def is_quiet(signal: Signal) -> bool:
    return now() - signal.last_at > QUIET
