"""Some months after an account was closed its name is its code; what it signed still says the code."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from sites.holds.models import LegalHold
from sites.people.models import Staff
from sites.retention.certificates import check, signed_file
from sites.retention.services import dry_run, lift_hold, place_hold, purge
from tests.factories import make_staff
from tests.retention.files import bytes_of
from tests.retention.test_guard import may
from tests.retention.told import sign

pytestmark = pytest.mark.usefixtures("fresh_keys")
NAME = "Perce-neige"
RENAME = "update scs_staff set display_name = code where code = %s"


def leave(code: str, days_ago: int, site=None) -> None:
    make_staff(code, site)
    left = timezone.now().date() - timedelta(days=days_ago)
    Staff.objects.filter(code=code).update(
        display_name=f"{NAME} {code}", is_active=False, left_on=left, password="!"
    )


def names() -> dict[str, str]:
    with transaction.atomic():
        return dict(Staff.objects.filter(code__startswith="x-").values_list("code", "display_name"))


def test_the_name_of_who_left_long_ago_goes_and_a_younger_one_stays(committed_site):
    with transaction.atomic():
        leave("x-old", 1200, committed_site)
        leave("x-new", 60, committed_site)
    before = names()
    assert purge(by="t") == []  # nobody signed
    with transaction.atomic():
        sign(committed_site)
    (due,) = dry_run(None)
    assert (due.rule, due.count, due.rows) == ("leavers", 1, {"scs_staff": 1})
    assert names() == before
    (run,) = purge(by="t")
    assert (run.site, run.counts) == (None, {"leavers": {"scs_staff": 1}})
    assert check(signed_file(run))
    assert NAME not in str(signed_file(run))
    assert names() == {"x-old": "x-old", "x-new": before["x-new"]}
    assert f"{NAME} x-old".encode() not in bytes_of("scs_staff")
    assert purge(by="t") == []


def test_the_database_judges_each_name(site):
    leave("x-old", 1200)
    leave("x-new", 60)
    assert not may(RENAME, "x-old")  # nobody signed
    sign(site, leavers=0)
    assert may(RENAME, "x-old")
    assert not may(RENAME, "x-new")
    assert not may(RENAME, "s01-01")  # works here
    assert not may("update scs_staff set role = 'sysadmin' where code = %s", "x-old")
    assert not may("delete from scs_staff where code = %s", "x-old")


@pytest.mark.parametrize(
    ("scope", "kept"),
    [
        ({}, True),
        ({"category": "leavers"}, True),
        ({"category": "visits"}, False),
        ({"site": None}, True),
        ({"last": date(2021, 1, 1)}, True),
        ({"last": date(2019, 1, 1)}, False),
        ({"first": timezone.now().date()}, False),
        ({"until": timezone.now().date() - timedelta(days=1)}, False),
    ],
)
def test_a_hold_keeps_the_names_of_those_who_worked_there_then(site, scope, kept):
    leave("x-here", 1200, site)
    leave("x-elsewhere", 1200)
    sign(site)
    hold = LegalHold(**({"site": site, "reason": "ordonnance"} | scope))
    place_hold(hold, by="s01-05")
    everywhere = "site" in scope
    (due,) = dry_run(None)
    assert (due.count, due.held) == (2 - kept - everywhere, kept + everywhere)
    assert may(RENAME, "x-here") is not kept
    assert may(RENAME, "x-elsewhere") is not everywhere
    lift_hold(hold, by="s01-05", why="fin")
    assert may(RENAME, "x-here")
