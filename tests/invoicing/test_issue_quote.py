import hashlib
from datetime import UTC, date, datetime

import pytest

from reglo.companies.models import Company
from reglo.events.kinds import Kind
from reglo.events.models import Event
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.models import NumberSequence, Quote
from reglo.invoicing.numbering import IssueDateBeforeSeries
from reglo.invoicing.services import (
    DraftChangedElsewhere,
    DraftDiscarded,
    DraftRefused,
    QuoteClosed,
    QuoteIncomplete,
    VersionFinalised,
    cancel_quote,
    discard_quote,
    drop_revision,
    duplicate_quote,
    issue_quote,
    revise_quote,
)
from reglo.invoicing.states import QuoteState, QuoteStatus
from tests.factories import accept, line, make_company, make_customer, make_issued, make_quote, make_quote_draft, option
from tests.factories.quotes import type_quote
from tests.harness.frozen_clock import FrozenClock

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_a_quote_is_numbered_in_its_own_series_and_frozen(company: Company):
    make_issued(company, now=NOW)

    quote = make_quote(company, now=NOW, lines=[line("100"), option("50")], work_place="4 rue Neuve, Lyon")

    offered = quote.offered
    assert offered is not None
    assert (quote.number, quote.series, quote.status) == ("ESSAI-D2026-0001", "ESSAI-D2026-", QuoteStatus.SENT)
    assert (offered.issue_date, quote.valid_until) == (date(2026, 11, 22), date(2026, 12, 22))
    assert (offered.net_minor, offered.vat_minor, offered.gross_minor) == (100_00, 20_00, 120_00)
    assert offered.hash == hashlib.sha256(offered.frozen.encode()).hexdigest()
    content = DocumentContent.from_json(offered.frozen)
    assert (content.kind, content.number, content.due_date) == ("quote", "ESSAI-D2026-0001", "2026-12-22")
    assert [(part.amount_minor, part.option) for part in content.lines] == [(100_00, None), (50_00, "offered")]
    assert content.quote is not None
    assert (content.quote.version, content.quote.work_place) == (1, "4 rue Neuve, Lyon")
    assert Event.objects.get(kind=Kind.QUOTE_ISSUED).subject_id == str(quote.pk)


def test_a_real_company_numbers_without_a_prefix(db: None):
    assert make_quote(make_company(practice=False), now=NOW).number == "D2026-0001"


def test_a_double_click_uses_one_number(company: Company):
    quote = make_quote(company, now=NOW)

    again = issue_quote(company_id=company.pk, quote_id=quote.pk, now=NOW)

    assert again.number == "ESSAI-D2026-0001"
    assert NumberSequence.objects.get(series="ESSAI-D2026-").last_number == 1
    assert quote.versions.count() == 1


def test_an_invoice_and_its_chain_do_not_know_of_quotes(company: Company):
    make_quote(company, now=NOW)

    assert make_issued(company, now=NOW).number == "ESSAI-F2026-0001"
    assert make_issued(company, now=NOW).chain_position == 2


def test_what_is_missing_is_listed_and_nothing_is_numbered(company: Company):
    quote = make_quote_draft(company, now=NOW, lines=[option()])

    with pytest.raises(QuoteIncomplete) as refused:
        issue_quote(company_id=company.pk, quote_id=quote.pk, now=NOW)

    assert [problem.field for problem in refused.value.problems] == ["lines"]
    assert Quote.objects.get().number is None
    assert not NumberSequence.objects.filter(series="ESSAI-D2026-").exists()


def test_a_quote_needs_a_seller_and_a_customer(db: None):
    company = make_company(siren="", address="")
    quote = make_quote_draft(company, now=NOW, lines=[], customer=make_customer(company, address="", siren=""))

    with pytest.raises(QuoteIncomplete) as refused:
        issue_quote(company_id=company.pk, quote_id=quote.pk, now=NOW)

    places = [(problem.place, problem.field) for problem in refused.value.problems]
    assert places == [
        ("company", "siren"),
        ("company", "address"),
        ("customer", "address"),
        ("customer", "siren"),
        ("lines", "lines"),
    ]


def test_it_expires_the_day_after_the_last_one_by_the_companys_date(company: Company):
    quote = make_quote(company, now=NOW, valid_days=10)

    assert quote.state_on(date(2026, 12, 2)) == QuoteState.SENT
    assert quote.state_on(date(2026, 12, 3)) == QuoteState.EXPIRED


def test_a_thrown_away_quote_is_not_sent(company: Company):
    quote = make_quote_draft(company, now=NOW)
    discard_quote(company_id=company.pk, quote_id=quote.pk, now=NOW)

    with pytest.raises(DraftDiscarded):
        issue_quote(company_id=company.pk, quote_id=quote.pk, now=NOW)


def test_a_numbered_quote_is_not_thrown_away(company: Company):
    quote = make_quote(company, now=NOW)

    with pytest.raises(VersionFinalised):
        discard_quote(company_id=company.pk, quote_id=quote.pk, now=NOW)


