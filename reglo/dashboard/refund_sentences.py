"""What happened to money after it came, in sentences: given back, sent back, given to another invoice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reglo.events.kinds import Kind
from reglo.events.models import Event
from reglo.invoicing.models import Invoice
from reglo.money import Money
from reglo.payments.refund_failures import failure_words
from reglo.ui import formats


@dataclass(frozen=True, slots=True)
class Sentence:
    """`tone` is a tone of `<c-event>`: arrived, attention, failed, or nothing."""

    text: str
    at: datetime
    tone: str = ""


def refund_sentence(event: Event, told: Mapping[str, Any], invoice: Invoice) -> Sentence:
    """On the page of `invoice`; what was erased of the event is left out."""
    moved, at = int(told.get("amount_minor", 0)), event.occurred_at
    words = {
        "amount": formats.amount(
            Money(abs(moved), told.get("currency", invoice.currency)), language=get_language() or "fr"
        ),
        "who": _(" par %s") % event.actor if event.actor else "",
        "why": failure_words(told.get("failure", "")),
        "number": told.get("number", ""),
    }
    match Kind(event.kind):
        case Kind.REFUND_REQUESTED:
            return Sentence(_("Remboursement de %(amount)s demandé%(who)s") % words, at)
        case Kind.REFUND_FAILED:
            return Sentence(_("Le remboursement de %(amount)s n’a pas abouti. %(why)s") % words, at, "failed")
        case Kind.PAYMENT_ALLOCATED if words["number"] == invoice.number:
            return Sentence(_("Réglée par un trop-perçu de %(amount)s") % words, at, "arrived")
        case Kind.PAYMENT_ALLOCATED:
            return Sentence(_("Trop-perçu de %(amount)s affecté à la facture %(number)s") % words, at)
    if moved < 0:
        return Sentence(
            _("Le remboursement de %(amount)s a échoué : l’argent est revenu. %(why)s") % words, at, "failed"
        )
    if told.get("external"):
        return Sentence(_("Remboursement de %(amount)s, fait chez Stripe") % words, at, "attention")
    return Sentence(_("Remboursement de %(amount)s") % words, at, "attention")
