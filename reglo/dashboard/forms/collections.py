"""Money received by hand, and why it is taken back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reglo.dashboard.forms.figures import AmountField
from reglo.payments.states import BY_HAND


class CollectionForm(forms.Form):
    """`payment_id` is drawn with the page, so that a double click records one payment."""

    payment_id = forms.UUIDField(widget=forms.HiddenInput)
    amount = AmountField(label=_("Montant reçu"))
    method = forms.ChoiceField(
        label=_("Moyen de paiement"), choices=[(one.value, one.label) for one in BY_HAND], widget=forms.RadioSelect
    )
    collected_on = forms.DateField(
        label=_("Date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Écrivez une date, par exemple 03/12/2026.")},
    )
    note = forms.CharField(
        label=_("Référence"),
        required=False,
        max_length=200,
        help_text=_("Numéro de chèque, libellé du virement… Pour vous seul."),
    )

    def __init__(self, *args: Any, currency: str, **options: Any) -> None:
        super().__init__(*args, **options)
        amount = self.fields["amount"]
        assert isinstance(amount, AmountField)
        amount.currency = currency


class UndoForm(forms.Form):
    reason = forms.CharField(
        label=_("Pourquoi ?"), max_length=200, help_text=_("Par exemple : chèque rejeté, erreur de saisie.")
    )
