from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from reglo.companies.models import Company, User
from reglo.invoicing.models import Invoice
from reglo.invoicing.services import (
    DraftChangedElsewhere,
    DraftInput,
    DraftRefused,
    LineInput,
    NotADraft,
    create_draft,
    issue_invoice,
    save_draft,
)
from reglo.invoicing.states import LineKind
from tests.factories import line, make_company, make_customer, make_draft, section, subtotal

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
EMPTY = DraftInput(customer=None, lines=[], prices_include_vat=False, due_days=30)


def save(company: Company, invoice: Invoice, draft: DraftInput) -> Invoice:
    return save_draft(company=company, invoice_id=invoice.id, draft=draft, now=NOW)


def refusals(company: Company, **typed: object) -> dict[str, str]:
    invoice = create_draft(company=company, now=NOW)
    with pytest.raises(DraftRefused) as refused:
        save(company, invoice, replace(EMPTY, **typed))
    invoice.refresh_from_db()
    assert (invoice.revision, invoice.lines.count()) == (0, 0)
    return {refusal.field: refusal.message for refusal in refused.value.refusals}


def test_a_half_typed_draft_is_kept(company: Company):
    invoice = save(company, create_draft(company=company, now=NOW), replace(EMPTY, lines=[LineInput("")]))

    assert (invoice.customer, invoice.gross_minor, invoice.revision) == (None, 0, 1)


def test_a_customer_of_another_company_is_a_bug(company: Company, alice: User):
    stranger = make_customer(make_company(owner=alice))
    invoice = create_draft(company=company, now=NOW)

    with pytest.raises(AssertionError):
        save(company, invoice, replace(EMPTY, customer=stranger))

    invoice.refresh_from_db()
    assert invoice.customer is None


def test_totals_and_subject_follow_the_lines(company: Company):
    lines = [line("12.50", quantity="2.5", description="Câblage\nsalon"), line("10", vat="5.5")]

    invoice = save(company, create_draft(company=company, now=NOW), replace(EMPTY, lines=lines))

    assert (invoice.net_minor, invoice.vat_minor, invoice.gross_minor) == (4125, 680, 4805)
    assert invoice.subject == "Câblage"
    assert [item.amount_minor for item in invoice.lines.order_by("rank")] == [3125, 1000]


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        (
            line(quantity="-1"),
            "lines-0-quantity",
            "La quantité ne peut pas être négative. Pour rendre de l’argent, faites un avoir.",
        ),
        (
            line("-1"),
            "lines-0-unit_price",
            "Le prix ne peut pas être négatif. Pour baisser un prix, mettez une remise.",
        ),
        (line(discount="101"), "lines-0-discount_rate", "Indiquez une remise entre 0 et 100 %."),
        (line(off=-1), "lines-0-discount_minor", "Indiquez un montant positif."),
        (line("9.99", off=10_00), "lines-0-discount_minor", "La remise dépasse le montant de la ligne."),
        (section("Pose 😀"), "lines-0-description", "Retirez ce que nous ne savons pas imprimer : 😀 (U+1F600)."),
        (line(vat="19.6"), "lines-0-vat_rate", "Ce taux de TVA n’existe pas à cette date."),
        (
            line(description="x" * 10_000),
            "lines-0-description",
            "Cette désignation est trop longue : 10000 caractères, pour 4000 au plus.",
        ),
        (
            line(description="Pose 😀"),
            "lines-0-description",
            "Retirez ce que nous ne savons pas imprimer : 😀 (U+1F600).",
        ),
    ],
)
def test_absurd_lines_are_refused_at_their_field(company: Company, typed: LineInput, field: str, sentence: str):
    assert refusals(company, lines=[typed]) == {field: sentence}


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"discount_rate": Decimal("100.01")}, "discount_rate", "Indiquez une remise entre 0 et 100 %."),
        ({"discount_minor": -1}, "discount_minor", "Indiquez un montant positif."),
        ({"discount_minor": 100_01}, "discount_minor", "La remise dépasse le total des lignes : réduisez-la."),
        (
            {"discount_rate": Decimal(1), "discount_minor": 1},
            "discount_minor",
            "Donnez la remise en pourcentage ou en montant, pas les deux.",
        ),
    ],
)
def test_an_absurd_discount_is_refused_at_its_field(company: Company, typed: dict[str, Any], field: str, sentence: str):
    assert refusals(company, lines=[line()], **typed) == {field: sentence}


def test_a_discount_of_nothing_is_none(company: Company):
    draft = replace(EMPTY, lines=[line()], discount_rate=Decimal(0), discount_minor=0)

    invoice = save(company, create_draft(company=company, now=NOW), draft)

    assert (invoice.has_discount, invoice.net_minor) == (False, 100_00)


def test_what_is_no_article_keeps_its_text_alone(company: Company):
    typed = replace(line("60"), kind=LineKind.SECTION, description="Séjour")

    invoice = save(company, create_draft(company=company, now=NOW), replace(EMPTY, lines=[typed, line(), subtotal()]))

    assert (invoice.net_minor, invoice.subject) == (100_00, "Pose de luminaires")
    stored = invoice.lines.order_by("rank")
    assert [(one.kind, one.quantity, one.unit_price, one.nature, one.amount_minor) for one in stored] == [
        ("section", 0, 0, "", 0),
        ("article", 1, 100, "services", 100_00),
        ("subtotal", 0, 0, "", 0),
    ]


def test_the_database_refuses_an_amount_on_a_title(company: Company):
    invoice = make_draft(company, lines=[section("Séjour")], now=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        invoice.lines.update(unit_price=Decimal(1))


def test_right_to_left_text_is_named(company: Company):
    found = refusals(company, mention="שלום")

    assert list(found) == ["mention"]
    assert "U+05E9" in found["mention"]


def test_a_million_billion_euros_is_refused(company: Company):
    found = refusals(company, lines=[LineInput("Cathédrale", unit_price=Decimal(10) ** 15, vat_rate=Decimal(20))])

    assert found == {
        "lines": "Ce montant est trop grand : Réglo accepte jusqu’à 10 000 000 000,00. Vérifiez la quantité et le prix."
    }


def test_five_hundred_and_one_lines_are_refused(company: Company):
    assert refusals(company, lines=[line()] * 501) == {"lines": "Une facture compte au plus 500 lignes."}


def test_two_windows_do_not_overwrite_one_another(company: Company):
    invoice = create_draft(company=company, now=NOW)
    save(company, invoice, replace(EMPTY, mention="première", revision=0))

    with pytest.raises(DraftChangedElsewhere):
        save(company, invoice, replace(EMPTY, mention="seconde", revision=0))

    invoice.refresh_from_db()
    assert invoice.mention == "première"


def test_an_issued_invoice_is_not_edited(company: Company):
    draft = make_draft(company, now=NOW)
    issue_invoice(company_id=company.id, invoice_id=draft.id, now=NOW)

    with pytest.raises(NotADraft):
        save(company, draft, EMPTY)

    draft.refresh_from_db()
    assert (draft.gross_minor, draft.lines.count()) == (12000, 1)
