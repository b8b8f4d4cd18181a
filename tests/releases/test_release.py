import hashlib
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from harmreduction.pg.scope import RELEASE, acting
from sites.clockwork.services import replaying
from sites.keyring import services as keyring
from sites.places.models import OpeningException, Site
from sites.releases import publishing
from sites.releases.models import ReleaseFile
from sites.releases.publishing import build_due
from sites.releases.queries import as_sealed_rows, built_releases, latest_release
from sites.releases.tasks import seal_and_build
from tests import factories
from tests.releases.counted import cells, count, history, local, plan, seal
from tests.releases.written import FIRST, LAST, all_rows, read, three_sites, write

BUILT = {"release.csv", "release-fr.csv", "release.xlsx", "release.json", "release.pdf", "datapackage.zip",
         "fhir.json", "dhis2.json", "dhis2-metadata.json", "calendar.csv", "manifest.json"}  # fmt: skip


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    keyring._checked.clear()
    yield
    keyring._checked.clear()


@pytest.fixture
def sites(site):
    return three_sites(site)


def test_the_files_are_the_same_bytes_on_every_run(sites, tmp_path):
    seal("2026-11-23 07:00")
    first = write(tmp_path, "a")
    again = write(tmp_path, "b")
    assert first == again
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "a").rglob("*.*")}
    write(tmp_path, "a")
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "a").rglob("*.*")} == before


def rebuilt(release) -> dict[str, bytes]:
    """The files of a release, made from the whole ledger."""
    ledger = publishing.read(until=release)
    held = publishing.totals(ledger, release)
    before = publishing.told_before(release)
    return dict(
        publishing.render(
            publishing.gather(ledger, release, held, publishing.published(held, release), before)
        )
    )


def test_built_anew_from_the_ledger_it_is_the_same(sites, tmp_path):
    seal("2026-11-22 07:00")
    seal("2026-11-23 07:00")
    written = list(write(tmp_path).values())
    with publishing.outside():
        assert [rebuilt((date(2026, 11, day), 1)) for day in (22, 23)] == written
        again = dict(publishing.render(publishing.cube_of((date(2026, 11, 22), 1))))
    assert again == written[0]


def test_the_manifest_proves_the_files(sites, tmp_path):
    seal("2026-11-23 07:00")
    (files,) = write(tmp_path).values()
    manifest = json.loads(files["manifest.json"])
    assert set(files) == BUILT
    for name, told in manifest["files"].items():
        assert told["sha256"] == hashlib.sha256(files[name]).hexdigest()
    assert manifest["plan_versions"] == ["2026-1"]
    assert {d["code"] for d in manifest["definitions"]} == {"visits", "reversals", "naloxone_doses_staff"}
    assert all(d["version"] and d["definition_fr"] and d["definition_en"] for d in manifest["definitions"])
    assert "un multiple de 5" in manifest["promise"]["fr"]
    assert files["release-fr.csv"].startswith("\ufeffrelease_id;".encode())
    assert read(files["release-fr.csv"], ";") == read(files["release.csv"])


def test_planned_hours_come_from_the_posted_calendar(sites, tmp_path):
    with acting(sites=[sites[0].pk]):
        OpeningException.objects.create(site=sites[0], day=date(2026, 11, 3), reason="fermé")
    seal("2026-11-05 07:00")
    (files,) = write(tmp_path).values()
    rows = {(r["site"], r["service_day"]): r for r in read(files["calendar.csv"])}
    assert rows["S01", "2026-11-02"]["planned_hours"] == "12.00"
    assert rows["S01", "2026-11-02"]["opens"] == "2026-11-02T14:00-0500"
    assert rows["S01", "2026-11-03"]["planned_hours"] == "0.00"


@pytest.mark.parametrize("change", [101, 99, 0])
def test_late_data_leaves_old_releases_alone_and_lands_in_the_late_part(sites, tmp_path, change):
    count(sites[0], date(2026, 11, 9), visits=100)
    seal("2026-11-23 07:00")
    before = write(tmp_path)
    count(sites[0], date(2026, 11, 9), visits=change)
    seal("2027-02-01 07:00")
    after = write(tmp_path)
    assert {name: after[name] for name in before} == before
    late = [r for r in all_rows(after) if r["indicator"] == "visits_late" and r["site"] == "S01"]
    assert [(r["grain"], r["period_start"], r["status"]) for r in late] == [("year", "2026-01-01", "rounded")]
    assert int(late[0]["lower"]) <= max(0, change - 100) <= int(late[0]["upper"])
    assert not [r for r in all_rows(after) if r["indicator"].endswith("_late") and r["site"] == "ALL"]


def test_a_closed_day_a_zero_day_and_a_day_of_four_give_the_same_shape(sites, tmp_path):
    shapes = []
    for day, visits in ((3, None), (4, 0), (5, 1), (6, 4)):
        if visits is None:
            with acting(sites=[sites[0].pk]):
                OpeningException.objects.create(site=sites[0], day=date(2026, 11, day), reason="fermé")
        else:
            count(sites[0], date(2026, 11, day), visits=visits)
    for day in range(4, 9):
        seal(f"2026-11-{day:02} 07:00")
    for files in list(write(tmp_path).values())[1:5]:
        rows = read(files["release.csv"])
        kept = ("plan_version", "site", "region", "grain", "indicator", "base", "status")
        shapes.append([tuple(row[k] for k in kept) for row in rows if row["grain"] == "day"])
        assert all(row["value"] != "" for row in rows)
    assert all(shape == shapes[0] for shape in shapes)


