"""Three tablets, random acts, a line that loses answers: once all is sent, a model says what is there."""

import uuid
from random import Random

import pytest
from django.db import transaction
from django.utils import timezone

from harmreduction.pg.scope import acting
from sites.indicators.services import recount_due
from sites.people.devices import enrol
from sites.records.services import Sender, submit
from tests.chaos.judging import of_all, of_sites
from tests.chaos.stories import Teller
from tests.chaos.tablets import BATCHES, Tablet
from tests.factories import make_site

TABLETS = 3
FROM_OTHERS = 0.3
ANSWER_LOST = 0.2


def acts(chance: Random, each: int) -> tuple[list[Teller], list[list[dict]]]:
    """What each tablet tells; each also notes what it saw of visits that another one welcomed."""
    tellers = [
        Teller(chance, str(booth), "s01-01", str(uuid.UUID(int=chance.getrandbits(128), version=4)))
        for booth in range(1, TABLETS + 1)
    ]
    own = round(each * (1 - FROM_OTHERS))
    told = [teller.tell(own, timezone.now()) for teller in tellers]
    seats = [one for stream in told for one in stream if one["kind"] == "visit.seated"]
    for teller, stream in zip(tellers, told, strict=True):
        for _act in range(each - own):
            stream.append(a_round(teller, chance.choice(seats)))
    return tellers, told


def a_round(teller: Teller, seat: dict) -> dict:
    """One more consumption, in the very moment in which its visit sat down: it is there until it leaves."""
    used = {"visit": seat["data"]["visit"], "substances": ["cocaine"], "route": "inj_iv"}
    told = teller.record("consumption.recorded", used)
    told |= {"occurred_at": seat["occurred_at"], "seq": seat["seq"] + 1}
    teller._add_up(told)
    return told


def deliver(site, chance: Random, told: list[list[dict]]) -> dict[str, str]:
    """Batches by turns, some sent again because the answer was lost: what was acknowledged."""
    receipts: dict[str, str] = {}
    senders = [Sender(device=enrol(site)[0]) for _stream in told]
    waiting = [Tablet("", stream, chance).in_some_order() for stream in told]
    while left := [n for n, stream in enumerate(waiting) if stream]:
        number = chance.choice(left)
        batch = waiting[number][: chance.choice(BATCHES)]
        answered = submit(site=site, records=batch, sender=senders[number])
        if chance.random() < ANSWER_LOST:
            continue
        receipts |= {receipt.id: receipt.status for receipt in answered}
        del waiting[number][: len(batch)]
    return receipts


def sync(seed: int, each: int) -> None:
    chance = Random(seed)
    with transaction.atomic():
        site = make_site("S01")
        with acting(sites=[site.pk]):
            tellers, told = acts(chance, each)
            receipts = deliver(site, chance, told)
            recount_due()
            sums: dict = {"adds_up": {}, "kinds": {}, "lots": {t.lot: t.on_hand for t in tellers}}
            for teller in tellers:
                for name in ("adds_up", "kinds"):
                    for code, count in getattr(teller, name).items():
                        sums[name][code] = sums[name].get(code, 0) + count
            found = [*of_all(receipts), *of_sites([site], {"S01": sums})]
            assert not [one for one in found if one["wrong"]], seed
            assert len(receipts) == TABLETS * each
        transaction.set_rollback(True)


@pytest.mark.parametrize("seed", range(1))
def test_three_tablets_agree_with_a_model(db, seed):
    sync(seed, 30)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(200))
def test_three_tablets_of_a_hundred_acts_agree_with_a_model(db, seed):
    sync(seed, 100)
