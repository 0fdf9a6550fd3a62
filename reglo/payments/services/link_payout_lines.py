"""A payment that came into the books after its payout did: the line it is stands for itself no longer."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from reglo.database.retry import retry_on_conflict
from reglo.ledger.models import Entry
from reglo.ledger.services import reverse_entry
from reglo.payments.balance_sources import Known, known_movements
from reglo.payments.models import PayoutLine, ProviderAccount


def link_payout_lines(*, account: ProviderAccount, source_ids: Collection[str], now: datetime) -> int:
    """How many lines of these sources the books had posted by themselves, and know now. Safe twice.

    Called after the commit of either side, so that whichever comes last sees both.
    """
    lines = PayoutLine.objects.filter(account=account, booked=False, source_id__in=set(source_ids) - {""})
    waiting = list(lines.order_by("id").values_list("id", "external_id", "source_id"))
    if not waiting:
        return 0
    known = known_movements(account, {movement: source_id for _line, movement, source_id in waiting})
    return sum(_link(line_id, known[movement], now) for line_id, movement, _source in waiting if movement in known)


@retry_on_conflict
def _link(line_id: int, known: Known, now: datetime) -> bool:
    with transaction.atomic():
        line = PayoutLine.objects.select_for_update(of=("self",)).filter(id=line_id, booked=False).first()
        if line is None:
            return False  # another process was quicker
        line.booked = True
        line.payment_id, line.refund_id = known.payment_id, known.refund_id
        line.other_payout_id = known.other_payout_id
        line.save(update_fields=["booked", "payment", "refund", "other_payout"])
        entry = Entry.objects.filter(company_id=line.company_id, source=f"payout-line:{line.pk}").first()
        if entry is not None:
            today = now.astimezone(line.company.zone).date()
            reverse_entry(entry=entry, entry_date=today, label=f"Connu depuis : {entry.label}"[:200], now=now)
        return True
