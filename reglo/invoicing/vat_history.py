"""How the company stood towards VAT, and stands: the changes of regime, the latest first."""

from dataclasses import dataclass
from datetime import date

from reglo.companies.models import Company, VatRegimePeriod
from reglo.companies.states import VatRegime
from reglo.invoicing.models import Invoice
from reglo.invoicing.states import DocumentKind, InvoiceStatus


@dataclass(frozen=True, slots=True)
class RegimeSpan:
    """`since` is None for the regime of the beginnings, whose `period_id` is None too; `undoable` while nothing was
    issued on or after it."""

    period_id: int | None
    since: date | None
    regime: VatRegime
    on_debits: bool
    undoable: bool
    is_current: bool


def vat_history(company: Company, *, today: date) -> list[RegimeSpan]:
    last = (
        Invoice.objects.filter(company=company)
        .exclude(status=InvoiceStatus.DRAFT)
        .exclude(kind=DocumentKind.CREDIT_NOTE)
        .order_by("-issue_date")
        .first()
    )
    periods = list(VatRegimePeriod.objects.filter(company=company).order_by("since"))
    current = next((period.pk for period in reversed(periods) if period.since <= today), None)
    spans = [
        RegimeSpan(None, None, VatRegime(company.vat_regime), company.vat_on_debits, False, current is None),
        *(
            RegimeSpan(
                period.pk,
                period.since,
                VatRegime(period.regime),
                period.on_debits,
                last is None or last.issue_date is None or last.issue_date < period.since,
                period.pk == current,
            )
            for period in periods
        ),
    ]
    return spans[::-1]


def issued_since(*, company_id: int, day: date) -> Invoice | None:
    """The first document issued on `day` or after. A credit note is not one: its VAT is that of its invoice."""
    return (
        Invoice.objects.filter(company_id=company_id, issue_date__gte=day)
        .exclude(status=InvoiceStatus.DRAFT)
        .exclude(kind=DocumentKind.CREDIT_NOTE)
        .order_by("issue_date", "id")
        .first()
    )
