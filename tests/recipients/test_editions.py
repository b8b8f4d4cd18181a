import csv
import io
import json
from datetime import date

import pytest

from harmreduction.pg.scope import acting
from sites.recipients import services
from sites.recipients.editions import build_editions, edition_name
from sites.recipients.models import EditionFile, Recipient
from sites.recipients.queries import file_of, releases_of
from sites.recipients.services import add_recipient, add_token, ensure_public, say_public
from sites.recipients.tasks import prepare_editions
from sites.releases.history import cube_told
from sites.releases.models import ReleaseFile
from sites.releases.publishing import build_due, outside
from sites.releases.rendering import render
from tests.releases.counted import seal

RELEASE = (date(2026, 11, 22), 1)


def recipient(regions=("ALL",), sites=(), **more) -> Recipient:
    row = add_recipient("Bailleur", "reddition de comptes", basis="convention", by="vie-privee")[0]
    row.kind, row.regions, row.sites = "funder", list(regions), list(sites)
    return services.keep(row, what=["regions", "sites"], by="vie-privee")


def rows(who: Recipient, release=RELEASE) -> list[dict]:
    file = file_of(who, release, "csv")
    return list(csv.DictReader(io.StringIO(bytes(file.body).decode())))


def whose(who: Recipient) -> set[tuple[str, str]]:
    return {(row["site"], row["region"]) for row in rows(who)}


def say(site, public: bool, day: str) -> None:
    with acting(sites=[site.pk]):
        say_public(site, public, from_day=date.fromisoformat(day), by="s03-05")


SUMS, R01, R02 = {("ALL", "ALL")}, {("ALL", "R01")}, {("ALL", "R02")}
S01, S03 = {("S01", "R01")}, {("S03", "R02")}


@pytest.mark.parametrize(
    ("regions", "sites", "expected"),
    [
        (["ALL"], [], SUMS | R01 | R02),
        (["R02"], [], SUMS | R02),
        (["R02"], ["S03"], SUMS | R02 | S03),
        (["R02"], ["S01"], SUMS | R02),
        (["R02"], ["ALL"], SUMS | R02 | S03),
        (["ALL"], ["S01"], SUMS | R01 | R02 | S01),
        (["ALL"], ["ALL"], SUMS | R01 | R02 | S01 | S03),
    ],
)
def test_a_recipient_gets_its_rows_and_no_other(published, regions, sites, expected):
    who = recipient(regions, sites)
    build_editions()
    assert whose(who) == expected


def test_every_file_of_an_edition_is_silent_about_the_others(published):
    who = recipient(["R02"], [])
    build_editions()
    kept = EditionFile.objects.filter(edition=edition_name(who))
    assert {file.name for file in kept} == set(ReleaseFile.objects.values_list("name", flat=True))
    for file in kept.filter(name__endswith=".csv") | kept.filter(name__endswith=".json"):
        assert b"S01" not in bytes(file.body), file.name


def test_an_edition_says_nothing_that_the_whole_release_does_not(published):
    who = recipient(["R01"], ["S01"])
    build_editions()
    whole = bytes(ReleaseFile.objects.get(name="release.csv").body).decode().splitlines()
    assert set(bytes(file_of(who, RELEASE, "csv").body).decode().splitlines()) < set(whole)
    manifest = json.loads(bytes(file_of(who, RELEASE, "manifest").body))
    assert manifest["rows"] == len(rows(who)) > 0


def test_a_release_without_a_row_for_someone_is_a_release_too(published):
    """On the 5th only months are sealed; a region without any gets its headings and its promise."""
    who = recipient(["R99"], [])
    with acting(sites=[]):
        build_editions()
    assert {(row["site"], row["region"]) for row in rows(who)} <= SUMS
    assert file_of(who, RELEASE, "manifest") is not None


def test_the_next_tick_builds_nothing_again(published):
    recipient(["R02"], [])
    assert build_editions() == 1
    before = list(EditionFile.objects.values_list("pk", "sha256"))
    assert build_editions() == 0
    assert list(EditionFile.objects.values_list("pk", "sha256")) == before


def test_who_comes_later_gets_the_releases_before_a_few_at_a_time(published):
    seal("2026-11-23 07:00")
    seal("2026-11-24 07:00")
    build_due(waiting=False)
    who = recipient(["R02"], [])
    assert build_editions(seconds=0) == 1
    assert [release.id for release in releases_of(who)] == ["2026-11-24"]
    assert build_editions() == 2


def test_two_who_get_the_same_rows_share_their_files(published):
    one, two = recipient(["R02"], []), recipient(["R02"], [])
    assert build_editions() == 1
    assert file_of(one, RELEASE, "csv") == file_of(two, RELEASE, "csv")


def test_nobody_is_prepared_for_who_was_revoked(published):
    services.revoke(recipient(["R02"], []), by="vie-privee")
    assert build_editions() == 0


def test_an_edition_is_pulled_and_not_the_whole(published, client):
    who = recipient(["R02"], [])
    token = add_token(who, by="x")[1]
    build_editions()
    headers = {"Authorization": f"Bearer {token}"}
    (told,) = client.get("/api/v1/releases", headers=headers).json()
    answer = client.get("/api/v1/releases/2026-11-22/csv", headers=headers)
    assert answer["ETag"] == f'"{told["sha256"]["csv"]}"'
    assert b"S03" not in answer.content
    assert b"S01" not in answer.content


def test_the_public_gets_regions_and_the_sites_that_said_so(published):
    say(published[1], True, "2026-11-23")
    seal("2026-11-23 07:00")
    build_due(waiting=False)
    prepare_editions()
    public = Recipient.objects.get(kind="public")
    assert whose(public) == SUMS | R01 | R02
    after = {(row["site"], row["region"]) for row in rows(public, (date(2026, 11, 23), 1))}
    assert S03 < after
    assert not S01 & after


def test_a_site_takes_its_word_back_for_what_comes(published):
    say(published[1], True, "2026-11-01")
    say(published[1], False, "2026-11-20")
    prepare_editions()
    assert whose(Recipient.objects.get(kind="public")) == SUMS | R01 | R02


def test_there_is_one_public(db):
    ensure_public()
    ensure_public()
    assert Recipient.objects.filter(kind="public").count() == 1


def test_what_was_stored_gives_every_file_again(published):
    """So an edition can be made of any release, whatever the plan has become since."""
    with outside():
        again = dict(render(cube_told(RELEASE)))
    stored = {file.name: bytes(file.body) for file in ReleaseFile.objects.filter(release_date=RELEASE[0])}
    assert {name for name in stored if again[name] != stored[name]} == set()


def test_the_night_that_has_an_hour_more_is_open_an_hour_more(published):
    """Until 2 in the morning of 1 November 2026, when the clocks went back at 2."""
    stored = bytes(ReleaseFile.objects.get(name="calendar.csv").body).decode()
    nights = [line for line in stored.splitlines() if ",2026-10-31," in line]
    assert [line.rpartition(",")[2] for line in nights] == ["13.00", "13.00"]
