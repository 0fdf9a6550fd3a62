"""Why a refund did not go through, in the words of the seller."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Codes of ours, beside the provider's.
NEVER_DONE = "never_done"
BROKEN = "account_broken"

_CLOSED = _("La carte du client n’existe plus. Rendez-lui l’argent autrement, par exemple par virement.")
_BALANCE = _("Votre solde Stripe ne suffit pas. Remboursez après vos prochains encaissements.")
_DISPUTED = _("Le paiement est contesté : la banque le reprend déjà.")

# Stripe's: docs.stripe.com/refunds#failed-refunds and docs.stripe.com/error-codes.
_WORDS: dict[str, Promise] = {
    NEVER_DONE: _(
        "Le remboursement n’est jamais parvenu à Stripe : rien n’a été rendu. Vous pouvez rembourser à nouveau."
    ),
    BROKEN: _("Stripe refuse la clé de votre compte : rien n’a été rendu. Reconnectez-le, puis remboursez à nouveau."),
    "no_right": _(
        "La clé Stripe n’a pas le droit de rembourser : "
        "ajoutez-lui « Paiements et remboursements : écriture » chez Stripe."
    ),
    "charge_already_refunded": _("Ce paiement est déjà entièrement remboursé."),
    "charge_disputed": _DISPUTED,
    "charge_for_pending_refund_disputed": _DISPUTED,
    "balance_insufficient": _BALANCE,
    "insufficient_funds": _BALANCE,
    "lost_or_stolen_card": _CLOSED,
    "expired_or_canceled_card": _CLOSED,
    "declined": _(
        "La banque du client refuse ce remboursement. Rendez-lui l’argent autrement, par exemple par virement."
    ),
    "merchant_request": _("Le remboursement a été annulé chez Stripe."),
}
_OTHERWISE = _("Stripe n’en donne pas la raison. Réessayez, ou rendez l’argent autrement, par exemple par virement.")


def failure_words(code: str) -> str:
    """A sentence for the code of a failed refund."""
    return str(_WORDS.get(code, _OTHERWISE))
