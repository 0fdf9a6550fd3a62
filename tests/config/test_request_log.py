import json
import logging

import pytest
from django.test import Client

from reglo.config.request_log import JsonFormatter, mask_path
from reglo.ports import ids
from reglo.secrets.masking import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("key rk_live_51AbcDEF refused", "key rk_*** refused"),
        ("sk_test_51Abc", "sk_***"),
        ("secret whsec_aB3+/=", "secret whsec_***"),
        ("Authorization: Bearer abc.def-123", "Authorization: Bearer ***"),
        ('{"authorization": "Basic dXNlcjpwdw=="}', '{"authorization": "Basic ***"}'),
        ("Authorization: secret-token", "Authorization: ***"),
        ("nothing to hide, F2026-0143", "nothing to hide, F2026-0143"),
    ],
)
def test_keys_never_reach_a_log(text: str, masked: str):
    assert mask(text) == masked


def test_our_own_tokens_are_masked_wherever_they_stand():
    token = ids.new_token()

    assert mask(f"Not Found: /p/l/{token}?x=1") == "Not Found: /p/l/***?x=1"
    assert mask(f"url=http%3A%2F%2Fp%2Fretour%2F{token}&x") == "url=http%3A%2F%2Fp%2Fretour%2F***&x", (
        "in a posted form too"
    )
    assert mask(token + "a") == token + "a", "a SHA-256 or an id is no token"


@pytest.mark.parametrize(
    ("path", "masked"),
    [
        ("/p/l/short", "/p/l/***"),
        ("/p/retour/short/abandon", "/p/retour/***/abandon"),
        ("/hooks/stripe/short", "/hooks/stripe/***"),
        ("/invitation/short/", "/invitation/***/"),
        ("/connexion/short/", "/connexion/***/"),
        ("/compte/mot-de-passe/oublie/2-abc/", "/compte/mot-de-passe/oublie/***/"),
        ("/factures/12/", "/factures/12/"),
    ],
)
def test_an_address_that_is_a_secret_is_masked_whatever_its_length(path: str, masked: str):
    assert mask_path(path) == masked


def test_each_request_gets_an_id_of_ours(client: Client, db: None):
    given = {"X-Request-ID": "chosen-by-a-stranger"}
    first = client.get("/health/live", headers=given).headers["X-Request-ID"]
    second = client.get("/health/live", headers=given).headers["X-Request-ID"]

    assert len(first) == 32
    assert first != second
    assert "stranger" not in first


def test_a_request_is_one_line_without_its_query(client: Client, db: None, caplog: pytest.LogCaptureFixture):
    token = ids.new_token()
    with caplog.at_level(logging.INFO, logger="reglo.requests"):
        answer = client.get(f"/invitation/{token}/?name=Claire+Fontaine")

    [record] = [record for record in caplog.records if record.name == "reglo.requests"]
    line = json.loads(JsonFormatter().format(record))
    assert {name: line[name] for name in ("method", "path", "route", "status")} == {
        "method": "GET",
        "path": "/invitation/***/",
        "route": "dashboard:invitation",
        "status": 410,
    }
    assert token not in json.dumps(line)
    assert "Claire" not in json.dumps(line)
    assert answer.status_code == 410


def test_an_exception_is_told_masked():
    try:
        raise ValueError("rk_live_51AbcDEF")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "failed", (), (type(error), error, error.__traceback__))

    line = JsonFormatter().format(record)

    assert "rk_live_51AbcDEF" not in line
    assert "ValueError: rk_***" in json.loads(line)["exception"]
    assert "\n" not in line
