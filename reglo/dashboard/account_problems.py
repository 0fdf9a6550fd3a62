"""What the last check of a Stripe account found wrong, in one sentence with what to do."""

from django.utils.translation import gettext as _

from reglo.payments.models import ProviderAccount
from reglo.payments.states import AccountState

WORST_CLOCK_SKEW = 60  # seconds; beyond, signatures begin to look stale


def problem_of(account: ProviderAccount) -> str:
    """The worst first; "" when all is well."""
    if account.state == AccountState.BROKEN:
        return _("Stripe refuse la clé : elle a été révoquée. Donnez-en une nouvelle.")
    missing = [_(label) for _name, label, granted in account.permissions if not granted]
    if missing:
        return _("Il manque à la clé : %(labels)s. Ajoutez ces droits chez Stripe.") % {"labels": ", ".join(missing)}
    if account.endpoint_ok is False:
        return _("Stripe ne nous prévient plus des paiements : reconnectez le compte pour le réparer.")
    if account.clock_skew_seconds is not None and abs(account.clock_skew_seconds) > WORST_CLOCK_SKEW:
        return _("L’horloge de ce serveur est fausse de %(seconds)d secondes : mettez-la à l’heure.") % {
            "seconds": abs(account.clock_skew_seconds)
        }
    return ""
