"""Why a bank sent a payout back, in a person's words, and what to do."""

from django.utils.translation import gettext as _

from reglo.payments.models import Payout


def failure_of(payout: Payout) -> str:
    """« Le compte bancaire est fermé. » Stripe's own code where it is a rare one."""
    match payout.failure:
        case "account_closed" | "account_frozen" | "bank_account_restricted":
            why = _("Le compte bancaire que connaît Stripe est fermé ou bloqué.")
        case "no_account" | "invalid_account_number" | "incorrect_account_holder_name" | "invalid_currency":
            why = _("La banque n’a pas trouvé le compte bancaire que connaît Stripe.")
        case "debit_not_authorized" | "insufficient_funds":
            why = _("La banque a refusé le prélèvement que Stripe demandait.")
        case "" | "could_not_process" | "bank_ownership_changed" | "declined":
            why = _("La banque n’a pas accepté ce virement.")
        case code:
            why = _("La banque n’a pas accepté ce virement (%(code)s).") % {"code": code}
    return why
