"""A tablet whose clock is wrong: what happened is dated by the server's clock, and the tablet says so."""

import pytest
from django.db import transaction
from django.utils import timezone

from harmreduction.pg.scope import acting
from sites.records.models import Record
from tests.tablet_app.tablets import away, enrolled

HOUR = 3_600_000
SHIFTED = """(() => {
  const Real = Date;
  const shift = SHIFT;
  globalThis.Date = class extends Real {
    constructor(...given) { super(...(given.length ? given : [Real.now() + shift])); }
    static now() { return Real.now() + shift; }
  };
})()"""
AGES = """async (cases) => {
  const {ageOf} = await import("/static/sites/tablet/clock.js");
  return cases.map(([row, present]) => ageOf({at: 0, tapped: 0, mono: 0, life: "a", offset: 0, ...row},
                                             {wall: 60000, mono: 60000, life: "a", offset: 0, ...present}));
}"""
MEASURES = """async (answers) => {
  const {heard} = await import("/static/sites/tablet/clock.js?apart"); // one that has measured nothing yet
  const {state} = await import("/static/sites/tablet/store.js");
  const start = performance.now();
  const wall = Date.now() - performance.now() + start;
  return answers.map(([off, before, after]) => {
    heard(new Date(wall + off).toISOString(), start - before, start + after);
    return state.offset;
  });
}"""
TAP = """async () => {
  const {act} = await import("/static/sites/tablet/acts.js");
  await act("turnaway.recorded", {reason: "full", count: 1});
  await act("turnaway.recorded", {reason: "full", count: 1}, {at: Date.now() - 20 * 60000});
}"""
OFFSET = """async () => (await import("/static/sites/tablet/store.js")).state.offset"""

pytestmark = pytest.mark.browser


def test_how_long_ago_is_told_by_whichever_clock_was_not_set(open_page):
    page = open_page("/tablet/", code=None)
    cases = {
        "clock untouched": [{}, {}, 60],
        "drifted less than 2 s, another page": [{"offset": 1500}, {"life": "b"}, 60],
        "clock set on by an hour, same page": [{}, {"wall": HOUR + 60_000, "offset": -HOUR}, 60],
        "clock set back by an hour, same page": [{}, {"wall": 60_000 - HOUR, "offset": HOUR}, 60],
        "tapped afterwards, 10 min ago": [
            {"tapped": 600_000},
            {"wall": 660_000 + HOUR, "mono": 60_000, "offset": -HOUR},
            660,
        ],
        "slept, same page": [{}, {"wall": HOUR, "mono": 60_000}, 3600],
        "drifted a minute over days, another page": [{"offset": 60_000}, {"life": "b"}, 60],
        "clock set, another page": [{"offset": HOUR}, {"life": "b"}, None],
        "never measured, same page": [{"offset": None}, {"wall": 5}, 60],
        "never measured, another page": [{"offset": None}, {"life": "b"}, None],
        "dead battery, then right again": [{}, {"wall": 50 * 365 * 24 * HOUR}, 60],
        "a moment ahead": [{"at": 60_500}, {}, 0],
    }
    ages = page.evaluate(AGES, [case[:2] for case in cases.values()])
    assert dict(zip(cases, ages, strict=True)) == {name: case[2] for name, case in cases.items()}


def test_the_narrowest_measure_stands(open_page):
    page = open_page("/tablet/", code=None)
    offsets = page.evaluate(
        MEASURES,
        [
            [HOUR, 0, 4000],  # slow and one-sided: anywhere in 4 s
            [HOUR, 100, 100],
            [HOUR + 900, 2000, 0],  # not believed over the one before
            [HOUR + 30, 20, 20],
        ],
    )
    assert abs(offsets[0] - HOUR) <= 2050
    assert [round(one - HOUR, -1) for one in offsets[1:]] == [0, 0, 30]


def records(site) -> list[Record]:
    with transaction.atomic(), acting(sites=[site.pk]):
        return list(Record.objects.at(site).order_by("-occurred_at"))


@pytest.mark.parametrize("hours", [-26, 26])
def test_a_clock_off_by_a_day_dates_nothing_wrong(chromium, live_server, committed_site, hours):
    tablet = enrolled(chromium, live_server, committed_site)
    tablet.context.add_init_script(SHIFTED.replace("SHIFT", str(hours * HOUR)))
    tablet.reload()
    tablet.until(lambda: abs((tablet.page.evaluate(OFFSET) or 0) + hours * HOUR) < 5000)
    away(tablet.page)
    tapped = timezone.now()
    tablet.page.evaluate(TAP)
    tablet.reload()
    tablet.page.unroute_all()
    tablet.until(lambda: len(records(committed_site)) == 2)
    first, second = records(committed_site)
    for row, ago in ((first, 0), (second, 1200)):
        assert abs((tapped - row.occurred_at).total_seconds() - ago) < 5
        assert round((row.sent_occurred_at - row.occurred_at).total_seconds() / 3600) == hours
        assert abs((row.entered_at - tapped).total_seconds()) < 5
        assert "clock_skew" in row.flags
