"""Only this machine answers: a connection or a name look-up beyond the loopback fails the test."""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest


class NetworkClosed(AssertionError):
    """A test tried to reach the world."""


def is_local(host: object) -> bool:
    if host in {None, "", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


@contextmanager
def closed_network() -> Iterator[None]:
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def refuse_far(host: object) -> None:
        if not is_local(host):
            raise NetworkClosed(f"the network is closed to tests: {host}")

    def checked(address: Any) -> Any:
        if isinstance(address, tuple):  # a string is a Unix socket
            refuse_far(address[0])
        return address

    def local_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        refuse_far(host.decode() if isinstance(host, bytes) else host)
        return getaddrinfo(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", lambda self, address: connect(self, checked(address)))
        patch.setattr(socket.socket, "connect_ex", lambda self, address: connect_ex(self, checked(address)))
        patch.setattr(socket, "getaddrinfo", local_getaddrinfo)
        yield
