"""What Stripe could not deliver: asked for, so that an endpoint that was down loses nothing."""

from datetime import datetime, timedelta

from stripe.params import EventListParams

from reglo.payments.providers.contract import Account, Nudge
from reglo.payments.providers.stripe.client import Clients, translated
from reglo.payments.providers.stripe.webhook import EVENT_TYPES, nudge_of

# Stripe keeps its events 30 days, and tries to deliver each for 3: after that its fate is known.
KEPT = timedelta(days=30)
TRIED = timedelta(days=3)
TYPES_AT_ONCE = 20  # the most that a question may name


def changes(clients: Clients, account: Account, cursor: str, now: datetime) -> tuple[list[Nudge], str]:
    """Events not delivered since `cursor` (seconds since 1970), oldest first. The next cursor leaves an overlap."""
    since = int(cursor) if cursor else int((now - KEPT).timestamp())
    return _listed(clients, account, since, {"delivery_success": False}), str(int((now - TRIED).timestamp()))


def history(clients: Clients, account: Account, since: datetime) -> list[Nudge]:
    """All events since, oldest first: for Stripe, what no endpoint was there to hear counts as delivered."""
    return _listed(clients, account, int(since.timestamp()), {})


def _listed(clients: Clients, account: Account, since: int, which: EventListParams) -> list[Nudge]:
    client = clients.of(account.secrets)
    nudges: list[Nudge] = []
    with translated():
        for start in range(0, len(EVENT_TYPES), TYPES_AT_ONCE):
            types = list(EVENT_TYPES[start : start + TYPES_AT_ONCE])
            listed = client.v1.events.list({**which, "types": types, "created": {"gte": since}, "limit": 100})
            nudges += [nudge_of(event.to_dict()) for event in listed.auto_paging_iter()]
    return sorted(nudges, key=lambda nudge: nudge.at)
