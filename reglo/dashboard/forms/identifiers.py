"""Fields that read an identifier as people type it, and say in a sentence why it is not one."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from reglo.companies.identifiers import read_bic, read_iban, read_siren, read_vat_number
from reglo.companies.logos import clean_logo
from reglo.errors import RegloError


class IdentifierField(forms.CharField):
    """A text read by `read`, which returns what is kept or refuses with a RegloError."""

    def __init__(self, *, read: Callable[[str], str], **options: Any) -> None:
        super().__init__(**{"max_length": 60, **options})
        self.read = read

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        try:
            return self.read(text) if text else ""
        except RegloError as error:
            raise ValidationError(str(error), code=error.code) from error


def siren_field(**options: Any) -> IdentifierField:
    return IdentifierField(read=read_siren, widget=_figures(), **options)


def vat_number_field(**options: Any) -> IdentifierField:
    return IdentifierField(read=read_vat_number, **options)


def iban_field(**options: Any) -> IdentifierField:
    return IdentifierField(read=read_iban, widget=_code(), **options)


def bic_field(**options: Any) -> IdentifierField:
    return IdentifierField(read=read_bic, widget=_code(), **options)


class LogoField(forms.FileField):
    """The uploaded picture as the PNG that is kept (bytes); None when nothing was sent."""

    def clean(self, data: Any, initial: Any = None) -> bytes | None:
        upload = super().clean(data, None)
        if not upload:
            return None
        try:
            return clean_logo(upload.read())
        except RegloError as error:
            raise ValidationError(str(error), code=error.code) from error


def _figures() -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})


def _code() -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"})
