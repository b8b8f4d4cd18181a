from django.http import Http404
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from sites.people.access import staff_may
from sites.people.terms import Permission
from sites.releases.bulletin import bulletin, regions
from sites.releases.chart import chart
from sites.releases.cube import Scope, Total
from sites.releases.explain import cells_of, explained, over_a_year, series_of, whole
from sites.releases.explain_chart import coin, year
from sites.releases.keys import keys_of
from sites.releases.publishing import outside
from sites.releases.queries import built_releases, latest_release, release_named
from sites.releases.words import METHOD, PROMISE, in_language
from sites.trail.services import note

PAGE = {"page": "releases"}


@require_safe
@staff_may(Permission.READ_RELEASES, site=False)
def releases(request):
    """Every release that was built, and the report of each region."""
    with outside():
        places = regions()
    context = PAGE | {"releases": built_releases(), "regions": places}
    return render(request, "releases/list.html", context)


@require_safe
@staff_may(Permission.READ_RELEASES, site=False)
def daily(request, region, release_id=None):
    """The anonymized daily report of a region, or ALL: the newest, or that of one release."""
    release = release_named(release_id) if release_id else latest_release()
    if release is None:
        raise Http404
    # What the page shows is read here, where no fact can be reached.
    with outside():
        shown = bulletin(region, (release.date, release.part))
    if shown is None:
        raise Http404
    language = "en" if (get_language() or "fr").startswith("en") else "fr"
    context = PAGE | {
        "shown": shown,
        "chart": chart([totals[-1] for _period, totals in shown.days if totals[-1]]),
        "promise": PROMISE[language],
        "method": METHOD[language],
        "definitions": [in_language(language, definition) for definition in shown.definitions],
    }
    return render(request, "releases/daily.html", context)


@require_safe
@staff_may(Permission.READ_REPORTS)
def explain(request):
    """One figure of the site, exact and released side by side. Inside; each look is in the trail."""
    site, asked = request.site, request.GET
    every = series_of(site)
    chosen = next((one for one in every if one.code == asked.get("of")), every[0] if every else None)
    if chosen is None:
        return render(request, "releases/explain.html", PAGE)
    cells = cells_of(site, chosen)
    cell = next((one for one in cells if one.period_start.isoformat() == asked.get("from")), cells[0])
    told, months = explained(site, cell), over_a_year(site, cells)
    about = f"{chosen.code} {cell.period_start}"
    note("figure explained", actor=request.user.code, site_id=site.pk, about="figure", about_id=about[:60])
    context = PAGE | {
        "every": every,
        "chosen": chosen,
        "cells": cells,
        "told": told,
        "coin": coin(told),
        "months": months,
        "year": year(months),
        "total": whole(months),
        "total_shown": Total(Scope(site.code, "", (site.pk,)), cell.indicator, cell.grain,
                             (cell.period_start, cell.period_end), (cell,)),
    }  # fmt: skip
    return render(request, "releases/explain.html", context)


@require_safe
@staff_may(Permission.SEE_KEYS, site=False)
def keys(request):
    """The keys of the sites where one works, by name; none is shown."""
    living, gone = keys_of(request.sites)
    missing = [told for told in living if not told.here]
    return render(request, "releases/keys.html", PAGE | {"living": living, "gone": gone, "missing": missing})
