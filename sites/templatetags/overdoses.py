"""The running bar: on every page while an event is open (ui.md §5)."""

from django import template

from sites.clockwork.services import now
from sites.overdoses.timeline import place_words
from sites.people.terms import Permission
from sites.templatetags.frame import frame_of

register = template.Library()


@register.inclusion_tag("overdoses/_running.html", takes_context=True)
def running_overdoses(context, but=None):
    """One line an open event, but the one shown; for who reads the reports, one a recent death."""
    may, site = context.get("may", ()), context.get("site")
    if not site or Permission.RECORD_OVERDOSE.value not in may:
        return {}
    frame = frame_of(context)
    return {
        "events": [event for event in frame.running if event != but],
        "deaths": () if but else frame.deaths,
        "site": site,
        "now": now(),
    }


@register.filter
def place(event) -> str:
    return place_words(event)
