"""Accounts and postings: made, changed, and every change in the trail."""

import secrets

from django.db import transaction

from sites.people.models import Posting, Staff
from sites.people.terms import Language
from sites.places.models import Site
from sites.places.queries import today
from sites.trail.services import note

CONSONANTS, VOWELS = "bdfgklmnprstvz", "aeiou"
PASSWORD_WORDS = 4


def generated_password() -> str:
    """Four words that can be said aloud, about 64 bits: « tavok-relum-sipan-dokel »."""
    return "-".join(
        "".join(secrets.choice(CONSONANTS if n % 2 == 0 else VOWELS) for n in range(5))
        for _word in range(PASSWORD_WORDS)
    )


@transaction.atomic
def hire(
    *, code: str, display_name: str, role: str, by: str, password: str | None = None, language: str = ""
) -> Staff:
    """An account; without a password nobody can sign in to it."""
    staff = Staff.objects.create_user(
        code, password, display_name=display_name, role=role, language=language or Language.FRENCH
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
def set_password(staff: Staff, password: str, *, by: str) -> None:
    staff.set_password(password)
    staff.save(update_fields=["password"])
    note("password set", actor=by, about="staff", about_id=staff.code)
