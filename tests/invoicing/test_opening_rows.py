from datetime import date
from decimal import Decimal

import pytest

from reglo.invoicing.opening_rows import OpeningRow, RowProblem, day_typed, minor_typed, read_rows

RATES = [Decimal(20), Decimal(10), Decimal("5.5"), Decimal("2.1"), Decimal(0)]
HEADINGS = "Numéro;Date;Échéance;Client;SIREN;E-mail;Total;Reste;TVA à l’encaissement;Taux de TVA"


def read(*lines: str, headings: str = HEADINGS):
    return read_rows("\ufeff" + "\r\n".join([headings, *lines]), currency="EUR", rates=RATES)


def test_a_line_of_a_french_spreadsheet_is_read():
    found = read("2026-117;03/10/2026;02/11/2026;Café des Halles;552 100 554;a@b.fr;1 200,00 €;700,00;116,67;")

    assert found.problems == ()
    assert found.rows == (
        OpeningRow(
            line=2,
            number="2026-117",
            issue_date=date(2026, 10, 3),
            due_date=date(2026, 11, 2),
            customer_name="Café des Halles",
            total_minor=1200_00,
            remaining_minor=700_00,
            siren="552100554",
            email="a@b.fr",
            vat_minor=116_67,
            vat_rate=Decimal(20),
        ),
    )


def test_columns_come_in_any_order_and_more_are_left_alone():
    found = read(
        "Dupont,F-1,2026-10-03,2026-11-02,12.5,12.5,bleu",
        headings="client,numero,DATE,échéance,Total TTC,Reste à payer,couleur",
    )

    assert [(row.customer_name, row.number, row.remaining_minor) for row in found.rows] == [("Dupont", "F-1", 12_50)]


def test_each_problem_is_told_at_its_line():
    found = read(";31/02/2026;02/11/2026;;;;1 200;abc;;", "", "F-2;03/10/2026;02/11/2026;Dupont;;;10;5;1;")

    assert found.rows == ()
    assert found.problems == (
        RowProblem(2, "Indiquez le numéro de la facture, de 35 caractères au plus."),
        RowProblem(2, "Indiquez le nom du client."),
        RowProblem(2, "Écrivez la date comme 31/12/2026."),
        RowProblem(2, "Écrivez le montant «\u00a0reste\u00a0» comme 1 240,50."),
        RowProblem(4, "Cette TVA n’est celle d’aucun taux sur tout le reste à payer\u00a0: indiquez son taux."),
    )


def test_a_vat_of_a_part_says_its_rate():
    [row] = read("F-2;03/10/2026;02/11/2026;Dupont;;;1 800,00;1 800,00;200,00;20 %").rows

    assert (row.vat_minor, row.vat_rate, row.taxed_minor) == (200_00, Decimal(20), 1200_00)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Le fichier est vide."),
        (HEADINGS, "Le fichier n’a aucune facture sous ses titres."),
        ("Numéro;Date\nF-1;03/10/2026", "Il manque une colonne\u00a0: Échéance, Client, Total, Reste."),
    ],
)
def test_a_file_without_invoices_says_what_it_lacks(text: str, said: str):
    [problem] = read_rows(text, currency="EUR", rates=RATES).problems

    assert problem.message.startswith(said)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("3/10/2026", date(2026, 10, 3)),
        ("03-10-2026", date(2026, 10, 3)),
        ("2026-10-03", date(2026, 10, 3)),
        ("10/2026", None),
        ("2026/10/03", None),
        ("٣/10/2026", None),
    ],
)
def test_days_as_people_type_them(typed: str, day: date | None):
    assert day_typed(typed) == day


@pytest.mark.parametrize(
    ("typed", "minor"),
    [("1 240,5 €", 1240_50), ("1.240,50", 1240_50), ("1,240.50", 1240_50), ("12,345", None), ("1e3", None), ("", None)],
)
def test_amounts_as_people_type_them(typed: str, minor: int | None):
    assert minor_typed(typed, "EUR") == minor
