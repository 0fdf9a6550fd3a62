"""*Annuler la reprise*: what came in together goes, as long as nothing happened to any of it."""

from datetime import datetime

from django.db import transaction
from django.db.models import ManyToOneRel, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from reglo.companies.locks import lock_company
from reglo.database.retry import retry_on_conflict
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.locks import lock_invoices
from reglo.invoicing.models import Invoice, InvoiceLine, OpeningImport, OpeningPaper, Settlement
from reglo.ledger.models import Entry
from reglo.ledger.services import reverse_entry


class OpeningTouched(RegloError):
    code = "opening_touched"
    status = 409
    message = _(
        "La reprise ne peut plus être annulée : il s’est passé quelque chose sur %(numbers)s (un lien, un e-mail, "
        "un paiement)."
    )


@retry_on_conflict
def undo_openings(*, company_id: int, import_id: int, now: datetime, actor_id: int | None = None) -> OpeningImport:
    """The invoices of the import are removed and their entries reversed; customers that it made stay. Undone already,
    it is returned as it stands. Raises OpeningTouched, Http404 outside the company."""
    with transaction.atomic():
        company = lock_company(company_id)
        made = OpeningImport.objects.select_for_update().filter(company=company, id=import_id).first()
        if made is None:
            raise Http404
        if made.undone_at:
            return made
        ids = list(openings_of(made).values_list("id", flat=True))
        invoices = lock_invoices(company_id=company_id, invoice_ids=ids)
        touched = [invoice.number or "" for invoice in invoices if is_touched(invoice)]
        if touched:
            raise OpeningTouched(numbers=", ".join(touched[:5]))
        entries = {
            entry.source: entry
            for entry in Entry.objects.filter(
                company=company, source__in=[f"invoice:{invoice.id}" for invoice in invoices]
            )
        }
        Settlement.objects.filter(company=company, invoice_id__in=ids).delete()
        for invoice in invoices:
            label = f"Reprise annulée {invoice.number} {invoice.customer_name}"[:200]
            entry = entries[f"invoice:{invoice.id}"]
            reverse_entry(entry=entry, entry_date=now.astimezone(company.zone).date(), label=label, now=now)
        Invoice.objects.filter(company=company, id__in=ids).delete()
        made.undone_at, made.undone_by_id = now, actor_id
        made.save(update_fields=["undone_at", "undone_by"])
        record(
            kind=Kind.OPENINGS_UNDONE,
            company_id=company_id,
            subject=made,
            now=now,
            actor_id=actor_id,
            content={"numbers": [invoice.number for invoice in invoices]},
        )
    return made


def openings_of(made: OpeningImport) -> QuerySet[Invoice]:
    """The invoices of an import."""
    return Invoice.objects.filter(company_id=made.company_id, asked_as__startswith=made.asked_as).order_by("id")


def is_touched(invoice: Invoice) -> bool:
    """Whether anything refers to the invoice, or became of its debt: found by every foreign key to it, so that no table
    can be forgotten. Its own paper is not that."""
    settlement = invoice.settlement
    if settlement.settled_minor or settlement.pending_minor or settlement.disputed_minor or settlement.credited_minor:
        return True
    for relation in Invoice._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel):
            model = relation.related_model
            if model in {Settlement, OpeningPaper, InvoiceLine}:
                continue
            if model._base_manager.filter(**{relation.field.name: invoice.pk}).exists():
                return True
    return False