def test_a_new_version_keeps_the_number_and_the_offer_until_it_is_finalised(company: Company):
    quote = make_quote(company, now=NOW, lines=[line("100"), option("50")])
    first = quote.offered

    revised = revise_quote(company_id=company.pk, quote_id=quote.pk, now=NOW)
    assert revised.latest is not None
    assert (revised.latest.number, revised.offered) == (2, first)
    assert [part.optional for part in revised.latest.lines.order_by("rank")] == [False, True]
    assert revise_quote(company_id=company.pk, quote_id=quote.pk, now=NOW).latest == revised.latest
    type_quote(revised, lines=[line("200")], now=NOW)
    second = issue_quote(company_id=company.pk, quote_id=quote.pk, now=NOW)

    assert (second.number, second.status) == ("ESSAI-D2026-0001", QuoteStatus.SENT)
    assert second.offered is not None
    assert (second.offered.number, second.offered.gross_minor) == (2, 240_00)
    assert quote.versions.get(number=1).gross_minor == 120_00


def test_a_version_being_written_can_be_dropped(company: Company):
    quote = make_quote(company, now=NOW)
    revise_quote(company_id=company.pk, quote_id=quote.pk, now=NOW)

    dropped = drop_revision(company_id=company.pk, quote_id=quote.pk, now=NOW)
    again = drop_revision(company_id=company.pk, quote_id=quote.pk, now=NOW)

    assert dropped.latest == again.latest == quote.offered
    assert quote.versions.count() == 1


def test_a_finalised_version_is_not_typed_on(company: Company):
    quote = make_quote(company, now=NOW)

    with pytest.raises(VersionFinalised):
        type_quote(quote, lines=[line("1")], now=NOW)


def test_two_tabs_do_not_overwrite_one_another(company: Company):
    quote = make_quote_draft(company, now=NOW)

    with pytest.raises(DraftChangedElsewhere):
        type_quote(quote, revision=0, now=NOW)


def test_the_customer_of_a_sent_quote_stays(company: Company):
    quote = make_quote(company, now=NOW)
    revised = revise_quote(company_id=company.pk, quote_id=quote.pk, now=NOW)
    revised.customer = make_customer(company, name="Une autre")

    with pytest.raises(DraftRefused) as refused:
        type_quote(revised, now=NOW)

    assert [refusal.field for refusal in refused.value.refusals] == ["customer"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"valid_days": 0}, "valid_days"),
        ({"valid_days": 731}, "valid_days"),
        ({"fee_minor": -1}, "fee_minor"),
        ({"deposit_minor": 0}, "deposit_minor"),
        ({"deposit_rate": 101}, "deposit_rate"),
        ({"deposit_rate": 30, "deposit_minor": 100}, "deposit_minor"),
    ],
)
def test_what_is_absurd_is_refused_at_its_field(company: Company, typed: dict[str, int], field: str):
    quote = make_quote_draft(company, now=NOW)

    with pytest.raises(DraftRefused) as refused:
        type_quote(quote, now=NOW, **typed)

    assert [refusal.field for refusal in refused.value.refusals] == [field]


def test_no_version_is_dated_before_the_one_that_it_replaces(company: Company):
    quote = make_quote(company, now=NOW)
    revise_quote(company_id=company.pk, quote_id=quote.pk, now=NOW)

    with pytest.raises(IssueDateBeforeSeries):
        issue_quote(company_id=company.pk, quote_id=quote.pk, now=datetime(2026, 11, 20, 9, tzinfo=UTC))

    assert Quote.objects.get().offered == quote.offered


def test_an_accepted_quote_has_no_new_version(company: Company, clock: FrozenClock):
    quote = make_quote(company)
    accept(quote)

    with pytest.raises(QuoteClosed):
        revise_quote(company_id=company.pk, quote_id=quote.pk, now=NOW)


def test_a_cancelled_quote_stays_so(company: Company):
    quote = make_quote(company, now=NOW)

    cancelled = cancel_quote(company_id=company.pk, quote_id=quote.pk, now=NOW)
    cancel_quote(company_id=company.pk, quote_id=quote.pk, now=NOW)

    assert cancelled.status == QuoteStatus.CANCELLED
    assert Event.objects.filter(kind=Kind.QUOTE_CANCELLED).count() == 1
    with pytest.raises(QuoteClosed):
        revise_quote(company_id=company.pk, quote_id=quote.pk, now=NOW)


def test_a_duplicate_is_a_draft_of_its_own(company: Company):
    quote = make_quote(company, now=NOW, lines=[line("100"), option("50")], valid_days=45)

    copy = duplicate_quote(company_id=company.pk, quote_id=quote.pk, now=NOW)

    assert copy.latest is not None
    assert (copy.status, copy.number, copy.customer) == (QuoteStatus.DRAFT, None, quote.customer)
    assert (copy.latest.number, copy.latest.valid_days, copy.latest.gross_minor) == (1, 45, 120_00)
    assert [part.amount_minor for part in copy.latest.lines.order_by("rank")] == [100_00, 50_00]
