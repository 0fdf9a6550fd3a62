"""The QR codes, against the same content encoded from the standard's own list of lines."""

import segno

from reglo.money import Money
from reglo.rendering.document import TransferAccount
from reglo.rendering.payment_codes import address_code, transfer_code

ACCOUNT = TransferAccount(iban="FR7630006000011234567890189", bic="AGRIFRPP", holder="Atelier Lumière & fils")


def modules_of(text: str, *, boost_error: bool = True, encoding: str | None = None) -> str:
    code = segno.make(text, error="m", micro=False, boost_error=boost_error, encoding=encoding)
    return str(code.svg_inline(border=0, omitsize=True, svgclass=None, lineclass=None))


def test_a_transfer_holds_the_lines_of_epc069_12_in_utf_8() -> None:
    lines = [
        "BCD",
        "002",
        "1",
        "SCT",
        "AGRIFRPP",
        "Atelier Lumière & fils",
        ACCOUNT.iban,
        "EUR1240",
        "",
        "",
        "F2026-0143",
    ]
    expected = modules_of("\n".join(lines), boost_error=False, encoding="utf-8")
    assert transfer_code(ACCOUNT, Money(124000, "EUR"), "F2026-0143") == expected


def test_another_amount_is_another_code() -> None:
    one = transfer_code(ACCOUNT, Money(124000, "EUR"), "F2026-0143")
    assert one != transfer_code(ACCOUNT, Money(124001, "EUR"), "F2026-0143")


def test_only_euros_from_one_cent_to_a_billion_fit_the_standard() -> None:
    assert transfer_code(ACCOUNT, Money(1, "EUR"), "F1") is not None
    assert transfer_code(ACCOUNT, Money(99_999_999_999, "EUR"), "F1") is not None
    assert transfer_code(ACCOUNT, Money(100_000_000_000, "EUR"), "F1") is None
    assert transfer_code(ACCOUNT, Money(0, "EUR"), "F1") is None
    assert transfer_code(ACCOUNT, Money(124000, "CHF"), "F1") is None


def test_a_long_holder_is_cut_at_seventy_characters() -> None:
    long = TransferAccount(iban=ACCOUNT.iban, holder="x" * 100)
    cut = TransferAccount(iban=ACCOUNT.iban, holder="x" * 70)
    assert transfer_code(long, Money(100, "EUR"), "F1") == transfer_code(cut, Money(100, "EUR"), "F1")


def test_an_address_is_encoded_as_it_is() -> None:
    assert address_code("https://factures.example.fr/payer") == modules_of("https://factures.example.fr/payer")
