"""What changed between two versions of a day's report, and what came in between, in words."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sites.indicators.registry import REGISTRY
from sites.indicators.terms import ALL
from sites.people.queries import display_name
from sites.places.models import Site
from sites.records.stories import CORRECTED, VOIDED
from sites.records.words import reason_words
from sites.reports.categories import category_names
from sites.reports.models import DailyReport
from sites.reports.queries import came_since, report_of


def changed_in_words(report: DailyReport) -> list[dict]:
    """[{"label", "category", "old", "new"}]; what the registry no longer knows is left out."""
    language = get_language() or "fr"
    known = [row for row in report.changed if row["code"] in REGISTRY]
    return [
        {
            "label": REGISTRY[row["code"]].label(language),
            "category": ""
            if row["category"] == ALL
            else category_names(row["code"]).get(row["category"], row["category"]),
            "old": row["old"],
            "new": row["new"],
        }
        for row in known
    ]


def came_in_words(site: Site, report: DailyReport) -> list[dict]:
    """Records that came between this version and the one before: what, when, by whom, why."""
    before = report_of(site, report.service_date, report.version - 1)
    if before is None:
        return []
    came = came_since(site, report, before)
    names = {code: display_name(code) for code in {record.by for record in came if record.by}}
    return [
        {
            "words": {CORRECTED: _("correction"), VOIDED: _("annulation")}.get(
                record.kind, _("saisie tardive")
            ),
            "at": record.occurred_at,
            "received_at": record.received_at,
            "by": names.get(record.by, ""),
            "why": reason_words(record.data.get("reason", "")) if record.target else "",
        }
        for record in came
    ]
