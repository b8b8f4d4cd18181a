"""Who holds a tablet: unlocked by a PIN, known afterwards by a token that only the tablet's memory has.

A record names its author; whether it was they is proven by that token or by the PIN sealed with it.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from sites.people.devices import digest
from sites.people.models import Device, Pin, Staff, Unlock
from sites.people.pins import fits, is_paused, is_pin
from sites.people.queries import tablet_team
from sites.places.models import Site

HEADER = "X-Unlock"
HELD_FOR = timedelta(hours=12)
LATELY = timedelta(hours=12)
# What was typed in the same minute as the lock was typed before it.
GRACE = timedelta(minutes=2)
MAX_CHECKS = 40


@transaction.atomic
def unlock(device: Device, staff: Staff) -> tuple[Unlock, str]:
    """Give the tablet to someone; whoever held it before no longer does. The token is told this once."""
    lock(device)
    token, at = secrets.token_urlsafe(32), timezone.now()
    held = Unlock.objects.create(
        site=device.site,
        device=device,
        staff=staff,
        token_digest=digest(token),
        at=at,
        until=at + HELD_FOR,
    )
    return held, token


def lock(device: Device) -> None:
    Unlock.objects.at(device.site).filter(device=device, ended_at=None).update(ended_at=timezone.now())


def holder(request, device: Device) -> Staff | None:
    """Who holds this tablet, by the X-Unlock of a request; None while it is locked."""
    token = request.headers.get(HEADER, "")
    if not token or device.revoked_at:
        return None
    held = Unlock.objects.at(device.site).filter(
        device=device, token_digest=digest(token), ended_at=None, until__gt=timezone.now()
    )
    return tablet_team(device.site).filter(pk__in=held.values("staff_id")).first()


def lately(site) -> set[str]:
    """Codes of those who held a tablet of the site in the last hours: who is on shift, as far as is known."""
    since = timezone.now() - LATELY
    return set(Unlock.objects.at(site).filter(at__gte=since).values_list("staff__code", flat=True))


@dataclass(frozen=True)
class Proof:
    """What a tablet seals beside a record: the PIN typed while offline, or the unlock it was given."""

    pin: str | None = None
    unlock: str | None = None


class Proofs:
    """The proofs of one batch of records; each different one is looked at once.

    A PIN that does not fit is told to nobody: the record is kept and its author stays to confirm. So
    such guesses are neither answered nor counted, and only so many are looked at.
    """

    def __init__(self, site: Site, device: Device | None, received_at: datetime):
        self.site, self.device, self.received_at = site, device, received_at
        self.seen: dict[tuple[str, str], Unlock | bool | None] = {}

    def proven(self, by: str, proof: Proof, entered_at: datetime) -> bool:
        """Whether `by` wrote it. What comes without a proof is believed (design §6)."""
        if proof.unlock is not None:
            held = self._once(by, proof.unlock, self._held)
            return bool(held) and held.at - GRACE <= entered_at <= (held.ended_at or held.until) + GRACE
        return proof.pin is None or bool(self._once(by, proof.pin, self._fits))

    def _once(self, by: str, secret: str, look):
        if (by, secret) not in self.seen:
            self.seen[by, secret] = look(by, secret) if len(self.seen) < MAX_CHECKS else None
        return self.seen[by, secret]

    def _held(self, by: str, token: str) -> Unlock | None:
        """One still good when the record came: after that, its author is asked again."""
        return (
            Unlock.objects.at(self.site)
            .filter(
                device=self.device,
                staff__code=by,
                token_digest=digest(token),
                until__gt=self.received_at,
            )
            .first()
        )

    def _fits(self, by: str, pin: str) -> bool:
        if self.device is None or not is_pin(pin) or is_paused(self.device, by):
            return False
        kept = Pin.objects.filter(staff__code=by).first()
        return fits(pin, kept.pin if kept else "")
