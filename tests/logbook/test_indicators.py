"""Numbers 28, 31 and 33: Health Canada's split, the share that nobody expected, rules, incidents."""

from collections import Counter
from datetime import date, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sites.indicators.queries import counts_of
from sites.indicators.services import recount_due
from sites.releases.released import BY_CODE, PARTS
from tests.factories import at, record, ref, send

DAY = date(2026, 11, 20)
WHEN = at("2026-11-20 20:00")
PLACED = {"in_scs": "services", "connected_onsite": "referrals_in", "offsite": "referrals_out"}
KINDS = ("wound", "nursing", "housing")


@pytest.fixture(autouse=True)
def _next_morning():
    with time_machine.travel(at("2026-11-21 15:00"), tick=True):
        yield


def counted(site):
    recount_due()
    return counts_of(site, DAY)


def service(kind="wound", placement="in_scs", **more) -> dict:
    return record("service.recorded", {"kind": kind, "placement": placement, **more}, when=WHEN)


def check(method, unexpected=None, **more) -> dict:
    told = {} if unexpected is None else {"unexpected": unexpected}
    return record("drugcheck.recorded", {"method": method, **told, **more}, when=WHEN)


def test_services_here_are_apart_from_referrals(site):
    send(
        site,
        service(count=2),
        service("nursing"),
        service("housing", "connected_onsite", accepted=True),
        service("housing", "offsite", accepted=False),
        service("oat", "offsite"),
    )
    counts = counted(site)
    assert [counts[code, "ALL"] for code in ("services", "wound_care", "referrals")] == [3, 2, 2]
    assert (counts["services", "wound"], counts["services", "nursing"]) == (2, 1)
    assert (counts["referrals_in", "housing"], counts["referrals_out", "oat"]) == (1, 1)
    assert ("referrals_out", "housing") not in counts


def test_one_record_counts_four_at_most_in_what_is_published(site):
    send(site, service(count=30), service("housing", "offsite", count=3), service("oat", "offsite", count=9))
    counts = counted(site)
    assert (counts["services", "ALL"], counts["services_capped", "ALL"]) == (30, 4)
    assert (counts["referrals", "offsite"], counts["referrals_capped", "offsite"]) == (12, 7)
    assert (BY_CODE["services"].cap, BY_CODE["referrals"].cap) == (4, 4)


def test_wound_care_is_published_as_a_part_and_never_beside_its_whole(site):
    assert "wound_care" not in BY_CODE
    assert PARTS["services", "wound"].of == ("wound",)
    (finest, *_merged) = BY_CODE["services"].cuts
    assert sum(part.share for part in finest) == pytest.approx(1)


@pytest.mark.parametrize(("known", "share"), [(4, None), (5, 40)])
def test_a_share_of_checks_needs_five_whose_expectation_is_known(site, known, share):
    send(
        site,
        *[check("ftir", unexpected=n < 2) for n in range(known)],
        check("strip_fentanyl", detected=["fentanyl"]),
    )
    counts = counted(site)
    assert counts["drug_checks", "ALL"] == known + 1
    assert counts["drug_checks", "strip_fentanyl"] == 1
    assert counts["unexpected_share", "ALL"] == share


def test_leaving_for_the_day_is_a_breach_and_no_suspension(site):
    until = (DAY + timedelta(days=3)).isoformat()
    measures = ({"action": "leave_today"}, {"action": "suspended", "until": until}, {"action": "verbal"})
    send(site, *[record("breach.recorded", {"code": "threats"} | m, when=WHEN) for m in measures])
    send(site, record("incident.recorded", {"incident": ref(), "kind": "needlestick"}, when=WHEN))
    counts = counted(site)
    assert (counts["breaches", "threats"], counts["suspensions", "ALL"]) == (3, 1)
    assert counts["incidents", "needlestick"] == 1


told = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(KINDS),
        "placement": st.sampled_from(sorted(PLACED)),
        "accepted": st.sampled_from([None, True, False]),
        "count": st.integers(1, 9),
        "becomes": st.sampled_from(["stays", "voided", "offsite", "in_scs"]),
    }
)
# What every example before has left standing at the same site.
STANDING: Counter = Counter()
SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=12, deadline=None, suppress_health_check=SLOW)
@given(st.lists(told, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_counts_are_what_stands_after_any_corrections_in_any_order(site, rows, chance):
    """Records, corrections and voids of a service come in any order, twice: each is counted as it stands."""
    sent = []
    for row in rows:
        names = ("kind", "placement", "accepted", "count")
        one = service(**{name: row[name] for name in names if row[name] is not None})
        sent.append(one)
        if row["becomes"] == "voided":
            sent.append(record("record.voided", {"target": one["id"], "reason": "double"}))
        elif row["becomes"] != "stays":
            change = {"placement": row["becomes"]}
            sent.append(record("record.corrected", {"target": one["id"], "data": change, "reason": "case"}))
    chance.shuffle(sent)
    send(site, *sent, *sent)
    for row in rows:
        placement = row["placement"] if row["becomes"] == "stays" else row["becomes"]
        if placement != "voided" and row["accepted"] is not False:
            STANDING[PLACED[placement], row["kind"]] += row["count"]
    counts = counted(site)
    for code in PLACED.values():
        assert {k: counts.get((code, k), 0) for k in KINDS} == {k: STANDING[code, k] for k in KINDS}
        assert counts[code, "ALL"] == sum(STANDING[code, k] for k in KINDS)
