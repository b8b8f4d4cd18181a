"""The 6 digits of each person: chosen with a one-time code or signed in, checked here, paused after five.

Nothing here says whether a person exists: whoever has no code is refused and counted the same.
"""

import secrets
from datetime import timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password, make_password
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from sites.people.models import Device, Pin, Staff, Unlock, WrongPin
from sites.people.queries import tablet_team
from sites.places.models import Site
from sites.trail.services import note

DIGITS = 6
MAX_WRONG = 5
TOLD_FOR = timedelta(hours=24)
STRANGERS_FOR = timedelta(days=1)


class Refused(Exception):
    """Why a code was not taken: `wrong` with the tries left, `paused`, or `weak`."""

    def __init__(self, code: str, left: int | None = None):
        super().__init__(code)
        self.code, self.left = code, left


class Weak(Refused):
    def __init__(self, message: str):
        super().__init__("weak")
        self.message = message


def is_pin(text: object) -> bool:
    return isinstance(text, str) and len(text) == DIGITS and text.isascii() and text.isdigit()


def fits(digits: str, kept: str) -> bool:
    """Nothing kept takes as long to refuse as something else."""
    return check_password(digits, kept or UNUSABLE_PASSWORD_PREFIX)


def check_strength(pin: str, *known: str) -> None:
    """Raises Weak for what anyone would try first, and for digits already known to others."""
    if not is_pin(pin):
        raise Weak(_("Le code a six chiffres."))
    steps = {(int(b) - int(a)) % 10 for a, b in zip(pin, pin[1:], strict=False)}
    repeats = any(pin == pin[:n] * (DIGITS // n) for n in (1, 2, 3))
    if steps <= {1} or steps <= {9} or repeats or pin in known:
        raise Weak(_("Ce code se devine : en choisir un autre."))


def generated() -> str:
    """Six digits that would be accepted."""
    while True:
        pin = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        try:
            check_strength(pin)
        except Weak:
            continue
        return pin


# --- Checked -----------------------------------------------------------------------------
# In the caller's transaction, and no savepoint of their own: a refusal must not undo its count.
def prove(device: Device, code: str, pin: str) -> Staff:
    """Whose PIN it is. Raises Refused; the fifth wrong one in a row pauses this person on this tablet."""
    return _checked(device.site, device, code, lambda kept: fits(pin, kept.pin))


def prove_at_desk(site: Site, code: str, pin: str) -> Staff:
    """The same beside someone who is signed in: wrong ones at the desks of a site are counted together."""
    return _checked(site, None, code, lambda kept: fits(pin, kept.pin))


def _checked(site: Site, device: Device | None, code: str, is_right) -> Staff:
    staff = tablet_team(site).filter(code=code).select_related("pin").first()
    # Whoever types a name where a code belongs is counted, too, and the name is not kept.
    counted = _count_of(site, device, code if staff else _digest(code))
    if counted.count >= MAX_WRONG:
        raise Refused("paused", 0)
    kept = getattr(staff, "pin", None)
    if staff is None or not is_right(kept or Pin()):
        counted.count, counted.last_at = counted.count + 1, timezone.now()
        counted.save(update_fields=["count", "last_at"])
        _note_pause(device, counted)
        raise Refused("paused" if counted.count >= MAX_WRONG else "wrong", MAX_WRONG - counted.count)
    WrongPin.objects.filter(pk=counted.pk).update(count=0)
    return staff


def _digest(code: str) -> str:
    return salted_hmac("wrong pin", code).hexdigest()[:40]


def _count_of(site: Site, device: Device | None, code: str) -> WrongPin:
    """Locked: guesses that come at once are judged one after the other."""
    counts = WrongPin.objects.at(site).select_for_update().filter(device=device, code=code)
    for _twice in range(2):  # it may be forgotten once it was found and before it is locked
        WrongPin.objects.bulk_create([WrongPin(site=site, device=device, code=code)], ignore_conflicts=True)
        if counted := counts.first():
            return counted
    raise WrongPin.DoesNotExist


def forget_wrong() -> None:
    """Delete the counts that stand at nothing, and a day later those of codes that nobody has (any more)."""
    strangers = ~Q(code__in=Staff.objects.filter(is_active=True).values("code"))
    long_ago = Q(last_at__lt=timezone.now() - STRANGERS_FOR)
    WrongPin.objects.filter(Q(count=0) | strangers & long_ago).delete()


def _note_pause(device: Device | None, counted: WrongPin) -> None:
    if counted.count == MAX_WRONG:
        note(
            "pin paused",
            actor="tablet" if device else "desk",
            site_id=counted.site_id,
            about="staff",
            about_id=counted.code,
            device=device.uuid if device else "",
        )


def is_paused(device: Device, code: str) -> bool:
    return WrongPin.objects.filter(device=device, code=code, count__gte=MAX_WRONG).exists()


# --- Chosen ------------------------------------------------------------------------------
@transaction.atomic
def tell_once(staff: Staff, *, by: str, site, valid_for: timedelta = TOLD_FOR, device: str = "") -> str:
    """Six digits to say to the person: with them they choose their own, once. Any pause ends."""
    once = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    Pin.objects.update_or_create(
        staff=staff, defaults={"once": make_password(once), "once_until": timezone.now() + valid_for}
    )
    lift(site, staff.code)
    note("pin code told", actor=by, site_id=site.pk, about="staff", about_id=staff.code, device=device)
    return once


def choose(device: Device, code: str, once: str, pin: str) -> Staff:
    """Choose one's PIN with the one-time code. Raises Refused."""

    def is_right(kept: Pin) -> bool:
        valid = kept.once_until is not None and kept.once_until > timezone.now()
        return fits(once, kept.once if valid else "")

    check_strength(pin, once, digits_of(code))
    staff = _checked(device.site, device, code, is_right)
    set_pin(staff, pin, by=staff.code, device=str(device.uuid))
    return staff


@transaction.atomic
def set_pin(staff: Staff, pin: str, *, by: str, device: str = "") -> None:
    """Raises Weak. Whoever holds a tablet by the old one no longer does."""
    check_strength(pin, digits_of(staff.code))
    Pin.objects.update_or_create(
        staff=staff, defaults={"pin": make_password(pin), "once": "", "once_until": None}
    )
    Unlock.objects.filter(staff=staff, ended_at=None).update(ended_at=timezone.now())
    note("pin set", actor=by, about="staff", about_id=staff.code, device=device)


def forget_pin(staff: Staff) -> None:
    """Of someone who left: neither digits nor a code to choose them, and no tablet in their hands."""
    Pin.objects.filter(staff=staff).update(pin="", once="", once_until=None)
    Unlock.objects.filter(staff=staff, ended_at=None).update(ended_at=timezone.now())


def lift(site, code: str) -> None:
    """End a pause on every tablet of the site."""
    WrongPin.objects.at(site).filter(code=code).update(count=0)


def digits_of(code: str) -> str:
    return "".join(sign for sign in code if sign.isdigit()).zfill(DIGITS)
