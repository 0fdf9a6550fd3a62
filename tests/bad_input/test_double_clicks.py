"""Two clicks at once, on connections of their own: what is done is done once, and both clicks are answered alike."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from reglo.companies.models import Company, User
from reglo.invoicing.models import Invoice
from reglo.ledger.models import Entry
from reglo.payments.models import Payment
from reglo.ports import ids
from tests.factories import make_company, make_draft, make_issued, make_user
from tests.harness.racing import in_threads

CLICKS = 3


@pytest.fixture
def owner(transactional_db: None) -> User:
    return make_user("alice@atelier-lumen.test")


@pytest.fixture
def company(owner: User) -> Company:
    return make_company(owner=owner)


def click_at_once(owner: User, address: str, fields: dict[str, str]) -> list[Any]:
    """The same form, from the same browser, sent by several threads."""
    client = Client()
    client.force_login(owner)
    answers: list[Any] = []

    def click() -> None:
        again = Client()
        again.cookies = client.cookies.copy()
        answers.append(again.post(address, fields))

    connection.close()
    assert in_threads(*[click] * CLICKS) == []
    return answers


def test_finalised_at_once_from_several_clicks_it_has_one_number(owner: User, company: Company):
    draft = make_draft(company)
    answers = click_at_once(owner, f"/factures/{draft.pk}/finaliser/", {})

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [
        (302, f"/factures/{draft.pk}/")
    ] * CLICKS
    assert Invoice.objects.get().number == "ESSAI-F2026-0001"
    assert Entry.objects.count() == 1


def test_a_collection_recorded_at_once_from_several_clicks_is_one(owner: User, company: Company):
    invoice = make_issued(company)
    typed = {"payment_id": str(ids.new_uuid()), "amount": "60", "method": "transfer", "collected_on": "2026-11-22"}
    answers = click_at_once(owner, f"/factures/{invoice.pk}/encaisser/", typed)

    assert [answer.status_code for answer in answers] == [302] * CLICKS
    assert [payment.amount_minor for payment in Payment.objects.all()] == [6000]
