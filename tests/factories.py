"""What tests start from, made through the same doors as the product."""

import uuid
from datetime import UTC, date, datetime, time

from django.utils import timezone

from harmreduction.pg.scope import acting
from sites.people.factors import give_totp
from sites.people.models import Posting, Staff
from sites.places.models import Booth, OpeningHours, Organisation, Region, Room, Site
from sites.places.terms import RoomKind
from sites.records.services import Receipt, Sender, submit

PASSWORD = "correct horse battery"  # noqa: S105
TOTP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of everyone whose role demands a second factor


def make_site(code: str = "S01", *, zone: str = "America/Toronto", cutover: time = time(6)) -> Site:
    organisation, _ = Organisation.objects.get_or_create(name_fr="La Halte")
    region, _ = Region.objects.get_or_create(code="R01", defaults={"name_fr": "Montréal"})
    site = Site.objects.create(
        code=code, name_fr=f"Site {code}", organisation=organisation, region=region, zone=zone,
        cutover=cutover, opened_on=date(2020, 1, 1),
    )  # fmt: skip
    with acting(sites=[site.pk]):
        injection = Room.objects.create(
            site=site,
            name_fr="Injection",
            name_en="Injection",
            routes=["inj_iv", "inj_im", "inj_sc", "in", "oral"],
        )
        inhalation = Room.objects.create(
            site=site, name_fr="Inhalation", name_en="Inhalation", kind=RoomKind.INHALATION,
            routes=["inh_smoke", "inh_vapour"], position=1,
        )  # fmt: skip
        for n in range(1, 6):
            Booth.objects.create(
                site=site, room=inhalation if n == 5 else injection, label=str(n), position=n
            )
        for day in range(7):
            OpeningHours.objects.create(site=site, weekday=day, opens=time(14), closes=time(2))
        make_staff(f"{code.lower()}-01", site)
    return site


def make_staff(code: str, site: Site | None = None, role: str = "nurse") -> Staff:
    staff = Staff.objects.create_user(code, PASSWORD, display_name=f"Personne {code}", role=role)
    if staff.needs_two_factors:
        give_totp(staff, TOTP)
    if site:
        with acting(sites=[site.pk]):
            Posting.objects.create(site=site, staff=staff, since=date(2020, 1, 1))
    return staff


def sure(client):
    """The client of someone signed in, who has just given the password again."""
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


def at(text: str) -> datetime:
    """A local-looking UTC instant: at("2026-11-22 19:05")."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def record(kind: str, data: dict, *, when: datetime | None = None, by: str | None = "s01-01", **more) -> dict:
    when = when or timezone.now()
    return {
        "id": str(uuid.uuid4()),
        "kind": kind,
        "occurred_at": when.isoformat(),
        "entered_at": when.isoformat(),
        "seq": 1,
        "by": by,
        "data": data,
        **more,
    }


def send(site: Site, *records: dict) -> list[Receipt]:
    with acting(sites=[site.pk]):
        return submit(site=site, records=list(records), sender=Sender(staff="s01-01"))


def ref() -> str:
    return str(uuid.uuid4())
