"""The trail names a person by a code that dies with its month's key."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.conf import settings

from sites.clients.services import forget_dead_keys, person_mark
from sites.oversight.chain import chain_trail
from sites.oversight.verifying import trail_faults
from sites.releases.keys import keys_of
from sites.trail.models import TrailEntry
from sites.trail.services import note

NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)
NEXT_MONTH = datetime(2026, 12, 2, 17, tzinfo=UTC)
MUCH_LATER = datetime(2027, 1, 6, 17, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("fresh_keys")


def mark_at(moment, site, handle: str) -> str:
    with time_machine.travel(moment, tick=True):
        return person_mark(site, handle)


def test_one_person_has_one_mark_a_month_and_another_the_next(site):
    here = mark_at(NOON, site, "rive-7")
    assert here == mark_at(NOON, site, "RIVE7")
    assert len({here, mark_at(NOON, site, "RIVE8"), mark_at(NEXT_MONTH, site, "RIVE7")}) == 3


def test_the_key_dies_and_the_trail_still_holds(site):
    with time_machine.travel(NOON, tick=True):
        note("handle.looked_up", actor="s01-01", site_id=site.pk, about_id=person_mark(site, "RIVE7"))
        chain_trail()
        (told,) = [told for told in keys_of([site])[0] if told.kind == "mark"]
        assert told.dies_on.isoformat() == "2027-01-05"
    with time_machine.travel(NEXT_MONTH, tick=True):
        assert "look-2026-11" not in forget_dead_keys(site)
    with time_machine.travel(MUCH_LATER, tick=True):
        assert "look-2026-11" in forget_dead_keys(site)
    assert TrailEntry.objects.filter(action="handle.looked_up").exists()
    assert list(trail_faults()) == []


def test_the_key_is_a_file_and_the_mark_is_not_the_handle(site):
    mark = mark_at(NOON, site, "RIVE7")
    assert Path(settings.KEYS_DIR, "S01-look-2026-11.key").exists()
    assert len(mark) == 16
    assert "RIVE7" not in mark.upper()
