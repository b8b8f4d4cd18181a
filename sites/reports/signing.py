"""A report as a file that can be checked anywhere: its content, its hash, its signature.

The signature covers every field but itself, as sorted compact UTF-8 JSON.
"""

from datetime import UTC, date, datetime
from typing import Any

from sites.keyring.signing import Signer, fingerprint, signed_by
from sites.places.models import Site
from sites.reports.models import ReportVersion
from sites.reports.rows import canonical, period_sha256, report_sha256

FORMAT = "scs-report-1"
FIELDS = {
    "format", "site", "grain", "first", "last", "version", "closed_at", "final_at", "data_cutoff", "sha256",
    "indicators", "changed", "incomplete",
}  # fmt: skip


class Broken(Exception):
    """The file is not a report, or not as it was signed: says why."""


def content(site: Site, report: ReportVersion) -> dict[str, Any]:
    grain, first, last = report.span
    return {
        "format": FORMAT,
        "site": site.code,
        "grain": grain,
        "first": first.isoformat(),
        "last": last.isoformat(),
        "version": report.version,
        "closed_at": _utc(report.closed_at),
        "final_at": _utc(report.final_at),
        "data_cutoff": _utc(report.data_cutoff),
        "sha256": report.sha256,
        "indicators": report.indicators,
        "changed": report.changed,
        "incomplete": report.incomplete,
    }


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()


def sign(site: Site, reports: list) -> None:
    """Sign these new versions, in place."""
    signer = Signer(site) if reports else None
    for report in reports:
        report.public_key = signer.public
        report.signature = signer.sign(canonical(content(site, report)))


def signed_file(site: Site, report: ReportVersion) -> dict[str, Any]:
    """The content with its signature; a version built before there were signatures has none."""
    signature = {"algorithm": "Ed25519", "public_key": report.public_key, "value": report.signature}
    return content(site, report) | {"signature": signature}


def check(file: object) -> str:
    """The fingerprint of whoever signed the file. Raises Broken for the first thing that does not hold."""
    if not isinstance(file, dict) or file.get("format") != FORMAT:
        raise Broken("not a report")
    signature = file.get("signature")
    if not isinstance(signature, dict) or set(file) != FIELDS | {"signature"}:
        raise Broken("fields")
    if _hash_of(file) != file["sha256"]:
        raise Broken("sha256")
    public, value = str(signature.get("public_key", "")), str(signature.get("value", ""))
    if not value:
        raise Broken("unsigned")
    told = {name: file[name] for name in FIELDS}
    if signature.get("algorithm") != "Ed25519" or not signed_by(public, value, canonical(told)):
        raise Broken("signature")
    return fingerprint(public)


def _hash_of(file: dict) -> str:
    try:
        first, last = date.fromisoformat(file["first"]), date.fromisoformat(file["last"])
    except (TypeError, ValueError):
        raise Broken("dates") from None
    if file["grain"] == "day":
        return report_sha256(file["site"], first, file["version"], file["indicators"])
    return period_sha256(file["site"], (file["grain"], first, last), file["version"], file["indicators"])
