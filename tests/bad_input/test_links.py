"""A link of a customer that is not good any more, not whole, or not theirs."""

from datetime import timedelta

import pytest
from django.test import Client

from reglo.companies.models import Company
from reglo.delivery.services import NewLink, create_link
from reglo.ports import clock as clock_port
from tests.bad_input.conftest import said
from tests.factories import make_issued
from tests.harness.frozen_clock import FrozenClock
from tests.harness.rows import nothing_written

SENTENCE = "Ce lien ne fonctionne pas ou plus"


@pytest.fixture
def link(company: Company) -> NewLink:
    return create_link(company_id=company.id, invoice_id=make_issued(company).id, now=clock_port.now())


def altered(token: str) -> list[str]:
    """Cut, lengthened, one character changed, its case changed, something else in its place."""
    other = "A" if token[-1] != "A" else "B"
    return [token[:-1], token + "A", token[:-1] + other, token.swapcase(), "x" * 10_000, "😀", "../../etc/passwd"]


def test_an_altered_link_opens_nothing(link: NewLink):
    for token in altered(link.token):
        with nothing_written():
            answer = Client().get(f"/p/l/{token}")
        assert answer.status_code == 404
        assert not answer.cookies
        assert SENTENCE in said(answer) or "Page introuvable" in said(answer)


def test_an_expired_link_opens_nothing_and_offers_a_new_one(link: NewLink, clock: FrozenClock):
    clock.instant = link.link.expires_at + timedelta(seconds=1)
    with nothing_written():
        answer = Client().get(f"/p/l/{link.token}")

    assert answer.status_code == 404
    assert SENTENCE in said(answer)
    assert '<form method="post"' in said(answer)


def test_someone_elses_link_gives_their_document_and_not_mine(link: NewLink, company: Company):
    mine, theirs = (
        Client(),
        create_link(company_id=company.id, invoice_id=make_issued(company).id, now=clock_port.now()),
    )
    mine.get(f"/p/l/{theirs.token}")
    with nothing_written():
        answer = mine.get(f"/p/factures/{link.link.id}")
        paid = mine.post(f"/p/factures/{link.link.id}/payer", {"preuve": "00.00"})

    assert (answer.status_code, paid.status_code) == (404, 404)
    assert link.link.invoice.number not in said(answer)


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/invitation/inconnue/", 410, "Cette invitation a déjà servi, a été annulée ou a expiré."),
        ("/connexion/inconnu/", 410, "Ce lien a déjà servi ou a expiré."),
        ("/p/retour/inconnu", 404, "Cette page n’est plus là"),
        ("/compte/mot-de-passe/oublie/1-jamais-donnee/", 200, "Il a déjà servi, ou il a expiré."),
    ],
)
def test_every_other_link_of_ours_says_it_is_spent(company: Company, address: str, status: int, sentence: str):
    with nothing_written(but={"account_emailaddress"}):  # allauth's copy of an address, made when it first looks
        answer = Client().get(address)

    assert answer.status_code == status
    assert sentence in said(answer)
