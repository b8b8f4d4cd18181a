"""What the frame round every page asks for: ids for its forms, the day that runs, what waits."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django import template
from django.template import loader

from harmreduction.pg.at_once import Composed
from sites.clockwork.services import now
from sites.overdoses.deaths import Death, death_of, undeclared_events
from sites.overdoses.models import OverdoseEvent
from sites.overdoses.queries import running_events
from sites.people.terms import Permission
from sites.places.models import Site
from sites.places.queries import drawn_calendars, local, posted, today
from sites.records.pages import new_id as fresh_id
from sites.reports.queries import latest_report as newest_report
from sites.review.kinds import KINDS, Kind, kinds_for
from sites.review.queries import counting, in_order
from sites.signals.queries import waiting_signals

register = template.Library()


@register.simple_tag
def new_id() -> str:
    """A fresh UUIDv7 for a hidden field."""
    return str(fresh_id())


@dataclass(frozen=True)
class Frame:
    """What waits and what runs at a site, as far as this person may see it; read in one statement."""

    date: date
    closes: datetime | None
    running: list[OverdoseEvent]
    deaths: list[Death]
    signals: int
    to_review: list[tuple[Kind, int]]


def frame_of(context) -> Frame:
    """Read once a request: templates ask for parts of it here and there. Only where there is a site."""
    request, site, may = context["request"], context["site"], context["may"]
    if not hasattr(request, "frame"):
        request.frame = _read(site, request.user, may)
    return request.frame


@lru_cache(maxsize=256)
def _composed(site: Site, day: date, _set_up: tuple, may: frozenset[str], kinds: tuple[str, ...]) -> Composed:
    """What a frame reads, as long as nothing changes that it is composed with."""
    reports, nothing = Permission.READ_REPORTS.value in may, OverdoseEvent.objects.none()
    counted = counting(site, [KINDS[code] for code in kinds])
    return Composed(
        running_events(site) if Permission.RECORD_OVERDOSE.value in may else nothing,
        undeclared_events(site) if reports else nothing,
        waiting_signals(site).values_list("pk") if reports else nothing,
        nothing if counted is None else counted,
        *posted([site], day, day),
    )


def _read(site: Site, user, may: set[str]) -> Frame:
    day = today(site)
    kinds = [kind.code.value for kind in kinds_for(user)] if Permission.REVIEW.value in may else []
    set_up = site.zone, site.cutover, site.death_notice_hours
    told = _composed(site, day, set_up, frozenset(may), tuple(kinds)).read()
    running, deaths, waiting, to_review, *calendar = told
    ends = [closes for _opens, closes in drawn_calendars([site], day, day, *calendar)[site.pk][day]]
    return Frame(
        date=day,
        closes=local(site, max(ends)) if ends else None,
        running=running,
        deaths=[death_of(site, event) for event in deaths],
        signals=len(waiting),
        to_review=[(KINDS[code], n) for code, n in in_order(to_review).items()],
    )


@register.simple_tag(takes_context=True)
def service_day(context) -> dict:
    """{"date", "closes", "now"}: the running service day, and when its last opening ends (local)."""
    frame = frame_of(context)
    return {"date": frame.date, "closes": frame.closes, "now": now()}


@register.simple_tag(takes_context=True)
def signals_waiting(context) -> int:
    """How many signals nobody has acknowledged."""
    return frame_of(context).signals


@register.filter
def undo_ids(tags: str) -> list[str]:
    """The records that a message's « Annuler » takes back, first one first."""
    return [tag for tag in (tags or "").split() if tag != "undo"]


@register.filter
def last_word(tags: str) -> str:
    """What a message's tags end with: the press that its « Annuler » takes back."""
    return tags.split()[-1]


@register.simple_tag(takes_context=True)
def to_review(context) -> list[tuple[Kind, int]]:
    """What this person may settle: each kind of which something waits, and how many."""
    return frame_of(context).to_review


@register.simple_tag(takes_context=True)
def to_review_count(context) -> int:
    return sum(n for _kind, n in frame_of(context).to_review)


@register.simple_tag
def if_there(name: str):
    """A part of a page that another concept may supply; nothing where it has none."""
    return loader.select_template([name, "components/nothing.html"]).template


@register.simple_tag
def latest_report(site):
    """The inside report of the newest day that has one, or None."""
    return newest_report(site)
