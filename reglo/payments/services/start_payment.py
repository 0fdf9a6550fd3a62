"""*Payer*: one open attempt per document, its id committed before the provider is called with it as the key."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reglo.database.retry import retry_on_conflict
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.invoicing.locks import lock_invoice
from reglo.invoicing.models import Invoice
from reglo.money import Money
from reglo.payments.card_offers import CardRefusal, card_offer, methods_offered
from reglo.payments.gateway import attempt_value, provider_of
from reglo.payments.locks import lock_account, lock_attempt
from reglo.payments.models import AttemptLine, PaymentAttempt, ProviderAccount
from reglo.payments.part_amounts import instalment_offered, part_bounds
from reglo.payments.providers.contract import AccountBroken, Declined, Redirect, Retryable, Urls
from reglo.payments.services.account_states import break_account
from reglo.payments.services.close_attempt import close_attempt
from reglo.payments.services.refresh_attempt import refresh_attempt
from reglo.payments.states import AttemptState
from reglo.ports import ids

# Half a day to pay; a page that closes sooner than the margin is not given to anybody.
LIFE = timedelta(hours=12)
MARGIN = timedelta(minutes=30)

_PAYING = {AttemptState.PAID: CardRefusal.PAID, AttemptState.PROCESSING: CardRefusal.PENDING}


class NotPayable(RegloError):
    """`reason` is a CardRefusal: the door words it for its reader."""

    code = "not_payable"
    status = 409
    message = _("Cette facture ne peut pas être payée par carte maintenant.")

    def __init__(self, reason: CardRefusal) -> None:
        self.reason = reason
        super().__init__()


def start_payment(
    *,
    company_id: int,
    invoice_id: int,
    urls: Callable[[PaymentAttempt], Urls],
    now: datetime,
    part: Money | None = None,
) -> PaymentAttempt:
    """The open attempt of an issued invoice, its `redirect_url` ready; call outside any transaction.

    For all that remains, or for a `part` of it where the invoice allows that: its next
    instalment, or any part. A second tab gets the same attempt; one
    for another amount is closed first. `urls` must give the same addresses for the same attempt. Raises NotPayable,
    PartOutOfBounds, PartLeavesTooLittle, Declined, Retryable, Unknown, AccountBroken.
    """
    attempt, is_new = _attempt_for(company_id, invoice_id, part, now)
    if not is_new:
        attempt = _still_good(attempt, part, now)
        if not attempt.is_pending:
            attempt, _is_new = _attempt_for(company_id, invoice_id, part, now)
    if attempt.state == AttemptState.UNKNOWN:
        attempt = _open_page(attempt, invoice_id, urls, now)
    if attempt.state == AttemptState.OPEN:
        return attempt
    if attempt.state in _PAYING:
        raise NotPayable(_PAYING[AttemptState(attempt.state)])
    raise Retryable  # another tab closed it meanwhile


@retry_on_conflict
def _attempt_for(company_id: int, invoice_id: int, part: Money | None, now: datetime) -> tuple[PaymentAttempt, bool]:
    """The document's open attempt, or a new one, and whether it is new."""
    with transaction.atomic():
        invoice = lock_invoice(company_id=company_id, invoice_id=invoice_id)
        offer = card_offer(invoice, company=invoice.company, today=now.astimezone(invoice.company.zone).date())
        if offer.refusal is not None:
            raise NotPayable(offer.refusal)
        assert offer.account is not None, "an offer names the account that collects"
        amount = _amount(invoice, part)
        open_line = AttemptLine.objects.filter(invoice=invoice, open=True).select_related("attempt__account").first()
        if open_line is not None:
            return open_line.attempt, False
        attempt = PaymentAttempt.objects.create(
            id=ids.new_uuid(),
            company_id=company_id,
            account=_lock_collecting(offer.account),
            amount_minor=amount.minor,
            currency=invoice.currency,
            created_at=now,
            expires_at=(now + LIFE).replace(microsecond=0),
            offers=methods_offered(offer.account, currency=invoice.currency),
        )
        AttemptLine.objects.create(
            attempt=attempt, company_id=company_id, invoice=invoice, amount_minor=attempt.amount_minor
        )
        record(
            kind=Kind.ATTEMPT_STARTED,
            company_id=company_id,
            subject=attempt,
            now=now,
            content={"number": invoice.number, "amount_minor": attempt.amount_minor, "currency": attempt.currency},
        )
    return attempt, True


def _amount(invoice: Invoice, part: Money | None) -> Money:
    """What is charged. Under the invoice's lock: what is owed does not move. Raises as `start_payment`."""
    if part is None or part == invoice.remaining:
        return invoice.remaining
    instalment = instalment_offered(invoice)
    if instalment is not None and part == instalment.amount:
        return part
    bounds = part_bounds(invoice)
    if bounds is None:
        raise NotPayable(CardRefusal.NOT_IN_PARTS)
    bounds.check(part)
    return part


def _lock_collecting(account: ProviderAccount) -> ProviderAccount:
    """Whoever disconnects it waits for our attempt, and sees it. Raises NotPayable where they were faster."""
    locked = lock_account(company_id=account.company_id, account_id=account.id)
    if not locked.is_active:
        raise NotPayable(CardRefusal.NO_ACCOUNT)
    return locked


def _still_good(attempt: PaymentAttempt, part: Money | None, now: datetime) -> PaymentAttempt:
    """The attempt after asking the provider: paid meanwhile, closed because it no longer fits, or open and good."""
    if attempt.state == AttemptState.OPEN:
        attempt = refresh_attempt(attempt_id=attempt.id, now=now)
    line = attempt.lines.select_related("invoice__settlement").get()
    offered = methods_offered(attempt.account, currency=attempt.currency)
    fits = attempt.amount == (part or line.invoice.remaining) and attempt.offers == offered
    lasts = now + MARGIN < attempt.expires_at
    if attempt.is_pending and not (fits and lasts and attempt.account.is_active):
        return close_attempt(attempt_id=attempt.id, now=now)
    return attempt


def _open_page(
    attempt: PaymentAttempt, invoice_id: int, urls: Callable[[PaymentAttempt], Urls], now: datetime
) -> PaymentAttempt:
    invoice = Invoice.objects.get(company_id=attempt.company_id, id=invoice_id)
    try:
        redirect = provider_of(attempt.account).start(attempt_value(attempt, invoice), urls(attempt))
    except AccountBroken:
        break_account(company_id=attempt.company_id, account_id=attempt.account_id, now=now)
        _give_up(attempt, now)
        raise
    except Declined:
        _give_up(attempt, now)
        raise
    return _opened(attempt, redirect)


@retry_on_conflict
def _opened(attempt: PaymentAttempt, redirect: Redirect) -> PaymentAttempt:
    with transaction.atomic():
        attempt = lock_attempt(attempt_id=attempt.id)
        if attempt.state == AttemptState.UNKNOWN:  # else a notification was faster
            attempt.move_to(AttemptState.OPEN)
            attempt.external_id, attempt.redirect_url = redirect.ref.id, redirect.url
            attempt.save(update_fields=["state", "external_id", "redirect_url"])
    return attempt


@retry_on_conflict
def _give_up(attempt: PaymentAttempt, now: datetime) -> None:
    """The provider surely opened no page: the document is free again."""
    with transaction.atomic():
        attempt = lock_attempt(attempt_id=attempt.id)
        if attempt.state == AttemptState.UNKNOWN:
            attempt.move_to(AttemptState.CANCELED)
            attempt.ended_at = now
            attempt.save(update_fields=["state", "ended_at"])
            AttemptLine.objects.filter(attempt=attempt).update(open=False)
