"""What becomes of a payment without invoice."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reglo.invoicing.models import Invoice


class AttachForm(forms.Form):
    """One of the invoices that the page lists."""

    invoice = forms.TypedChoiceField(
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une facture."), "invalid_choice": _("Choisissez une facture.")},
    )

    def __init__(self, *args: Any, invoices: Sequence[Invoice], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["invoice"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(invoice.pk, invoice.number or "") for invoice in invoices]


class IgnoreForm(forms.Form):
    reason = forms.CharField(
        label=_("Pourquoi ?"),
        max_length=200,
        help_text=_("Par exemple : vente de la boutique en ligne, facturée ailleurs."),
    )
