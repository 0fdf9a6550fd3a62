"""A contested payment in words: who asks, why, until when, what was taken, and what is to be decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from reglo.events.kinds import Kind
from reglo.invoicing.models import Invoice
from reglo.money import Money
from reglo.payments.models import Dispute, Payment
from reglo.payments.providers.stripe.key_page import dispute_url
from reglo.payments.queries import disputes_of, is_reclaimable
from reglo.payments.states import DisputeOutcome, DisputeState
from reglo.ui import formats

# Stripe's reasons (docs.stripe.com/disputes/categories), as the seller would say them.
_REASONS = {
    "bank_cannot_process": gettext_lazy("la banque n’a pas pu traiter le paiement"),
    "check_returned": gettext_lazy("le chèque a été rejeté"),
    "credit_not_processed": gettext_lazy("le client attend un remboursement promis"),
    "customer_initiated": gettext_lazy("le client a demandé à sa banque d’annuler le paiement"),
    "debit_not_authorized": gettext_lazy("le client n’a pas autorisé le prélèvement"),
    "duplicate": gettext_lazy("le client dit avoir payé deux fois"),
    "fraudulent": gettext_lazy("le titulaire de la carte dit ne pas avoir fait ce paiement"),
    "general": gettext_lazy("la banque ne donne pas de motif précis"),
    "incorrect_account_details": gettext_lazy("les coordonnées du compte sont fausses"),
    "insufficient_funds": gettext_lazy("le compte du client n’était pas assez approvisionné"),
    "noncompliant": gettext_lazy("le paiement ne respecte pas une règle du réseau de cartes"),
    "product_not_received": gettext_lazy("le client dit n’avoir rien reçu"),
    "product_unacceptable": gettext_lazy("le client dit que ce n’est pas ce qui était convenu"),
    "subscription_canceled": gettext_lazy("le client dit avoir résilié son abonnement"),
    "unrecognized": gettext_lazy("le client ne reconnaît pas ce paiement"),
}


@dataclass(frozen=True, slots=True)
class Contested:
    """What the invoice's page shows of one dispute. `deadline`, while there is something to answer."""

    dispute: Dispute
    title: str
    text: str
    kind: str  # of `<c-message>`
    reason: str
    deadline: date | None
    taken: Money | None
    fee: Money | None
    url: str
    reclaimable: bool


def contested_payments(invoice: Invoice, *, today: date) -> list[Contested]:
    """Those that still matter: under way, waiting for funds or for the owner, or written off."""
    return [_shown(dispute, invoice, today) for dispute in disputes_of(invoice) if _matters(dispute)]


def reason_words(reason: str) -> str:
    """The provider's reason in a sentence's words; a reason that we do not know is the general one."""
    return str(_REASONS.get(reason, _REASONS["general"]))


def dispute_sentence(kind: Kind, told: Mapping[str, Any], payment: Payment) -> tuple[str, str]:
    """The sentence of a dispute's event on the timeline, and its tone."""
    currency = str(told.get("currency", payment.currency))
    amount = _amount(Money(int(told.get("amount_minor", payment.amount_minor)), currency))
    state = told.get("state")
    match kind:
        case Kind.DISPUTE_OPENED if state == DisputeState.INQUIRY:
            return _("La banque du client demande des explications sur %s") % amount, "attention"
        case Kind.DISPUTE_OPENED:
            words = {"amount": amount, "reason": reason_words(str(told.get("reason", "")))}
            return _("Paiement de %(amount)s contesté : %(reason)s") % words, "attention"
        case Kind.DISPUTE_WITHDRAWN:
            fee = Money(int(told.get("fee_minor", 0)), currency)
            if fee:
                return _("Stripe a repris %(amount)s, frais %(fee)s") % {
                    "amount": amount,
                    "fee": _amount(fee),
                }, "failed"
            return _("Stripe a repris %s") % amount, "failed"
        case Kind.DISPUTE_REINSTATED:
            return _("Stripe a rendu %s") % amount, "arrived"
        case Kind.DISPUTE_SETTLED if told.get("outcome") == DisputeOutcome.RECLAIMED:
            return _("Contestation perdue : %s à réclamer à nouveau") % amount, "attention"
        case Kind.DISPUTE_SETTLED:
            return _("Contestation perdue : %s passés en perte") % amount, "attention"
        case _:
            text, tone = _MOVED.get(str(state), _MOVED[DisputeState.UNDER_REVIEW])
            return str(text), tone


