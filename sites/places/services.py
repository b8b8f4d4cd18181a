"""Sites and what they are made of: made, changed, and every change in the trail."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

from django.db import transaction

from harmreduction.pg.scope import acting, current
from sites.places.models import Booth, OpeningHours, Organisation, Region, Room, Site
from sites.places.terms import RoomKind, Weekday
from sites.trail.services import note

INJECTION_ROUTES = ["inj_iv", "inj_im", "inj_sc", "inj_unk", "in", "oral"]
INHALATION_ROUTES = ["inh_smoke", "inh_vapour"]


@dataclass(frozen=True)
class RoomPlan:
    name_fr: str
    name_en: str
    kind: RoomKind
    routes: list[str]
    booths: int


def injection_room(booths: int) -> RoomPlan:
    return RoomPlan("Injection", "Injection", RoomKind.INJECTION, INJECTION_ROUTES, booths)


def inhalation_room(booths: int) -> RoomPlan:
    return RoomPlan("Inhalation", "Inhalation", RoomKind.INHALATION, INHALATION_ROUTES, booths)


@dataclass(frozen=True)
class WeekHours:
    """The same hours on each of these weekdays; closing at or before opening means the next day."""

    opens: time
    closes: time
    weekdays: tuple[int, ...] = tuple(Weekday.values)


@transaction.atomic
def add_site(
    *,
    code: str,
    name_fr: str,
    name_en: str,
    organisation: str,
    region: Region,
    zone: str,
    cutover: time,
    rooms: list[RoomPlan],
    hours: WeekHours,
    by: str,
) -> Site:
    """A site with its rooms, its booths numbered from 1, and its week."""
    owner, _made = Organisation.objects.get_or_create(name_fr=organisation)
    site = Site.objects.create(
        code=code,
        name_fr=name_fr,
        name_en=name_en,
        organisation=owner,
        region=region,
        zone=zone,
        cutover=cutover,
    )
    with acting(sites=[*current().sites, site.pk]):
        _furnish(site, rooms)
        OpeningHours.objects.bulk_create(
            OpeningHours(site=site, weekday=day, opens=hours.opens, closes=hours.closes)
            for day in hours.weekdays
        )
        note("site added", actor=by, site_id=site.pk, about="site", about_id=code)
    return site


def _furnish(site: Site, rooms: Iterable[RoomPlan]) -> None:
    label = 0
    for position, plan in enumerate(rooms):
        room = Room.objects.create(
            site=site,
            name_fr=plan.name_fr,
            name_en=plan.name_en,
            kind=plan.kind,
            routes=plan.routes,
            position=position,
        )
        for _booth in range(plan.booths):
            label += 1
            Booth.objects.create(site=site, room=room, label=str(label), position=label)


def ensure_region(code: str) -> Region:
    number = code.lstrip("R0") or code
    region, _made = Region.objects.get_or_create(
        code=code, defaults={"name_fr": f"Région {number}", "name_en": f"Region {number}"}
    )
    return region
