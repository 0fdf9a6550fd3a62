"""How often a stranger may try: counted in the database, so that every process sees the same count."""

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError
from reglo.portal.models import TryCount
from reglo.ports import clock


class TooManyTries(RegloError):
    code = "too_many_tries"
    status = 429
    message = _("Trop d’essais en peu de temps. Attendez quelques minutes, puis recommencez.")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` counts in each window of `seconds`."""

    name: str
    most: int
    seconds: int

    def count(self, who: str) -> None:
        """One more for `who`. Raises TooManyTries beyond the limit.

        Counted before the try, in one statement: of many that come at the same instant, `most` pass.
        """
        key, ends_at = self._window(who)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO portal_trycount (key, counted, ends_at) VALUES (%s, 1, %s)"
                " ON CONFLICT (key) DO UPDATE SET counted = portal_trycount.counted + 1 RETURNING counted",
                [key, connection.ops.adapt_datetimefield_value(ends_at)],
            )
            [counted] = cursor.fetchone()
        if counted > self.most:
            raise TooManyTries

    def take_back(self, who: str) -> None:
        """The try just counted was not one of those to be limited: it succeeded."""
        counted = TryCount.objects.filter(key=self._window(who)[0], counted__gt=0)  # 0: its window ended meanwhile
        counted.update(counted=F("counted") - 1)

    def _window(self, who: str) -> tuple[str, datetime]:
        window = int(clock.now().timestamp()) // self.seconds
        digest = hashlib.sha256(who.encode()).hexdigest()[:32]
        return f"{self.name}:{digest}:{window}", datetime.fromtimestamp((window + 1) * self.seconds, UTC)


def visitor(request: HttpRequest) -> str:
    """The visitor's address, as far as the trusted proxies in front of us tell it; of an IPv6 its network of 64 bits,
    which one visitor has for himself."""
    address = address_of_visitor(request)
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)


def address_of_visitor(request: HttpRequest) -> str:
    """As it came, or as the proxies say; not always an IP address."""
    proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(forwarded) >= proxies:
        return forwarded[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))
