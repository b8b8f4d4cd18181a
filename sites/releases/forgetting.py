"""People are forgotten on schedule: month tokens once counted, the link from a visit to a client (H3, H8)."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from harmreduction.pg.scope import acting
from sites.clients.models import MonthToken
from sites.clients.services import month_end, month_key_name
from sites.holds.services import TOKENS, is_held
from sites.keyring.services import destroy
from sites.places.each import all_in_sight
from sites.places.models import Site
from sites.places.queries import today
from sites.releases.models import LedgerCell
from sites.releases.periods import LAG
from sites.releases.planning import LONGEST_LAG
from sites.releases.released import UNIQUE_CLIENTS
from sites.trail.services import note
from sites.visits.forgetting import cut_client_links
from sites.visits.models import Visit

LINK_LIVES = timedelta(days=35)


def forget_counted_months(sites: dict[int, Site], waiting: set[tuple[int, date]]) -> None:
    """Delete the tokens of months that are sealed, or that no plan asks for, with their keys.

    Runs as scs_seal, in the transaction that seals. `waiting`: (site, month) due and not sealed yet.
    """
    sealed = LedgerCell.objects.filter(
        site=OuterRef("site"), indicator=UNIQUE_CLIENTS.code, period_start=OuterRef("month")
    )
    months = MonthToken.objects.order_by().annotate(sealed=Exists(sealed))
    for pk, month, counted in months.values_list("site", "month", "sealed").distinct():
        unasked = today(sites[pk]) > month_end(month) + timedelta(days=LONGEST_LAG)
        if not (counted or (unasked and (pk, month) not in waiting)):
            continue
        if not is_held(sites[pk], TOKENS, month, month_end(month)):
            MonthToken.objects.filter(site=pk, month=month).delete()
            destroy(sites[pk], month_key_name(month))
            note("people forgotten", actor="sealing", site_id=pk, about="month", about_id=f"{month:%Y-%m}")


def cut_links() -> None:
    """Cut the link of visits to clients 35 days after their month is sealed."""
    with all_in_sight() as sites:
        past = max((last_cut(today(site)) for site in sites), default=date.min)
        linked = Visit.objects.filter(site=OuterRef("pk"), client__isnull=False, service_date__lte=past)
        waiting = set(Site.objects.filter(Exists(linked)).values_list("pk", flat=True))
    for site in sites:
        if site.pk not in waiting:
            continue
        with transaction.atomic(), acting(sites=[site.pk]):
            last = last_cut(today(site))
            if cut_client_links(site, last):
                note("links cut", actor="forgetting", site_id=site.pk, about="until", about_id=last)


def last_cut(day: date) -> date:
    """The last day of the newest month whose links are cut on this day."""
    past = day - LINK_LIVES - timedelta(days=LAG["month"])
    return past if past == month_end(past) else past.replace(day=1) - timedelta(days=1)
