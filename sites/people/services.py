"""Accounts and postings: made, changed, and every change in the trail."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from sites.people.devices import enrol
from sites.people.factors import forget_factors
from sites.people.models import Device, Posting, Staff
from sites.people.pins import forget_pin
from sites.people.roles import RUNS_THE_SYSTEM
from sites.people.sessions import end_sessions
from sites.people.terms import Language
from sites.places.models import Site
from sites.places.queries import today
from sites.trail.services import note

TOLD_FOR = timedelta(days=7)
CONSONANTS, VOWELS = "bdfgklmnprstvz", "aeiou"
PASSWORD_WORDS = 4


def generated_password() -> str:
    """Four words that can be said aloud, about 64 bits: « tavok-relum-sipan-dokel »."""
    return words_of(secrets.token_bytes(64), words=PASSWORD_WORDS)


def words_of(drawn: bytes, *, words: int) -> str:
    """Words that can be said aloud, of five letters and about 16 bits each, from random bytes."""
    number = int.from_bytes(drawn)
    letters = []
    for n in range(words * 5):
        alphabet = CONSONANTS if n % 5 % 2 == 0 else VOWELS
        number, at = divmod(number, len(alphabet))
        letters.append(alphabet[at])
    spelled = "".join(letters)
    return "-".join(spelled[n : n + 5] for n in range(0, len(spelled), 5))


@transaction.atomic
def hire(
    *,
    code: str,
    display_name: str,
    role: str,
    by: str,
    password: str | None = None,
    told: bool = False,
    language: str = "",
) -> Staff:
    """An account; without a password nobody can sign in to it. `told`: by someone who knows it."""
    staff = Staff.objects.create_user(
        code,
        password,
        display_name=display_name,
        role=role,
        language=language or Language.FRENCH,
        told_until=_end_of(told),
    )
    note("staff added", actor=by, about="staff", about_id=staff.code)
    return staff


@transaction.atomic
def post(staff: Staff, site: Site, *, by: str) -> None:
    """Let someone work at a site, from its service day on."""
    posting, made = Posting.objects.get_or_create(site=site, staff=staff, defaults={"since": today(site)})
    if not made and posting.until is None:
        return
    if not made:
        posting.since, posting.until = today(site), None
        posting.save(update_fields=["since", "until"])
    note("staff posted", actor=by, site_id=site.pk, about="staff", about_id=staff.code)


@transaction.atomic
def set_password(staff: Staff, password: str, *, by: str, told: bool = False, but: str = "") -> None:
    """Sessions opened with the old one end; all but `but`, a session key as kept.

    One that is told by someone else opens for some days, to choose another.
    """
    staff.set_password(password)
    staff.told_until = _end_of(told)
    staff.save(update_fields=["password", "told_until"])
    end_sessions(staff, but=but)
    note_access(staff, "password set", by=by)


def _end_of(told: bool) -> datetime | None:
    return timezone.now() + TOLD_FOR if told else None


@transaction.atomic
def forget_second_factor(staff: Staff, *, by: str, why: str) -> None:
    """For someone who has lost it: whoever must have one sets up another at the next sign-in."""
    forget_factors(staff)
    end_sessions(staff)
    note_access(staff, "second factor forgotten", by=by, why=why)


@transaction.atomic
def close_sessions(staff: Staff, *, by: str) -> None:
    end_sessions(staff)
    note_access(staff, "sessions ended", by=by)


def note_access(staff: Staff, action: str, *, by: str, why: str = "") -> None:
    note(action, actor=by, about="staff", about_id=staff.code, why=why)


def who_runs_the_system() -> list[str]:
    """Codes of the active accounts that may give every role."""
    accounts = Staff.objects.filter(is_active=True, role=RUNS_THE_SYSTEM).order_by("code")
    return [staff.code for staff in accounts if staff.has_usable_password()]


# --- Changes at the desk -----------------------------------------------------------------
@transaction.atomic
def change(staff: Staff, *, what: list[str], by: str) -> None:
    """Save what a form made of an account; the trail names what changed."""
    if "is_active" in what:
        _come_or_go(staff)
    staff.save()
    if not staff.is_active or "role" in what:
        end_sessions(staff)
    note("staff changed", actor=by, about="staff", about_id=staff.code, why=", ".join(what))


def _come_or_go(staff: Staff) -> None:
    """Nothing by which someone who left came in stays; who comes back is given a new password."""
    staff.left_on = None if staff.is_active else timezone.now().date()
    if not staff.is_active:
        staff.last_login = None
        staff.set_unusable_password()
        forget_pin(staff)
        forget_factors(staff)


@transaction.atomic
def set_postings(staff: Staff, *, here: list[Site], among: list[Site], by: str) -> None:
    """Post at these and at none of the others of `among`; postings elsewhere stay."""
    for site in here:
        post(staff, site, by=by)
    gone = [site for site in among if site not in here]
    for posting in Posting.objects.filter(staff=staff, site__in=gone, until=None).select_related("site"):
        posting.until = today(posting.site)
        posting.save(update_fields=["until"])
        note("posting ended", actor=by, site_id=posting.site_id, about="staff", about_id=staff.code)


@transaction.atomic
def enrol_tablet(site: Site, label: str, *, by: str) -> tuple[Device, str]:
    device, token = enrol(site, label)
    note("tablet enrolled", actor=by, site_id=site.pk, about="tablet", about_id=device.uuid)
    return device, token


@transaction.atomic
def change_tablet(device: Device, *, label: str, place: str, by: str) -> None:
    device.label, device.place = label, place
    device.save(update_fields=["label", "place"])
    note("tablet changed", actor=by, site_id=device.site_id, about="tablet", about_id=device.uuid)


@transaction.atomic
def revoke_tablet(device: Device, *, by: str) -> None:
    """What it sends from now on is set aside for a person."""
    if device.revoked_at:
        return
    device.revoked_at = timezone.now()
    device.save(update_fields=["revoked_at"])
    note("tablet revoked", actor=by, site_id=device.site_id, about="tablet", about_id=device.uuid)
