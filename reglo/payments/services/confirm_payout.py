"""*Reçu sur le compte*: a person saw the payout on the bank statement, or takes that back."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.payments.locks import lock_payout
from reglo.payments.models import Payout
from reglo.payments.states import PayoutState


class PayoutNotPaid(RegloError):
    code = "payout_not_paid"
    status = 409
    message = _("Ce virement est « %(state)s » : il ne peut pas être sur votre compte.")


class ReceivedOutOfBounds(RegloError):
    code = "payout_received_out_of_bounds"
    message = _("Indiquez le jour qui figure sur votre relevé : entre le départ du virement et aujourd’hui.")


def confirm_payout(
    *, company_id: int, payout_id: UUID, received_on: date, actor_id: int | None = None, now: datetime
) -> Payout:
    """Note the day it was received; another day corrects it. Raises PayoutNotPaid, ReceivedOutOfBounds."""
    with transaction.atomic():
        payout = lock_payout(company_id=company_id, payout_id=payout_id)
        if payout.state != PayoutState.PAID:
            raise PayoutNotPaid(state=PayoutState(payout.state).label)
        zone = payout.company.zone
        if not payout.sent_at.astimezone(zone).date() <= received_on <= now.astimezone(zone).date():
            raise ReceivedOutOfBounds(field="received_on")
        if payout.received_on != received_on:  # a double click is not an error
            payout.received_on, payout.received_by_id = received_on, actor_id
            payout.save(update_fields=["received_on", "received_by"])
            _tell(Kind.PAYOUT_RECEIVED, payout, actor_id, now)
    return payout


def undo_confirm_payout(*, company_id: int, payout_id: UUID, actor_id: int | None = None, now: datetime) -> Payout:
    """Safe twice."""
    with transaction.atomic():
        payout = lock_payout(company_id=company_id, payout_id=payout_id)
        if payout.received_on is not None:
            payout.received_on = payout.received_by = None
            payout.save(update_fields=["received_on", "received_by"])
            _tell(Kind.PAYOUT_NOT_RECEIVED, payout, actor_id, now)
    return payout


def _tell(kind: Kind, payout: Payout, actor_id: int | None, now: datetime) -> None:
    record(
        kind=kind,
        company_id=payout.company_id,
        subject=payout,
        now=now,
        actor_id=actor_id,
        content={
            "payout": payout.external_id,
            "amount_minor": payout.amount_minor,
            "received_on": payout.received_on and payout.received_on.isoformat(),
        },
    )
