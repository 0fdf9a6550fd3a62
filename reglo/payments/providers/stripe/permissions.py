"""What a restricted key must be allowed to do, asked one by one and without leaving a trace."""

from collections.abc import Callable

import stripe
from django.utils.translation import gettext_noop as _

from reglo.payments.providers.contract import Permission
from reglo.payments.providers.stripe.client import translated

# A right to write is probed by acting on an object that does not exist: "no such object" means that we may.
NOBODY = "reglo_permission_probe"

PROBES: tuple[tuple[str, str, Callable[[stripe.StripeClient], object]], ...] = (
    (
        "checkout_session_write",
        _("Sessions Checkout : écriture"),
        lambda client: client.v1.checkout.sessions.expire(f"cs_{NOBODY}"),
    ),
    (
        "payment_intent_read",
        _("PaymentIntents : lecture"),
        lambda client: client.v1.payment_intents.list({"limit": 1}),
    ),
    (
        "charge_write",
        _("Paiements et remboursements : écriture"),
        lambda client: client.v1.refunds.create({"charge": f"ch_{NOBODY}"}),
    ),
    (
        "dispute_read",
        _("Litiges : lecture"),
        lambda client: client.v1.disputes.list({"limit": 1}),
    ),
    (
        "balance_transaction_source_read",
        _("Sources des opérations sur solde : lecture"),
        lambda client: client.v1.balance_transactions.list({"limit": 1}),
    ),
    (
        "payout_read",
        _("Virements : lecture"),
        lambda client: client.v1.payouts.list({"limit": 1}),
    ),
    (
        "event_read",
        _("Événements : lecture"),
        lambda client: client.v1.events.list({"limit": 1}),
    ),
    (
        "webhook_write",
        _("Points de terminaison webhook : écriture"),
        lambda client: client.v1.webhook_endpoints.delete(f"we_{NOBODY}"),
    ),
)


def probe(client: stripe.StripeClient) -> tuple[Permission, ...]:
    """Every right we need, and whether the key has it. Raises AccountBroken, Retryable."""
    return tuple(Permission(name, label, _granted(ask, client)) for name, label, ask in PROBES)


def _granted(ask: Callable[[stripe.StripeClient], object], client: stripe.StripeClient) -> bool:
    with translated():
        try:
            ask(client)
        except stripe.PermissionError:
            return False
        except stripe.InvalidRequestError:
            return True
    return True
