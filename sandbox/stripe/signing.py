"""The signature header of a webhook: `t=…,v1=…`, HMAC-SHA256 of "t.body"."""

import hashlib
import hmac


def signature(body: bytes, secret: str, timestamp: int) -> str:
    signed = f"{timestamp}.".encode() + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def header(body: bytes, secrets: list[str], timestamp: int) -> str:
    """One `v1` for each secret: two while a secret is being rolled."""
    return ",".join([f"t={timestamp}", *(f"v1={signature(body, secret, timestamp)}" for secret in secrets)])
