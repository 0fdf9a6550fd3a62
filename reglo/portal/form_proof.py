"""Forms of the portal prove that they come from our page in this browser: signed by the session's own secret.

Django's CSRF check is another one: it knows no portal session. A proof is salted, so that it differs on every page
and cannot be guessed through compression.
"""

import hashlib
import hmac

from django.conf import settings
from django.http import HttpRequest

from reglo.delivery.models import PortalSession
from reglo.ports import ids

FIELD = "preuve"


def proof_for(session: PortalSession) -> str:
    """The value of the hidden field, `salt.signature`."""
    salt = ids.random_bytes(16).hex()
    return f"{salt}.{_sign(session, salt)}"


def is_proven(request: HttpRequest, session: PortalSession) -> bool:
    """True where the posted form was made for this session and, as far as the browser says, sent by our own page."""
    if request.headers.get("Origin", settings.BASE_URL) != settings.BASE_URL:
        return False
    salt, _dot, signature = request.POST.get(FIELD, "").partition(".")
    return hmac.compare_digest(signature.encode(), _sign(session, salt).encode())


def _sign(session: PortalSession, salt: str) -> str:
    return hmac.new(session.csrf_secret.encode(), salt.encode(), hashlib.sha256).hexdigest()
