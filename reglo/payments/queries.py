"""Reads of payments shared by several doors. Each is scoped by its company, or by a row that is."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TypeVar

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from reglo.companies.models import Company
from reglo.events.models import Event
from reglo.invoicing.models import Invoice, owed
from reglo.invoicing.states import InvoiceStatus
from reglo.payments.models import (
    Allocation,
    AttemptLine,
    Difference,
    Dispute,
    Endpoint,
    Payment,
    PaymentAttempt,
    Payout,
    ProviderAccount,
    Refund,
    UnmatchedPayment,
)
from reglo.payments.states import (
    COUNTED_REFUNDS,
    OVER_AGAINST_US,
    PENDING_STATES,
    REFUNDS_UNDER_WAY,
    AccountState,
    DisputeOutcome,
    DisputeState,
    PayoutState,
    RefundState,
    UnmatchedState,
)

T = TypeVar("T")
CLOCKS_DIFFER = timedelta(minutes=10)  # beyond, its notifications would look stale, and are refused
AT_ONCE = 500  # values that one question to the database names


def in_parts(values: Collection[T]) -> Iterator[list[T]]:
    """The values, AT_ONCE by AT_ONCE."""
    left = iter(values)
    while part := list(islice(left, AT_ONCE)):
        yield part


def connected_account(*, company_id: int) -> ProviderAccount | None:
    """The account that collects for the company; it may be broken."""
    return ProviderAccount.objects.filter(
        company_id=company_id, state__in=[AccountState.ACTIVE, AccountState.BROKEN]
    ).first()


def accounts_of(*, company_id: int) -> QuerySet[ProviderAccount]:
    """All accounts ever connected or proposed, the newest first."""
    return ProviderAccount.objects.filter(company_id=company_id).order_by("-created_at")


def endpoint_of(account: ProviderAccount) -> Endpoint | None:
    """Where the provider calls us about the account: its own endpoint, or its platform's."""
    living = Endpoint.objects.filter(provider=account.provider, live=account.is_live, removed_at=None)
    return living.filter(account=account).first() or living.filter(account=None).first()


def born(account: ProviderAccount) -> datetime:
    """Nothing that the provider made before concerns us, by its clock and by ours."""
    return account.created_at - CLOCKS_DIFFER


def pending_attempts(account: ProviderAccount) -> QuerySet[PaymentAttempt]:
    """What may still become money, the oldest first."""
    return PaymentAttempt.objects.filter(account=account, state__in=PENDING_STATES).order_by("created_at", "id")


def unmatched_payments(*, company_id: int, state: UnmatchedState = UnmatchedState.OPEN) -> QuerySet[UnmatchedPayment]:
    """What came without invoice, by what was decided of it; the latest payment first."""
    return UnmatchedPayment.objects.filter(company_id=company_id, state=state).order_by("-paid_at", "-id")


def refunds_under_way(account: ProviderAccount) -> QuerySet[Refund]:
    """What may still give money back, the oldest first."""
    return Refund.objects.filter(account=account, state__in=REFUNDS_UNDER_WAY).order_by("recorded_at", "id")


def payments_of(invoice: Invoice) -> QuerySet[Payment]:
    """What was collected for the invoice and what undid it, the oldest first; *trop-perçu* of its attempts too."""
    return (
        Payment.objects.filter(company_id=invoice.company_id)
        .filter(Q(allocations__invoice=invoice) | Q(attempt__lines__invoice=invoice))
        .distinct()
        .order_by("paid_at", "recorded_at")
    )


def is_disputed(payment: Payment) -> bool:
    """Whether a refund would give the money back twice: it is contested, or the bank kept it. What the provider still
    calls refundable (an inquiry, as a rule) is not. Read from the payment's disputes, prefetched or not."""
    return any(_holds_money(dispute) for dispute in payment.disputes.all())


def awaits_bank(payment: Payment) -> bool:
    """Whether what is left of it is uncertain: a bank may take it back, or has and nobody decided whose it was."""
    return any(_holds_money(dispute) and not dispute.outcome for dispute in payment.disputes.all())


def _holds_money(dispute: Dispute) -> bool:
    taken = dispute.is_under_way or dispute.state == DisputeState.LOST or dispute.withdrawn_minor > 0
    return taken and not dispute.refundable


def is_reclaimable(dispute: Dispute) -> bool:
    """Whether a document still counts on the money: neither credited nor already reopened by a refund."""
    settles = Allocation.objects.filter(payment=dispute.payment_id, invoice__status=InvoiceStatus.ISSUED)
    return bool(settles.aggregate(total=Sum("amount_minor", default=0))["total"])


def is_acquitted(invoice: Invoice) -> bool:
    """Whether an issued invoice may be called paid on paper: wholly settled, by money that nobody took back."""
    settlement = invoice.settlement
    if not settlement.is_settled or settlement.disputed_minor:
        return False
    written_off = Q(outcome=DisputeOutcome.WRITTEN_OFF, withdrawn_minor__gt=0)
    return not Dispute.objects.filter(written_off, payment__allocations__invoice=invoice).exists()


