"""AES-256-GCM under keys given by the installation, newest first; the key's id travels with the ciphertext.

`context` ties a ciphertext to its place (`"payments.provider_account:42"`): moved to another row, it does not open.
"""

import base64
import hashlib
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_keys: dict[str, AESGCM] = {}
_current = ""


class SealBroken(Exception):
    """The ciphertext cannot be opened here: other key, other place, or altered. Nothing is guessed."""


def configure(keys: Sequence[bytes]) -> None:
    """Take the installation's 32-byte keys, the one that seals first. Called once, by settings."""
    global _current
    _keys.clear()
    for key in keys:
        if len(key) != 32:
            raise ValueError("an encryption key is 32 bytes")
        _keys[hashlib.sha256(b"reglo key id" + key).hexdigest()[:8]] = AESGCM(key)
    _current = next(iter(_keys))


def seal(text: str, *, context: str) -> str:
    """`text` encrypted for `context`, as ASCII: `v1.<key id>.<base64>`."""
    # A nonce must be unpredictable to everyone, a replayed simulation included: not from the ids port.
    nonce = os.urandom(12)
    raw = nonce + _keys[_current].encrypt(nonce, text.encode(), context.encode())
    return f"v1.{_current}.{base64.urlsafe_b64encode(raw).decode('ascii')}"


def open_sealed(sealed: str, *, context: str) -> str:
    """The text sealed for this `context`. Raises SealBroken."""
    try:
        version, key_id, body = sealed.split(".")
        raw = base64.urlsafe_b64decode(body)
        if version != "v1":
            raise SealBroken(version)
        return _keys[key_id].decrypt(raw[:12], raw[12:], context.encode()).decode()
    except (ValueError, KeyError, InvalidTag) as error:
        raise SealBroken(context) from error


def current_prefix() -> str:
    """How everything begins that the newest key sealed."""
    return f"v1.{_current}."


def reseal(sealed: str, *, context: str) -> str:
    """The same secret under the current key. Raises SealBroken."""
    return seal(open_sealed(sealed, context=context), context=context)