_MOVED: dict[str, tuple[Promise | str, str]] = {
    DisputeState.OPEN: (gettext_lazy("La demande d’explications est devenue une contestation"), "attention"),
    DisputeState.UNDER_REVIEW: (gettext_lazy("Explications examinées par la banque"), ""),
    DisputeState.WON: (gettext_lazy("Contestation gagnée"), "arrived"),
    DisputeState.LOST: (gettext_lazy("Contestation perdue"), "failed"),
    DisputeState.CLOSED: (gettext_lazy("Contestation close sans suite"), ""),
}


def local_day(at: datetime, invoice: Invoice) -> date:
    return at.astimezone(invoice.company.zone).date()


def _matters(dispute: Dispute) -> bool:
    return (
        dispute.is_under_way
        or (dispute.withdrawn_minor > 0 and not dispute.outcome)
        or dispute.outcome == DisputeOutcome.WRITTEN_OFF
    )


def _shown(dispute: Dispute, invoice: Invoice, today: date) -> Contested:
    answerable = dispute.state in {DisputeState.INQUIRY, DisputeState.OPEN} and not dispute.outcome
    deadline = local_day(dispute.evidence_due_at, invoice) if answerable and dispute.evidence_due_at else None
    title, text, kind = _words(dispute, invoice, deadline, today)
    fees = sum(move.fee_minor for move in dispute.moves.all())
    return Contested(
        dispute=dispute,
        title=title,
        text=text,
        kind=kind,
        reason=reason_words(dispute.reason),
        deadline=deadline,
        taken=dispute.withdrawn if dispute.withdrawn_minor > 0 else None,
        fee=Money(fees, dispute.withdrawn_currency) if fees else None,
        url=dispute_url(settings.STRIPE_DASHBOARD, dispute.external_id, live=dispute.account.is_live),
        reclaimable=dispute.awaits_choice and is_reclaimable(dispute),
    )


def _words(dispute: Dispute, invoice: Invoice, deadline: date | None, today: date) -> tuple[str, str, str]:
    if dispute.outcome == DisputeOutcome.WRITTEN_OFF and dispute.outcome_at:
        words = {"amount": _amount(dispute.withdrawn), "day": _day(local_day(dispute.outcome_at, invoice), today)}
        text = (
            _("La facture reste soldée. Voyez avec votre comptable ce que devient sa TVA.")
            if invoice.company.charges_vat
            else _("La facture reste soldée.")
        )
        return _("%(amount)s passés en perte le %(day)s") % words, text, "info"
    if dispute.awaits_choice:
        text = _("La banque a donné raison au client et Stripe garde l’argent. Dites ce que devient la facture.")
        return _("Contestation perdue"), text, "error"
    if dispute.state == DisputeState.WON:
        return _("Contestation gagnée"), _("Stripe va vous rendre l’argent : la facture sera payée à nouveau."), "info"
    if dispute.state == DisputeState.UNDER_REVIEW:
        return _("La banque examine vos explications"), _("Vous n’avez rien à faire jusqu’à sa décision."), "info"
    title = (
        _("Répondez dans Stripe avant le %s") % _day(deadline, today)
        if deadline
        else _("La banque ne prend aucune réponse pour ce paiement")
    )
    if dispute.state == DisputeState.INQUIRY:
        text = _("La banque du client demande des explications. L’argent reste chez vous pour le moment.")
    elif dispute.withdrawn_minor > 0:
        text = _("Stripe a repris l’argent jusqu’à la décision de la banque.")
    else:
        text = _("Stripe va reprendre l’argent jusqu’à la décision de la banque.")
    return title, text, "warning"


def _amount(money: Money) -> str:
    return formats.amount(money, language=get_language() or "fr")


def _day(value: date, today: date) -> str:
    return formats.day_near(value, today=today, language=get_language() or "fr")
