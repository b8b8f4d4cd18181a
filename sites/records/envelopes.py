"""One record as it was sent: what surrounds its data, checked and put on the server's clock."""

import hashlib
import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from sites.keyring.services import key, mac
from sites.people.proofs import Proof
from sites.places.models import Site
from sites.records.forms import storable_text
from sites.records.terms import CLOCK_FLAG, CLOCK_TOLERANCE_S, SKEW_FLAG, TO_CONFIRM_FLAG

CONTENT_KEYS = ("kind", "occurred_at", "entered_at", "by", "data")
CONTENT = json.JSONEncoder(sort_keys=True, default=str).encode
KEYS = {"id", "kind", "occurred_at", "entered_at", "seq", "by", "data", "age_s"}
MAX_SEQ = 2**62
MAX_AGE_S = 366 * 86400
# Made from what was sent when the id is no UUID, so that the same bad record is kept once.
NAMESPACE = uuid.UUID("018f2a70-5c5e-7000-8000-5c5e00000001")


@dataclass
class Envelope:
    raw: dict
    record_id: uuid.UUID
    kind: str
    occurred_at: datetime
    sent_occurred_at: datetime
    entered_at: datetime
    received_at: datetime
    seq: int
    by: str | None
    data: dict
    mac: bytes
    errors: dict = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    proof: Proof = Proof()
    unreadable: bool = False

    @property
    def shown_id(self):
        return self.raw.get("id") if isinstance(self.raw.get("id"), (str, int, float)) else None


def instant(value: object) -> datetime | None:
    """An RFC 3339 instant with its offset, in UTC; anything else is None."""
    if not isinstance(value, str) or len(value) > 40 or "T" not in value.upper():
        return None
    try:
        parsed = parse_datetime(value.upper())
        return parsed.astimezone(UTC) if parsed and parsed.tzinfo else None
    except (ValueError, OverflowError):
        return None


def as_uuid(value: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(value) if isinstance(value, str) and len(value) <= 36 else None
    except ValueError:
        return None


def content_mac(site: Site, raw: dict) -> bytes:
    """Keyed digest of what makes two records the same: kind, times, author, data as parsed JSON."""
    return mac(key(site, "handle"), content_text(raw))


def content_text(raw: dict) -> str:
    return "content|" + CONTENT([raw.get(name) for name in CONTENT_KEYS])


def _problem(code: str, message: str) -> list[dict]:
    return [{"code": code, "message": message}]


def _on_our_clock(raw: dict, sent: datetime | None, received_at: datetime, flags: list[str]) -> datetime:
    """When it happened. What was sent is kept beside it, so the flags say by how much they differ."""
    age = raw.get("age_s")
    tolerance = timedelta(seconds=CLOCK_TOLERANCE_S)
    if isinstance(age, (int, float)) and not isinstance(age, bool) and 0 <= age <= MAX_AGE_S:
        happened = received_at - timedelta(seconds=float(age))
        if sent and abs(sent - happened) > tolerance:
            flags.append(SKEW_FLAG)
        return happened
    if sent is None:
        return received_at
    if sent > received_at + tolerance or sent.year < 1970:
        flags.append(CLOCK_FLAG)
        return received_at
    return sent


def _typed_at(entered: datetime, sent: datetime, happened: datetime, flags: list[str]) -> datetime:
    """A clock that was wrong for one of the two times was as wrong for the other."""
    if not {SKEW_FLAG, CLOCK_FLAG}.intersection(flags):
        return entered
    try:
        return entered + (happened - sent)
    except OverflowError:
        return happened


def open_envelope(site: Site, raw: object, received_at: datetime) -> Envelope:
    """Read one record. What is wrong with its frame is put in `errors`, in the language in force."""
    errors: dict = {}
    flags: list[str] = []
    if not isinstance(raw, dict):
        errors["__all__"] = _problem("type", _("Une saisie est un objet JSON."))
        raw = {"data": {}}
    for name in sorted(k for k in raw if k not in KEYS):
        errors[storable_text(name, 40)] = _problem("unknown", _("Ce champ n’existe pas ici."))
    digest = content_mac(site, raw)
    record_id = as_uuid(raw.get("id"))
    if record_id is None:
        errors["id"] = _problem("invalid", _("L’identifiant doit être un UUID."))
        record_id = uuid.uuid5(NAMESPACE, hashlib.sha256(digest).hexdigest())
    sent, entered = instant(raw.get("occurred_at")), instant(raw.get("entered_at"))
    for name, value in (("occurred_at", sent), ("entered_at", entered)):
        if value is None:
            errors[name] = _problem("invalid", _("L’instant doit être écrit avec son décalage (RFC 3339)."))
    seq = raw.get("seq")
    if not isinstance(seq, int) or isinstance(seq, bool) or abs(seq) > MAX_SEQ:
        errors["seq"] = _problem("type", _("Le rang doit être un nombre entier."))
        seq = 0
    by = raw.get("by")
    if by is not None and not isinstance(by, str):
        errors["by"] = _problem("type", _("L’auteur est un code ou rien."))
    kind, data = raw.get("kind"), raw.get("data")
    if not isinstance(kind, str):
        errors["kind"] = _problem("type", _("Le genre de saisie manque."))
    if not isinstance(data, dict):
        errors["data"] = _problem("type", _("Les données doivent être un objet JSON."))
    if by is None:
        flags.append(TO_CONFIRM_FLAG)
    happened = _on_our_clock(raw, sent, received_at, flags)
    return Envelope(
        raw=raw,
        record_id=record_id,
        kind=storable_text(kind, 30) if isinstance(kind, str) else "",
        occurred_at=happened,
        sent_occurred_at=sent or received_at,
        entered_at=_typed_at(entered, sent, happened, flags) if entered and sent else received_at,
        received_at=received_at,
        seq=seq,
        by=by if isinstance(by, str) else None,
        data=data if isinstance(data, dict) else {},
        mac=digest,
        errors=errors,
        flags=flags,
    )
