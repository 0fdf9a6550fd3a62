"""What notifications cost: SQL statements, savepoints included, and HTTP calls. For our Python and for others'."""

import http.client
from collections.abc import Callable
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit


def counted(work: Callable[[], object]) -> dict[str, int]:
    """How many statements and calls `work` made on this thread's connection."""
    from django.db import connection

    spent = {"statements": 0, "calls": 0}

    def statement(execute: Callable[..., Any], *arguments: Any) -> Any:
        spent["statements"] += 1
        return execute(*arguments)

    def call(client: http.client.HTTPConnection, *arguments: Any, **named: Any) -> None:
        spent["calls"] += 1
        putrequest(client, *arguments, **named)

    putrequest = http.client.HTTPConnection.putrequest
    with connection.execute_wrapper(statement), patch.object(http.client.HTTPConnection, "putrequest", call):
        work()
    return spent


def handle(deliveries: list[tuple[str, str, str]]) -> None:
    """Each posted to this process: address, body, signature."""
    from django.test import Client

    client = Client()
    for address, body, signature in deliveries:
        parts = urlsplit(address)
        answer = client.post(
            parts.path,
            body,
            content_type="application/json; charset=utf-8",
            headers={"stripe-signature": signature, "host": parts.netloc},
        )
        assert answer.status_code < 300, f"{parts.path} answered {answer.status_code}"
