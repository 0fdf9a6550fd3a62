"""What `reglo verify` says of spoiled deposits, and that it says nothing of sound ones."""

import sqlite3
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from reglo.companies.models import Company
from reglo.companies.states import Nature
from reglo.ledger.services import map_account
from reglo.ledger.states import AccountRole
from reglo.ports import clock
from tests.factories import line, make_company, make_credit
from tests.invoicing.test_deposits import accepted, again, collect, deposit_of, final_of
from tests.settings import TEST_ENGINE
from tests.verify.test_proofs import faults

pytestmark = pytest.mark.skipif(TEST_ENGINE != "sqlite", reason="the spoiling is done on a copied file")
WITHIN = "Aucun acompte n’est déduit ni crédité au-delà de ce qu’il est, taux par taux"
CITED = "Ce que chaque facture déduit est ce que ses acomptes ont facturé"
ADVANCES = "Le compte des acomptes facturés est ce qui n’est pas encore déduit"
SURPLUS = "Le compte des trop-perçus est ce qui n’est pas affecté"


@pytest.fixture
def books(transactional_db: None) -> Company:
    """A deposit of goods, half paid, deducted by its final invoice; another, paid, a part of which is credited."""
    company = make_company()
    quote = accepted(company, line("1000", nature=Nature.GOODS))
    collect(deposit_of(quote), 180_00)
    final_of(quote)
    overpay(company)
    return company


def overpay(company: Company) -> None:
    deposit = deposit_of(accepted(company))
    collect(deposit, 360_00)
    make_credit(again(deposit), amount_minor=60_00)


@pytest.mark.parametrize(
    ("sql", "broken"),
    [
        ("UPDATE invoicing_deduction SET gross_minor = gross_minor + 1", CITED),
        ("UPDATE invoicing_deduction SET goods_vat_minor = 0", CITED),
        ("DELETE FROM invoicing_deduction", CITED),
        ("UPDATE invoicing_settlement SET deducted_minor = 0", CITED),
        ("UPDATE invoicing_settlement SET delivered_vat_minor = 0", CITED),
        ("UPDATE invoicing_invoice SET has_deductions = 0", CITED),
        ("UPDATE invoicing_invoice SET frozen = REPLACE(frozen, '386', '380') WHERE kind = 'deposit'", WITHIN),
        (
            "UPDATE invoicing_invoice SET frozen = REPLACE(frozen, '\"vat_minor\":6000', '\"vat_minor\":5999')"
            " WHERE kind = 'deposit'",
            WITHIN,
        ),
        (
            "UPDATE ledger_entryline SET account = '419100' WHERE account = '419110'",
            ADVANCES,
        ),
        (
            "UPDATE ledger_entryline SET account = '419110' WHERE account = '419100'",
            SURPLUS,
        ),
    ],
)
def test_spoiled_deposits_are_seen(books: Company, tmp_path: Path, sql: str, broken: str):
    copy = tmp_path / "spoiled.sqlite3"
    with sqlite3.connect(settings.DATABASES["default"]["NAME"]) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    with sqlite3.connect(copy) as spoiled:
        for (trigger,) in spoiled.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            spoiled.execute(f'DROP TRIGGER "{trigger}"')
        spoiled.execute("PRAGMA ignore_check_constraints = 1")
        spoiled.executescript(sql)

    assert broken in faults(str(copy))


def test_sound_deposits_are_proved(books: Company):
    assert faults(str(connection.settings_dict["NAME"])) == {}


def test_one_account_for_deposits_and_surpluses_is_proved_as_their_sum(transactional_db: None):
    company = make_company()
    map_account(
        company_id=company.pk,
        role=AccountRole.DEPOSITS,
        number="419100",
        label="Clients – avances et acomptes reçus",
        effective_date=clock.now().date(),
        now=clock.now(),
    )
    overpay(company)

    assert faults(str(connection.settings_dict["NAME"])) == {}
