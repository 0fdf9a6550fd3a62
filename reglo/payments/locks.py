"""Locks return rows, in the order of DESIGN §7: account, attempt, payment; after documents, before the entry chain."""

from uuid import UUID

from django.http import Http404

from reglo.payments.models import Payment, PaymentAttempt, ProviderAccount


def lock_account(*, company_id: int, account_id: UUID) -> ProviderAccount:
    """Raises Http404 outside the company."""
    account = (
        ProviderAccount.objects.select_for_update(of=("self",))
        .select_related("company")
        .filter(company_id=company_id, id=account_id)
        .first()
    )
    if account is None:
        raise Http404
    return account


def lock_attempt(*, attempt_id: UUID) -> PaymentAttempt:
    return PaymentAttempt.objects.select_for_update(of=("self",)).select_related("account").get(id=attempt_id)


def lock_payments(*, payment_ids: list[UUID]) -> list[Payment]:
    """By ascending id."""
    return list(Payment.objects.select_for_update(of=("self",)).filter(id__in=payment_ids).order_by("id"))


def lock_payment(*, company_id: int, payment_id: UUID) -> Payment:
    """Raises Http404 outside the company."""
    payment = Payment.objects.select_for_update(of=("self",)).filter(company_id=company_id, id=payment_id).first()
    if payment is None:
        raise Http404
    return payment
