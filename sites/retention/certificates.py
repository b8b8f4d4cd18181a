"""The certificate of a destruction: what went, by which rule, from when; never of whom.

Its signature covers every field but itself, as sorted compact UTF-8 JSON. Each names the one before it.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sites.keyring.signing import Signer, fingerprint, signed_by
from sites.reports.rows import canonical
from sites.retention.models import Destruction

FORMAT = "scs-destruction-1"
FIELDS = {
    "format", "site", "organisation", "number", "began_at", "finished_at", "by", "schedule", "cutoffs",
    "counts", "keys", "vacuumed", "before",
}  # fmt: skip


class Broken(Exception):
    """The file is not a certificate, or not as it was signed: says why."""


def content(run: Destruction) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "site": run.site.code if run.site else "",
        "organisation": run.schedule.organisation.name_fr,
        "number": run.number,
        "began_at": _utc(run.began_at),
        "finished_at": _utc(run.finished_at),
        "by": run.by,
        "schedule": run.schedule.version,
        "cutoffs": run.cutoffs,
        "counts": run.counts,
        "keys": run.keys,
        "vacuumed": run.vacuumed,
        "before": run.before,
    }


def _utc(instant: datetime | None) -> str:
    return instant.astimezone(UTC).isoformat() if instant else ""


def sign(run: Destruction) -> None:
    """Sign a finished run, in place; the caller saves it."""
    told = canonical(content(run))
    signer = Signer(run.site)
    run.sha256 = hashlib.sha256(told).hexdigest()
    run.public_key, run.signature = signer.public, signer.sign(told)


def signed_file(run: Destruction) -> dict[str, Any]:
    signature = {"algorithm": "Ed25519", "public_key": run.public_key, "value": run.signature}
    return content(run) | {"signature": signature}


def check(file: object) -> str:
    """The fingerprint of whoever signed the file. Raises Broken for the first thing that does not hold."""
    if not isinstance(file, dict) or file.get("format") != FORMAT:
        raise Broken("not a certificate")
    signature = file.get("signature")
    if not isinstance(signature, dict) or set(file) != FIELDS | {"signature"}:
        raise Broken("fields")
    public, value = str(signature.get("public_key", "")), str(signature.get("value", ""))
    told = canonical({name: file[name] for name in FIELDS})
    if signature.get("algorithm") != "Ed25519" or not signed_by(public, value, told):
        raise Broken("signature")
    return fingerprint(public)


def is_whole(run: Destruction) -> bool:
    """Whether the row is as it was signed."""
    told = canonical(content(run))
    whole = run.sha256 == hashlib.sha256(told).hexdigest()
    return whole and signed_by(run.public_key, run.signature, told)


def certificate_faults() -> Iterator[dict]:
    """{"check", "site", "number", "what"} for each certificate that is not as it was signed, or is gone.

    Of the sites in sight and of what no site has; numbers follow one another, each names the one before.
    """
    last: dict[int | None, Destruction] = {}
    runs = Destruction.objects.exclude(finished_at=None).select_related("site", "schedule__organisation")
    for run in runs.order_by("site_id", "number"):
        about = {"check": "certificate", "site": run.site.code if run.site else "", "number": run.number}
        before = last.get(run.site_id)
        if not is_whole(run):
            yield about | {"what": "changed"}
        if before and run.before != before.sha256:
            yield about | {"what": "the one before is gone or another"}
        if not before and run.before:
            yield about | {"what": "the one before is gone"}
        last[run.site_id] = run
