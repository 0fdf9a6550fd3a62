"""A dispute told by several at once, decided by two, or won while the owner decides: once, and the books agree."""

from collections.abc import Callable

import pytest

from reglo.invoicing.models import Invoice, Settlement
from reglo.ledger.models import Entry
from reglo.payments.models import Dispute, DisputeMove, PaymentAttempt
from reglo.payments.providers.facts import DisputeFact, DisputeStanding
from reglo.payments.services import DisputeAwaitsNoChoice, settle_lost_dispute
from reglo.payments.states import DisputeOutcome
from reglo.ports import clock as clock_port
from tests.harness.racing import in_threads
from tests.payments.conftest import account, invoice, running, start, stripe, world  # noqa: F401 (fixtures)
from tests.payments.disputes import books, contested, reinstated, tell, withdrawn

pytestmark = pytest.mark.django_db(transaction=True)

S = DisputeStanding
Start = Callable[[Invoice], PaymentAttempt]


@pytest.fixture
def attempt(invoice: Invoice, start: Start) -> PaymentAttempt:  # noqa: F811 (the fixtures)
    """Of an invoice that is paid."""
    attempt = start(invoice)
    tell(attempt)
    return attempt


def telling(attempt: PaymentAttempt, dispute: DisputeFact) -> Callable[[], None]:
    return lambda: tell(attempt, dispute)


def choosing(dispute: Dispute, outcome: DisputeOutcome) -> Callable[[], None]:
    def choose() -> None:
        settle_lost_dispute(company_id=dispute.company_id, dispute_id=dispute.id, outcome=outcome, now=clock_port.now())

    return choose


def test_funds_that_four_tell_at_once_move_once(attempt: PaymentAttempt):
    raised = in_threads(*[telling(attempt, contested(S.OPEN, withdrawn()))] * 4)

    assert raised == []
    assert (Dispute.objects.count(), DisputeMove.objects.count()) == (1, 1)
    assert Entry.objects.filter(source__startswith="dispute-move:").count() == 1
    assert Settlement.objects.get().disputed_minor == 120_00


def test_of_two_choices_at_once_one_is_booked(attempt: PaymentAttempt):
    tell(attempt, contested(S.LOST, withdrawn()))
    dispute = Dispute.objects.get()

    raised = in_threads(*[choosing(dispute, outcome) for outcome in DisputeOutcome])

    assert [type(error) for error in raised] == [DisputeAwaitsNoChoice]
    assert Entry.objects.filter(source=f"dispute:{dispute.id}").count() == 1
    assert "467100" not in books(dispute.company_id)


def test_an_appeal_that_is_won_while_the_owner_decides_ends_the_same_or_leaves_nothing_to_decide(
    attempt: PaymentAttempt,
):
    tell(attempt, contested(S.LOST, withdrawn()))
    dispute = Dispute.objects.get()

    raised = in_threads(
        choosing(dispute, DisputeOutcome.RECLAIMED), telling(attempt, contested(S.WON, withdrawn(), reinstated()))
    )

    assert {type(error) for error in raised} <= {DisputeAwaitsNoChoice}
    assert Settlement.objects.get().settled_minor == 120_00
    assert not {"411000", "467100", "654000"} & set(books(dispute.company_id))
