"""The money operations, each with the state of the world from which it begins. The first invoice is Zibeline's."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from lab.outside.house import Charge, Page
from lab.simulation.actions import administrator
from lab.simulation.actions.deliverer import carry
from lab.simulation.stage import Stage
from reglo.delivery.services import MailText, prepare_message, queue_message
from reglo.events import worker
from reglo.invoicing.models import Invoice
from reglo.invoicing.services import CreditInput, create_draft, issue_invoice, save_draft
from reglo.payments.models import Dispute, Payment, PaymentAttempt
from reglo.payments.services import (
    allocate_surplus,
    connect_account,
    credit_invoice,
    record_collection,
    refund_payment,
    return_from_provider,
    settle_lost_dispute,
    start_payment,
    sweep,
    undo_collection,
)
from reglo.payments.states import DisputeOutcome, Method, RefundReason
from reglo.portal.views.pay import return_urls
from reglo.ports import clock

Play = Callable[[Stage], None]


@dataclass(frozen=True)
class Operation:
    name: str
    prepare: Play
    act: Play


def nothing(stage: Stage) -> None:
    """The founded world is enough."""


def first() -> Invoice:
    return Invoice.objects.select_related("company").order_by("id")[0]


def draft(stage: Stage) -> None:
    from lab.simulation.actions.accountant import typed

    issued, now = first(), clock.now()
    customer = issued.customer
    assert customer is not None, "the founded invoices have one"
    made = create_draft(company=issued.company, customer=customer, now=now)
    save_draft(company=issued.company, invoice_id=made.pk, draft=typed(stage.draw, customer), now=now)


def issue(stage: Stage) -> None:
    made = Invoice.objects.order_by("-id")[0]
    issue_invoice(company_id=made.company_id, invoice_id=made.pk, now=clock.now())


def send(stage: Stage) -> None:
    issued, now = first(), clock.now()
    message = prepare_message(company_id=issued.company_id, invoice_id=issued.pk, now=now)
    text = MailText(message.to, message.subject, message.body)
    queue_message(company_id=issued.company_id, message_id=message.pk, text=text, actor_id=None, now=now)


def work(stage: Stage) -> None:
    worker.run_until_idle()


def start(stage: Stage) -> None:
    issued = first()
    start_payment(company_id=issued.company_id, invoice_id=issued.pk, urls=return_urls, now=clock.now())


def unanswered_start(stage: Stage) -> None:
    """The house opened the page, and we do not know."""
    from reglo.payments.providers.contract import Unknown

    stage.outside.house.trouble.append("unanswered")
    try:
        start(stage)
    except Unknown:
        return
    raise AssertionError("the answer was to be lost")


def started_then_partly_collected(stage: Stage) -> None:
    start(stage)
    collect(stage)


def page_of(stage: Stage) -> Page:
    return list(stage.outside.house.pages.values())[-1]


def pay(stage: Stage) -> None:
    start(stage)
    stage.outside.house.pay(page_of(stage), now=stage.outside.clock.true, draw=stage.draw)


def deliver(stage: Stage) -> None:
    for notice in stage.outside.house.waiting():
        carry(stage, notice)


def paid_and_told(stage: Stage) -> None:
    pay(stage)
    deliver(stage)


def booked(stage: Stage) -> None:
    paid_and_told(stage)
    work(stage)


def charge_of(stage: Stage) -> tuple[Page, Charge]:
    page = page_of(stage)
    assert page.charge is not None, "it was paid"
    return page, page.charge


def fee_told(stage: Stage) -> None:
    booked(stage)
    stage.outside.house.tell_fee(*charge_of(stage), now=stage.outside.clock.true, draw=stage.draw)
    deliver(stage)


def refunded(stage: Stage) -> None:
    booked(stage)
    page, charge = charge_of(stage)
    now = stage.outside.clock.true
    stage.outside.house.refund(page, charge, charge.minor // 2, standing="succeeded", now=now, draw=stage.draw)
    deliver(stage)


def refund_failed(stage: Stage) -> None:
    refunded(stage)
    work(stage)
    page, charge = charge_of(stage)
    now = stage.outside.clock.true
    stage.outside.house.end_refund(page, charge.refunds[0], "failed", now=now, draw=stage.draw)
    deliver(stage)


def disputed(stage: Stage) -> None:
    booked(stage)
    page, charge = charge_of(stage)
    stage.outside.house.dispute(page, charge, inquiry=False, now=stage.outside.clock.true, draw=stage.draw)
    deliver(stage)


def dispute_ended(stage: Stage, *, won: bool) -> None:
    disputed(stage)
    work(stage)
    page, charge = charge_of(stage)
    now = stage.outside.clock.true
    stage.outside.house.end_dispute(page, charge.disputes[0], won=won, now=now, draw=stage.draw)
    deliver(stage)


def dispute_won(stage: Stage) -> None:
    dispute_ended(stage, won=True)


def dispute_lost(stage: Stage) -> None:
    dispute_ended(stage, won=False)
    work(stage)


def reclaim(stage: Stage) -> None:
    dispute = Dispute.objects.get()
    settle_lost_dispute(
        company_id=dispute.company_id, dispute_id=dispute.pk, outcome=DisputeOutcome.RECLAIMED, now=clock.now()
    )


def give_back(stage: Stage) -> None:
    payment = Payment.objects.order_by("-recorded_at", "-id")[0]
    refund_payment(
        company_id=payment.company_id,
        payment_id=payment.pk,
        refund_id=UUID(int=7),
        amount_minor=payment.amount_minor // 2,
        left_minor=payment.amount_minor,
        reason=RefundReason.CUSTOMER,
        now=clock.now(),
    )


def unanswered_refund(stage: Stage) -> None:
    """The house gave back, and we do not know; nor will a notice tell."""
    booked(stage)
    stage.outside.house.trouble.append("unanswered")
    give_back(stage)
    for notice in stage.outside.house.waiting():
        notice.abandoned = True


def pursue(stage: Stage) -> None:
    sweep(now=clock.now())


def overpaid(stage: Stage) -> None:
    """Collected by hand while the page was open, then paid; another invoice of the customer waits."""
    start(stage)
    collect(stage)
    stage.outside.house.pay(page_of(stage), now=stage.outside.clock.true, draw=stage.draw)
    deliver(stage)
    work(stage)
    draft(stage)
    issue(stage)


def give_surplus(stage: Stage) -> None:
    payment = Payment.objects.exclude(account=None).get()
    other = Invoice.objects.order_by("-id")[0]
    allocate_surplus(company_id=other.company_id, payment_id=payment.pk, invoice_id=other.pk, now=clock.now())


def come_back(stage: Stage) -> None:
    attempt = PaymentAttempt.objects.order_by("-created_at", "-id")[0]
    return_from_provider(attempt_id=attempt.pk, now=clock.now())


def collect(stage: Stage) -> None:
    """A part, by transfer. The form's own id makes a second click the same payment."""
    issued, now = first(), clock.now()
    record_collection(
        company_id=issued.company_id,
        invoice_id=issued.pk,
        amount_minor=10_000,
        method=Method.TRANSFER,
        collected_on=now.date(),
        now=now,
        payment_id=UUID(int=2026, version=4),
    )


