"""Once a day the head of each chain of documents goes to its owners: what they hold proves what we may not change."""

from datetime import datetime, timedelta

from django.db import transaction

from reglo.companies.models import Company
from reglo.delivery.queries import mail_settings_of
from reglo.events.kinds import Kind
from reglo.events.models import Event
from reglo.events.queries import content_of
from reglo.events.record import record
from reglo.invoicing.locks import lock_document_chain
from reglo.invoicing.models import Invoice


def tell_chain_heads(*, now: datetime) -> int:
    """How many companies are told: those that can mail, and whose chain grew since, up to the end of yesterday.

    Not practice companies, whose documents prove nothing. Safe twice.
    """
    grown = Company.objects.filter(practice=False, document_chain__position__gt=0).order_by("id")
    return sum(_tell(company, now) for company in grown)


def _tell(company: Company, now: datetime) -> bool:
    today = now.astimezone(company.zone).date()
    issued = Invoice.objects.filter(company=company, chain_position__isnull=False, issue_date__lt=today)
    last = issued.order_by("-chain_position").first()
    if last is None or mail_settings_of(company.pk) is None:
        return False
    assert last.chain_position is not None, "filtered by it"
    with transaction.atomic():
        chain = lock_document_chain(company.pk)  # two workers, one day
        told = Event.objects.filter(company=company, kind=Kind.CHAIN_HEAD_TOLD).order_by("-id").first()
        if told is not None and content_of(told).get("position", 0) >= last.chain_position:
            return False  # or the clock went back: an older head proves nothing more
        record(
            kind=Kind.CHAIN_HEAD_TOLD,
            company_id=company.pk,
            subject=chain,
            now=now,
            content={"position": last.chain_position, "head": last.hash, "day": today - timedelta(days=1)},
        )
    return True
