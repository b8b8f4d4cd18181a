import csv
import json
from datetime import date
from io import StringIO

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command

from sites.clockwork.models import Instant
from sites.indicators.registry import additive
from tests.factories import at, record, send
from tests.indicators.test_counts import a_visit


def run(*args) -> str:
    out = StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


def read(path) -> list[dict]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def shift(site):
    with time_machine.travel(at("2026-11-20 23:00")):
        send(site, *a_visit("2026-11-20 20:00")[1], *a_visit("2026-11-20 22:00", route="in")[1])
        send(site, record("turnaway.recorded", {"reason": "age", "count": 2}, when=at("2026-11-20 21:00")))
        yield site


def test_daily_counts_has_every_day_and_number_asked(shift, tmp_path):
    run("daily_counts", "--csv", str(tmp_path / "c.csv"), "--from", "2026-11-18", "--to", "2026-11-20")
    rows = read(tmp_path / "c.csv")
    assert list(rows[0]) == [
        "site", "region", "period_start", "period_end", "indicator", "category", "value",
    ]  # fmt: skip
    totals = {(r["period_start"], r["indicator"]): r["value"] for r in rows if r["category"] == "ALL"}
    assert len(totals) == 3 * len(additive())
    assert totals["2026-11-20", "visits"] == "2"
    assert totals["2026-11-18", "visits"] == "0"
    assert totals["2026-11-18", "open_minutes"] == "720"
    assert ("2026-11-20", "unique_clients_day") not in totals
    parts = {(r["indicator"], r["category"]): r["value"] for r in rows if r["category"] != "ALL"}
    assert parts["visits", "in"] == "1"
    assert parts["turned_away", "age"] == "2"
    assert all(
        r["period_start"] == r["period_end"] and (r["site"], r["region"]) == ("S01", "R01") for r in rows
    )


def test_daily_counts_runs_to_the_open_day_and_twice_alike(shift, other_site, tmp_path):
    run("daily_counts", "--csv", str(tmp_path / "a.csv"))
    run("daily_counts", "--csv", str(tmp_path / "b.csv"))
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert {(r["site"], r["period_start"]) for r in read(tmp_path / "a.csv")} == {
        ("S01", "2026-11-20"),
        ("S02", "2026-11-20"),
    }


@pytest.mark.django_db
def test_the_dictionary_in_docs_is_what_the_registry_says():
    """Mend with `manage.py indicators --markdown > docs/indicators.md`."""
    assert run("indicators", "--markdown") == (settings.BASE_DIR / "docs/indicators.md").read_text()


@pytest.mark.django_db
def test_the_registry_as_json():
    registry = json.loads(run("indicators", "--json"))
    visits = next(i for i in registry if i["code"] == "visits")
    assert set(
        "code version valid_from unit clock label_fr label_en additive categories maps".split()
    ) <= set(visits)
    assert {"22_02", "inj_iv"} <= set(visits["categories"])
    assert date.fromisoformat(visits["valid_from"])
    assert set(visits["maps"]) == {"hc", "cts", "drsp"}


@pytest.mark.parametrize(
    "args",
    [
        ("daily_counts",),
        ("daily_counts", "--csv", "/nowhere/at/all.csv"),
        ("daily_counts", "--csv", "x.csv", "--from", "2026-02-30"),
        ("daily_counts", "--csv", "x.csv", "--from", "2026-11-02", "--to", "2026-11-01"),
        ("indicators", "--yaml"),
        ("build_reports", "--site", "NOWHERE"),
        ("build_reports", "--day", "tomorrow"),
        ("build_reports", "--as-of", "2026-11-20"),
        ("report", "--site", "S01"),
    ],
)
@pytest.mark.django_db
def test_bad_arguments_give_one_line_and_status_2(args):
    with pytest.raises(CommandError) as refused:
        run(*args)
    assert refused.value.returncode == 2
    assert "\n" not in str(refused.value)


def test_a_clock_that_goes_back_is_refused(site):
    run("build_reports", "--as-of", "2026-11-20T12:00:00Z")
    with pytest.raises(CommandError) as refused:
        run("build_reports", "--as-of", "2026-11-20T11:59:00Z")
    assert refused.value.returncode == 2
    assert Instant.objects.get().as_of == at("2026-11-20 12:00")


def test_what_was_sealed_has_the_same_columns(shift, tmp_path):
    run("daily_counts", "--csv", str(tmp_path / "sealed.csv"), "--as-sealed")
    header = (tmp_path / "sealed.csv").read_text().splitlines()[0]
    assert header == "site,region,period_start,period_end,indicator,category,value"
