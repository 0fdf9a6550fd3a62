"""The key that signs the archives of a company: one, made when it is first needed."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import transaction

from reglo import secrets
from reglo.archives.models import SigningKey
from reglo.companies.locks import lock_company


def signing_key_of(*, company_id: int, now: datetime) -> SigningKey:
    """The company's key, made now if there is none."""
    with transaction.atomic():
        lock_company(company_id)
        key = SigningKey.objects.filter(company_id=company_id).first()
        if key is None:
            private = Ed25519PrivateKey.generate()
            key = SigningKey(company_id=company_id, created_at=now)
            key.public_hex = private.public_key().public_bytes_raw().hex()
            key.sealed_private = secrets.seal(
                private.private_bytes_raw().hex(), context=key.seal_context("sealed_private")
            )
            key.save(force_insert=True)
    return key


def sign(key: SigningKey, data: bytes) -> bytes:
    """64 bytes. Raises SealBroken."""
    return Ed25519PrivateKey.from_private_bytes(key.open_private()).sign(data)


def public_pem(key: SigningKey) -> bytes:
    """As `openssl` reads it."""
    private = Ed25519PrivateKey.from_private_bytes(key.open_private())
    return private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
