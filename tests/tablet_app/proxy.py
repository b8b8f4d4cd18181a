"""A line that breaks: a TCP proxy which cuts what goes through it after so many bytes."""

import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

CHUNK = 65536
MARK = b"POST /api/v1/records"


@dataclass
class Line:
    """Cuts the next posts of records: each entry of `cuts` is (way, bytes), way "up" or "down"."""

    host: str
    port: int
    cuts: list[tuple[str, int]] = field(default_factory=list)
    made: int = 0

    def __post_init__(self):
        self._door = socket.create_server(("localhost", 0))
        self.url = f"http://localhost:{self._door.getsockname()[1]}"
        threading.Thread(target=self._answer, daemon=True).start()

    def close(self) -> None:
        self._door.close()

    def _answer(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._door.accept()
                threading.Thread(target=self._carry, args=[client], daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with suppress(OSError), client, socket.create_connection((self.host, self.port)) as server:
            cut = Cut()
            down = threading.Thread(target=self._pump, args=[server, client, "down", cut], daemon=True)
            down.start()
            self._pump(client, server, "up", cut)
            down.join()

    def _pump(self, source: socket.socket, target: socket.socket, way: str, cut: "Cut") -> None:
        with suppress(OSError):
            while chunk := source.recv(CHUNK):
                if way == "up" and MARK in chunk and self.cuts:
                    cut.way, cut.left = self.cuts.pop(0)
                if cut.way == way:
                    if cut.left <= len(chunk):
                        target.sendall(chunk[: cut.left])
                        self.made += 1
                        break
                    cut.left -= len(chunk)
                target.sendall(chunk)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@dataclass
class Cut:
    """What is left to let through on one connection before it breaks."""

    way: str = ""
    left: int = 0


@contextmanager
def line_to(url: str):
    host, port = url.removeprefix("http://").split(":")
    line = Line(host, int(port))
    try:
        yield line
    finally:
        line.close()
