"""A year of releases is sealed, gated and written within its budget, and leaves nothing behind."""

import json

import pytest
from django.core.management import CommandError, call_command

from sites.places.models import Site
from sites.releases.models import PlanLine

MOST_SECONDS = 60


def measured(capsys, **options) -> dict:
    call_command("bench_releases", **options)
    return json.loads(capsys.readouterr().out.strip().splitlines()[-1])


def test_a_few_mornings_are_measured_and_taken_back(db, capsys, settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    found = measured(capsys, sites=2, days=4)
    assert (found["releases"], found["stops"]) == (4, 0)
    assert found["cells"] >= 2 * 4
    assert found["release_year_s"] >= 0
    assert not Site.objects.exists()
    assert not (tmp_path / "keys").exists()


def test_a_database_with_sites_is_not_measured_in(site):
    with pytest.raises(CommandError, match="without sites"):
        call_command("bench_releases", sites=1, days=1)
    assert not PlanLine.objects.exists()


@pytest.mark.full
def test_a_year_of_twenty_sites_is_sealed_and_written_within_its_budget(db, capsys):
    found = measured(capsys, sites=20)
    assert found["releases"] == 365
    assert found["stops"] == 0
    assert found["release_year_s"] < MOST_SECONDS
