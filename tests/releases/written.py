"""Three sites with a history, and the releases of it as the command writes them."""

import csv
import io
from datetime import date

from django.core.management import call_command

from sites.places.models import Region, Site
from tests import factories
from tests.releases.counted import history, plan

FIRST, LAST = date(2026, 9, 21), date(2026, 11, 21)


def three_sites(first: Site) -> list[Site]:
    """S01 and S02 in one region, S03 in another; all opened on 21 September."""
    made = [first, factories.make_site("S02"), factories.make_site("S03")]
    made[2].region = Region.objects.create(code="R02", name_fr="Estrie")
    for number, place in enumerate(made):
        place.opened_on = FIRST
        place.save()
        plan(place)
        history(place, FIRST, LAST, visits=lambda n, number=number: 60 * number + n % 13, doses=2)
    return made


def write(tmp_path, name="out") -> dict[str, dict[str, bytes]]:
    """Release id → file → bytes."""
    folder = tmp_path / name
    call_command("release", out=folder)
    return {
        release.name: {file.name: file.read_bytes() for file in release.iterdir()}
        for release in sorted(folder.iterdir())
    }


def read(body: bytes, delimiter=",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig")), delimiter=delimiter))


def all_rows(written) -> list[dict[str, str]]:
    return [row for files in written.values() for row in read(files["release.csv"])]
