"""The address where a payer comes back, perhaps in another browser: it names one attempt, and only shows its state.

The same attempt always has the same token (a provider refuses a repeated call with other words), so it is not drawn
but derived: the attempt's id and a 128-bit MAC, 43 characters like every token of ours.
"""

import base64
import binascii
from datetime import timedelta
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

LIFETIME = timedelta(hours=24)  # from the start of the attempt


def return_token(attempt_id: UUID) -> str:
    return base64.urlsafe_b64encode(attempt_id.bytes + _mac(attempt_id)).rstrip(b"=").decode("ascii")


def attempt_id_of(token: str) -> UUID | None:
    """The attempt that this token names; None for a token that we never gave."""
    try:
        raw = base64.b64decode(token + "=", altchars=b"-_", validate=True)
        attempt_id = UUID(bytes=raw[:16])
    except (ValueError, binascii.Error):
        return None
    return attempt_id if constant_time_compare(token, return_token(attempt_id)) else None


def _mac(attempt_id: UUID) -> bytes:
    return salted_hmac("reglo.portal.return", attempt_id.bytes, algorithm="sha256").digest()[:16]
