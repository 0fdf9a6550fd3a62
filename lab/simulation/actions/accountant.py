"""The accountant: drafts, issues, sends, writes down what came by transfer, and takes it back."""

from datetime import timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from lab.simulation.actions.table import Actions
from lab.simulation.stage import Row, Stage
from reglo.companies.models import Company
from reglo.companies.states import Nature
from reglo.customers.models import Customer
from reglo.delivery.services import MailText, prepare_message, queue_message, revoke_link
from reglo.events.queue import retry_parked
from reglo.invoicing.models import Invoice
from reglo.invoicing.services import (
    DraftInput,
    LineInput,
    create_draft,
    discard_draft,
    issue_invoice,
    restore_draft,
    save_draft,
)
from reglo.payments.services import record_collection, settle_lost_dispute, undo_collection
from reglo.payments.states import BY_HAND, DisputeOutcome, Method
from reglo.ports import clock

ACTIONS = Actions("accountant")
MOST_INVOICES = 30  # the checks read them all after each step

# Whole, many-decimalled, and on the very half of a cent.
PRICES = ("100", "84.03", "0.335", "12.345", "1.0050", "999.99", "33.3333", "0.99", "7.775", "2500")
QUANTITIES = ("1", "2", "3", "0.5", "1.25", "7")
RATES = ("20", "10", "5.5", "2.1", "0")

OWING = (
    "SELECT i.company_id, i.id, s.gross_minor - s.deducted_minor - s.credited_minor - s.settled_minor"
    " FROM invoicing_invoice i"
    " JOIN invoicing_settlement s ON s.invoice_id = i.id"
)


@ACTIONS.add(7)
def draft(stage: Stage) -> None:
    _draft(stage)


@ACTIONS.add(7)
def bill(stage: Stage) -> None:
    """A draft, issued and sent at once."""
    if made := _draft(stage):
        issue_invoice(company_id=made.company_id, invoice_id=made.pk, now=clock.now())
        _send(stage, made.company_id, made.pk)


def _draft(stage: Stage) -> Invoice | None:
    if len(stage.rows("SELECT id FROM invoicing_invoice")) >= MOST_INVOICES:
        return None
    company_id, customer_id = stage.draw.choice(stage.rows("SELECT company_id, id FROM customers_customer ORDER BY id"))
    now = clock.now()
    company, customer = Company.objects.get(pk=company_id), Customer.objects.get(pk=customer_id)
    made = create_draft(company=company, customer=customer, now=now)
    return save_draft(company=company, invoice_id=made.pk, draft=typed(stage.draw, customer), now=now)


def typed(draw: Random, customer: Customer) -> DraftInput:
    lines = [
        LineInput(
            description="Pose de luminaires",
            quantity=Decimal(draw.choice(QUANTITIES)),
            unit_price=Decimal(draw.choice(PRICES)),
            vat_rate=Decimal(draw.choice(RATES)),
            nature=draw.choice((Nature.SERVICES, Nature.GOODS)),
            discount_rate=Decimal(draw.choice(("0", "0", "10", "33.33"))),
        )
        for _ in range(draw.randint(1, 3))
    ]
    return DraftInput(
        customer=customer,
        lines=lines,
        prices_include_vat=draw.random() < 0.4,
        due_days=draw.choice((0, 30)),
        card_allowed=draw.random() < 0.9,
        exemption_reason="Article 261, 7-1° du CGI",
    )


@ACTIONS.add(7)
def issue(stage: Stage) -> None:
    if chosen := one_of(stage, "invoicing_invoice", "status = 'draft' AND kind = 'invoice'"):
        issue_invoice(company_id=chosen[0], invoice_id=int(chosen[1]), now=clock.now())


@ACTIONS.add(2)
def issue_twice(stage: Stage) -> None:
    if chosen := one_of(stage, "invoicing_invoice", "status = 'draft' AND kind = 'invoice'"):
        for _ in range(2):
            issue_invoice(company_id=chosen[0], invoice_id=int(chosen[1]), now=clock.now())


@ACTIONS.add(1)
def throw_away_and_back(stage: Stage) -> None:
    if chosen := one_of(stage, "invoicing_invoice", "1 = 1"):
        discard_draft(company_id=chosen[0], invoice_id=int(chosen[1]), now=clock.now())
        restore_draft(company_id=chosen[0], invoice_id=int(chosen[1]))


@ACTIONS.add(2)
def change_what_is_issued(stage: Stage) -> None:
    """Refused, and nothing changes."""
    if chosen := one_of(stage, "invoicing_invoice", "status <> 'draft'"):
        company = Company.objects.get(pk=chosen[0])
        customer = company.customers.order_by("id")[0]
        draft_input = typed(stage.draw, customer)
        save_draft(company=company, invoice_id=int(chosen[1]), draft=draft_input, now=clock.now())


@ACTIONS.add(8)
def send(stage: Stage) -> None:
    if chosen := one_of(stage, "invoicing_invoice", "status <> 'draft'"):
        _send(stage, chosen[0], int(chosen[1]))


