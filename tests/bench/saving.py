"""Records over HTTP, as tablets send them: everything is done when the answer is there."""

import json
import socket
import threading
import time
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


def arrivals(by: str, records: int) -> bytes:
    now = datetime.now(UTC).isoformat()
    made = [
        {
            "id": str(uuid6.uuid7()),
            "kind": "visit.arrived",
            "occurred_at": now,
            "entered_at": now,
            "seq": n,
            "by": by,
            "data": {"visit": str(uuid6.uuid7())},
        }
        for n in range(records)
    ]
    return json.dumps({"records": made}).encode()


def save(address: str, tablets: list[tuple[str, str]], seconds: float, records: int = 1) -> Saved:
    """Each tablet (token, code of who holds it) sends `records` a request, one request after the other."""
    took: list[float] = []
    faults: list[BaseException] = []
    begun = time.monotonic()

    def send(token: str, by: str) -> None:
        line = Line(address, token)
        while time.monotonic() < begun + seconds:
            body = arrivals(by, records)
            sent = time.monotonic()
            answer = line.post(body)
            took.append(time.monotonic() - sent)
            assert answer.count(CREATED) == records, answer[:500]

    def try_to(*told) -> None:
        try:
            send(*told)
        except BaseException as fault:  # told in the main thread
            faults.append(fault)

    threads = [threading.Thread(target=try_to, args=tablet) for tablet in tablets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return Saved(took, len(took) * records, time.monotonic() - begun)
