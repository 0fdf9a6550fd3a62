"""Why a card was refused, in the words of the person who holds it. Never the bank's code."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Codes of Stripe (docs.stripe.com/declines/codes). What would tell a thief that a card is stolen says no more than
# the general sentence.
_WORDS: dict[str, Promise] = {
    "insufficient_funds": _("La provision ou le plafond de cette carte ne suffit pas."),
    "withdrawal_count_limit_exceeded": _("La provision ou le plafond de cette carte ne suffit pas."),
    "card_velocity_exceeded": _("La provision ou le plafond de cette carte ne suffit pas."),
    "expired_card": _("Cette carte a expiré."),
    "incorrect_cvc": _("Le code de sécurité de la carte n’est pas le bon."),
    "invalid_cvc": _("Le code de sécurité de la carte n’est pas le bon."),
    "incorrect_number": _("Le numéro de la carte n’est pas le bon."),
    "invalid_number": _("Le numéro de la carte n’est pas le bon."),
    "invalid_expiry_month": _("La date d’expiration de la carte n’est pas la bonne."),
    "invalid_expiry_year": _("La date d’expiration de la carte n’est pas la bonne."),
    "authentication_required": _("Votre banque vous demande de confirmer ce paiement, et il ne l’a pas été."),
    "payment_intent_authentication_failure": _(
        "Votre banque vous demande de confirmer ce paiement, et il ne l’a pas été."
    ),
    "card_not_supported": _("Cette carte ne permet pas ce paiement."),
    "currency_not_supported": _("Cette carte ne permet pas ce paiement."),
    "transaction_not_allowed": _("Cette carte ne permet pas ce paiement."),
    "processing_error": _("Le paiement n’a pas pu être traité. Réessayez dans un instant."),
    "try_again_later": _("Le paiement n’a pas pu être traité. Réessayez dans un instant."),
}
_OTHERWISE = _("Votre banque a refusé le paiement. Elle seule connaît la raison : appelez-la, ou payez autrement.")


def decline_words(code: str) -> str:
    """A sentence for a provider's refusal code."""
    return str(_WORDS.get(code, _OTHERWISE))
