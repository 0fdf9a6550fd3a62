"""A document found by what is printed on it: its number and its total."""

from collections.abc import Sequence

from django.db.models import F, Q

from reglo.companies.models import Company
from reglo.invoicing.models import Invoice
from reglo.invoicing.states import DocumentKind
from reglo.money import Money

PAYABLE = (DocumentKind.INVOICE, DocumentKind.DEPOSIT)


def issued_with(
    *, number: str, total: Money, siren: str = "", kinds: Sequence[DocumentKind] = PAYABLE
) -> list[Invoice]:
    """The issued documents bearing this number and this total, or what its deposits leave to pay of it.

    Several where companies of one installation number alike, which the seller's SIREN tells apart. Credit notes only
    where they are asked for: nobody pays one.
    """
    companies = Company.objects.filter(siren=siren) if siren else Company.objects.all()
    return list(
        Invoice.objects.select_related("company", "settlement")
        .filter(
            Q(gross_minor=total.minor) | Q(settlement__gross_minor=F("settlement__deducted_minor") + total.minor),
            company_id__in=list(companies.values_list("id", flat=True)),  # by id: the index begins with the company
            number=number,
            kind__in=list(kinds),
            currency=total.currency,
        )
        .order_by("id")
    )


def printed_number(text: str) -> str:
    """The number as we print it, from what was typed: capitals, no space, a plain hyphen."""
    compact = "".join(text.split()).upper()
    return compact.translate(str.maketrans("‐‑‒–—", "-----"))
