"""The line between a tablet and the server: it can be down, or break at any byte, both ways."""

import random
import socket
import threading

CHUNK = 4096


class Line:
    """Passes on what comes to `port` to the server. `down` refuses; `breaks` cuts within so many bytes."""

    def __init__(self, server_port: int, seed: int = 0):
        self.server_port = server_port
        self.down = False
        self.breaks = 0
        self.cuts = 0
        self.chance = random.Random(seed)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def close(self) -> None:
        self.listener.close()

    def _listen(self) -> None:
        while True:
            try:
                tablet, _address = self.listener.accept()
            except OSError:
                return
            if self.down:
                tablet.close()
                continue
            server = socket.create_connection(("127.0.0.1", self.server_port))
            # One budget for what goes there and one for what comes back.
            for one, other in ((tablet, server), (server, tablet)):
                left = self.chance.randrange(self.breaks) if self.breaks else None
                threading.Thread(target=self._pass_on, args=(one, other, left), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket, left: int | None) -> None:
        try:
            while (data := one.recv(CHUNK)) and not self.down:
                if left is not None and len(data) > left:
                    self.cuts += 1
                    other.sendall(data[:left])
                    break
                left = None if left is None else left - len(data)
                other.sendall(data)
        except OSError:
            pass
        finally:
            for end in (one, other):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
                end.close()
