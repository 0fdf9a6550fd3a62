"""What the books of money say, without what only the order of writing decides: to be compared between two ways there."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import Sum

from reglo.companies.models import Company
from reglo.ledger.models import EntryLine
from reglo.payments.models import Allocation, Payment, PaymentAttempt, Refund
from reglo.payments.queries import accounts_of


def picture(company: Company) -> dict[str, Any]:
    """Payments, what they settle, refunds, attempts, every ledger line with the fact it comes from, and balances."""
    names = {str(payment.id): payment.external_id or "" for payment in Payment.objects.filter(company=company)}
    names |= {str(refund.id): refund.external_id or "" for refund in Refund.objects.filter(company=company)}
    lines = EntryLine.objects.filter(company=company).select_related("entry")
    return {
        "payments": sorted(
            (payment.external_id, payment.amount_minor, payment.currency, payment.fee_minor, payment.paid_on)
            for payment in Payment.objects.filter(company=company)
        ),
        "settled": sorted(
            Allocation.objects.filter(company=company)
            .values_list("payment__external_id", "invoice__number")
            .annotate(Sum("amount_minor"))
        ),
        "refunds": sorted(Refund.objects.filter(company=company).values_list("external_id", "state", "amount_minor")),
        "attempts": sorted(
            PaymentAttempt.objects.filter(account__in=accounts_of(company_id=company.id)).values_list(
                "state", "amount_minor"
            )
        ),
        "settlements": sorted(
            company.invoices.exclude(number=None).values_list(
                "number", "settlement__settled_minor", "settlement__pending_minor"
            )
        ),
        "entries": sorted(
            (_named(line.entry.source, names), line.rank, line.account, line.debit_minor, line.credit_minor)
            for line in lines
        ),
    }


def _named(source: str, names: dict[str, str]) -> str:
    """« payment:<uuid> » by the provider's own id."""
    kind, _colon, identifier = source.partition(":")
    return f"{kind}:{names.get(identifier, identifier)}"


@contextmanager
def taken_back() -> Iterator[None]:
    """What is written inside is rolled back at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
