"""The independent reader agrees with sound books, and sees each way of spoiling them."""

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
<<<<<<< ours
from datetime import UTC, datetime
from decimal import Decimal
||||||| base
from datetime import UTC, datetime
=======
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
>>>>>>> theirs
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from reglo.archives.services import close_periods
from reglo.companies.models import Company
from reglo.events.sealing import seal_events
from reglo.files import store
from reglo.invoicing.services import CreditedLine, QuotePart, invoice_quote, issue_invoice
from reglo.invoicing.services import start_series
from reglo.invoicing.states import SeriesKind
from reglo.invoicing.terms import Part
from reglo.verify.books import Books, Row, UnreadableBooks, open_books
from reglo.verify.run import PROOFS, verify
<<<<<<< ours
from tests.factories import (
    accept,
    comment,
    line,
    make_company,
    make_credit,
    make_issued,
    make_quote,
    option,
    section,
    subtotal,
)
||||||| base
from tests.factories import line, make_company, make_credit, make_issued
=======
from tests.factories import line, make_company, make_credit, make_issued, make_opening
>>>>>>> theirs
from tests.settings import TEST_ENGINE

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def address() -> str:
    found = connection.settings_dict
    if TEST_ENGINE == "sqlite":
        return str(found["NAME"])
    return "postgresql://?" + "&".join(
        part.replace("'", "")
        for part in make_conninfo(
            host=found["HOST"], port=found["PORT"], user=found["USER"], password=found["PASSWORD"], dbname=found["NAME"]
        ).split()
    )


def faults(where: str) -> dict[str, tuple[str, ...]]:
    """The proofs that fail, with what they say."""
    with open_books(where, read_file=lambda sha256: store.path_of(sha256).read_bytes()) as books:
        return {verdict.sentence: verdict.faults for verdict in verify(books) if not verdict.holds}


@pytest.fixture
def books(transactional_db: None) -> Company:
    """Two invoices, one with prices including VAT and credited in part, an accepted quote
    invoiced in part, a stored file and sealed events."""
    company = make_company()
    make_issued(company, lines=[line("84.03"), line("10", vat="5.5")], now=NOW)
    start_series(company_id=company.id, kind=SeriesKind.CREDIT_NOTE, first_number=5, reason="suite d’Ancien", now=NOW)
    make_credit(make_issued(company, lines=[line("9.99")], prices_include_vat=True, now=NOW), amount_minor=5_00)
    quote = make_quote(company, lines=[line("100"), option("50")], now=NOW)
    accept(quote, options=[2])
    parts = [QuotePart(1, Decimal(40))]
    part = invoice_quote(company=company, quote_id=quote.pk, parts=parts, now=NOW)
    issue_invoice(company_id=company.pk, invoice_id=part.pk, now=NOW)
    make_opening(company, vat_minor=116_67, vat_rate=Decimal(20))
    make_opening(company, "2026-118")
    store.put(b"%PDF", media_type="application/pdf", now=NOW)
    seal_events(now=NOW)
    close_periods(company_id=company.id, now=NOW + timedelta(days=40))
    return company


def test_sound_books_are_proved(books: Company):
    assert faults(address()) == {}


@pytest.mark.skipif(TEST_ENGINE != "sqlite", reason="PostgreSQL plans by the contents of its tables")
def test_no_proof_reads_a_whole_company_for_each_row(books: Company):
    with open_books(address(), read_file=lambda sha256: store.path_of(sha256).read_bytes()) as found:
        asked: list[str] = []

        def rows(sql: str) -> Iterator[Row]:
            asked.append(sql)
            return found.rows(sql)

        assert all(verdict.holds for verdict in verify(Books(rows=rows, read_file=found.read_file)))
        plans = {sql: [step[3] for step in found.rows(f"EXPLAIN QUERY PLAN {sql}")] for sql in asked}

    assert len(plans) > len(PROOFS)
    assert [step for steps in plans.values() for step in steps if A_COMPANY_FOR_EACH_ROW.search(step)] == []


A_COMPANY_FOR_EACH_ROW = re.compile(r"SEARCH \w+ USING (COVERING )?INDEX \w+ \(company_id=\?\)")


<<<<<<< ours
def test_there_are_thirty_two_proofs():
    assert len(PROOFS) == 32
||||||| base
def test_there_are_twenty_five_proofs():
    assert len(PROOFS) == 25
=======
def test_there_are_thirty_proofs():
    assert len(PROOFS) == 30
>>>>>>> theirs


Spoil = Callable[[sqlite3.Connection], object]