def _send(stage: Stage, company_id: int, invoice_id: int) -> None:
    message = prepare_message(company_id=company_id, invoice_id=invoice_id, now=clock.now())
    text = MailText(message.to, message.subject, message.body, attach_pdf=stage.draw.random() < 0.5)
    queue_message(company_id=company_id, message_id=message.pk, text=text, actor_id=None, now=clock.now())


@ACTIONS.add(2)
def send_again(stage: Stage) -> None:
    """What could not be delivered, once more."""
    from reglo.delivery.models import Message

    if chosen := one_of(stage, "delivery_message", "state = 'failed'"):
        message = Message.objects.get(pk=chosen[1])
        text = MailText(message.to, message.subject, message.body)
        queue_message(company_id=chosen[0], message_id=message.pk, text=text, actor_id=None, now=clock.now())


@ACTIONS.add(4)
def collect(stage: Stage) -> None:
    """A transfer came: all of what is owed, a part, or a cent too much; perhaps clicked twice."""
    _collect(stage, stage.rows(f"{OWING} ORDER BY i.id"))


@ACTIONS.add(2)
def collect_meanwhile(stage: Stage) -> None:
    """A transfer came for an invoice that its customer is about to pay by card."""
    _collect(stage, stage.rows(f"{OWING} JOIN payments_attemptline l ON l.invoice_id = i.id AND l.open ORDER BY i.id"))


def _collect(stage: Stage, owing: list[Row]) -> None:
    if not owing:
        return
    company_id, invoice_id, owed = stage.draw.choice(owing)
    amount = stage.draw.choice((owed, owed // 2, 1, owed + 1, owed - 1))
    form = UUID(bytes=stage.draw.randbytes(16), version=4)
    method = stage.draw.choice(BY_HAND)
    day = clock.now().date() - timedelta(days=stage.draw.randint(0, 3))
    booked = set()
    for _ in range(stage.draw.choice((1, 1, 2))):
        payment = record_collection(
            company_id=company_id,
            invoice_id=invoice_id,
            amount_minor=amount,
            method=method,
            collected_on=day,
            now=clock.now(),
            payment_id=form,
        )
        booked.add(payment.pk)
    if len(booked) > 1:
        stage.faults.append("I4: one form, clicked twice, made two payments")
    if amount > owed:
        stage.faults.append(f"I4: {amount} was taken for {owed}")


@ACTIONS.add(2)
def reach_into_another_company(stage: Stage) -> None:
    """Whatever a stranger names, it is not there."""
    if chosen := one_of(stage, "invoicing_invoice", "status <> 'draft'"):
        [stranger] = stage.rows(f"SELECT id FROM companies_company WHERE id <> {chosen[0]}")  # noqa: S608 (our own names)
        invoice_id, now = int(chosen[1]), clock.now()
        reach = stage.draw.choice(
            (
                lambda: prepare_message(company_id=stranger[0], invoice_id=invoice_id, now=now),
                lambda: issue_invoice(company_id=stranger[0], invoice_id=invoice_id, now=now),
                lambda: record_collection(
                    company_id=stranger[0],
                    invoice_id=invoice_id,
                    amount_minor=1,
                    method=Method.TRANSFER,
                    collected_on=now.date(),
                    now=now,
                ),
            )
        )
        reach()
        stage.faults.append(f"I8: a stranger reached document {invoice_id}")


@ACTIONS.add(3)
def undo(stage: Stage) -> None:
    if chosen := one_of(stage, "payments_payment", "account_id IS NULL"):
        undo_collection(company_id=chosen[0], payment_id=UUID(str(chosen[1])), reason="erreur", now=clock.now())


@ACTIONS.add(5)
def settle_dispute(stage: Stage) -> None:
    """After a loss: *Réclamer à nouveau* or *Passer en perte*."""
    if chosen := one_of(stage, "payments_dispute", "state = 'lost' AND outcome = ''", order="external_id"):
        settle_lost_dispute(
            company_id=chosen[0],
            dispute_id=UUID(str(chosen[1])),
            outcome=stage.draw.choice(list(DisputeOutcome)),
            now=clock.now(),
        )


@ACTIONS.add(2)
def retry(stage: Stage) -> None:
    """*Réessayer* on something parked."""
    parked = stage.rows(
        "SELECT e.company_id, r.id FROM events_reaction r JOIN events_event e ON e.id = r.event_id"
        " WHERE r.state = 'parked' ORDER BY r.id"
    )
    if parked:
        company_id, reaction_id = stage.draw.choice(parked)
        retry_parked(reaction_id=reaction_id, company_id=company_id, now=clock.now())


@ACTIONS.add(1)
def close_link(stage: Stage) -> None:
    if chosen := one_of(stage, "delivery_portallink", "revoked_at IS NULL", order="created_at, token_hash"):
        revoke_link(company_id=chosen[0], link_id=UUID(str(chosen[1])), actor_id=None, now=clock.now())


def one_of(stage: Stage, table: str, condition: str, *, order: str = "id") -> tuple[int, str] | None:
    """(company, id) of a row, drawn among those of `condition`; None where there is none."""
    found = stage.rows(f"SELECT company_id, id FROM {table} WHERE {condition} ORDER BY {order}")  # noqa: S608 - our own names
    return (lambda row: (row[0], str(row[1])))(stage.draw.choice(found)) if found else None
