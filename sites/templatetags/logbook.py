"""What the logbook holds about one visit, for the page of that visit."""

from django import template

from sites.logbook.queries import of_visit

register = template.Library()


@register.inclusion_tag("logbook/_of_visit.html", takes_context=True)
def logbook_of(context, visit):
    """Services and checks tied to a visit; declared, checked and believed stay three things."""
    site = context["site"]
    return {"site": site, "visit": visit, "may": context.get("may", ()), "of": of_visit(site, visit.ref)}
