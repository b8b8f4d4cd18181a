"""What a tablet kept and could not send, brought in as a file: the same records through the same door."""

import json
from collections import Counter
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sites.people.models import Device
from sites.places.models import Site
from sites.records.envelopes import as_uuid, instant
from sites.records.services import Receipt, Sender, submit
from sites.records.terms import MAX_RECORDS, Status
from sites.tablet.ages import aged
from sites.tablet.views import again
from sites.trail.services import note

FORMAT = "scs-unsent-1"
MAX_FILE_BYTES = 16 * 1024 * 1024


class Unreadable(Exception):
    """Not a file of one of this site's tablets; says so in one sentence."""


@transaction.atomic
def take_in(site: Site, raw: bytes, *, by: str) -> Counter[Status]:
    """Submit the records of a file; how many got each status. Raises Unreadable. Twice is once."""
    parsed = _parsed(raw)
    device = Device.objects.at(site).filter(uuid=as_uuid(parsed.get("device"))).first()
    if device is None:
        raise Unreadable(_("Ce fichier vient d’une tablette qui n’est pas de ce site."))
    records = _ages(parsed["records"], instant(parsed.get("saved_at")))
    told: Counter[Status] = Counter()
    for start in range(0, len(records), MAX_RECORDS):
        some = records[start : start + MAX_RECORDS]
        sender = Sender(device=device, staff=by)
        receipts = again(partial(_submitted, site, some, sender))
        told.update(Status(receipt.status) for receipt in receipts)
    note("tablet file taken in", actor=by, site_id=site.pk, about="tablet", about_id=device.uuid)
    return told


def _submitted(site: Site, records: list, sender: Sender, one_by_one: bool) -> list[Receipt]:
    return submit(site=site, records=records, sender=sender, one_by_one=one_by_one)


def _parsed(raw: bytes) -> dict:
    try:
        parsed = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict) or parsed.get("format") != FORMAT:
        raise Unreadable(_("Ce n’est pas un fichier enregistré par une tablette."))
    if not isinstance(parsed.get("records"), list):
        raise Unreadable(_("Ce fichier ne contient pas de saisies."))
    return parsed


def _ages(records: list, saved_at: datetime | None) -> list:
    """Ages were told when the file was saved; the time it lay in a drawer is added, if that is known."""
    if saved_at is None:
        return [
            {n: v for n, v in record.items() if n != "age_s"} if isinstance(record, dict) else record
            for record in records
        ]
    return aged(records, max(0.0, (timezone.now() - saved_at).total_seconds()))