def undo(stage: Stage) -> None:
    payment = Payment.objects.filter(account=None, reverses=None)[0]
    undo_collection(company_id=payment.company_id, payment_id=payment.pk, reason="erreur", now=clock.now())


def credit(stage: Stage) -> None:
    """All of it, issued at once; the form's own id makes a second click the same credit note."""
    issued = first()
    credit_invoice(
        company_id=issued.company_id,
        invoice_id=issued.pk,
        credit=CreditInput("Prestation annulée"),
        asked_as="form:2026",
        now=clock.now(),
    )


def started_then_credited(stage: Stage) -> None:
    start(stage)
    credit(stage)


def dropped(stage: Stage) -> None:
    """Paid, and every notice lost: only the sweep can find out."""
    pay(stage)
    for notice in stage.outside.house.waiting():
        notice.abandoned = True
    stage.outside.clock.let_pass(timedelta(minutes=15))


def connect_again(stage: Stage) -> None:
    for company_id, account_id in administrator.accounts(stage):
        connect_account(company_id=company_id, account_id=account_id, now=clock.now())


OPERATIONS = (
    Operation("issue an invoice", draft, issue),
    Operation("queue a mail", nothing, send),
    Operation("send a mail", send, work),
    Operation("start a payment", nothing, start),
    Operation("start again after a lost answer", unanswered_start, start),
    Operation("start again for another amount", started_then_partly_collected, start),
    Operation("store notices", pay, deliver),
    Operation("apply notices and thank the payer", paid_and_told, work),
    Operation("come back from the page", pay, come_back),
    Operation("book a fee", fee_told, work),
    Operation("book a refund", refunded, work),
    Operation("book a refund that failed", refund_failed, work),
    Operation("book a dispute", disputed, work),
    Operation("book a dispute that was won", dispute_won, work),
    Operation("claim lost money again", dispute_lost, reclaim),
    Operation("order a refund", booked, give_back),
    Operation("pursue a refund whose answer was lost", unanswered_refund, pursue),
    Operation("give a surplus to another invoice", overpaid, give_surplus),
    Operation("collect by hand", nothing, collect),
    Operation("undo a collection", collect, undo),
    Operation("close an outgrown page", started_then_partly_collected, work),
    Operation("credit what is paid in part", collect, credit),
    Operation("close the page of what is credited", started_then_credited, work),
    Operation("sweep what was dropped", dropped, work),
    Operation("connect the account again", nothing, connect_again),
)
