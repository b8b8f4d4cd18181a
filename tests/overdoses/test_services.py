from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sites.naloxone.models import StockMovement
from sites.naloxone.queries import on_hand
from sites.overdoses.models import NaloxoneDose, OverdoseEvent, ResponseStep
from sites.overdoses.services import refresh
from sites.overdoses.terms import Severity
from sites.records.models import Record
from sites.records.stories import Fact, story_of
from tests.factories import record, ref, send
from tests.overdoses.story import Event, Shelf, corrected, statuses, voided, when


class Undone(Exception):
    pass


def folded(site) -> list:
    """Everything that a screen or a count reads of the events and the stock."""
    leave_out = ("id", "event_id")

    def kept(row: dict) -> list:
        return sorted((name, str(value)) for name, value in row.items() if name not in leave_out)

    models = (OverdoseEvent, ResponseStep, NaloxoneDose)
    rows = [sorted(kept(row) for row in model.objects.values()) for model in models]
    return [*rows, on_hand(site)]


def a_night(site) -> list[dict]:
    """Two doses, one corrected and one voided, a late step and one after the end, a count between."""
    event, shelf, visit = Event(), Shelf(), ref()
    first, second, slip = event.dose(1), event.dose(3, lot=shelf.ref), event.dose(4, lot=shelf.ref)
    return [
        event.opened(visit=visit),
        event.step(0.5, "oxygen_start"),
        first,
        second,
        slip,
        corrected(first, lot=shelf.ref, occurred_at=when(2).isoformat()),
        voided(slip),
        event.closed(10, ems_called="yes"),
        event.step(12, "cpr_aed"),
        shelf.received(-60, 10),
        shelf.counted(2.5, 8),
        record("visit.arrived", {"visit": visit}, when=when(-30)),
    ]


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_the_order_of_arrival_changes_nothing(site, data):
    records = a_night(site)
    order = data.draw(st.permutations(records))
    results = []
    for sent in (records, order):
        try:
            with transaction.atomic():
                send(site, *sent)
                results.append(folded(site))
                raise Undone
        except Undone:
            pass
    assert results[0] == results[1]


def test_what_the_night_adds_up_to(site):
    send(site, *a_night(site))
    event = OverdoseEvent.objects.get()
    assert (event.doses, event.mg_staff, event.severity) == (2, 8, Severity.MORE_DOSES)
    assert (event.oxygen_after_s, event.naloxone_after_s, event.ems_calls) == (30, 120, 1)
    assert event.reversal
    # Eight were counted half a minute after the first dose; one more went out after.
    assert set(on_hand(site).values()) == {7}


@pytest.mark.parametrize(
    ("steps", "severity"),
    [
        ([], Severity.MONITORED),
        ([{"step": "vitals", "measure": "spo2", "value": 90}], Severity.MONITORED),
        ([{"step": "airway", "choice": "position"}], Severity.STIMULATION),
        ([{"step": "stimulation"}, {"step": "oxygen_start"}], Severity.OXYGEN),
        ([{"step": "rescue_breaths"}], Severity.VENTILATION),
        ([{"step": "bvm"}, {"step": "oxygen_start"}], Severity.VENTILATION),
        ([{"step": "observation_end", "choice": "resedation"}], Severity.MORE_DOSES),
        ([{"step": "cpr_aed"}], Severity.CPR),
    ],
)
def test_severity_is_derived_from_the_steps(site, steps, severity):
    event = Event()
    send(site, event.opened(), *(event.step(1, **data) for data in steps))
    assert event.row().severity == severity


def test_severity_counts_the_doses_of_anyone(site):
    event = Event()
    send(site, event.opened(), event.dose(1, by="bystander"))
    assert event.row().severity == Severity.ONE_DOSE
    send(site, event.dose(2, by="ems"))
    assert event.row().severity == Severity.MORE_DOSES
    assert (event.row().doses, event.row().doses_staff) == (2, 0)


def test_times_start_when_it_was_recognised(site):
    event = Event()
    send(
        site,
        event.opened(2),
        event.step(0, "recognised"),
        event.step(5, "oxygen_start"),
        event.step(3, "oxygen_start"),
        event.dose(4.5),
        event.dose(6),
    )
    assert (event.row().oxygen_after_s, event.row().naloxone_after_s) == (180, 270)
    assert event.row().last_dose_at == when(6)


