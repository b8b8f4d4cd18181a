"""A dry run foretells the certificate, row by row, and is counted a little at a time."""

import pytest
from django.db import transaction

from harmreduction.pg.scope import acting
from sites.clients.models import Client
from sites.holds.models import LegalHold
from sites.indicators.services import recount_due
from sites.retention.models import DryRun
from sites.retention.services import ask_dry_run, carry_on_dry_runs, place_hold, purge, still_holds
from sites.retention.tasks import count_what_would_go
from sites.visits.models import Visit
from tests.retention.told import NEW, OLD, counted_through, sign, tell

pytestmark = pytest.mark.usefixtures("fresh_keys")


@pytest.fixture
def told(committed_site):
    """Two people of one old day, still linked to their visits, one of them under a hold; and a young day."""
    site = committed_site
    with transaction.atomic():
        tell(site, OLD)
        held = tell(site, OLD, handle="AUTRE9")
        tell(site, NEW, handle="NEUF3")
        counted_through(site)
        sign(site)
        with acting(sites=[site.pk]):
            client = Visit.objects.get(ref=held).client_id
        place_hold(LegalHold(site=site, client_ref=client, reason="Plainte"), by="s01-05")
    recount_due()
    return site


def tried(site) -> DryRun:
    with transaction.atomic(), acting(sites=[site.pk]):
        ask_dry_run([site], by="prp-01")
    count_what_would_go()
    with transaction.atomic(), acting(sites=[site.pk]):
        return DryRun.objects.select_related("site").get(site=site)


def test_it_foretells_every_row_of_the_certificate(told):
    foretold = tried(told)
    assert foretold.finished_at
    with transaction.atomic(), acting(sites=[told.pk]):
        assert Client.objects.count() == 3
    (run,) = purge(by="t")
    assert run.counts == foretold.counts
    assert run.counts["people"] == {"scs_agreement": 1, "scs_client": 1, "scs_record": 1}
    assert run.counts["visits"]["scs_visit"] == 1
    assert foretold.due["visits"][1] >= 1  # the held one
    assert foretold.due["texts"] == [len(run.keys), 1 - len(run.keys)]
    with transaction.atomic(), acting(sites=[told.pk]):
        assert not still_holds(foretold)


def test_it_stops_and_goes_on_where_it_was(told):
    whole = tried(told)
    with transaction.atomic(), acting(sites=[told.pk]):
        ask_dry_run([told], by="prp-01")
        asked = DryRun.objects.get(site=told)
        assert (asked.step, asked.finished_at, asked.counts) == (0, None, {})
    for _step in range(60):
        carry_on_dry_runs(seconds=0.001)
    count_what_would_go()
    with transaction.atomic(), acting(sites=[told.pk]):
        again = DryRun.objects.get(site=told)
    assert (again.counts, again.due) == (whole.counts, whole.due)
