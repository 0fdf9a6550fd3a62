"""A company connected to Stripe, played by the sandbox, and the press of *Payer*."""

from tests.payments.conftest import account, invoice, running, start, stripe, world

__all__ = ["account", "invoice", "running", "start", "stripe", "world"]
