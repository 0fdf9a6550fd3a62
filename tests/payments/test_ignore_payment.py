"""*Ignorer*, and its undoing: a decision with its reason, never a deletion."""

from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from reglo.companies.models import User
from reglo.events.models import Event
from reglo.money import Money
from reglo.payments.models import ProviderAccount, UnmatchedPayment
from reglo.payments.providers import facts
from reglo.payments.providers.facts import PaymentFact, Ref, Snapshot, State
from reglo.payments.services import ignore_payment, note_unmatched, unignore_payment
from reglo.payments.states import UnmatchedState
from reglo.ports import clock as clock_port


@pytest.fixture
def sold(account: ProviderAccount) -> UnmatchedPayment:
    fact = PaymentFact("ch_1", Money(42_00, "EUR"), clock_port.now(), facts.Method.CARD, "", None, None)
    snapshot = Snapshot(Ref("charge", "ch_1"), False, "", State.PAID, (fact,))
    assert note_unmatched(account=account, snapshot=snapshot, now=clock_port.now())
    assert note_unmatched(account=account, snapshot=snapshot, now=clock_port.now())
    return UnmatchedPayment.objects.get()


def ignore(sold: UnmatchedPayment, reason: str = "Boutique", actor_id: int | None = None) -> UnmatchedPayment:
    return ignore_payment(
        company_id=sold.company_id, unmatched_id=sold.id, reason=reason, now=clock_port.now(), actor_id=actor_id
    )


def test_it_keeps_its_first_reason_and_who_gave_it(sold: UnmatchedPayment, alice: User):
    ignore(sold, actor_id=alice.pk)

    again = ignore(sold, reason="Autre chose")

    assert (again.state, again.reason, again.decided_by_id) == (UnmatchedState.IGNORED, "Boutique", alice.pk)
    assert Event.objects.filter(kind="payment.ignored").count() == 1


def test_taken_back_it_waits_again_and_twice_is_once(sold: UnmatchedPayment):
    ignore(sold)

    for _each in range(2):
        unignore_payment(company_id=sold.company_id, unmatched_id=sold.id, now=clock_port.now())

    sold.refresh_from_db()
    assert (sold.state, sold.reason, sold.decided_at) == (UnmatchedState.OPEN, "", None)
    assert Event.objects.filter(kind="payment.unignored").count() == 1


def test_nobody_decides_for_another_company(sold: UnmatchedPayment):
    with pytest.raises(Http404):
        ignore_payment(company_id=sold.company_id + 1, unmatched_id=sold.id, reason="x", now=clock_port.now())
    with pytest.raises(Http404):
        unignore_payment(company_id=sold.company_id, unmatched_id=UUID(int=1), now=clock_port.now())

    sold.refresh_from_db()
    assert sold.state == UnmatchedState.OPEN


def test_the_fact_itself_never_changes(sold: UnmatchedPayment):
    for write in (
        lambda: UnmatchedPayment.objects.update(amount_minor=1),
        lambda: UnmatchedPayment.objects.update(external_id="ch_2"),
        lambda: UnmatchedPayment.objects.all()._raw_delete(using="default"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()

    assert UnmatchedPayment.objects.get().amount_minor == 42_00


def test_money_of_the_other_world_is_not_noted(account: ProviderAccount):
    fact = PaymentFact("ch_1", Money(42_00, "EUR"), clock_port.now(), facts.Method.CARD, "", None, None)

    noted = note_unmatched(
        account=account,
        snapshot=Snapshot(Ref("charge", "ch_1"), True, "", State.PAID, (fact,)),
        now=clock_port.now(),
    )

    assert not noted
    assert not UnmatchedPayment.objects.exists()
