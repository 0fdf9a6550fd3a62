"""Reads of payments shared by several doors. Each is scoped by its company, or by a row that is."""

from django.db.models import F, Q, QuerySet, Sum

from reglo.events.models import Event
from reglo.invoicing.models import Invoice
from reglo.invoicing.states import InvoiceStatus
from reglo.payments.models import Allocation, AttemptLine, Dispute, Endpoint, Payment, PaymentAttempt, ProviderAccount
from reglo.payments.states import OVER_AGAINST_US, PENDING_STATES, UNDER_WAY, AccountState, DisputeOutcome, DisputeState


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


def pending_attempts(account: ProviderAccount) -> QuerySet[PaymentAttempt]:
    """What may still become money, the oldest first."""
    return PaymentAttempt.objects.filter(account=account, state__in=PENDING_STATES).order_by("created_at", "id")


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
    calls refundable (an inquiry, as a rule) is not."""
    kept = Q(state__in=[*UNDER_WAY, DisputeState.LOST]) | Q(withdrawn_minor__gt=0)
    return payment.disputes.filter(kept, refundable=False).exists()


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
