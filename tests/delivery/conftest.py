"""A company that can send mail, and an invoice of 1 240,00 € to send."""

import pytest

from reglo.companies.models import Company
from reglo.delivery.models import MailSettings
from reglo.delivery.services import MailSettingsInput, save_mail_settings
from reglo.delivery.states import Security
from reglo.invoicing.models import Invoice
from reglo.ports import clock
from tests.factories import line, make_issued


@pytest.fixture
def mail_settings(company: Company) -> MailSettings:
    return save_mail_settings(
        company_id=company.id,
        typed=MailSettingsInput(
            host="smtp.atelier-lumen.test",
            port=587,
            security=Security.STARTTLS,
            username="lumen",
            password="un mot de passe",
            from_address="factures@atelier-lumen.test",
        ),
        actor_id=None,
        now=clock.now(),
    )


@pytest.fixture
def invoice(company: Company) -> Invoice:
    """Issued on 22 November 2026, due on 22 December."""
    return make_issued(company, lines=[line("1033.33", vat="20.00")], due_days=30)
