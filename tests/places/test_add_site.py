from datetime import date, time

import pytest
from django.core.management import call_command

from harmreduction.pg.scope import acting
from sites.management.base import BadArguments
from sites.places.models import Booth, Site
from sites.places.queries import open_minutes
from sites.releases.models import PlanLine

GOOD = ["--region=R09", "--zone=America/Halifax", "--cutover=05:00", "--booths=3", "--hours=14:00-02:00"]


def test_a_site_comes_with_booths_and_hours(db):
    call_command("add_site", "S09", *GOOD)
    site = Site.objects.get(code="S09")
    assert (site.zone, site.cutover, site.region.code) == ("America/Halifax", time(5), "R09")
    with acting(sites=[site.pk]):
        assert list(Booth.objects.at(site).values_list("label", flat=True)) == ["1", "2", "3"]
        assert open_minutes(site, date(2026, 11, 20)) == 12 * 60


@pytest.mark.parametrize(
    "wrong",
    [
        "--zone=America/Montral",
        "--zone=../etc/passwd",
        "--cutover=25:00",
        "--booths=0",
        "--booths=900",
        "--hours=14:00",
        "--hours=14:00-14:00",
        "--region=r 9",
    ],
)
def test_what_cannot_be_is_refused(db, wrong):
    with pytest.raises(BadArguments) as refused:
        call_command("add_site", "S09", *GOOD, wrong)
    assert refused.value.returncode == 2
    assert "\n" not in str(refused.value)
    assert not Site.objects.exists()


def test_a_code_is_used_once(site):
    with pytest.raises(BadArguments, match="S01"):
        call_command("add_site", "S01", *GOOD)


def test_a_site_is_published_by_the_plan_of_its_size(db):
    call_command("add_site", "S09", *GOOD, "--visits-per-day=8")
    site = Site.objects.get(code="S09")
    with acting(sites=[site.pk]):
        grains = dict(PlanLine.objects.at(site).values_list("indicator", "grain"))
    assert grains["visits"] == "week"
    assert grains["reversals"] == "year"
