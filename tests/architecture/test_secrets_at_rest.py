"""What opens something is kept hashed, or sealed under the installation's key; nothing else may be a secret."""

import re

from django.apps import apps
from django.db import models

SECRET = re.compile(r"token|secret|password|\bkey\b|_key|api_|csrf|otp")
# What has such a name, and why it may be read in the database.
KEPT_IN_CLEAR = {
    "payments.Endpoint.token": "an address, not a lock: what comes there is believed by its signature alone",
    "delivery.PortalSession.csrf_secret": "proves a form, and only beside the session's key, which is hashed",
    "companies.User.password": "hashed by Django, slowly",
    "companies.SignInLink.resets_password": "yes or no",
    "portal.TryCount.key": "a hash of whom is counted: it opens nothing",
    "account.EmailConfirmation.key": "allauth's, and empty: addresses are not confirmed by mail",
    "sessions.Session.session_key": "Django's: it lives two weeks at most, and not in backups of ours",
}


def named_like_secrets() -> set[str]:
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if SECRET.search(field.name) and not field.is_relation and not isinstance(field, models.AutoField)
    }


def test_tokens_are_hashed_and_secrets_sealed():
    loose = {name for name in named_like_secrets() if not re.search(r"\.(sealed_\w+|\w+_hash)$", name)}

    assert loose == set(KEPT_IN_CLEAR)


def test_a_hash_is_as_long_as_sha_256():
    hashes = [
        field
        for model in apps.get_models()
        if model.__module__.startswith("reglo.")
        for field in model._meta.concrete_fields
        if field.name.endswith("_hash")
    ]

    assert hashes
    assert {field.max_length for field in hashes} == {64}
    assert all(field.unique for field in hashes if field.name in {"token_hash", "key_hash"})
