"""An upgrade tried on a backup: it says yes when no report changed, and no when one did."""

from datetime import date

import pyrage
import pytest

from harmreduction.backups import rehearsing
from harmreduction.backups.container import Refused
from harmreduction.backups.rehearsing import rehearse

pytestmark = pytest.mark.django_db
KEY = ("day", 1)


def test_the_backup_of_this_version_goes(kept):
    said = list(rehearse(kept.path, pyrage.x25519.Identity.from_str(kept.private)))
    assert said[0] == "Sauvegarde restaurée à part : 1 rapports."
    assert said[-1].startswith("Oui.")


def test_a_report_that_says_otherwise_afterwards_stops_it(kept, monkeypatch):
    monkeypatch.setattr(rehearsing, "_migrate", _changes_a_report)
    with pytest.raises(Refused, match="Non. .* day 1"):
        list(rehearse(kept.path, pyrage.x25519.Identity.from_str(kept.private)))


def _changes_a_report(scratch) -> None:
    with rehearsing.psycopg.connect(scratch.superuser) as database:
        database.execute("alter table scs_dailyreport disable trigger all")
        database.execute("update scs_dailyreport set indicators = '[]'")


@pytest.mark.parametrize(
    ("before", "after", "wrong"),
    [
        ({KEY: ("a", True)}, {KEY: ("a", True)}, ""),
        ({KEY: ("a", True)}, {KEY: ("b", True)}, "changed"),
        ({KEY: ("a", True)}, {KEY: ("a", False)}, "changed"),
        ({KEY: ("a", True)}, {}, "changed"),
        ({}, {KEY: ("a", True)}, "changed"),
    ],
)
def test_each_report_is_compared(before, after, wrong):
    assert dict(rehearsing._compared(before, after)) == {"day 1": wrong}


def test_the_hash_is_that_of_the_report(kept):
    """Recomputed by the code of this version: one figure more, and it is another."""
    row = {"site": "S01", "service_date": date(2026, 1, 1), "version": 1, "indicators": []}
    assert rehearsing._of_day(row) != rehearsing._of_day(row | {"version": 2})