def test_cells_sealed_after_the_release_was_built_go_into_a_second_one(sites, tmp_path):
    seal("2026-11-22 05:00")
    before = write(tmp_path)
    assert list(before) == ["2026-11-22"]
    seal("2026-11-22 06:00")
    after = write(tmp_path)
    assert list(after) == ["2026-11-22", "2026-11-22-2"]
    assert after["2026-11-22"] == before["2026-11-22"]
    assert {r["release_id"] for r in read(after["2026-11-22-2"]["release.csv"])} == {"2026-11-22-2"}


def test_by_itself_a_release_waits_for_the_morning_of_every_site(sites):
    seal("2026-11-21 07:00")
    assert build_due() == ["2026-11-21"]
    sites[2].zone = "America/Vancouver"
    sites[2].save()
    seal("2026-11-22 06:30")
    with transaction.atomic(), replaying(local("2026-11-22 06:30")):
        assert build_due() == []
    seal("2026-11-22 09:00")
    with transaction.atomic(), replaying(local("2026-11-22 09:00")):
        assert build_due() == ["2026-11-22"]
        assert build_due() == []


def test_a_builder_that_dies_leaves_nothing_and_the_next_one_completes(sites, monkeypatch):
    seal("2026-11-21 07:00")

    def die(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(publishing, "note", die)
    with pytest.raises(KeyboardInterrupt):
        build_due()
    monkeypatch.undo()
    assert built_releases() == []
    assert build_due() == ["2026-11-21"]
    assert latest_release().id == "2026-11-21"
    assert set(latest_release().sha256) == BUILT


def test_a_site_that_joins_later_changes_no_total_already_written(sites, tmp_path):
    seal("2026-11-06 07:00")
    before = all_rows(write(tmp_path))
    late = factories.make_site("S04")
    late.opened_on = FIRST
    late.save()
    plan(late)
    history(late, FIRST, LAST)
    seal("2026-11-23 07:00")
    rows = all_rows(write(tmp_path))
    keys = [tuple(r[k] for k in ("site", "region", "indicator", "grain", "period_start")) for r in rows]
    assert len(keys) == len(set(keys))
    assert rows[: len(before)] == before
    day = [r for r in rows if r["site"] == "ALL" == r["region"] and r["period_start"] == "2026-11-10"]
    four = [r for r in rows if r["site"] != "ALL" and r["period_start"] == "2026-11-10"]
    assert int(day[0]["value"]) == sum(int(r["value"]) for r in four)
    assert len(four) == 4


def test_a_region_with_a_coarser_site_has_only_totals_that_are_whole(sites, tmp_path):
    coarse = factories.make_site("S04")
    coarse.opened_on = FIRST
    coarse.save()
    plan(coarse, visits=5, reversals=4)
    seal("2026-11-23 07:00")
    rows = [r for r in all_rows(write(tmp_path)) if r["site"] == "ALL" and r["region"] == "R01"]
    assert {r["grain"] for r in rows if r["indicator"] == "visits"} == {"week"}
    assert {r["grain"] for r in rows if r["indicator"] == "reversals"} == {"quarter"}
    assert {r["grain"] for r in rows if r["indicator"] == "naloxone_doses_staff"} == {"month", "quarter"}


def test_as_sealed_is_what_each_cell_held(sites):
    seal("2026-11-22 07:00")
    count(sites[0], date(2026, 11, 20), visits=1)
    rows = [r for r in as_sealed_rows() if r[0] == "S01" and r[4] == "visits"]
    assert rows[-1] == ("S01", "R01", date(2026, 11, 20), date(2026, 11, 20), "visits", "ALL", 60 % 13)
    assert {r[2] for r in as_sealed_rows(date(2026, 11, 2), date(2026, 11, 2)) if r[4] == "visits"} == {
        date(2026, 11, 2)
    }


def test_commands_say_what_is_wrong_in_one_line(sites, tmp_path):
    for command, options in (("seal_due", ["--as-of", "hier"]), ("release", []), ("seal_due", ["--what"])):
        with pytest.raises(CommandError) as refused:
            call_command(command, *options)
        assert refused.value.returncode == 2
        assert "\n" not in str(refused.value)
    (tmp_path / "file").touch()
    seal("2026-11-22 07:00")
    with pytest.raises(CommandError, match="file"):
        call_command("release", out=tmp_path / "file")


def test_seal_due_replays_and_a_second_run_does_nothing(sites, capsys):
    Site.objects.exclude(pk=sites[0].pk).update(opened_on=date(2027, 1, 1))
    call_command("seal_due", "--as-of", "2026-11-22T11:00:00Z")
    first = cells()
    call_command("seal_due", "--as-of", "2026-11-22T11:00:00Z")
    assert [c.pk for c in cells()] == [c.pk for c in first]
    with pytest.raises(CommandError) as refused:
        call_command("seal_due", "--as-of", "2026-11-21T11:00:00Z")
    assert refused.value.returncode == 2


def test_built_files_are_only_added_to(sites):
    seal("2026-11-22 07:00")
    build_due()
    with publishing.outside():
        assert ReleaseFile.objects.count() == len(BUILT)
    with transaction.atomic(), acting(role=RELEASE, sites=[]), pytest.raises(Exception, match="denied"):
        ReleaseFile.objects.update(sha256="")


def test_a_tick_counts_seals_and_builds_by_itself(site):
    site.opened_on = date(2026, 11, 1)
    site.save()
    plan(site)
    seal_and_build()
    first = latest_release()
    assert first is not None
    seal_and_build()
    assert [release.id for release in built_releases()] == [first.id]
