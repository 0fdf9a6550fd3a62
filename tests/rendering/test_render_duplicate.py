"""The paid copy of an invoice."""

from collections.abc import Callable

import pytest

from reglo.companies.models import Company
from reglo.files.models import StoredFile
from reglo.invoicing.models import Invoice
from reglo.payments.models import Dispute, PaymentAttempt, ProviderAccount
from reglo.payments.providers.facts import DisputeStanding
from reglo.payments.services import settle_lost_dispute
from reglo.payments.states import DisputeOutcome, Method
from reglo.ports import clock
from reglo.rendering.services import InvoiceNotPaid, duplicate_pdf
from tests.factories import make_issued
from tests.payments.conftest import account, running, start, stripe, world  # noqa: F401 (fixtures)
from tests.payments.disputes import contested, tell, withdrawn
from tests.rendering.money_in import pay
from tests.rendering.printed import faults_of, text_of


def test_a_paid_invoice_is_stamped_with_the_day_and_the_means(company: Company) -> None:
    invoice = make_issued(company)
    pay(invoice, 12000, method=Method.CARD)
    pdf = duplicate_pdf(invoice=invoice)
    text = text_of(pdf)
    assert faults_of(pdf) == []
    assert "Duplicata – Acquittée le 22 novembre 2026 par carte" in text
    assert "Net à payer 120,00 €" in text
    assert "IBAN" not in text
    assert not StoredFile.objects.exists()


def test_the_last_of_several_payments_acquits(company: Company) -> None:
    invoice = make_issued(company)
    pay(invoice, 5000, method=Method.CHEQUE, days_ago=2)
    pay(invoice, 7000, method=Method.TRANSFER, days_ago=1)
    assert "Duplicata – Acquittée le 21 novembre 2026 par virement" in text_of(duplicate_pdf(invoice=invoice))


def test_means_that_have_no_name_are_not_said(company: Company) -> None:
    invoice = make_issued(company)
    pay(invoice, 12000, method=Method.OTHER)
    text = text_of(duplicate_pdf(invoice=invoice))
    assert "Duplicata – Acquittée le 22 novembre 2026 Total HT" in text


def test_a_partly_paid_invoice_has_no_duplicate(company: Company) -> None:
    invoice = make_issued(company)
    pay(invoice, 11999, method=Method.CARD)
    with pytest.raises(InvoiceNotPaid):
        duplicate_pdf(invoice=invoice)


def test_the_same_duplicate_gives_the_same_bytes(company: Company) -> None:
    invoice = make_issued(company)
    pay(invoice, 12000, method=Method.CASH)
    assert duplicate_pdf(invoice=invoice) == duplicate_pdf(invoice=invoice)


@pytest.mark.parametrize("standing", [DisputeStanding.OPEN, DisputeStanding.LOST])
def test_money_that_was_taken_back_acquits_nothing(
    company: Company,
    account: ProviderAccount,  # noqa: F811 (the fixture)
    start: Callable[[Invoice], PaymentAttempt],  # noqa: F811 (the fixture)
    standing: DisputeStanding,
) -> None:
    """Neither while the bank holds it, nor once it is written off; an inquiry takes nothing."""
    invoice = make_issued(company, card_allowed=True)
    attempt = start(invoice)
    tell(attempt, contested(DisputeStanding.INQUIRY))
    assert duplicate_pdf(invoice=Invoice.objects.get(pk=invoice.pk))

    tell(attempt, contested(standing, withdrawn()))
    if standing == DisputeStanding.LOST:
        settle_lost_dispute(
            company_id=invoice.company_id,
            dispute_id=Dispute.objects.get().id,
            outcome=DisputeOutcome.WRITTEN_OFF,
            now=clock.now(),
        )

    with pytest.raises(InvoiceNotPaid):
        duplicate_pdf(invoice=Invoice.objects.get(pk=invoice.pk))
