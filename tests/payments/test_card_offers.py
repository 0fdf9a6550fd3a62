"""May this invoice be paid by card now? Every reason why not, in the order in which they are told."""

import pytest

from reglo.companies.models import Company
from reglo.invoicing.models import Invoice, Settlement
from reglo.payments.card_offers import CardOffer, CardRefusal, card_offer
from reglo.payments.models import ProviderAccount
from reglo.payments.states import AccountState
from reglo.ports import clock as clock_port
from tests.factories import line, make_draft, make_issued


def offer(invoice: Invoice) -> CardOffer:
    fresh = Invoice.objects.select_related("company", "settlement").get(id=invoice.id)
    return card_offer(fresh, company=fresh.company, today=clock_port.now().date())


def test_an_issued_invoice_of_a_connected_company_is_payable(invoice: Invoice, account: ProviderAccount):
    made = offer(invoice)

    assert (made.is_payable, made.amount.minor, made.account) == (True, 120_00, account)


def test_a_draft_is_not_issued(company: Company, account: ProviderAccount):
    assert offer(make_draft(company, card_allowed=True)).refusal == CardRefusal.NOT_ISSUED


@pytest.mark.parametrize(
    ("settlement", "refusal"),
    [
        ({"settled_minor": 120_00}, CardRefusal.PAID),
        ({"pending_minor": 120_00}, CardRefusal.PENDING),
        ({"disputed_minor": 120_00}, CardRefusal.DISPUTED),
    ],
)
def test_what_is_settled_pending_or_disputed_is_not_payable(
    invoice: Invoice, settlement: dict[str, int], refusal: CardRefusal
):
    Settlement.objects.filter(invoice=invoice).update(**settlement)

    assert offer(invoice).refusal == refusal


def test_a_partly_paid_invoice_offers_the_rest(invoice: Invoice):
    Settlement.objects.filter(invoice=invoice).update(settled_minor=20_00)

    assert offer(invoice).amount.minor == 100_00


def test_switched_off_comes_before_the_invoices_own_choice(invoice: Invoice):
    Company.objects.update(card_payments=False)

    assert offer(invoice).refusal == CardRefusal.SWITCHED_OFF


def test_an_invoice_may_not_allow_cards(company: Company, account: ProviderAccount):
    assert offer(make_issued(company, card_allowed=False)).refusal == CardRefusal.NOT_ALLOWED


@pytest.mark.parametrize(
    ("of_company", "of_invoice", "payable"),
    [
        (120_00, None, True),
        (119_99, None, False),
        (119_99, 120_00, True),
        (None, 119_99, False),
    ],
)
def test_the_invoices_limit_wins_over_the_companys(
    company: Company, account: ProviderAccount, of_company: int | None, of_invoice: int | None, payable: bool
):
    invoice = make_issued(company, card_allowed=True, card_limit_minor=of_invoice)
    Company.objects.update(card_limit_minor=of_company)

    assert offer(invoice).is_payable == payable
    assert payable or offer(invoice).refusal == CardRefusal.ABOVE_LIMIT


def test_below_what_stripe_charges(company: Company, account: ProviderAccount):
    assert offer(make_issued(company, card_allowed=True, lines=[line("0.40")])).refusal == CardRefusal.TOO_SMALL
    assert offer(make_issued(company, card_allowed=True, lines=[line("0.42")])).is_payable


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        (AccountState.PENDING, CardRefusal.NO_ACCOUNT),
        (AccountState.DISCONNECTED, CardRefusal.NO_ACCOUNT),
        (AccountState.BROKEN, CardRefusal.ACCOUNT_BROKEN),
    ],
)
def test_only_an_active_account_collects(invoice: Invoice, state: AccountState, refusal: CardRefusal):
    ProviderAccount.objects.update(state=state)

    assert offer(invoice).refusal == refusal
