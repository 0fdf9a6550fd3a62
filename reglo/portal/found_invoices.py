"""A document found by what is printed on it: its number and its total."""

from collections.abc import Sequence

from django.db.models import F, Q

from reglo.companies.models import Company
from reglo.invoicing.content import DocumentContent
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
    among = list(companies.values_list("id", flat=True))  # by id: the index begins with the company
    return list(
        Invoice.objects.select_related("company", "settlement")
        .filter(
<<<<<<< ours
            Q(gross_minor=total.minor) | Q(settlement__gross_minor=F("settlement__deducted_minor") + total.minor),
            company_id__in=list(companies.values_list("id", flat=True)),  # by id: the index begins with the company
||||||| base
            company_id__in=list(companies.values_list("id", flat=True)),  # by id: the index begins with the company
=======
            company_id__in=among,
>>>>>>> theirs
            number=number,
            kind__in=list(kinds),
            currency=total.currency,
        )
        .order_by("id")
    )


def taken_over_with(*, number: str, total: Money, siren: str = "") -> list[Invoice]:
    """The invoices of a former tool with this number, however it was spaced, and the total printed on it or what
    remained when it was taken over."""
    companies = Company.objects.filter(siren=siren) if siren else Company.objects.all()
    openings = Invoice.objects.select_related("company", "settlement").filter(
        company_id__in=list(companies.values_list("id", flat=True)),
        kind=DocumentKind.OPENING,
        currency=total.currency,
    )
    bearing = [opening for opening in openings.order_by("id") if printed_number(opening.number or "") == number]
    return [opening for opening in bearing if total.minor in {opening.gross_minor, _total_of(opening)}]


def _total_of(opening: Invoice) -> int:
    content = DocumentContent.from_json(opening.frozen)
    assert content.opening is not None, "what was taken over says its total"
    return content.opening.total_minor


def printed_number(text: str) -> str:
    """The number as we print it, from what was typed: capitals, no space, a plain hyphen."""
    compact = "".join(text.split()).upper()
    return compact.translate(str.maketrans("‐‑‒–—", "-----"))
