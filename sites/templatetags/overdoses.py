"""The running bar: on every page while an event is open (ui.md §5)."""

from django import template

from sites.clockwork.services import now
from sites.overdoses.deaths import undeclared
from sites.overdoses.queries import running_events
from sites.overdoses.timeline import place_words
from sites.people.terms import Permission

register = template.Library()


@register.inclusion_tag("overdoses/_running.html", takes_context=True)
def running_overdoses(context, but=None):
    """One line an open event, but the one shown; for who reads the reports, one a recent death."""
    may, site = context.get("may", ()), context.get("site")
    if not site or Permission.RECORD_OVERDOSE.value not in may:
        return {}
    deaths = undeclared(site) if Permission.READ_REPORTS.value in may and not but else ()
    # The board has asked already, on the page that is opened most.
    board = context.get("board")
    events = board.running if board else running_events(site)
    return {
        "events": [event for event in events if event != but],
        "deaths": deaths,
        "site": site,
        "now": now(),
    }


@register.filter
def place(event) -> str:
    return place_words(event)
