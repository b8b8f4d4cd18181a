"""The demo as it runs for people, and what it keeps when its processes are killed under it.

One demo serves the module (`--dist loadfile` keeps a file together), and the tests take it in the order
in which they stand. They wait for what must come true, with a deadline, and never for a speed.
"""

import csv
import hashlib
import io
import json
import re
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from tests.journeys.running import DAYS, PATIENCE, Demo, last_closed_day, new_id, record, until
from tests.releases.published import texts

WORKER = r"celery .*\bworker\b"
POSTMASTER = r"/postgres -D "
REPORTS = "select count(*) from scs_dailyreport"
SEALED = "select count(*) from scs_ledgercell"
CELLS = (
    "select s.code, r.code, c.indicator, c.category, c.grain, c.period_start, c.period_end, c.value, c.base"
    " from scs_ledgercell c join scs_site s on s.id = c.site_id join scs_region r on r.id = s.region_id"
)
VERSIONS = "select version, changed, indicators from scs_dailyreport where service_date = %s order by version"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Just started, its worker killed in the middle of the first reports, and again of the first release."""
    running = Demo(tmp_path_factory.mktemp("running"))
    try:
        until(running.has_told, why="no demo.json")
        running.last_day = last_closed_day()
        until(lambda: running.one(REPORTS), every=0.02, why="no report")
        running.signal(WORKER, signal.SIGKILL)
        running.reports_at_death = running.one(REPORTS)
        until(lambda: running.one(SEALED), every=0.01, why="nothing was sealed")
        running.signal(WORKER, signal.SIGKILL)
        yield running
    finally:
        running.clean()


def reported_days(demo) -> Counter:
    return Counter(day for (day,) in demo.sql("select service_date from scs_dailyreport where version = 1"))


def test_a_worker_killed_while_building_leaves_one_whole_report_a_day(demo):
    assert demo.reports_at_death < DAYS
    first = demo.last_day - timedelta(days=DAYS - 1)
    every_day = {first + timedelta(days=n) for n in range(DAYS)}
    until(lambda: every_day <= set(reported_days(demo)), why="a closed day has no report")
    assert set(reported_days(demo).values()) == {1}
    rows = demo.sql("select service_date, version, sha256, indicators from scs_dailyreport")
    for day, version, sha256, indicators in rows:
        content = {"indicators": indicators, "service_date": str(day), "site": "S01", "version": version}
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(text.encode()).hexdigest() == sha256, day
        assert {row["code"] for row in indicators if row["category"] == "ALL"} >= {"visits", "reversals"}


def test_the_anonymized_report_comes_by_itself_and_only_adds_up_the_ledger(demo):
    assert check_sums(demo) > DAYS / 7


def check_sums(demo) -> int:
    """Every released number against the ledger, added up here; how many are sums."""
    cells = demo.sql(CELLS)
    rows = []
    for (_release, form), body in demo.release_files().items():
        if form == "csv":
            rows += csv.DictReader(io.StringIO(body.decode()))
    for row in rows:
        its = [cell for cell in cells if is_part(cell, row)]
        assert its, row
        if row["status"] == "rounded":
            assert [(cell[0], cell[4]) for cell in its] == [(row["site"], row["grain"])]
        assert int(row["value"]) == sum(value for *_cell, value, _base in its), row
        lower = sum(max(0, value - (base - 1)) for *_cell, value, base in its)
        assert int(row["lower"]) == lower, row
        assert int(row["upper"]) == sum(value + base - 1 for *_cell, value, base in its), row
    kinds = Counter(row["status"] for row in rows)
    assert kinds["rounded"] == len(cells)
    assert set(kinds) == {"rounded", "derived"}
    named = ("site", "region", "period_start", "grain", "indicator", "category")
    names = [tuple(row[column] for column in named) for row in rows]
    assert len(set(names)) == len(names)
    return kinds["derived"]


def is_part(cell: tuple, row: dict) -> bool:
    site, region, indicator, category, _grain, first, last, _value, _base = cell
    return (
        row["site"] in (site, "ALL")
        and row["region"] in (region, "ALL")
        and (row["indicator"], row["category"]) == (indicator, category)
        and row["period_start"] <= str(first)
        and str(last) <= row["period_end"]
    )


def test_neither_report_bears_the_name_of_the_other(demo):
    for name, body in demo.release_files().items():
        for text in texts(body):
            assert not re.search(r"\bintern(e|al)\b", text, re.IGNORECASE), name
    manager = demo.sign_in("manager")
    page = manager.get(f"/reports/{demo.last_day}/")
    assert page.status == 200
    assert "INTERNE – ne pas diffuser" in page.body.decode()
    assert "anonymis" not in page.body.decode().lower()
    said = demo.command("report", "--site", "S01", "--day", str(demo.last_day), "--json")
    assert "anonymi" not in said.lower()


def test_a_record_sent_fifty_times_by_eight_clients_is_one_fact(demo):
    sent = record("visit.arrived", {"visit": new_id()})
    with ThreadPoolExecutor(8) as clients:
        answers = list(clients.map(lambda _n: demo.send(sent), range(50)))
    assert {answer.status for answer in answers} == {200}
    told = Counter(answer.json()["receipts"][0]["status"] for answer in answers)
    assert told == {"created": 1, "duplicate": 49}
    assert demo.one("select count(*) from scs_record where record_id = %s", sent["id"]) == 1
    assert demo.one("select count(*) from scs_visit where ref = %s", sent["data"]["visit"]) == 1


def test_a_late_record_makes_a_version_that_names_what_changed(demo):
    day = demo.last_day - timedelta(days=3)
    when = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=20)
    before = demo.release_files()
    until(lambda: demo.sql(VERSIONS, day), why="no report")
    told = demo.send(record("turnaway.recorded", {"reason": "full", "count": 3}, when)).json()
    assert told["receipts"][0]["status"] == "created"
    versions = until(lambda: v if len(v := demo.sql(VERSIONS, day)) > 1 else None, 180, why="no version 2")
    (_one, nothing, old), (two, changed, new) = versions
    old, new = by_name(old), by_name(new)
    assert (two, nothing) == (2, [])
    assert new["turned_away", "ALL"] == old["turned_away", "ALL"] + 3
    differ = {name for name in old.keys() | new.keys() if old.get(name, 0) != new.get(name, 0)}
    assert by_name(changed, "old") == {name: old.get(name, 0) for name in differ}
    assert by_name(changed, "new") == {name: new.get(name, 0) for name in differ}
    assert {code for code, _category in differ} <= {"turned_away", "pct_backdated_24h"}
    assert demo.release_files() == before


def by_name(rows: list[dict], value: str = "value") -> dict:
    return {(row["code"], row["category"]): row[value] for row in rows}


def test_valkey_away_stops_nothing_but_the_clock(demo):
    nurse = demo.sign_in("nurse")
    demo.signal("valkey-server", signal.SIGSTOP)
    try:
        resume_at = time.monotonic() + 10
        while time.monotonic() < resume_at:
            answer = demo.send(record("turnaway.recorded", {"reason": "full", "count": 1}))
            assert (answer.status, answer.json()["receipts"][0]["status"]) == (200, "created")
            assert nurse.get("/").status == 200
            time.sleep(0.5)
    finally:
        demo.signal("valkey-server", signal.SIGCONT)
    resumed = datetime.now(UTC)
    until(lambda: demo.has_ticked_since(resumed), why="no tick after Valkey was stopped")
    demo.signal("valkey-server", signal.SIGKILL)
    killed = datetime.now(UTC)
    assert demo.send(record("turnaway.recorded", {"reason": "full", "count": 1})).status == 200
    until(lambda: demo.has_ticked_since(killed + timedelta(seconds=2)), why="no tick after a new Valkey")


def test_beat_and_web_killed_are_started_again(demo):
    demo.signal(r"celery .*\bbeat\b", signal.SIGKILL)
    demo.signal(r"gunicorn", signal.SIGKILL)
    killed = datetime.now(UTC)
    until(lambda: demo.answers() and demo.has_ticked_since(killed), why="not again")


def test_a_handle_sent_in_is_nowhere_on_the_disk(demo):
    """Not in the log, the database, its write-ahead log or Valkey; and nobody else may read any of it."""
    planted = "ZORVEX77"
    nurse = demo.sign_in("nurse")
    assert nurse.post("/visits/new", handle=planted, act="wait").status == 200
    visit = new_id()
    good = record("visit.arrived", {"visit": visit, "handle": planted})
    bad = record("visit.arrived", {"visit": visit, "Handle": planted, "deep": {"HANDLE": [planted]}})
    told = [receipt["status"] for receipt in demo.send(good, bad).json()["receipts"]]
    assert told == ["created", "invalid"]
    assert demo.ask("/api/v1/records", demo.tablet, planted.encode()).status == 422
    assert demo.ask(f"/visits/{planted}?handle={planted}").status == 404
    assert demo.one("select count(*) from scs_visit where handle_code <> '' and ref = %s", visit) == 1
    files = demo.files()
    assert len(files) > 100
    assert [path for path in files if planted.lower().encode() in path.read_bytes().lower()] == []
    said = demo.log.read_text()
    assert demo.tablet["Authorization"].split()[1] not in said
    assert visit not in said
    assert demo.folder.stat().st_mode & 0o777 == 0o700
    assert [path for path in demo.folder.rglob("*") if path.lstat().st_mode & 0o077] == []


def test_sealing_at_once_and_again_writes_each_cell_once(demo):
    before = demo.one(SEALED)
    noon = datetime.now(UTC).replace(hour=17, minute=0, second=0, microsecond=0) + timedelta(days=1)
    as_of = f"--as-of={noon.isoformat()}"
    both = [demo.start("seal_due", as_of) for _ in range(2)]
    said = [running.communicate(timeout=PATIENCE)[0] for running in both]
    assert [running.returncode for running in both] == [0, 0], said
    said.append(demo.command("seal_due", as_of))
    sealed = [int(re.match(r"\d+", line.strip())[0]) for line in said]
    assert sealed[2] == 0
    assert sum(sealed) == demo.one(SEALED) - before > 0
    assert demo.one("select count(*) - count(distinct cell_id) from scs_ledgercell") == 0
    old = demo.release_files()
    demo.command("release", as_of, "--out", str(demo.folder.parent / "out"))
    assert demo.release_files().items() > old.items()
    check_sums(demo)


def test_postgres_killed_loses_nothing_it_acknowledged(demo):
    stop, kept, answers, pages = threading.Event(), [], Counter(), Counter()

    def write_on() -> None:
        while not stop.is_set():
            sent = record("turnaway.recorded", {"reason": "full", "count": 1})
            answer = demo.send(sent)
            if answer.status == 200:
                kept.append(sent["id"])
            tell(answers, answer)

    def read_on(nurse) -> None:
        while not stop.is_set():
            tell(pages, nurse.get("/"))

    with ThreadPoolExecutor(3) as clients:
        at_work = [clients.submit(write_on), clients.submit(write_on)]
        at_work.append(clients.submit(read_on, demo.sign_in("nurse")))
        try:
            until(lambda: answers[200] > 20)
            demo.process.send_signal(signal.SIGSTOP)  # so that nobody starts it again before it was missed
            demo.signal(POSTMASTER, signal.SIGKILL)
            until(lambda: answers[503] and pages[503], why="not missed")
            demo.process.send_signal(signal.SIGCONT)
            before = answers[200], pages[200]
            until(lambda: answers[200] > before[0] + 20 and pages[200] > before[1], 30, why="still away")
        finally:
            demo.process.send_signal(signal.SIGCONT)
            stop.set()
    for one in at_work:
        one.result()
    assert set(answers) == set(pages) == {200, 503}
    stored = demo.one("select count(*) from scs_record where record_id = any(%s::uuid[])", kept)
    assert stored == len(kept)
    again = datetime.now(UTC)
    until(lambda: demo.has_ticked_since(again), why="no tick after PostgreSQL came back")


def tell(tally: Counter, answer) -> None:
    tally[answer.status] += 1
    if answer.status != 200:
        assert answer.headers["Retry-After"]
        time.sleep(0.05)


def test_sigterm_leaves_no_process(demo):
    pids = set(demo.processes())
    assert len(pids) > 8
    address = demo.told["database_url"]
    demo.stop()
    assert demo.process.returncode == 0
    until(lambda: not any(Path("/proc", str(pid)).exists() for pid in pids), 5, why="a process stayed")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address, connect_timeout=3)
    assert "Stopped." in demo.log.read_text()
