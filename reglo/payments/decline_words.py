"""Why a payment was refused, in words. Never the bank's code.

A card's are for the person who holds it; a debit fails days later, when the seller asks too, so its words suit both.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reglo.payments.states import Method

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

# Codes of failed debits (docs.stripe.com/payments/sepa-debit, failures).
_EMPTY = _("La provision du compte bancaire ne suffisait pas.")
_FORBIDDEN = _("La banque, ou le titulaire du compte, n’autorise pas ce prélèvement.")
_CLOSED = _("Ce compte bancaire n’existe pas, ou il est clos.")
_UNABLE = _("Ce compte bancaire n’accepte pas les prélèvements.")
_DEBITS: dict[str, Promise] = {
    "insufficient_funds": _EMPTY,
    "debit_not_authorized": _FORBIDDEN,
    "refer_to_customer": _FORBIDDEN,
    "account_closed": _CLOSED,
    "no_account": _CLOSED,
    "incorrect_account_holder_details": _CLOSED,
    "invalid_account_number": _CLOSED,
    "bank_account_restricted": _UNABLE,
    "bank_account_unusable": _UNABLE,
}
_DEBIT_OTHERWISE = _("La banque a refusé le prélèvement sans en dire la raison.")


def decline_words(code: str, *, method: str) -> str:
    """A sentence for the payer, for a provider's refusal code; `method` is a Method, or "" where none was told."""
    return debit_words(code) if method == Method.SEPA_DEBIT else str(_WORDS.get(code, _OTHERWISE))


def debit_words(code: str) -> str:
    """A sentence for the payer and for the seller: why the debit failed."""
    return str(_DEBITS.get(code, _DEBIT_OTHERWISE))
