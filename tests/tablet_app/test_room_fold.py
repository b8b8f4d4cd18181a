"""The tablet's room and the server's agree: the same acts, the same places, whatever order and times.

The acts go through the real records API; the tablet is told what the server says at some point, and has
tapped the rest itself.
"""

import random
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from harmreduction.pg.scope import acting
from sites.places.models import Room
from sites.records.services import Sender, submit
from sites.tablet.board import board_of
from sites.tablet.room import room_of
from tests.factories import at, make_site, ref

pytestmark = pytest.mark.browser
ACTS = 14
BOOTHS = ["1", "2", "3"]

RUN = """async (cases) => {
  const { gistOf, roomAfter } = await import("/static/sites/tablet/room.js");
  const { floorOf } = await import("/static/sites/tablet/floor.js");
  const TIMES = ["since", "arrived_at", "checked_at"];
  const onClock = (row) => {
    const times = TIMES.map((name) => [name, row[name] && Date.parse(row[name])]);
    return { ...row, ...Object.fromEntries(times) };
  };
  const rowOf = ({ visit, state, booth, since, checked_at }) => ({ visit, state, booth, since, checked_at });
  return cases.map(({ told, taps, rooms, routes, present }) => {
    const gists = taps.map(({ id, kind, at, data }) => ({ id, at: Date.parse(at), ...gistOf(kind, data) }));
    const room = roomAfter(told.map(onClock), gists);
    const visits = room.visits.map((row) => ({ ...row, route: routes[row.visit] ?? "" }));
    const floor = floorOf({ rooms, visits, freed: room.freed, booths: [], present: Date.parse(present) });
    return {
      refused: [...room.refused.keys()],
      visits: room.visits.map(rowOf),
      line: floor.waiting.map(({ visit, booth }) => [visit.visit, booth]),
      places: floor.sections.flatMap((one) => one.places)
        .map(({ label, state, arc, visit }) => [label, state, visit ? arc : 0]),
    };
  });
}"""


def an_act(dice: random.Random, visits: list[str], sent: list[dict]) -> tuple[str, dict]:
    """One tap: mostly sensible, sometimes what another tablet would have made impossible."""
    if not visits or dice.random() < 0.25:
        visits.append(ref())
        return "visit.arrived", {"visit": visits[-1]}
    if sent and dice.random() < 0.12:
        return "record.voided", {"target": dice.choice(sent[-4:])["id"], "reason": "annulé aussitôt"}
    visit = dice.choice(visits)
    route = dice.choice(["inj_iv", "in"])
    kinds = {
        "visit.seated": {"booth": dice.choice(BOOTHS)},
        "visit.checked": {},
        "visit.aftercare": {},
        "visit.assessed": {"substances": ["fentanyl"], "route": route},
        "visit.closed": {"discharge_to": "street"},
        "visit.left": {"reason": "unknown"},
    }
    kind = dice.choices(list(kinds), weights=[7, 2, 3, 2, 2, 1])[0]
    return kind, {"visit": visit, **kinds[kind]}


def a_day(site, seed: int) -> dict:
    """Send acts one by one; what the server says at some point, and what it says in the end."""
    dice = random.Random(seed)
    author = f"{site.code.lower()}-01"
    visits: list[str] = []
    sent: list[dict] = []
    day: dict = {"refused": set(), "told": [], "taps": [], "rooms": rooms_of(site)}
    told_after = dice.randrange(ACTS)
    began = timezone.now().replace(microsecond=0) - timedelta(hours=3)
    told_at = began
    for n in range(ACTS):
        at = began + timedelta(minutes=5 * n)
        if n == told_after:
            day["told"], told_at, sent = visits_of(site), at, []
        kind, data = an_act(dice, visits, sent)
        if kind not in ("visit.arrived", "record.voided"):
            at = max(told_at, at - timedelta(minutes=dice.choice([0, 0, 0, 0, 3, 12])))
        at += timedelta(milliseconds=n)
        row = {
            "id": ref(),
            "kind": kind,
            "occurred_at": at.isoformat(),
            "entered_at": at.isoformat(),
            "seq": n,
            "by": author,
            "data": data,
        }
        receipt = submit(site=site, records=[row], sender=Sender(staff=author))[0]
        if receipt.status == "conflict":
            day["refused"].add(row["id"])
        sent.append(row | {"at": row["occurred_at"]})
    board = board_of(site)
    day["routes"] = {row["visit"]: row["route"] for row in visits_of(site)}
    return day | {"taps": sent, "present": board.as_of.isoformat(), "wanted": wanted(board)}


def rooms_of(site) -> list[dict]:
    return [
        {
            "routes": room.routes,
            "check_minutes": room.check_minutes,
            "airing_minutes": room.airing_minutes,
            "booths": [{"label": booth.label, "out": False, "out_reason": ""} for booth in room.booths.all()],
        }
        for room in Room.objects.at(site)
    ]


def visits_of(site) -> list[dict]:
    return room_of(board_of(site), unlocked=True)["visits"]


def ms(text: str | None) -> int | None:
    return round(datetime.fromisoformat(text).timestamp() * 1000) if text else None


def wanted(board) -> dict:
    """What the tablet should find by itself."""
    visits = room_of(board, unlocked=True)["visits"]
    return {
        "visits": {row["visit"]: where(row) for row in visits},
        "line": [[str(g.visit.ref), g.booth.label if g.booth else None] for g in board.waiting],
        "places": [[p.booth.label, p.state, p.arc if p.guest else 0] for p in board.places],
    }


def where(row: dict) -> list:
    checked = ms(row["checked_at"]) if isinstance(row["checked_at"], str) else row["checked_at"]
    since = ms(row["since"]) if isinstance(row["since"], str) else row["since"]
    return [row["state"], row["booth"], since, checked]


def found(day: dict, answer: dict) -> dict:
    """The tablet's answer in the same words. It keeps everyone who left; the server tells the last few."""
    told = day["wanted"]["visits"]
    visits = {row["visit"]: where(row) for row in answer["visits"]}
    return {
        "visits": {v: row for v, row in visits.items() if v in told or row[0] not in ("closed", "left")},
        "line": answer["line"],
        "places": answer["places"],
    }


@pytest.mark.parametrize("cases", [20, pytest.param(200, marks=pytest.mark.full)])
def test_the_tablet_and_the_server_put_everyone_in_the_same_place(open_page, committed_site, cases):
    days = []
    # Far from a cut-over: the server tells of nobody who left the day before.
    with time_machine.travel(at("2026-10-01 15:00")):
        for seed in range(cases):
            with transaction.atomic():
                site = make_site(f"T{seed:03}")
                with acting(sites=[site.pk]):
                    days.append(a_day(site, seed))
    page = open_page("/tablet/", code=None)
    sent = [{name: day[name] for name in ("told", "taps", "rooms", "routes", "present")} for day in days]
    for seed, (day, answer) in enumerate(zip(days, page.evaluate(RUN, sent), strict=True)):
        assert found(day, answer) == day["wanted"], seed
        tapped = {tap["id"] for tap in day["taps"] if tap["kind"] != "record.voided"}
        assert set(answer["refused"]) == day["refused"] & tapped, seed
