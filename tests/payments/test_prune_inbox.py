from collections.abc import Callable

from reglo.invoicing.models import Invoice
from reglo.payments.models import PaymentAttempt, ProviderEvent
from reglo.payments.services import prune_inbox
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import StripeWorld


def test_after_ninety_days_only_the_ids_stay(
    stripe: StripeWorld, invoice: Invoice, start: Callable[..., PaymentAttempt], clock: FrozenClock
):
    stripe.pay(start(invoice))
    stripe.deliver()
    told = set(ProviderEvent.objects.values_list("event_id", flat=True))
    assert told

    clock.advance(days=90)
    assert prune_inbox(now=clock.now()) == 0
    clock.advance(seconds=1)
    assert prune_inbox(now=clock.now()) == len(told)

    assert set(ProviderEvent.objects.values_list("event_id", "sealed_request")) == {(event_id, "") for event_id in told}
