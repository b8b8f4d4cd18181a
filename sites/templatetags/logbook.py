"""What the logbook holds about one visit, for the page of that visit; what waits in it, for « À revoir »."""

from django import template

from sites.logbook.queries import of_visit, untold

register = template.Library()


@register.inclusion_tag("logbook/_of_visit.html", takes_context=True)
def logbook_of(context, visit):
    """Services and checks tied to a visit; declared, checked and believed stay three things."""
    site = context["site"]
    return {"site": site, "visit": visit, "may": context.get("may", ()), "of": of_visit(site, visit.ref)}


@register.simple_tag
def incidents_untold(site) -> list:
    """Incidents that an authority is still to be told of."""
    return untold(site)
