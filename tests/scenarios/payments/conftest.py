from tests.payments.conftest import account, invoice, running, start, stripe, world

"""A company connected to Stripe, played by the sandbox, and the press of *Payer*."""


__all__ = ["account", "invoice", "running", "start", "stripe", "world"]
