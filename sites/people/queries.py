from collections.abc import Iterable

from django.db.models import QuerySet

from harmreduction.pg.prepared import ask
from harmreduction.pg.scope import acting
from sites.people import roles
from sites.people.models import Posting, Staff
from sites.people.terms import Permission
from sites.places.models import Site

ON_TABLETS = [role.code for role in roles.ROLES if Permission.RECORD_OVERDOSE in role.permissions]

# Codes of everyone who may be named as author at a site: posted there, account active.
WORKING = """
select staff.code from scs_posting posting join scs_staff staff on staff.id = posting.staff_id
where posting.site_id = %(site)s::bigint and posting.until is null and staff.is_active
"""


def staff_codes(site: Site) -> set[str]:
    return {code for (code,) in ask(WORKING, site=site.pk)}


def ever_worked_at(site: Site, code: str) -> bool:
    """Whether this is the code of somebody who works or worked at a site."""
    return Posting.objects.at(site).filter(staff__code=code).exists()


def tablet_team(site: Site) -> QuerySet[Staff]:
    """Those of the site who may hold a tablet."""
    working = Posting.objects.at(site).filter(until__isnull=True)
    return Staff.objects.filter(is_active=True, role__in=ON_TABLETS, pk__in=working.values("staff_id"))


def posted_sites(staff: Staff) -> list[Site]:
    postings = Posting.objects.filter(staff=staff, until__isnull=True).select_related("site")
    return sorted((p.site for p in postings), key=lambda site: site.code)


def works_at(staff: Staff) -> set[int]:
    """Ids of the sites where someone works, those included that whoever asks does not see."""
    with acting(staff=staff.pk):
        return set(Posting.objects.filter(staff=staff, until=None).values_list("site_id", flat=True))


def nobody_yet() -> bool:
    """Whether this installation has no account at all."""
    return not Staff.objects.exists()


def display_name(code: str) -> str:
    return Staff.objects.filter(code=code).values_list("display_name", flat=True).first() or code


def team_names(site: Site) -> dict[str, str]:
    """What everyone who works or worked at a site is called, by their code."""
    return dict(Posting.objects.at(site).values_list("staff__code", "staff__display_name"))


def team(site: Site) -> list[Posting]:
    """Everyone who works or worked at a site, the active first."""
    return active_first(postings(site))


def postings(site: Site) -> QuerySet[Posting]:
    return Posting.objects.at(site).select_related("staff")


def active_first(rows: Iterable[Posting]) -> list[Posting]:
    return sorted(rows, key=lambda p: (p.until is not None or not p.staff.is_active, p.staff.code))


def may_grant(staff: Staff, role: str) -> bool:
    """Nobody gives more than they hold; who runs the system gives every role, and alone gives that one."""
    mine = roles.BY_CODE[staff.role]
    if roles.RUNS_THE_SYSTEM in (mine.code, role):
        return mine.code == roles.RUNS_THE_SYSTEM
    return roles.BY_CODE[role].permissions <= mine.permissions


def may_change(staff: Staff, where: set[int], *, among: list[Site]) -> bool:
    """Whether one whose sites are `among` may change the account of someone who works at those of `where`: it
    opens them all.
    """
    return staff.role == roles.RUNS_THE_SYSTEM or where <= {site.pk for site in among}
