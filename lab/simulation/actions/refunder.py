"""The seller gives money back from our own pages: once, twice with one click, or two people at once."""

from collections.abc import Callable
from uuid import UUID

from lab.simulation.actions.table import Actions
from lab.simulation.stage import Stage
from reglo.errors import RegloError
from reglo.payments.models import Payment, Refund
from reglo.payments.queries import invoices_for_surplus, surpluses_of
from reglo.payments.refund_offers import refund_offer
from reglo.payments.services import allocate_surplus, refund_payment
from reglo.payments.states import COUNTED_REFUNDS, RefundReason
from reglo.ports import clock

ACTIONS = Actions("refunder")
Press = Callable[[UUID], None]


@ACTIONS.add(5)
def refund(stage: Stage) -> None:
    """All of what is left, a part, a cent, or a cent too much; perhaps clicked twice."""
    if page := _page(stage):
        press, key, _other = page
        for _ in range(stage.draw.choice((1, 1, 2))):
            press(key)
        if Refund.objects.filter(id=key).count() > 1:
            stage.faults.append(f"I4: one form, clicked twice, made two refunds of {key}")


@ACTIONS.add(2)
def refund_by_two(stage: Stage) -> None:
    """Both opened the page before anybody pressed; the second presses while the first waits for the answer."""
    if page := _page(stage):
        press, key, other = page
        stage.meanwhile.plan(lambda: press(other))
        press(key)
        stage.meanwhile.forget()
        counted = Refund.objects.filter(id__in=(key, other), state__in=COUNTED_REFUNDS)
        if counted.count() > 1:
            stage.faults.append(f"I4: two people who saw the same payment both gave it back: {key}, {other}")


@ACTIONS.add(2)
def give_surplus(stage: Stage) -> None:
    """A *trop-perçu* pays another invoice of its customer."""
    companies = [row[0] for row in stage.rows("SELECT id FROM companies_company ORDER BY id")]
    found = [payment for company in companies for payment in surpluses_of(company).order_by("id")]
    if not found:
        return
    payment = stage.draw.choice(found)
    invoices = list(invoices_for_surplus(payment).order_by("id"))
    if invoices:
        invoice = stage.draw.choice(invoices)
        for _ in range(stage.draw.choice((1, 2))):
            allocate_surplus(
                company_id=payment.company_id, payment_id=payment.id, invoice_id=invoice.pk, now=clock.now()
            )


def _page(stage: Stage) -> tuple[Press, UUID, UUID] | None:
    """The form of a payment as it is now, ready to be pressed with a key; None where nothing came on line yet."""
    found = stage.rows("SELECT id FROM payments_payment WHERE account_id IS NOT NULL ORDER BY id")
    if not found:
        return None
    payment = Payment.objects.get(id=stage.draw.choice(found)[0])
    left = refund_offer(payment).left.minor
    amount = stage.draw.choice((left, left // 2, 1, left + 1))
    key, other = (UUID(bytes=stage.draw.randbytes(16), version=4) for _ in range(2))

    def press(form: UUID) -> None:
        try:
            made = refund_payment(
                company_id=payment.company_id,
                payment_id=payment.id,
                refund_id=form,
                amount_minor=amount,
                left_minor=left,
                reason=stage.draw.choice(list(RefundReason)),
                now=clock.now(),
            )
        except RegloError:
            return  # a refusal is an answer
        if not 0 < made.amount_minor <= left:
            stage.faults.append(f"I4: {made.amount_minor} were given back of {left}")

    return press, key, other