@pytest.mark.parametrize(
    ("choices", "said", "calls"),
    [
        ([], "no", 0),
        ([], "yes", 1),
        (["called"], "yes", 1),
        (["called"], "no", 1),
        (["called", "called"], "yes", 2),
        (["cancelled"], "yes", 1),
        (["not_called", "cancelled"], "no", 0),
        (["called", "cancelled"], "unknown", 1),
    ],
)
def test_ems_calls(site, choices, said, calls):
    event = Event()
    steps = [event.step(n + 1, "call_911", choice=choice) for n, choice in enumerate(choices)]
    send(site, event.opened(), *steps, event.closed(10, ems_called=said))
    assert event.row().ems_calls == calls


@pytest.mark.parametrize(
    ("did", "closing", "reversal"),
    [
        ("stimulation", {}, True),
        ("bvm", {"outcome": "transport"}, True),
        ("oxygen_start", {"outcome": "left"}, False),
        ("oxygen_start", {"outcome": "death_later"}, False),
        ("call_911", {}, False),
        ("airway", {"presentation": "stimulant_toxicity"}, False),
        ("airway", {"presentation": "seizure"}, False),
        ("airway", {"presentation": "ghb", "outcome": "transfer_int"}, True),
    ],
)
def test_a_reversal_is_a_response_and_someone_alive(site, did, closing, reversal):
    event = Event()
    choice = {"choice": "called"} if did == "call_911" else {}
    send(site, event.opened(), event.step(1, did, **choice))
    assert not event.row().reversal
    send(site, event.closed(10, **closing))
    assert event.row().reversal is reversal


@pytest.mark.parametrize(("giver", "reversal"), [("peer_worker", True), ("ems", False), ("bystander", False)])
def test_naloxone_makes_a_reversal_only_when_the_site_gave_it(site, giver, reversal):
    event = Event()
    send(site, event.opened(location="perimeter"), event.dose(1, by=giver), event.closed(10))
    assert event.row().outside
    assert event.row().reversal is reversal


@pytest.mark.parametrize(
    ("product", "mg", "giver", "units"),
    [
        ("nal-in-4", "4", "staff_nurse", 1),
        ("nal-in-4", "2", "peer_worker", 1),
        ("nal-im-0.4", "0.4", "staff_other", 1),
        ("nal-im-0.4", "0,8", "staff_nurse", 2),
        ("nal-im-0.4", "0.5", "staff_nurse", 2),
        ("nal-im-0.4", "0.8", "ems", 0),
        ("nal-im-0.4", "0.4", "bystander", 0),
    ],
)
def test_a_dose_draws_whole_units_when_the_site_gave_it(site, product, mg, giver, units):
    event, shelf = Event(), Shelf(product)
    send(
        site,
        shelf.received(-9, 10),
        event.opened(),
        event.dose(1, product=product, mg=mg, by=giver, lot=shelf.ref),
    )
    assert on_hand(site)[shelf.key] == 10 - units


def test_a_staff_dose_without_a_lot_is_kept_flagged_and_moves_nothing(site):
    event = Event()
    ours, theirs = event.dose(1), event.dose(2, by="ems")
    assert statuses(send(site, event.opened(), ours, theirs)) == ["created"] * 3
    assert Record.objects.get(record_id=ours["id"]).flags == ["no_lot"]
    assert Record.objects.get(record_id=theirs["id"]).flags == []
    assert not StockMovement.objects.exists()
    assert event.row().doses_staff == 1


def test_a_voided_dose_gives_its_unit_back_by_another_row(site):
    event, shelf = Event(), Shelf()
    dose = event.dose(1, lot=shelf.ref)
    send(site, shelf.received(-9, 5), event.opened(), dose, voided(dose))
    drawn = StockMovement.objects.filter(record_id=dose["id"]).order_by("id")
    assert [row.units for row in drawn] == [-1, 1]
    assert on_hand(site)[shelf.key] == 5
    assert event.row().doses == 0


def test_a_dose_corrected_to_another_lot_draws_from_that_one(site):
    event, wrong, right = Event(), Shelf(), Shelf("nal-im-0.4", "25-031")
    dose = event.dose(1, lot=wrong.ref)
    change = corrected(dose, product="nal-im-0.4", route="im", dose_mg="0.8", lot=right.ref)
    send(site, wrong.received(-9, 5), right.received(-9, 5), event.opened(), dose, change)
    assert on_hand(site) == {wrong.key: 5, right.key: 3}
    assert NaloxoneDose.objects.get().dose_mg == Decimal("0.8")


