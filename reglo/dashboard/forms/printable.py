"""A character that our fonts cannot show is named where it is typed, so that no document fails later."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from reglo.typefaces import missing_characters, name_character


def printable(text: str) -> None:
    """A form validator. Raises ValidationError."""
    missing = missing_characters(text)
    if missing:
        names = ", ".join(name_character(character) for character in missing[:5])
        raise ValidationError(_("Retirez ce que nous ne savons pas imprimer : %s.") % names, code="unprintable")
