"""Workers killed by the system while they build reports: what is there afterwards is whole, and the same."""

import random
import signal
from datetime import date

import pytest
import time_machine
from django.db import connection, transaction

from harmreduction.pg.scope import acting, as_owner
from sites.indicators.services import recount_due
from sites.reports.models import DailyReport, PeriodReport, PeriodToBuild
from sites.reports.tasks import build_reports
from tests.factories import at, send
from tests.indicators.test_counts import a_visit, an_event
from tests.killing import in_a_process

MORNING = "2026-10-01 15:00"
DAYS, TOLD_EVERY = 70, 6
FORGET = (
    "delete from scs_dailyreport; delete from scs_periodreport; delete from scs_periodtobuild;"
    "update scs_countedday set reported_sha256 = ''"
)
# A build that was over before its end came is no killed one: this many more may be needed.
TRIES_A_KILL = 6


def tell(site) -> None:
    first = date(2026, 9, 30).toordinal() - DAYS + 1
    for n in range(0, DAYS, TOLD_EVERY):
        day = date.fromordinal(first + n)
        send(site, *a_visit(f"{day} 20:00", handle=f"LUNE{n}")[1])
        send(site, *an_event(f"{day} 21:00", closed={"presentation": "mixed"})[1])


def written(site) -> set:
    """Every report, which must be signed; hash, signature, size and all."""
    with transaction.atomic(), acting(sites=[site.pk]):
        days = DailyReport.objects.values_list("service_date", "version", "sha256", "signature", "indicators")
        periods = PeriodReport.objects.values_list(
            "grain", "first", "version", "sha256", "signature", "indicators"
        )
        found = {(*row[:-1], repr(row[-1])) for row in [*days, *periods]}
        assert all(row[-2] for row in found)
        assert len(found) == len(days) + len(periods)
    return found


def left_to_build(site) -> set:
    with transaction.atomic(), acting(sites=[site.pk]):
        return set(PeriodToBuild.objects.values_list("grain", "first"))


def forget_reports(site) -> None:
    with transaction.atomic(), acting(sites=[site.pk]), as_owner(), connection.cursor() as cursor:
        cursor.execute(FORGET)
    assert not written(site)


def killed_until(site, kills: int, seed: int) -> tuple[int, int]:
    """Builds killed at random moments, each finished by the next worker; (killed, those that had begun)."""
    chance, killed, halfway = random.Random(seed), 0, 0
    code, seconds = in_a_process(build_reports)
    assert code == 0
    whole, open_periods = written(site), left_to_build(site)
    assert len(whole) > DAYS
    for _try in range(kills * TRIES_A_KILL):
        if killed == kills:
            break
        forget_reports(site)
        code, _seconds = in_a_process(build_reports, chance.uniform(0, seconds))
        killed += code == -signal.SIGKILL
        there = written(site)
        assert there <= whole
        halfway += bool(there) and there < whole
        code, _seconds = in_a_process(build_reports)
        assert code == 0
        assert written(site) == whole
        assert left_to_build(site) == open_periods
    return killed, halfway


@pytest.mark.parametrize(
    "kills", [pytest.param(3, id="three"), pytest.param(100, id="hundred", marks=pytest.mark.full)]
)
def test_workers_killed_at_any_moment_leave_whole_reports_with_the_same_hashes(committed_site, kills):
    with time_machine.travel(at(MORNING), tick=False):
        with transaction.atomic():
            tell(committed_site)
        recount_due()
        killed, halfway = killed_until(committed_site, kills, seed=8)
    assert killed == kills
    assert halfway or kills < 10  # most die when some of their reports are there
