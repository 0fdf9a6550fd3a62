"""The owner credits: wholly, by an amount, by a line; at once or prepared first; twice, and a cent too much."""

from decimal import Decimal

from lab.simulation.actions.accountant import one_of
from lab.simulation.actions.table import Actions
from lab.simulation.stage import Stage
from reglo.invoicing.models import Invoice
from reglo.invoicing.services import CreditedLine, CreditInput, draft_credit_note, issue_invoice
from reglo.payments.services import credit_invoice, finalise_credit_note
from reglo.ports import clock

ACTIONS = Actions("creditor")
_ISSUED = "kind = 'invoice' AND status = 'issued'"


@ACTIONS.add(3)
def credit(stage: Stage) -> None:
    """Issued at once; perhaps clicked twice."""
    if chosen := one_of(stage, "invoicing_invoice", _ISSUED):
        company_id, invoice_id = chosen[0], int(chosen[1])
        left, asked = _left(stage, invoice_id), _asked(stage, invoice_id)
        key = f"form:{stage.draw.randbytes(8).hex()}"
        made = set()
        for _ in range(stage.draw.choice((1, 1, 2))):
            made.add(
                credit_invoice(
                    company_id=company_id, invoice_id=invoice_id, credit=asked, asked_as=key, now=clock.now()
                ).pk
            )
        if len(made) > 1:
            stage.faults.append("I4: one form, clicked twice, made two credit notes")
        if asked.amount_minor is not None and asked.amount_minor > left:
            stage.faults.append(f"I2: {asked.amount_minor} was credited of {left}")


@ACTIONS.add(2)
def prepare_credit(stage: Stage) -> None:
    if chosen := one_of(stage, "invoicing_invoice", _ISSUED):
        invoice_id = int(chosen[1])
        asked = _asked(stage, invoice_id)
        draft_credit_note(company_id=chosen[0], invoice_id=invoice_id, credit=asked, now=clock.now())


@ACTIONS.add(2)
def issue_credit(stage: Stage) -> None:
    """What was prepared, here or after a refund; it may fit its invoice no more."""
    if chosen := one_of(stage, "invoicing_invoice", "kind = 'credit_note'"):
        for _ in range(stage.draw.choice((1, 2))):
            finalise_credit_note(company_id=chosen[0], credit_note_id=int(chosen[1]), now=clock.now())


@ACTIONS.add(1)
def issue_credit_as_an_invoice(stage: Stage) -> None:
    """Refused, and nothing changes."""
    if chosen := one_of(stage, "invoicing_invoice", "kind = 'credit_note'"):
        issue_invoice(company_id=chosen[0], invoice_id=int(chosen[1]), now=clock.now())
        stage.faults.append(f"I3: credit note {chosen[1]} was issued as an invoice")


def _asked(stage: Stage, invoice_id: int) -> CreditInput:
    left = _left(stage, invoice_id)
    amount = stage.draw.choice((None, left, left // 2, left // 3, 1, left - 1, left + 1))
    of_invoice = f"invoice_id = {invoice_id} ORDER BY rank"
    lines = stage.rows(f"SELECT rank, quantity FROM invoicing_invoiceline WHERE {of_invoice}")  # noqa: S608 (our own id)
    rank, quantity = stage.draw.choice(lines)
    if stage.draw.random() < 0.3:
        part = Decimal(str(quantity)) / stage.draw.choice((1, 2))
        return CreditInput("Retour", lines={rank: CreditedLine(quantity=part.quantize(Decimal("0.0001")))})
    return CreditInput("Geste commercial", amount_minor=amount)


def _left(stage: Stage, invoice_id: int) -> int:
    """What its credit notes leave of the invoice, counted by us."""
    invoice = Invoice.objects.get(pk=invoice_id)
    [(credited,)] = stage.rows(
        f"SELECT COALESCE(SUM(gross_minor), 0) FROM invoicing_invoice WHERE corrects_id = {invoice_id}"  # noqa: S608 (our own id)
        " AND status <> 'draft'"
    )
    return invoice.gross_minor - int(credited)
