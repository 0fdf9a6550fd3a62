"""Leaving the franchise mid-year, and every other change of regime: dated, followed by drafts, taken back while unused."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from reglo.companies.models import Company, User, VatRegimePeriod
from reglo.companies.states import VatRegime
from reglo.events.models import Event
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.models import Invoice
from reglo.invoicing.services import (
    InvoiceIncomplete,
    VatRegimeChangedThatDay,
    VatRegimeDateImpossible,
    VatRegimeInUse,
    VatRegimeUnchanged,
    change_vat_regime,
    issue_invoice,
    undo_vat_regime,
)
from reglo.invoicing.vat_history import vat_history
from tests.factories import line, make_company, make_draft, make_issued

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
TOMORROW = date(2026, 11, 23)


@pytest.fixture
def micro(alice: User) -> Company:
    return make_company(owner=alice, vat_regime="franchise", legal_form="micro", share_capital="", rcs_city="")


def change(
    company: Company, since: date, regime: VatRegime = VatRegime.QUARTERLY, *, on_debits: bool = False
) -> VatRegimePeriod:
    owner = company.memberships.get(role="owner").user
    return change_vat_regime(
        company_id=company.id, since=since, regime=regime, on_debits=on_debits, actor_id=owner.id, now=NOW
    )


def undo(company: Company, period: VatRegimePeriod) -> None:
    owner = company.memberships.get(role="owner").user
    undo_vat_regime(company_id=company.id, period_id=period.id, actor_id=owner.id, now=NOW)


def issue(draft: Invoice, now: datetime = NOW) -> DocumentContent:
    return DocumentContent.from_json(issue_invoice(company_id=draft.company_id, invoice_id=draft.id, now=now).frozen)


def fresh(company: Company) -> Company:
    return Company.objects.get(id=company.id)


def test_the_regime_is_a_question_about_a_day(micro: Company):
    change(micro, TOMORROW, VatRegime.MONTHLY, on_debits=True)
    change(micro, date(2027, 7, 1), VatRegime.FRANCHISE)

    company = fresh(micro)
    assert [
        (company.vat_on(day).charges_vat, company.vat_on(day).on_debits)
        for day in (date(2020, 1, 1), TODAY, TOMORROW, date(2027, 6, 30), date(2027, 7, 1))
    ] == [(False, False), (False, False), (True, True), (True, True), (False, False)]
    assert company.charges_vat is False  # today


def test_a_draft_follows_the_regime_of_the_day_it_is_issued(micro: Company):
    before, after = (make_draft(micro, lines=[line("100", vat="20")], now=NOW) for _ in range(2))
    change(micro, TOMORROW)

    first, second = issue(before), issue(after, now=NOW + timedelta(days=1))

    assert (first.charges_vat, first.gross_minor, first.rates[0].exemption) == (False, 100_00, "VATEX-FR-FRANCHISE")
    assert (second.charges_vat, second.gross_minor, second.rates[0].vat_category) == (True, 120_00, "S")
    assert first.seller.vat_number == ""
    assert second.seller.vat_number == "FR44732829320"


def test_a_draft_that_was_given_no_rate_asks_for_one_once_the_franchise_is_left(micro: Company):
    draft = make_draft(micro, lines=[line("100", vat="0")], now=NOW)
    change(micro, TODAY)

    with pytest.raises(InvoiceIncomplete) as refusal:
        issue(draft)

    assert [problem.message for problem in refusal.value.problems] == ["Choisissez la TVA de cette ligne."]


def test_entering_the_franchise_takes_the_vat_off(company: Company):
    draft = make_draft(company, lines=[line("100", vat="20")], now=NOW)
    change(company, TODAY, VatRegime.FRANCHISE, on_debits=True)

    content = issue(draft)

    assert (content.gross_minor, content.legal_mentions[0]) == (100_00, "TVA non applicable, art. L. 223-3 du CIBS")
    assert VatRegimePeriod.objects.get().on_debits is False


def test_the_option_for_debits_is_dated_too(company: Company):
    change(company, TOMORROW, VatRegime.MONTHLY, on_debits=True)
    today, tomorrow = (make_draft(company, now=NOW) for _ in range(2))

    issue(today)
    issue(tomorrow, now=NOW + timedelta(days=1))

    assert [Invoice.objects.get(id=one.id).vat_on_receipts_minor for one in (today, tomorrow)] == [20_00, 0]


def test_what_was_issued_that_day_keeps_its_regime(company: Company):
    make_issued(company, now=NOW)

    with pytest.raises(VatRegimeInUse) as refused:
        change(company, TODAY, VatRegime.FRANCHISE)

    assert refused.value.field == "since"
    assert "ESSAI-F2026-0001" in str(refused.value)
    assert "22/11/2026" in str(refused.value)
    assert not VatRegimePeriod.objects.exists()
    assert not Event.objects.filter(kind="vat_regime.changed").exists()
    assert change(company, TOMORROW, VatRegime.FRANCHISE).since == TOMORROW


@pytest.mark.parametrize(
    ("since", "regime", "refusal"),
    [
        (TODAY, VatRegime.MONTHLY, VatRegimeUnchanged),
        (date(1999, 12, 31), VatRegime.FRANCHISE, VatRegimeDateImpossible),
        (date(2031, 1, 1), VatRegime.FRANCHISE, VatRegimeDateImpossible),
    ],
)
def test_an_absurd_change_is_refused(company: Company, since: date, regime: VatRegime, refusal: type[Exception]):
    with pytest.raises(refusal):
        change(company, since, regime)

    assert not VatRegimePeriod.objects.exists()


def test_two_changes_on_one_day_are_one_too_many(company: Company):
    change(company, TOMORROW, VatRegime.FRANCHISE)

    with pytest.raises(VatRegimeChangedThatDay):
        change(company, TOMORROW, VatRegime.QUARTERLY)

    assert VatRegimePeriod.objects.get().regime == "franchise"


def test_a_change_is_taken_back_while_nothing_was_issued_under_it(micro: Company):
    period = change(micro, TODAY)

    undo(micro, period)
    undo(micro, period)

    assert fresh(micro).charges_vat is False
    assert not VatRegimePeriod.objects.exists()
    assert Event.objects.filter(kind="vat_regime.taken_back").count() == 1


def test_once_something_was_issued_under_it_a_change_stays(micro: Company):
    period = change(micro, TODAY)
    make_issued(fresh(micro), now=NOW)

    with pytest.raises(VatRegimeInUse):
        undo(micro, period)

    assert fresh(micro).charges_vat is True


def test_a_change_of_another_company_is_not_found(company: Company, mallory: User):
    period = change(company, TOMORROW, VatRegime.FRANCHISE)

    with pytest.raises(Http404):
        undo(mallory.memberships.get().company, period)

    assert VatRegimePeriod.objects.exists()


def test_a_change_that_never_was_is_not_found(micro: Company):
    period = change(micro, TODAY)
    never = VatRegimePeriod(id=period.id + 1000)

    with pytest.raises(Http404):
        undo(micro, never)


def test_what_another_company_took_back_is_not_found(micro: Company, mallory: User):
    period = change(micro, TODAY)
    undo(micro, period)

    with pytest.raises(Http404):
        undo(mallory.memberships.get().company, period)


def test_the_history_says_what_is_in_force_and_what_may_be_taken_back(micro: Company):
    make_issued(micro, lines=[line(vat="0")], now=NOW)
    change(micro, TOMORROW)

    latest, first = vat_history(fresh(micro), today=TODAY)

    assert (latest.since, latest.regime, latest.undoable, latest.is_current) == (TOMORROW, "quarterly", True, False)
    assert (first.since, first.regime, first.undoable, first.is_current) == (None, "franchise", False, True)


def test_the_database_itself_keeps_what_was_issued_under_its_regime(company: Company):
    make_issued(company, now=NOW)
    period = VatRegimePeriod.objects.create(company=company, since=TOMORROW, regime="franchise", created_at=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        VatRegimePeriod.objects.create(company=company, since=TODAY, regime="franchise", created_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        VatRegimePeriod.objects.filter(id=period.id).update(since=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Company.objects.filter(id=company.id).update(vat_regime="franchise")
    with pytest.raises(IntegrityError), transaction.atomic():
        Company.objects.filter(id=company.id).update(vat_on_debits=True)
    VatRegimePeriod.objects.filter(id=period.id).delete()


def test_the_database_keeps_a_change_that_was_used(micro: Company):
    period = change(micro, TODAY)
    make_issued(fresh(micro), now=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        VatRegimePeriod.objects.filter(id=period.id).delete()
