"""Every error of a form, with the field where it can be put right."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.forms import BaseForm


@dataclass(frozen=True, slots=True)
class ErrorLink:
    """`anchor` is the id of the field, and empty, like `label`, for an error of the whole form."""

    text: str
    label: str = ""
    anchor: str = ""


def links_to_errors(form: BaseForm) -> Iterator[ErrorLink]:
    """First the errors of the whole form, then those of each field in the order of the page."""
    for text in form.non_field_errors():
        yield ErrorLink(str(text))
    for field in form:
        for text in field.errors:
            yield ErrorLink(str(text), str(field.label), field.id_for_label or f"{field.auto_id}_0")
