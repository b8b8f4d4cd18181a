"""Who may not come in for now: said on arrival where a client is known, and over by itself."""

from datetime import date, timedelta

from babel.dates import format_date
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sites.clients.services import known_client
from sites.clockwork.services import now
from sites.codes.queries import label
from sites.holds.services import SUSPENSIONS, held_clients, held_days, outside
from sites.logbook.models import Breach, ClientAlert
from sites.logbook.terms import KEEPS_AWAY, LEAVE_TODAY
from sites.places.models import Site
from sites.places.queries import today
from sites.visits.pages import known_of


def in_force(site: Site):
    """Measures that keep someone away today, those that end last first."""
    held = Breach.objects.at(site).filter(action__in=KEEPS_AWAY, until__gte=today(site))
    return held.order_by("-until", "-at")


def of_handle(site: Site, code: bytes) -> Breach | None:
    """The measure that keeps someone away today, the longest of several, by their keyed code.

    None too for who never agreed to be known again.
    """
    client = known_client(site, code)
    return in_force(site).filter(client=client).first() if client else None


def said_on_arrival(site: Site, code: bytes) -> list[str]:
    """In one sentence, for whoever welcomes the person in."""
    measure = of_handle(site, code)
    if measure is None or measure.until is None:
        return []
    what = {"measure": label("breach_action", measure.action), "rule": label("breach", measure.code)}
    if measure.action == LEAVE_TODAY:
        return [_("%(measure)s : %(rule)s.") % what]
    day = {"day": plain_day(measure.until)}
    said = [_("%(measure)s jusqu’au %(day)s compris : %(rule)s.") % (what | day)]
    if measure.review_at:
        said.append(_("À réexaminer le %(day)s.") % {"day": plain_day(measure.review_at)})
    return said


def plain_day(day: date) -> str:
    """3 mars 2026; March 3, 2026."""
    english = (get_language() or "fr").startswith("en")
    return format_date(day, "long", locale="en_CA" if english else "fr_CA")


def away_until(site: Site) -> dict[int, date]:
    """Client → last day of the measure that keeps them away today."""
    rows = in_force(site).filter(client__isnull=False).order_by("until")
    return dict(rows.values_list("client", "until"))


def may_have_ended() -> list[QuerySet]:
    """What names someone still and is over, or will be within a day, wherever it is."""
    tomorrow = (now() + timedelta(days=1)).date()
    return [model.objects.filter(client__isnull=False, until__lt=tomorrow) for model in (Breach, ClientAlert)]


def forget_ended(site: Site) -> int:
    """Forget whom a measure kept away, or an alert was about, once it is over; how many."""
    free, kept = outside(held_days(site, SUSPENSIONS), "service_date"), held_clients(site, SUSPENSIONS)
    return sum(
        model.objects.at(site)
        .filter(free, client__isnull=False, until__lt=today(site))
        .exclude(client__in=kept)
        .update(client=None)
        for model in (Breach, ClientAlert)
    )


known_of.append(said_on_arrival)
