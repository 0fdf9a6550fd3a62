"""*Rembourser*: a person gives a provider's payment back, wholly or in part. The order is committed before the call."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reglo.database.retry import retry_on_conflict
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.money import Money
from reglo.payments import refund_failures
from reglo.payments.locks import lock_account, lock_attempt, lock_payment
from reglo.payments.models import Payment, ProviderAccount, Refund
from reglo.payments.providers.contract import AccountBroken, Retryable, Unknown
from reglo.payments.refund_offers import RefundOffer, RefundRefusal, refund_offer
from reglo.payments.services.account_states import break_account
from reglo.payments.services.refresh_refund import refresh_refund
from reglo.payments.services.send_refund import give_up_refund, send_refund
from reglo.payments.states import RefundReason, RefundState
from reglo.ui.formats import amount as format_amount


class NotRefundable(RegloError):
    """`reason` is a RefundRefusal: its label is the sentence."""

    code = "not_refundable"
    status = 409
    message = _("%(why)s")

    def __init__(self, reason: RefundRefusal) -> None:
        self.reason = reason
        super().__init__(why=reason.label)


class RefundedMeanwhile(RegloError):
    code = "refunded_meanwhile"
    status = 409
    message = _(
        "Ce paiement a été remboursé entre-temps, peut-être par quelqu’un d’autre : il en reste %(left)s. "
        "Vérifiez, puis recommencez s’il le faut."
    )


class SurplusGone(RegloError):
    code = "surplus_gone"
    status = 409
    message = _(
        "Ce trop-perçu a été rendu ou affecté entre-temps, peut-être par quelqu’un d’autre : rien n’a été remboursé."
    )


class RefundOutOfBounds(RegloError):
    code = "refund_out_of_bounds"
    message = _("Le montant doit être compris entre 0,01 € et ce qui peut encore être remboursé : %(left)s.")


@dataclass(frozen=True, slots=True)
class _Order:
    """What the person filled in; `left_minor` and `surplus_minor` are what they saw."""

    refund_id: UUID
    amount_minor: int
    left_minor: int
    surplus_minor: int | None
    reason: RefundReason
    actor_id: int | None


def refund_payment(
    *,
    company_id: int,
    payment_id: UUID,
    refund_id: UUID,
    amount_minor: int,
    left_minor: int,
    reason: RefundReason,
    now: datetime,
    surplus_minor: int | None = None,
    actor_id: int | None = None,
) -> Refund:
    """The refund as far as it is known; call outside any transaction. One that fails at once is returned failed.

    `refund_id`, drawn by the form, makes a double click one refund. `left_minor` is what the form said could still be
    given back: whoever was faster is not refunded over; so is `surplus_minor`, where only the *trop-perçu* is meant.
    Raises NotRefundable, RefundedMeanwhile, SurplusGone, RefundOutOfBounds: nothing is then written, nor asked.
    """
    order = _Order(refund_id, amount_minor, left_minor, surplus_minor, reason, actor_id)
    refund, is_new = _commit(company_id, payment_id, order, now)
    if not is_new:
        return refund  # whoever pressed first is asking, and the sweep asks where they could not
    try:
        refund = send_refund(refund_id=refund.id, now=now)
    except AccountBroken:
        break_account(company_id=company_id, account_id=refund.account_id, now=now)
        return give_up_refund(refund_id=refund.id, failure=refund_failures.BROKEN, now=now)
    except (Retryable, Unknown):
        return refund  # an earlier try of the same call may have arrived: the sweep looks, and orders again
    return _as_told(refund, now)


def _as_told(refund: Refund, now: datetime) -> Refund:
    """The refund after asking how it stands; where nobody answers, the notification or the sweep will tell."""
    if refund.state != RefundState.REQUESTED:
        return refund
    try:
        return refresh_refund(refund_id=refund.id, now=now)
    except (AccountBroken, Retryable):
        return refund


@retry_on_conflict
def _commit(company_id: int, payment_id: UUID, order: _Order, now: datetime) -> tuple[Refund, bool]:
    """The row of this order, and whether it is new."""
    known = Payment.objects.filter(company_id=company_id, id=payment_id).first()
    if known is None:
        raise Http404
    if known.account_id is None:
        raise NotRefundable(RefundRefusal.BY_HAND)
    with transaction.atomic():
        # Whoever disconnects the account sees our order; facts about the payment wait for it.
        account = lock_account(company_id=company_id, account_id=known.account_id)
        if known.attempt_id is not None:
            lock_attempt(attempt_id=known.attempt_id)
        payment = lock_payment(company_id=company_id, payment_id=payment_id)
        if already := Refund.objects.filter(id=order.refund_id).select_related("account", "payment").first():
            if already.payment_id != payment.id:
                raise Http404
            return already, False
        _refuse(refund_offer(payment), order)
        return _write(account, payment, order, now), True


def _refuse(offer: RefundOffer, order: _Order) -> None:
    if offer.refusal is not None:
        raise NotRefundable(offer.refusal)
    if order.left_minor != offer.left.minor:
        raise RefundedMeanwhile(left=_shown(offer.left))
    if order.surplus_minor is not None and order.surplus_minor != offer.surplus.minor:
        raise SurplusGone
    if not 0 < order.amount_minor <= offer.left.minor:
        raise RefundOutOfBounds(field="amount", left=_shown(offer.left))


def _write(account: ProviderAccount, payment: Payment, order: _Order, now: datetime) -> Refund:
    refund = Refund.objects.create(
        id=order.refund_id,
        company_id=payment.company_id,
        account=account,
        payment=payment,
        state=RefundState.REQUESTED,
        amount_minor=order.amount_minor,
        currency=payment.currency,
        reason=order.reason,
        requested_at=now,
        requested_by_id=order.actor_id,
        refunded_at=now,
        refunded_on=now.astimezone(payment.company.zone).date(),
        recorded_at=now,
    )
    record(
        kind=Kind.REFUND_REQUESTED,
        company_id=payment.company_id,
        subject=payment,
        now=now,
        actor_id=refund.requested_by_id,
        content={"amount_minor": refund.amount_minor, "currency": refund.currency, "reason": refund.reason},
    )
    return refund


def _shown(money: Money) -> str:
    return format_amount(money, language=get_language() or "fr")
