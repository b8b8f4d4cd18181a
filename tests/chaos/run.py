"""One run: what is sent, what is struck, what is found; and a table of it."""

import json
import subprocess
import threading
import uuid
from collections import Counter
from datetime import UTC, datetime
from random import Random
from statistics import median

import psycopg
import redis

from harmreduction.engines import demo, found
from harmreduction.engines.supervisor import Supervisor
from tests.chaos import away
from tests.chaos.conductor import Conductor, NeverAgain, blows
from tests.chaos.stories import Teller
from tests.chaos.tablets import Gate, Hand, Tablet
from tests.tablet_app.proxy import Line
from tests.tablet_app.sealing import seal

RECOVERY_S = 30
ANSWER_S = 3
TIMES_SLOWER = 2
CALM_S = 180
# Every other tablet seals what it sends, as ours do; the rest write it plainly, as the API allows.
SEALED = 2
LEFT_TO_DO = "select count(*) from scs_dirtymark"


class Run:
    def __init__(self, supervisor: Supervisor, ours: dict, disk, records: int, kills: int, seed: int):
        self.supervisor, self.ours, self.disk, self.seed = supervisor, ours, disk, seed
        self.records, self.kills = records, kills
        self.rows: list[tuple[str, str, str, bool]] = []  # what, found, promised, kept
        self.gate = Gate()

    def chance(self, *whose) -> Random:
        """Of one part alone, so that threads do not change each other's."""
        return Random(f"{self.seed} {whose}")

    @staticmethod
    def say(line: str) -> None:
        print(line, flush=True)

    @property
    def broken(self) -> bool:
        return not all(kept for *_, kept in self.rows)

    def note(self, what: str, seen: object, promised: str, kept: bool) -> None:
        self.rows.append((what, str(seen), promised, kept))

    # --- Before ---------------------------------------------------------------------------
    def prepare(self) -> None:
        subprocess.run(demo.python("manage.py", "migrate", "--verbosity=0"), cwd=found.ROOT, check=True)
        *places, desk = json.loads(self.asked("tests.chaos.ground"))
        each = self.records // len(places)
        self.tellers, self.tablets, self.places = [], [], places
        for number, place in enumerate(places):
            teller = Teller(self.chance(number, "tells"), place["booth"], place["by"], place["lot"])
            told = teller.tell(each)
            outbox = (
                [seal(place["key"], one, unlock=place["unlock"]) for one in told] if number % SEALED else told
            )
            self.tellers.append(teller)
            self.tablets.append(Tablet(place["token"], outbox, self.chance(number, "sends"), self.gate))
        self.desk = Teller(self.chance("desk"), "", desk["by"], desk["lot"])
        self.line = Line("127.0.0.1", demo.listens_on()[1])
        self.hand = Hand(Tablet(desk["token"], [], self.chance("taps")), self.url, self.a_tap)

    def a_tap(self) -> dict:
        """Somebody turned away at the door of the first site, now."""
        self.desk.clock = datetime.now(UTC)
        told = self.desk.record("turnaway.recorded", {"reason": "full", "count": 1})
        told["id"] = str(uuid.uuid4())
        self.desk._add_up(told)
        return told

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{demo.listens_on()[1]}"

    def asked(self, module: str, told: str = "") -> str:
        command = demo.python("-m", module)
        done = subprocess.run(command, cwd=found.ROOT, input=told, capture_output=True, text=True)
        if done.returncode:
            raise NeverAgain(f"{module}: {done.stderr}")
        return done.stdout

    # --- The whole of it ------------------------------------------------------------------
    def all_of_it(self) -> None:
        senders = [
            threading.Thread(target=tablet.send_all, args=[self.line.url], daemon=True)
            for tablet in self.tablets
        ]
        hand = threading.Thread(target=self.hand.tap_on, daemon=True)
        for thread in (*senders, hand):
            thread.start()
        conductor = Conductor(
            self.supervisor, self.disk, self.ours["dump_url"], self.flush, self.line, self.gate, self.tablets,
            self.hand, self.chance("conductor"), self.say,
        )  # fmt: skip
        conductor.until(conductor.is_whole, "it does not begin to run")
        conductor.conduct(list(blows(self.chance("blows"), self.kills)))
        conductor.until(lambda: not any(one.is_alive() for one in senders), "not everything was sent", CALM_S)
        self.hand.over.set()
        conductor.until(lambda: not hand.is_alive(), "the last tap was not taken")
        self.of_faults(conductor)
        self.of_absence(conductor)
        conductor.until(self.is_calm, "what was left to do was not done", CALM_S)
        self.of_what_is_left()

    def flush(self) -> None:
        with redis.Redis.from_url(self.ours["redis_url"]) as queue:
            queue.flushall()

    def is_calm(self) -> bool:
        try:
            with psycopg.connect(self.ours["dump_url"]) as connection:
                return connection.execute(LEFT_TO_DO).fetchone() == (0,)
        except psycopg.OperationalError:
            return False  # a web that answers without its database is ahead of it

    # --- What is found --------------------------------------------------------------------
    def of_faults(self, conductor: Conductor) -> None:
        seconds, alone = zip(*conductor.recoveries, strict=True)
        everyone = [*self.tablets, self.hand.tablet]
        answers = sum((tablet.answers for tablet in everyone), Counter())
        self.note("kill -9", conductor.kills, f"≥ {self.kills}", conductor.kills >= self.kills)
        self.note("FLUSHALL", conductor.flushes, "≥ 1", conductor.flushes > 0)
        self.note("answers or requests cut", self.line.made, "≥ 1", self.line.made > 0)
        refused = conductor.refused_while_full
        self.note("refused while the disk was full", refused, "≥ 1", refused > 0)
        self.note("recovery, longest and median", shown(seconds), "", True)
        longest = max(alone)
        self.note(
            "the same without what others used", shown(alone), f"< {RECOVERY_S} s", longest < RECOVERY_S
        )
        self.note(
            "answers",
            dict(sorted(answers.items(), key=str)),
            "200, 429, 503",
            set(answers) <= {200, 429, 503, "none"},
        )
        rude = [status for one in everyone for status in one.unmannered]
        self.note("refusals that name no time", rude, "none", not rude)

    def of_absence(self, conductor: Conductor) -> None:
        tablet = self.hand.tablet
        there, gone = away.without_queue(self.url, conductor.program("valkey"), tablet, self.a_tap)
        ratio = gone / there
        self.note(
            "a save without the queue",
            f"{gone:.1f} ms, {ratio:.2f} ×",
            f"< {TIMES_SLOWER} × {there:.1f} ms",
            ratio < TIMES_SLOWER,
        )
        record = self.a_tap()
        with away.stopped(conductor.program("postgres")):
            self.of_a_database("frozen", tablet, record)
        conductor.until(lambda: self.resend(tablet, record), "the database did not thaw")
        record = self.a_tap()
        conductor._kill(conductor.program("postgres"), "all")
        self.of_a_database("gone", tablet, record)
        conductor.until(lambda: self.resend(tablet, record), "the database did not come back")

    def of_a_database(self, how: str, tablet: Tablet, record: dict) -> None:
        for path, status, seconds, again in away.without_database(self.url, tablet, lambda: record):
            promised = 200 if path in away.WITHOUT_IT else 503
            kept = status == promised and seconds < ANSWER_S and (bool(again) or status == 200)
            self.note(
                f"{path} with the database {how}",
                f"{status} in {seconds:.2f} s, again in {again or '–'}",
                f"{promised} in {ANSWER_S} s",
                kept,
            )

    def resend(self, tablet: Tablet, record: dict) -> bool:
        receipts, _pause = tablet.send(away.connected(self.url), [record])
        tablet.receipts.update((receipt["id"], receipt["status"]) for receipt in receipts)
        return bool(receipts)

    def of_what_is_left(self) -> None:
        told = json.dumps({"receipts": self.receipts(), "sites": self.told()})
        for line in self.asked("tests.chaos.judging", told).splitlines():
            found_out = json.loads(line)
            some = f": {found_out['some']}" if found_out["wrong"] else ""
            self.note(found_out["name"], f"{found_out['wrong']}{some}", "0", found_out["wrong"] == 0)
        command = demo.python("manage.py", "verify")
        verified = subprocess.run(command, cwd=found.ROOT, capture_output=True, text=True)
        self.note(
            "verify", (verified.stdout + verified.stderr).strip()[:300], "no fault", verified.returncode == 0
        )

    def receipts(self) -> dict[str, str]:
        return {i: status for one in [*self.tablets, self.hand.tablet] for i, status in one.receipts.items()}

    def told(self) -> dict:
        sites: dict = {}
        for place, teller in [*zip(self.places, self.tellers, strict=True), (self.places[0], self.desk)]:
            one = sites.setdefault(place["site"], {"adds_up": Counter(), "kinds": Counter(), "lots": {}})
            one["adds_up"] += teller.adds_up
            one["kinds"] += teller.kinds
            if teller.booth:
                one["lots"][teller.lot] = teller.on_hand
        return sites

    def tell(self, seconds: float) -> None:
        wide = max(len(what) for what, *_ in self.rows)
        self.say("")
        for what, seen, promised, kept in self.rows:
            self.say(
                f"{'ok ' if kept else 'RED'} {what:{wide}}  {seen}" + (f"   ({promised})" if promised else "")
            )
        acknowledged = len(self.receipts())
        self.say(
            f"{acknowledged} records acknowledged in {seconds:.0f} s: "
            + ("RED" if self.broken else "all kept")
        )


def shown(seconds: tuple[float, ...]) -> str:
    return f"{max(seconds):.1f} s, {median(seconds):.1f} s"
