"""May this payment be refunded on line, now, and how much of it? One answer for the screens and the verbs."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from reglo.money import Money
from reglo.payments.models import Payment
from reglo.payments.queries import is_disputed
from reglo.payments.states import COUNTED_REFUNDS, REFUNDS_UNDER_WAY, AccountState, RefundState


class RefundRefusal(TextChoices):
    """Why not, in the words of the seller's screen."""

    BY_HAND = "by_hand", _("Cet argent n’est pas passé par Stripe : rendez-le comme il est venu.")
    OTHER_CURRENCY = "other_currency", _("Ce paiement est dans une autre devise : remboursez-le chez Stripe.")
    NOTHING_LEFT = "nothing_left", _("Ce paiement est déjà entièrement remboursé.")
    UNDER_WAY = "under_way", _("Un remboursement de ce paiement vient d’être demandé : attendez la réponse de Stripe.")
    DISPUTED = (
        "disputed",
        _(
            "Ce paiement est contesté : la banque peut le reprendre. "
            "Le rembourser aussi vous le ferait perdre deux fois."
        ),
    )
    DISCONNECTED = "disconnected", _("Le compte Stripe n’est plus connecté : remboursez chez Stripe.")
    ACCOUNT_BROKEN = "account_broken", _("Stripe refuse la clé de votre compte : reconnectez-le.")


@dataclass(frozen=True, slots=True)
class RefundOffer:
    """`left` can still be given back, in the payment's currency; with a `refusal`, not now.

    `surplus` is its *trop-perçu*, in the company's: what no document takes and no refund under way is giving back.
    """

    left: Money
    surplus: Money
    refusal: RefundRefusal | None

    @property
    def is_refundable(self) -> bool:
        return self.refusal is None


def refund_offer(payment: Payment) -> RefundOffer:
    """Read from the payment's refunds, disputes and account, prefetched or not."""
    refunds = list(payment.refunds.all())
    gone = sum(refund.amount_minor for refund in refunds if refund.state in COUNTED_REFUNDS)
    under_way = sum(refund.amount_minor for refund in refunds if refund.state in REFUNDS_UNDER_WAY)
    left = max(payment.amount_minor - gone, 0)
    surplus = max(payment.surplus_minor - under_way, 0)
    asked = any(refund.state == RefundState.REQUESTED for refund in refunds)
    refusal = _refused_by_account(payment) or _refused_by_state(payment, left, asked=asked)
    return RefundOffer(Money(left, payment.currency), Money(surplus, payment.company.currency), refusal)


def _refused_by_account(payment: Payment) -> RefundRefusal | None:
    if payment.account is None:
        return RefundRefusal.BY_HAND
    if payment.account.state == AccountState.BROKEN:
        return RefundRefusal.ACCOUNT_BROKEN
    return None if payment.account.is_active else RefundRefusal.DISCONNECTED


def _refused_by_state(payment: Payment, left: int, *, asked: bool) -> RefundRefusal | None:
    if payment.currency != payment.company.currency:
        return RefundRefusal.OTHER_CURRENCY
    if is_disputed(payment):
        return RefundRefusal.DISPUTED
    if asked:
        return RefundRefusal.UNDER_WAY
    return None if left else RefundRefusal.NOTHING_LEFT
