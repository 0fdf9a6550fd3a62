"""*Créer un avoir*: what is taken back of an issued invoice, wholly, by lines or by an amount, as a draft."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from reglo.database.retry import retry_on_conflict
from reglo.invoicing.crediting import CreditRoom, credit_room, credit_totals, exemption_of
from reglo.invoicing.locks import lock_invoice
from reglo.invoicing.models import Invoice, InvoiceLine
from reglo.invoicing.queries import lines_of
from reglo.invoicing.services.save_draft import DraftRefused, NotADraft, Refusal, subject_of, unprintable
from reglo.invoicing.states import DocumentKind
from reglo.invoicing.totals import Share, articles, taxable
from reglo.money import Money, allocate, round_half_up
from reglo.money.taxes import line_minor

LONGEST_REASON = 300
# Printed on a legal document: in the language of the law, whatever the screen's.
PART = "Avoir partiel sur la facture %s"
REST = "Solde de la facture %s"


@dataclass(frozen=True, slots=True)
class CreditedLine:
    """A part of one line of the invoice, a quantity or an amount as the line is printed; neither: the whole line."""

    quantity: Decimal | None = None
    amount_minor: int | None = None


@dataclass(frozen=True, slots=True)
class CreditInput:
    """All that is left of the invoice, unless `lines` (by rank, from 1) or `amount_minor` (VAT included) say less."""

    reason: str
    lines: Mapping[int, CreditedLine] | None = None
    amount_minor: int | None = None


@retry_on_conflict
def draft_credit_note(
    *,
    company_id: int,
    invoice_id: int,
    credit: CreditInput,
    now: datetime,
    asked_as: str | None = None,
    credit_note_id: int | None = None,
) -> Invoice:
    """The draft; `credit_note_id` names one to write anew, and so does an `asked_as` that is known. What was made of it
    and is no draft any more, or was thrown away, is returned as it stands.

    Raises NothingToCredit, DraftRefused, CreditBeyondInvoice, NotADraft: nothing is then written.
    """
    with transaction.atomic():
        invoice = lock_invoice(company_id=company_id, invoice_id=invoice_id)
        if asked_as and (already := Invoice.objects.filter(company_id=company_id, asked_as=asked_as).first()):
            if not already.is_draft or already.discarded_at:
                return already
            credit_note_id = already.id  # the same form, perhaps after a step back: its last words count
        room = credit_room(invoice)
        lines, prices_include_vat, discounted = credited_lines(invoice, credit, room)
        totals = credit_totals(lines, room, prices_include_vat=prices_include_vat, discounted=discounted).totals
        credit_note = _blank(invoice, now) if credit_note_id is None else _draft_of(invoice, credit_note_id)
        credit_note.prices_include_vat = prices_include_vat
        credit_note.discount_rate = invoice.discount_rate if discounted else None
        credit_note.discount_minor = (
            totals.discount_minor if discounted and invoice.discount_minor is not None else None
        )
        credit_note.reason, credit_note.asked_as = credit.reason.strip(), credit_note.asked_as or asked_as
        credit_note.subject = subject_of(lines)
        credit_note.net_minor, credit_note.vat_minor = totals.net_minor, totals.vat_minor
        credit_note.gross_minor = totals.gross_minor
        credit_note.edited_at = now
        credit_note.revision += 1
        credit_note.save()
        credit_note.lines.all().delete()
        for line, amount in zip(lines, totals.line_minors, strict=True):
            line.invoice, line.amount_minor = credit_note, amount if line.is_article else 0
        InvoiceLine.objects.bulk_create(lines)
    return credit_note


def credited_lines(invoice: Invoice, credit: CreditInput, room: CreditRoom) -> tuple[list[InvoiceLine], bool, bool]:
    """The lines of the credit note, whether they are typed with VAT, and whether they are lines of the invoice, off
    which its discount goes. Raises DraftRefused."""
    refusals = list(_refusals(credit, room))
    if refusals:
        raise DraftRefused(refusals)
    if credit.lines is not None:
        chosen = credit.lines
        sold = articles(lines_of(invoice))
        kept = [_part_of(line, chosen[line.rank], invoice) for line in sold if line.rank in chosen]
        return _ranked(kept), invoice.prices_include_vat, invoice.has_discount
    if credit.amount_minor is None and room.is_untouched:
        every = [_part_of(line, CreditedLine(), invoice) for line in lines_of(invoice)]
        return _ranked(every), invoice.prices_include_vat, invoice.has_discount
    amount = room.remaining_minor if credit.amount_minor is None else credit.amount_minor
    words = REST if amount == room.remaining_minor else PART
    shares = room.remaining if amount == room.remaining_minor else room.remaining_in_part
    parts = allocate(amount, [share.gross_minor for share in shares])
    lines = [
        _of_amount(invoice, share, room, part, words % invoice.number)
        for share, part in zip(shares, parts, strict=True)
        if part
    ]
    return _ranked(lines), room.content.charges_vat, False


def _refusals(credit: CreditInput, room: CreditRoom) -> Iterator[Refusal]:
    if not credit.reason.strip():
        yield Refusal("reason", _("Dites pourquoi vous faites cet avoir : c’est imprimé dessus."))
    if len(credit.reason) > LONGEST_REASON:
        yield Refusal("reason", _("Ce motif est trop long : %d caractères au plus.") % LONGEST_REASON)
    yield from unprintable("reason", credit.reason)
    if credit.lines is not None:
        sold = {rank: line for rank, line in enumerate(room.content.lines, start=1) if line.is_article}
        if not any(rank in credit.lines for rank in sold):
            yield Refusal("lines", _("Choisissez au moins une ligne."))
        for rank, line in sold.items():
            if part := credit.lines.get(rank):
                yield from _line_refusals(rank, part, Decimal(line.quantity), line.amount_minor)
    elif credit.amount_minor is not None and not 0 < credit.amount_minor <= room.remaining_minor:
        yield Refusal("amount", _("Le montant doit être compris entre 0,01 et ce que la facture laisse à créditer."))


def _line_refusals(rank: int, part: CreditedLine, quantity: Decimal, amount_minor: int) -> Iterator[Refusal]:
    if part.quantity is not None and not 0 < part.quantity <= quantity:
        yield Refusal(f"lines-{rank}-quantity", _("Indiquez une quantité d’au plus celle de la ligne."))
    if part.amount_minor is not None and not 0 < part.amount_minor <= amount_minor:
        yield Refusal(f"lines-{rank}-amount", _("Indiquez un montant d’au plus celui de la ligne."))


def _part_of(line: InvoiceLine, part: CreditedLine, invoice: Invoice) -> InvoiceLine:
    """A line of the credit note; of a credited amount, no quantity of the line is told."""
    quantity = line.quantity if part.quantity is None else part.quantity
    credited = InvoiceLine(
        company_id=line.company_id,
        kind=line.kind,
        description=line.description,
        nature=line.nature,
        quantity=quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        discount_rate=line.discount_rate,
        vat_rate=line.vat_rate,
        vat_category=line.vat_category,
        exemption=line.exemption,
    )
    if part.amount_minor is not None:
        credited.quantity, credited.unit, credited.discount_rate = Decimal(1), "", Decimal(0)
        credited.unit_price = Money(part.amount_minor, invoice.currency).to_decimal()
    elif line.discount_minor:
        credited.discount_minor = _discount_of_part(line, credited, invoice)
    return credited


def _discount_of_part(line: InvoiceLine, part: InvoiceLine, invoice: Invoice) -> int:
    """The amount off the line, in the proportion of the quantities: never more than the part costs."""
    costs = line_minor(taxable([part], charges_vat=False)[0], invoice.currency)
    return min(costs, round_half_up(line.discount_minor * part.quantity / line.quantity))


def _of_amount(invoice: Invoice, share: Share, room: CreditRoom, minor: int, description: str) -> InvoiceLine:
    """An amount of one rate of one nature, untaxed for the reason that the invoice gave."""
    return InvoiceLine(
        company_id=invoice.company_id,
        description=description,
        nature=share.nature,
        quantity=Decimal(1),
        unit_price=Money(minor, invoice.currency).to_decimal(),
        vat_rate=share.vat_rate,
        vat_category=share.vat_category,
        exemption=exemption_of(share, room.content),
    )


def _ranked(lines: Sequence[InvoiceLine]) -> list[InvoiceLine]:
    for rank, line in enumerate(lines, start=1):
        line.rank = rank
    return list(lines)


def _blank(invoice: Invoice, now: datetime) -> Invoice:
    return Invoice(
        kind=DocumentKind.CREDIT_NOTE,
        corrects=invoice,
        company=invoice.company,
        customer=invoice.customer,
        created_at=now,
        currency=invoice.currency,
        due_days=0,
        language=invoice.language,
        exemption_reason=invoice.exemption_reason,
        order_reference=invoice.order_reference,
    )


def _draft_of(invoice: Invoice, credit_note_id: int) -> Invoice:
    """Raises Http404 and NotADraft."""
    credit_note = lock_invoice(company_id=invoice.company_id, invoice_id=credit_note_id)
    if not credit_note.is_draft or credit_note.corrects_id != invoice.id:
        raise NotADraft
    return credit_note
