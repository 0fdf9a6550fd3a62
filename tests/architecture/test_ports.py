"""Nothing but `reglo/ports` reads the time, draws random numbers or opens the network."""

import ast
from collections.abc import Iterator

import pytest

from reglo.config import settings
from tests.architecture.source import name_of, python_files, tree_of

MODULES = {
    *("time", "random", "secrets", "socket", "ssl", "smtplib", "ftplib", "http.client", "urllib.request"),
    *("requests", "httpx", "aiohttp", "urllib3", "http.server", "socketserver", "asyncio", "imaplib", "poplib"),
}
# Whatever the file may import: these resolve names or open sockets.
OPENERS = {
    *("socket.socket", "socket.create_connection", "socket.getaddrinfo", "socket.gethostbyname", "socket.getfqdn"),
    *("smtplib.SMTP", "smtplib.SMTP_SSL", "urlopen", "request.urlopen"),
}
CALLS = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "timezone.now", "timezone.localdate"),
    *("os.urandom", "uuid.uuid1", "uuid.uuid4", "get_random_string"),
}
NAMES = {"uuid1", "uuid4", "urandom", "get_random_string", "get_random_secret_key"}
KEYWORDS = {"auto_now", "auto_now_add"}
# Each with its reason; the value is what it may use.
ALLOWED = {
    "reglo/secrets/sealing.py": {"os.urandom"},  # a nonce must be new even in a replayed simulation
    "reglo/operations/first_settings.py": {"secrets"},  # and so must the installation's keys
    "reglo/delivery/smtp.py": {"smtplib", "socket", "ssl"},  # the names of their errors, to explain them
    "reglo/delivery/mail_servers.py": {"smtplib", "backends.smtp"},  # their conversation, over a socket of ours
    "reglo/verify/run.py": {"time"},  # a stopwatch: it shares no code with the writers, the ports included
}
# It plays the visitor and the supervisor from outside, in real time.
OUTSIDE = ("reglo/ports/", "reglo/operations/demo/")


def uses(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names if alias.name in MODULES)
            case ast.ImportFrom(module=str(module), level=0):
                if module in MODULES:
                    yield module
                if module == "django.core.mail.backends.smtp":
                    yield "backends.smtp"
                yield from (
                    f"{module}.{alias.name}"
                    for alias in node.names
                    if alias.name in NAMES or f"{module}.{alias.name}" in MODULES
                )
            case ast.Attribute(value=value, attr=attr):
                called = f"{ast.unparse(value).rpartition('.')[2]}.{attr}"
                if called in CALLS:
                    yield called
            case ast.keyword(arg=str(arg)) if arg in KEYWORDS:
                yield arg
            case ast.Call(func=func) if ast.unparse(func) in OPENERS:
                yield f"{ast.unparse(func)}()"
            case ast.Call(func=func, keywords=keywords) if ast.unparse(func).endswith("RequestsClient"):
                if not any(keyword.arg == "session" for keyword in keywords):
                    yield "RequestsClient() with a session of its own"


def test_time_chance_and_network_come_through_the_ports():
    found = {
        name_of(path): set(uses(tree_of(path)))
        for path in python_files("reglo")
        if not name_of(path).startswith(OUTSIDE)
    }

    assert {name: used - ALLOWED.get(name, set()) for name, used in found.items() if used} == {
        name: set() for name in ALLOWED
    }


def test_mails_leave_by_our_backend():
    """`get_connection` takes the backend of the settings: Django's own would dial whatever it is told."""
    assert settings.EMAIL_BACKEND == "reglo.delivery.mail_servers.CheckedBackend"


@pytest.mark.parametrize(
    "source",
    [
        "import time",
        "from random import choice",
        "import urllib.request",
        "from urllib import request",
        "from secrets import token_hex",
        "from uuid import uuid4",
        "a = uuid.uuid4()",
        "a = datetime.now(UTC)",
        "a = datetime.datetime.now()",
        "a = date.today()",
        "a = timezone.now()",
        "a = os.urandom(12)",
        "a = DateTimeField(auto_now_add=True)",
        "a = socket.getaddrinfo('exemple.fr', 25)",
        "a = socket.create_connection(('exemple.fr', 25))",
        "a = smtplib.SMTP('exemple.fr')",
        "a = stripe.RequestsClient(timeout=10)",
        "from django.core.mail.backends.smtp import EmailBackend",
    ],
)
def test_a_way_round_is_found(source: str):
    assert list(uses(ast.parse(source))) != []


@pytest.mark.parametrize("source", ["from reglo import secrets", "now = clock.now()", "from datetime import datetime"])
def test_the_way_through_is_free(source: str):
    assert list(uses(ast.parse(source))) == []
