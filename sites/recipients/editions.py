"""Editions: a release with only the rows that a recipient gets (privacy.md §3: a subset tells nothing new).

The worker builds them from the figures of the whole release, as stored, and keeps them as built. The
public has one of its own: region rows, and those of the sites that said, before that day, that theirs
are public.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from time import monotonic

from django.db import transaction

from sites.places.models import Site
from sites.recipients.models import EditionFile, Recipient, SitePublicity
from sites.recipients.terms import ALL, Kind
from sites.releases.files import CSV, sha256
from sites.releases.formats.figures import Cube
from sites.releases.history import cube_told
from sites.releases.ledger import Key
from sites.releases.models import ReleaseFile
from sites.releases.publishing import outside
from sites.releases.rendering import render

WHOLE, PUBLIC = "", "public"
# How long one tick builds: a new recipient's history comes in a few minutes, and other work does not wait.
SECONDS = 15.0


@dataclass(frozen=True)
class Edition:
    """Whose rows: codes of regions and of sites, or ALL. The sum of all regions is for everyone."""

    name: str
    regions: frozenset[str]
    sites: frozenset[str]

    def holds(self, site: str, region: str) -> bool:
        if region == ALL:
            return True
        its_region = ALL in self.regions or region in self.regions
        return its_region and (site == ALL or ALL in self.sites or site in self.sites)


def edition_name(recipient: Recipient) -> str:
    """The same for all who get the same rows; empty for the whole release."""
    if recipient.kind == Kind.PUBLIC:
        return PUBLIC
    regions, sites = sorted(set(recipient.regions)), sorted(set(recipient.sites))
    if ALL in regions and ALL in sites:
        return WHOLE
    return hashlib.sha256(json.dumps([regions, sites]).encode()).hexdigest()[:16]


def edition_of(recipient: Recipient, day: date) -> Edition:
    """What a recipient gets of the release of a day."""
    if recipient.kind == Kind.PUBLIC:
        return Edition(PUBLIC, frozenset([ALL]), public_sites(day))
    return Edition(edition_name(recipient), frozenset(recipient.regions), frozenset(recipient.sites))


def said_public() -> list[tuple[date, str, bool]]:
    """(from which day, site code, public or not) of the sites in sight, in the order in which it holds."""
    said = SitePublicity.objects.order_by("from_day", "id")
    return list(said.values_list("from_day", "site__code", "public"))


def public_on(day: date, said: Iterable[tuple[date, str, bool]]) -> frozenset[str]:
    newest = {code: public for from_day, code, public in said if from_day <= day}
    return frozenset(code for code, public in newest.items() if public)


def public_sites(day: date) -> frozenset[str]:
    """Codes of the sites, among those in sight, whose own rows are public on a day."""
    return public_on(day, said_public())


def build_editions(seconds: float = SECONDS) -> int:
    """Build what active recipients lack, the newest first, until time is up; how many were built."""
    until = monotonic() + seconds
    with transaction.atomic():
        active = Recipient.objects.filter(revoked_at=None)
        wanted = {name: recipient for recipient in active if (name := edition_name(recipient))}
    built = 0
    for name, recipient in wanted.items():
        for release in _lacking(name):
            _build(recipient, release)
            built += 1
            if monotonic() > until:
                return built
    return built


def _lacking(name: str) -> list[Key]:
    with outside():
        whole = ReleaseFile.objects.filter(name=CSV).values_list("release_date", "part")
        kept = EditionFile.objects.filter(name=CSV, edition=name).values_list("release_date", "part")
        return sorted(set(whole) - set(kept), reverse=True)


def _build(recipient: Recipient, release: Key) -> None:
    """One transaction. Two builders at once keep the same bytes, the second of them nothing."""
    day, part = release
    with outside():
        edition = edition_of(recipient, day)
        cube = cut(edition, cube_told(release))
        for name, body in render(cube):
            file = EditionFile(
                edition=edition.name, release_date=day, part=part, published_at=cube.published_at,
                name=name, sha256=sha256(body), body=body,
            )  # fmt: skip
            EditionFile.objects.bulk_create([file], ignore_conflicts=True)


def cut(edition: Edition, cube: Cube) -> Cube:
    """The cube with the figures of an edition, and the calendar of the sites of its regions.

    Charts of the public look back on sums alone: a site says from which day its own rows are public.
    """
    codes = Site.objects.values_list("code", "region__code")
    seen = [site for site, region in codes if edition.holds(ALL, region)]
    mine = cube.only(lambda figure: edition.holds(*figure.place), seen)
    if edition.name != PUBLIC:
        return mine
    return replace(mine, earlier=[figure for figure in mine.earlier if figure.site == ALL])
