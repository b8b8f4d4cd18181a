"""What one shift leaves to the next, as it stands now. No handle, no substance."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet

from harmreduction.pg.at_once import read
from sites.clockwork.services import now
from sites.logbook.queries import OpenIncident, followed, still_here, what_to_follow
from sites.naloxone.queries import Rules, held_today, lots_of, stock_alerts, told_rules
from sites.overdoses.queries import open_events
from sites.people.models import Device, Staff
from sites.people.queries import tablet_team
from sites.people.terms import Permission
from sites.places.models import Site
from sites.shifts.models import HandOver, Remark
from sites.visits.queries import Named, here_and_left

# A tablet in use asks for the board every few seconds.
SILENT = timedelta(minutes=10)
SHOWN = 10


@dataclass(frozen=True)
class Open:
    """Everything that carries on."""

    people: list[Named]
    events: list
    incidents: list[OpenIncident]
    left: list
    stock: list[dict]
    tablets: list[Device]
    remarks: list[Remark]

    def counts(self) -> dict[str, int]:
        return {name: len(found) for name, found in vars(self).items()}


def still_open(site: Site) -> Open:
    here, _left = here_and_left(site)
    events, left, lots, rules, tablets, remarks, *incidents = read(
        open_events(site),
        still_here(site),
        lots_of(site),
        told_rules(site),
        silent_tablets(site),
        Remark.objects.at(site).filter(settled_at=None).order_by("at"),
        *what_to_follow(site),
    )
    return Open(
        people=here,
        events=events,
        incidents=followed(site, *incidents),
        left=left,
        stock=stock_alerts(held_today(site, lots), Rules.of(rules)),
        tablets=tablets,
        remarks=remarks,
    )


def silent_tablets(site: Site) -> QuerySet[Device]:
    """What was tapped on them since may still be there: they have not been heard of for a while."""
    enrolled = Device.objects.at(site).filter(revoked_at=None, last_seen_at__isnull=False)
    return enrolled.filter(last_seen_at__lt=now() - SILENT).order_by("last_seen_at")


def next_leads(site: Site, but: str) -> list[Staff]:
    """Who may take the shift: those of the team who settle what waits."""
    team = tablet_team(site).exclude(code=but).order_by("display_name", "code")
    return [staff for staff in team if staff.may(Permission.REVIEW)]


def latest(site: Site) -> list[HandOver]:
    return list(HandOver.objects.at(site).order_by("-at")[:SHOWN])
