"""Sites and what they are made of: made, changed, and every change in the trail."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db import models, transaction

from harmreduction.pg.scope import acting, current
from sites.places.models import (
    Booth,
    DirtyMark,
    OpeningException,
    OpeningHours,
    Organisation,
    Region,
    Room,
    Site,
)
from sites.places.queries import today
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


def ensure_region(code: str, name: str = "") -> Region:
    number = code.lstrip("R0") or code
    names = {"name_fr": name} if name else {"name_fr": f"Région {number}", "name_en": f"Region {number}"}
    region, _made = Region.objects.get_or_create(code=code, defaults=names)
    return region


# --- Days to count again -----------------------------------------------------------------
def mark_dirty(site: Site, days: Iterable[date]) -> None:
    """Say, in the transaction that changes them, that these service days must be counted again."""
    DirtyMark.objects.bulk_create(marks(site, days))


def marks(site: Site, days: Iterable[date]) -> list[DirtyMark]:
    return [DirtyMark(site=site, service_date=day) for day in sorted(set(days))]


def _mark_since(site: Site, first: date) -> None:
    """Hours count in days already lived: all of them since the first day they hold for."""
    mark_dirty(site, (first + timedelta(days=n) for n in range((today(site) - first).days + 1)))


# --- Changes at the desk -----------------------------------------------------------------
@transaction.atomic
def keep(row: models.Model, *, site: Site, about: str, what: Iterable[str], by: str) -> None:
    """Save what a form made of a site, room or booth; the trail names the fields that changed."""
    added = row.pk is None
    row.save()
    note(
        f"{about} {'added' if added else 'changed'}",
        actor=by,
        site_id=site.pk,
        about=about,
        about_id=row.pk,
        why=", ".join(what),
    )


Week = Mapping[int, tuple[time, time] | None]


@transaction.atomic
def set_week(site: Site, week: Week, *, valid_from: date, by: str) -> None:
    """The hours from this day on, weekday by weekday; the days before keep theirs."""
    OpeningHours.objects.at(site).filter(valid_from=valid_from).delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(site=site, weekday=day, opens=span[0], closes=span[1], valid_from=valid_from)
        for day, span in week.items()
        if span
    )
    _mark_since(site, valid_from)
    note("hours changed", actor=by, site_id=site.pk, about="hours", about_id=valid_from)


@transaction.atomic
def add_exception(exception: OpeningException, *, by: str) -> None:
    exception.save()
    mark_dirty(exception.site, [exception.day])
    note("exception added", actor=by, site_id=exception.site_id, about="hours", about_id=exception.day)


@transaction.atomic
def remove_exception(exception: OpeningException, *, by: str) -> None:
    note("exception removed", actor=by, site_id=exception.site_id, about="hours", about_id=exception.day)
    mark_dirty(exception.site, [exception.day])
    exception.delete()
