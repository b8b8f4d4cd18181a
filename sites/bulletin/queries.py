"""What the public is given, read as scs_release: which release, in which forms, and every row so far."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sites.places.models import Region, Site
from sites.recipients.editions import PUBLIC, public_on, said_public
from sites.recipients.models import EditionFile, Recipient
from sites.recipients.queries import formats_of
from sites.recipients.terms import ALL, Kind
from sites.releases.bulletin import regions
from sites.releases.files import CSV, FORMATS, definitions
from sites.releases.ledger import Key
from sites.releases.models import ReleaseFile
from sites.releases.publishing import outside
from sites.releases.queries import Release, gathered, latest_release
from sites.releases.words import METHOD, PROMISE

NUMBERS = ("value", "lower", "upper", "base")


@dataclass(frozen=True)
class State:
    """All that decides what a public page says: while this stays, so does the page."""

    release: Key
    sha256: str
    said: tuple[tuple[date, str, bool], ...]
    formats: tuple[str, ...]
    names: tuple[tuple[str, str, str], ...]


@contextmanager
def as_public() -> Iterator[Recipient | None]:
    """Act as the release builder for the public; None when the organisation publishes nothing to it."""
    public = Recipient.objects.filter(kind=Kind.PUBLIC, revoked_at=None).first()
    with outside():
        yield public


def public_state(public: Recipient | None) -> State | None:
    """None when nothing is public, or nothing is built."""
    newest = latest_release()
    if public is None or newest is None:
        return None
    key = (newest.date, newest.part)
    built = EditionFile.objects.filter(edition=PUBLIC, release_date=key[0], part=key[1])
    names = set(built.values_list("name", flat=True))
    forms = [form for form, (name, _type) in FORMATS.items() if name in names and form in formats_of(public)]
    places = [*Region.objects.values_list("code", "name_fr", "name_en"),
              *Site.objects.values_list("code", "name_fr", "name_en")]  # fmt: skip
    return State(key, newest.csv_sha256, tuple(said_public()), tuple(forms), tuple(sorted(places)))


def public_regions(public: Recipient | None) -> list[Region]:
    """Regions with a planned site, when the public is given anything."""
    return regions() if public else []


def public_releases(public: Recipient | None) -> list[Release]:
    """What was built for the public, the newest first."""
    files = EditionFile.objects.filter(edition=PUBLIC).defer("body")
    return gathered(files.order_by("-release_date", "-part", "name")) if public else []


def public_file(public: Recipient | None, release: Key, file_format: str) -> EditionFile | None:
    if public is None or file_format not in formats_of(public):
        return None
    name, _content_type = FORMATS[file_format]
    files = EditionFile.objects.filter(edition=PUBLIC, release_date=release[0], part=release[1])
    return files.filter(name=name).first()


# --- Every row of a region ---------------------------------------------------------------
def region_rows(region: str, said: tuple[tuple[date, str, bool], ...]) -> Iterator[dict[str, str]]:
    """The rows of a region in all releases, oldest first: its sums, and the sites that were public then."""
    kept = ReleaseFile.objects.filter(name=CSV).order_by("release_date", "part")
    for day, body in kept.values_list("release_date", "body").iterator(chunk_size=20):
        public = public_on(day, said)
        for row in csv.DictReader(io.StringIO(bytes(body).decode())):
            if row["region"] == region and (row["site"] == ALL or row["site"] in public):
                yield row


@lru_cache(maxsize=8)
def rows_csv(region: str, state: State) -> bytes | None:
    """None for a region that has no row."""
    text, writer = io.StringIO(), None
    for row in region_rows(region, state.said):
        if writer is None:
            writer = csv.DictWriter(text, row, lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)
    return text.getvalue().encode() or None


@lru_cache(maxsize=8)
def rows_json(region: str, state: State) -> bytes | None:
    rows = [row | {name: int(row[name]) for name in NUMBERS} for row in region_rows(region, state.said)]
    if not rows:
        return None
    place = Region.objects.get(code=region)
    told = {
        "region": region,
        "name_fr": place.name_fr,
        "name_en": place.name_en or place.name_fr,
        "promise": PROMISE,
        "method": METHOD,
        "definitions": definitions(sorted({str(row["indicator"]) for row in rows})),
        "rows": rows,
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
