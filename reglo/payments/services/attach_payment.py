"""*Rattacher à une facture*: a payment that came without invoice enters the books, as what one of ours settles."""

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from reglo.database.retry import retry_on_conflict
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.locks import lock_invoice
from reglo.invoicing.models import Invoice
from reglo.invoicing.states import InvoiceStatus
from reglo.payments.gateway import account_value, provider_of
from reglo.payments.locks import lock_unmatched_payment
from reglo.payments.models import AttemptLine, Payment, PaymentAttempt, ProviderAccount, UnmatchedPayment
from reglo.payments.models.unmatched_payment import UnmatchedPaymentDecided
from reglo.payments.providers.contract import AccountBroken, Retryable
from reglo.payments.providers.facts import PaymentFact, Ref, Snapshot
from reglo.payments.services.account_states import break_account
from reglo.payments.services.apply_snapshot import apply_snapshot
from reglo.payments.services.booking import settle
from reglo.payments.services.link_payout_lines import link_payout_lines
from reglo.payments.services.record_dispute import record_dispute
from reglo.payments.services.record_payment import record_payment
from reglo.payments.services.record_refund import record_refund
from reglo.payments.states import AttemptState, UnmatchedState
from reglo.ports import ids

logger = logging.getLogger("reglo.payments")


class NothingOwed(RegloError):
    code = "nothing_owed"
    status = 409
    message = _("La facture %(number)s n’attend plus de paiement : choisissez-en une autre.")


class CurrencyDiffers(RegloError):
    code = "currency_differs"
    status = 409
    message = _("Ce paiement est en %(paid)s et la facture en %(owed)s : ils ne se règlent pas l’un par l’autre.")


class PaymentNotThere(RegloError):
    code = "payment_not_there"
    status = 409
    message = _("Stripe ne connaît plus ce paiement : il n’y a rien à rattacher. Vous pouvez l’ignorer.")


def attach_payment(
    *, company_id: int, unmatched_id: UUID, invoice_id: int, now: datetime, actor_id: int | None = None
) -> Payment:
    """The payment, allocated to the invoice; what it brings beyond is *trop-perçu*. Once, whatever the double clicks.

    The provider is asked first, so that the money, its fee and what was refunded since are booked as they are now.
    Call outside any transaction. Raises NothingOwed, CurrencyDiffers, PaymentNotThere, UnmatchedPaymentDecided,
    DateBeforeBooks, AccountBroken, AccountElsewhere, Retryable: nothing is then written.
    """
    unmatched = (
        UnmatchedPayment.objects.filter(company_id=company_id, id=unmatched_id)
        .select_related("account", "payment")
        .first()
    )
    if unmatched is None:
        raise Http404
    account = unmatched.account
    try:
        snapshot = provider_of(account).fetch(account_value(account), Ref("charge", unmatched.external_id))
    except AccountBroken:
        break_account(company_id=company_id, account_id=account.id, now=now)
        raise
    fact = next((one for one in snapshot.payments if one.id == unmatched.external_id), None)
    if fact is None or snapshot.live != account.is_live:
        raise PaymentNotThere
    payment = _attach(unmatched, invoice_id, snapshot, fact, now, actor_id)
    _catch_up(account, snapshot, now)
    return payment


def _catch_up(account: ProviderAccount, seen: Snapshot, now: datetime) -> None:
    """A refund or a dispute that was told between the question and the commit found no payment here: ask again.

    What a payout took along before is known from now on. Where the provider is silent now, the night compares.
    """
    link_payout_lines(account=account, source_ids=seen.sources, now=now)
    try:
        latest = provider_of(account).fetch(account_value(account), seen.ref)
    except (AccountBroken, Retryable) as error:
        logger.warning("attached, and not asked again", extra={"code": error.code, "account": str(account.id)})
        return
    apply_snapshot(account=account, snapshot=latest, now=now)


@retry_on_conflict
def _attach(
    asked: UnmatchedPayment, invoice_id: int, snapshot: Snapshot, fact: PaymentFact, now: datetime, actor_id: int | None
) -> Payment:
    with transaction.atomic():
        invoice = lock_invoice(company_id=asked.company_id, invoice_id=invoice_id)
        unmatched = lock_unmatched_payment(company_id=asked.company_id, unmatched_id=asked.id)
        if already := unmatched.payment:
            if already.allocations.filter(invoice=invoice).exists():
                return already
            raise UnmatchedPaymentDecided(state=UnmatchedState(unmatched.state).label)
        _refuse(invoice, fact)
        attempt = _standing_for(unmatched, invoice, fact, now)
        payment = record_payment(attempt=attempt, invoices=[invoice], fact=fact, now=now)
        for refund in snapshot.refunds:
            if refund.payment_id == fact.id:
                record_refund(payment=payment, invoices=[invoice], fact=refund, now=now)
        for dispute in snapshot.disputes:
            if dispute.payment_id == fact.id:
                record_dispute(payment=payment, invoices=[invoice], fact=dispute, now=now)
        settle(invoice, now=now)
        unmatched.move_to(UnmatchedState.ATTACHED)
        unmatched.payment, unmatched.decided_at, unmatched.decided_by_id = payment, now, actor_id
        unmatched.save(update_fields=["state", "payment", "decided_at", "decided_by"])
        record(
            kind=Kind.PAYMENT_ATTACHED,
            company_id=asked.company_id,
            subject=unmatched,
            now=now,
            actor_id=actor_id,
            content={"number": invoice.number, "amount_minor": payment.amount_minor, "currency": payment.currency},
        )
    return payment


def _refuse(invoice: Invoice, fact: PaymentFact) -> None:
    if invoice.status != InvoiceStatus.ISSUED or not invoice.settlement.remaining_minor:
        raise NothingOwed(field="invoice", number=invoice.number or "")
    if invoice.currency != fact.money.currency:
        raise CurrencyDiffers(field="invoice", paid=fact.money.currency, owed=invoice.currency)


def _standing_for(unmatched: UnmatchedPayment, invoice: Invoice, fact: PaymentFact, now: datetime) -> PaymentAttempt:
    """The attempt that was made elsewhere: later truth about the charge finds its documents through it."""
    attempt = PaymentAttempt.objects.create(
        id=ids.new_uuid(),
        company_id=unmatched.company_id,
        account_id=unmatched.account_id,
        state=AttemptState.PAID,
        amount_minor=fact.money.minor,
        currency=fact.money.currency,
        created_at=now,
        expires_at=now,
        ended_at=now,
    )
    AttemptLine.objects.create(
        attempt=attempt,
        company_id=unmatched.company_id,
        invoice=invoice,
        amount_minor=attempt.amount_minor,
        open=False,
    )
    return attempt
