"""What went out is the sum of the lines that count, whatever came late, twice, corrected or taken back."""

from collections import Counter
from datetime import timedelta

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harmreduction.pg.scope import acting
from sites.indicators.queries import counts_of_days
from sites.indicators.services import recount
from sites.records.services import Sender, submit
from sites.supplies.models import SupplyAct, SupplyLine
from tests.factories import at, record

FIRST = at("2026-03-03 20:00")
DAYS = [(FIRST + timedelta(days=n)).date() for n in range(3)]
NEEDLES = {"needle_27g", "needle_29g"}
LINES = st.lists(
    st.tuples(st.sampled_from(["needle_27g", "needle_29g", "pipe_bowl", "water"]), st.integers(1, 300)),
    min_size=1,
    max_size=4,
)
ACTS = st.lists(
    st.tuples(
        LINES,
        st.integers(0, 2),  # its day
        st.one_of(st.none(), LINES),  # what a correction says instead
        st.booleans(),  # taken back
    ),
    min_size=1,
    max_size=8,
)


def as_lines(lines) -> list[dict]:
    return [{"item": item, "quantity": quantity} for item, quantity in lines]


def records_of(acts) -> list[dict]:
    """Each hand-out with its correction and its void, as three tablets would send them."""
    sent = []
    for lines, day, instead, gone in acts:
        given_out = record("supplies.given", {"lines": as_lines(lines)}, when=FIRST + timedelta(days=day))
        sent.append(given_out)
        if instead:
            change = {"target": given_out["id"], "data": {"lines": as_lines(instead)}, "reason": "recompté"}
            sent.append(record("record.corrected", change))
        if gone:
            sent.append(record("record.voided", {"target": given_out["id"], "reason": "erreur"}))
    return sent


def expected(acts) -> tuple[Counter, Counter]:
    """Pieces by (day, item), and hand-outs by day."""
    pieces, acts_a_day = Counter(), Counter()
    for lines, day, instead, gone in acts:
        if gone:
            continue
        acts_a_day[DAYS[day]] += 1
        for item, quantity in instead or lines:
            pieces[DAYS[day], item] += quantity
    return pieces, acts_a_day


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS, chance=st.randoms(use_true_random=False))
def test_what_went_out_is_the_sum_of_the_lines(site, acts, chance):
    sent = records_of(acts)
    # Any order, each body sent by another tablet, and everything sent twice.
    order = [*sent, *sent]
    chance.shuffle(order)
    with transaction.atomic(), acting(sites=[site.pk]):
        while order:
            body, order = order[: chance.randint(1, 4)], order[4:] if len(order) > 4 else []
            submit(site=site, records=body, sender=Sender(staff="s01-01"))
        submit(site=site, records=sent, sender=Sender(staff="s01-01"))
        recount(site, DAYS)
        pieces, acts_a_day = expected(acts)
        told = Counter()
        for day, item, quantity in SupplyLine.objects.at(site).values_list(
            "service_date", "item", "quantity"
        ):
            told[day, item] += quantity
        assert told == pieces
        assert Counter(SupplyAct.objects.at(site).values_list("service_date", flat=True)) == acts_a_day
        counts = counts_of_days(site, DAYS)
        for day in DAYS:
            needles = sum(n for (of, item), n in pieces.items() if of == day and item in NEEDLES)
            assert counts[day]["syringes_out", "ALL"] == needles
            assert counts[day]["handouts", "ALL"] == acts_a_day[day]
        transaction.set_rollback(True)
