"""What others may ask: what was built, and, inside only, what each cell held when it was sealed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from harmreduction.pg.scope import SEAL, acting
from sites.places.models import Site
from sites.releases.models import ReleaseFile, SealedCount
from sites.releases.publishing import outside

SealedRow = tuple[str, str, date, date, str, str, int]


@dataclass(frozen=True)
class Release:
    """A release as it was built, without its bytes."""

    id: str
    date: date
    part: int
    published_at: datetime
    sha256: dict[str, str]


def built_releases() -> list[Release]:
    """Every built release, the newest first."""
    with outside():
        files = list(ReleaseFile.objects.defer("body").order_by("-release_date", "-part", "name"))
    return _gathered(files)


def latest_release() -> Release | None:
    """The newest one that was built, for a notice on the front page."""
    with outside():
        newest = ReleaseFile.objects.order_by("-release_date", "-part")[:1].values("release_date", "part")
        files = list(ReleaseFile.objects.defer("body").filter(**newest[0])) if newest else []
    return _gathered(files)[0] if files else None


def _gathered(files: Iterable[ReleaseFile]) -> list[Release]:
    found: dict[str, Release] = {}
    for file in files:
        release = Release(file.release_id, file.release_date, file.part, file.published_at, {})
        found.setdefault(file.release_id, release).sha256[file.name] = file.sha256
    return list(found.values())


def file_of(release: Release, name: str) -> ReleaseFile | None:
    with outside():
        files = ReleaseFile.objects.filter(release_date=release.date, part=release.part)
        return files.filter(name=name).first()


def release_named(name: str) -> Release | None:
    return next((release for release in built_releases() if release.id == name), None)


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
