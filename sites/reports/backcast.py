"""What another version of a definition would have counted: last year again, month by month, from its facts.

One month a request: the page asks for the next one while it shows how far it is, and keeps nothing.
"""

from dataclasses import dataclass
from datetime import date

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from sites.indicators.declaring import Indicator
from sites.indicators.facts import load_days
from sites.indicators.periods import ONE_DAY, containing
from sites.indicators.queries import first_day, plain
from sites.indicators.registry import PROPOSED, REGISTRY, VERSIONS
from sites.indicators.terms import ALL, Value
from sites.people.access import staff_may
from sites.people.terms import Permission
from sites.places.models import Site
from sites.places.queries import last_closed_day
from sites.trail.services import note

PAGE = {"page": "reports"}
MONTHS = 12


@dataclass(frozen=True)
class MonthBeside:
    """One month by both versions, over the days whose facts still exist."""

    month: date
    days: int
    old: Value
    new: Value

    @property
    def difference(self) -> Value:
        return None if self.old is None or self.new is None else plain(self.new - self.old)


@require_safe
@staff_may(Permission.READ_REPORTS)
def backcast(request, code, version):
    """The versions side by side, as many months as were asked for so far."""
    other = _version_or_404(code, version)
    months = months_of_last_year(request.site)
    done = _done(request.GET.get("done", ""), len(months))
    shown = [month_beside(request.site, REGISTRY[code], other, month) for month in months[:done]]
    if done == len(months):
        note("definition compared", actor=request.user.code, site_id=request.site.pk, about="indicator",
             about_id=f"{code} v{version}")  # fmt: skip
    language = get_language() or "fr"
    context = {
        "code": code, "label": REGISTRY[code].label(language), "other_label": other.label(language),
        "now": REGISTRY[code], "other": other, "definition": REGISTRY[code].definition(language),
        "other_definition": other.definition(language), "rows": shown, "months": len(months), "done": done,
        "next": done + 1 if done < len(months) else None,
        "total_old": _total(row.old for row in shown), "total_new": _total(row.new for row in shown),
    }  # fmt: skip
    return render(request, "reports/backcast.html", PAGE | context)


def months_of_last_year(site: Site) -> list[date]:
    """The first days of the twelve latest whole months that have a fact, the newest first."""
    begun = first_day(site)
    if begun is None:
        return []
    month = containing("month", last_closed_day(site) + ONE_DAY)[0]
    found: list[date] = []
    while len(found) < MONTHS:
        month = containing("month", month - ONE_DAY)[0]
        if containing("month", month)[1] < begun:
            break
        found.append(month)
    return found


def month_beside(site: Site, now: Indicator, other: Indicator, month: date) -> MonthBeside:
    first, last = containing("month", month)
    first = max(first, first_day(site) or first)
    days = [first + n * ONE_DAY for n in range((last - first).days + 1)]
    loaded = load_days(site, days).values()
    old = _total(now.of(facts, {})[ALL] for facts in loaded)
    return MonthBeside(month, len(days), old, _total(other.of(facts, {})[ALL] for facts in loaded))


def _total(values) -> Value:
    known = [value for value in values if value is not None]
    return plain(sum(known)) if known else None


def _version_or_404(code: str, version: str) -> Indicator:
    others = [v for v in VERSIONS.get(code, []) + PROPOSED.get(code, []) if v != REGISTRY.get(code)]
    for other in others:
        if str(other.version) == version and other.additive and not other.internal:
            return other
    raise Http404


def _done(text: str, months: int) -> int:
    return min(int(text), months) if text.isascii() and text.isdigit() and len(text) < 3 else min(1, months)
