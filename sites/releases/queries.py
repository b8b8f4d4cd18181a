"""What others may ask: what was built, and, inside only, what each cell held when it was sealed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.db import transaction
from django.db.models import QuerySet

from harmreduction.pg.scope import SEAL, acting
from sites.places.models import Site
from sites.releases.files import CSV, FORMATS
from sites.releases.ledger import Key
from sites.releases.models import ReleaseFile, SealedCount

SealedRow = tuple[str, str, date, date, str, str, int]


@dataclass(frozen=True)
class Release:
    """A release as it was built, without its bytes."""

    id: str
    date: date
    part: int
    published_at: datetime
    sha256: dict[str, str]

    @property
    def csv_sha256(self) -> str:
        return self.sha256[CSV]

    @property
    def formats(self) -> list[str]:
        """What can be asked for: an old release keeps the files it was built with, and gets no others."""
        return [name for name, (file, _type) in FORMATS.items() if file in self.sha256]


def built_releases() -> list[Release]:
    """Every built release, the newest first."""
    return gathered(_files())


def latest_release() -> Release | None:
    """The newest one that was built, for a notice on the front page."""
    return next(iter(gathered(_files()[: len(FORMATS)])), None)


def key_named(name: str) -> Key | None:
    """What a release id says: its date, and its part after a third hyphen."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:-([2-9]|[1-9]\d{1,3}))?", name, re.ASCII)
    try:
        return (date.fromisoformat(found[1]), int(found[2] or 1)) if found else None
    except ValueError:
        return None


def release_named(name: str) -> Release | None:
    key = key_named(name)
    files = _files().filter(release_date=key[0], part=key[1]) if key else []
    return next(iter(gathered(files)), None)


def _files() -> QuerySet[ReleaseFile]:
    return ReleaseFile.objects.defer("body").order_by("-release_date", "-part", "name")


class StoredFile(Protocol):
    """A file of a release or of an edition of it, without its bytes."""

    release_date: date
    part: int
    published_at: datetime
    name: str
    sha256: str

    @property
    def release_id(self) -> str: ...


def gathered(files: Iterable[StoredFile]) -> list[Release]:
    """The releases that these files make up, in their order."""
    found: dict[str, Release] = {}
    for file in files:
        release = Release(file.release_id, file.release_date, file.part, file.published_at, {})
        found.setdefault(file.release_id, release).sha256[file.name] = file.sha256
    return list(found.values())


def as_sealed_rows(first: date | None = None, last: date | None = None) -> list[SealedRow]:
    """site, region, period_start, period_end, indicator, category, value: what each cell held, exactly.

    Inside only: reads as scs_seal. Cells with a day from `first` to `last`; late parts are their own
    indicators.
    """
    sites = {site.pk: site for site in Site.objects.select_related("region")}
    with transaction.atomic(), acting(role=SEAL, sites=list(sites)):
        held = SealedCount.objects.order_by("period_start", "period_end", "indicator", "category")
        if first:
            held = held.filter(period_end__gte=first)
        if last:
            held = held.filter(period_start__lte=last)
        rows = [
            (
                sites[cell.site_id].code, sites[cell.site_id].region.code, cell.period_start,
                cell.period_end, cell.indicator, cell.category, cell.value,
            )
            for cell in held
        ]  # fmt: skip
    return sorted(rows, key=lambda row: row[0])
