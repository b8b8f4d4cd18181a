"""Whatever the clock of a tablet says, its record is stored; its age tells when it happened."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from sites.records.models import Record
from tests.factories import record, send

HOUR = timedelta(hours=1)
YEARS = [datetime(year, 1, 1, tzinfo=UTC) for year in (1970, 2038, 2099)]


def refused_door(when: datetime, **more) -> dict:
    return record("turnaway.recorded", {"reason": "full", "count": 1}, when=when, **more)


def stored(site, sent: dict) -> Record:
    (receipt,) = send(site, sent)
    assert receipt.status == "created"
    return Record.objects.get()


@pytest.mark.parametrize("skew", [n * HOUR for n in range(-26, 27) if n] + YEARS, ids=str)
def test_an_age_puts_a_record_on_our_clock_and_the_raw_time_is_kept(site, skew):
    tablet = skew if isinstance(skew, datetime) else timezone.now() + skew
    kept = stored(site, refused_door(tablet - timedelta(minutes=5), age_s=300))
    assert kept.received_at - kept.occurred_at == timedelta(minutes=5)
    assert kept.sent_occurred_at == tablet - timedelta(minutes=5)
    assert abs(kept.entered_at - kept.occurred_at) < timedelta(seconds=1)
    assert kept.flags == ["clock_skew"]


@pytest.mark.parametrize("seconds", [-110, -60, 60, 110])
def test_two_minutes_are_not_worth_a_word(site, seconds):
    kept = stored(site, refused_door(timezone.now() + timedelta(seconds=seconds), age_s=0))
    assert kept.occurred_at == kept.received_at
    assert kept.flags == []


@pytest.mark.parametrize("when", YEARS[1:])
def test_without_an_age_the_future_is_now_and_flagged(site, when):
    kept = stored(site, refused_door(when))
    assert kept.occurred_at == kept.received_at == kept.entered_at
    assert kept.flags == ["clock_ahead"]


@pytest.mark.parametrize("age", [-1, 1e12, "5", None, True])
def test_an_age_that_cannot_be_is_as_none(site, age):
    when = timezone.now() - HOUR
    assert stored(site, refused_door(when, age_s=age)).occurred_at == when
