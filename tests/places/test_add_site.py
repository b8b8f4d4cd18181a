from datetime import date, time

import pytest
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction

from harmreduction.pg.scope import acting, as_owner
from sites.management.base import BadArguments
from sites.places.models import Booth, DirtyMark, Site
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


def test_the_sites_of_an_installation_are_of_one_organisation(db):
    call_command("add_site", "S09", *GOOD, "--organisation=La Halte", "--name=Centre")
    call_command("add_site", "S10", *GOOD, "--name=Nord")
    call_command("add_site", "S11", *GOOD, "--organisation=La Halte")
    with pytest.raises(BadArguments, match="La Halte"):
        call_command("add_site", "S12", *GOOD, "--organisation=Le Relais")
    assert set(Site.objects.values_list("code", "organisation__name_fr")) == {
        (code, "La Halte") for code in ("S09", "S10", "S11")
    }


def test_a_site_is_published_by_the_plan_of_its_size(db):
    call_command("add_site", "S09", *GOOD, "--visits-per-day=8")
    site = Site.objects.get(code="S09")
    with acting(sites=[site.pk]):
        grains = dict(PlanLine.objects.at(site).values_list("indicator", "grain"))
    assert grains["visits"] == "week"
    assert grains["reversals"] == "year"


def test_a_busy_row_needs_no_look_at_its_site_to_be_of_one(site):
    """No foreign key stands there: row security does, and the site stays."""
    nowhere = DirtyMark(site_id=site.pk + 1000, service_date=date(2026, 11, 20))
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        nowhere.save()
    with pytest.raises(IntegrityError, match="DELETE refused"), transaction.atomic(), as_owner():
        connection.cursor().execute("delete from scs_site")
