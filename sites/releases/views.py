from django.http import Http404
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from sites.people.access import staff_may
from sites.people.terms import Permission
from sites.releases.bulletin import bulletin, regions
from sites.releases.chart import chart
from sites.releases.publishing import outside
from sites.releases.queries import built_releases, latest_release, release_named
from sites.releases.words import METHOD, PROMISE

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
        "definitions": [_in(language, definition) for definition in shown.definitions],
    }
    return render(request, "releases/daily.html", context)


def _in(language: str, told: dict) -> dict:
    return told | {"label": told[f"label_{language}"], "definition": told[f"definition_{language}"]}
