"""A table copied from a spreadsheet: read whole, or refused with sentences."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reglo.dashboard.pasted_table import PriceColumn, TableRefused, cells_of, lines_of_table
from reglo.invoicing.services import LineInput
from reglo.invoicing.states import LineKind

RATES = [Decimal(20), Decimal(10), Decimal("5.5"), Decimal("2.1"), Decimal(0)]
NET = PriceColumn(rates=RATES, charges_vat=True, prices_include_vat=False)
FRANCHISE = PriceColumn(rates=RATES, charges_vat=False, prices_include_vat=False)


def article(description: str, quantity: str = "1", unit: str = "", price: str = "0", rate: str = "20") -> LineInput:
    return LineInput(
        description, quantity=Decimal(quantity), unit=unit, unit_price=Decimal(price), vat_rate=Decimal(rate)
    )


def sentences(text: str, prices: PriceColumn = NET) -> str:
    with pytest.raises(TableRefused) as refused:
        lines_of_table(text, prices)
    return " / ".join(refused.value.sentences).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "Pose de luminaires\t6\tu\t1 240,50\t20 %\nCâblage\t2,5\th\t48,0835 €\t5,5%\r\n",
            [article("Pose de luminaires", "6", "u", "1240.5"), article("Câblage", "2.5", "h", "48.0835", "5.5")],
        ),
        ("Pose\t\t\t75", [article("Pose", price="75")]),
        ("Pose\t2\t75,00\t10", [article("Pose", "2", price="75", rate="10")]),  # no column of units
        ("Pose\nDépose\n\n", [article("Pose"), article("Dépose")]),
        (
            "Désignation\tQté\tP.U. (HT)\tTVA\tUnité\nPose\t2\t1\u202f200\t20\tj",
            [article("Pose", "2", "j", "1200")],
        ),
        (
            "Séjour\nPose\t1\th\t40",
            [LineInput("Séjour", kind=LineKind.SECTION), article("Pose", "1", "h", "40")],
        ),
        ('"Pose ""Aube""\nverre\tsoufflé"\t3', [article('Pose "Aube"\nverre\tsoufflé', "3")]),
        ('Tube 5"\t3\n"non fermé\t4', [article('Tube 5"', "3"), article('"non fermé', "4")]),
    ],
)
def test_a_table_becomes_lines(text: str, lines: list[LineInput]) -> None:
    assert lines_of_table(text, NET) == lines


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Il n’y a rien à coller"),
        ("Désignation\tQuantité\n", "Il n’y a que des titres de colonnes"),
        ("Désignation\tPoids\tPrix\nPose\t3\t75", "La colonne « Poids » n’est pas comprise."),
        ("Désignation\tPrix\tPU\nPose\t3\t75", "La colonne « PU » est là deux fois."),
        ("Quantité\tPrix\n3\t75", "Il manque la colonne de la désignation."),
        ("Désignation\tPrix TTC\nPose\t75", "La colonne « Prix TTC » n’est pas dans le mode des prix du document"),
        ("Pose\t1\th\t75\t20\t75,00\t90,00", "Ce tableau a 7 colonnes"),
        ("Désignation\tPrix\nPose\t75\t90", "Ligne 2 : « 90 » n’est sous aucune colonne."),
        ("Pose\tbeaucoup\th\t75", "Ligne 1 : « beaucoup » : Écrivez un nombre"),
        ("Pose\t1\th\t75\n\t2\th\t10", "Ligne 2 : il manque la désignation."),
        ("Pose\t1\th\t75\t19,6 %", "Ligne 1 : Ce taux de TVA n’existe pas à cette date."),
        (
            "Pose\t-1\th\t75",
            "Ligne 1 : La quantité ne peut pas être négative. Pour rendre de l’argent, faites un avoir.",
        ),
        ("Pose\t1\th\t-75", "Ligne 1 : Le prix ne peut pas être négatif. Pour baisser un prix, mettez une remise."),
        ("Pose\t1\th\t75,00001", "Ligne 1 : « 75,00001 » : Ce nombre a trop de décimales."),
        ("Pose 💡\t1\th\t75", "Ligne 1 : Retirez ce que nous ne savons pas imprimer : 💡 (U+1F4A1)."),
        (f"Pose\t1\t{'h' * 21}\t75", "a plus de 20 caractères"),
        ("Pose\tx\th\t75\n" * 9, "Et 3 autres du même genre."),
        ("Pose\t1\th\t75\n" * 501, "Une facture compte au plus 500 lignes."),
        ("x" * 300_001, "Ce tableau est trop long"),
    ],
)
def test_what_is_not_understood_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    assert sentence in sentences(text)


def test_under_franchise_there_is_no_vat() -> None:
    assert lines_of_table("Pose\t1\th\t75", FRANCHISE) == [article("Pose", "1", "h", "75", "0")]
    assert "vous êtes en franchise de TVA" in sentences("Pose\t1\th\t75\t20 %", FRANCHISE)


TEXT = st.text(st.sampled_from("abcdé \"\n\t'’-"), min_size=1, max_size=20)
ROWS = st.lists(
    st.tuples(
        TEXT.filter(lambda text: text.strip() and not text.strip().isdigit()),
        st.decimals(0, 99_999, places=4),
        st.sampled_from(["h", "m²", "forfait"]),
        st.decimals(0, 999_999, places=4),
        st.sampled_from(RATES),
    ),
    min_size=1,
    max_size=20,
)


def french(value: Decimal) -> str:
    return f"{value:,.4f}".replace(",", "\u202f").replace(".", ",")


def cell(text: str) -> str:
    """As a spreadsheet copies it."""
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in '"\t\n') else text


@given(ROWS)
def test_what_a_spreadsheet_copies_is_read_back(rows: list[tuple[str, Decimal, str, Decimal, Decimal]]) -> None:
    text = "\r\n".join(
        "\t".join([cell(words), french(quantity), unit, f"{french(price)}\u00a0€", f"{rate}\u00a0%".replace(".", ",")])
        for words, quantity, unit, price, rate in rows
    )

    assert lines_of_table(text, NET) == [
        LineInput(words.strip(), quantity=quantity, unit=unit, unit_price=price, vat_rate=rate)
        for words, quantity, unit, price, rate in rows
    ]


@given(st.text(st.sampled_from('ab1,. -"\t\r\n%€TVAPrixDésignation'), max_size=200))
def test_any_text_is_lines_or_sentences(text: str) -> None:
    try:
        lines = lines_of_table(text, NET)
    except TableRefused as refused:
        told = refused.sentences
    else:
        assert all(line.description and line.quantity >= 0 and line.unit_price >= 0 for line in lines)
        told = tuple(line.description for line in lines)

    assert told


@given(st.text(st.sampled_from('ab"\t\r\n'), max_size=60))
def test_no_letter_is_lost(text: str) -> None:
    assert sum(one.count("a") + one.count("b") for row in cells_of(text) for one in row) == text.count(
        "a"
    ) + text.count("b")
