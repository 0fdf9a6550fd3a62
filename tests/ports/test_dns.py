import _socket
import socket
from ipaddress import ip_address

import pytest

from reglo.ports import dns, tcp


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
        *("::1", "::", "fe80::1", "fe80::1%2", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "2001:0:a00:1::"),  # an inside address, wrapped
    ],
)
def test_an_address_of_the_inside_is_not_public(address: str):
    assert not dns.is_public(ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700::1111", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e"])
def test_an_address_of_the_internet_is_public(address: str):
    assert dns.is_public(ip_address(address))


@pytest.mark.parametrize("name", ["2130706433", "0x7f000001", "127.1", "localhost"])
def test_every_spelling_of_this_machine_resolves_to_an_inside_address(name: str, monkeypatch: pytest.MonkeyPatch):
    def numbers_only(host: str, port: None, **options: int) -> object:  # the suite's own lets plain names through only
        return _socket.getaddrinfo(host, port, **options)

    monkeypatch.setattr(socket, "getaddrinfo", numbers_only)

    found = dns.addresses_of(name)

    assert found
    assert not any(map(dns.is_public, found))


def test_what_is_not_a_name_is_not_found(monkeypatch: pytest.MonkeyPatch):
    def refuse(*_args: object, **_options: object) -> None:
        raise UnicodeError("label empty or too long")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)

    with pytest.raises(socket.gaierror):
        dns.addresses_of("a..b")


def test_names_are_put_for_the_duration():
    with dns.use(lambda name: [ip_address("192.0.2.7")]):
        inside = dns.addresses_of("ailleurs.test")

    assert inside == [ip_address("192.0.2.7")]
    assert ip_address("127.0.0.1") in dns.addresses_of("localhost")


def test_the_next_address_is_dialled_when_one_does_not_answer():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        with tcp.connect([ip_address("127.0.0.2"), ip_address("127.0.0.1")], port, timeout=2) as connection:
            reached = connection.getpeername()

    assert reached == ("127.0.0.1", port)
