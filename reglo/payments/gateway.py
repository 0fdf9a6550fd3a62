"""Our rows in the words of the provider contract."""

from django.conf import settings

from reglo import secrets
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.models import Invoice
from reglo.payments.installation import AccountElsewhere, is_elsewhere
from reglo.payments.models import Endpoint, PaymentAttempt, ProviderAccount, Refund
from reglo.payments.providers import contract, facts, registry
from reglo.payments.states import OfferedMethods

_METHODS = {
    OfferedMethods.CARD: (facts.Method.CARD,),
    OfferedMethods.CARD_AND_DEBIT: (facts.Method.CARD, facts.Method.SEPA_DEBIT),
}


class AccountUnreadable(contract.AccountBroken):
    """No key of this installation opens the account's secrets: as good as refused, until one does again."""

    code = "account_unreadable"


def provider_of(account: ProviderAccount) -> contract.Provider:
    return registry.provider(account.provider)


def account_value(account: ProviderAccount, *, endpoint: Endpoint | None = None) -> contract.Account:
    """The account, its secrets open: nobody calls a provider without. Raises AccountElsewhere, AccountUnreadable."""
    if is_elsewhere(account):
        raise AccountElsewhere(install=account.installs[-1])
    try:
        opened = account.open_secrets()
    except secrets.SealBroken as error:
        raise AccountUnreadable from error
    return contract.Account(
        external_id=account.external_id,
        mode=contract.Mode(account.mode),
        secrets=opened,
        endpoint_id=endpoint.external_id if endpoint else "",
    )


def attempt_value(attempt: PaymentAttempt, invoice: Invoice) -> contract.Attempt:
    """What to collect. All of it is frozen in our rows: the same attempt always reads the same."""
    content = DocumentContent.from_json(invoice.frozen)
    return contract.Attempt(
        key=str(attempt.id),
        account=account_value(attempt.account),
        amount=attempt.amount,
        reference=content.number,
        description=f"Facture {content.number} – {content.seller.name}",
        payer_email=content.customer.email,
        language=content.language,
        expires_at=attempt.expires_at,
        external_id=attempt.external_id or "",
        methods=_METHODS[OfferedMethods(attempt.offers)],
    )


def refund_value(refund: Refund) -> contract.RefundOrder:
    """What to give back. All of it is frozen in our rows: the same refund always reads the same."""
    assert refund.payment.external_id, "only a provider's payment is refunded through it"
    return contract.RefundOrder(
        key=str(refund.id),
        account=account_value(refund.account),
        payment_id=refund.payment.external_id,
        money=refund.amount,
        reason=contract.RefundReason(refund.reason or contract.RefundReason.OTHER),
    )


def endpoint_url(endpoint: Endpoint) -> str:
    """The public address that the provider calls."""
    return f"{settings.BASE_URL}/hooks/{endpoint.provider}/{endpoint.token}"
