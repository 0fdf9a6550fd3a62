from tests.payments.conftest import account, invoice, start, stripe  # noqa: F401 (fixtures)
from tests.sandbox.conftest import running, world  # noqa: F401 (fixtures)
