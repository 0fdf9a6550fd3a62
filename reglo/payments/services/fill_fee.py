"""The provider tells its fee after the money: fill it once, and post it."""

from datetime import datetime

from reglo.invoicing.models import Invoice
from reglo.ledger.services import post_entry
from reglo.ledger.states import Journal
from reglo.payments.accounting import fee_postings
from reglo.payments.models import Payment
from reglo.payments.providers.facts import PaymentFact
from reglo.payments.services.booking import post_movement


def fill_fee(*, payment: Payment, fact: PaymentFact, payer: Invoice, now: datetime) -> None:
    """Nothing while the provider has not told it, nor a second time. In the caller's transaction and locks."""
    if payment.fee_minor is not None or fact.fee is None or fact.settled is None:
        return
    assert fact.fee.currency == fact.settled.currency, "a fee is taken from what is credited"
    payment.fee_minor = fact.fee.minor
    payment.settled_minor, payment.settled_currency = fact.settled.minor, fact.settled.currency
    payment.save(update_fields=["fee_minor", "settled_minor", "settled_currency"])
    home = payer.company.currency
    if fact.settled.currency != home:
        return
    if payment.currency != home:  # its value at home is known only now; it settles nothing until a person decides
        post_movement(
            payment,
            [],
            payer=payer,
            amount_minor=fact.settled.minor,
            entry_date=payment.paid_on,
            label=f"Encaissement en {payment.currency} {payer.number} {payer.customer_name}",
            source=f"payment:{payment.id}",
            now=now,
        )
    post_entry(
        company_id=payment.company_id,
        journal=Journal.PROVIDER,
        entry_date=payment.paid_on,
        piece=payer.number or str(payment.id),
        piece_date=payment.paid_on,
        label=f"Frais d’encaissement {payer.number}"[:200],
        source=f"fee:{payment.id}",
        postings=fee_postings(fact.fee.minor),
        now=now,
    )
