"""What helps to care for someone who comes in: said on arrival where they are known, over by itself."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext as _

from sites.clients.services import known_client
from sites.codes.queries import label
from sites.logbook.models import ClientAlert
from sites.logbook.suspensions import plain_day
from sites.logbook.terms import ALERT_LASTS
from sites.people.models import Staff
from sites.people.terms import Permission
from sites.places.models import Site
from sites.places.queries import service_date, today
from sites.records.errors import Invalid
from sites.records.stories import Fact, Telling
from sites.visits.pages import Care, cares_of


def in_force(site: Site):
    """Those of someone, that end last first."""
    return (
        ClientAlert.objects.at(site)
        .filter(client__isnull=False, until__gte=today(site))
        .order_by("-until", "pk")
    )


def said_on_arrival(site: Site, code: bytes) -> list[Care]:
    """One sentence an alert, each once, for whoever welcomes the person in."""
    client = known_client(site, code)
    found = in_force(site).filter(client=client) if client else ()
    lasting: dict[str, ClientAlert] = {}
    for row in found:
        lasting.setdefault(row.alert, row)
    return [Care(_said(row), row.record_id) for row in lasting.values()]


def _said(row: ClientAlert) -> str:
    words = {"alert": label("client_alert", row.alert), "day": plain_day(row.until)}
    return _("%(alert)s (jusqu’au %(day)s).") % words


# --- The record -------------------------------------------------------------------------
def check_alert(fact: Fact, known: list[Telling]) -> None:
    """By who answers for care, about someone who agreed: of nobody else is anything kept."""
    telling = fact.telling
    if telling is None or telling.corrected:
        return
    author = Staff.objects.filter(code=telling.by).first()
    if author is None or not author.may(Permission.CORRECT):
        raise Invalid("permission", _("Ce rôle ne pose pas d’alerte."), "by")
    if not fact.handle_code or known_client(fact.site, fact.handle_code) is None:
        raise Invalid("unknown", _("Personne n’a accepté d’être reconnu sous ce pseudonyme."), "handle")


def refresh_alert(fact: Fact, tellings: list[Telling]) -> Iterable[date]:
    """Whom it is about is known once, from the handle: a correction does not tell it again."""
    before = ClientAlert.objects.at(fact.site).filter(record_id=fact.subject).first()
    for telling in tellings:
        row = alert_row(fact.site, telling)
        row.pk = before.pk if before else None
        if fact.handle_code:
            row.client = known_client(fact.site, fact.handle_code)
        elif before:
            row.client = before.client
        row.save()
    if before and not tellings:
        before.delete()
    return set()


def alert_row(site: Site, telling: Telling) -> ClientAlert:
    day, told = service_date(site, telling.occurred_at), telling.data.get("until")
    return ClientAlert(
        site_id=site.pk,
        record_id=telling.record_id,
        service_date=day,
        alert=telling.data["alert"],
        until=date.fromisoformat(told) if told else day + timedelta(days=ALERT_LASTS),
    )


cares_of.append(said_on_arrival)
