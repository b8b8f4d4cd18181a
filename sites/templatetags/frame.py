"""What the frame round every page asks for: ids for its forms, the day that runs, what waits."""

from django import template
from django.template import loader

from sites.clockwork.services import now
from sites.places.queries import local, openings, today
from sites.records.pages import new_id as fresh_id
from sites.reports.queries import latest_report as newest_report
from sites.review.queries import waiting_for

register = template.Library()


@register.simple_tag
def new_id() -> str:
    """A fresh UUIDv7 for a hidden field."""
    return str(fresh_id())


@register.simple_tag
def service_day(site) -> dict:
    """{"date", "closes", "now"}: the running service day, and when its last opening ends (local)."""
    day = today(site)
    ends = [closes for _opens, closes in openings(site, day)]
    return {"date": day, "closes": local(site, max(ends)) if ends else None, "now": now()}


@register.filter
def undo_ids(tags: str) -> list[str]:
    """The records that a message's « Annuler » takes back, first one first."""
    return [tag for tag in (tags or "").split() if tag != "undo"]


@register.filter
def last_word(tags: str) -> str:
    """What a message's tags end with: the press that its « Annuler » takes back."""
    return tags.split()[-1]


@register.simple_tag
def to_review_count(site, user) -> int:
    """How much of it this person may settle."""
    return sum(n for _kind, n in waiting_for(site, user))


@register.simple_tag
def if_there(name: str):
    """A part of a page that another concept may supply; nothing where it has none."""
    return loader.select_template([name, "components/nothing.html"]).template


@register.simple_tag
def latest_report(site):
    """The inside report of the newest day that has one, or None."""
    return newest_report(site)
