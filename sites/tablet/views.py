"""The records API (design §6): one door among others to the same forms and services."""

import json
from collections.abc import Callable
from functools import cache, partial
from typing import TypeVar

from django.db import IntegrityError, OperationalError, transaction
from django.http import JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from django.views.defaults import page_not_found
from psycopg import errors as pg

from harmreduction.pg.scope import acting
from sites.codes.queries import all_lists
from sites.naloxone.models import Product
from sites.people.access import DEVICE, by_token, public
from sites.people.devices import device_of
from sites.records.errors import NotApplied
from sites.records.services import Sender, submit
from sites.records.terms import MAX_BODY_BYTES, MAX_RECORDS
from sites.tablet.ages import aged, under_way
from sites.tablet.openapi import document

TRIES = 4
RETRIABLE = (pg.DeadlockDetected, pg.SerializationFailure)
T = TypeVar("T")


def refuse(status: int, code: str, message: str, **more) -> JsonResponse:
    return JsonResponse({"error": {"code": code, "message": message, **more}}, status=status)


def bearer(request, scheme: str) -> str:
    given, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if given.lower() == scheme.lower() else ""


def unknown_device() -> JsonResponse:
    return refuse(401, "token", _("Cette tablette n’est pas reconnue."))


def not_found(request, exception):
    """What no address or no row answers: JSON for a program, a page for a person."""
    if request.path.startswith("/api/"):
        return refuse(404, "unknown", _("Il n’y a rien à cette adresse."))
    return page_not_found(request, exception)


class BadBody(Exception):
    def __init__(self, status: int, code: str, message: str):
        super().__init__(code)
        self.answer = refuse(status, code, message)


def read_records(request) -> dict:
    """A body with its list of records, or BadBody with one clear sentence."""
    try:
        body = request.read(MAX_BODY_BYTES + 1)
        if len(body) > MAX_BODY_BYTES:
            raise BadBody(413, "too_large", _("Au plus 1 Mio par envoi."))
        parsed = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadBody(422, "json", _("Le corps n’est pas du JSON lisible en UTF-8.")) from error
    records = parsed.get("records") if isinstance(parsed, dict) else None
    if not isinstance(records, list):
        raise BadBody(422, "records", _("Le corps doit contenir une liste « records »."))
    if len(records) > MAX_RECORDS:
        raise BadBody(413, "too_many", _("Au plus 500 saisies par envoi."))
    return parsed


def again(act: Callable[[bool], T]) -> T:
    """What `act` answers, done in one transaction and told whether to write one by one.

    A deadlock has one loser, who has done nothing wrong and tries again; what cannot be written together
    is written one by one.
    """
    left, one_by_one = TRIES, False
    while True:
        try:
            with transaction.atomic():
                return act(one_by_one)
        except (NotApplied, IntegrityError):
            if one_by_one:
                raise
            one_by_one = True
        except OperationalError as error:
            left -= 1
            if not left or not isinstance(error.__cause__, RETRIABLE):
                raise


@csrf_exempt
@require_POST
@by_token(DEVICE)
def records(request):
    read = cache(partial(read_records, request))  # once, however often it is tried
    return again(lambda one_by_one: _take(request, read, one_by_one))


def _take(request, read: Callable[[], dict], one_by_one: bool) -> JsonResponse:
    device = device_of(bearer(request, "Device"))
    if device is None:
        return unknown_device()
    try:
        sent = read()
    except BadBody as bad:
        return bad.answer
    received_at = timezone.now()
    with acting(sites=[device.site_id]):
        receipts = submit(
            site=device.site,
            records=aged(sent["records"], under_way(sent.get("sent_at"), received_at)),
            sender=Sender(device=device),
            received_at=received_at,
            one_by_one=one_by_one,
        )
    answer = {
        "receipts": [r.as_json() for r in receipts],
        "server_time": timezone.now().isoformat(),
    }
    return JsonResponse(answer)


@require_safe
@public
def openapi(request):
    return JsonResponse(document())


@require_safe
@public
def codes(request):
    """Every list, and the products, with labels in both languages and the dates they may be used."""
    lists = {name: [_row(v) for v in rows.values()] for name, rows in all_lists().items()}
    lists["product"] = [_row(product) for product in Product.objects.naloxone()]
    lists["kit"] = [_row(product) for product in Product.objects.kits()]
    return JsonResponse(lists)


def _row(value) -> dict:
    french, english = (
        (value.name_fr, value.name_en) if isinstance(value, Product) else (value.label_fr, value.label_en)
    )
    return {
        "code": value.code,
        "label_fr": french,
        "label_en": english,
        "valid_from": value.valid_from,
        "valid_to": value.valid_to,
    }
