"""Change how the company stands towards VAT from a date on, and take it back while nothing was issued since."""

from datetime import date, datetime

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from reglo.companies.locks import lock_company
from reglo.companies.models import VatRegimePeriod
from reglo.companies.states import VatRegime
from reglo.database.retry import retry_on_conflict
from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.models import Event
from reglo.events.record import record
from reglo.invoicing.locks import lock_drafts
from reglo.invoicing.vat_history import issued_since
from reglo.ledger.chart import FROM_THE_START


class VatRegimeInUse(RegloError):
    """`number` is the first document issued on or after the date, `issue_date` its day."""

    code = "vat_regime_in_use"
    status = 409
    message = _(
        "%(number)s est déjà émise, le %(issue_date)s : le régime de TVA ne peut plus changer à cette date. "
        "Choisissez un jour plus tard, et corrigez par avoir ce qui doit l’être."
    )


class VatRegimeUnchanged(RegloError):
    code = "vat_regime_unchanged"
    message = _("Vous êtes déjà sous ce régime de TVA à cette date.")


class VatRegimeChangedThatDay(RegloError):
    code = "vat_regime_changed_that_day"
    status = 409
    message = _("Un changement de régime est déjà prévu ce jour-là : annulez-le d’abord.")


class VatRegimeDateImpossible(RegloError):
    code = "vat_regime_date_impossible"
    message = _("Vérifiez l’année de cette date.")


@retry_on_conflict
def change_vat_regime(
    *, company_id: int, since: date, regime: VatRegime, on_debits: bool, actor_id: int, now: datetime
) -> VatRegimePeriod:
    """From `since` on, documents are issued under `regime`; drafts follow the regime of the day they are issued.

    Raises VatRegimeInUse, VatRegimeUnchanged, VatRegimeChangedThatDay, VatRegimeDateImpossible; nothing is written.
    """
    on_debits = on_debits and regime != VatRegime.FRANCHISE  # without VAT there is nothing to owe on debits
    with transaction.atomic():
        company = lock_company(company_id)
        lock_drafts(company_id=company_id)  # an issue under way ends first, and the next one sees this change
        if not FROM_THE_START <= since <= date(now.year + 2, 1, 1):
            raise VatRegimeDateImpossible(field="since")
        if first := issued_since(company_id=company_id, day=since):
            raise VatRegimeInUse(field="since", number=first.number, issue_date=f"{first.issue_date:%d/%m/%Y}")
        if VatRegimePeriod.objects.filter(company=company, since=since).exists():
            raise VatRegimeChangedThatDay(field="since")
        before = company.vat_on(since)
        if (before.regime, before.on_debits) == (regime, on_debits):
            raise VatRegimeUnchanged(field="regime")
        period = VatRegimePeriod.objects.create(
            company=company, since=since, regime=regime, on_debits=on_debits, created_at=now
        )
        record(
            kind=Kind.VAT_REGIME_CHANGED,
            company_id=company_id,
            subject=company,
            actor_id=actor_id,
            now=now,
            content={"since": since, "regime": regime, "on_debits": on_debits, "before": before.regime},
        )
    return period


@retry_on_conflict
def undo_vat_regime(*, company_id: int, period_id: int, actor_id: int, now: datetime) -> None:
    """Forget the change; once forgotten, again is no error. Raises VatRegimeInUse, Http404 for what never was."""
    with transaction.atomic():
        lock_company(company_id)
        lock_drafts(company_id=company_id)
        period = VatRegimePeriod.objects.filter(id=period_id).first()
        if period is None and _was_taken_back(company_id=company_id, period_id=period_id):
            return
        if period is None or period.company_id != company_id:
            raise Http404
        if first := issued_since(company_id=company_id, day=period.since):
            raise VatRegimeInUse(number=first.number, issue_date=f"{first.issue_date:%d/%m/%Y}")
        record(
            kind=Kind.VAT_REGIME_TAKEN_BACK,
            company_id=company_id,
            subject=period,
            actor_id=actor_id,
            now=now,
            content={"since": period.since, "regime": period.regime},
        )
        period.delete()


def _was_taken_back(*, company_id: int, period_id: int) -> bool:
    return Event.objects.filter(
        kind=Kind.VAT_REGIME_TAKEN_BACK,
        company_id=company_id,
        subject_type=VatRegimePeriod._meta.label_lower,
        subject_id=str(period_id),
    ).exists()
