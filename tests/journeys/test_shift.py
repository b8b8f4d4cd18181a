"""One shift in a real browser, 14:00 to 02:00 on the night before the clocks go forward.

Forty arrivals, an overdose in a booth, one on the street, a refused seat, a correction the next
morning; then the report's numbers against a tally kept by the script alone.
"""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction

from harmreduction.pg.scope import acting
from sites.naloxone.models import StockMovement
from sites.tasks import tick
from tests.browser.fixtures import sign_in
from tests.factories import make_staff, record, ref, send

pytestmark = pytest.mark.browser

# 14:00 in Montréal; on Sunday 14 March 2027, 02:00 becomes 03:00.
OPENING = datetime(2027, 3, 13, 19, 0, tzinfo=UTC)
DAY = "2027-03-13"
ARRIVALS = 40
EVERY = timedelta(minutes=17)
STAYS = timedelta(minutes=45)
INHALES_EVERY = 8
BOOTH_OVERDOSE, LEAVES_UNSEEN, REFUSED_SEAT = 12, {5, 21}, 30


class Shift:
    """The script's hands and its own memory, which reads nothing from the product."""

    def __init__(self, page, site, clock):
        self.page, self.site, self.clock = page, site, clock
        self.tally = Counter()
        self.inside: list[tuple[datetime, str]] = []

    def at(self, moment: datetime) -> None:
        self.clock.move_to(moment)
        self.now = moment

    def welcome(self, n: int) -> str:
        inhales = n % INHALES_EVERY == 0
        substance, route = ("crack", "inh_smoke") if inhales else ("fentanyl", "inj_iv")
        page = self.page
        page.goto("/visits/new")
        visit = page.locator("#arrival [name=visit]").input_value()
        if n % 3:
            page.locator("#id_handle").fill(f"LUNE{n % 10}{'AB'[n % 2]}")
        page.locator(f"[name=substances][value={substance}]").check(force=True)
        page.locator(f"[name=route][value={route}]").check(force=True)
        self.tally["arrivals"] += 1
        self.tally["linked"] += bool(n % 3)
        if n in LEAVES_UNSEEN:
            page.locator("[name=act][value=wait]").click()
            page.wait_for_url("**/")
            return visit
        page.locator("[data-seat-act]").click()
        page.wait_for_url("**/")
        self.tally["visits"] += 1
        self.tally["consumptions"] += 1
        self.tally[route] += 1
        self.tally[self.band()] += 1
        self.inside.append((self.now + STAYS, visit))
        return visit

    def band(self) -> str:
        hour = (self.now - timedelta(hours=5)).hour
        return next(
            name
            for name, hours in {
                "12_16": range(12, 17),
                "17_21": range(17, 22),
                "22_02": (22, 23, 0, 1, 2),
            }.items()
            if hour in hours
        )

    def leave_when_due(self, until: datetime) -> None:
        for due, visit in sorted(self.inside):
            if due <= until:
                self.at(due)
                self.page.goto(f"/visits/{visit}/")
                self.page.locator("[name=discharge_to][value=street]").click()
                self.page.wait_for_url("**/")
                self.inside.remove((due, visit))

    def leave_unseen(self, visit: str) -> None:
        self.page.goto(f"/visits/{visit}/")
        self.page.locator("[name=reason][value=wait_too_long]").click()
        self.page.wait_for_url("**/")
        self.tally["left_no_consume"] += 1

    def turn_away(self, count: int) -> None:
        self.page.goto("/turnaways/new")
        self.page.locator("#id_count").fill(str(count))
        self.page.locator("[name=reason][value=full]").click()
        self.page.wait_for_url("**/")
        self.tally["turned_away"] += count

    def tap(self, name: str, seen: str) -> None:
        """Touch a step and wait until the timeline tells it."""
        self.clock.shift(40)
        before = self.page.locator(".log li").count()
        self.page.locator(".steps").get_by_role("button", name=name).first.click()
        self.page.locator(".log li").nth(before).wait_for()
        assert seen in self.page.locator(".log").inner_text()

    def close_event(self, outcome: str, presentation: str) -> None:
        page = self.page
        page.goto(page.url.rstrip("/") + "/close/")
        page.locator(f"[name=presentation][value={presentation}]").check(force=True)
        page.locator("[name=endpoint_rr]").fill("14")
        page.locator("[name=endpoint_spo2_na]").check(force=True)
        page.locator("[name=endpoint_awake][value=yes]").check(force=True)
        page.locator(f"[name=outcome][value={outcome}]").check(force=True)
        if not page.locator("[name=ems_called]:checked").count():
            page.locator("[name=ems_called][value=no]").check(force=True)
        page.locator("button[form=answers].main").click()
        page.wait_for_url(lambda url: "/close/" not in url)


def overdose_in_a_booth(shift: Shift, visit: str) -> None:
    shift.page.goto(f"/visits/{visit}/")
    shift.page.locator("main .alarm").click()
    shift.page.wait_for_url("**/overdoses/*/")
    shift.page.wait_for_timeout(700)
    shift.tap("Stimulation", "Stimulation")
    shift.tap("Oxygène", "Oxygène")
    shift.tap("Naloxone nasale", "4 mg")
    shift.close_event("recov", "opioid_resp_depression")
    shift.tally.update(overdose_events=1, visits_with_emergency=1, reversals=1, naloxone_doses_staff=1)


def overdose_on_the_street(shift: Shift) -> None:
    shift.page.goto("/")
    shift.page.locator("#surdose").click()
    shift.page.wait_for_url("**/overdoses/*/")
    shift.page.wait_for_timeout(700)
    shift.page.locator(".where-first [name=place][value=outreach]").click()
    shift.page.locator(".where-first").wait_for(state="detached")
    shift.tap("Naloxone IM", "0,4 mg")
    shift.tap("Naloxone IM", "0,4 mg")
    shift.tap("911", "911")
    shift.close_event("transport", "mixed")
    shift.tally.update(overdose_outside=1, reversals=1, naloxone_doses_staff=2, ems_calls=1)


