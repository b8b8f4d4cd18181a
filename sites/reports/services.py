"""The inside report of a closed service day: built from its counts, a new version only when they differ."""

import hashlib
import json
import time
from datetime import date

from django.db import transaction

from harmreduction.pg.scope import acting
from sites.indicators.models import CountedDay
from sites.indicators.queries import counts_of, plain
from sites.indicators.registry import shown
from sites.indicators.services import hold_day_locks
from sites.indicators.terms import ALL, Value
from sites.places.models import Site
from sites.places.queries import day_bounds
from sites.reports.models import DailyReport
from sites.reports.queries import due_days, incomplete, report_of


def build_due(*, seconds: float | None = None, site: Site | None = None, day: date | None = None) -> int:
    """Build what closed days lack, the newest first; stop after that many seconds. How many were built."""
    until = None if seconds is None else time.monotonic() + seconds
    with transaction.atomic():
        sites = [site] if site else list(Site.objects.all())
        with acting(sites=[s.pk for s in sites]):
            due = due_days(sites, day)
    built = 0
    for due_site, due_day in due:
        if until is not None and time.monotonic() > until:
            break
        built += build(due_site, due_day) is not None
    return built


def build(site: Site, day: date) -> DailyReport | None:
    """Write the next version of a counted day, in one transaction; None when nothing changed.

    Two builders take turns at the day's lock, and the second finds nothing left to do.
    """
    with transaction.atomic(), acting(sites=[site.pk]):
        hold_day_locks(site, [day])
        counted = CountedDay.objects.at(site).filter(service_date=day).first()
        if counted is None or counted.sha256 == counted.reported_sha256:
            return None
        report = _next_version(site, counted)
        if report is not None:
            report.save(force_insert=True)
        counted.reported_sha256 = counted.sha256
        counted.save(update_fields=["reported_sha256"])
        return report


def _next_version(site: Site, counted: CountedDay) -> DailyReport | None:
    day = counted.service_date
    before = report_of(site, day)
    indicators = indicator_rows(counts_of(site, day))
    if before and before.indicators == indicators:
        return None
    version = before.version + 1 if before else 1
    return DailyReport(
        site=site,
        service_date=day,
        version=version,
        closed_at=day_bounds(site, day)[1],
        data_cutoff=counted.counted_at,
        sha256=report_sha256(site.code, day, version, indicators),
        indicators=indicators,
        changed=changes(before.indicators, indicators) if before else [],
        incomplete=incomplete(site, day),
    )


def indicator_rows(counts: dict[tuple[str, str], Value]) -> list[dict]:
    """[{"code", "definition_version", "unit", "category", "value"}] in the registry's order, ALL first."""
    rows = []
    for indicator in shown():
        order = {category: n for n, category in enumerate([ALL, *indicator.categories()])}
        own = {category: value for (code, category), value in counts.items() if code == indicator.code}
        for category in sorted(own, key=lambda c: (order.get(c, len(order)), c)):
            rows.append(
                {
                    "code": indicator.code,
                    "definition_version": indicator.version,
                    "unit": indicator.unit,
                    "category": category,
                    "value": plain(own[category]),
                }
            )
    return rows


def changes(before: list[dict], after: list[dict]) -> list[dict]:
    """[{"code", "category", "old", "new"}]. A category that is not there counted nothing."""
    old = {(row["code"], row["category"]): row["value"] for row in before}
    new = {(row["code"], row["category"]): row["value"] for row in after}
    keys = list(dict.fromkeys([*new, *old]))
    return [
        {"code": code, "category": category, "old": old.get(key, 0), "new": new.get(key, 0)}
        for key in keys
        for code, category in [key]
        if old.get(key, 0) != new.get(key, 0)
    ]


def report_sha256(site: str, day: date, version: int, indicators: list[dict]) -> str:
    """Over site, service_date, version and indicators as sorted compact UTF-8 JSON (design §6)."""
    content = {"site": site, "service_date": day.isoformat(), "version": version, "indicators": indicators}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def as_json(site: Site, report: DailyReport) -> dict:
    return {
        "site": site.code,
        "service_date": report.service_date.isoformat(),
        "version": report.version,
        "status": str(report.status),
        "data_cutoff": report.data_cutoff.isoformat(),
        "sha256": report.sha256,
        "indicators": report.indicators,
        "changed": report.changed,
        "incomplete": report.incomplete,
    }
