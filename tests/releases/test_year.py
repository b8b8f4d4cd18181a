import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from sites.clockwork.services import replaying
from sites.keyring import services as keyring
from sites.places.models import Region
from sites.releases.publishing import build_due, write_out
from sites.releases.sealing import seal_due
from tests import factories
from tests.releases.counted import history, plan

SITES, DAYS, MOST_SECONDS = 20, 365, 60


@pytest.mark.full
def test_a_year_of_twenty_sites_is_sealed_and_written_within_its_budget(db, settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    keyring._checked.clear()
    for number in range(SITES):
        site = factories.make_site(f"S{number + 1:02}")
        site.region, _ = Region.objects.get_or_create(code=f"R{number // 4:02}", defaults={"name_fr": "R"})
        site.opened_on = date(2026, 1, 1)
        site.save()
        plan(site)
        history(site, date(2026, 1, 1), date(2026, 12, 31))
    begun = time.monotonic()
    for day in range(DAYS):
        morning = date(2026, 1, 3) + timedelta(days=day)
        at = datetime(morning.year, morning.month, morning.day, 6, tzinfo=ZoneInfo("America/Toronto"))
        with transaction.atomic(), replaying(at):
            seal_due()
            build_due()
    assert len(write_out(tmp_path / "out")) == DAYS
    seconds = time.monotonic() - begun
    keyring._checked.clear()
    assert seconds < MOST_SECONDS
