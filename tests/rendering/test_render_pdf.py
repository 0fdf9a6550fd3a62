"""The PDF: valid, complete, literal, the same every time."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pypdf
import pytest

from reglo.rendering.document import Customer, Document, Kind, PriceMode, TransferAccount, Watermark
from reglo.rendering.render import render_pdf
from reglo.rendering.typesetting import CharactersNotShown
from tests.rendering.printed import (
    FIVE,
    LUMINAIRES,
    MADE_AT,
    PAID_BY_CARD,
    PENALTIES,
    RECOVERY,
    document,
    faults_of,
    forty_rows,
    pages_of,
    text_of,
)

INJECTIONS = [
    '#panic("x")',
    "<b>gras</b> <script>alert(1)</script>",
    "$x^2$ *gras* _italique_ `code` @renvoi <étiquette> // commentaire /* */",
    "= Titre",
    "- liste",
    "\\u{1F600} \\ #let x = 1",
    '"; #read("/etc/passwd")',
    "{{ seller.name }} {% now %} ${HOME}",
]

DOCUMENTS = {
    "one line": document(),
    "five lines, two rates, a discount": document(*FIVE),
    "forty lines": document(*forty_rows()),
    "prices with VAT": document(*FIVE, price_mode=PriceMode.GROSS),
    "franchise": document(*FIVE, price_mode=PriceMode.FRANCHISE),
    "specimen": document(number="ESSAI-F2026-0143", watermark=Watermark.SPECIMEN),
    "draft": document(number=None, issue_date=None, watermark=Watermark.DRAFT),
    "duplicate": document(acquittal=PAID_BY_CARD),
    "deposit, partly paid": document(kind=Kind.DEPOSIT, paid_minor=50000),
    "credit note": document(kind=Kind.CREDIT_NOTE),
    "English": document(*FIVE, language="en"),
    "a line of 10,000 letters": document(("x" * 10_000, "1", "", "10", "0", "20")),
    "nothing but what is compulsory": document(
        notes=(), legal_mentions=(), transfer=None, pay_url=None, supplied_on=None, due_date=None
    ),
}


@pytest.mark.parametrize("printed", DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_every_document_is_valid_pdf_a_3b_and_pdf_ua_1(printed: Document) -> None:
    assert faults_of(render_pdf(printed)) == []


def test_a_stream_that_looks_too_short_is_written_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    def compiled(*_: object, pretty: bool) -> bytes:
        return b"plain" if pretty else b"stream\n\x0f>\r\nendstream"

    monkeypatch.setattr("reglo.rendering.typesetting._compile_pdf", compiled)
    assert render_pdf(document()) == b"plain"


def test_many_documents_in_a_row_are_all_valid() -> None:
    files = [render_pdf(document(*FIVE, number=f"F2026-{number:04d}")) for number in range(60)]
    assert [fault for file in files for fault in faults_of(file)] == []


def test_the_same_document_gives_the_same_bytes() -> None:
    assert render_pdf(document(*FIVE)) == render_pdf(document(*FIVE))


def test_another_moment_gives_other_bytes() -> None:
    assert render_pdf(document(made_at=MADE_AT + timedelta(seconds=1))) != render_pdf(document())


def test_title_author_language_and_date_are_those_of_the_document() -> None:
    reader = pypdf.PdfReader(io.BytesIO(render_pdf(document())))
    assert reader.metadata is not None
    assert reader.metadata.title == "Facture F2026-0143 – Atelier Lumen"
    assert reader.metadata.author == "Atelier Lumen"
    assert reader.metadata.creation_date == MADE_AT
    assert str(reader.root_object["/Lang"]) == "fr"


def test_every_amount_and_every_name_is_printed() -> None:
    text = text_of(render_pdf(document(*FIVE)))
    for words in (
        "Facture n° F2026-0143",
        "Date d’émission 15 novembre 2026",
        "Échéance 15 décembre 2026",
        "Date de prestation 12 novembre 2026",
        "Brasserie du Parc SAS 27 avenue Foch 69006 Lyon",
        "Votre SIREN 793 456 782",
        "Votre n° de TVA FR12793456782",
        "Pose de 6 luminaires 6 u 150,00 € 20 % 900,00 €",
        "Suspensions « Aube » verre soufflé 6 u 84,035 € 10 % 20 % 453,79 €",
        "Main-d’œuvre 7,5 h 48,00 € 10 % 360,00 €",
        "Total HT 2 087,12 €",
        "TVA 20 % sur 1 727,12 € 345,42 €",
        "TVA 10 % sur 360,00 € 36,00 €",
        "Total TTC 2 468,54 €",
        "Net à payer 2 468,54 €",
        "SARL au capital de 5 000 € · RCS Lyon 812345678 · SIRET 812 345 678 00012 · TVA FR40812345678",
        PENALTIES,
        RECOVERY,
        "Facture payable en ligne par carte bancaire, via le lien sécurisé reçu par e-mail.",
        "1/1",
    ):
        assert words in text


def test_how_to_pay_gives_number_amount_and_account() -> None:
    text = text_of(render_pdf(document()))
    assert "factures.atelier-lumen.fr/payer" in text
    assert "Indiquez le numéro F2026-0143 et le montant 1 080,00 €." in text
    assert "FR76 3000 6000 0112 3456 7890 189 BIC AGRIFRPP Titulaire Atelier Lumen Référence F2026-0143" in text


def test_what_was_paid_is_deducted_from_what_is_asked() -> None:
    text = text_of(render_pdf(document(paid_minor=50000)))
    assert "Total TTC 1 080,00 € Déjà réglé -500,00 € Net à payer 580,00 €" in text
    assert "et le montant 580,00 €." in text


def test_prices_with_vat_say_so() -> None:
    text = text_of(render_pdf(document(LUMINAIRES, price_mode=PriceMode.GROSS)))
    assert "Prix unitaire TTC TVA Montant TTC" in text
    assert "Total HT 750,00 € TVA 20 % 150,00 € Total TTC 900,00 €" in text


def test_franchise_prints_no_vat_word_but_its_mention() -> None:
    mention = "TVA non applicable, art. L. 223-3 du CIBS"
    seller = document().seller
    franchised = document(
        ("Cours de piano", "3", "h", "40", "0", "0"),
        price_mode=PriceMode.FRANCHISE,
        legal_mentions=(mention,),
        customer=Customer(name="Claire Martin", address=("69006 Lyon",)),
        seller=type(seller)(name="Léa Roy EI", address=("69001 Lyon",), siren="812345678"),
    )
    text = text_of(render_pdf(franchised))
    assert "Cours de piano 3 h 40,00 € 120,00 €" in text
    assert "Total à payer 120,00 €" in text
    assert mention in text
    left = text.replace(mention, "").split()
    assert not {"TVA", "HT", "TTC", "Net", "%"}.intersection(left)


def test_without_discount_there_is_no_discount_column() -> None:
    assert "Remise" in text_of(render_pdf(document(*FIVE)))
    assert "Remise" not in text_of(render_pdf(document()))


def test_a_long_table_repeats_its_header_and_keeps_its_totals_together() -> None:
    pages = pages_of(render_pdf(document(*forty_rows())))
    assert len(pages) == 2
    for number, page in enumerate(pages, start=1):
        assert page.count("Désignation Quantité Prix unitaire HT TVA Montant HT") == 1
        assert f"{number}/2" in page
    assert "Facture F2026-0143 (suite)" in pages[1]
    assert "Total HT" not in pages[0]
    assert "Total HT 4 850,00 €" in pages[1]
    assert "Net à payer" in pages[1]
    order = ["".join(pages).index(f"Intervention n° {i} ") for i in range(1, 41)]
    assert all(before < after for before, after in pairwise(order))


def test_specimen_is_on_every_page() -> None:
    pages = pages_of(render_pdf(document(*forty_rows(), watermark=Watermark.SPECIMEN)))
    assert ["SPÉCIMEN" in page for page in pages] == [True, True]
    assert "SPÉCIMEN" not in text_of(render_pdf(document()))


def test_a_draft_says_so_and_asks_for_no_money() -> None:
    text = text_of(render_pdf(document(number=None, issue_date=None, watermark=Watermark.DRAFT)))
    assert "BROUILLON" in text
    assert "Facture n°" not in text
    assert "IBAN" not in text
    assert "/payer" not in text


def test_a_duplicate_is_the_same_invoice_stamped_and_asks_for_no_money() -> None:
    original, duplicate = (text_of(render_pdf(document(*FIVE, acquittal=paid))) for paid in (None, PAID_BY_CARD))
    assert "Duplicata – Acquittée le 3 décembre 2026 par carte" in duplicate
    assert "Duplicata" not in original
    assert "Net à payer 2 468,54 €" in duplicate
    assert "IBAN" not in duplicate
    assert "/payer" not in duplicate


@pytest.mark.parametrize("kind", [Kind.CREDIT_NOTE, Kind.QUOTE])
def test_a_credit_note_or_a_quote_asks_for_no_money(kind: Kind) -> None:
    text = text_of(render_pdf(document(kind=kind)))
    assert "IBAN" not in text
    assert "/payer" not in text


@pytest.mark.parametrize("text", INJECTIONS)
def test_code_in_a_text_is_printed_as_it_is(text: str) -> None:
    printed = document(
        (text, "1", text[:20], "10", "0", "20"),
        customer=Customer(name=text, address=(text,)),
        number="F2026-0143",
        notes=(text,),
        legal_mentions=(text,),
        purchase_order=text,
        transfer=TransferAccount(iban="FR7630006000011234567890189", holder=text[:70]),
    )
    assert text_of(render_pdf(printed)).count(" ".join(text.split())) >= 5


def test_a_description_of_ten_thousand_characters_is_wholly_printed() -> None:
    words = " ".join(f"mot{i}" for i in range(1400))
    assert len(words) > 9_000
    pages = pages_of(render_pdf(document((words, "1", "", "10", "0", "20"))))
    assert len(pages) > 2
    printed = "".join(pages)
    assert all(f"mot{i}" in printed for i in range(1400))


def test_a_word_without_end_is_broken_not_cut() -> None:
    pdf = render_pdf(document(("x" * 10_000, "1", "", "10", "0", "20")))
    assert sum(page.replace(" ", "").count("x") for page in pages_of(pdf)) >= 10_000


def test_a_description_of_a_hundred_lines_goes_over_the_page() -> None:
    printed = "".join(
        pages_of(render_pdf(document(("\n".join(f"pas {i}." for i in range(100)), "1", "", "1", "0", "20"))))
    )
    assert all(f"pas {i}." in printed for i in range(100))


def test_a_very_long_customer_and_a_million_stay_on_one_page() -> None:
    printed = document(
        ("Rénovation énergétique complète", "1", "forfait", "833333.33", "0", "20"),
        customer=Customer(name="Société coopérative d’intérêt collectif " * 4, address=("12 rue Haute",) * 6),
    )
    pages = pages_of(render_pdf(printed))
    assert len(pages) == 1
    assert "Net à payer 1 000 000,00 €" in pages[0]


@pytest.mark.parametrize(("text", "name"), [("Bravo 😀", "😀 (U+1F600)"), ("sonnette \x07", "U+0007")])
def test_a_character_we_cannot_print_is_named(text: str, name: str) -> None:
    with pytest.raises(CharactersNotShown) as refusal:
        render_pdf(document((text, "1", "", "10", "0", "20")))
    assert name in str(refusal.value)


def test_tabs_and_carriage_returns_of_a_text_area_are_layout() -> None:
    text = text_of(render_pdf(document(("Pose\r\n\tde luminaires", "1", "", "10", "0", "20"))))
    assert "Pose de luminaires" in text


def test_a_period_of_supply_and_a_delivery_address_are_printed() -> None:
    printed = document(
        supplied_on=date(2026, 10, 1),
        supplied_until=date(2026, 10, 31),
        purchase_order="PO-4500",
        delivery_address=("Quai 7", "67100 Strasbourg"),
    )
    text = text_of(render_pdf(printed))
    assert "Date de prestation du 1er au 31 octobre 2026" in text
    assert "Votre commande PO-4500" in text
    assert "Adresse de livraison Quai 7 67100 Strasbourg" in text


def test_other_currencies_are_printed_without_a_transfer_code() -> None:
    text = text_of(render_pdf(document(currency="CHF")))
    assert "Net à payer 1 080,00 CHF" in text
    assert "FR76 3000" in text


def test_threads_print_the_same_bytes() -> None:
    printed = [document(number=f"F2026-{i:04d}") for i in range(12)]
    alone = [render_pdf(one) for one in printed]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(render_pdf, printed)) == alone


def test_a_unit_price_of_four_decimals_is_printed_whole() -> None:
    assert "0,0835 €" in text_of(render_pdf(document(("Vis", "1000", "u", str(Decimal("0.0835")), "0", "20"))))
