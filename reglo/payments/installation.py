"""Which installation this database belongs to: two restored from one backup must not both act on the same account.

An installation is known by its address, as the provider is told it with every payment (`install` in the metadata).
An account remembers the addresses from which this database asked for money; when the present one is not the last of
them, the database was moved or copied, and nobody but a person knows which.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from reglo.errors import RegloError
from reglo.payments.models import ProviderAccount


class AccountElsewhere(RegloError):
    code = "account_elsewhere"
    status = 409
    message = _(
        "Ce compte est relié à une autre installation de Réglo (%(install)s). Ici, rien n’est demandé à Stripe tant "
        "qu’un gérant n’a pas dit, dans « Santé des paiements », laquelle des deux continue."
    )


def installation() -> str:
    """Our own name: « factures.exemple.fr », « localhost:8000 »."""
    return urlsplit(settings.BASE_URL).netloc


def is_elsewhere(account: ProviderAccount) -> bool:
    """Whether another installation is the one that acts on the account. One that never said its name is ours."""
    return bool(account.installs) and account.installs[-1] != installation()


def is_of_this_database(account: ProviderAccount, install: str) -> bool:
    """Whether a payment that names `install` was asked for by this database, here or where it was before."""
    return not install or install == installation() or install in account.installs
