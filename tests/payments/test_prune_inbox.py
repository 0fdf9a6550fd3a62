from reglo.payments.models import ProviderAccount, ProviderEvent
from reglo.payments.services import prune_inbox
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import StripeWorld


def test_after_ninety_days_only_the_ids_stay(account: ProviderAccount, stripe: StripeWorld, clock: FrozenClock):
    stripe.deliver()
    event = ProviderEvent.objects.get()

    clock.advance(days=90)
    assert prune_inbox(now=clock.now()) == 0
    clock.advance(seconds=1)
    assert prune_inbox(now=clock.now()) == 1

    pruned = ProviderEvent.objects.get()
    assert (pruned.sealed_request, pruned.event_id) == ("", event.event_id)
