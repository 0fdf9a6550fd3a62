from tests.payments.conftest import account, running, stripe, world  # noqa: F401 (fixtures)
