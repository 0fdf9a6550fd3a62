"""50: what nobody may read, in logs, errors and the inbox."""

import json
import logging
import sys
from base64 import b64decode
from typing import Any

import pytest
from django.test import Client

from reglo.config.request_log import JsonFormatter
from reglo.events.models import Reaction
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.payments.models import Endpoint, ProviderAccount, ProviderEvent
from reglo.payments.services import (
    apply_event,
    check_account,
    prune_inbox,
)
from reglo.ports import clock as clock_port
from tests.harness.frozen_clock import FrozenClock
from tests.harness.stripe_world import RESTRICTED_KEY, StripeWorld
from tests.scenarios.payments.telling import (
    Start,
)


def quote_key(**_given: Any) -> bool:
    raise RuntimeError(f"Invalid API Key provided: {RESTRICTED_KEY}")


class TestSecretsStaySecret:
    """50"""

    def test_neither_logs_nor_errors_tell_keys_or_the_customer(
        self, stripe: StripeWorld, invoice: Invoice, start: Start, account: ProviderAccount, caplog: Any
    ):
        [signing] = Endpoint.objects.get().accepted_secrets(clock_port.now())
        token = Endpoint.objects.get().token
        with caplog.at_level(logging.DEBUG):
            stripe.pay(start(invoice))
            stripe.deliver()
            Client().post(f"/hooks/stripe/{token}", data=b"{}", content_type="application/json")
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(sys.modules[apply_event.__module__], "apply_snapshot", quote_key)
                run_until_idle()
            stripe.revoke(RESTRICTED_KEY)
            check_account(company_id=account.company_id, account_id=account.id, now=clock_port.now())

        written = "\n".join(JsonFormatter().format(record) for record in caplog.records)
        assert "failed" in written
        for secret in (RESTRICTED_KEY, signing, token, "4242 4242 4242 4242"):
            assert secret not in written
        ours = "\n".join(JsonFormatter().format(record) for record in caplog.records if record.name.startswith("reglo"))
        assert "claire@fontaine.test" not in ours
        errors = "\n".join(Reaction.objects.values_list("last_error", flat=True))
        assert "RuntimeError" in errors
        assert RESTRICTED_KEY not in errors

    def test_bodies_are_kept_encrypted_and_for_ninety_days(
        self, stripe: StripeWorld, invoice: Invoice, start: Start, clock: FrozenClock
    ):
        stripe.pay(start(invoice))
        stripe.deliver()
        kept = ProviderEvent.objects.get(kind="charge.succeeded")
        assert b"claire@fontaine.test" in b64decode(json.loads(kept.open_request())["body"])
        assert "claire" not in kept.sealed_request

        clock.advance(days=90)
        prune_inbox(now=clock.now())
        assert ProviderEvent.objects.exclude(sealed_request="").exists()
        clock.advance(seconds=1)
        prune_inbox(now=clock.now())

        assert not ProviderEvent.objects.exclude(sealed_request="").exists()
        assert ProviderEvent.objects.get(kind="charge.succeeded").object_id.startswith("ch_")
