"""Test cards and test bank accounts: what each number stands for, and what happens when it pays."""

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["succeeds", "declined", "insufficient_funds", "challenge"]
#: How a refund of the card ends: now; later, pending until then; or it seems done, and the bank sends it back.
RefundEnd = Literal["at_once", "later", "bounces"]

#: What the payer reads, in the page's language.
REFUSALS_FR = {
    "generic_decline": "Votre carte a été refusée. Essayez avec une autre carte.",
    "insufficient_funds": "Le solde de votre carte est insuffisant. Essayez avec une autre carte.",
    "authentication": "Votre banque n’a pas pu vous authentifier. Réessayez ou choisissez une autre carte.",
}
#: What the API says.
REFUSALS = {
    "generic_decline": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "authentication": "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a "
    "new PaymentMethod to attempt to fulfill this PaymentIntent again.",
}


@dataclass(frozen=True)
class Card:
    number: str
    outcome: Outcome
    #: What the page's list of test cards says of it.
    label: str
    brand: str = "visa"
    country: str = "FR"
    #: What its holder’s bank does as soon as it paid, and why.
    contests: Literal["", "inquiry", "chargeback"] = ""
    reason: str = ""
    refunds: RefundEnd = "at_once"

    @property
    def spaced(self) -> str:
        return " ".join(self.number[place : place + 4] for place in range(0, len(self.number), 4))


CARDS = (
    Card("4242424242424242", "succeeds", "Paiement accepté"),
    Card("5555555555554444", "succeeds", "Paiement accepté", brand="mastercard"),
    Card("4000000000000077", "succeeds", "Paiement accepté, argent disponible aussitôt"),
    Card("4000002760003155", "challenge", "Demande 3-D Secure"),
    Card("4000000000000002", "declined", "Carte refusée"),
    Card("4000000000009995", "insufficient_funds", "Solde insuffisant"),
    Card("4000000000000259", "succeeds", "Payé, puis contesté", contests="chargeback", reason="fraudulent"),
    Card(
        "4000000000002685",
        "succeeds",
        "Payé, puis contesté : rien reçu",
        contests="chargeback",
        reason="product_not_received",
    ),
    Card("4000000000001976", "succeeds", "Payé, puis demande d’explications", contests="inquiry", reason="fraudulent"),
    Card("4000000000007726", "succeeds", "Accepté, remboursement différé", refunds="later"),
    Card("4000000000005126", "succeeds", "Accepté, remboursement qui échoue", refunds="bounces"),
)
#: Its money is told and available at once.
BYPASSES_PENDING = "4000000000000077"
BY_NUMBER = {card.number: card for card in CARDS}
BY_TOKEN = {
    "pm_card_visa": BY_NUMBER["4242424242424242"],
    "tok_visa": BY_NUMBER["4242424242424242"],
    "pm_card_mastercard": BY_NUMBER["5555555555554444"],
    "tok_mastercard": BY_NUMBER["5555555555554444"],
    "pm_card_bypassPending": BY_NUMBER["4000000000000077"],
    "tok_bypassPending": BY_NUMBER["4000000000000077"],
    "pm_card_authenticationRequired": BY_NUMBER["4000002760003155"],
    "pm_card_chargeDeclined": BY_NUMBER["4000000000000002"],
    "pm_card_visa_chargeDeclined": BY_NUMBER["4000000000000002"],
    "tok_chargeDeclined": BY_NUMBER["4000000000000002"],
    "pm_card_chargeDeclinedInsufficientFunds": BY_NUMBER["4000000000009995"],
    "pm_card_createDispute": BY_NUMBER["4000000000000259"],
    "tok_createDispute": BY_NUMBER["4000000000000259"],
    "pm_card_createDisputeProductNotReceived": BY_NUMBER["4000000000002685"],
    "tok_createDisputeProductNotReceived": BY_NUMBER["4000000000002685"],
    "pm_card_createDisputeInquiry": BY_NUMBER["4000000000001976"],
    "tok_createDisputeInquiry": BY_NUMBER["4000000000001976"],
    "pm_card_pendingRefund": BY_NUMBER["4000000000007726"],
    "pm_card_refundFail": BY_NUMBER["4000000000005126"],
}


@dataclass(frozen=True)
class BankAccount:
    """A test IBAN: how the bank answers its debit days later, and whether the money stays."""

    iban: str
    #: None: the debit arrives. Else why it fails, as the API says it.
    failure: str | None
    #: What the page's list says of it.
    label: str
    #: The debtor takes the money back, weeks after it arrived.
    taken_back: bool = False


ACCOUNTS = (
    BankAccount("FR1420041010050500013M02606", None, "Le prélèvement aboutit, cinq jours plus tard"),
    BankAccount("FR8420041010050500013M02607", "debit_not_authorized", "Il est refusé, cinq jours plus tard"),
    BankAccount("FR6120041010050500013M22227", "insufficient_funds", "Le compte est vide, cinq jours plus tard"),
    BankAccount("FR5720041010050500013M02608", None, "Il aboutit, puis est repris un mois plus tard", taken_back=True),
    BankAccount("AT611904300234573201", None, "Autriche : aboutit"),
    BankAccount("AT321904300235473204", None, "Autriche : aboutit aussi"),
    BankAccount("AT861904300235473202", "debit_not_authorized", "Autriche : refusé"),
    BankAccount("DE89370400440532013000", None, "Allemagne : aboutit"),
    BankAccount("DE62370400440532013001", "debit_not_authorized", "Allemagne : refusé"),
    BankAccount("IT40S0542811101000000123456", None, "Italie : aboutit"),
    BankAccount("IT60X0542811101000000123456", "debit_not_authorized", "Italie : refusé"),
)
IBANS = {account.iban: account for account in ACCOUNTS}
DEBIT_REFUSALS = {
    "debit_not_authorized": "The customer has notified their bank that this payment was unauthorized.",
    "insufficient_funds": "The customer's bank account has insufficient funds.",
}
