import socket

import pytest

from tests.harness.closed_network import NetworkClosed


def test_the_world_is_out_of_reach():
    with socket.socket() as connection, pytest.raises(NetworkClosed):
        connection.connect(("192.0.2.1", 443))


def test_no_name_is_looked_up():
    with pytest.raises(NetworkClosed):
        socket.create_connection(("example.com", 443))


def test_this_machine_answers():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
