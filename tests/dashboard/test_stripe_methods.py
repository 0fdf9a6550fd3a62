"""*Moyens de paiement*: the card alone, or the SEPA debit too."""

import pytest
from django.test import Client

from reglo.payments.models import ProviderAccount
from reglo.payments.states import OfferedMethods
from tests.payments.conftest import account, running, stripe, world  # noqa: F401 (fixtures)


def test_the_page_shows_what_is_offered_and_changes_it(browser: Client, account: ProviderAccount):  # noqa: F811 (the fixture)
    page = browser.get("/configuration/devis-factures/").content.decode()
    assert "Moyens de paiement" in page
    assert "Carte et prélèvement SEPA" in page

    answer = browser.post(f"/configuration/stripe/{account.id}/moyens/", {"offers": "card_and_debit"})

    account.refresh_from_db()
    assert (answer.status_code, account.offers) == (302, OfferedMethods.CARD_AND_DEBIT)


@pytest.mark.parametrize("typed", [{}, {"offers": "cheque"}])
def test_anything_else_changes_nothing(browser: Client, account: ProviderAccount, typed: dict[str, str]):  # noqa: F811 (the fixture)
    answer = browser.post(f"/configuration/stripe/{account.id}/moyens/", typed, follow=True)

    account.refresh_from_db()
    assert "Choisissez la carte seule, ou la carte et le prélèvement." in answer.content.decode()
    assert account.offers == OfferedMethods.CARD
