"""A tablet joins a site by a code that a manager shows it: one use, a few minutes, five tries."""

import base64
import io
import secrets
from datetime import timedelta

import qrcode
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone
from qrcode.image.svg import SvgPathImage

from harmreduction.pg.scope import acting
from sites.people.devices import device_of, enrol
from sites.people.models import Device, EnrolmentCode
from sites.people.terms import TabletPlace
from sites.places.models import Site
from sites.trail.services import note

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that reads as something else
HALF = 4
VALID_FOR = timedelta(minutes=10)
MAX_TRIES = 5


def _half() -> str:
    return "".join(secrets.choice(LETTERS) for _n in range(HALF))


def typed(text: str) -> str:
    """A code as it was meant: capitals, without the spaces and dashes it is shown with."""
    return "".join(sign for sign in text.upper() if sign in LETTERS)[: HALF * 2]


@transaction.atomic
def make_code(
    site: Site,
    *,
    by: str,
    label: str = "",
    place: str = TabletPlace.COUNTER,
    replaces: Device | None = None,
    valid_for: timedelta = VALID_FOR,
) -> str:
    """A code, told this once. The half that finds it is kept, of the other half only a digest."""
    EnrolmentCode.objects.at(site).filter(until__lt=timezone.now()).delete()
    name, secret = _half(), _half()
    EnrolmentCode.objects.create(
        site=site,
        name=name,
        secret=make_password(secret),
        label=label,
        place=place,
        replaces=replaces,
        made_by=by,
        until=timezone.now() + valid_for,
    )
    note("enrolment code made", actor=by, site_id=site.pk, about="tablet", about_id=label)
    return f"{name}-{secret}"


@transaction.atomic
def enrol_with(text: str, own: str = "") -> tuple[Device, str] | None:
    """The device and its token, told this once; None for any code that does not stand.

    A tablet that made its token itself (`own`) and asks again, because the answer was lost, is told the same.
    """
    if own and (known := device_of(own)):
        return _again(known, own)
    code = typed(text)
    name, secret = code[:HALF], code[HALF:]
    with acting(token=name):
        found = _standing(name, secret)
    if found is None:
        # Whoever asked twice at once waited for the code; by now the first one has it.
        return _again(device_of(own), own)
    with acting(sites=[found.site_id]):
        device, token = enrol(found.site, found.label, found.place, own)
        about = {"site_id": found.site_id, "about": "tablet"}
        note("tablet enrolled", actor=found.made_by, about_id=device.uuid, **about)
        if found.replaces and not found.replaces.revoked_at:
            Device.objects.filter(pk=found.replaces_id).update(revoked_at=timezone.now())
            note("tablet revoked", actor=found.made_by, about_id=found.replaces.uuid, **about)
        found.delete()
    return device, token


def _again(device: Device | None, own: str) -> tuple[Device, str] | None:
    return (device, own) if own and device and not device.revoked_at else None


def _standing(name: str, secret: str) -> EnrolmentCode | None:
    """The code, locked; a wrong second half counts as one of its tries."""
    found = EnrolmentCode.objects.select_for_update(of=("self",)).filter(name=name).first()
    if found is None or found.tries >= MAX_TRIES or found.until < timezone.now():
        make_password(secret)  # so that a code that is not there takes as long
        return None
    if check_password(secret, found.secret):
        return found
    found.tries += 1
    found.save(update_fields=["tries"])
    return None


def qr(text: str) -> str:
    """A QR code of an address or another text, as a data: URL of an SVG."""
    out = io.BytesIO()
    qrcode.make(text, image_factory=SvgPathImage, box_size=12).save(out)
    return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()
