"""What is wrong with a Stripe account as far as we know, in one sentence with what to do."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from reglo.dashboard.durations import duration
from reglo.payments.health import silent_since
from reglo.payments.installation import is_elsewhere
from reglo.payments.models import ProviderAccount
from reglo.payments.states import AccountState

WORST_CLOCK_SKEW = 60  # seconds; beyond, signatures begin to look stale
REFUSED_CLOCK_SKEW = 300  # seconds; beyond, the provider's notifications are refused


def problem_of(account: ProviderAccount) -> str:
    """The worst first; "" when all is well."""
    if is_elsewhere(account):
        return _("Le compte Stripe est relié à une autre installation (%(install)s) : dites laquelle continue.") % {
            "install": account.installs[-1]
        }
    if not account.is_readable:
        return _(
            "La clé de Stripe est illisible : REGLO_ENCRYPTION_KEYS a changé. "
            "Remettez l’ancienne valeur, ou reconnectez le compte."
        )
    if account.state == AccountState.BROKEN:
        return _("Stripe refuse la clé : elle a été révoquée. Donnez-en une nouvelle.")
    missing = [_(label) for _name, label, granted in account.permissions if not granted]
    if missing:
        return _("Il manque à la clé : %(labels)s. Ajoutez ces droits chez Stripe.") % {"labels": ", ".join(missing)}
    if account.endpoint_ok is False:
        return _("Stripe ne nous prévient plus des paiements : recréez le point de réception.")
    return clock_problem(account)


def clock_problem(account: ProviderAccount) -> str:
    skew = account.clock_skew_seconds or 0
    if abs(skew) <= WORST_CLOCK_SKEW:
        return ""
    by = {"duration": duration(timedelta(seconds=skew))}
    if abs(skew) <= REFUSED_CLOCK_SKEW:
        if skew > 0:
            return _("L’horloge de ce serveur avance de %(duration)s : mettez-la à l’heure.") % by
        return _("L’horloge de ce serveur retarde de %(duration)s : mettez-la à l’heure.") % by
    if skew > 0:
        return _("L’horloge de ce serveur avance de %(duration)s : les notifications sont refusées.") % by
    return _("L’horloge de ce serveur retarde de %(duration)s : les notifications sont refusées.") % by


def silence_of(account: ProviderAccount, *, now: datetime) -> str:
    """« Stripe n'a rien envoyé depuis 26 h »; "" while there was nothing to send."""
    since = silent_since(account, now=now)
    return _("Stripe n’a rien envoyé depuis %(duration)s.") % {"duration": duration(now - since)} if since else ""
