"""The sites of a simulated province: made when they are missing, left as they are when not."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from zlib import crc32

from django.db import transaction

from harmreduction.pg.scope import acting, current
from sites.people.models import Staff
from sites.people.services import hire, post
from sites.places.models import OpeningException, Site
from sites.places.services import WeekHours, add_site, ensure_region, inhalation_room, injection_room
from sites.simulation import figures
from sites.supplies.models import Basket

BY = "simulate"
SITES_A_REGION = 4
ZONES = {2: "America/Vancouver"}  # the third region lives three hours behind
NAMES = ["Halte du Marché", "Halte du Canal", "Halte de la Gare", "Halte du Faubourg", "Halte du Port"]
# name of the team's role → French name shown
TEAM = [
    ("nurse", "Soins infirmiers 1"),
    ("worker", "Intervention 1"),
    ("peer", "Pair aidant 1"),
    ("shift_lead", "Responsable de quart"),
    ("manager", "Gestion"),
    ("nurse", "Soins infirmiers 2"),
    ("worker", "Intervention 2"),
    ("peer", "Pair aidant 2"),
]
MINUTES_A_VISIT, SHARE_IN_USE = 27, 0.6


@dataclass(frozen=True)
class Profile:
    """Hours, booths and visits a day of a site; the first two after Montréal's (figures.py)."""

    visits_per_day: float
    hours: WeekHours
    injection: int
    inhalation: int


PROFILES = [
    Profile(60, WeekHours(time(14), time(2)), 10, 2),
    Profile(32, WeekHours(time(8, 30), time(16, 30)), 4, 1),
    Profile(16, WeekHours(time(16), time(23), (0, 1, 2, 3, 4, 5)), 3, 0),
    Profile(30, WeekHours(time(20), time(4)), 4, 1),
]


def profile(number: int) -> Profile:
    """The profile of S01, S02 …"""
    return PROFILES[(number - 1) % len(PROFILES)]


@transaction.atomic
def ensure_site(number: int, visits_per_day: float) -> Site:
    code = f"S{number:02d}"
    found = Site.objects.filter(code=code).first()
    return found or _make(code, number, visits_per_day)


def _make(code: str, number: int, visits_per_day: float) -> Site:
    kind = profile(number)
    region_number = (number - 1) // SITES_A_REGION
    name = NAMES[number - 1] if number <= len(NAMES) else f"Halte {number}"
    injection = max(kind.injection, _booths_for(visits_per_day, kind.hours))
    rooms = [injection_room(injection)]
    if kind.inhalation:
        rooms.append(inhalation_room(max(kind.inhalation, injection // 4)))
    site = add_site(
        code=code,
        name_fr=name,
        name_en="",
        organisation="La Halte",
        region=ensure_region(f"R{region_number + 1:02d}"),
        zone=ZONES.get(region_number, "America/Toronto"),
        cutover=time(6),
        rooms=rooms,
        hours=kind.hours,
        by=BY,
    )
    with acting(sites=[*current().sites, site.pk]):
        for n, (role, shown) in enumerate(TEAM, 1):
            post(_staff(f"{code.lower()}-{n:02d}", role, shown), site, by=BY)
        _set_baskets(site)
    return site


def _set_baskets(site: Site) -> None:
    Basket.objects.bulk_create(
        Basket(
            site=site,
            name_fr=french,
            name_en=english,
            position=position,
            lines=[{"item": item, "quantity": quantity} for item, quantity in contents],
        )
        for position, (french, english, contents) in enumerate(figures.BASKETS)
    )


def _staff(code: str, role: str, shown: str) -> Staff:
    found = Staff.objects.filter(code=code).first()
    return found or hire(code=code, display_name=shown, role=role, by=BY)


def _booths_for(visits_per_day: float, hours: WeekHours) -> int:
    minutes = (hours.closes.hour - hours.opens.hour) % 24 * 60 or 24 * 60
    return -(-int(visits_per_day * MINUTES_A_VISIT) // int(minutes * SHARE_IN_USE))


def close_holidays(site: Site, first: date, last: date) -> None:
    """The site is closed on two holidays and, one day in about 150, because something broke."""
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    reasons = {d: "Jour férié" for d in days if (d.month, d.day) in ((12, 25), (1, 1))}
    reasons |= {d: "Dégât d’eau" for d in days if crc32(f"{site.code} {d}".encode()) % 150 == 0}
    OpeningException.objects.bulk_create(
        [OpeningException(site=site, day=day, reason=reason) for day, reason in reasons.items()],
        ignore_conflicts=True,
    )
