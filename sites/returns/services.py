"""The statutory return of a calendar month: counted, kept as it was counted, handed over (privacy.md R11)."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from sites.clients.services import month_end
from sites.clockwork.services import now
from sites.indicators.calendar_facts import month_bounds, month_facts
from sites.indicators.registry import count_facts, in_force
from sites.indicators.uniques import month_clients, new_clients
from sites.keyring.signing import Signer
from sites.logbook.models import ServiceGiven
from sites.people.models import Staff
from sites.places.models import Booth, Site
from sites.places.queries import opening_calendar
from sites.recipients.models import Disclosure
from sites.recipients.terms import Way
from sites.releases.external import Told, narrowed_by, register_figure
from sites.releases.models import ExternalFigure
from sites.releases.terms import Clock
from sites.reports.rows import canonical, sha256
from sites.returns.layout import Month, lines
from sites.returns.models import StatutoryReturn
from sites.returns.queries import newest_return
from sites.trail.services import note

IN_SITE = "in_scs"
# Lines about events that releases publish too: the gate must know that someone reads them exactly.
KNOWN_TO_THE_GATE = {
    "visits": "visits",
    "unique_clients": "unique_clients",
    "visits_with_emergency": "visits_with_emergency",
    "ems_calls": "ems_calls",
    "doses_staff": "naloxone_doses_staff",
    "new_clients": "new_clients",
}


def is_over(site: Site, month: date) -> bool:
    return now() >= month_bounds(site, month)[1]


def count_month(site: Site, month: date) -> list[dict]:
    """The lines of a month, from the facts as they are now."""
    facts, last = month_facts(site, month), month_end(month)
    days = [month.replace(day=n) for n in range(1, last.day + 1)]
    openings = opening_calendar(site, month, last)
    seconds = sum((end - start).total_seconds() for day in days for start, end in openings[day])
    found = Month(
        facts=facts,
        counts=count_facts(facts, lambda code: in_force(code, last)),
        unique_clients=month_clients(site, [last])[last],
        new_clients=sum(new_clients(site, days).values()),
        services=_services(site, month),
        booths=sum(booth.in_use(last) for booth in Booth.objects.at(site)),
        open_hours=round(seconds / 3600),
    )
    return [line.row() for line in lines(found)]


def _services(site: Site, month: date) -> dict[str, int]:
    """What was given inside; what was connected on site or sent elsewhere (definition of November 2024)."""
    start, end = month_bounds(site, month)
    given = ServiceGiven.objects.at(site).filter(at__gte=start, at__lt=end)
    counts = {"in_scs": 0, "referrals": 0}
    for placement, n in given.values_list("placement", "count"):
        counts["in_scs" if placement == IN_SITE else "referrals"] += n
    return counts


@transaction.atomic
def make_return(site: Site, month: date, *, by: Staff) -> StatutoryReturn:
    """Count a month that is over; a version only when a line differs. Raises ValueError before its end."""
    if not is_over(site, month):
        raise ValueError(month)
    before, rows = newest_return(site, month), count_month(site, month)
    if before is not None and before.rows == rows:
        return before
    version = before.version + 1 if before else 1
    content = {"site": site.code, "month": f"{month:%Y-%m}", "version": version, "rows": rows}
    signer = Signer(site)
    made = StatutoryReturn(
        site=site, month=month, version=version, made_at=timezone.now(), made_by=by.code,
        name=by.display_name, rows=rows, sha256=sha256(content), public_key=signer.public,
        signature=signer.sign(canonical(content)),
    )  # fmt: skip
    made.save(force_insert=True)
    note("return made", actor=by.code, site_id=site.pk, about="return", about_id=_about(made))
    return made


def told(made: StatutoryReturn, authority: str) -> list[Told]:
    """The figures of a return that the gate must reckon with from now on."""
    period = made.month, month_end(made.month)
    figures = {}
    for row in made.rows:
        indicator = KNOWN_TO_THE_GATE.get(row["code"])
        if indicator and row["value"] is not None:
            figures[indicator] = Told(
                publisher=authority, indicator=indicator, period=period, lower=row["value"],
                upper=row["value"], site=made.site, clock=Clock.CALENDAR, source=_about(made),
            )  # fmt: skip
    return list(figures.values())


def narrowed(made: StatutoryReturn) -> int:
    """How many figures already published could be read within less than 4 with this return beside them."""
    sites = list(Site.objects.all())
    cells = {str(cell) for figure in told(made, "") for cell in narrowed_by(figure, sites)}
    return len(cells)


@transaction.atomic
def hand_over(
    made: StatutoryReturn, *, authority: str, basis: str, why: str, file_sha256: str, by: Staff
) -> None:
    """Write down that the return leaves, in the log of communications and for the gate, before it does."""
    for figure in told(made, authority):
        known = ExternalFigure.objects.filter(
            site=made.site, source=figure.source, publisher=authority, indicator=figure.indicator
        )
        if not known.exists():
            register_figure(figure, by=by.code)
    note(
        "return handed over",
        actor=by.code,
        site_id=made.site_id,
        about="return",
        about_id=_about(made),
        why=authority,
    )
    Disclosure.objects.create(
        at=timezone.now(), recipient=authority, what=_about(made), sha256=file_sha256,
        purpose="rapport réglementaire", why=why, basis=basis, by=by.code, way=Way.RETURN,
    )  # fmt: skip


def _about(made: StatutoryReturn) -> str:
    return f"retour {made.site.code} {made.month:%Y-%m} v{made.version}"
