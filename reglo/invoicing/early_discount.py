"""The early-payment discount (*escompte*) of a document, and how the law wants it said. The text is law: French.

A document names the discount that it grants or says that there is none (Code de commerce, art. L. 441-9, I).
"""

from decimal import Decimal

from reglo.invoicing.models import Invoice

MOST_RATE = Decimal(20)


def grants_discount(invoice: Invoice) -> bool:
    return bool(invoice.early_discount_rate and invoice.discount_days is not None)


def early_discount_mention(invoice: Invoice) -> str | None:
    """« Escompte de 2 % pour tout paiement sous 10 jours… »; None where the document grants none."""
    if not grants_discount(invoice):
        return None
    assert invoice.early_discount_rate is not None, "granted with its rate"
    rate = f"{invoice.early_discount_rate:f}"
    rate = (rate.rstrip("0").rstrip(".") if "." in rate else rate).replace(".", ",")
    days = invoice.discount_days
    when = f"sous {days} jours" if days != 1 else "sous 1 jour"
    return (
        f"Escompte de {rate}\u00a0% pour tout paiement {when} à compter de la date d’émission\u202f; "
        "seule la TVA du prix effectivement payé ouvre alors droit à déduction"
    )
