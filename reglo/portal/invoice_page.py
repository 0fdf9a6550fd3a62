"""What the customer's page says of a document: what is owed, by when, how to pay it, or that it is paid."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Sum
from django.utils.safestring import SafeString, mark_safe

from reglo.delivery.models import PortalGrant
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.models import Invoice
from reglo.invoicing.queries import credit_notes_issued, opening_paper_of
from reglo.invoicing.schedule import NextInstalment, instalments_of, next_instalment_of, still_due_of
from reglo.invoicing.states import InvoiceState
from reglo.money import Money
from reglo.payments.card_offers import CardRefusal, card_offer
from reglo.payments.decline_words import decline_words
from reglo.payments.models import Allocation, Payment, PaymentAttempt, Refund
from reglo.payments.part_amounts import PartBounds, instalment_offered, part_bounds
from reglo.payments.queries import is_acquitted, refunds_of
from reglo.payments.states import Method
from reglo.portal.document_detail import DetailLine, DetailTotal, detail_lines, detail_totals
from reglo.portal.form_proof import proof_for
from reglo.portal.seller import Seller, seller_of
from reglo.rendering.document import TransferAccount
from reglo.rendering.payment_codes import transfer_code
from reglo.rendering.wording import WORDINGS


class Standing(StrEnum):
    """What the page is about. The template says each in its words."""

    DUE = "due"
    OVERDUE = "overdue"
    PENDING = "pending"
    PAID = "paid"
    DISPUTED = "disputed"
    CREDITED = "credited"


_STANDINGS = {
    InvoiceState.DUE: Standing.DUE,
    InvoiceState.PARTLY_PAID: Standing.DUE,
    InvoiceState.OVERDUE: Standing.OVERDUE,
    InvoiceState.PENDING: Standing.PENDING,
    InvoiceState.PAID: Standing.PAID,
    InvoiceState.DISPUTED: Standing.DISPUTED,
    InvoiceState.CREDITED: Standing.CREDITED,
}


@dataclass(frozen=True, slots=True)
class Transfer:
    """How to pay by bank transfer; `code` is a QR that banking applications read, None where there is none."""

    iban: str
    bic: str
    holder: str
    reference: str
    code: SafeString | None


@dataclass(frozen=True, slots=True)
class ScheduledInstalment:
    """One of the instalments; `left` is what is still to be paid of it."""

    rank: int
    due_date: date
    amount: Money
    left: Money


@dataclass(frozen=True, slots=True)
class InvoicePage:
    """`card_refusal` says why no card button is shown, None when one is; `decline`, why the last try failed."""

    seller: Seller
    number: str
    practice: bool
    may_view: bool
    standing: Standing
    gross: Money
    remaining: Money
    due_date: date
    due_at_once: bool
    card_refusal: CardRefusal | None
    decline: str
    transfer: Transfer | None
    paid_on: date | None
    paid_by: str
    acquitted: bool
    payments: tuple[Payment, ...]
    refunds: tuple[Refund, ...]
    credit_notes: tuple[Invoice, ...]
    lines: tuple[DetailLine, ...]
    totals: tuple[DetailTotal, ...]
    proof: str
    part: PartBounds | None  # what may be paid at a time, None where all of it is paid at once
    instalment: NextInstalment | None  # the next, where there are several; `remaining` is all that is left
    instalment_offered: bool  # by card, by itself
    schedule: tuple[ScheduledInstalment, ...]
    takes_debits: bool  # a card or an IBAN, as the payer likes
    former_total: Money | None  # of an invoice of a former tool; None for ours
    has_paper: bool

    @property
    def asked(self) -> Money:
        """What is to be paid next: the instalment, or all that is left."""
        return self.instalment.amount if self.instalment and self.is_owed else self.remaining

    @property
    def charged(self) -> Money:
        """What the main button asks for."""
        return self.asked if self.instalment_offered else self.remaining

    @property
    def is_owed(self) -> bool:
        return self.standing in {Standing.DUE, Standing.OVERDUE}

    @property
    def offers_card(self) -> bool:
        return self.is_owed and self.card_refusal is None

    @property
    def is_partly_paid(self) -> bool:
        return self.is_owed and self.instalment is None and self.remaining != self.gross


def invoice_page(grant: PortalGrant, *, now: datetime, language: str) -> InvoicePage:
    """The page of the document that `grant` opens, in `language`. A pay-only right shows no more than the amount."""
    invoice, company = grant.bill, grant.company
    today = now.astimezone(company.zone).date()
    content = DocumentContent.from_json(invoice.frozen)
    payments = _payments(invoice)
    last = payments[-1] if payments else None
    offer = card_offer(invoice, company=company, today=today)
    refusal = offer.refusal if grant.may_pay else CardRefusal.NOT_ALLOWED
    paid, credited = (
        Money(minor, invoice.currency)
        for minor in (invoice.settlement.settled_minor, invoice.settlement.credited_minor)
    )
    following = next_instalment_of(invoice)
    return InvoicePage(
        seller=seller_of(company),
        number=content.number,
        practice=content.practice,
        may_view=grant.may_view,
        standing=_STANDINGS[invoice.state_on(today)],
        gross=invoice.gross,
        remaining=invoice.remaining,
        due_date=invoice.settlement.due_date,
        due_at_once=content.due_date <= content.issue_date,
        card_refusal=refusal,
        decline=_decline(invoice),
        transfer=_transfer(content, following.amount if following else invoice.remaining) if grant.may_view else None,
        paid_on=last.paid_on if last else None,
        paid_by=WORDINGS[language].paid_by[Method(last.method)] if last else "",
        acquitted=is_acquitted(invoice) and not invoice.is_opening,
        payments=tuple(payments) if grant.may_view else (),
        refunds=tuple(refunds_of(invoice)) if grant.may_view else (),
        credit_notes=tuple(credit_notes_issued(invoice)) if grant.may_view else (),
        lines=tuple(detail_lines(content, language=language)) if grant.may_view else (),
        totals=tuple(detail_totals(content, paid=paid, credited=credited, language=language)) if grant.may_view else (),
        proof=proof_for(grant.session),
        part=part_bounds(invoice) if offer.is_payable and grant.may_pay else None,
        instalment=following,
        instalment_offered=offer.is_payable and grant.may_pay and instalment_offered(invoice) is not None,
        schedule=_schedule(invoice),
        takes_debits=offer.takes_debits,
        former_total=Money(content.opening.total_minor, content.currency) if content.opening else None,
        has_paper=not invoice.is_opening or opening_paper_of(invoice) is not None,
    )


def _schedule(invoice: Invoice) -> tuple[ScheduledInstalment, ...]:
    left = {one.due_date: one.amount_minor for one in still_due_of(invoice)}
    return tuple(
        ScheduledInstalment(
            rank,
            one.due_date,
            Money(one.amount_minor, invoice.currency),
            Money(left.get(one.due_date, 0), invoice.currency),
        )
        for rank, one in enumerate(instalments_of(invoice), start=1)
    )


def _payments(invoice: Invoice) -> list[Payment]:
    """What still settles a part of the invoice, oldest first."""
    settling = (
        Allocation.objects.filter(invoice=invoice)
        .values("payment_id")
        .annotate(total=Sum("amount_minor"))
        .filter(total__gt=0, payment__reversed_by=None)
        .values("payment_id")
    )
    return list(Payment.objects.filter(id__in=settling).order_by("paid_at", "recorded_at"))


def _decline(invoice: Invoice) -> str:
    """Why the latest try was refused, in the payer's words; "" where it was not, or ended well."""
    latest = PaymentAttempt.objects.filter(lines__invoice=invoice).order_by("-created_at").first()
    return decline_words(latest.failure, method=latest.method) if latest is not None and latest.failure else ""


def _transfer(content: DocumentContent, remaining: Money) -> Transfer | None:
    if not content.iban:
        return None
    account = TransferAccount(iban=content.iban, holder=content.account_holder, bic=content.bic)
    code = transfer_code(account, remaining, content.number) if remaining else None
    return Transfer(
        iban=content.iban,
        bic=content.bic,
        holder=content.account_holder,
        reference=content.number,
        code=mark_safe(code) if code else None,  # noqa: S308 (drawn by segno, out of our own figures)
    )
