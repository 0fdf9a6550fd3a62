"""Something happened that does not wait: one mail to each *Gérant* who wants to be told."""

from datetime import datetime

from django.db import transaction
from django.utils import translation

from reglo.companies.locks import lock_company
from reglo.companies.models import Company, User
from reglo.companies.queries import members_of
from reglo.companies.states import Role
from reglo.delivery.alert_words import LANGUAGE, AlertWords, alert_words
from reglo.delivery.models import Alert
from reglo.delivery.queries import mail_settings_of
from reglo.delivery.services.prepare_message import message_id_of
from reglo.events.kinds import Kind
from reglo.events.models import Event
from reglo.events.record import record
from reglo.ports import ids


def alert_owners(*, event: Event, now: datetime) -> list[Alert]:
    """The alerts that were queued now: none for whom it was queued before, none without a mail server."""
    assert event.company_id is not None, "an alert is about a company"
    company = Company.objects.get(id=event.company_id)
    if mail_settings_of(company.pk) is None:
        return []
    with translation.override(LANGUAGE):
        words = alert_words(event, company=company)
    if words is None:
        return []
    owners = members_of(company_id=company.pk).filter(role=Role.OWNER, user__is_active=True, user__alerted=True)
    with transaction.atomic():
        lock_company(company.pk)  # two workers, one event
        told = set(Alert.objects.filter(event=event).values_list("user_id", flat=True))
        return [_queue(event, company, words, member.user, now) for member in owners if member.user_id not in told]


def _queue(event: Event, company: Company, words: AlertWords, user: User, now: datetime) -> Alert:
    key = ids.new_uuid()
    alert = Alert.objects.create(
        id=key,
        company=company,
        event=event,
        user=user,
        to=user.email,
        subject=words.subject,
        body="\n\n".join(words.paragraphs),
        message_id=message_id_of(key),
        queued_at=now,
    )
    record(kind=Kind.ALERT_QUEUED, company_id=company.pk, subject=alert, now=now)
    return alert
