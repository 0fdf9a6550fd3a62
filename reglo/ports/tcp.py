"""Opens a connection to addresses already known; names are the business of `dns`."""

import socket
from collections.abc import Sequence

from reglo.ports.dns import Address

Connection = socket.socket


def connect(addresses: Sequence[Address], port: int, *, timeout: float | None) -> Connection:
    """A connection to the first address that answers. Raises the OSError of the last one."""
    assert addresses, "resolved, so there is one"
    for address in addresses[:-1]:
        try:
            return socket.create_connection((str(address), port), timeout)
        except OSError:
            continue
    return socket.create_connection((str(addresses[-1]), port), timeout)
