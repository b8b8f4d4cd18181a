import csv
import io
import json
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from datetime import date

from django.test import Client

from harmreduction.pg.scope import acting
from sites.bulletin import pages
from sites.recipients.services import say_public
from sites.recipients.tasks import prepare_editions
from sites.releases.models import ReleaseFile
from sites.releases.publishing import build_due, outside
from tests.releases.counted import seal

ATOM = "{http://www.w3.org/2005/Atom}"


def rows(region: str) -> list[dict]:
    answer = Client().get(f"/api/v1/public/regions/{region}/rows.csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_every_row_of_a_region_and_no_other(told):
    seal("2026-11-23 07:00")
    build_due(waiting=False)
    got = rows("R01")
    assert {(row["site"], row["region"]) for row in got} == {("ALL", "R01")}
    assert {row["release_id"] for row in got} == {"2026-11-22", "2026-11-23"}
    whole = "".join(bytes(file.body).decode() for file in ReleaseFile.objects.filter(name="release.csv"))
    assert all(",".join(row.values()) in whole for row in got)


def test_the_same_as_json_with_what_they_mean(told):
    told_json = Client().get("/api/v1/public/regions/R01/rows.json").json()
    assert [{**row, "value": str(row["value"])}["value"] for row in told_json["rows"]] == [
        row["value"] for row in rows("R01")
    ]
    assert set(told_json["promise"]) == {"fr", "en"}
    codes = {definition["code"] for definition in told_json["definitions"]}
    assert codes == {row["indicator"] for row in told_json["rows"]}


def test_a_service_is_public_from_the_day_it_said_and_not_before(told):
    with acting(sites=[told[0].pk]):
        say_public(told[0], True, from_day=date(2026, 11, 23), by="s01-05")
    seal("2026-11-23 07:00")
    build_due(waiting=False)
    alone = [row for row in rows("R01") if row["site"] == "S01"]
    assert {row["release_id"] for row in alone} == {"2026-11-23"}


def test_files_of_the_public_are_its_own_edition(told):
    (release,) = Client().get("/api/v1/public/releases").json()
    assert release["id"] == "2026-11-22"
    body = Client().get("/api/v1/public/releases/2026-11-22/csv")
    assert body.headers["Access-Control-Allow-Origin"] == "*"
    assert b",S01," not in body.content
    assert b",ALL,R01," in body.content
    assert json.loads(Client().get("/api/v1/public/releases/2026-11-22/manifest").content)["rows"] > 0


def test_the_feed_tells_weeks_and_months_the_newest_first(told):
    answer = Client().get("/en/bulletin/R01/feed.atom")
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)  # noqa: S314 - our own
    entries = feed.findall(f"{ATOM}entry")
    titles = [entry.find(f"{ATOM}title").text for entry in entries]
    assert any("October 2026" in title for title in titles)
    assert len({entry.find(f"{ATOM}id").text for entry in entries}) == len(entries) > 5
    stamps = [entry.find(f"{ATOM}updated").text for entry in entries]
    assert stamps == sorted(stamps, reverse=True)
    assert feed.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "en-CA"


def test_the_picture_is_one_file_without_style_or_script(told):
    answer = Client().get("/bulletin/R01/visits.svg")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    ElementTree.fromstring(answer.content)  # noqa: S314 - our own
    assert b"<style" not in answer.content
    assert b"style=" not in answer.content


def test_the_trend_has_no_gap_and_stops_at_half_a_year(told):
    with outside():
        shown = pages.bulletin("R01", (date(2026, 11, 22), 1))
    starts = [total.period[0] for total in shown.trend]
    assert len(starts) <= 26
    assert {(b - a).days for a, b in zip(starts, starts[1:], strict=False)} == {7}
    assert [total.period[0].month for total in shown.events] == [9, 10]


def test_an_edition_already_prepared_is_served_unchanged(told):
    before = Client().get("/api/v1/public/releases/2026-11-22/csv").content
    seal("2026-11-23 07:00")
    build_due(waiting=False)
    prepare_editions()
    assert Client().get("/api/v1/public/releases/2026-11-22/csv").content == before


def test_a_headline_never_tells_two_periods_as_one(told):
    with outside():
        shown = pages.bulletin("R01", (date(2026, 11, 22), 1))
    assert shown.reversals.period == shown.visits.period
    visits, reversals, *others = shown.numbers
    quarter = replace(reversals.total, grain="quarter", period=(date(2026, 7, 1), date(2026, 9, 30)))
    apart = replace(shown, numbers=[visits, replace(reversals, total=quarter), *others])
    assert apart.reversals is None