@pytest.mark.skipif(TEST_ENGINE != "sqlite", reason="the spoiling is done on a copied file")
@pytest.mark.parametrize(
    ("sql", "broken"),
    [
        ("UPDATE ledger_entryline SET debit_minor = debit_minor + 1 WHERE rank = 1", "Chaque écriture est équilibrée"),
        (
            "UPDATE ledger_entry SET label = 'autre' WHERE position = 1",
            "Les écritures se suivent et n’ont pas été réécrites",
        ),
        *(
            (sql, "Les écritures se suivent et n’ont pas été réécrites")
            for sql in (
                "UPDATE ledger_entryline SET account_label = 'Apport personnel' WHERE account = '706000'",
                "UPDATE ledger_entryline SET auxiliary_label = 'Une autre cliente' WHERE account = '411000'",
            )
        ),
        (
            "DELETE FROM ledger_entryline WHERE entry_id = (SELECT id FROM ledger_entry WHERE position = 2);"
            "DELETE FROM ledger_entry WHERE position = 2",
            "Les écritures se suivent et n’ont pas été réécrites",
        ),
        (
            "UPDATE invoicing_invoice SET number = 'ESSAI-F2026-0009' WHERE chain_position = 2",
            "Les numéros se suivent, sans trou ni retour en arrière",
        ),
        (
            "UPDATE invoicing_numbersequence SET last_number = 7",
            "Les numéros se suivent, sans trou ni retour en arrière",
        ),
        (
            "UPDATE invoicing_invoice SET issue_date = '2026-11-21' WHERE chain_position = 2",
            "Les numéros se suivent, sans trou ni retour en arrière",
        ),
        (
            "UPDATE invoicing_invoice SET frozen = REPLACE(frozen, 'Claire', 'Clara') WHERE chain_position = 1",
            "Les documents émis n’ont pas été réécrits",
        ),
        (
            "UPDATE invoicing_invoice SET gross_minor = gross_minor + 1 WHERE chain_position = 1",
            "Les totaux des documents sont justes",
        ),
        *(
            (sql, "Les clôtures se suivent, et leurs totaux sont ceux des documents et des paiements")
            for sql in (
                "UPDATE archives_closing SET invoices_minor = invoices_minor + 1 WHERE first_day = '2026-11-22'",
                "UPDATE archives_closing SET perpetual_invoiced_minor = 0 WHERE kind = 'year'",
                "UPDATE archives_closing SET ends_at = '2026-11-22 12:00:00' WHERE first_day = '2026-11-22'",
                "DELETE FROM archives_closing WHERE first_day = '2026-11-22' AND kind = 'day'",
            )
        ),
        (
            "UPDATE invoicing_seriesstart SET first_number = 4",
            "Les numéros se suivent, sans trou ni retour en arrière",
        ),
        *(
            (sql, "Les factures reprises sont restées comme elles sont venues, hors des séries et de la chaîne")
            for sql in (
                "UPDATE invoicing_invoice SET frozen = REPLACE(frozen, 'Halles', 'Belles') WHERE kind = 'opening'",
                "UPDATE ledger_entry SET journal = 'VE' WHERE journal = 'AN'",
                "UPDATE ledger_entryline SET account = '706000' WHERE account = '890000'",
                "DELETE FROM invoicing_settlement WHERE invoice_id ="
                " (SELECT id FROM invoicing_invoice WHERE kind = 'opening');"
                "DELETE FROM invoicing_invoice WHERE kind = 'opening'",
            )
        ),
        (
            "UPDATE ledger_entry SET source = 'invoice:999' WHERE position = 1",
            "Chaque document émis est comptabilisé une fois",
        ),
        ("UPDATE invoicing_settlement SET settled_minor = 1", "Ce qui est réglé est ce qui a été affecté"),
        (
            "UPDATE invoicing_settlement SET pending_minor = 1",
            "Ce qui est en route est ce que les paiements en cours annoncent",
        ),
        ("UPDATE invoicing_settlement SET settled_minor = 1", "Le compte clients est ce qui reste à recevoir"),
        (
            "UPDATE invoicing_invoice SET series = 'ESSAI-F2026-', number = 'ESSAI-F2026-0009' WHERE chain_position = 3",
            "Les numéros se suivent, sans trou ni retour en arrière",
        ),
        (
            "UPDATE invoicing_invoice SET frozen = REPLACE(frozen, '\"net_minor\":832', '\"net_minor\":415')"
            " WHERE chain_position = 2",
            "Les avoirs restent dans leur facture, taux par taux",
        ),
        *(
            (f"UPDATE invoicing_invoice SET {spoilt} WHERE chain_position = 3", broken)
            for broken, spoilt in (
                ("Les avoirs restent dans leur facture, taux par taux", "corrects_id = 1"),
                ("Une facture est annulée quand ses avoirs font son total", "gross_minor = gross_minor + 1"),
                ("Une facture est annulée quand ses avoirs font son total", "vat_on_receipts_minor = 0"),
            )
        ),
        (
            "UPDATE invoicing_invoice SET status = 'credited' WHERE chain_position = 1",
            "Une facture est annulée quand ses avoirs font son total",
        ),
        (
            "UPDATE invoicing_settlement SET credited_minor = credited_minor + 1",
            "Le compte clients est ce qui reste à recevoir",
        ),
        (
            "UPDATE ledger_entryline SET account = '445710' WHERE account = '445740' AND debit_minor > 0",
            "La TVA en attente est celle de ce qui n’est pas encore encaissé",
        ),
        (
            "UPDATE ledger_entryline SET account = '419100' WHERE account = '411000'",
            "Le compte des trop-perçus est ce qui n’est pas affecté",
        ),
        *(
            (sql, "Les devis envoyés n’ont pas été réécrits")
            for sql in (
                "UPDATE invoicing_quoteversion SET frozen = REPLACE(frozen, 'Claire', 'Clara')",
                "UPDATE invoicing_quoteversion SET gross_minor = gross_minor + 1",
                "UPDATE invoicing_quoteline SET amount_minor = amount_minor + 1 WHERE rank = 2",
            )
        ),
        *(
            (sql, "Chaque réponse à un devis porte sur ce qui a été envoyé")
            for sql in (
                "UPDATE invoicing_quotedecision SET version_hash = 'abc'",
                "UPDATE invoicing_quotedecision SET options = '[]'",
                "UPDATE invoicing_quotedecision SET gross_minor = gross_minor - 1",
                "UPDATE invoicing_quote SET status = 'sent'",
                "DELETE FROM invoicing_quotedecision",
            )
        ),
        *(
            (sql, "Rien n’est facturé au-delà du devis accepté")
            for sql in (
                "UPDATE invoicing_quotedecision SET net_minor = 3999",
                "DELETE FROM invoicing_quotedecision",
            )
        ),
        (
            "UPDATE invoicing_quote SET number = 'ESSAI-D2026-0002'",
            "Les numéros se suivent, sans trou ni retour en arrière",
        ),
        ("UPDATE files_storedfile SET size = 3", "Les fichiers gardés sont ceux qui ont été produits"),
        (
            "UPDATE events_event SET kind = 'invoice.settled' WHERE kind = 'invoice.issued'",
            "Les événements n’ont pas été réécrits",
        ),
        (
            "UPDATE events_eventcontent SET content = content || ' '",
            "Le contenu des événements est intact ou effacé",
        ),
    ],
)
def test_spoiled_books_are_seen(books: Company, tmp_path: Path, sql: str, broken: str):
<<<<<<< ours
    assert broken in faults(str(spoiled_copy(tmp_path, sql)))


