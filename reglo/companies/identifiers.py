"""SIREN, SIRET, VAT number, IBAN and BIC: read as people write them, kept without spaces, refused in a sentence."""

from django.utils.translation import gettext_lazy as _
from stdnum import bic, iban
from stdnum.eu import vat
from stdnum.exceptions import ValidationError
from stdnum.fr import siren, siret

from reglo.errors import RegloError


class SirenUnknown(RegloError):
    code = "siren_unknown"
    message = _("Ce numéro n’est pas un SIREN : il a 9 chiffres, que vous trouvez sur votre avis de situation Insee.")


class SiretUnknown(RegloError):
    code = "siret_unknown"
    message = _("Ce numéro n’est pas le SIRET de cette entreprise : 14 chiffres, qui commencent par son SIREN.")


class VatNumberUnknown(RegloError):
    code = "vat_number_unknown"
    message = _("Ce numéro de TVA n’est pas valable. Celui d’une entreprise française commence par FR.")


class IbanUnknown(RegloError):
    code = "iban_unknown"
    message = _(
        "Cet IBAN n’est pas valable : vérifiez-le sur votre RIB. Un IBAN français commence par FR et a 27 caractères."
    )


class BicUnknown(RegloError):
    code = "bic_unknown"
    message = _("Ce BIC n’est pas valable : il a 8 ou 11 caractères, par exemple AGRIFRPP.")


def read_siren(text: str) -> str:
    """The nine digits. Raises SirenUnknown."""
    try:
        return str(siren.validate(text))
    except ValidationError:
        raise SirenUnknown(field="siren") from None


def read_siret(text: str, *, siren: str) -> str:
    """The fourteen digits, of an establishment of this company. Raises SiretUnknown."""
    try:
        number = str(siret.validate(text))
    except ValidationError:
        raise SiretUnknown(field="siret") from None
    if siren and not number.startswith(siren):
        raise SiretUnknown(field="siret")
    return number


def vat_number_of(number: str) -> str:
    """The French VAT number that goes with a valid SIREN: « FR44732829320 »."""
    return f"FR{siren.to_tva(number)}".replace(" ", "")


def read_vat_number(text: str) -> str:
    """A VAT number of the European Union, with its country. Raises VatNumberUnknown."""
    try:
        return str(vat.validate(text))
    except ValidationError:
        raise VatNumberUnknown(field="vat_number") from None


def read_iban(text: str) -> str:
    """Checked by its control digits and the length of its country. Raises IbanUnknown."""
    try:
        # Not by lists of banks, which lag behind the banks.
        return str(iban.validate(text, check_country=False))
    except ValidationError:
        raise IbanUnknown(field="iban") from None


def read_bic(text: str) -> str:
    """Raises BicUnknown."""
    try:
        return str(bic.validate(text))
    except ValidationError:
        raise BicUnknown(field="bic") from None
