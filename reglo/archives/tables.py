"""The books of a period as tables for a spreadsheet: headings, and rows by the instant they were recorded."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from reglo.archives.models import Closing
from reglo.companies.models import Company
from reglo.events.models import Event
from reglo.invoicing.models import Invoice
from reglo.invoicing.states import InvoiceStatus
from reglo.ledger.models import EntryLine
from reglo.money import Money
from reglo.payments.models import Allocation, Payment, Refund
from reglo.ui.spreadsheets import figure

Rows = Callable[[Company, datetime, datetime], Iterator[Sequence[str]]]


def documents(company: Company, begins_at: datetime, ends_at: datetime) -> Iterator[Sequence[str]]:
    issued = (
        Invoice.objects.filter(company=company, issued_at__gte=begins_at, issued_at__lt=ends_at)
        .exclude(status=InvoiceStatus.DRAFT)
        .order_by("chain_position", "id")
    )
    for one in issued.defer("frozen").iterator(chunk_size=500):
        yield (
            *(one.kind, one.number or "", str(one.issue_date), str(one.due_date), one.customer_name, one.currency),
            *(_figure(minor, one.currency) for minor in (one.net_minor, one.vat_minor, one.gross_minor)),
            *(str(one.chain_position or ""), one.previous_hash, one.hash),
        )


def payments(company: Company, begins_at: datetime, ends_at: datetime) -> Iterator[Sequence[str]]:
    rows = Payment.objects.filter(company=company, recorded_at__gte=begins_at, recorded_at__lt=ends_at)
    for one in rows.order_by("recorded_at", "id").iterator(chunk_size=500):
        yield (
            *(str(one.id), _at(one.recorded_at), str(one.paid_on), one.method, one.external_id or ""),
            *(one.currency, _figure(one.amount_minor, one.currency), str(one.reverses_id or ""), one.note),
        )


def allocations(company: Company, begins_at: datetime, ends_at: datetime) -> Iterator[Sequence[str]]:
    rows = Allocation.objects.filter(company=company, allocated_at__gte=begins_at, allocated_at__lt=ends_at)
    for one in rows.select_related("invoice").defer("invoice__frozen").order_by("id").iterator(chunk_size=500):
        yield (
            *(_at(one.allocated_at), str(one.payment_id), one.invoice.number or ""),
            *(_figure(one.amount_minor, one.invoice.currency), str(one.refund_id or ""), str(one.dispute_id or "")),
        )


def refunds(company: Company, begins_at: datetime, ends_at: datetime) -> Iterator[Sequence[str]]:
    rows = Refund.objects.filter(company=company, recorded_at__gte=begins_at, recorded_at__lt=ends_at)
    for one in rows.order_by("recorded_at", "id"):
        yield (
            *(str(one.id), str(one.payment_id), _at(one.recorded_at), str(one.refunded_on), one.state),
            *(one.external_id or "", one.currency, _figure(one.amount_minor, one.currency)),
        )


def entries(company: Company, begins_at: datetime, ends_at: datetime) -> Iterator[Sequence[str]]:
    lines = EntryLine.objects.filter(company=company, entry__posted_at__gte=begins_at, entry__posted_at__lt=ends_at)
    for line in lines.select_related("entry").order_by("entry__position", "rank").iterator(chunk_size=1000):
        entry = line.entry
        yield (
            *(str(entry.position), entry.journal, str(entry.entry_date), entry.piece, str(entry.piece_date)),
            *(line.account, line.account_label, line.auxiliary, line.auxiliary_label, line.label),
            *(_figure(line.debit_minor, company.currency), _figure(line.credit_minor, company.currency)),
            *(entry.source, _at(entry.posted_at), entry.previous_hash, entry.hash),
        )


def closings(company: Company, begins_at: datetime, ends_at: datetime) -> Iterator[Sequence[str]]:
    rows = Closing.objects.filter(company=company, ends_at__gt=begins_at, ends_at__lte=ends_at).order_by("position")
    for one in rows.iterator(chunk_size=500):
        yield (
            *(str(one.position), one.kind, str(one.first_day), str(one.last_day)),
            *(_at(one.begins_at), _at(one.ends_at), str(one.document_position), str(one.entry_position)),
            *(str(one.invoices_count), _figure(one.invoices_minor, company.currency)),
            *(str(one.credit_notes_count), _figure(one.credit_notes_minor, company.currency)),
            *(str(one.payments_count), _figure(one.payments_minor, company.currency)),
            *(str(one.undone_count), _figure(one.undone_minor, company.currency)),
            *(str(one.refunds_count), _figure(one.refunds_minor, company.currency)),
            _figure(one.perpetual_invoiced_minor, company.currency),
            _figure(one.perpetual_collected_minor, company.currency),
            *(_at(one.closed_at), one.previous_hash, one.hash),
        )


def events(company: Company, begins_at: datetime, ends_at: datetime) -> Iterator[Sequence[str]]:
    rows = Event.objects.filter(company=company, occurred_at__gte=begins_at, occurred_at__lt=ends_at)
    for one in rows.select_related("content").order_by("id").iterator(chunk_size=500):
        content = getattr(one, "content", None)  # erased, or there was nothing to say
        yield (
            *(str(one.id), _at(one.occurred_at), one.kind, one.subject_type, one.subject_id),
            *(str(one.actor_id or ""), one.digest, content.content if content else ""),
        )


TABLES: tuple[tuple[str, tuple[str, ...], Rows], ...] = (
    (
        "documents.csv",
        (
            *("sorte", "numero", "date", "echeance", "client", "monnaie", "ht", "tva", "ttc"),
            *("place", "empreinte_precedente", "empreinte"),
        ),
        documents,
    ),
    (
        "encaissements.csv",
        (
            *("id", "enregistre_le", "date", "moyen", "reference_prestataire", "monnaie", "montant"),
            *("annule", "remarque"),
        ),
        payments,
    ),
    (
        "affectations.csv",
        ("date", "encaissement", "document", "montant", "remboursement", "contestation"),
        allocations,
    ),
    (
        "remboursements.csv",
        ("id", "encaissement", "enregistre_le", "date", "etat", "reference_prestataire", "monnaie", "montant"),
        refunds,
    ),
    (
        "ecritures.csv",
        (
            *("place", "journal", "date", "piece", "date_piece", "compte", "intitule", "auxiliaire"),
            *("intitule_auxiliaire", "libelle", "debit", "credit", "origine", "enregistree_le"),
            *("empreinte_precedente", "empreinte"),
        ),
        entries,
    ),
    (
        "clotures.csv",
        (
            *("place", "periode", "premier_jour", "dernier_jour", "debut", "fin", "dernier_document"),
            *("derniere_ecriture", "factures", "montant_factures", "avoirs", "montant_avoirs", "encaissements"),
            *("montant_encaissements", "annules", "montant_annules", "remboursements", "montant_remboursements"),
            *("perpetuel_facture", "perpetuel_encaisse", "close_le", "empreinte_precedente", "empreinte"),
        ),
        closings,
    ),
    (
        "evenements.csv",
        ("id", "date", "evenement", "objet", "id_objet", "auteur", "preuve", "contenu"),
        events,
    ),
)


def _figure(minor: int, currency: str) -> str:
    return figure(Money(minor, currency))


def _at(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