@pytest.fixture
def discounted(transactional_db: None) -> Company:
    """An invoice with a title, a subtotal and 10 % off, one with an amount off prices including VAT; both credited in
    part, by a line and by an amount."""
    company = make_company()
    lines = [section("Séjour"), line("60"), line("40", vat="10"), subtotal(), comment("Garantie")]
    first = make_issued(company, lines=lines, discount_rate=Decimal(10), now=NOW)
    second = make_issued(company, lines=lines, discount_minor=10_01, prices_include_vat=True, now=NOW)
    for invoice in (first, second):
        make_credit(invoice, lines={2: CreditedLine()})
        make_credit(invoice, amount_minor=10_00)
    make_credit(second)
    return company


def test_sound_discounts_are_proved(discounted: Company):
    assert faults(address()) == {}


@pytest.mark.skipif(TEST_ENGINE != "sqlite", reason="the spoiling is done on a copied file")
@pytest.mark.parametrize(
    ("said", "spoilt"),
    [
        ('"amount_minor":10000', '"amount_minor":9999'),  # the subtotal
        ('"rate":"10"', '"rate":"11"'),
        ('"amount_minor":600,"base', '"amount_minor":601,"base'),
        ('"base_minor":6000', '"base_minor":6001'),
        ('"nature":"","net_minor":0', '"nature":"","net_minor":1'),
    ],
)
def test_a_spoiled_discount_is_seen(discounted: Company, tmp_path: Path, said: str, spoilt: str):
    sql = f"UPDATE invoicing_invoice SET frozen = REPLACE(frozen, '{said}', '{spoilt}') WHERE chain_position = 1"

    found = faults(str(spoiled_copy(tmp_path, sql)))

    assert "Les sous-totaux sont des sommes, et les remises sont réparties selon les taux" in found


