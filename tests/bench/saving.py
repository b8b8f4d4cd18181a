"""Records over HTTP, as tablets send them: everything is done when the answer is there."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import quantiles
from urllib.parse import urlsplit

import uuid6

CREATED = b'"status": "created"'
END = b"\r\n\r\n"


@dataclass(frozen=True)
class Saved:
    """`seconds` of each answered request, in order; `spent` is the whole round."""

    seconds: list[float]
    records: int
    spent: float

    @property
    def rate(self) -> float:
        """Records a second."""
        return self.records / self.spent

    def ms(self, hundredth: int) -> float:
        return quantiles(self.seconds, n=100)[hundredth - 1] * 1000


class Line:
    """One connection that stays, of one tablet. Written on sockets: the client must cost next to nothing."""

    def __init__(self, address: str, token: str):
        parts = urlsplit(address)
        self.head = (
            f"POST /api/v1/records HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Device {token}\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        ).encode()
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def post(self, body: bytes) -> bytes:
        """The body of an answer 200."""
        self.socket.sendall(self.head + str(len(body)).encode() + END + body)
        answer = b""
        while END not in answer:
            answer += self._more()
        head, _, rest = answer.partition(END)
        assert head.startswith(b"HTTP/1.1 200"), answer[:500]
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        while len(rest) < length:
            rest += self._more()
        return rest

    def _more(self) -> bytes:
        got = self.socket.recv(65536)
        assert got, "the server hung up"
        return got


# Of a tablet's place in the row, who holds it and the instant to end by: the records of each request.
Told = Callable[[int, str, float], Iterator[list[dict]]]


def record(by: str, kind: str, seq: int, **data) -> dict:
    now = datetime.now(UTC).isoformat()
    head = {"id": str(uuid6.uuid7()), "kind": kind, "occurred_at": now, "entered_at": now, "seq": seq}
    return head | {"by": by, "data": data}


def arrivals(records: int) -> Told:
    """So many people arrive in each request."""

    def told(_place: int, by: str, until: float) -> Iterator[list[dict]]:
        while time.monotonic() < until:
            yield [record(by, "visit.arrived", n, visit=str(uuid6.uuid7())) for n in range(records)]

    return told


USED = {"substances": ["fentanyl"], "route": "inj_iv"}
A_VISIT = {
    "visit.arrived": {},
    "visit.assessed": USED,
    "visit.seated": {},
    "consumption.recorded": USED,
    "visit.aftercare": {},
    "visit.closed": {"discharge_to": "street"},
}


def visits(sites: int) -> Told:
    """One visit after the other, each record in a request of its own; every tablet has a booth."""

    def told(place: int, by: str, until: float) -> Iterator[list[dict]]:
        booth = {"booth": str(place // sites + 1)}
        while time.monotonic() < until:
            visit = str(uuid6.uuid7())
            for seq, (kind, data) in enumerate(A_VISIT.items()):
                more = booth if kind == "visit.seated" else {}
                yield [record(by, kind, seq, visit=visit, **data, **more)]

    return told


def save(
    address: str, tablets: list[tuple[str, str]], seconds: float, told: Told, *, gap: float = 0
) -> Saved:
    """Each tablet (token, code of who holds it) sends what it is told, one request after the other.

    With a gap (seconds) it sends at that pace; a request that begins late counts from when it was due.
    """
    took: list[float] = []
    sent: list[int] = []
    faults: list[BaseException] = []
    begun = time.monotonic()

    def send(place: int, token: str, by: str) -> None:
        line, due = Line(address, token), begun + gap * place / len(tablets)
        for records in told(place, by, begun + seconds):
            body = json.dumps({"records": records}).encode()
            time.sleep(max(0, due - time.monotonic()))
            since = due if gap else time.monotonic()
            due += gap
            answer = line.post(body)
            took.append(time.monotonic() - since)
            sent.append(len(records))
            assert answer.count(CREATED) == len(records), answer[:500]

    def try_to(*given) -> None:
        try:
            send(*given)
        except BaseException as fault:  # told in the main thread
            faults.append(fault)

    threads = [threading.Thread(target=try_to, args=(n, *tablet)) for n, tablet in enumerate(tablets)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return Saved(took, sum(sent), time.monotonic() - begun)
