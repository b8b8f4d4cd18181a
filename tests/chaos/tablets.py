"""Tablets as HTTP clients: they send what waits, in batches, until each record has its receipt."""

import http.client
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlsplit

GIVES_UP_S = 15
LONGEST_PAUSE_S = 2
BATCHES = (1, 1, 1, 2, 3, 8, 20, 50)
# A tablet keeps its order; among so many neighbours, now and then, one is sent before the one it follows.
OUT_OF_ORDER = 0.05


def post(line: http.client.HTTPConnection, token: str, records: list[dict]) -> tuple[int, float, list[dict]]:
    """(status, seconds asked to wait, receipts). Raises OSError or HTTPException when nobody answered."""
    headers = {"Authorization": f"Device {token}", "Content-Type": "application/json"}
    try:
        line.request("POST", "/api/v1/records", json.dumps({"records": records}), headers)
        answer = line.getresponse()
        body = answer.read()
        if not {"content-length", "transfer-encoding"} & {name.lower() for name in answer.headers}:
            raise http.client.IncompleteRead(body)  # cut among its headers
    except BaseException:
        line.close()
        raise
    asked = float(answer.headers["Retry-After"] or 0)
    return answer.status, asked, json.loads(body)["receipts"] if answer.status == 200 else []


def connected(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    return http.client.HTTPConnection(parts.hostname, parts.port, timeout=GIVES_UP_S)


class Gate:
    """How many records may have been sent by now, so that every fault falls into the flow."""

    def __init__(self):
        self.open = 0
        self.changed = threading.Condition()

    def let(self, records: int) -> None:
        with self.changed:
            self.open = records
            self.changed.notify_all()

    def wait_for(self, record: int) -> None:
        with self.changed:
            self.changed.wait_for(lambda: self.open >= record)


@dataclass
class Tablet:
    """`outbox` is sent as it stands; `receipts` keeps the status of every record that was acknowledged."""

    token: str
    outbox: list[dict]
    chance: Random
    gate: Gate = field(default_factory=Gate)
    receipts: dict[str, str] = field(default_factory=dict)
    answers: Counter = field(default_factory=Counter)
    unmannered: list[int] = field(default_factory=list)  # statuses of refusals that name no time to return

    def send_all(self, url: str) -> None:
        line, waiting = connected(url), self.in_some_order()
        sent = 0
        while waiting:
            batch = waiting[: self.chance.choice(BATCHES)]
            self.gate.wait_for(sent + 1)
            receipts, pause = self.send(line, batch)
            for receipt in receipts:
                self.receipts[receipt["id"]] = receipt["status"]
            waiting = [one for one in waiting if one["id"] not in self.receipts]
            sent = len(self.receipts)
            time.sleep(pause)

    def send(self, line: http.client.HTTPConnection, batch: list[dict]) -> tuple[list[dict], float]:
        """(receipts, seconds to wait)"""
        try:
            status, asked, receipts = post(line, self.token, batch)
        except (OSError, http.client.HTTPException, ValueError):
            self.answers["none"] += 1
            return [], self.chance.uniform(0.1, 0.5)
        self.answers[status] += 1
        if status != 200:
            if not asked:
                self.unmannered.append(status)
            return [], min(asked, LONGEST_PAUSE_S) * self.chance.uniform(0.5, 1)
        return receipts, 0

    def in_some_order(self) -> list[dict]:
        waiting, n = list(self.outbox), 1
        while n < len(waiting):
            if self.chance.random() < OUT_OF_ORDER:
                waiting[n - 1], waiting[n] = waiting[n], waiting[n - 1]
                n += 1  # by one place at most: a seat is left before the next person takes it
            n += 1
        return waiting


class Hand:
    """Someone who taps all the while, at the desk of the server: when a tap is taken, the web is back."""

    EVERY_S = 0.2

    def __init__(self, tablet: Tablet, url: str, make):
        self.tablet, self.url, self.make = tablet, url, make
        self.taken_from = 0.0  # when the last tap that was taken began, time.monotonic()
        self.over = threading.Event()

    def tap_on(self) -> None:
        line, waiting = connected(self.url), []
        while not self.over.wait(self.EVERY_S) or waiting:
            waiting = waiting or [self.make()]
            begun = time.monotonic()
            receipts, pause = self.tablet.send(line, waiting)
            if receipts:
                self.tablet.receipts[receipts[0]["id"]] = receipts[0]["status"]
                self.taken_from, waiting = begun, []
            time.sleep(min(pause, self.EVERY_S))
