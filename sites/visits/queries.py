"""Who is here, who has just left, and which booths there are."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from psycopg.types.range import Range

from harmreduction.pg.at_once import read
from harmreduction.pg.prepared import ask, columns, made
from sites.clockwork.services import now
from sites.codes.queries import in_force, values
from sites.places.models import Booth, Room, Site
from sites.places.queries import day_bounds, local, today
from sites.visits.models import BoothStay, TurnAway, Visit
from sites.visits.words import word

LEFT_SHOWN = 5
VISIT = f"""
select {columns(Visit, "v")} from scs_visit v where v.site_id = %(site)s::bigint and v.ref = %(ref)s::uuid
"""  # noqa: S608 - names of our own models, here and below
# What lies between labels is in none of them that a site has.
BETWEEN = "\x1f"
BOOTHS = f"""
select {columns(Booth, "b")}, {columns(Room, "r")} from scs_booth b join scs_room r on r.id = b.room_id
where b.site_id = %(site)s::bigint and b.label = any(string_to_array(%(labels)s, chr(31)))
"""  # noqa: S608
STAYS = """
select booth_id, during from scs_boothstay
where site_id = %(site)s::bigint and visit_id = %(visit)s::bigint order by during
"""
NEXT = """
select lower(during) from scs_boothstay
where site_id = %(site)s::bigint and booth_id = %(booth)s::bigint and visit_id <> %(visit)s::bigint
    and lower(during) > %(start)s and (%(end)s::timestamptz is null or lower(during) < %(end)s)
