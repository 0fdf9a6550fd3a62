from decimal import Decimal

import pytest
from django.core.exceptions import FieldDoesNotExist

from reglo.companies.models import Company, User
from reglo.companies.services import ChangedSince, change_company, undo_company_change
from reglo.events.models import Event
from reglo.events.queries import content_of
from reglo.files import store
from reglo.ports import clock as clock_port


def change(company: Company, alice: User, **fields: object) -> Event | None:
    return change_company(company_id=company.pk, actor_id=alice.pk, now=clock_port.now(), **fields)


def undo(company: Company, alice: User, event: Event | None) -> Event | None:
    assert event is not None
    return undo_company_change(company_id=company.pk, event_id=event.pk, actor_id=alice.pk, now=clock_port.now())


def test_the_event_keeps_what_was_and_what_is(company: Company, alice: User):
    event = change(company, alice, city="Paris", name="Atelier Lumen")

    assert event is not None
    assert content_of(event) == {"before": {"city": "Lyon"}, "after": {"city": "Paris"}}
    company.refresh_from_db()
    assert company.city == "Paris"


def test_nothing_new_is_no_event(company: Company, alice: User):
    assert change(company, alice, city="Lyon") is None


def test_practice_is_not_a_setting(company: Company, alice: User):
    with pytest.raises(FieldDoesNotExist):
        change(company, alice, practice=False)


@pytest.mark.parametrize(
    ("field", "new"),
    [
        ("city", "Paris"),
        ("card_payments", True),
        ("card_limit_minor", 200_000),
        ("due_days", 45),
        ("late_penalty_rate", Decimal("12.50")),
        ("vat_regime", "franchise"),
    ],
)
def test_a_change_is_undone_whatever_its_type(company: Company, alice: User, field: str, new: object):
    before = getattr(company, field)
    event = change(company, alice, **{field: new})
    company.refresh_from_db()
    assert getattr(company, field) == new

    undo(company, alice, event)

    company.refresh_from_db()
    assert getattr(company, field) == before


def test_a_logo_is_undone(company: Company, alice: User):
    stored = store.put(b"a picture", media_type="image/png", now=clock_port.now())
    event = change(company, alice, logo_id=stored.pk)

    undo(company, alice, event)

    company.refresh_from_db()
    assert company.logo_id is None


def test_what_was_changed_again_is_not_undone(company: Company, alice: User):
    event = change(company, alice, city="Paris")
    change(company, alice, city="Nantes")

    with pytest.raises(ChangedSince):
        undo(company, alice, event)

    company.refresh_from_db()
    assert company.city == "Nantes"


def test_another_company_undoes_nothing(company: Company, alice: User, mallory: User):
    event = change(company, alice, city="Paris")

    with pytest.raises(Event.DoesNotExist):
        undo(mallory.memberships.get().company, mallory, event)

    company.refresh_from_db()
    assert company.city == "Paris"
