"""A season of payouts, then the independent reader: it finds nothing to say of them, and each way of spoiling them."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from reglo.companies.models import Company
from reglo.events.sealing import seal_events
from reglo.events.worker import run_until_idle
from reglo.invoicing.models import Invoice
from reglo.ledger.services import post_entry
from reglo.ledger.states import Journal
from reglo.payments.accounting import payout_postings
from reglo.payments.models import PaymentAttempt, Payout, ProviderAccount
from reglo.payments.providers.balance import MovementKind, PayoutStanding
from reglo.ports import clock as clock_port
from tests.payments.test_record_payout import ARRIVES, SALE, hear, moved, paid, told
from tests.settings import TEST_ENGINE
from tests.verify.test_proofs import address, faults

pytestmark = pytest.mark.django_db(transaction=True)

POSTED = "Chaque virement versé est comptabilisé une fois"
LINES = "Un virement est la somme de ses lignes, ou son écart est dit"
CLEARING = "Le compte du prestataire est ce qu’il n’a pas encore versé"


@pytest.fixture
def season(account: ProviderAccount, invoice: Invoice, start: Callable[[Invoice], PaymentAttempt]) -> Payout:
    """One payout arrived and failed, its money left again with a sale made elsewhere; one by hand; one on its way."""
    paid(start(invoice))
    hear(account, told(PayoutStanding.PAID, SALE))
    hear(account, told(PayoutStanding.FAILED, SALE))
    back = moved(117_95, source="po_1", kind=MovementKind.PAYOUT)
    elsewhere = moved(60_00, 1_15, source="ch_2")
    fee = moved(-2_00, source="", kind=MovementKind.FEE)
    second = hear(account, told(PayoutStanding.PAID, back, elsewhere, fee, id="po_2"))
    hear(account, told(PayoutStanding.PAID, minor=10_00, id="po_3", automatic=False))
    hear(account, told(PayoutStanding.PAID, moved(9_00, source="ch_3"), minor=8_99, id="po_4"))
    hear(account, told(PayoutStanding.IN_TRANSIT, minor=7_00, id="po_5"))
    return second


def test_a_season_of_payouts_leaves_provable_books(season: Payout):
    run_until_idle()
    seal_events(now=clock_port.now())

    assert faults(address()) == {}


def spoiled(folder: Path, sql: str) -> str:
    """A copy of the books, without its guards, after `sql`."""
    copy = folder / "spoiled.sqlite3"
    with sqlite3.connect(settings.DATABASES["default"]["NAME"]) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    with sqlite3.connect(copy) as books:
        for (trigger,) in books.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            books.execute(f'DROP TRIGGER "{trigger}"')
        books.execute("PRAGMA ignore_check_constraints = 1")
        books.executescript(sql)
    return str(copy)


def test_a_payout_booked_twice_is_seen(company: Company, season: Payout):
    with transaction.atomic():
        post_entry(
            company_id=company.id,
            journal=Journal.BANK,
            entry_date=ARRIVES,
            piece="po_2",
            piece_date=ARRIVES,
            label="Encore",
            source="payout:00000000-0000-0000-0000-000000000001",
            postings=payout_postings(174_80),
            now=clock_port.now(),
        )

    found = faults(address())
    assert found[POSTED] == ("17480 comptabilisés pour un virement inconnu, 00000000000000000000000000000001",)
    assert CLEARING in found


@pytest.mark.skipif(TEST_ENGINE != "sqlite", reason="the spoiling is done on a copied file")
@pytest.mark.parametrize(
    ("sql", "proof", "words"),
    [
        (
            "UPDATE payments_payout SET state = 'failed' WHERE external_id = 'po_2'",
            POSTED,
            "virement po_2\u00a0: «\u00a0failed\u00a0», 17480 versés, 17480 comptabilisés",
        ),
        (
            "UPDATE payments_payout SET state = 'paid' WHERE external_id = 'po_1'",
            POSTED,
            "virement po_1\u00a0: «\u00a0paid\u00a0», 11795 versés, 0 comptabilisés",
        ),
        (
            "UPDATE payments_payout SET amount_minor = 1 WHERE external_id = 'po_3'",
            POSTED,
            "virement po_3\u00a0: «\u00a0paid\u00a0», 1 versés, 1000 comptabilisés",
        ),
        (
            "UPDATE payments_payout SET gap_minor = 0 WHERE external_id = 'po_4'",
            LINES,
            "virement po_4\u00a0: 899 versés, 900 de lignes, un écart dit de 0",
        ),
        (
            "UPDATE payments_payout SET gap_minor = NULL WHERE external_id = 'po_4'",
            LINES,
            "virement po_4\u00a0: 1 lignes qui n’ont pas été annoncées",
        ),
        (
            "UPDATE payments_payoutline SET booked = TRUE WHERE source_id = 'ch_2'",
            CLEARING,
            "entreprise {company}\u00a0: -6884 chez le prestataire, -999 à son compte",
        ),
        (
            "UPDATE payments_payoutline SET fee_minor = 1 WHERE external_id = 'txn_charge_ch_2'",
            LINES,
            "ligne txn_charge_ch_2\u00a0: 5885 n’est pas son montant moins ses frais",
        ),
    ],
)
def test_what_was_spoiled_is_seen(company: Company, season: Payout, tmp_path: Path, sql: str, proof: str, words: str):
    found = faults(spoiled(tmp_path, sql))

    assert words.format(company=company.id) in found[proof]