@pytest.fixture
def discounted_quote(transactional_db: None) -> Company:
    """A quote with a title, an option that is taken and one that is not, a subtotal and 10 % off, invoiced in two."""
    company = make_company()
    lines = [section("Séjour"), line("60"), option("40"), option("30"), subtotal(), line("50", vat="10", off=5_00)]
    quote = make_quote(company, lines=lines, discount_rate=Decimal(10), now=NOW)
    accept(quote, options=[3])
    for parts in ([QuotePart(2, Decimal(50))], None):
        draft = invoice_quote(company=company, quote_id=quote.pk, parts=parts, now=NOW)
        issue_invoice(company_id=company.pk, invoice_id=draft.pk, now=NOW)
    return company


def test_a_sound_discounted_quote_is_proved(discounted_quote: Company):
    assert faults(address()) == {}


@pytest.mark.skipif(TEST_ENGINE != "sqlite", reason="the spoiling is done on a copied file")
@pytest.mark.parametrize(
    ("sql", "broken"),
    [
        (
            'UPDATE invoicing_quoteversion SET frozen = REPLACE(frozen, \'"amount_minor":6000,"description":""\','
            ' \'"amount_minor":10000,"description":""\')',  # as if the option were in the subtotal
            "Les sous-totaux sont des sommes, et les remises sont réparties selon les taux",
        ),
        (
            """UPDATE invoicing_quoteversion SET frozen = REPLACE(frozen, '"rate":"10"', '"rate":"11"')""",
            "Les sous-totaux sont des sommes, et les remises sont réparties selon les taux",
        ),
        (
            """UPDATE invoicing_quoteversion SET frozen = REPLACE(frozen, '"rate":"10"', '"rate":"11"')""",
            "Chaque réponse à un devis porte sur ce qui a été envoyé",
        ),
        (
            "UPDATE invoicing_quotedecision SET net_minor = net_minor + 1, gross_minor = gross_minor + 1",
            "Chaque réponse à un devis porte sur ce qui a été envoyé",
        ),
        (
            "UPDATE invoicing_quoteline SET amount_minor = 6000 WHERE kind = 'subtotal'",
            "Les devis envoyés n’ont pas été réécrits",
        ),
    ],
)
def test_a_spoiled_discounted_quote_is_seen(discounted_quote: Company, tmp_path: Path, sql: str, broken: str):
    assert broken in faults(str(spoiled_copy(tmp_path, sql)))


def spoiled_copy(tmp_path: Path, sql: str) -> Path:
    copy = tmp_path / "spoiled.sqlite3"
||||||| base
    copy = tmp_path / "spoiled.sqlite3"
=======
    assert broken in faults(str(spoilt_copy(tmp_path, sql)))


@pytest.mark.skipif(TEST_ENGINE != "sqlite", reason="the spoiling is done on a copied file")
@pytest.mark.parametrize("chosen", ["kind = 'invoice'", "terms_kind = 'instalments'"])
def test_another_due_date_than_agreed_is_seen(books: Company, tmp_path: Path, chosen: str):
    cut = (Part(date(2026, 12, 15), Decimal(30)), Part(date(2027, 1, 15)))
    make_issued(books, terms_kind="instalments", instalments=cut, now=NOW)
    assert faults(address()) == {}
    of = f"(SELECT MIN(id) FROM invoicing_invoice WHERE {chosen})"

    copy = spoilt_copy(tmp_path, f"UPDATE invoicing_settlement SET due_date = '2027-03-01' WHERE invoice_id = {of}")

    assert list(faults(str(copy))) == ["Chaque échéance est celle qui a été convenue"]


def spoilt_copy(folder: Path, sql: str) -> Path:
    copy = folder / "spoiled.sqlite3"
>>>>>>> theirs
    with sqlite3.connect(settings.DATABASES["default"]["NAME"]) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    with sqlite3.connect(copy) as spoiled:
        for (trigger,) in spoiled.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            spoiled.execute(f'DROP TRIGGER "{trigger}"')
        spoiled.execute("PRAGMA ignore_check_constraints = 1")
        spoiled.executescript(sql)
    return copy


@pytest.mark.skipif(TEST_ENGINE != "sqlite", reason="erasing is the same SQL on both engines")
def test_erased_content_is_not_broken(books: Company, tmp_path: Path):
    copy = tmp_path / "erased.sqlite3"
    shutil.copy(settings.DATABASES["default"]["NAME"], copy)
    with sqlite3.connect(copy) as erased:
        erased.execute("DELETE FROM events_eventcontent")

    assert "Le contenu des événements est intact ou effacé" not in faults(str(copy))


def test_a_missing_base_is_said(tmp_path: Path):
    with pytest.raises(UnreadableBooks), open_books(str(tmp_path / "none.sqlite3"), read_file=lambda _sha256: b""):
        pass