def test_a_dose_before_its_lot_is_drawn_when_the_lot_comes(site):
    event, shelf = Event(), Shelf()
    assert statuses(send(site, event.opened(), event.dose(1, lot=shelf.ref))) == ["created"] * 2
    send(site, shelf.received(5, 3))
    assert on_hand(site)[shelf.key] == 2


def test_an_empty_lot_never_stops_a_dose(site):
    event, shelf = Event(), Shelf()
    send(site, shelf.received(-9, 1), event.opened())
    answers = send(site, *(event.dose(n, lot=shelf.ref) for n in (1, 2, 3)))
    assert statuses(answers) == ["created"] * 3
    assert on_hand(site)[shelf.key] == -2


def test_an_event_is_linked_to_a_visit_that_comes_later(site):
    event, visit = Event(), ref()
    assert statuses(send(site, event.opened(visit=visit))) == ["created"]
    arrived = record("visit.arrived", {"visit": visit}, when=when(-30))
    assert statuses(send(site, arrived)) == ["created"]
    assert str(event.row().visit_ref) == visit


def test_a_step_before_its_event_waits_for_it(site):
    event = Event()
    step, dose = event.step(1, "stimulation"), event.dose(2)
    assert statuses(send(site, dose, step)) == ["held", "held"]
    assert statuses(send(site, event.opened())) == ["created"]
    assert (event.row().severity, event.row().steps.count()) == (Severity.ONE_DOSE, 1)


def test_closed_is_judged_when_it_happened_not_when_it_came(site):
    event = Event()
    send(site, event.opened(), event.closed(10))
    answers = send(site, event.step(9, "oxygen_start"), event.step(11, "cpr_aed"), event.dose(12))
    assert statuses(answers) == ["created", "conflict", "conflict"]
    assert event.row().severity == Severity.OXYGEN


def test_an_earlier_closing_that_comes_late_is_the_one_that_counts(site):
    event, shelf = Event(), Shelf()
    send(site, shelf.received(-9, 5), event.opened(), event.dose(8, lot=shelf.ref), event.closed(10))
    assert statuses(send(site, event.closed(12), event.closed(7, outcome="transport"))) == [
        "conflict",
        "created",
    ]
    assert (event.row().closed_at, event.row().outcome, event.row().doses) == (when(7), "transport", 0)
    assert on_hand(site)[shelf.key] == 5


def test_a_voided_closing_opens_the_event_again(site):
    event = Event()
    closing = event.closed(10)
    send(site, event.opened(), closing, voided(closing))
    assert event.row().closed_at is None
    assert statuses(send(site, event.step(12, "oxygen_start"))) == ["created"]


def test_an_opening_with_later_steps_is_not_voided(site):
    event = Event()
    opening, step = event.opened(), event.step(1, "stimulation")
    send(site, opening, step)
    [refused] = send(site, voided(opening))
    assert refused.status == "invalid"
    assert step["id"] in refused.errors["target"][0]["message"]
    assert statuses(send(site, voided(step), voided(opening))) == ["created", "created"]
    assert not OverdoseEvent.objects.exists()


def test_another_sites_event_looks_as_if_it_were_not_here(site, other_site):
    event = Event()
    send(other_site, record("overdose.opened", {"event": event.ref, "location": "booth"}, by="s02-01"))
    assert statuses(send(site, event.step(1, "stimulation"))) == ["held"]
    assert not OverdoseEvent.objects.at(site).exists()


def test_an_odd_measure_is_kept(site):
    event = Event()
    odd = event.step(1, "vitals", measure="spo2", value=12)
    assert statuses(send(site, event.opened(), odd)) == ["created", "created"]
    assert event.row().steps.get().value == 12


def test_how_awake_someone_is_may_be_told_without_a_number(site):
    event = Event()
    answers = send(
        site,
        event.opened(),
        event.step(1, "vitals", choice="avpu_u"),
        event.step(2, "vitals", choice="called"),
        event.step(3, "vitals", measure="spo2"),
    )
    assert statuses(answers) == ["created", "created", "invalid", "invalid"]


def test_an_event_folded_again_reads_the_same(site):
    send(site, *a_night(site))
    before, rows = folded(site), StockMovement.objects.count()
    ref = OverdoseEvent.objects.get().ref
    refresh(Fact(site, ref, None), story_of(site, ref))
    assert (folded(site), StockMovement.objects.count()) == (before, rows)
