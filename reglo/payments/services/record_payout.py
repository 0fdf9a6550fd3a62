"""A payout that a provider tells of: the bank gets what leaves the provider, line by line once the lines are told."""

from datetime import datetime

from django.db import transaction

from reglo.database.retry import retry_on_conflict
from reglo.events.kinds import Kind
from reglo.events.record import record
from reglo.ledger.models import Entry
from reglo.ledger.services import post_entry, reverse_entry
from reglo.ledger.states import Journal
from reglo.payments.accounting import line_label, line_postings, payout_postings
from reglo.payments.balance_sources import Known, known_movements
from reglo.payments.locks import lock_account
from reglo.payments.models import Payout, PayoutLine, ProviderAccount
from reglo.payments.providers.balance import BalanceFact, PayoutFact
from reglo.payments.services.link_payout_lines import link_payout_lines
from reglo.payments.states import MovementKind, PayoutState
from reglo.ports import ids


def record_payout(*, account: ProviderAccount, fact: PayoutFact, now: datetime) -> None:
    """Once per payout id; the same truth twice, or an older one late, changes nothing. Opens its own transaction."""
    _record(account, fact, now)
    # A payment that came into the books meanwhile did not see these lines, nor they it; or who wrote them died here.
    unknown = PayoutLine.objects.filter(account=account, payout__external_id=fact.id, booked=False)
    link_payout_lines(account=account, source_ids=list(unknown.values_list("source_id", flat=True)), now=now)


@retry_on_conflict
def _record(account: ProviderAccount, fact: PayoutFact, now: datetime) -> None:
    with transaction.atomic():
        account = lock_account(company_id=account.company_id, account_id=account.id)
        payout = Payout.objects.filter(account=account, external_id=fact.id).first() or _create(account, fact, now)
        _move(payout, fact, now)
        _take_apart(payout, fact, now)


def _create(account: ProviderAccount, fact: PayoutFact, now: datetime) -> Payout:
    return Payout.objects.create(
        id=ids.new_uuid(),
        company=account.company,
        account=account,
        external_id=fact.id,
        state=PayoutState.IN_TRANSIT,
        amount_minor=fact.money.minor,
        currency=fact.money.currency,
        sent_at=fact.at,
        arrives_on=fact.arrives_on,
        automatic=fact.automatic,
        descriptor=fact.descriptor[:60],
        recorded_at=now,
    )


def _move(payout: Payout, fact: PayoutFact, now: datetime) -> None:
    before, target = PayoutState(payout.state), PayoutState(fact.standing.value)
    if before == target == PayoutState.IN_TRANSIT and payout.arrives_on != fact.arrives_on:
        payout.arrives_on = fact.arrives_on
        payout.save(update_fields=["arrives_on"])
    if not payout.can_move_to(target):
        return
    payout.state, payout.failure = target, fact.failure[:100]
    if target == PayoutState.PAID:
        payout.arrives_on = fact.arrives_on
    payout.received_on = payout.received_by = None  # what came back was not received after all
    payout.save(update_fields=["state", "failure", "arrives_on", "received_on", "received_by"])
    if target == PayoutState.PAID:
        _post(payout, now)
        _tell(Kind.PAYOUT_PAID, payout, now)
    elif target == PayoutState.FAILED:
        if before == PayoutState.PAID:
            _reverse(payout, now)
        _tell(Kind.PAYOUT_FAILED, payout, now)


def _post(payout: Payout, now: datetime) -> None:
    """Dated as the bank dates it. Money in another currency than the company's never was in the ledger."""
    if payout.currency != payout.company.currency:
        return
    post_entry(
        company_id=payout.company_id,
        journal=Journal.BANK,
        entry_date=payout.arrives_on,
        piece=payout.external_id[:60],
        piece_date=payout.arrives_on,
        label=f"Virement {payout.account.provider.title()} {payout.external_id}"[:200],
        source=f"payout:{payout.id}",
        postings=payout_postings(payout.amount_minor),
        now=now,
    )


def _reverse(payout: Payout, now: datetime) -> None:
    entry = Entry.objects.filter(company_id=payout.company_id, source=f"payout:{payout.id}").first()
    if entry is not None:
        reverse_entry(
            entry=entry,
            entry_date=now.astimezone(payout.company.zone).date(),
            label=f"Virement échoué {payout.external_id}"[:200],
            now=now,
        )


def _tell(kind: Kind, payout: Payout, now: datetime) -> None:
    record(
        kind=kind,
        company_id=payout.company_id,
        subject=payout,
        now=now,
        content={
            "payout": payout.external_id,
            "amount_minor": payout.amount_minor,
            "currency": payout.currency,
            "failure": payout.failure,
        },
    )


def _take_apart(payout: Payout, fact: PayoutFact, now: datetime) -> None:
    """Write the lines, once, and post what the books do not know: its money leaves the provider with the payout."""
    if fact.lines is None or payout.is_taken_apart:
        return
    known = known_movements(payout.account, {line.id: line.source_id for line in fact.lines})
    lines = PayoutLine.objects.bulk_create(_line(payout, line, known.get(line.id)) for line in fact.lines)
    payout.gap_minor = payout.amount_minor - sum(line.net_minor for line in lines)
    payout.save(update_fields=["gap_minor"])
    for line in lines:
        if not line.booked:
            _post_line(line, payout, now)


def _line(payout: Payout, fact: BalanceFact, known: Known | None) -> PayoutLine:
    row = known or Known()
    return PayoutLine(
        payout=payout,
        company_id=payout.company_id,
        account_id=payout.account_id,
        external_id=fact.id,
        kind=MovementKind(fact.kind.value),
        gross_minor=fact.gross.minor,
        fee_minor=fact.fee.minor,
        net_minor=fact.net.minor,
        currency=fact.gross.currency,
        source_id=fact.source_id[:100],
        description=fact.description[:200],
        moved_at=fact.at,
        moved_on=fact.at.astimezone(payout.company.zone).date(),
        booked=known is not None,
        payment_id=row.payment_id,
        refund_id=row.refund_id,
        other_payout_id=row.other_payout_id,
    )


def _post_line(line: PayoutLine, payout: Payout, now: datetime) -> None:
    if line.currency != payout.company.currency:
        return
    post_entry(
        company_id=payout.company_id,
        journal=Journal.PROVIDER,
        entry_date=line.moved_on,
        piece=(line.source_id or line.external_id)[:60],
        piece_date=line.moved_on,
        label=line_label(line, payout.account.provider.title())[:200],
        source=f"payout-line:{line.pk}",
        postings=line_postings(line),
        now=now,
    )
