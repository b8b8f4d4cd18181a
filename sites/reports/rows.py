"""What a report says, as rows; what changed between two; what they hash to. No database of reports here."""

import hashlib
import json
from datetime import date

from sites.indicators.declaring import Indicator
from sites.indicators.queries import plain
from sites.indicators.registry import in_force, shown
from sites.indicators.terms import ALL, Value

Orders = list[tuple[Indicator, dict[str, int]]]


def orders() -> Orders:
    """Each indicator in the registry's order, with the place of each of its categories, ALL first."""
    return [
        (indicator, {category: n for n, category in enumerate([ALL, *indicator.categories()])})
        for indicator in shown()
    ]


def indicator_rows(counts: dict[tuple[str, str], Value], places: Orders, day: date) -> list[dict]:
    """[{"code", "definition_version", "unit", "category", "value"}] in that order, as of the definitions of
    a day.
    """
    values: dict[str, dict[str, Value]] = {}
    for (code, category), value in counts.items():
        values.setdefault(code, {})[category] = value
    return [
        {
            "code": indicator.code,
            "definition_version": in_force(indicator.code, day).version,
            "unit": indicator.unit,
            "category": category,
            "value": plain(value),
        }
        for indicator, order in places
        for category, value in sorted(
            values.get(indicator.code, {}).items(),
            key=lambda item: (order.get(item[0], len(order)), item[0]),
        )
        if category == ALL or value
    ]


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


def canonical(content: dict) -> bytes:
    """Sorted compact UTF-8 JSON: the same content is the same bytes."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def report_sha256(site: str, day: date, version: int, indicators: list[dict]) -> str:
    """Over site, service_date, version and indicators (design §6)."""
    return sha256(
        {"site": site, "service_date": day.isoformat(), "version": version, "indicators": indicators}
    )


def period_sha256(site: str, span: tuple[str, date, date], version: int, indicators: list[dict]) -> str:
    """Over site, grain, first and last day, version and indicators."""
    grain, first, last = span
    return sha256(
        {
            "site": site,
            "grain": grain,
            "first": first.isoformat(),
            "last": last.isoformat(),
            "version": version,
            "indicators": indicators,
        }
    )


def sha256(content: dict) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()
