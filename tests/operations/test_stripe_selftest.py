"""`reglo stripe selftest`, run against the sandbox: a line per step, no trace left, no live key."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from reglo.payments.models import PaymentAttempt, ProviderAccount
from reglo.payments.providers.contract import Redirect
from reglo.payments.providers.facts import Ref
from reglo.payments.providers.stripe import checkout
from tests.harness.stripe_world import LIVE_KEY, RESTRICTED_KEY, StripeWorld
from tests.payments.conftest import running, stripe, world  # noqa: F401 (fixtures)

Run = Callable[[str], tuple[list[str], int]]
SELLER_SECRET_KEY = "sk_test_sandbox_lumen_51AtelierLumenNotARealKey"


@pytest.fixture
def run(stripe: StripeWorld, monkeypatch: pytest.MonkeyPatch) -> Run:  # noqa: F811 (the fixture)
    """The lines printed for this key, and the exit code."""

    def run(key: str) -> tuple[list[str], int]:
        printed = io.StringIO()
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{key}\n"))
        code = 0
        try:
            call_command("stripe", "selftest", stdout=printed)
        except SystemExit as ended:
            code = int(str(ended.code))
        return printed.getvalue().splitlines(), code

    return run


def test_every_step_passes_and_says_so_in_one_line(run: Run, stripe: StripeWorld, db: None):  # noqa: F811 (the fixture)
    client = stripe.provider().clients.of({"api_key": SELLER_SECRET_KEY})
    client.v1.payment_intents.create(
        {"amount": 4_200, "currency": "eur", "confirm": True, "payment_method": "pm_card_visa"}
    )

    lines, code = run(RESTRICTED_KEY)

    assert code == 0
    assert [line[0] for line in lines] == ["✓"] * 12
    assert lines[0] == "✓ La clé ouvre un compte de test (Atelier Lumen, acct_1SandboxLumen, simulated)"
    assert lines[-2].endswith(", 42,00\u00a0€)")
    assert lines[-1].endswith(", 0,01\u00a0€)")
    assert [refund.amount for refund in client.v1.refunds.list().data] == [1]
    assert {session.status for session in client.v1.checkout.sessions.list().data} == {"expired"}
    assert not client.v1.webhook_endpoints.list().data
    assert not ProviderAccount.objects.exists()
    assert not PaymentAttempt.objects.exists()


def test_without_a_payment_that_step_is_left_out(run: Run):
    lines, code = run(RESTRICTED_KEY)

    assert code == 0
    assert lines[-2].startswith("– Un paiement dit deux fois la même chose (aucun paiement d’essai")


def test_a_live_key_is_refused_before_anything_is_asked(run: Run, stripe: StripeWorld):  # noqa: F811 (the fixture)
    with pytest.raises(CommandError, match="argent réel"):
        run(LIVE_KEY)

    assert stripe.wire.passed == []


def test_a_right_that_is_missing_is_named_and_the_rest_still_tried(run: Run, stripe: StripeWorld):  # noqa: F811 (the fixture)
    stripe.command(f"keys/{RESTRICTED_KEY}/permissions", remove="rak_event_write")

    lines, code = run(RESTRICTED_KEY)

    assert code == 1
    assert lines[1] == "✗ Elle a tous les droits nécessaires (event_read)"
    assert lines[3].startswith("✓ Une page de paiement s’ouvre")
    assert lines[9].startswith("✗ Les notifications manquées se demandent")


def test_a_key_that_opens_nothing_leaves_nothing_to_try(run: Run):
    lines, code = run("rk_test_unknown")

    assert code == 1
    assert lines[0].startswith("✗ La clé ouvre un compte de test (Stripe ne reconnaît pas cette clé")
    assert {line[0] for line in lines[1:]} == {"–"}


def test_a_provider_that_opens_a_second_page_is_found_out(run: Run, monkeypatch: pytest.MonkeyPatch):
    honest, opened = checkout.start, []

    def forgetful(*given: Any) -> Redirect:
        page = honest(*given)
        opened.append(page)
        return page if len(opened) == 1 else Redirect(page.url, Ref(page.ref.kind, "cs_other"), page.expires_at)

    monkeypatch.setattr(checkout, "start", forgetful)

    lines, code = run(RESTRICTED_KEY)

    assert code == 1
    assert lines[4] == "✗ La même demande retrouve la même page (cs_other)"
