"""Farrington Flexible against R, and as the clock asks it once three years exist."""

from datetime import date, timedelta

import numpy as np
import pytest
import time_machine

from sites.overdoses.models import OverdoseEvent
from sites.signals.methods.farrington import PERIODS, judge, limit_of, seasons, tail_of
from sites.signals.terms import Method, Subject, subject_of
from sites.signals.weekly import ALPHA, week_findings, weekly_alarms, weeks_until, years_before
from sites.signals.words import said
from tests.factories import at, record, ref, send
from tests.indicators.test_counts import an_event
from tests.signals import reference


def test_means_dispersions_limits_and_tails_are_those_of_r():
    for n, (expected, dispersion, limit, p) in enumerate(reference.FARRINGTON):
        week, alpha = reference.FIRST_FARRINGTON + n, reference.FARRINGTON_ALPHA
        judged = judge(reference.AGONA, week, years=reference.FARRINGTON_YEARS, alpha=alpha)
        assert judged.expected == pytest.approx(expected, rel=1e-4), week
        assert judged.dispersion == pytest.approx(dispersion, rel=1e-4), week
        assert limit_of(judged.expected, judged.dispersion, alpha) == limit
        plain = tail_of(reference.AGONA[week], judged.expected, judged.dispersion)
        assert plain == pytest.approx(p, abs=1e-4)
        # Ours reckons with the doubt about the mean as well.
        assert judged.limit >= limit
        assert judged.p >= plain


def test_each_year_falls_into_parts_of_about_the_same_length():
    parts = seasons(300, 4)
    assert sum(part == PERIODS for part in parts.values()) == 4 + 4 * 7
    lengths = [sum(part == other for part in parts.values()) / 4 for other in range(1, PERIODS)]
    assert lengths == [5.0] * 9
    assert min(parts) == 300 - 4 * 52 - 3


def test_an_outbreak_is_found_and_a_few_cases_are_not():
    counts = [int(n) for n in np.random.default_rng(2).poisson(4, 230)]
    week = len(counts) - 1
    usual = judge([*counts[:-1], 5], week, years=4, alpha=ALPHA)
    assert usual.observed <= usual.limit
    outbreak = judge([*counts[:-1], 40], week, years=4, alpha=ALPHA)
    assert outbreak.observed > outbreak.limit
    assert outbreak.p < ALPHA
    assert judge([*[0] * week, 4], week, years=4, alpha=ALPHA) is None


def test_an_outbreak_of_the_past_hides_no_new_one():
    counts = [int(n) for n in np.random.default_rng(3).poisson(4, 230)]
    limit = judge(counts, 229, years=4, alpha=ALPHA).limit
    counts[229 - 52] = 60
    assert judge(counts, 229, years=4, alpha=ALPHA).limit < limit + 4


def test_three_years_are_needed():
    assert [years_before(n) for n in (100, 158, 159, 229, 400)] == [1, 2, 3, 4, 5]
    assert subject_of(Method.FARRINGTON) == Subject.FREQUENCY


def test_a_closed_week_is_judged_on_its_last_day(site):
    """A site whose first fact lies four years back, two events a week, and ten more in the last one."""
    sunday, weeks = date(2026, 11, 15), 215
    first = sunday - timedelta(days=7 * weeks - 1)
    with time_machine.travel(at("2026-11-16 18:00")):
        send(site, record("turnaway.recorded", {"reason": "full", "count": 1}, when=at(f"{first} 20:00")))
        send(site, *an_event(f"{sunday} 21:00", closed={"presentation": "mixed"})[1])
        (real,) = OverdoseEvent.objects.at(site)
        copied = {
            field.attname: getattr(real, field.attname)
            for field in OverdoseEvent._meta.fields
            if field.name not in ("id", "ref")
        }
        days = [first + timedelta(days=n + part) for n in range(0, 7 * weeks, 7) for part in (1, 4)]
        days += [sunday - timedelta(days=n % 6) for n in range(9)]
        OverdoseEvent.objects.bulk_create(
            OverdoseEvent(**copied | {"ref": ref(), "service_date": day}) for day in days
        )
        counts = weeks_until(site, sunday)
        assert (len(counts), counts[0], counts[-1]) == (weeks, 2, 12)
        assert week_findings(site, sunday - timedelta(days=1)) == []
        (found,) = week_findings(site, sunday)
        assert (found.method, found.observed) == (Method.FARRINGTON, 12)
        assert found.parameters["years"] == 4
        assert found.since == at("2026-11-09 11:00")
        assert weekly_alarms(site, found) == (0, 364)
        assert "12 surdoses présumées dans la semaine; attendu d’après 4 ans : 2" in said(found)
