"""Contested payments under the independent reader: each step is proved, and what was tampered with is seen."""

from collections.abc import Callable

import pytest

from reglo.companies.models import Company
from reglo.events.sealing import seal_events
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice, Settlement
from reglo.payments.models import Dispute, PaymentAttempt, ProviderAccount
from reglo.payments.providers.facts import DisputeStanding
from reglo.payments.services import settle_lost_dispute
from reglo.payments.states import DisputeOutcome
from reglo.ports import clock as clock_port
from tests.factories import line, make_issued
from tests.payments.disputes import contested, paid, refunded, reinstated, tell, withdrawn
from tests.verify.test_proofs import address, faults

pytestmark = pytest.mark.django_db(transaction=True)

Start = Callable[[Invoice], PaymentAttempt]
S = DisputeStanding
TAKEN = "Ce que les contestations ont pris est dans les comptes"
SHOWN = "Ce qui est contesté d’une facture est ce qui en a été repris"


def choose(outcome: DisputeOutcome, name: str) -> None:
    dispute = Dispute.objects.get(external_id=name)
    settle_lost_dispute(company_id=dispute.company_id, dispute_id=dispute.id, outcome=outcome, now=clock_port.now())


def test_every_kind_of_dispute_leaves_provable_books(company: Company, account: ProviderAccount, start: Start):
    def told(number: int, *steps: tuple[DisputeStanding, tuple[int, ...]], minor: int = 120_00, **more: int) -> None:
        """Paid `minor`; then each step, a standing and the funds that moved until then."""
        invoice = make_issued(company, card_allowed=True, lines=[line("84.03"), line("15.97")])
        attempt = start(invoice)
        charge = f"ch_{number}"
        refunds = (refunded(more["refund"], name=f"re_{number}"),) if "refund" in more else ()
        for standing, moves in steps:
            facts = [
                withdrawn(-amount, name=f"txn_{number}_{rank}")
                if amount < 0
                else reinstated(amount, name=f"txn_{number}_{rank}")
                for rank, amount in enumerate(moves)
            ]
            fact = contested(
                standing, *facts, minor=max(map(abs, moves), default=50_00), name=f"dp_{number}", payment=charge
            )
            tell(attempt, fact, payments=(paid(minor, name=charge),), refunds=refunds)
        run_until_idle()
        assert faults(address()) == {}

    told(1, (S.INQUIRY, ()), (S.CLOSED, ()))
    told(2, (S.OPEN, (-120_00,)), (S.WON, (-120_00, 120_00)))
    told(3, (S.OPEN, (-150_00,)), minor=150_00)
    told(4, (S.OPEN, (-40_00,)), minor=150_00)
    told(5, (S.LOST, (-120_00,)))
    told(6, (S.LOST, (-150_00,)), minor=150_00)
    told(7, (S.LOST, (-120_00,)), refund=30_00)
    told(8, (S.LOST, (-33_33,)))
    for name in ("dp_5", "dp_7", "dp_8"):
        choose(DisputeOutcome.RECLAIMED, name)
    choose(DisputeOutcome.WRITTEN_OFF, "dp_6")
    told(9, (S.LOST, (-120_00,)))
    choose(DisputeOutcome.WRITTEN_OFF, "dp_9")
    seal_events(now=clock_port.now())

    assert faults(address()) == {}


@pytest.fixture
def disputed(invoice: Invoice, start: Start) -> Dispute:
    tell(start(invoice), contested(S.OPEN, withdrawn()))
    return Dispute.objects.get()


def test_a_dispute_that_took_another_amount_than_its_funds_is_seen(disputed: Dispute):
    Dispute.objects.update(withdrawn_minor=119_99)

    [moves, accounts] = faults(address())[TAKEN]
    assert "11999 repris, 12000 par ses mouvements" in moves
    assert "11999 contestés et 0 perdus, 12000 et 0 dans leurs comptes" in accounts


def test_a_document_that_hides_its_dispute_is_seen(disputed: Dispute):
    Settlement.objects.update(disputed_minor=0)

    [fault] = faults(address())[SHOWN]
    assert "0 contestés, 12000 repris" in fault


def test_a_document_that_is_disputed_by_nobody_is_seen(invoice: Invoice):
    Settlement.objects.update(disputed_minor=1)

    [fault] = faults(address())[SHOWN]
    assert "1 contestés, 0 repris" in fault


def test_a_choice_that_was_not_booked_is_seen(disputed: Dispute):
    Dispute.objects.update(outcome=DisputeOutcome.WRITTEN_OFF, outcome_at=clock_port.now())

    assert "0 contestés et 0 perdus, 12000 et 0 dans leurs comptes" in faults(address())[TAKEN][0]
    assert SHOWN in faults(address())
