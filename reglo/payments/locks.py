"""Locks return rows, in the order of DESIGN §7: account, payment without invoice (a decision about a sale), attempt,
payment, refund or dispute, payout; after documents, before the entry chain."""

from uuid import UUID

from django.http import Http404

from reglo.database.prepared import Parameter, PreparedRead
from reglo.payments.models import Dispute, Payment, PaymentAttempt, Payout, ProviderAccount, Refund, UnmatchedPayment

_ATTEMPT = PreparedRead(
    lambda: (
        PaymentAttempt.objects.select_for_update(of=("self",))
        .select_related("account")
        .filter(id=Parameter("attempt_id"))
    )
)


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
    [attempt] = _ATTEMPT(attempt_id=attempt_id)
    return attempt


def lock_payments(*, payment_ids: list[UUID]) -> list[Payment]:
    """By ascending id."""
    return list(Payment.objects.select_for_update(of=("self",)).filter(id__in=payment_ids).order_by("id"))


def lock_payment(*, company_id: int, payment_id: UUID) -> Payment:
    """Raises Http404 outside the company."""
    payment = Payment.objects.select_for_update(of=("self",)).filter(company_id=company_id, id=payment_id).first()
    if payment is None:
        raise Http404
    return payment


def lock_unmatched_payment(*, company_id: int, unmatched_id: UUID) -> UnmatchedPayment:
    """Raises Http404 outside the company."""
    unmatched = (
        UnmatchedPayment.objects.select_for_update(of=("self",))
        .select_related("payment")
        .filter(company_id=company_id, id=unmatched_id)
        .first()
    )
    if unmatched is None:
        raise Http404
    return unmatched


def lock_dispute(*, company_id: int, dispute_id: UUID) -> Dispute:
    """Raises Http404 outside the company."""
    dispute = (
        Dispute.objects.select_for_update(of=("self",))
        .select_related("payment")
        .filter(company_id=company_id, id=dispute_id)
        .first()
    )
    if dispute is None:
        raise Http404
    return dispute


def lock_losses(*, payment_ids: list[UUID]) -> list[Dispute]:
    """The disputes of these payments of which something is written off, by ascending id."""
    losses = Dispute.objects.select_for_update(of=("self",)).filter(payment_id__in=payment_ids, lost_minor__gt=0)
    return list(losses.order_by("id"))


def lock_payout(*, company_id: int, payout_id: UUID) -> Payout:
    """Raises Http404 outside the company."""
    payout = (
        Payout.objects.select_for_update(of=("self",))
        .select_related("company")
        .filter(company_id=company_id, id=payout_id)
        .first()
    )
    if payout is None:
        raise Http404
    return payout


def lock_refund(*, refund_id: UUID) -> Refund:
    return Refund.objects.select_for_update(of=("self",)).select_related("account", "payment").get(id=refund_id)
