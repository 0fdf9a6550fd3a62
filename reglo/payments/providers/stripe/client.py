"""The SDK, set up our way, and its errors in our words."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import stripe

from reglo.payments.providers.contract import AccountBroken, Declined, KeyReused, Retryable, Secrets, Unknown
from reglo.ports import http

API_VERSION: Final = "2026-10-28.endive"
RETRIES = 2  # StripeClient makes one try unless told otherwise
TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Clients:
    """Makes a client for each account. `http_client` is shared: it keeps its connections."""

    api: str
    client_id: str
    platform_key: str = field(repr=False)
    http_client: stripe.HTTPClient = field(
        default_factory=lambda: stripe.RequestsClient(timeout=TIMEOUT_SECONDS, session=http.new_session()), repr=False
    )

    @property
    def is_simulated(self) -> bool:
        """Another address than Stripe's answers: the sandbox."""
        return bool(self.api)

    def of(self, secrets: Secrets) -> stripe.StripeClient:
        """A client that acts for the account that `secrets` open."""
        if connected := secrets.get("connected_account"):
            return self._client(self.platform_key, connected=connected)
        return self._client(secrets["api_key"])

    def platform(self) -> stripe.StripeClient:
        """A client that acts for the installation's own platform."""
        return self._client(self.platform_key)

    def _client(self, key: str, *, connected: str | None = None) -> stripe.StripeClient:
        return stripe.StripeClient(
            key,
            stripe_account=connected,
            stripe_version=API_VERSION,
            client_id=self.client_id or None,
            base_addresses=(
                {"api": self.api, "connect": self.api, "files": self.api, "meter_events": self.api} if self.api else {}
            ),
            max_network_retries=RETRIES,
            http_client=self.http_client,
        )


@contextmanager
def translated(*, writes: bool = False) -> Iterator[None]:
    """The SDK's errors as ours. A call that `writes` and was not answered may have been done: Unknown.

    InvalidRequestError passes: only the caller knows what a refusal of its own parameters means.
    """
    try:
        yield
    except stripe.IdempotencyError as error:
        raise KeyReused(str(error)) from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise AccountBroken from error
    except stripe.CardError as error:
        raise Declined(reason=error.user_message or "") from error
    except stripe.RateLimitError as error:
        raise Retryable from error
    except stripe.InvalidRequestError as error:
        if error.code == "idempotency_key_in_use":  # our own twin is being served: it may be done any moment
            raise Unknown from error
        raise
    except (stripe.APIConnectionError, stripe.APIError) as error:
        raise (Unknown if writes else Retryable) from error
