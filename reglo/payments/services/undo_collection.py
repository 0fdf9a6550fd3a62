"""*Annuler l'encaissement*: a mirror payment, a mirror allocation, a reversing entry. Nothing is erased."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from reglo.database.retry import retry_on_conflict
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.accounting import vat_falling_due
from reglo.invoicing.locks import lock_invoices
from reglo.invoicing.models import Invoice
from reglo.ledger.models import Entry
from reglo.ledger.queries import accounts_on
from reglo.ledger.services import Posting, post_entry, reverse_entry
from reglo.ledger.states import AccountRole, Journal
from reglo.payments.accounting import surplus_postings
from reglo.payments.locks import lock_payment
from reglo.payments.models import Allocation, Payment
from reglo.payments.services.booking import settle, settled_by_allocations, settled_by_payment
from reglo.ports import ids


class CollectionNotUndoable(RegloError):
    code = "collection_not_undoable"
    status = 409
    message = _(
        "Seul un encaissement saisi à la main peut être annulé. Un paiement en ligne se rembourse, depuis sa facture."
    )


class CollectionAlreadyUndone(RegloError):
    code = "collection_already_undone"
    status = 409
    message = _("Cet encaissement a déjà été annulé.")


@retry_on_conflict
def undo_collection(
    *, company_id: int, payment_id: UUID, reason: str, now: datetime, actor_id: int | None = None
) -> Payment:
    """The mirror payment, dated today. Raises CollectionNotUndoable, CollectionAlreadyUndone."""
    known = Payment.objects.filter(company_id=company_id, id=payment_id).first()
    if known is None:
        raise Http404
    if not known.is_by_hand or known.reverses_id is not None:
        raise CollectionNotUndoable
    while True:
        named = list(known.allocations.order_by("id").values_list("invoice_id", flat=True))
        with transaction.atomic():
            locked = lock_invoices(company_id=company_id, invoice_ids=sorted(set(named)))
            payment = lock_payment(company_id=company_id, payment_id=payment_id)
            if payment.allocations.exclude(invoice_id__in=named).exists():
                continue  # its *trop-perçu* was given to another invoice just before we held it
            # First the one that it was entered for: its *trop-perçu* may have been given to others since.
            invoices = sorted(locked, key=lambda invoice: invoice.id != named[0])
            return _undo(payment, invoices, reason, now, actor_id)


def _undo(payment: Payment, invoices: list[Invoice], reason: str, now: datetime, actor_id: int | None) -> Payment:
    if Payment.objects.filter(reverses=payment).exists():
        raise CollectionAlreadyUndone
    invoice = invoices[0]
    mirror = _mirror(payment, invoice, reason, now, actor_id)
    should = sum(_unsettle(one, payment, mirror, now) for one in invoices)
    given_back = _reverse_entry(payment, mirror, now)
    _take_surplus_back(invoice, payment.surplus_minor, mirror, now)
    _even_out_vat(invoice, given_back + should, mirror, now)
    for one in invoices:
        settle(one, now=now)
    record(
        kind=Kind.PAYMENT_REVERSED,
        company_id=payment.company_id,
        subject=payment,
        now=now,
        actor_id=actor_id,
        content={
            "number": invoice.number,
            "amount_minor": payment.amount_minor,
            "currency": payment.currency,
            "reason": mirror.note,
        },
    )
    return mirror


def _unsettle(invoice: Invoice, payment: Payment, mirror: Payment, now: datetime) -> int:
    """Take back what of the invoice the payment settles now; the VAT that is due less, negative, in minor units."""
    settled_before = settled_by_allocations(invoice)
    part = settled_by_payment(payment, invoice)
    if part:
        Allocation.objects.create(
            payment=mirror,
            company_id=invoice.company_id,
            invoice=invoice,
            amount_minor=-part,
            allocated_at=now,
        )
    return vat_falling_due(invoice, settled_before=settled_before, settled_after=settled_before - part)


def _mirror(payment: Payment, invoice: Invoice, reason: str, now: datetime, actor_id: int | None) -> Payment:
    return Payment.objects.create(
        id=ids.new_uuid(),
        company_id=payment.company_id,
        method=payment.method,
        amount_minor=-payment.amount_minor,
        surplus_minor=-payment.surplus_minor,
        currency=payment.currency,
        paid_at=now,
        paid_on=now.astimezone(invoice.company.zone).date(),
        recorded_at=now,
        recorded_by_id=actor_id,
        note=reason[:200],
        reverses=payment,
    )


def _reverse_entry(payment: Payment, mirror: Payment, now: datetime) -> int:
    """The VAT that the reversed entry had made due, in minor units."""
    entry = Entry.objects.get(company_id=payment.company_id, source=f"payment:{payment.id}")
    reverse_entry(entry=entry, entry_date=mirror.paid_on, label=f"Annulation {entry.label}"[:200], now=now)
    collected, _label = accounts_on(company_id=entry.company_id, day=entry.entry_date)[AccountRole.VAT_COLLECTED]
    due = entry.lines.filter(account=collected).aggregate(
        total=Sum("credit_minor", default=0) - Sum("debit_minor", default=0)
    )
    return int(due["total"])


def _take_surplus_back(invoice: Invoice, minor: int, mirror: Payment, now: datetime) -> None:
    """The reversed entry took everything back from the invoice: what was *trop-perçu* comes from there instead."""
    post_entry(
        company_id=invoice.company_id,
        journal=Journal.GENERAL,
        entry_date=mirror.paid_on,
        piece=invoice.number or "",
        piece_date=mirror.paid_on,
        label=f"Annulation du trop-perçu {invoice.number} {invoice.customer_name}"[:200],
        source=f"surplus-undone:{mirror.id}",
        postings=surplus_postings(invoice, -minor),
        now=now,
    )


def _even_out_vat(invoice: Invoice, cents: int, mirror: Payment, now: datetime) -> None:
    """The VAT due is rounded on the cumulated settlement, and follows credit notes: what the mirror gave back beyond
    what is no longer due is due again."""
    post_entry(
        company_id=invoice.company_id,
        journal=Journal.GENERAL,
        entry_date=mirror.paid_on,
        piece=invoice.number or "",
        piece_date=mirror.paid_on,
        label=f"Arrondi de TVA sur encaissement {invoice.number}",
        source=f"vat-rounding:{mirror.id}",
        postings=[Posting(AccountRole.VAT_AWAITING, cents), Posting(AccountRole.VAT_COLLECTED, -cents)],
        now=now,
    )
