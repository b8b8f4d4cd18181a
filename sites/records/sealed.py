"""Records that a tablet sealed to the server: `{id, seq, key_id, sealed}`, and `age_s` as of sending.

Opened, one is read like any other. One that cannot be opened is kept whole, under an id of its own:
the record that rightly bears that id may still come.
"""

import json
import uuid
from datetime import datetime

from django.utils.translation import gettext as _

from sites.keyring.boxes import CannotOpen, Opener
from sites.keyring.services import key, mac
from sites.people.proofs import Proof
from sites.places.models import Site
from sites.records.envelopes import NAMESPACE, Envelope, as_uuid, open_envelope
from sites.records.forms import storable_text
from sites.records.handles import storable
from sites.records.terms import SEALED, UNSURE_FLAG

OUTER = {"id", "seq", "age_s", "key_id", "sealed"}
INNER = {"kind", "occurred_at", "entered_at", "by", "data"}
PROOFS = {"pin", "unlock"}


def is_sealed(raw: object) -> bool:
    return isinstance(raw, dict) and "sealed" in raw


def open_sealed(site: Site, opener: Opener, raw: dict, received_at: datetime) -> Envelope:
    """One sealed record as if it had come in clear; `unreadable` when it cannot be opened."""
    try:
        content = _content(opener.open(raw.get("key_id"), raw.get("sealed"), raw.get("id")))
    except CannotOpen:
        return _kept_whole(site, raw, received_at)
    outer = {name: value for name, value in raw.items() if name in OUTER - {"key_id", "sealed"}}
    inner = {name: value for name, value in content.items() if name not in PROOFS}
    envelope = open_envelope(site, inner | outer, received_at)
    for name in sorted((set(raw) - OUTER) | (set(inner) - INNER)):
        unknown = {"code": "unknown", "message": _("Ce champ n’existe pas ici.")}
        envelope.errors[storable_text(name, 40)] = [unknown]
    envelope.proof = Proof(**{name: str(content[name])[:200] for name in PROOFS if content.get(name)})
    if "age_s" not in raw:
        envelope.flags.append(UNSURE_FLAG)
    return envelope


def _content(opened: bytes) -> dict:
    try:
        content = json.loads(opened.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise CannotOpen from error
    if not isinstance(content, dict):
        raise CannotOpen
    return content


def _kept_whole(site: Site, raw: dict, received_at: datetime) -> Envelope:
    """The box as it came. The same box sent again is the same record."""
    key_id, box = raw.get("key_id"), raw.get("sealed")
    digest = mac(key(site, "handle"), f"box|{json.dumps([raw.get('id'), key_id, box], default=str)}")
    envelope = open_envelope(site, {"id": raw.get("id"), "seq": raw.get("seq")}, received_at)
    envelope.raw = raw
    envelope.unreadable = True
    envelope.kind, envelope.mac = SEALED, digest
    envelope.record_id = uuid.uuid5(as_uuid(raw.get("id")) or NAMESPACE, digest.hex())
    envelope.flags = []
    envelope.data = {
        "key_id": storable(key_id),
        "sealed": storable_text(box, len(box)) if isinstance(box, str) else storable(box),
    }
    envelope.errors = {
        "sealed": [{"code": "sealed", "message": _("Cette saisie scellée ne s’ouvre pas ici.")}]
    }
    return envelope