order by during limit 1
"""


# --- As a visit is written: asked with every record of it ---------------------------------


def visit_of(site: Site, ref: UUID) -> Visit | None:
    for row in ask(VISIT, site=site.pk, ref=ref):
        visit = made(Visit, iter(row))
        visit.site = site
        return visit
    return None


def booths_named(site: Site, labels: Collection[str]) -> dict[str, Booth]:
    """By label, with their rooms, those taken away included; only those that there are."""
    found = {}
    for row in ask(BOOTHS, site=site.pk, labels=BETWEEN.join(labels)):
        values = iter(row)
        booth = made(Booth, values)
        booth.room = made(Room, values)
        found[booth.label] = booth
    return found


def stays_of(visit: Visit) -> list[tuple[int, Range]]:
    """(booth, when) of each, in order."""
    return ask(STAYS, site=visit.site_id, visit=visit.pk)


def next_in(booth: Booth, visit: Visit, start: datetime, end: datetime | None) -> datetime | None:
    """When someone else sat down there after `start`, and before `end` when there is one."""
    given = {"site": booth.site_id, "booth": booth.pk, "visit": visit.pk, "start": start, "end": end}
    for (begun,) in ask(NEXT, **given):
        return begun
    return None


# --- Who is here --------------------------------------------------------------------------


@dataclass(frozen=True)
class Named:
    """A visit with its rank of arrival in its service day and its word."""

    visit: Visit
    number: int

    @property
    def word(self) -> str:
        return word(self.visit.service_date, self.number)


def numbered(site: Site):
    """Visits of a site, each with `number`: its rank of arrival within its service day."""
    before = (
        Visit.objects.at(site)
        .filter(service_date=OuterRef("service_date"), pk__lte=OuterRef("pk"))
        .order_by()
        .values("service_date")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return Visit.objects.at(site).select_related("booth__room").annotate(number=Subquery(before))


def here_and_left(site: Site) -> tuple[list[Named], list[Named]]:
    """Everyone who is here, first come first; and the last who left this service day, latest first."""
    return told_apart(shown_since(site, day_bounds(site, today(site))[0]))


def shown_since(site: Site, start: datetime) -> QuerySet[Visit]:
    """Who is here, and the last who left since then."""
    latest = (
        Visit.objects.at(site).filter(ended_at__gte=start).order_by("-ended_at").values("pk")[:LEFT_SHOWN]
    )
    return numbered(site).filter(Q(ended_at__isnull=True) | Q(pk__in=latest)).order_by("arrived_at", "pk")


def told_apart(visits: Iterable) -> tuple[list[Named], list[Named]]:
    """`here_and_left` from what was read."""
    named = [Named(visit, visit.number) for visit in visits]
    ended = [(n.visit.ended_at, n) for n in named if n.visit.ended_at]
    left = [n for _at, n in sorted(ended, key=lambda pair: pair[0], reverse=True)]
    return [n for n in named if not n.visit.ended_at], left


def booths(site: Site) -> QuerySet[Booth]:
    """Booths in use at this site, in the order of the rooms, each with `freed_at`."""
    freed = (
        BoothStay.objects.at(site)
        .filter(booth=OuterRef("pk"))
        .order_by()
        .values("booth")
        .annotate(at=Max("during__endswith"))
        .values("at")
    )
    return (
        Booth.objects.at(site)
        .filter(retired=False)
        .select_related("room")
        .annotate(freed_at=Subquery(freed))
        .order_by("room__position", "room_id", "position", "pk")
    )


def airing_until(booth: Booth, present: datetime) -> datetime | None:
    """When a booth of `booths` that someone just left is aired, while it is not. It says, never forbids."""
    freed_at: datetime | None = booth.freed_at  # type: ignore[attr-defined]
    if not freed_at or not booth.room.airing_minutes:
        return None
    ready = freed_at + timedelta(minutes=booth.room.airing_minutes)
    return ready if ready > present else None


def allows(booth: Booth, route: str) -> bool:
    return not route or not booth.room.routes or route in booth.room.routes


def visits_of(site: Site, day: date) -> list[Named]:
    """Every arrival of a service day, in order."""
    visits = numbered(site).filter(service_date=day).order_by("arrived_at", "pk")
    return [Named(visit, visit.number) for visit in visits]


def last_look(visit: Visit) -> datetime:
    """When someone last saw that all is well in the booth: seating counts."""
    return max(filter(None, [visit.since, visit.checked_at]))


def minutes(since: datetime, present: datetime) -> int:
    return max(0, int((present - since) / timedelta(minutes=1)))


def turn_aways_of(site: Site, day: date) -> list[TurnAway]:
    """People turned away at the door in a service day, in order."""
    return list(TurnAway.objects.at(site).filter(service_date=day).order_by("at", "id"))


def same_handle(site: Site, code: bytes) -> Visit | None:
    """Someone with this code who is here now, at this site."""
    return (
        Visit.objects.at(site).filter(handle_code=code, ended_at__isnull=True).select_related("booth").first()
    )


def last_declared(site: Site, code: bytes) -> dict | None:
    """What someone who agreed declared at their last visit here: {"substances", "route"} that one may still
    choose. None for who never agreed.
    """
    visits = Visit.objects.at(site).filter(client__code=code).exclude(route="")
    last = visits.order_by("-arrived_at").only("substances", "route").first()
    if last is None:
        return None
    day = today(site)
    substances = [code for code in last.substances if _may_be_chosen("substances", code, day)]
    return {"substances": substances, "route": last.route if _may_be_chosen("route", last.route, day) else ""}


def _may_be_chosen(list_name: str, code: str, day: date) -> bool:
    value = values(list_name).get(code)
    return value is not None and in_force(value, day)


def already_here_message(visit: Visit) -> str:
    since = local(visit.site, visit.since)
    clock = {"h": since.hour, "m": f"{since.minute:02d}"}
    if visit.booth:
        return _("Déjà à la place %(booth)s depuis %(h)s h %(m)s. Ouvrir?") % {
            "booth": visit.booth.label,
            **clock,
        }
    return _("Déjà ici depuis %(h)s h %(m)s. Ouvrir?") % clock


def free_booths(site: Site, route: str = "") -> list[Booth]:
    """Booths that nobody has now, that work, and that allow the route; in the order of the rooms, those
    whose air is not fresh last.
    """
    present = now()
    held = Visit.objects.at(site).filter(booth__isnull=False).values_list("booth", flat=True)
    taken, every = read(held, booths(site))
    free = [b for b in every if b.pk not in taken and not b.out_since and allows(b, route)]
    return sorted(free, key=lambda booth: airing_until(booth, present) is not None)
