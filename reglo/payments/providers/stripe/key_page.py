"""Stripe's own pages that a guide sends to. No SDK here: what shows a link need not load it."""

from urllib.parse import urlencode

# The rights of the key, named as the link that fills its form in names them. `permissions.py` probes them one by one.
RIGHTS = (
    "rak_accounts_kyc_basic_read",
    "rak_checkout_session_write",
    "rak_payment_intent_read",
    "rak_charge_write",
    "rak_dispute_read",
    "rak_balance_transaction_source_read",
    "rak_payout_read",
    "rak_event_read",
    "rak_webhook_write",
)


def register_url(dashboard: str) -> str:
    return f"{dashboard}/register"


def key_page_url(dashboard: str, *, live: bool) -> str:
    """The form of a new restricted key, its name and rights already filled in."""
    fields = [("name", "Réglo"), *((f"permissions[{rank}]", right) for rank, right in enumerate(RIGHTS))]
    return f"{dashboard}{'' if live else '/test'}/apikeys/create?{urlencode(fields)}"


def dispute_url(dashboard: str, dispute: str, *, live: bool) -> str:
    """Where the seller answers a dispute."""
    return f"{dashboard}{'' if live else '/test'}/disputes/{dispute}"
