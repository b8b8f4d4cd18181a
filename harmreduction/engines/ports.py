"""TCP ports."""

import contextlib
import socket


def free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_free(host: str, port: int) -> bool:
    """Asked before anything starts: a server that shares a port serves nobody reliably."""
    with contextlib.ExitStack() as probes:
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            probe = probes.enter_context(socket.socket(family, kind, protocol))
            # Connections of the last run that still linger are no server.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(address)
            except OSError:
                return False
    return True
