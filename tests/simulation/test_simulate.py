from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Sum

from harmreduction.pg.scope import acting
from sites.indicators.models import DailyCount
from sites.indicators.services import recount_due
from sites.management.base import BadArguments
from sites.naloxone.models import StockMovement
from sites.overdoses.models import OverdoseEvent
from sites.places.models import DirtyMark, Site
from sites.places.queries import opening_calendar
from sites.records.models import Record
from sites.simulation.services import simulate
from sites.visits.models import Visit

UNTIL = date(2026, 3, 20)


def counts(seed):
    """Daily counts of a history that is then taken back."""
    with transaction.atomic():
        made = simulate(sites=2, days=4, seed=seed, until=UNTIL)
        recount_due()
        with acting(sites=[site.pk for site in made]):
            found = list(
                DailyCount.objects.order_by(
                    "site__code", "service_date", "indicator", "category"
                ).values_list("site__code", "service_date", "indicator", "category", "value")
            )
        transaction.set_rollback(True)
    return found


def test_the_same_arguments_give_the_same_counts(db):
    first = counts(seed=4)
    assert first
    assert counts(seed=4) == first
    assert counts(seed=5) != first


def test_a_period_with_facts_is_refused(db):
    simulate(sites=1, days=3, seed=1, until=UNTIL)
    with pytest.raises(BadArguments) as refused:
        call_command("simulate", sites=1, days=2, seed=1, until=UNTIL)
    assert refused.value.returncode == 2
    simulate(sites=1, days=2, seed=1, until=date(2026, 3, 17))


def test_a_day_that_has_not_ended_is_refused(db):
    with pytest.raises(BadArguments):
        call_command("simulate", sites=1, days=2, seed=1, until=date(2999, 1, 1))
    assert not Site.objects.exists()


@pytest.fixture
def season(db):
    (site,) = simulate(sites=1, days=20, seed=2, until=UNTIL, visits_per_day=40)
    with acting(sites=[site.pk]):
        yield site


def test_history_is_plausible(season):
    visits = Visit.objects.at(season)
    assert 25 * 20 < visits.count() < 50 * 20
    assert 0.01 < visits.filter(state="left").count() / visits.count() < 0.15
    assert not visits.filter(ended_at=None).exists()
    overdoses = OverdoseEvent.objects.at(season).filter(event_class="overdose")
    assert 0.003 < overdoses.count() / visits.count() < 0.03
    assert not overdoses.filter(outcome__startswith="death").exists()
    assert visits.filter(service_date__lt=UNTIL, arrived_at__hour__lt=7).exists()  # nights cross midnight


def test_everything_happens_while_the_site_is_open(season):
    calendar = opening_calendar(season, UNTIL - timedelta(30), UNTIL)
    for record in Record.objects.at(season):
        ((opens, closes),) = calendar[record.service_date]
        assert opens <= record.occurred_at <= closes
        assert record.occurred_at <= record.entered_at <= record.received_at


def test_each_day_is_marked_once_and_stock_stays_above_zero(season):
    marks = list(DirtyMark.objects.at(season).values_list("service_date", flat=True))
    assert len(marks) == len(set(marks)) == 20
    sums = StockMovement.objects.at(season).values("lot_ref").annotate(units=Sum("units"))
    assert all(row["units"] >= 0 for row in sums)
