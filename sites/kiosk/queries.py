"""What is held about one person who asks: coarse, and nothing that a bystander could use."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.db.models.functions import TruncMonth

from sites.clients.models import Agreement, Client
from sites.clients.services import is_client_held
from sites.kiosk.models import ErasureRequest
from sites.logbook import alerts
from sites.logbook.models import ClientAlert
from sites.logbook.suspensions import in_force
from sites.places.models import Site
from sites.visits.models import Visit

HOLD, MEASURE = "hold", "measure"


@dataclass(frozen=True)
class Held:
    """`months`: first day of each month with visits still linked, and how many. Nothing finer."""

    agreement: Agreement
    months: list[tuple[date, int]]
    away_until: date | None
    alerts: list[ClientAlert]
    waits: ErasureRequest | None


def held_about(client: Client) -> Held:
    site = client.site
    linked = Visit.objects.at(site).filter(client=client).annotate(month=TruncMonth("service_date"))
    months = linked.order_by("month").values("month").annotate(n=Count("pk"))
    measure = in_force(site).filter(client=client).first()
    return Held(
        agreement=client.agreements.latest("agreed_at"),
        months=[(row["month"], row["n"]) for row in months],
        away_until=measure.until if measure else None,
        alerts=list(alerts.in_force(site).filter(client=client)),
        waits=ErasureRequest.objects.at(site).filter(client_ref=client.pk, done_on=None).first(),
    )


def in_the_way(client: Client) -> list[str]:
    """What keeps the link from being cut now: a legal hold, or a measure that is not over."""
    reasons = [MEASURE] if in_force(client.site).filter(client=client).exists() else []
    return [HOLD, *reasons] if is_client_held(client) else reasons


def requests_of(site: Site) -> list[ErasureRequest]:
    """The newest first."""
    return list(ErasureRequest.objects.at(site).order_by("-asked_on", "-pk")[:200])
