"""A batch written together answers and leaves what the same records leave one by one."""

import random
from datetime import timedelta

import pytest
from django.db import connection, transaction

from sites.places.models import DirtyMark
from sites.records.models import Record
from sites.records.services import Sender, submit
from sites.trail.models import TrailEntry
from sites.visits.models import BoothStay, Consumption, TurnAway, Visit
from tests.factories import at, record, ref

SEEDS = range(6)
BEGINS = at("2026-11-20 20:00")
USED = {"substances": ["fentanyl"], "route": "inj_iv"}
NOT_COMPARED = {"id", "site", "visit", "content_mac", "client", "handle_code"}


def a_day(seed: int, number: int = 60) -> list[dict]:
    """Records of some visits as tablets send them: in disorder, twice, refused, taken back."""
    chance = random.Random(seed)
    visits = [ref() for _ in range(8)]
    made: list[dict] = []
    for minute in range(number):
        visit = chance.choice(visits)
        handle = {"handle": visit[:6]} if chance.random() < 0.4 else {}
        target = chance.choice(made)["id"] if made else ref()
        told = chance.choice(
            [
                ("visit.arrived", {"visit": visit, **handle}),
                ("visit.arrived", {"visit": visit}),
                ("visit.assessed", {"visit": visit, **USED}),
                ("visit.seated", {"visit": visit, "booth": chance.choice("12 5 9".split())[0]}),
                ("consumption.recorded", {"visit": visit, **USED}),
                ("visit.aftercare", {"visit": visit}),
                ("visit.closed", {"visit": visit, "discharge_to": chance.choice(["street", "nowhere"])}),
                ("turnaway.recorded", {"reason": "full", "count": 1}),
                ("overdose.opened", {"event": ref(), "location": "booth", "visit": visit}),
                (
                    "record.voided",
                    {"target": target, "reason": "erreur"},
                ),
            ]
        )
        when = BEGINS + timedelta(minutes=minute)
        made.append(record(*told, when=when, by=chance.choice(["s01-01", "s01-01", "nobody", None])))
    return [*made, *chance.sample(made, 5), {**made[0], "data": {"visit": ref()}}]


class Undone(Exception):
    pass


def left_by(site, records: list[dict], *, one_by_one: bool) -> tuple:
    """The receipts and the rows, which are taken back."""
    try:
        with transaction.atomic():
            receipts = submit(
                site=site, records=records, sender=Sender(staff="s01-01"), one_by_one=one_by_one,
                received_at=BEGINS + timedelta(hours=3),
            )  # fmt: skip
            left = [receipt.as_json() for receipt in receipts], rows(site)
            raise Undone
    except Undone:
        return left


def rows(site) -> dict:
    """Table → its rows of this site, in no order."""
    found = {}
    for model in (Record, Visit, BoothStay, Consumption, TurnAway):
        names = [field.name for field in model._meta.concrete_fields if field.name not in NOT_COMPARED]
        names = [name.replace("booth", "booth__label") for name in names]
        found[model.__name__] = sorted(map(repr, model.objects.at(site).values_list(*names)))
    trail = TrailEntry.objects.filter(site_id=site.pk).order_by("id")
    found["trail"] = list(trail.values_list("actor", "action", "about", "about_id", "why"))
    found["days"] = set(DirtyMark.objects.at(site).values_list("service_date", flat=True))
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_together_is_as_one_by_one(site, seed):
    records = a_day(seed)
    alone = left_by(site, records, one_by_one=True)
    assert left_by(site, records, one_by_one=False) == alone
    assert {receipt["status"] for receipt in alone[0]} > {"created", "held", "invalid", "duplicate"}


def test_a_hundred_arrivals_cost_no_more_statements_than_one(site):
    def asked(number: int) -> int:
        seen = []

        def note(execute, sql, params, many, context):
            seen.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            left = [record("visit.arrived", {"visit": ref()}) for _ in range(number)]
            submit(site=site, records=left, sender=Sender(staff="s01-01"), one_by_one=False)
        return len(seen)

    asked(1)
    assert asked(100) == asked(1) <= 3
