"""What a tap on the recorder writes. Nothing here stops a step: what is odd is kept, and said."""

import uuid
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils.translation import gettext as _

from sites.clockwork.services import now
from sites.codes.queries import values
from sites.naloxone.models import Product
from sites.naloxone.queries import clinical, first_expiring, lots_on_hand, on_hand
from sites.overdoses.models import OverdoseEvent
from sites.overdoses.services import CLOSED, DOSE, OPENED, STEP, EventFold, fold
from sites.overdoses.terms import GIVER_OF_ROLE, OTHER_STAFF, RESPONSE_END, UNKNOWN_PLACE
from sites.places.models import Booth, Site
from sites.records.envelopes import as_uuid
from sites.records.forms import clean_text
from sites.records.pages import WRITTEN, new_id, submit_page
from sites.records.services import Receipt
from sites.records.stories import CORRECTED, VOIDED, story_of
from sites.visits.models import Visit
from sites.visits.terms import VisitState

PLACE_OF_STATE = {
    VisitState.IN_BOOTH: "booth",
    VisitState.AFTERCARE: "chillout",
    VisitState.WAITING: "waiting",
}
PLACE_REASON = "lieu précisé"
SLIP_REASON = "touché par erreur"
FALSE_ALARM_REASON = "fausse alerte"


# --- Starting ---------------------------------------------------------------------------


def start(request) -> uuid.UUID:
    """Open an event from whatever the page knows, and return its ref. Nothing can refuse it.

    A second touch on the same button joins the event that the first one opened.
    """
    site, posted = request.site, request.POST
    event, record_id = as_uuid(posted.get("event")), as_uuid(posted.get("record_id"))
    told = _told_place(site, posted)
    for ref, key, data in ((event, record_id, told), (None, None, told), (None, None, {})):
        ref = ref or new_id()
        data = {"event": str(ref), "location": UNKNOWN_PLACE, **data}
        submit_page(request, OPENED, data, record_id=key or new_id())
        if OverdoseEvent.objects.at(site).filter(ref=ref, closed_at__isnull=True).exists():
            return ref
    return ref


def _told_place(site: Site, posted) -> dict:
    """The place and visit that the page filled in, as far as they hold."""
    told: dict = {}
    location, booth = posted.get("location", ""), posted.get("booth", "").strip()
    if location in values("location"):
        told["location"] = location
    visit_ref = as_uuid(posted.get("visit"))
    if visit_ref:
        told |= {"visit": str(visit_ref), "person": "client_visit"}
        visit = Visit.objects.at(site).select_related("booth").filter(ref=visit_ref).first()
        if visit and "location" not in told and visit.state in PLACE_OF_STATE:
            told["location"] = PLACE_OF_STATE[VisitState(visit.state)]
        booth = booth or (visit.booth.label if visit and visit.booth else "")
    if booth and clean_text(booth) and Booth.objects.at(site).filter(label=booth).exists():
        told |= {"booth": booth, "location": told.get("location", "booth")}
    return told


# --- Recording --------------------------------------------------------------------------


def record_step(request, event: OverdoseEvent) -> Receipt | None:
    """One gesture or measure. None when what was typed is no number at all."""
    posted = request.POST
    data: dict = {"event": str(event.ref), "step": posted.get("step", ""), "choice": posted.get("choice", "")}
    if measure := posted.get("measure", ""):
        value = _measured(posted.get("value") or posted.get("typed", ""))
        if value is None:
            return None
        data |= {"measure": measure, "value": value}
    return submit_page(request, STEP, data)


def _measured(text: str) -> str | None:
    """The number as typed, with a comma or a point, to two decimals; None when there is none."""
    try:
        number = Decimal(text.strip().replace(",", "."))
        return str(number.quantize(Decimal("0.01")).normalize() + 0) if number.is_finite() else None
    except InvalidOperation:
        return None


def record_dose(request, event: OverdoseEvent) -> tuple[Receipt, bool]:
    """One dose of the product on the button, from the lot that expires first.

    The second value is True when that lot had nothing left, or there was none.
    """
    site, code = request.site, request.POST.get("product", "")
    product = Product.objects.naloxone().filter(code=code).first()
    lot = first_expiring(clinical(lots_on_hand(site)), code)
    given_by = GIVER_OF_ROLE.get(request.user.role, OTHER_STAFF)
    data = {"event": str(event.ref), "product": code, "given_by": given_by}
    if product:
        data |= {"route": product.route, "dose_mg": str(product.strength_mg)}
    if lot:
        data["lot"] = str(lot.ref)
    receipt = submit_page(request, DOSE, data)
    return receipt, lot is None or on_hand(site).get(lot.ref, 0) < 0


def change_place(request, event: OverdoseEvent, folded: EventFold) -> Receipt:
    """Say where it is. Whoever sits at the booth that is named is taken to be the person."""
    site, posted = request.site, request.POST
    if posted.get("person") == "unknown":
        changes: dict = {"visit": None, "person": "unknown"}
    else:
        location, _colon, booth = posted.get("place", "").partition(":")
        changes = {"location": location, "booth": booth or None}
        seated = Visit.objects.at(site).filter(booth__label=booth).first() if booth else None
        if seated:
            changes |= {"visit": str(seated.ref), "person": "client_visit"}
    return correct(request, folded.opened.record_id, changes, PLACE_REASON)


def correct(request, target: uuid.UUID, changes: dict, reason: str) -> Receipt:
    data = {"target": str(target), "data": changes, "reason": reason}
    return submit_page(request, CORRECTED, data, at=now())


def void(request, target: uuid.UUID, reason: str = SLIP_REASON) -> Receipt:
    """Take a record back; twice has one effect."""
    data = {"target": str(target), "reason": reason}
    return submit_page(request, VOIDED, data, at=now(), record_id=uuid.uuid5(target, "void"))


def end(request, event: OverdoseEvent) -> Receipt:
    return submit_page(request, STEP, {"event": str(event.ref), "step": RESPONSE_END})


def close(request, event: OverdoseEvent, answers: dict) -> Receipt:
    """Closed now, by the server's clock: a slow tablet must not leave the last steps outside."""
    return submit_page(request, CLOSED, {"event": str(event.ref), **answers}, at=now())


@transaction.atomic
def take_back(request, event: OverdoseEvent) -> bool:
    """A false alarm: every step, then the opening. False, and nothing done, when one cannot be."""
    folded = fold(story_of(request.site, event.ref))
    if folded is None:
        return True
    told = [*folded.after_closing, *([folded.closed] if folded.closed else []), *folded.steps[::-1]]
    for telling in [*told, folded.opened]:
        if void(request, telling.record_id, FALSE_ALARM_REASON).status not in WRITTEN:
            transaction.set_rollback(True)
            return False
    return True


def why_not(receipt: Receipt) -> str:
    """The first thing that stands against a record, in plain words."""
    return next((e["message"] for errors in receipt.errors.values() for e in errors), _("Pas noté."))
