"""Fits kept up by the clock, and the page that shows them."""

import subprocess
import sys
from datetime import date, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client

from sites.association.models import SegmentedFit
from sites.association.services import fit_due
from sites.context.models import ContextEvent
from sites.context.services import remove_context
from sites.indicators.models import CountedDay, DailyCount
from sites.people.models import Staff
from sites.places.queries import last_closed_day
from sites.reports.drawing import RIGHT
from sites.trail.models import TrailEntry
from tests.factories import make_staff
from tests.reports.test_views import text

BEFORE, AFTER = 120, 60


@pytest.fixture
def event(site) -> ContextEvent:
    return noted(site, last_closed_day(site) - timedelta(days=AFTER))


@pytest.fixture
def manager(site) -> Client:
    client = Client()
    client.force_login(make_staff("s01-mgr", site, "manager"))
    return client


def noted(site, day: date) -> ContextEvent:
    return ContextEvent.objects.create(
        site=site, kind="policy", first=day, words="Nouvelle exemption", source="Gazette",
        entered_at=datetime.now().astimezone(), entered_by="s01-mgr",
    )  # fmt: skip


def counted(site, event, *, before=1, after=3) -> None:
    """As many events each day before and after, of 100 consumptions."""
    days = [event.first + timedelta(n) for n in range(-BEFORE, AFTER + 1)]
    DailyCount.objects.bulk_create(
        DailyCount(site=site, service_date=day, indicator=code, value=value)
        for day in days
        for code, value in (
            ("overdose_events", (after if day > event.first else before) + day.day % 2),
            ("consumptions", 100 + day.day % 3),
        )
    )


def fit_all() -> int:
    return fit_due(seconds=60)


def test_what_happened_is_fitted_once_and_again_when_a_day_is_added_or_recounted(site, event):
    counted(site, event)
    assert (fit_all(), fit_all()) == (1, 0)
    (kept,) = SegmentedFit.objects.all()
    assert kept.through == last_closed_day(site)
    assert kept.found["level"][1] > 1
    SegmentedFit.objects.update(through=kept.through - timedelta(days=1))
    assert (fit_all(), fit_all()) == (1, 0)
    late = datetime.now().astimezone() + timedelta(minutes=1)
    CountedDay.objects.create(site=site, service_date=event.first, counted_at=late, sha256="x")
    assert fit_all() == 1


def test_a_window_that_is_over_is_left_alone(site):
    old = noted(site, last_closed_day(site) - timedelta(days=400))
    assert (fit_all(), fit_all()) == (1, 0)
    assert SegmentedFit.objects.get().through == old.first + timedelta(days=182)


def test_nothing_is_fitted_of_what_was_removed_or_is_still_to_come(site, event):
    remove_context(event, by="s01-mgr")
    noted(site, last_closed_day(site) + timedelta(days=9))
    assert fit_all() == 0


def test_the_page_waits_then_shows_lines_limits_and_what_they_do_not_say(manager, site, event):
    address = f"/context/{event.pk}/"
    waiting = manager.get(address).content.decode()
    assert "Le calcul se fait en arrière-plan" in waiting
    assert 'http-equiv="refresh"' in waiting
    counted(site, event)
    fit_all()
    page = manager.get(address)
    shown = text(page)
    assert 'http-equiv="refresh"' not in page.content.decode()
    assert "plus haut que la tendance d’avant ne le donnait" in shown
    assert "C’est une association dans le temps, jamais une cause." in shown
    assert "Newey-West (7 jours)" in shown
    assert page.content.count(b'class="line') == 3
    assert page.content.count(b'class="seen"') == BEFORE // 7 + 1 + AFTER // 7 + 1
    assert "style=" not in page.content.decode()
    assert "A Nouvelle exemption" in shown
    Staff.objects.filter(code="s01-mgr").update(language="en")
    assert manager.get(address).status_code == 200


def test_too_few_days_are_said_in_plain_words(manager, site, event):
    fit_all()
    shown = text(manager.get(f"/context/{event.pk}/"))
    assert "Trop peu de jours avant : il en faut 56 où le service a servi." in shown
    assert "Jusqu’ici : 0 jours avant, 0 après" in shown


def test_what_is_still_to_come_has_nothing_to_compare(manager, site):
    ahead = noted(site, last_closed_day(site) + timedelta(days=9))
    assert "Ce n’est pas encore arrivé" in text(manager.get(f"/context/{ahead.pk}/"))


def test_reading_and_printing_are_in_the_trail(manager, event):
    manager.get(f"/context/{event.pk}/")
    assert manager.post(f"/context/{event.pk}/printed").status_code == 302
    actions = TrailEntry.objects.filter(about="context").values_list("action", flat=True)
    assert {"context read", "context printed"} <= set(actions)


def test_the_chart_ends_at_its_edge(manager, site, event):
    counted(site, event)
    fit_all()
    chart = manager.get(f"/context/{event.pk}/").context["fit"].chart
    xs = [float(dot.x) for dot in chart.dots]
    assert xs == sorted(xs)
    assert xs[-1] <= RIGHT


def test_neither_web_nor_beat_loads_statsmodels():
    code = (
        "import django; django.setup(); import sites.urls, sites.tasks, sys;"
        "assert not {'statsmodels', 'pandas'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
