"""Rates with their limits, what happened around, and the days before and after."""

from datetime import date, timedelta

import pytest
from django.test import Client
from scipy.stats import binomtest, chi2

from harmreduction.pg.scope import acting
from sites.context.models import ContextEvent
from sites.context.queries import Happened, context_between
from sites.dashboard.comparing import Rate, Window, windows
from sites.dashboard.trends import Trends
from sites.indicators.models import DailyCount
from sites.places.queries import last_closed_day, today
from sites.reports.flags import Marked, flags, letters
from sites.reports.yearly import month_place, range_chart, year_chart, year_place
from tests.factories import make_staff, record, send

TYPED = {"kind": "seizure", "first": "2026-10-01", "words": "Saisie annoncée", "source": "Communiqué"}


@pytest.fixture
def manager(site) -> Client:
    client = Client()
    client.force_login(make_staff("s01-mgr", site, "manager"))
    return client


def counts(site, first: date, days: int, *, events: int, consumptions: int) -> None:
    DailyCount.objects.bulk_create(
        DailyCount(site=site, service_date=first + timedelta(n), indicator=code, value=value)
        for n in range(days)
        for code, value in (("overdose_events", events), ("consumptions", consumptions), ("visits", 10))
    )


def test_limits_are_those_of_garwood():
    rate = Rate(10, 1000)
    assert rate.value == 10
    assert (rate.low, rate.high) == pytest.approx((chi2.ppf(0.025, 20) / 2, chi2.ppf(0.975, 22) / 2))
    assert (rate.low, rate.high) == pytest.approx((4.795, 18.39), abs=0.01)
    none = Rate(0, 500)
    assert (none.low, none.value) == (0, 0)
    assert none.high == pytest.approx(1000 * 3.689 / 500, abs=0.01)
    assert Rate(0, 0).value is Rate(0, 0).high is None


def test_a_ratio_has_exact_limits():
    window = Window(7, before=Rate(8, 1000), after=Rate(20, 800), complete=True)
    ratio, low, high = window.ratio
    share = binomtest(20, 28).proportion_ci(0.95)
    assert ratio == pytest.approx(20 / 8 * 1000 / 800)
    assert low == pytest.approx(share.low / (1 - share.low) * 1.25, rel=1e-6)
    assert high == pytest.approx(share.high / (1 - share.high) * 1.25, rel=1e-6)
    assert Window(7, Rate(0, 100), Rate(3, 100), True).ratio is None


def test_the_days_of_the_event_are_on_neither_side(site):
    day = last_closed_day(site) - timedelta(days=30)
    counts(site, day - timedelta(days=21), 21, events=1, consumptions=100)
    counts(site, day, 2, events=50, consumptions=100)
    counts(site, day + timedelta(days=2), 21, events=2, consumptions=100)
    found = windows(site, day, day + timedelta(days=1), last_closed_day(site))
    assert [(w.days, w.before.events, w.after.events) for w in found] == [
        (7, 7, 14),
        (14, 14, 28),
        (21, 21, 42),
    ]
    assert all(w.complete and w.ratio[0] == 2 for w in found)


def test_a_window_that_is_not_over_says_so(site):
    day = last_closed_day(site) - timedelta(days=10)
    found = windows(site, day, day, last_closed_day(site))
    assert [w.complete for w in found] == [True, False, False]


def test_context_is_entered_shown_and_taken_away(manager, site):
    answer = manager.post("/context/new", TYPED)
    assert answer.status_code == 302
    page = manager.get(answer.url).content.decode()
    assert "Saisie annoncée" in page
    assert "rien ici ne montre que l’événement en est la cause" in page
    (event,) = context_between(site, date(2026, 9, 1), date(2026, 12, 1))
    assert manager.post(f"/context/{event.pk}/remove").status_code == 302
    assert not context_between(site, date(2026, 9, 1), date(2026, 12, 1))
    assert ContextEvent.objects.get().removed_at


@pytest.mark.parametrize(
    "typed", [{"source": ""}, {"first": "1990-01-01"}, {"last": "2026-09-01"}, {"kind": "tip"}, {"words": ""}]
)
def test_context_needs_a_kind_a_day_and_a_source(manager, typed):
    assert manager.post("/context/new", TYPED | typed).status_code == 422
    assert not ContextEvent.objects.exists()


def test_context_of_another_site_is_not_there(manager, other_site):
    with acting(sites=[other_site.pk]):
        event = ContextEvent.objects.create(
            site=other_site, kind="heat", first=date(2026, 7, 1), words="Chaleur", source="Avis",
            entered_at="2026-07-01T12:00:00Z", entered_by="s02-01",
        )  # fmt: skip
    assert manager.get(f"/context/{event.pk}/").status_code == 404


def test_what_happened_stands_on_the_charts(manager, site):
    day = today(site) - timedelta(days=3)
    send(site, record("turnaway.recorded", {"reason": "full", "count": 1}))
    manager.post("/context/new", TYPED | {"first": day.isoformat()})
    for address in ("/dashboard/?period=yesterday", "/trends/"):
        page = manager.get(address).content.decode()
        assert "Saisie annoncée" in page
        assert '<b class="num">A</b>' in page
    assert 'class="tag"' in manager.get("/dashboard/?period=yesterday").content.decode()


def test_months_are_added_up_and_the_one_that_runs_is_marked(site):
    last = last_closed_day(site)
    send(site, record("turnaway.recorded", {"reason": "full", "count": 1}))
    first = date(last.year - 1, 1, 1)
    from_first = (last - first).days + 1
    counts(site, first, from_first, events=1, consumptions=50)
    shown = Trends(site)
    shown.first = first
    months = shown._months(first)
    assert len(months) == 12 + last.month
    assert months[0].rate == Rate(31, 31 * 50)
    assert months[0].whole
    assert months[-1].whole == (containing_end(last) == last)


def containing_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def test_charts_keep_gaps_and_letters():
    months = [date(2026, n, 1) for n in (1, 2, 3)]
    chart = range_chart([(months[0], 1.0, 2.0, 4.0), (months[1], None, None, None), (months[2], 0, 0, 3)])
    assert len(chart.ranges) == 2
    assert letters(28)[-2:] == ["AA", "AB"]
    years = year_chart({2026: {1: 10, 2: 20}, 2025: {12: 5}})
    assert [line.year for line in years.lines] == [2026, 2025]
    assert years.lines[0].path.startswith("M")
    close = year_chart({2026: {12: 100}, 2025: {12: 99}, 2024: {12: 98}}).lines
    names = [float(line.end.y) for line in close]
    assert all(below - above >= 13 for above, below in zip(names, names[1:], strict=False))
    assert [line.dot.y for line in close] != [line.end.y for line in close]


def test_a_flag_stands_where_it_happened_on_each_kind_of_chart():
    days = [date(2025, 5, 1), date(2026, 2, 1), date(2026, 2, 2), date(2026, 4, 1)]
    marks = [Marked(letters(4)[n], Happened(day, day, "", "")) for n, day in enumerate(days)]
    on_months = flags(marks, month_place([date(2026, n, 1) for n in (1, 2, 3)]))
    assert [flag.letter for flag in on_months] == ["A", "B", "C"]  # April is not on it
    assert on_months[1].y < on_months[2].y  # they would touch
    years = year_chart({2026: {1: 10, 2: 20}, 2025: {12: 5}})
    assert [flag.letter for flag in flags(marks, year_place(years))] == ["B", "C"]
