from tests.payments.conftest import account, invoice, running, start, stripe, world  # noqa: F401 (fixtures)
