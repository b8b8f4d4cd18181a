"""Valkey (or Redis) as a child of ours."""

import socket
from dataclasses import dataclass
from pathlib import Path

from harmreduction.engines import binaries, vault
from harmreduction.engines.supervisor import Program


@dataclass
class Server:
    folder: Path
    port: int
    password: str

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    @property
    def settings(self) -> str:
        files = vault.make_private(self.folder / "valkey")
        return "\n".join(
            [
                "bind 127.0.0.1",
                f"port {self.port}",
                f"requirepass {self.password}",
                f'dir "{files}"',
                "appendonly yes",
                "appendfsync everysec",
                'save ""',
                "maxmemory-policy noeviction",
                "loglevel warning",
            ]
        )


def program(server: Server) -> Program:
    return Program(
        name="valkey",
        # Read from standard input, so that no command line shows the password.
        command=[str(binaries.valkey()), "-"],
        stdin=server.settings.encode(),
        is_ready=lambda: answers(server),
        layer=0,
    )


def answers(server: Server) -> bool:
    """Asked by hand, because the client library takes longer to import than Valkey to start."""
    try:
        with socket.create_connection(("127.0.0.1", server.port), timeout=3) as connection:
            connection.sendall(f"AUTH {server.password}\r\nPING\r\nQUIT\r\n".encode())
            return b"+PONG" in connection.makefile("rb").read()
    except OSError:
        return False