def disputes_of(invoice: Invoice) -> QuerySet[Dispute]:
    """Every contested payment of the invoice, the latest first."""
    payments = payments_of(invoice).order_by().values("id")
    return (
        Dispute.objects.filter(company_id=invoice.company_id, payment_id__in=payments)
        .select_related("account")
        .prefetch_related("moves")
        .order_by("-opened_at", "id")
    )


def disputes_waiting(*, company_id: int) -> QuerySet[Dispute]:
    """Those that the owner can still answer, or must decide about: the nearest deadline first, then decisions."""
    answerable = Q(state__in=[DisputeState.INQUIRY, DisputeState.OPEN])
    to_decide = Q(state__in=OVER_AGAINST_US, outcome="", withdrawn_minor__gt=0)
    return Dispute.objects.filter(answerable | to_decide, company_id=company_id).order_by(
        F("evidence_due_at").asc(nulls_last=True), "opened_at", "id"
    )


def payers_of(payment: Payment) -> set[int]:
    """The customers whose money it is: of the documents that it was paid for, or settles."""
    paid_for = AttemptLine.objects.filter(attempt=payment.attempt_id).values_list("invoice__customer_id", flat=True)
    settles = payment.allocations.values_list("invoice__customer_id", flat=True)
    return {customer_id for customer_id in (*paid_for, *settles) if customer_id is not None}


def surpluses_of(company: Company) -> QuerySet[Payment]:
    """The payments that brought more than was owed, and nobody gave back or allocated it yet; the latest first."""
    return (
        Payment.objects.filter(company=company, surplus_minor__gt=0, reversed_by=None)
        .exclude(surplus_minor=0)  # said so too, for the index
        .select_related("account", "company", "attempt")
        .prefetch_related("refunds", "allocations__invoice__settlement")
        .order_by("-paid_at", "-id")
    )


def refunds_of(invoice: Invoice) -> QuerySet[Refund]:
    """What its payers were given back, or are being; a refund that did not go through is not theirs to know."""
    return Refund.objects.filter(
        payment__in=payments_of(invoice).order_by().values("id"),
        state__in=[RefundState.PENDING, RefundState.SUCCEEDED],
    ).order_by("refunded_at", "id")


def refunds_sent_back(company: Company, *, since: date) -> QuerySet[Refund]:
    """What the payers' banks sent back of the refunds made since that day, and nobody gave back again yet."""
    again = Refund.objects.filter(
        payment=OuterRef("payment"), recorded_at__gt=OuterRef("recorded_at"), state__in=COUNTED_REFUNDS
    )
    return (
        Refund.objects.filter(company=company, refunded_on__gte=since, state=RefundState.FAILED)
        .exclude(external_id=None)
        .exclude(Exists(again))
        .select_related("payment")
        .order_by("-recorded_at", "-id")
    )


def invoices_for_surplus(payment: Payment) -> QuerySet[Invoice]:
    """What its *trop-perçu* may settle: issued, owing, of the same customer; the oldest due first."""
    return (
        Invoice.objects.filter(
            company_id=payment.company_id,
            customer_id__in=payers_of(payment),
            status=InvoiceStatus.ISSUED,
            currency=payment.currency,
            settlement__settled_minor__lt=owed("settlement__"),
            settlement__pending_minor=0,
        )
        .select_related("settlement")
        .order_by("settlement__due_date", "id")
    )


def invoice_events(invoice: Invoice) -> QuerySet[Event]:
    """The whole story of an invoice, oldest first: its own events, those of its attempts and of its payments."""
    attempts = AttemptLine.objects.filter(invoice=invoice).values_list("attempt_id", flat=True)
    payments = payments_of(invoice).values_list("id", flat=True)
    return (
        Event.objects.filter(company_id=invoice.company_id)
        .filter(
            Q(subject_type="invoicing.invoice", subject_id=str(invoice.id))
            | Q(subject_type="payments.paymentattempt", subject_id__in=[str(one) for one in attempts])
            | Q(subject_type="payments.payment", subject_id__in=[str(one) for one in payments])
        )
        .select_related("content", "actor")
        .order_by("id")
    )


def failed_payout(*, company_id: int) -> Payout | None:
    """The last payout that the bank sent back, until a later one arrived."""
    payouts = Payout.objects.filter(company_id=company_id).order_by("-sent_at")
    failed = payouts.filter(state=PayoutState.FAILED).first()
    if failed is None or payouts.filter(state=PayoutState.PAID, sent_at__gt=failed.sent_at).exists():
        return None
    return failed


def open_differences(*, company_id: int) -> QuerySet[Difference]:
    """What the provider's balance and our books do not say alike, the oldest first."""
    return Difference.objects.filter(company_id=company_id, resolved_at=None).order_by("moved_at", "id")
