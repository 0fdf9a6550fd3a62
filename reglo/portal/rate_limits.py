"""How often a stranger may try: counted in the database's cache, so that every process sees the same count."""

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError
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
        """One more for `who`. Raises TooManyTries beyond the limit."""
        key = self._key(who)
        counted = int(cache.get(key, 0)) + 1
        cache.set(key, counted, timeout=self.seconds)  # not `incr`, which would shorten the window
        if counted > self.most:
            raise TooManyTries

    def check(self, who: str) -> None:
        """Raises TooManyTries where `who` has reached the limit; counts nothing."""
        if int(cache.get(self._key(who), 0)) >= self.most:
            raise TooManyTries

    def _key(self, who: str) -> str:
        window = int(clock.now().timestamp()) // self.seconds
        digest = hashlib.sha256(who.encode()).hexdigest()[:32]
        return f"portal:{self.name}:{digest}:{window}"


def visitor(request: HttpRequest) -> str:
    """The visitor's address, as far as the trusted proxies in front of us tell it."""
    proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(forwarded) >= proxies:
        return forwarded[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))