def refused_seat(shift: Shift) -> None:
    """The page still offers a place that someone else was given meanwhile."""
    page, visit = shift.page, ref()
    send(shift.site, record("visit.arrived", {"visit": visit}))
    page.goto(f"/visits/{visit}/")
    offered = page.locator("#seat-form [name=booth]").first.get_attribute("value")
    other = ref()
    send(
        shift.site,
        record("visit.arrived", {"visit": other}),
        record("visit.seated", {"visit": other, "booth": offered}),
    )
    page.locator(f"#seat-form [name=booth][value='{offered}']").click()
    page.get_by_text("Cette place vient d’être prise.").first.wait_for()
    page.locator("[name=reason][value=changed_mind]").click()
    page.wait_for_url("**/")
    send(shift.site, record("visit.closed", {"visit": other, "discharge_to": "street"}))
    shift.tally.update(arrivals=2, visits=1, left_no_consume=1)
    shift.tally[shift.band()] += 1


def report_of_the_day(site, version: int, tmp_path) -> dict:
    out = tmp_path / f"report-{version}"
    with out.open("w") as file:
        call_command("report", site=site.code, day=DAY, json=True, stdout=file)
    report = json.loads(out.read_text())
    assert report["version"] == version
    return report


def numbers(report: dict) -> dict:
    return {(row["code"], row["category"]): row["value"] for row in report["indicators"]}


@pytest.fixture
def stocked(committed_site):
    with transaction.atomic():
        make_staff("s01-mgr", committed_site, "manager")
        lots = {product: ref() for product in ("nal-in-4", "nal-im-0.4")}
        for product, lot in lots.items():
            send(
                committed_site,
                record(
                    "naloxone.received",
                    {
                        "lot": lot,
                        "product": product,
                        "lot_code": "L1",
                        "expiry": "2028-12",
                        "quantity": 10,
                    },
                ),
            )
    return lots


def test_a_shift_that_closes_past_midnight(open_page, committed_site, stocked, tmp_path):
    site = committed_site
    with time_machine.travel(OPENING, tick=True) as clock:
        shift = Shift(open_page("/"), site, clock)
        for n in range(ARRIVALS):
            moment = OPENING + EVERY * n + timedelta(minutes=5)
            shift.leave_when_due(moment)
            shift.at(moment)
            visit = shift.welcome(n)
            if n in LEAVES_UNSEEN:
                shift.at(moment + timedelta(minutes=9))
                shift.leave_unseen(visit)
            if n == BOOTH_OVERDOSE:
                overdose_in_a_booth(shift, visit)
            if n == REFUSED_SEAT:
                refused_seat(shift)
        shift.turn_away(3)
        overdose_on_the_street(shift)
        shift.leave_when_due(OPENING + timedelta(hours=13))
        # The refused seat, and nothing else.
        assert [fault for fault in shift.page.faults if "422" not in fault] == []
        assert len(shift.page.faults) == 1

        tick()
        with pytest.raises(CommandError):
            call_command("report", site=site.code, day=DAY, json=True)
        clock.move_to(datetime(2027, 3, 14, 10, 5, tzinfo=UTC))
        tick()
        first = report_of_the_day(site, 1, tmp_path)
        check_against_the_tally(numbers(first), shift.tally)
        check_stock(site, stocked)

        correct_the_turn_away(open_page, clock)
        tick()
        second = report_of_the_day(site, 2, tmp_path)
        assert numbers(second)["turned_away", "ALL"] == 4
        assert {"code": "turned_away", "category": "ALL", "old": 3, "new": 4} in second["changed"]
        assert {row["code"] for row in second["changed"]} <= {"turned_away", "pct_backdated_24h"}


def check_against_the_tally(found: dict, tally: Counter) -> None:
    for code in (
        "arrivals",
        "visits",
        "left_no_consume",
        "turned_away",
        "consumptions",
        "overdose_events",
        "visits_with_emergency",
        "overdose_outside",
        "naloxone_doses_staff",
        "ems_calls",
        "reversals",
    ):
        assert found[code, "ALL"] == tally[code], code
    for band in ("12_16", "17_21", "22_02"):
        assert found["visits", band] == tally[band], band
    assert found["unlinked_visits", "ALL"] == tally["visits"] - tally["linked"] + len(
        [n for n in LEAVES_UNSEEN if n % 3]
    )
    assert found["open_minutes", "ALL"] == 12 * 60
    assert found["open_records", "ALL"] == 0
    assert found["deaths_onsite", "ALL"] == 0


def check_stock(site, lots: dict) -> None:
    with transaction.atomic(), acting(sites=[site.pk]):
        left = {
            product: sum(m.units for m in StockMovement.objects.at(site).filter(lot_ref=lot))
            for product, lot in lots.items()
        }
    assert left == {"nal-in-4": 9, "nal-im-0.4": 8}


def correct_the_turn_away(open_page, clock) -> None:
    """The next morning, with a reason, in a new session."""
    clock.move_to(datetime(2027, 3, 14, 11, 30, tzinfo=UTC))
    page = open_page(f"/visits/?day={DAY}", code=None)
    sign_in(page, "s01-mgr")
    page.goto(f"/visits/?day={DAY}")
    page.locator("a[href*='/correct']").first.click()
    page.locator("[name=count]").fill("4")
    page.locator("#id_why").fill("Quatre personnes, pas trois")
    page.locator("#correction button.main").click()
    page.wait_for_url(lambda url: "/correct" not in url)
