"""What is left of a payment, and how much of a document its open disputes took. Reads only."""

from django.db.models import F, Min, Sum

from reglo.invoicing.models import Invoice
from reglo.payments.models import Payment, Refund
from reglo.payments.states import RefundState


def surplus_left(payment: Payment, *, currency: str, but: Refund | None = None) -> int:
    """What the payment still holds that settles no document, in minor units of `currency`, `but` not counted.

    Negative when more left than came: a refund and a dispute of the same money.
    """
    refunds = payment.refunds.filter(state=RefundState.SUCCEEDED, currency=currency)
    if but is not None:
        refunds = refunds.exclude(id=but.id)
    refunded = int(refunds.aggregate(total=Sum("amount_minor", default=0))["total"])
    decided = payment.disputes.exclude(outcome="").filter(withdrawn_currency=currency)
    gone = int(decided.aggregate(total=Sum(F("withdrawn_minor") - F("lost_minor"), default=0))["total"])
    allocated = sum(settled_by(payment).values()) if payment.currency == currency else 0
    return payment.minor_in(currency) - refunded - gone - allocated


def disputed_on(invoice: Invoice) -> int:
    """What disputes took of the money that settles the invoice, while nobody has decided. Computed from the rows as
    they are, so that the order in which they came does not matter."""
    payments = Payment.objects.filter(
        allocations__invoice=invoice, disputes__outcome="", disputes__withdrawn_minor__gt=0
    ).distinct()
    return sum(_disputed_parts(payment).get(invoice.pk, 0) for payment in payments)


def _disputed_parts(payment: Payment) -> dict[int, int]:
    """By document: *trop-perçu* is taken first, then what was settled last, as by a refund."""
    open_disputes = payment.disputes.filter(outcome="", withdrawn_minor__gt=0)
    taken = sum(
        dispute.withdrawn_minor if dispute.withdrawn_currency == payment.currency else dispute.amount_minor
        for dispute in open_disputes
    )
    left = taken - max(0, surplus_left(payment, currency=payment.currency))
    parts = {}
    for invoice_id, allocated in reversed(settled_by(payment).items()):
        parts[invoice_id] = max(0, min(left, allocated))
        left -= parts[invoice_id]
    return parts


def settled_by(payment: Payment) -> dict[int, int]:
    """Invoice → what of it the payment settles now, minor units; in the order in which the payment first reached them.

    What is taken back, by a refund or a dispute, is taken from the end.
    """
    rows = payment.allocations.values("invoice_id").annotate(total=Sum("amount_minor"), first=Min("id"))
    return {row["invoice_id"]: int(row["total"]) for row in rows.order_by("first")}


def contested_with(invoice_id: int) -> list[int]:
    """The invoices that an open dispute of a payment of this one concerns, itself among them, by ascending id; none
    where nothing is contested. What one of them has less, another has more."""
    contested = Payment.objects.filter(
        allocations__invoice=invoice_id, disputes__outcome="", disputes__withdrawn_minor__gt=0
    )
    concerned = Invoice.objects.filter(allocations__payment__in=contested.values("id")).order_by("id")
    return list(concerned.values_list("id", flat=True).distinct())
