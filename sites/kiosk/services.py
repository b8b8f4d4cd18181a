"""What a person does about what is held of them, written as records: corrections, voids, a new agreement."""

import secrets
from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from sites.clients import withdrawn
from sites.clients.models import Agreement, Client
from sites.clients.services import is_client_held
from sites.clockwork.services import now
from sites.kiosk.models import ErasureRequest
from sites.kiosk.queries import HOLD, in_the_way
from sites.logbook import alerts
from sites.people.queries import staff_codes
from sites.places.models import Site
from sites.places.queries import today
from sites.records.locks import hold_locks
from sites.records.pages import new_id
from sites.records.services import Sender, submit
from sites.records.together import Outcome, write
from sites.records.words import ASKED_FOR
from sites.trail.services import note

RESTORED = "restore"
# Neither 0 and O nor 1 and I: it is read aloud and copied by hand.
SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 8
Row = tuple[UUID, str, dict]


def say_language(request, agreement: Agreement, language: str) -> Outcome:
    """Correct in which language the agreement was explained."""
    data = {"target": str(agreement.record_id), "data": {"language": language}, "reason": ASKED_FOR}
    return write(request, [(new_id(), "record.corrected", data)], now())


def rename(request, client: Client, handle: str) -> Outcome:
    """Agree under another handle, and take back what was agreed under this one: its visits are of nobody."""
    last = client.agreements.latest("agreed_at")
    said = {"handle": handle, "version": last.version, "language": last.language}
    return write(request, [(new_id(), "client.agreed", said), *_voids(client.agreements.all())], now())


def remove_alert(request, client: Client, record_id: UUID | None) -> None:
    """Take back one of this person’s alerts; another’s is left as it is."""
    if HOLD in in_the_way(client):
        return
    if alerts.in_force(client.site).filter(client=client, record_id=record_id).exists():
        data = {"target": str(record_id), "reason": ASKED_FOR}
        write(request, [(new_id(), "record.voided", data)], now())


def _voids(agreements: QuerySet[Agreement]) -> list[Row]:
    targets = agreements.order_by("pk").values_list("record_id", flat=True)
    data = [{"target": str(target), "reason": ASKED_FOR} for target in targets]
    return [(new_id(), "record.voided", one) for one in data]


def ask_erasure(request, client: Client) -> ErasureRequest:
    """Cut the link and forget the code: at once, or as soon as nothing stands in the way."""
    site, by = request.site, request.user.code
    hold_locks(site, [f"erasure {client.pk}"])
    waiting = ErasureRequest.objects.at(site).filter(client_ref=client.pk, done_on=None).first()
    if waiting:
        return waiting
    asked = ErasureRequest(site=site, code=_code(), asked_on=today(site), by=by)
    if in_the_way(client):
        asked.client_ref = client.pk
    else:
        _forget(client, client.agreements.all(), by=by)
        asked.done_on = asked.asked_on
    asked.save()
    note("kiosk.erasure", actor=by, site_id=site.pk, about="erasure", about_id=asked.code)
    return asked


def _code() -> str:
    return "".join(secrets.choice(SIGNS) for _n in range(CODE_LENGTH))


def _forget(client: Client, agreements: QuerySet[Agreement], *, by: str) -> None:
    """Without an agreement left the client goes, and with them every link from a visit or a measure."""
    at = now()
    author = by if by in staff_codes(client.site) else None
    records = [
        {
            "id": str(record_id), "kind": kind, "occurred_at": at.isoformat(), "entered_at": at.isoformat(),
            "seq": seq, "by": author, "data": data,
        }
        for seq, (record_id, kind, data) in enumerate(_voids(agreements))
    ]  # fmt: skip
    submit(site=client.site, records=records, sender=Sender(staff=by))
    # An agreement whose record is gone has nothing left to void.
    for agreement in agreements:
        withdrawn.remember(agreement.record_id)
        agreement.delete()
    if not client.agreements.exists():
        Client.objects.at(client.site).filter(pk=client.pk).delete()


def forget_again(site: Site) -> int:
    """Withdraw what a restored backup brought back; what a hold keeps waits for its end. How many people."""
    back, done = withdrawn.back_again().filter(site=site), 0
    for client in Client.objects.at(site).filter(agreements__in=back).select_related("site").distinct():
        if is_client_held(client):
            continue
        _forget(client, back.filter(client=client), by=RESTORED)
        note("kiosk.erased", actor=RESTORED, site_id=site.pk, about="erasure")
        done += 1
    return done


def finish_erasures(site: Site) -> int:
    """Do what was asked for and waited; how many."""
    waiting: Iterable[ErasureRequest] = ErasureRequest.objects.at(site).filter(done_on=None)
    done = 0
    for asked in waiting:
        client = Client.objects.at(site).filter(pk=asked.client_ref).select_related("site").first()
        if client and in_the_way(client):
            continue
        if client:
            _forget(client, client.agreements.all(), by=asked.by)
        asked.client_ref, asked.done_on = None, today(site)
        asked.save(update_fields=["client_ref", "done_on"])
        note("kiosk.erased", actor="beat", site_id=site.pk, about="erasure", about_id=asked.code)
        done += 1
    return done
