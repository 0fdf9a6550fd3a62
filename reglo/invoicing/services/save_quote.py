"""Write what a person typed into the version of a quote that is being written."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company
from reglo.errors import RegloError
from reglo.invoicing.locks import lock_quote
from reglo.invoicing.models import Quote, QuoteLine
from reglo.invoicing.quoting import chosen_lines
from reglo.invoicing.services.save_draft import (
    DraftChangedElsewhere,
    DraftInput,
    DraftRefused,
    Refusal,
    check_line_discounts,
    draft_totals,
    line_row,
    refusals_of,
    unprintable,
    write_head,
)

LONGEST_VALIDITY = 730  # days


@dataclass(frozen=True, slots=True)
class QuoteInput(DraftInput):
    """The whole version as typed. A deposit is a rate in percent or an amount; `fee_minor`: what the quote costs."""

    valid_days: int = 30
    work_place: str = ""
    fee_minor: int = 0
    deposit_rate: Decimal | None = None
    deposit_minor: int | None = None


class VersionFinalised(RegloError):
    code = "version_finalised"
    status = 409
    message = _("Cette version du devis est finalisée : pour la modifier, faites une nouvelle version.")


def save_quote(*, company: Company, quote_id: int, draft: QuoteInput, now: datetime) -> Quote:
    """Replace the content and the totals of the version being written.

    Raises DraftRefused, VersionFinalised, DraftChangedElsewhere.
    """
    assert draft.customer is None or draft.customer.company_id == company.id, "a customer of another company"
    today = now.astimezone(company.zone).date()
    charges_vat = company.vat_on(today).charges_vat
    refusals = [*refusals_of(draft, company=company, day=today), *_refusals(draft)]
    if refusals:
        raise DraftRefused(refusals)
    lines = [line_row(QuoteLine, company, draft, rank, line, today) for rank, line in enumerate(draft.lines, start=1)]
    for row, line in zip(lines, draft.lines, strict=True):
        row.optional = line.optional and row.is_article
    amounts = draft_totals(company, draft, lines, charges_vat=charges_vat).line_minors
    check_line_discounts(lines, amounts)
    totals = draft_totals(company, draft, chosen_lines(lines), charges_vat=charges_vat)

    with transaction.atomic():
        quote = lock_quote(company_id=company.id, quote_id=quote_id)
        version = quote.latest
        assert version is not None, "a quote has a version from the start"
        if not version.is_draft:
            raise VersionFinalised
        if draft.revision is not None and draft.revision != version.revision:
            raise DraftChangedElsewhere
        if not quote.is_draft and quote.customer != draft.customer:
            raise DraftRefused([Refusal("customer", str(_CUSTOMER_STAYS))])
        write_head(version, draft, lines, totals, charges_vat=charges_vat)
        version.valid_days, version.work_place, version.fee_minor = draft.valid_days, draft.work_place, draft.fee_minor
        version.deposit_rate, version.deposit_minor = draft.deposit_rate, draft.deposit_minor
        version.save()
        version.lines.all().delete()
        for row, amount in zip(lines, amounts, strict=True):
            row.version, row.amount_minor = version, amount if row.is_article else 0
        QuoteLine.objects.bulk_create(lines)
        quote.customer, quote.edited_at = draft.customer, now
        quote.save(update_fields=["customer", "edited_at"])
    return quote


_CUSTOMER_STAYS = _("Ce devis a déjà été envoyé à son client : pour un autre client, dupliquez-le.")


def _refusals(draft: QuoteInput) -> Iterator[Refusal]:
    yield from unprintable("work_place", draft.work_place)
    if not 1 <= draft.valid_days <= LONGEST_VALIDITY:
        yield Refusal("valid_days", str(_("Indiquez une validité entre 1 et %d jours.") % LONGEST_VALIDITY))
    if draft.fee_minor < 0:
        yield Refusal("fee_minor", str(_("Indiquez un montant positif.")))
    if draft.deposit_rate is not None and draft.deposit_minor is not None:
        yield Refusal("deposit_minor", str(_("Indiquez l’acompte en pourcentage ou en euros, pas les deux.")))
    if draft.deposit_rate is not None and not 0 < draft.deposit_rate <= 100:
        yield Refusal("deposit_rate", str(_("Indiquez un acompte entre 1 et 100 %.")))
    if draft.deposit_minor is not None and draft.deposit_minor <= 0:
        yield Refusal("deposit_minor", str(_("Indiquez un montant positif.")))
