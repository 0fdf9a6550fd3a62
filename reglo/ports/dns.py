"""The one place that resolves names, and says which addresses belong to the public internet.

The order is: resolve once, judge the addresses, connect to one of those judged (`tcp.connect`). A name looked up a
second time might answer otherwise (DNS rebinding). Tests and the lab put their own names with `use`.
"""

import ipaddress
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # NAT64: the last 32 bits are an IPv4 address


def addresses_of(name: str) -> list[Address]:
    """Every address of `name` (an address is its own), best first. Raises socket.gaierror."""
    return _resolve(name)


def is_public(address: Address) -> bool:
    """True for an address anybody on the internet may own; an IPv4 wrapped in an IPv6 counts as itself."""
    wrapped: Sequence[Address] = _wrapped(address) if isinstance(address, ipaddress.IPv6Address) else []
    inside = isinstance(address, ipaddress.IPv6Address) and address.is_site_local  # Python calls these global
    return not inside and all(
        one.is_global and not one.is_multicast and not one.is_reserved for one in wrapped or (address,)
    )


@contextmanager
def use(source: Callable[[str], list[Address]]) -> Iterator[None]:
    """Resolve by `source(name)` for the duration: tests and the lab."""
    global _resolve
    before, _resolve = _resolve, source
    try:
        yield
    finally:
        _resolve = before


def _wrapped(address: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses that a packet to `address` may end at: mapped, 6to4, Teredo, NAT64."""
    if address.teredo:
        return list(address.teredo)
    found = [address.ipv4_mapped, address.sixtofour]
    if address in _TRANSLATED:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in found if one is not None]


def _ask_the_system(name: str) -> list[Address]:
    try:
        answers = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except UnicodeError:  # not a name at all: a label that is empty or too long
        raise socket.gaierror(socket.EAI_NONAME, "not a name") from None
    return [ipaddress.ip_address(sockaddr[0]) for *_, sockaddr in answers]


_resolve: Callable[[str], list[Address]] = _ask_the_system
