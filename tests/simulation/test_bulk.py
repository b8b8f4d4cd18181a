"""The bulk path leaves what `submit` leaves for the same records."""

from collections import Counter
from datetime import date, timedelta

import pytest

from harmreduction.pg.scope import acting
from sites.clients.models import DayToken
from sites.logbook.models import Breach, DrugCheck, Incident, ServiceGiven
from sites.naloxone.models import Lot, StockMovement
from sites.overdoses.models import NaloxoneDose, OverdoseEvent, ResponseStep
from sites.records.models import Record
from sites.records.services import Sender, submit
from sites.simulation.bulk import Book, sent, write
from sites.simulation.frames import frame
from sites.simulation.history import days_of
from sites.simulation.loading import Loader
from sites.supplies.models import SupplyAct, SupplyLine
from sites.visits.models import BoothStay, Consumption, TurnAway, Visit
from tests import factories

DERIVED = [
    Visit,
    BoothStay,
    Consumption,
    TurnAway,
    OverdoseEvent,
    ResponseStep,
    NaloxoneDose,
    Lot,
    SupplyAct,
    SupplyLine,
    ServiceGiven,
    DrugCheck,
    Breach,
    Incident,
]
SEEN_THROUGH = {
    BoothStay: ["visit__ref", "booth__label", "during"],
    Consumption: ["visit__ref"],
    ResponseStep: ["event__ref"],
    NaloxoneDose: ["event__ref"],
    Visit: ["booth__label"],
    SupplyLine: ["act__record_id"],
}


def history(site, seed, days=10, visits_per_day=5):
    last = date(2026, 3, 9)
    framed = frame(
        site, seed=seed, visits_per_day=visits_per_day, first=last - timedelta(days - 1), last=last
    )
    return [told for _day, of_day in days_of(framed) for told in of_day]


def rows(model, site, leave_out=()):
    hidden = {"id", "site", "visit", "event", "booth", "act", *leave_out}
    names = [f.name for f in model._meta.concrete_fields if f.name not in hidden]
    return Counter(
        tuple(map(str, row))
        for row in model.objects.at(site).values_list(*names, *SEEN_THROUGH.get(model, []))
    )


def movements(site):
    """Net units: `submit` reverses and adds where the bulk path knows the end."""
    total = Counter()
    for move in StockMovement.objects.at(site):
        total[move.record_id, move.lot_ref, move.move, move.at, move.service_date] += move.units
    return +total, -total


@pytest.mark.parametrize("seed", [1, 2])
def test_bulk_leaves_the_rows_of_submit(site, other_site, seed, monkeypatch):
    """A month begins, a night lacks an hour; overdoses are made frequent to be seen."""
    monkeypatch.setattr("sites.simulation.figures.overdoses_per_visit", lambda year: 0.2)
    monkeypatch.setattr("sites.simulation.figures.TURNED_AWAY", 0.2)
    monkeypatch.setattr("sites.simulation.figures.PICK_UPS", 0.2)
    told = history(site, seed)
    assert {t.telling.kind for t in told} >= {
        "overdose.dose",
        "naloxone.counted",
        "turnaway.recorded",
        "supplies.returned",
        "syringe.pickup",
    }
    with Loader() as loader:
        write(Book(site, seed, loader), told)
    with acting(sites=[site.pk, other_site.pk]):
        factories.Posting.objects.create(
            site=other_site, staff=factories.Staff.objects.get(code="s01-01"), since=date(2020, 1, 1)
        )
        by_entry = sorted(told, key=lambda one: (one.telling.entered_at, one.telling.seq))
        receipts = submit(
            site=other_site,
            records=[sent(one.telling, one.handle) for one in by_entry],
            sender=Sender(staff="s01-01"),
        )
        assert {r.status for r in receipts} <= {"created", "held"}
        for model in DERIVED:
            assert rows(model, site) == rows(model, other_site), model.__name__
        assert movements(site) == movements(other_site)
        kept = ("received_at", "content_mac")  # the clock of the server; the site's own key
        assert rows(Record, site, kept) == rows(Record, other_site, kept)
        assert DayToken.objects.at(site).exists()


def test_a_record_sent_again_after_bulk_is_a_duplicate(site):
    told = history(site, 3, days=2)
    with Loader() as loader:
        write(Book(site, 3, loader), told)
    receipts = submit(
        site=site, records=[sent(t.telling, t.handle) for t in told], sender=Sender(staff="s01-01")
    )
    assert {r.status for r in receipts} == {"duplicate"}
