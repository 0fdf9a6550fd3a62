"""A card provider that always answers, for a workload that must be the same each time."""

from dataclasses import replace
from typing import ClassVar

from reglo.payments.models import PaymentAttempt
from reglo.payments.providers import contract, facts

_INFO = contract.AccountInfo("acct_lab", "Atelier Lumen", "FR", contract.Mode.TEST, ())
_SIGNING = "whsec_lab"


class CardProvider:
    """The part of `contract.Provider` that connecting and paying call."""

    key: ClassVar[str] = "stripe"

    def inspect(self, secrets: contract.Secrets) -> contract.AccountInfo:
        return _INFO

    def shares_endpoint(self, secrets: contract.Secrets) -> bool:
        return False

    def connect(self, account: contract.Account, endpoint_url: str) -> contract.AccountInfo:
        return replace(_INFO, endpoint_id="we_lab", endpoint_secret=_SIGNING)

    def start(self, attempt: contract.Attempt, urls: contract.Urls) -> contract.Redirect:
        ref = facts.Ref("checkout.session", f"cs_{attempt.key}")
        return contract.Redirect(f"https://pay.example/{attempt.key}", ref, attempt.expires_at)


def urls(attempt: PaymentAttempt) -> contract.Urls:
    return contract.Urls(f"http://localhost:8000/retour/{attempt.id}", f"http://localhost:8000/annule/{attempt.id}")
