import pytest

from reglo.companies.identifiers import (
    BicUnknown,
    IbanUnknown,
    SirenUnknown,
    SiretUnknown,
    VatNumberUnknown,
    read_bic,
    read_iban,
    read_siren,
    read_siret,
    read_vat_number,
    vat_number_of,
)


def test_numbers_are_read_as_people_write_them():
    assert read_siren("732 829 320") == "732829320"
    assert read_siret("732 829 320 00074", siren="732829320") == "73282932000074"
    assert read_iban("fr76 3000 6000 0112 3456 7890 189") == "FR7630006000011234567890189"
    assert read_bic("agrifrpp") == "AGRIFRPP"
    assert read_vat_number("FR 44 732829320") == "FR44732829320"


def test_the_vat_number_follows_from_the_siren():
    assert vat_number_of("732829320") == "FR44732829320"


@pytest.mark.parametrize("text", ["73282932", "732829321", "73282932A", "7328293200", "😀"])
def test_not_a_siren(text: str):
    with pytest.raises(SirenUnknown):
        read_siren(text)


@pytest.mark.parametrize("text", ["732829320", "73282932000075", "55210055400013"])
def test_not_a_siret_of_this_company(text: str):
    with pytest.raises(SiretUnknown):
        read_siret(text, siren="732829320")


@pytest.mark.parametrize("text", ["FR7630006000011234567890188", "FR76", "GB82", "12345"])
def test_not_an_iban(text: str):
    with pytest.raises(IbanUnknown):
        read_iban(text)


@pytest.mark.parametrize("text", ["AGRIFR", "1234FRPP", "AGRIFRPPXX"])
def test_not_a_bic(text: str):
    with pytest.raises(BicUnknown):
        read_bic(text)


@pytest.mark.parametrize("text", ["FR45732829320", "732829320", "XX123"])
def test_not_a_vat_number(text: str):
    with pytest.raises(VatNumberUnknown):
        read_vat_number(text)
