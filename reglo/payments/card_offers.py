"""May this document be paid by card on line, now? One answer for the portal, the dashboard and the verb."""

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company
from reglo.invoicing.models import Invoice
from reglo.invoicing.states import InvoiceState
from reglo.money import Money
from reglo.payments.installation import is_elsewhere
from reglo.payments.models import ProviderAccount
from reglo.payments.queries import connected_account
from reglo.payments.states import OfferedMethods

# Below this, in minor units, Stripe charges nothing in the currency (docs.stripe.com/currencies, minimum amounts).
_SMALLEST = {"EUR": 50, "USD": 50, "GBP": 30, "CHF": 50, "CAD": 50}


def smallest(currency: str) -> Money:
    """The least that may be charged on line."""
    return Money(_SMALLEST.get(currency, 50), currency)


class CardRefusal(TextChoices):
    """Why not, in the words of the seller's screen; the customer reads less."""

    NOT_ISSUED = "not_issued", _("La facture n’est pas finalisée.")
    CREDIT_NOTE = "credit_note", _("Un avoir ne se paie pas.")
    CREDITED = "credited", _("La facture a été annulée par un avoir.")
    PAID = "paid", _("La facture est payée.")
    DISPUTED = "disputed", _("Un paiement de cette facture est contesté.")
    PENDING = "pending", _("Un paiement est en cours de traitement.")
    SWITCHED_OFF = "switched_off", _("Le paiement par carte n’est pas activé dans la configuration.")
    NOT_ALLOWED = "not_allowed", _("Le paiement par carte n’est pas proposé pour cette facture.")
    NO_ACCOUNT = "no_account", _("Aucun compte Stripe n’est connecté.")
    ACCOUNT_BROKEN = "account_broken", _("Stripe refuse la clé de votre compte : reconnectez-le.")
    ACCOUNT_ELSEWHERE = "account_elsewhere", _("Le compte Stripe est relié à une autre installation de Réglo.")
    ABOVE_LIMIT = "above_limit", _("Le montant dépasse celui jusqu’auquel vous proposez la carte.")
    NOT_IN_PARTS = "not_in_parts", _("Cette facture se paie en une fois.")
    TOO_SMALL = "too_small", _("Le montant est trop petit pour un paiement par carte.")


@dataclass(frozen=True, slots=True)
class CardOffer:
    """`amount` would be charged on `account`; with a `refusal` nothing is offered."""

    amount: Money
    account: ProviderAccount | None
    refusal: CardRefusal | None

    @property
    def is_payable(self) -> bool:
        return self.refusal is None

    @property
    def takes_debits(self) -> bool:
        """Whether the payer may give an IBAN instead of a card."""
        if self.account is None:
            return False
        return methods_offered(self.account, currency=self.amount.currency) == OfferedMethods.CARD_AND_DEBIT

    @property
    def may_be_asked_for(self) -> bool:
        """Whether the customer may be asked to pay now, by card or otherwise."""
        return self.refusal not in _BY_STATE.values()


_BY_STATE = {
    InvoiceState.DRAFT: CardRefusal.NOT_ISSUED,
    InvoiceState.ISSUED: CardRefusal.CREDIT_NOTE,
    InvoiceState.CREDITED: CardRefusal.CREDITED,
    InvoiceState.DISPUTED: CardRefusal.DISPUTED,
    InvoiceState.PAID: CardRefusal.PAID,
    InvoiceState.PENDING: CardRefusal.PENDING,
}


def card_offer(invoice: Invoice, *, company: Company, today: date) -> CardOffer:
    """The offer on `today`, the company's date. One statement at most, for the account; a draft is judged as if
    issued only for what the seller may still change, so it is always refused as NOT_ISSUED."""
    amount = invoice.remaining
    refusal = _BY_STATE.get(invoice.state_on(today)) or _refused_by_settings(invoice, company, amount)
    if refusal is not None:
        return CardOffer(amount, None, refusal)
    account = connected_account(company_id=company.id)
    if account is None:
        return CardOffer(amount, None, CardRefusal.NO_ACCOUNT)
    if not account.is_active:
        return CardOffer(amount, None, CardRefusal.ACCOUNT_BROKEN)
    if is_elsewhere(account):
        return CardOffer(amount, None, CardRefusal.ACCOUNT_ELSEWHERE)
    return CardOffer(amount, account, None)


def methods_offered(account: ProviderAccount, *, currency: str) -> OfferedMethods:
    """What the payer may choose from. SEPA moves euros alone."""
    return OfferedMethods(account.offers) if currency == "EUR" else OfferedMethods.CARD


def _refused_by_settings(invoice: Invoice, company: Company, amount: Money) -> CardRefusal | None:
    limit = company.card_limit_minor if invoice.card_limit_minor is None else invoice.card_limit_minor
    if not company.card_payments:
        return CardRefusal.SWITCHED_OFF
    if not invoice.card_allowed:
        return CardRefusal.NOT_ALLOWED
    if limit is not None and amount.minor > limit:
        return CardRefusal.ABOVE_LIMIT
    if amount < smallest(amount.currency):
        return CardRefusal.TOO_SMALL
    return None
