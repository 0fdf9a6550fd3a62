"""Chloé's browser, her invoice of 1 240,00 €, and a Stripe that the sandbox plays."""

from tests.delivery.conftest import mail_settings  # noqa: F401 (fixture)
from tests.payments.conftest import account, running, stripe, world  # noqa: F401 (fixtures)
from tests.portal.conftest import _nobody_tried_before, browser, invoice, link, payable, stranger  # noqa: F401 (fixtures)
